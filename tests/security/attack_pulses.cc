/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE pulses
#include "attack.h"
#include "burst.h"

#include <boost/test/unit_test.hpp>

using namespace attack;

namespace {

constexpr std::size_t blocks = 40;
constexpr float over_signal = 10; // amplitude: 20 dB
#ifdef SECUREVOICE_SANITIZE       // ten times as slow
constexpr unsigned calls = 1;     // for each jammer
#else
constexpr unsigned calls = 6;
#endif

/*! Symbols [first, first + count) of each block, every `period`. */
struct pulses {
    const char* what;
    std::size_t first, count, period;
};

const pulses jammers[] = {
    { "a quarter of the block, sync words first", 0, 96, block_symbols },
    { "a quarter from an eighth on", 48, 96, block_symbols },
    { "a quarter in the middle", 144, 96, block_symbols },
    { "the last quarter", 288, 96, block_symbols },
    { "a quarter about the sync words", 344, 96, block_symbols },
    { "six symbols about each pilot", 24, 6, data_per_group + 1 },
    { "one symbol, each pilot", 27, 1, data_per_group + 1 },
    { "a fortieth of the block", 200, 10, block_symbols },
};

std::size_t played(const call& sent, const key_ptr& key, const std::vector<cfloat>& air)
{
    receiver_options options;
    options.demodulate.sample_rate = burst_rate;
    options.receive = bit_air::holder({ key });
    receiver r(options);
    std::vector<heard_block> heard;
    r.on_block = [&](const heard_block& b) {
        if (b.what == heard_block::action::play)
            heard.push_back(b);
    };
    std::vector<std::int16_t> speech;
    r.push(air.data(), air.size(), speech);
    r.finish(speech);
    BOOST_TEST(strangers(heard, sent) == 0u);
    return heard.size();
}

} // namespace

/*! Noise 20 dB above the call for a quarter of the time and less, wherever it hurts: from
 * the first symbol of the start frame on. */
BOOST_AUTO_TEST_CASE(pulses_of_a_quarter_of_the_time_do_not_take_a_call)
{
    const auto key = key_of("alpha", 1);
    for (const auto& jammer : jammers) {
        std::size_t heard = 0;
        for (unsigned run = 0; run < calls; ++run) {
            std::mt19937 rng(run);
            const call sent(key,
                            { run % 2 ? codec::c1300 : codec::c3200 },
                            static_cast<std::uint8_t>(run),
                            std::vector<kind>(blocks, kind::secure),
                            rng);
            auto iq = burst_of(sent);
            const auto ramp = first_symbol_of(iq, 1 + blocks);
            auto from_symbol = std::vector<cfloat>(
                iq.begin() + static_cast<std::ptrdiff_t>(ramp), iq.end());
            const std::size_t per_block =
                jammer.period == block_symbols ? 1 : pilots_per_block;
            for (std::size_t b = 0; b <= blocks; ++b)
                for (std::size_t p = 0; p < per_block; ++p) {
                    const auto first =
                        b * block_symbols + jammer.first + p * jammer.period;
                    const auto symbols_there = from_symbol.size() *
                                               static_cast<std::size_t>(symbol_rate) /
                                               static_cast<std::size_t>(burst_rate);
                    if (first + jammer.count < symbols_there)
                        cover_symbols(from_symbol,
                                      first,
                                      jammer.count,
                                      over_signal *
                                          3.2f, // in the bandwidth of the symbol rate
                                      1000 * run + first);
                }
            std::copy(from_symbol.begin(),
                      from_symbol.end(),
                      iq.begin() + static_cast<std::ptrdiff_t>(ramp));
            heard += played(sent, key, on_the_air(iq, 50, 700.0 * run - 1500, run));
        }
        BOOST_TEST(2 * heard > calls * blocks,
                   jammer.what << ": " << heard << " of " << calls * blocks);
        BOOST_TEST_MESSAGE(jammer.what << ": " << heard << " of " << calls * blocks);
    }
}
