/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "../crypto/helpers.h"
#include "../temporary_folder.h"
#include "core/replay/detail/replay_format.h"
#include "core/replay/replay_memory.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace securevoice::test {

inline salt_value salt_of(std::uint32_t number)
{
    salt_value salt{};
    for (std::size_t n = 0; n < salt.size(); ++n)
        salt[n] = static_cast<std::uint8_t>(0xC1 + 31 * n + (number >> 8 * (n % 4)));
    return salt;
}

inline remembered
knows(std::uint32_t next, std::int64_t late_ms = 0, bool closed = false, bool own = false)
{
    return { next, late_ms, closed, own };
}

inline bool same(const std::optional<remembered>& a, const remembered& b)
{
    return a && a->next == b.next && a->late_ms == b.late_ms && a->closed == b.closed &&
           a->own == b.own;
}

/*! A folder with a memory, a clock that is set by hand, and a key. */
struct station {
    temporary_folder folder;
    double time = static_cast<double>(some_time);
    secret_key key = key_from(5);

    /*! What a program that starts now sees. */
    std::unique_ptr<replay_memory> start() const
    {
        return std::make_unique<replay_memory>(folder.path(), [this] { return time; });
    }
    std::string file() const { return folder / "replay-memory"; }
    std::string octets() const { return octets_of_file(file()); }
    void write(const std::string& octets, mode_t access = 0600) const
    {
        folder.file("replay-memory", octets, access);
    }
};

/*! A station that knows the salts 0 ... count - 1 since some_time, and is 100 s older
 * now: number n has `next` n + 1 and is n ms late. */
inline void fill(station& s, std::uint32_t count)
{
    const auto memory = s.start();
    for (std::uint32_t n = 0; n < count; ++n)
        memory->store(s.key, salt_of(n), knows(n + 1, n));
    s.time += 100;
}

} // namespace securevoice::test
