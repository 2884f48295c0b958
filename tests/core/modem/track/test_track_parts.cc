/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a tracker is made of: frame_view, mode_finder, track_proof. */

#define BOOST_TEST_MODULE track_parts
#include <boost/test/unit_test.hpp>

#include "../air.h"
#include "core/modem/front/front_end.h"
#include "core/modem/track/mode_finder.h"
#include "core/modem/track/track_proof.h"

#include <cmath>
#include <vector>

using namespace securevoice;

namespace {

constexpr double rate = 48000;
constexpr double cn0_dbhz = 50;
const double noise_power = symbol_rate / std::pow(10, cn0_dbhz / 10);

/* A call in noise as a tracker finds it: samples, and where its start frame is. */
struct received {
    received(std::uint8_t mode_code, std::size_t blocks)
        : kind(waveform_of(mode_code)),
          levels(kind, 1, noise_power),
          history((blocks + 20) * static_cast<std::size_t>(block_samples)),
          view(kind)
    {
        const auto call = air::make_call(mode_code, 0, blocks, rate, 0.1, 1);
        air::path path;
        path.cn0_dbhz = cn0_dbhz;
        add(air::send(call.iq, rate, path));
        start.at = (call.first_symbol - front.seconds(0)) /
                   (front.seconds(1) - front.seconds(0));
        start.spacing = static_cast<double>(receive_samples);
    }
    void add(const std::vector<cfloat>& iq)
    {
        std::vector<cfloat> samples;
        front.push(iq.data(), iq.size(), samples);
        history.append(samples.data(), samples.size());
    }
    void read(std::size_t frame)
    {
        view.read(history,
                  start.ahead(frame),
                  static_cast<double>(history.end()),
                  levels.sum());
    }
    void read(std::size_t frame, const known_symbols& known)
    {
        read(frame);
        view.view_known(known, levels.known_variance(static_cast<float>(levels.noise)));
    }
    /* Block n as it is sent, seen as the one of another mode and number. */
    void read_block(std::size_t n, std::uint8_t mode_code, std::size_t number)
    {
        read(1 + n, known_in_block(mode_code, static_cast<std::uint32_t>(number)));
    }

    waveform kind;
    signal_levels levels;
    front_end front{ rate };
    sample_history history;
    frame_place start;
    frame_view view;
};

constexpr std::uint8_t modes[] = { 0, 5, 8, 13, 16, 21 }; // of all three profiles

void see_number(track_proof& proof, const received& r)
{
    proof.see_number(r.view, false, r.levels.noise, 1, fading_models()[0].rate(), true);
}

} // namespace

BOOST_AUTO_TEST_CASE(known_symbols_of_a_frame_agree)
{
    for (const auto mode_code : modes) {
        received r(mode_code, 3);
        r.read_block(1, mode_code, 1);
        // beside GMSK's pilots stand their neighbours of the other axis: 0.77 to 0.87,
        // by the bits beside them
        const double least = r.kind == waveform::constant ? 0.65 : 0.95;
        BOOST_TEST(r.view.pilot_coherence() > least);
        BOOST_TEST(!r.view.pilots_are_hit());
        r.start.at += 2 * receive_samples; // where no frame begins
        r.read_block(1, mode_code, 1);
        BOOST_TEST(r.view.pilot_coherence() < 0.6); // 0.04 to 0.22
    }
}

BOOST_AUTO_TEST_CASE(symbols_behind_the_end_say_nothing)
{
    received r(0, 3);
    const auto known = known_in_block(0, 0);
    r.read(1, known);
    const std::size_t n = pilot_index(3), last = pilot_index(4);
    BOOST_TEST(r.view.says_something(n));
    BOOST_TEST(r.view.says_something(last));
    const auto place = r.start.ahead(1);
    const double end = place.at + static_cast<double>(n) * place.spacing;
    r.view.read(r.history, place, end, r.levels.sum());
    r.view.view_known(known, 1);
    BOOST_TEST(r.view.says_something(n));
    BOOST_TEST(!r.view.says_something(last));
}

