/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE zeroize
#include "bit_air.h"
#include "core/chain/transmitter.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace bit_air;

namespace {

/*! A sealer whose frames are kept; words of the test's table:
 * p press, . a block of speech, C of speech captured after the newest clear command, r
 * the last block, captured as the one before it was, a abort. */
struct station {
    explicit station(sealer_options options) : s(std::move(options)) {}

    void operator()(const std::string& records)
    {
        for (const auto what : records) {
            if (what != 'r')
                marked = what == 'C';
            auto block = spoken(random_voice(rng, codec::c1300),
                                what == 'r' ? spoken_block::end : 0,
                                marked ? commands : 0);
            if (what == 'p')
                block = press();
            if (what == 'a')
                block.flags = spoken_block::abort;
            s.seal(block, [this](const coded_frame& f) { out.push_back(f); });
        }
    }
    void command(kind k)
    {
        s.command(k);
        commands += k == kind::clear;
    }
    /*! What left: S start, s and c blocks, e closing word, a abort. */
    std::string left() const
    {
        std::string all;
        for (const auto& f : out)
            all += f.what == coded_frame::type::start     ? 'S'
                   : f.what == coded_frame::type::closing ? 'e'
                   : f.what == coded_frame::type::abort   ? 'a'
                   : f.kind == kind::secure               ? 's'
                                                          : 'c';
        return all;
    }
    /*! The sentence with which something is refused as the keys were wiped. */
    template <typename Function>
    std::string refusal(Function f)
    {
        try {
            f();
        } catch (const keys_wiped& e) {
            return e.what();
        }
        return "not refused";
    }

