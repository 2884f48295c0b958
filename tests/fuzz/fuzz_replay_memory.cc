/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/replay/detail/replay_file.h"
#include "core/replay/detail/replay_format.h"
#include "core/replay/replay_memory.h"
#include "crypto/helpers.h"
#include "fuzz_input.h"
#include "memory_file.h"

#include <sodium.h>

#include <algorithm>
#include <cmath>
#include <vector>

/* The file of the replay memory: of any octets, and a good one in which the fuzzer
 * changes some, with or without mending the checks. */

using namespace securevoice;
using fuzz::check;

namespace {

constexpr double now = 1790000000; // s since 1970
constexpr std::int64_t now_ms = 1790000000000;

bool same(const remembered& a, const remembered& b)
{
    return a.next == b.next && a.late_ms == b.late_ms && a.closed == b.closed &&
           a.own == b.own;
}

bool same(const detail::replay_contents& a, const detail::replay_contents& b)
{
    return a.complete_since == b.complete_since && a.turn == b.turn &&
           a.inserted == b.inserted &&
           std::equal(a.records.begin(),
                      a.records.end(),
                      b.records.begin(),
                      b.records.end(),
                      [](const auto& x, const auto& y) {
                          return x.id == y.id && same(x.what, y.what);
                      });
}

remembered read_what(fuzz::input& in)
{
    remembered what;
    const auto flags = in.octet();
    what.closed = flags & 1;
    what.own = flags & 2;
    what.next = flags & 4 ? in.value<std::uint32_t>() : in.octet();
    what.late_ms = flags & 8 ? in.value<std::int64_t>() : in.octet();
    return what;
}

std::vector<std::uint8_t> good_file(fuzz::input& in)
{
    auto contents = detail::replay_contents::begin(now_ms - 1000 * in.octet());
    const unsigned count = in.octet() % 32;
    for (unsigned n = 0; n < count; ++n) {
        detail::replay_record record;
        record.id.fill(in.octet());
        record.what = read_what(in);
        const auto before = contents.find(record.id);
        const auto index = contents.put(record, now_ms);
        const auto after = contents.find(record.id);
        check(after && index < contents.records.size(), "what is put is there");
        check(after->next >= record.what.next && after->late_ms <= record.what.late_ms &&
                  after->closed >= record.what.closed && after->own >= record.what.own,
              "what is put is not forgotten");
        check(!before || (after->next >= before->next && after->closed >= before->closed),
              "what was there is not forgotten");
    }
    const auto octets = encode_replay(contents);
    const auto parsed = detail::parse_replay(octets.data(), octets.size());
    check(parsed.condition == detail::replay_condition::good &&
              same(parsed.contents, contents),
          "a memory that is written is read again");
    return octets;
}

/* The public check of an item, as replay_format.h defines it. */
void mend(std::vector<std::uint8_t>& octets, std::size_t item)
{
    auto* const at = octets.data() + 64 * item;
    crypto_shorthash(
        at + 56, at, 56, reinterpret_cast<const std::uint8_t*>("gr-securevoice/1"));
}

void change(fuzz::input& in, std::vector<std::uint8_t>& octets)
{
    while (in.left() > 0 && !octets.empty()) {
        const auto how = in.octet();
        const auto at = in.below(65536) % octets.size();
        if (how & 1) {
            octets[at] = in.octet();
        } else if (how & 2) {
            octets.resize(at);
        } else {
            const auto value = in.value<std::uint64_t>();
            for (std::size_t n = 0; n < 8 && at / 8 * 8 + n < octets.size(); ++n)
                octets[at / 8 * 8 + n] = static_cast<std::uint8_t>(value >> 8 * n);
        }
        if (how & 4 && (at / 64 + 1) * 64 <= octets.size())
            mend(octets, at / 64);
    }
}

void use(const std::vector<std::uint8_t>& octets, const remembered& what)
{
    using detail::replay_condition;
    const auto parsed = detail::parse_replay(octets.data(), octets.size());
    check(parsed.contents.records.size() <= detail::replay_capacity,
          "there are not more records than the ring has places");

    static const fuzz::memory_folder folder;
    static const auto key = test::key_from(1);
    folder.write("replay-memory", std::string(octets.begin(), octets.end()));
    salt_value salt{};
    {
        replay_memory memory(folder.path(), [] { return now; });
        const bool trusted = parsed.condition == replay_condition::good;
        // The past counts as known only where every octet of the file says so.
        check(trusted || memory.complete_since() >= now,
              "a file that is not whole knows no past");
        check(memory.complete_since() <= now + 5,
              "the memory does not begin in the future");
        check(parsed.condition != replay_condition::damaged || !memory.problem().empty(),
              "damage is told");
        memory.store(key, salt, what);
        const auto found = memory.find(key, salt);
        check(found && found->next >= what.next && found->closed >= what.closed &&
                  found->own >= what.own,
              "what is stored is found");
    }
    replay_memory again(folder.path(), [] { return now; });
    if (parsed.condition == replay_condition::other_version) {
        check(!again.problem().empty(),
              "another program's file is left alone, and that is told");
        return;
    }
    check(again.problem().empty(), "the memory is whole again");
    const auto found = again.find(key, salt);
    check(found && found->next >= what.next && found->closed >= what.closed &&
              found->own >= what.own,
          "what is stored is found by the next program");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    start_crypto();
    fuzz::input in(data, size);
    const bool any = in.octet() == 'a';
    const auto what = read_what(in);
    std::vector<std::uint8_t> octets;
    if (any) {
        const auto text = in.text(detail::replay_file_octets);
        octets.assign(text.begin(), text.end());
    } else {
        octets = good_file(in);
        change(in, octets);
    }
    use(octets, what);
    return 0;
}
