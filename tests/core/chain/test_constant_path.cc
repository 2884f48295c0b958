/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE constant_path

#include "core/chain/call_receiver.h"
#include "core/chain/sealer.h"
#include "core/channel/channel.h"
#include "core/modem/demodulator.h"
#include "core/modem/modulator.h"
#include "core/protocol/bits.h"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace securevoice;

namespace {

constexpr double rate = 48000;

struct result {
    std::size_t right = 0, wrong = 0;
};

/* A call of random voice, from the sealer to the call receiver. */
result call(codec c,
            bool clear,
            std::size_t blocks,
            double cn0,
            double offset,
            double ppm,
            unsigned seed)
{
    std::mt19937 random(seed);
    const auto key =
        std::make_shared<named_key>(named_key{ "test", secret_key::random() });
    sealer_options sealing;
    sealing.key = key;
    sealing.mode = { c, profile::constant };
    sealing.first = clear ? kind::clear : kind::secure;
    sealing.allow_clear = clear;
    sealer seal(sealing);
    modulator modulate(rate);
    std::vector<cfloat> iq(static_cast<std::size_t>(0.3 * rate));
    const auto emit = [&](const coded_frame& f) { modulate.modulate(f, iq); };
    std::vector<voice_field> voices(blocks);
    spoken_block block;
    block.codec = static_cast<std::uint8_t>(c);
    block.flags = spoken_block::start;
    seal.seal(block, emit);
    for (std::size_t n = 0; n < blocks; ++n) {
        for (std::size_t bit = 0; bit < voice_bits(c); ++bit)
            put_bit(voices[n].data(), bit, static_cast<unsigned>(random()));
        block.flags = spoken_block::voice_present;
        if (n + 1 == blocks)
            block.flags |= spoken_block::end;
        block.voice = voices[n];
        seal.seal(block, emit);
    }
    iq.resize(iq.size() + static_cast<std::size_t>(0.3 * rate));

    channel_options through;
    through.sample_rate = rate;
    through.cn0_dbhz = cn0;
    through.offset_hz = offset;
    through.clock_ppm = ppm;
    through.seed = seed;
    channel air(through);
    std::vector<cfloat> received;
    air.process(iq.data(), iq.size(), received);
    air.finish(received);

    demodulator_options options;
    options.sample_rate = rate;
    demodulator demodulate(options);
    call_receiver_options receiving;
    receiving.keys = { key };
    call_receiver receiver(receiving);
    result r;
    const auto take = [&](const soft_frame& f) {
        receiver.receive(f, [&](const heard_block& b) {
            if (b.what != heard_block::action::play)
                return;
            const bool right = b.number < blocks && b.voice == voices[b.number] &&
                               b.kind == (clear ? kind::clear : kind::secure);
            ++(right ? r.right : r.wrong);
        });
    };
    demodulate.push(received.data(), received.size(), take);
    demodulate.finish(take);
    return r;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_rate_goes_through_secure)
{
    for (unsigned c = 0; c < codec_count; ++c) {
        const auto r = call(static_cast<codec>(c), false, 25, 45, 1500, 15, 40 + c);
        BOOST_TEST(r.right == 25u, codec_name(static_cast<codec>(c)));
        BOOST_TEST(r.wrong == 0u);
    }
}

BOOST_AUTO_TEST_CASE(every_rate_goes_through_clear)
{
    for (unsigned c = 0; c < codec_count; ++c) {
        const auto r = call(static_cast<codec>(c), true, 25, 45, -1500, -15, 60 + c);
        // the first one waits for the second check and is not played
        BOOST_TEST(r.right >= 24u, codec_name(static_cast<codec>(c)));
        BOOST_TEST(r.wrong == 0u);
    }
}

/*
 * At most 1 % of the blocks of Codec2 3200 are lost at 38.5 dB-Hz, acquisition included:
 * a receiver that lost more would have at most one of 640 lost once in 80 tries (Poisson,
 * mean 6.4).
 */
BOOST_AUTO_TEST_CASE(loss_at_38_5_dbhz_is_below_one_per_cent)
{
    constexpr std::size_t calls = 4, blocks = 160;
    std::mt19937 random(3);
    std::uniform_real_distribution<double> u(-1, 1);
    std::size_t right = 0, wrong = 0;
    for (unsigned k = 0; k < calls; ++k) {
        const double offset = 2500 * u(random), ppm = 20 * u(random);
        const auto r = call(codec::c3200, false, blocks, 38.5, offset, ppm, 100 + k);
        right += r.right;
        wrong += r.wrong;
    }
    BOOST_TEST_MESSAGE("lost " << calls * blocks - right);
    BOOST_TEST(right + 1 >= calls * blocks);
    BOOST_TEST(wrong == 0u);
}
