/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE playout
#include "core/chain/playout.h"

#include "core/chain/receiver_status.h"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace securevoice;

namespace {

/*! A call of one key, as one signal brings it. */
struct brought {
    explicit brought(std::uint32_t by) : track(by) {}

    key_ptr key = std::make_shared<named_key>(named_key{ "alpha", secret_key::random() });
    sending_session sender{
        &key->key, mode{}, 1800000000, std::array<std::uint8_t, 32>{}
    };
    heard_call call{ sender.head(),
                     receiving_session::accept(sender.head(), key->key),
                     key };
    heard_transmission t{ call, { true, true }, false };
    std::uint32_t track;

    soft_frame frame(std::uint32_t number, double time) const
    {
        soft_frame f;
        f.track = track;
        f.number = number;
        f.time = time;
        return f;
    }
};

/*! Writes a letter for each slot that goes out: S secure, F FM, ~ concealed, | finish. */
struct station {
    playout out;
    std::string heard;

    explicit station(bool unannounced_fm = false)
        : out(false, unannounced_fm, replay_options{})
    {
    }

    playout::sink emit()
    {
        return [this](const heard_block& b) {
            heard += b.what == heard_block::action::finish    ? '|'
                     : b.what == heard_block::action::conceal ? '~'
                     : b.what == heard_block::action::mute    ? '-'
                     : b.kind == kind::fm                     ? 'F'
                                                              : 'S';
        };
    }
    playout::result
    secure(brought& b, std::uint32_t number, double time, std::uint8_t signalling = 0)
    {
        opened_slot slot;
        slot.kind = kind::secure;
        slot.text.fill(0x11);
        slot.text[0] = signalling;
        return out.opened(b.t, b.frame(number, time), slot, emit());
    }
    void fm(double time)
    {
        soft_frame f;
        f.what = soft_frame::type::analog;
        f.spoken = 1;
        f.time = time;
        out.analog(f, emit());
    }
    receiver_status status() const
    {
        receiver_status s;
        out.describe(s);
        return s;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_block_is_heard_once_whatever_signal_brings_it)
{
    start_crypto();
    station s;
    brought first(1);
    BOOST_TEST(s.secure(first, 0, 0.08).heard);
    BOOST_TEST(s.heard == "S");
    // The same samples, found by a second tracker: no replay, and not heard again.
    heard_transmission again(first.call, { true, true }, false);
    std::swap(first.t, again);
    BOOST_TEST(!s.secure(first, 0, 0.08).heard);
    BOOST_TEST(s.heard == "S");
    BOOST_TEST(first.t.replayed_count() == 0u);
    // Later it is one.
    BOOST_TEST(!s.secure(first, 0, 4).heard);
    BOOST_TEST(s.heard.find("SS") == std::string::npos);
    BOOST_TEST(first.t.replayed_count() == 1u);
    BOOST_TEST((first.t.why_refused() == freshness::heard_before));
}

BOOST_AUTO_TEST_CASE(one_call_at_a_time_goes_out)
{
    start_crypto();
    station s;
    brought one(1), other(2);
    s.secure(one, 0, 0.08);
    BOOST_TEST(!s.secure(other, 0, 0.10).heard);
    s.secure(one, 1, 0.16);
    BOOST_TEST(s.heard == "SS");
    // After its end the other one has its turn.
    BOOST_TEST(s.secure(one, 2, 0.24, signal_end).over);
    const auto before = s.heard.size();
    BOOST_TEST(s.secure(other, 2, 0.26).heard);
    BOOST_TEST(s.heard.substr(before) == "S");
    BOOST_TEST(!s.secure(other, 3, 0.34).over);
}

BOOST_AUTO_TEST_CASE(what_is_over_is_over_for_every_signal)
{
    start_crypto();
    station s;
    brought b(1);
    s.secure(b, 0, 0.08);
    s.secure(b, 1, 0.16, signal_end);
    const auto before = s.heard;
    heard_transmission again(b.call, { true, true }, false);
    std::swap(b.t, again);
    BOOST_TEST(!s.secure(b, 2, 0.5).heard);
    BOOST_TEST(s.heard == before);
    BOOST_TEST((b.t.why_refused() == freshness::closed));
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_counted)
{
    start_crypto();
    station s;
    brought b(1);
    s.secure(b, 0, 0.08);
    // without a tag that fits
    s.out.refused(b.t, b.frame(1, 0.16), s.emit());
    BOOST_TEST(b.t.refused_count() == 1u);
    BOOST_TEST(s.heard == "S-");
    // END once more is a repetition, speech behind END is not
    s.secure(b, 2, 0.24, signal_end);
    s.secure(b, 3, 0.32, signal_end);
    BOOST_TEST(b.t.refused_count() == 1u);
    s.secure(b, 4, 0.9);
    BOOST_TEST(b.t.refused_count() == 2u);
    BOOST_TEST(s.heard == "S-S|");
}

BOOST_AUTO_TEST_CASE(fm_waits_for_the_floor_or_for_who_announces_it)
{
    start_crypto();
    station s(true);
    brought b(1);
    s.fm(0.08); // control: nobody else is there
    BOOST_TEST(s.heard == "F");
    s.secure(b, 0, 0.16);
    BOOST_TEST(s.heard == "F|S");
    s.fm(0.24);
    BOOST_TEST(s.heard == "F|S");
    BOOST_TEST(s.status().fm_refused == 1u);

    station announced;
    brought c(1);
    announced.secure(c, 0, 0.08);
    announced.secure(c, 1, 0.16, signal_fm_follows | signal_end);
    announced.fm(0.24);
    announced.fm(0.32);
    BOOST_TEST(announced.heard == "SS|FF");
    BOOST_TEST((announced.status().kind == kind::fm));
    announced.out.carrier_lost(announced.emit());
    BOOST_TEST(announced.heard == "SS|FF|");
}

BOOST_AUTO_TEST_CASE(an_earlier_block_satisfies_the_relock_rule_and_is_not_played)
{
    start_crypto();
    for (const bool late : { false, true }) {
        station s;
        brought b(1);
        heard_transmission joined(b.call, {}, false);
        std::swap(b.t, joined);
        opened_slot slot;
        slot.kind = kind::secure;
        if (late)
            s.out.opened_late(b.t, b.frame(7, 0.08), slot);
        BOOST_TEST(s.heard.empty());
        s.secure(b, 8, 0.16);
        BOOST_TEST(s.heard == (late ? "S" : ""), "late " << late << ": " << s.heard);
    }
}

BOOST_AUTO_TEST_CASE(who_hangs_up_ends_what_is_heard)
{
    start_crypto();
    station s;
    brought b(1);
    s.secure(b, 0, 0.08);
    s.out.hang_up(s.emit());
    BOOST_TEST(s.heard == "S|");
    s.out.hang_up(s.emit());
    BOOST_TEST(s.heard == "S|");
}
