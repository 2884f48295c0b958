/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE heard_transmission
#include "core/chain/heard_transmission.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace securevoice;
namespace data = boost::unit_test::data;

namespace {

/*!
 * Feeds one slot per letter and writes one letter per slot that leaves.
 * in:  S secure, C clear, E secure with END, X clear with END, e END without voice, R refused, . missing
 * out: S, C played; ~ concealed; - muted; | finish
 */
std::string run(const std::string& slots, bool started = true, bool secure_only = false)
{
    start_crypto();
    header h;
    const auto key = secret_key::random();
    std::array<std::uint8_t, 32> audio{};
    const sending_session sender(&key, mode{}, 1800000000, audio);
    heard_transmission t(sender.head(),
                         receiving_session::accept(sender.head(), key),
                         "alpha",
                         started,
                         started,
                         secure_only);
    std::string out;
    const auto emit = [&](const heard_block& b) {
        switch (b.what) {
        case heard_block::action::play:
            out += b.kind == kind::secure ? 'S' : 'C';
            break;
        case heard_block::action::conceal:
            out += '~';
            break;
        case heard_block::action::mute:
            out += '-';
            break;
        case heard_block::action::finish:
            out += '|';
            break;
        }
    };
    soft_frame frame;
    for (const char c : slots) {
        opened_slot slot;
        slot.kind = c == 'C' || c == 'X' ? kind::clear : kind::secure;
        slot.text.fill(c == 'e' ? 0 : 0x11);
        slot.text[0] = c == 'E' || c == 'e' || c == 'X' ? signal_end : 0;
        if (c == 'R')
            t.refused(frame, emit);
        else if (c == '.')
            t.missing(frame, emit);
        else
            t.opened(frame, slot, true, emit);
        ++frame.number;
    }
    return out;
}

struct row {
    const char* rule;
    const char* in;
    const char* out;
    bool started;
    bool secure_only;
};

const row table[] = {
    { "a call from its start plays at once", "SSS", "SSS", true, false },
    { "one that was joined plays with the second block", "SSS", "SSS", false, false },
    { "one block alone never plays", "S........", "", false, false },
    { "the second must come within 8 slots", "S.......S", "S~~~~~~~S", false, false },
    { "later is too late", "S........S", "", false, false },
    { "three lost slots need no relock", "SS...SS", "SS~~~SS", true, false },
    { "four do: the block is held", "SS....S", "SS~~~~", true, false },
    { "and played with the second", "SS....SS", "SS~~~~SS", true, false },
    { "clear waits for two checks in four slots", "SSC", "SS", true, false },
    { "and then nothing of it is lost", "SSCC", "SSCC", true, false },
    { "two checks four slots apart", "SSC..C", "SSC~~C", true, false },
    { "five are too far", "SSC...C", "SS----", true, false },
    { "secure withdraws clear", "SSCSC", "SS-S", true, false },
    { "back to secure needs no wait", "SSCCCSS", "SSCCCSS", true, false },
    { "after a long clear part the first secure block is held for one slot",
      "SSCCCCCCSS",
      "SSCCCCCCSS",
      true,
      false },
    { "secure only mutes clear", "SSCCCS", "SS---S", true, true },
    { "refused slots are silent, not concealed", "SSRRS", "SS--S", true, false },
    { "END stops it", "SSE", "SSS|", true, false },
    { "its repetitions are no speech", "SSEee", "SSS|", true, false },
    { "END may be heard in a repetition only", "SS.e", "SS~|", true, false },
    { "nothing plays after END", "SSESS", "SSS|", true, false },
    { "END in clear does not close a call in which secure was heard",
      "SSXXSS",
      "SSCC|SS",
      true,
      false },
    { "but a call that was clear from its start", "CXCC", "CC|", true, false },
    { "a held END without voice is no speech", "......ee", "-|", false, false },
    { "without END it is cut off after a second",
      "SS.............",
      "SS~~~~~~~~~~~~|",
      true,
      false },
    { "and comes back when the signal does",
      "SS..............SS",
      "SS~~~~~~~~~~~~|SS",
      true,
      false },
};

std::ostream& operator<<(std::ostream& o, const row& r) { return o << r.rule; }

} // namespace

BOOST_DATA_TEST_CASE(rules, data::make(table), r)
{
    BOOST_TEST(run(r.in, r.started, r.secure_only) == r.out);
}