BOOST_AUTO_TEST_CASE(mode_of_each_profile)
{
    for (const auto mode_code : modes) {
        received r(mode_code, 8);
        mode_finder finder(r.kind);
        r.read(0, known_in_start(r.kind));
        finder.begin(r.view, r.levels);
        BOOST_TEST(r.levels.noise < 0.1);
        while (!finder.knows() && !finder.gave_up()) {
            r.read(1 + finder.probed());
            finder.probe(r.view, r.levels);
        }
        BOOST_TEST(finder.knows());
        BOOST_TEST(!finder.guesses());
        BOOST_TEST(finder.mode() == mode_code);
        BOOST_TEST(finder.probed() <= 2u);
        const double off = finder.offset_error(
            r.view, r.history, r.start, static_cast<double>(r.history.end()), r.levels);
        BOOST_TEST(std::abs(off) < 0.3);
    }
}

BOOST_AUTO_TEST_CASE(no_mode_in_noise)
{
    received r(0, 0); // a start frame, and nothing behind it
    r.add(air::noise(static_cast<std::size_t>(rate), 10, 3));
    mode_finder finder(r.kind);
    r.read(0, known_in_start(r.kind));
    finder.begin(r.view, r.levels);
    for (int n = 0; n < 8; ++n) {
        BOOST_TEST(!finder.gave_up());
        r.read(1 + finder.probed());
        finder.probe(r.view, r.levels);
        BOOST_TEST(!finder.knows());
    }
    BOOST_TEST(finder.gave_up());
}

BOOST_AUTO_TEST_CASE(a_signal_that_is_gone_is_lost_after_38_frames)
{
    track_proof proof(waveform::linear);
    for (int n = 0; n < 50; ++n)
        proof.see_presence(15);
    BOOST_TEST(proof.unheard() == 0u);
    std::uint64_t frames = 0;
    for (; !proof.is_lost(); ++frames) {
        BOOST_TEST(proof.hears() == (proof.unheard() < 12));
        proof.see_presence(-3);
    }
    BOOST_TEST(proof.unheard() == 38u);
    BOOST_TEST(frames < 45u); // what was heard fades within 7 frames
    for (int n = 0; n < 3; ++n)
        proof.see_presence(15);
    BOOST_TEST(proof.hears());
    BOOST_TEST(!proof.is_lost());
}

BOOST_AUTO_TEST_CASE(a_wrong_number_is_refuted)
{
    for (const auto mode_code : modes) {
        constexpr std::size_t blocks = 24;
        received r(mode_code, blocks);
        track_proof right(r.kind), wrong(r.kind);
        for (std::size_t n = 0; n < blocks; ++n) {
            r.read_block(n, mode_code, n);
            see_number(right, r);
            r.read_block(n, mode_code, n + 77);
            see_number(wrong, r);
        }
        BOOST_TEST(!right.is_lost());
        BOOST_TEST(wrong.is_lost());
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_mode_is_refuted_by_four_blocks_in_a_row)
{
    for (const auto mode_code : modes) {
        const auto other = static_cast<std::uint8_t>(mode_code ^ 1);
        received r(mode_code, 12);
        track_proof right(r.kind), wrong(r.kind);
        const auto see = [&](std::size_t n, track_proof& proof, std::uint8_t as) {
            r.read_block(n, as, n);
            proof.see_pilots(r.view, as);
        };
        for (std::size_t n = 0; n < 12; ++n)
            see(n, right, mode_code);
        BOOST_TEST(!right.is_lost());
        for (std::size_t n = 0; n < 3; ++n)
            see(n, wrong, other);
        see(3, wrong, mode_code);
        for (std::size_t n = 4; n < 8; ++n) {
            BOOST_TEST(!wrong.is_lost());
            see(n, wrong, other);
        }
        BOOST_TEST(wrong.is_lost());
    }
}
