/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/replay/replay_memory.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

/*!
 * The replay memory's octets on disk (docs/decisions/0008-replay-memory.md): a header and
 * a ring of records, all of 64 octets, so that none crosses a sector of the disk.
 * Integers are little-endian, unused octets zero.
 *
 * | octets of the header | field                                                  |
 * |----------------------|--------------------------------------------------------|
 * | 0-7                  | "svreplay"                                             |
 * | 8-11                 | version, 1                                             |
 * | 16-23                | complete since, ms since 1970                          |
 * | 24-31                | turn: when the newest half of the ring was begun, same |
 * | 32-39                | how many records were ever inserted                    |
 * | 56-63                | check                                                  |
 *
 * | octets of a record | field                                                      |
 * |--------------------|------------------------------------------------------------|
 * | 0-15               | id                                                         |
 * | 16-23              | sequence number; the place in the ring is it modulo 16384  |
 * | 24-31              | late, ms                                                   |
 * | 32-35              | next                                                       |
 * | 36                 | 1: closed, 2: own, 4: of a key                             |
 * | 56-63              | check                                                      |
 *
 * The check is SipHash-2-4 (Aumasson, Bernstein 2012) of the octets before it under a
 * public key: it notices accidents. Who can write the file can forge it.
 */
namespace securevoice::detail {

constexpr std::size_t replay_item_octets = 64; // header, record
constexpr std::size_t replay_capacity = 16384; // records
constexpr std::size_t replay_file_octets = replay_item_octets * (1 + replay_capacity);

using replay_item = std::array<std::uint8_t, replay_item_octets>;
using replay_id = std::array<std::uint8_t, 16>;

struct replay_record {
    replay_id id{};
    remembered what;
};

/*! The furthest that either knew. */
void merge(remembered& into, const remembered& from);

/*! What is remembered, by a file or by a process. */
struct replay_contents {
    std::int64_t complete_since = 0; // ms since 1970
    std::int64_t turn = 0;           // ms since 1970: see the table
    std::uint64_t inserted = 0;
    std::vector<replay_record> records; // oldest first, replay_capacity at most

    /*! Empty, or with records of unknown order in time. \param now ms since 1970 */
    static replay_contents begin(std::int64_t now,
                                 std::vector<replay_record> records = {});

    std::optional<remembered> find(const replay_id& id) const;
    /*!
     * Merges a record into the one that has its id, or inserts it; the one that was
     * inserted first makes room. Then complete_since is later than the insertion of all
     * that went.
     * \param now ms since 1970 \return its index in `records`
     */
    std::size_t put(const replay_record& record, std::int64_t now);

    std::uint64_t sequence_of(std::size_t index) const
    {
        return inserted - records.size() + index;
    }
};

/*! Where the record of a sequence number is in the file, octets. */
std::size_t replay_offset(std::uint64_t sequence);

replay_item encode_header(const replay_contents& contents);
replay_item encode_record(const replay_record& record, std::uint64_t sequence);
/*! A whole file. */
std::vector<std::uint8_t> encode_replay(const replay_contents& contents);

enum class replay_condition {
    good,
    empty,        // no octets at all: a file that was just made
    damaged,      // contents: what can still be read; only `records` counts
    other_version // the file of another program: no contents
};
struct parsed_replay {
    replay_condition condition = replay_condition::damaged;
    replay_contents contents;
};

/*! How many octets of a file with this header are in use: all, if it is no good
 * header. */
std::size_t replay_octets_in_use(const replay_item& header);

/*! Reads any octets whatever. Those beyond the part that is in use do not count.
 * \param octets null if \p count is 0 */
parsed_replay parse_replay(const std::uint8_t* octets, std::size_t count);

} // namespace securevoice::detail