    sealer s;
    std::vector<coded_frame> out;
    std::uint32_t commands = 0;
    bool marked = false; // the newest block
    std::mt19937 rng{ 1 };
};

const std::string sentence = "the keys were wiped: load them again";

sealer_options sender(const key_ptr& key, bool allow_clear, kind first = kind::secure)
{
    auto o = secure_sender(key, codec::c1300);
    o.allow_clear = allow_clear;
    o.first = first;
    return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(in_mid_call_nothing_follows_but_the_end)
{
    for (const std::string rest : { "....r", ".", "r", "a", "p" }) {
        station st(sender(make_key("alpha"), true));
        st("p...");
        st.s.zeroize();
        BOOST_TEST(!st.s.status().sending);
        BOOST_TEST(st.s.status().zeroized);
        if (rest == "p")
            BOOST_TEST(st.refusal([&] { st(rest); }) == sentence);
        else
            st(rest);
        BOOST_TEST(st.left() == "Ssssa");
    }
}

BOOST_AUTO_TEST_CASE(the_traffic_key_is_gone_for_all_who_share_it)
{
    const auto key = make_key("alpha");
    const auto other = key;
    station st(sender(key, false));
    st("p..");
    st.s.zeroize();
    BOOST_TEST(other->key.wiped());
    BOOST_CHECK_THROW(other->key.data(), std::logic_error);
    BOOST_CHECK_THROW(other->key.fingerprint(), std::logic_error);
    // Somebody else's next transmission with it is refused too, by a sentence.
    const auto shared = make_key("beta");
    station one(sender(shared, false)), two(sender(shared, true));
    one.s.zeroize();
    BOOST_CHECK_THROW(two("p"), std::logic_error);
    BOOST_TEST(two.left() == "");
    two("...r");
    BOOST_TEST(two.left() == "");
}

BOOST_AUTO_TEST_CASE(later_transmissions_are_refused)
{
    station st(sender(make_key("alpha"), true));
    st.s.zeroize();
    for (int over = 0; over < 3; ++over) {
        BOOST_TEST(st.refusal([&] { st("p"); }) == sentence);
        st("...r");
    }
    BOOST_TEST(st.refusal([&] { st.command(kind::secure); }) == sentence);
    BOOST_TEST(st.left() == "");
    BOOST_TEST(st.s.status().secure_blocks + st.s.status().clear_blocks == 0u);
}

BOOST_AUTO_TEST_CASE(no_clear_block_leaves_that_was_not_asked_for_afterwards)
{
    // A station whose calls begin in clear: its next ones do not.
    station first_clear(sender(make_key("alpha"), true, kind::clear));
    first_clear("p...");
    first_clear.s.zeroize();
    first_clear("..r");
    BOOST_TEST(first_clear.refusal([&] { first_clear("p"); }) == sentence);
    first_clear("CCr");
    BOOST_TEST(first_clear.left() == "Sccca");

    // One without key that was allowed to: the same.
    station keyless(sender(nullptr, true, kind::clear));
    keyless("p..");
    keyless.s.zeroize();
    BOOST_TEST(keyless.refusal([&] { keyless("p"); }) == sentence);
    keyless("..r");
    BOOST_TEST(keyless.left() == "Scca");

    // A command that was given before, used or unused.
    for (const bool used : { true, false }) {
        station st(sender(make_key("alpha"), true));
        if (used)
            st("p..");
        st.command(kind::clear);
        if (used)
            st("CCC"); // the first one is secure still, and announces the others
        st.s.zeroize();
        if (used)
            st("CCr");
        BOOST_TEST(st.refusal([&] { st("p"); }) == sentence);
        st("CCr");
        BOOST_TEST(st.left() == (used ? "Sssscca" : ""));
    }
}

BOOST_AUTO_TEST_CASE(clear_has_to_be_allowed_and_asked_for_anew)
{
    station strict(sender(make_key("alpha"), false));
    strict.s.zeroize();
    BOOST_CHECK_THROW(strict.command(kind::clear), std::invalid_argument);
    BOOST_TEST(strict.refusal([&] { strict("p"); }) == sentence);

    const auto octets = secret_key::random();
    auto copy = std::array<std::uint8_t, 32>{};
    std::copy_n(octets.data(), 32, copy.begin());
    auto held = copy;
    const auto key = std::make_shared<named_key>(
        named_key{ "alpha", secret_key::take(copy.data(), copy.size()) });
    station st(sender(key, true));
    st("p..");
    st.s.zeroize();
    st(".r");
    st.command(kind::clear);
    st.out.clear();
    st("p");
    for (int n = 0; n < 12; ++n)
        st("C");
    st("r");
    BOOST_TEST(st.left() == "S" + std::string(15, 'c') + "e");
    // It is a clear call like any other, of no known sender: also for who has the key.
    const auto same = std::make_shared<named_key>(
        named_key{ "alpha", secret_key::take(held.data(), held.size()) });
    call_receiver o(holder({ same }));
    std::vector<heard_block> all;
    for (const auto& f : st.out)
        if (f.what != coded_frame::type::closing)
            o.receive(soft(f), [&](const heard_block& b) { all.push_back(b); });
    const auto heard = played(all);
    BOOST_TEST(heard.size() >= 12u);
    for (const auto& b : heard)
        BOOST_TEST((b.kind == kind::clear));
    // A late word of the speech encoder's that the old call is over does not disturb the
    // command.
    station late(sender(make_key("alpha"), true));
    late("p..");
    late.s.zeroize();
    late.command(kind::clear);
    late("apCr");
    BOOST_TEST(late.left() == "SssaScccce");
    // `clear` ended with its transmission.
    BOOST_TEST(st.refusal([&] { st("p"); }) == sentence);
}

BOOST_AUTO_TEST_CASE(secure_that_cannot_be_had_ends_the_call_in_clear)
{
    station wiped(sender(make_key("alpha"), true));
    wiped.s.zeroize();
    wiped.command(kind::clear);
    wiped("pCC");
    BOOST_TEST(wiped.refusal([&] { wiped.command(kind::secure); }) == sentence);
    wiped("CCCr");
    BOOST_TEST(wiped.left() == "Scca");

    station keyless(sender(nullptr, true, kind::clear));
    keyless("p..");
    BOOST_CHECK_THROW(keyless.command(kind::secure), std::invalid_argument);
    keyless("...r");
    BOOST_TEST(keyless.left() == "Scca");
}

BOOST_AUTO_TEST_CASE(secure_that_cannot_be_had_takes_back_clear_that_waits)
{
    station wiped(sender(make_key("alpha"), true));
    wiped.s.zeroize();
    wiped.command(kind::clear);
    BOOST_TEST(wiped.refusal([&] { wiped.command(kind::secure); }) == sentence);
    BOOST_TEST((wiped.s.wanted() == kind::secure));
    BOOST_TEST(wiped.refusal([&] { wiped("p"); }) == sentence);
    wiped("CCr");
    BOOST_TEST(wiped.left() == "");
    wiped.command(kind::clear); // asked for anew
    wiped("pCCr");
    BOOST_TEST(wiped.left() == "Sccccce");

    station keyless(
        sender(nullptr, true, kind::clear)); // begins in clear, whatever was refused
    BOOST_CHECK_THROW(keyless.command(kind::secure), std::invalid_argument);
    keyless("p.r");
    BOOST_TEST(keyless.left() == "Scccce");
}

BOOST_AUTO_TEST_CASE(clear_after_fm_needs_no_announcement_by_a_key_that_was_wiped)
{
    auto options = sender(make_key("alpha"), true);
    options.allow_fm = true;
    station st(std::move(options));
    st("p..");
    st.s.zeroize();
    st("r");
    st.out.clear();
    const auto speak = [&](std::uint64_t commanded, kind k) {
        auto block = spoken(random_voice(st.rng, codec::c1300),
                            k == kind::fm ? spoken_block::analog : 0);
        block.commanded = commanded;
        block.commanded_kind = k;
        st.s.seal(block, [&](const coded_frame& f) { st.out.push_back(f); });
        return st.s.status().sent;
    };
    st.s.command(kind::fm, 1000);
    auto start = press();
    start.commanded = 1000;
    start.commanded_kind = kind::fm;
    st.s.seal(start, [&](const coded_frame& f) { st.out.push_back(f); });
    BOOST_TEST((speak(1000, kind::fm) == kind::fm));
    st.s.command(kind::clear, 2000);
    BOOST_TEST((speak(1000, kind::fm) == kind::fm));
    speak(2000, kind::clear); // the start frame takes its time
    BOOST_TEST((speak(2000, kind::clear) == kind::clear));
}

BOOST_AUTO_TEST_CASE(twice_is_as_good_as_once)
{
    station st(sender(make_key("alpha"), true));
    st("p.");
    st.s.zeroize();
    st.s.zeroize();
    st("..r");
    BOOST_TEST(st.left() == "Ssa");
    st.command(kind::clear);
    st("pCC");
    st.s.zeroize(); // in a call in clear, too
    st("CCr");
    BOOST_TEST(st.left() == "SsaScca");
}

BOOST_AUTO_TEST_CASE(an_interrupted_call_ends_and_the_next_one_is_as_usual)
{
    station st(sender(make_key("alpha"), true));
    st("p..");
    st.command(kind::clear);
    st("CC"); // the first one announces the second
    st.s.interrupt();
    BOOST_TEST(!st.s.status().sending);
    st("CC.r");
    BOOST_TEST(st.left() == "Ssssca");
    st.out.clear();
    st("p..r");
    BOOST_TEST(st.left() == "Sssssse");
}

BOOST_AUTO_TEST_CASE(a_start_in_mid_call_ends_that_call_first)
{
    station st(sender(make_key("alpha"), false));
    st("p..p.r");
    BOOST_TEST(st.left() == "SssaSsssse");
}

namespace {

struct radio {
    explicit radio(bool allow_clear) : tx(options(allow_clear))
    {
        tx.on_sidetone = [this](const std::int16_t* samples, std::size_t count) {
            earphone.insert(earphone.end(), samples, samples + count);
        };
    }
    static transmitter_options options(bool allow_clear)
    {
        transmitter_options o;
        o.seal = sender(make_key("alpha"), allow_clear);
        return o;
    }
    void speak(std::size_t samples)
    {
        const std::vector<std::int16_t> speech(samples, 1000);
        tx.push(speech.data(), speech.size(), iq);
    }
    transmitter tx;
    std::vector<cfloat> iq;
    std::vector<std::int16_t> earphone;
};

} // namespace

BOOST_AUTO_TEST_CASE(no_sample_leaves_the_transmitter_after_the_filters_tail)
{
    for (const bool in_clear : { false, true }) {
        radio r(true);
        r.tx.press();
        r.speak(10 * samples_per_block);
        if (in_clear)
            r.tx.command(kind::clear);
        r.speak(5 * samples_per_block + 100);
        const auto before = r.iq.size();
        const auto heard = r.earphone.size();
        r.tx.zeroize(r.iq);
        const auto tail = r.iq.size() - before;
        BOOST_TEST(tail > 0u);
        BOOST_TEST(tail <= 480u); // 10 ms: the end of the newest block's pulses
        const auto size = r.iq.size();
        r.speak(20 * samples_per_block);
        r.tx.release(r.iq);
        BOOST_TEST(r.iq.size() == size);
        BOOST_TEST(r.tx.status().zeroized);
        r.tx.press();
        BOOST_CHECK_THROW(r.speak(samples_per_block), keys_wiped);
        r.speak(5 * samples_per_block);
        r.tx.release(r.iq);
        BOOST_TEST(r.iq.size() == size);
        BOOST_TEST(r.earphone.size() == heard);
    }
}

BOOST_AUTO_TEST_CASE(speech_from_before_is_not_sent_afterwards)
{
    speech_encoder t(codec::c3200);
    std::vector<spoken_block> out;
    const auto keep = [&](const spoken_block& b) { out.push_back(b); };
    std::vector<std::int16_t> before(samples_per_block + 300), after(samples_per_block);
    std::mt19937 rng(3);
    for (auto* speech : { &before, &after })
        for (auto& x : *speech)
            x = static_cast<std::int16_t>(static_cast<int>(rng() % 20000) - 10000);
    t.press();
    t.push(before.data(), before.size(), keep);
    t.abort(keep);
    BOOST_TEST((out.back().flags == spoken_block::abort));
    const voice_field empty{};
    BOOST_TEST((out.back().voice == empty));
    BOOST_TEST(!t.pressed());
    const auto size = out.size();
    t.push(after.data(), after.size(), keep);
    t.release(keep);
    BOOST_TEST(out.size() == size);
    t.press();
    t.push(after.data(), after.size(), keep);
    BOOST_REQUIRE(out.size() == size + 2);
    vocoder_encoder alone(codec::c3200);
    BOOST_TEST((out.back().voice == alone.encode(after.data())));
}
