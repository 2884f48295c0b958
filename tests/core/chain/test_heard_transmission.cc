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
 * in:  S secure, C clear of the group, U clear of anybody, E secure with END, X clear of
 * the group with END, Y clear of anybody
 *      with END, e END without voice, A secure that announces clear, P secure but
 *      replayed, D secure but delayed, R refused, . missing
 * out: S, C played; ~ concealed; - muted; | finish
 */
std::string run(const std::string& slots, bool started = true, bool secure_only = false)
{
    start_crypto();
    header h;
    const auto key = secret_key::random();
    std::array<std::uint8_t, 32> audio{};
    const sending_session sender(&key, mode{}, 1800000000, audio);
    heard_call call(
        sender.head(), receiving_session::accept(sender.head(), key), nullptr);
    heard_transmission t(call, { started, started }, secure_only);
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
        const auto is = [c](const char* letters) {
            return std::string(letters).find(c) != std::string::npos;
        };
        slot.kind = is("CUXY") ? kind::clear : kind::secure;
        slot.ours = is("CX");
        slot.text.fill(c == 'e' ? 0 : 0x11);
        slot.text[0] = is("EeXY") ? signal_end : is("A") ? signal_clear_follows : 0;
        if (c == 'R')
            t.refused(frame, emit);
        else if (c == '.')
            t.missing(frame, emit);
        else
            t.opened(frame,
                     slot,
                     c == 'P'   ? freshness::heard_before
                     : c == 'D' ? freshness::late
                                : freshness::fresh,
                     true,
                     emit);
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
    { "clear that may not be heard gives up nothing that is held",
      "SS.....SUSS",
      "SS~~~~~S-SS",
      true,
      false },
    { "nor does clear of the group before its third octet",
      "SS....SCSS",
      "SS~~~~S-SS",
      true,
      false },
    { "nor many of them", "SS....SUUUUUUS", "SS~~~~S------S", true, false },
    { "clear that may be heard does", "SS....ACCCSS", "SS~~~~-CCCSS", true, false },
    { "also where nothing was heard before", "SCCCC", "-CCCC", false, false },
    { "what is held waits for 8 slots, whatever comes between",
      "SS....SUUUUUUUUS",
      "SS~~~~---------",
      true,
      false },
    { "clear waits for two checks in four slots", "SAC", "SS", true, false },
    { "and then nothing of it is lost", "SACC", "SSCC", true, false },
    { "two checks four slots apart", "SAC..C", "SSC~~C", true, false },
    { "five are too far", "SAC...C", "SS----", true, false },
    { "unannounced clear in a live secure call waits for three keyed octets",
      "SSCC",
      "SS",
      true,
      false },
    { "and then nothing of it is lost either", "SSCCC", "SSCCC", true, false },
    { "clear of anybody stays muted in a live secure call",
      "SSUUUUUSS",
      "SS-----SS",
      true,
      false },
    { "until nothing secure was heard for a second",
      "SSUUUUUUUUUUUUUUU",
      "SS--------CCCCCCC",
      true,
      false },
    { "one keyed octet of four may be wrong", "SSCUCC", "SSCCCC", true, false },
    { "secure withdraws clear", "SACSC", "SS-S", true, false },
    { "back to secure needs no wait", "SACCCSS", "SSCCCSS", true, false },
    { "after a long clear part the first secure block is held for one slot",
      "SACCCCCCSS",
      "SSCCCCCCSS",
      true,
      false },
    { "a replayed block is silent and takes nothing away",
      "SSPSS",
      "SS-SS",
      true,
      false },
    { "a replayed call is never heard", "PPPPPPPP", "", true, false },
    { "nor a delayed one", "DDDDDDDD", "", true, false },
    { "a replayed block does not stand for the first of two",
      "PPS....",
      "",
      false,
      false },
    { "secure only mutes clear", "SACCCS", "SS---S", true, true },
    { "refused slots are silent, not concealed", "SSRRS", "SS--S", true, false },
    { "END stops it", "SSE", "SSS|", true, false },
    { "its repetitions are no speech", "SSEee", "SSS|", true, false },
    { "END may be heard in a repetition only", "SS.e", "SS~|", true, false },
    { "nothing plays after END", "SSESS", "SSS|", true, false },
    { "END in clear does not close a call in which secure was heard",
      "SAXXSS",
      "SSCC|SS",
      true,
      false },
    { "but a call that was clear from its start", "CCCXCC", "CCCC|", true, false },
    { "if a holder of the key said it", "UYUU", "CC|CC", true, false },
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
