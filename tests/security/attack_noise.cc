/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE noise
#include "attack.h"
#include "burst.h"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace attack;

namespace {

#ifdef SECUREVOICE_SANITIZE
constexpr int noise_seconds = 60; // the sanitizers make it ten times as slow
constexpr std::size_t burst_blocks = 100;
#else
constexpr int noise_seconds = 15 * 60; // of one part; the four parts are an hour
constexpr std::size_t burst_blocks = 400;
#endif

/*! A receiver of IQ with all that it ever said. */
struct station_on_air {
    receiver r;
    std::vector<std::int16_t> speech;
    std::set<std::string> states;
    std::size_t blocks = 0;   // demodulated
    std::size_t messages = 0; // of the call receiver: play, conceal, mute, finish

    station_on_air(double rate, const std::vector<key_ptr>& keys) : r(options(rate, keys))
    {
        r.on_frame = [this](const soft_frame& f) {
            blocks += f.what == soft_frame::type::block;
        };
        r.on_block = [this](const heard_block&) { ++messages; };
    }
    static receiver_options options(double rate, const std::vector<key_ptr>& keys)
    {
        receiver_options o;
        o.demodulate.sample_rate = rate;
        o.receive = bit_air::holder(keys);
        return o;
    }
    void hear(const std::vector<cfloat>& iq)
    {
        const auto step = std::max<std::size_t>(1, iq.size() / 64);
        for (std::size_t n = 0; n < iq.size(); n += step) {
            r.push(iq.data() + n, std::min(step, iq.size() - n), speech);
            states.insert(state_name(r.status().state));
        }
    }
    void finish()
    {
        r.finish(speech);
        states.insert(state_name(r.status().state));
    }
    /*! No audio and no verdict: the three states that say nothing of a call. */
    void check() const
    {
        BOOST_TEST(speech.empty());
        BOOST_TEST(messages == 0u);
        BOOST_TEST(r.status().heard == 0u);
        BOOST_TEST(r.status().key_name == "");
        for (const auto& state : states)
            BOOST_TEST((state == "idle" || state == "pending" || state == "unreadable"),
                       state);
    }
};

/*! Which quarter of the hour: the program's argument, 0 to 3. */
unsigned part()
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    return suite.argc > 1 ? static_cast<unsigned>(std::stoul(suite.argv[1])) : 0;
}

/*! Sync words, number signs and pilots as they should be; the code bits are drawn. */
std::vector<coded_frame> random_frames(mode m, unsigned first, std::mt19937& rng)
{
    std::vector<coded_frame> frames(1 + burst_blocks);
    for (std::size_t n = 0; n < frames.size(); ++n) {
        auto& frame = frames[n];
        frame.what = n == 0 ? coded_frame::type::start : coded_frame::type::block;
        frame.mode = m.code();
        frame.number = static_cast<std::uint16_t>(n == 0 ? 0 : first + n - 1);
        for (auto& bit : frame.bits)
            bit = static_cast<std::uint8_t>(rng() & 1);
    }
    return frames;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_hour_of_noise_gives_no_audio_and_no_verdict)
{
    const double rate = part() == 0   ? 12000
                        : part() == 1 ? 48000
                        : part() == 2 ? 25000
                                      : 96000;
    station_on_air s(rate, { key_of("alpha", 1), key_of("beta", 2) });
    noise_source noise(1000 + part());
    std::vector<cfloat> second(static_cast<std::size_t>(rate));
    for (int n = 0; n < noise_seconds; ++n) {
        std::fill(second.begin(), second.end(), cfloat{});
        noise.add(second.data(), second.size(), 1);
        s.hear(second);
    }
    s.finish();
    s.check();
    BOOST_TEST(s.states.count("unreadable") == 0u); // noise is not even a signal
}

BOOST_AUTO_TEST_CASE(valid_sync_words_around_random_data_give_no_audio_and_no_verdict)
{
    std::mt19937 rng(4 + part());
    for (const auto& keys :
         { std::vector<key_ptr>{}, std::vector<key_ptr>{ key_of("alpha", 1) } })
        for (const bool from_start : { true, false }) {
            const mode m{ all_codecs[rng() % all_codecs.size()] };
            auto iq = burst_of(random_frames(m, 0, rng));
            if (!from_start)
                iq.erase(iq.begin(), iq.begin() + static_cast<long>(5 * burst_rate));
            // 60 dB-Hz are +23 dB in a symbol.
            iq = on_the_air(iq, 60, 400, rng());
            station_on_air s(burst_rate, keys);
            s.hear(iq);
            s.finish();
            s.check();
            BOOST_TEST(s.blocks + 80 > burst_blocks); // it was tracked all the time
        }
}
