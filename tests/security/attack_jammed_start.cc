/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE jammed_start
#include "attack.h"
#include "burst.h"

#include <boost/test/unit_test.hpp>

using namespace attack;

namespace {

constexpr std::size_t blocks = 60;
#ifdef SECUREVOICE_SANITIZE   // ten times as slow
constexpr unsigned calls = 1; // for each part of the start frame
#else
constexpr unsigned calls = 8;
#endif

/*! From the burst's first sample to the first audio, in seconds, and what was played. */
struct entry {
    double seconds = 1000;
    std::vector<heard_block> played;
};

entry first_audio(const key_ptr& key, const std::vector<cfloat>& air)
{
    receiver_options options;
    options.demodulate.sample_rate = burst_rate;
    options.receive = bit_air::holder({ key });
    receiver r(options);
    entry e;
    std::size_t pushed = 0;
    r.on_block = [&](const heard_block& b) {
        if (b.what != heard_block::action::play)
            return;
        if (e.played.empty())
            e.seconds = static_cast<double>(pushed) / burst_rate - burst_lead;
        e.played.push_back(b);
    };
    std::vector<std::int16_t> speech;
    const auto step = static_cast<std::size_t>(0.02 * burst_rate);
    for (std::size_t n = 0; n < air.size(); n += step) {
        const auto count = std::min(step, air.size() - n);
        pushed = n + count;
        r.push(air.data() + n, count, speech);
    }
    r.finish(speech);
    return e;
}

/*! Which part of the start frame the jammer covers, in symbols. */
struct jammed {
    const char* what;
    std::size_t first;
    std::size_t count;
};

const jammed parts[] = {
    { "all of it", 0, block_symbols },
    { "the known symbols at its front", 0, start_sync_symbols },
    { "the header behind them", start_sync_symbols, block_symbols - start_sync_symbols },
    { "the first half of the header", start_sync_symbols, 160 },
};

} // namespace

/*! Noise 6 dB stronger than the call over the start frame. Late entry is 1.0 s at most
 * without loss (one call in some 200 takes longer, lib/core/chain's tests say); the start
 * frame itself goes by before. */
BOOST_AUTO_TEST_CASE(with_its_start_header_jammed_a_call_is_heard_within_late_entry)
{
    const auto key = key_of("alpha", 1);
    for (const auto& part : parts) {
        unsigned late = 0;
        for (unsigned run = 0; run < calls; ++run) {
            const auto c = all_codecs[run % all_codecs.size()];
            std::mt19937 rng(run);
            const call sent(key,
                            { c },
                            static_cast<std::uint8_t>(run),
                            std::vector<kind>(blocks, kind::secure),
                            rng);
            auto iq = burst_of(sent);
            cover_symbols(iq, part.first, part.count, 2.0f, run);
            const auto e = first_audio(key, on_the_air(iq, 45, 300.0 * run - 900, run));
            BOOST_TEST_CONTEXT(part.what << " jammed, call " << run)
            {
                BOOST_TEST(strangers(e.played, sent) == 0u);
                BOOST_TEST(e.seconds <= 2.0);
                BOOST_TEST(e.played.size() + 25 >= blocks);
            }
            late += e.seconds > 1.0 + block_seconds;
        }
        BOOST_TEST(late <= 1u,
                   part.what << " jammed: " << late << " of " << calls << " took longer");
    }
}
