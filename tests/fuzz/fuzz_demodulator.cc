/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/dual_demodulator.h"
#include "core/modem/modulator.h"
#include "watched_receiver.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

/*
 * Any IQ samples, in any chunks, at several sample rates, to the demodulator, with and
 * without the FM receiver beside it, and what follows it: noise, values that are no
 * numbers, parts of a valid call cut out, repeated, turned and buried, FM carriers.
 */

using namespace fuzz;

namespace {

constexpr std::array<double, 10> rates{ 12000, 16000,  19200, 22050.5, 48000,
                                        96000, 250000, 1e6,   2.4e6,   20e6 };
constexpr double most_seconds = 1.2;
constexpr std::size_t most_samples = 40000;
constexpr float pi = 3.14159265f;

const key_ptr& ours()
{
    static const auto key = fixed_key("ours", 1);
    return key;
}

const fixed_call& the_call()
{
    static const auto call = make_fixed_call(&ours()->key,
                                             { codec::c1300, profile::narrow },
                                             std::vector<kind>(10, kind::secure),
                                             3);
    return call;
}

const std::vector<cfloat>& burst(double rate)
{
    static std::map<double, std::vector<cfloat>> made;
    auto& iq = made[rate];
    if (iq.empty()) {
        modulator m(rate);
        for (const auto& f : the_call().frames)
            m.modulate(f, iq);
        coded_frame closing;
        closing.what = coded_frame::type::closing;
        closing.number = static_cast<std::uint16_t>(the_call().frames.size() - 1);
        m.modulate(closing, iq);
    }
    return iq;
}

/* Samples of the fuzzer's making. */
std::vector<cfloat> read_signal(input& in, double rate)
{
    const auto most =
        std::min(most_samples, static_cast<std::size_t>(most_seconds * rate));
    const auto unit = static_cast<std::size_t>(rate / 1000); // 1 ms
    std::vector<cfloat> iq;
    while (in.left() > 0 && iq.size() < most) {
        const auto op = in.octet();
        const auto room = most - iq.size();
        switch (op % 8) {
        case 0: // silence
            iq.resize(iq.size() + std::min(room, unit * in.octet()));
            break;
        case 1: { // one value
            const cfloat x{ in.value<float>(), in.value<float>() };
            iq.resize(iq.size() + std::min(room, unit * (op / 8u) + in.octet()), x);
            break;
        }
        case 2: { // noise
            std::minstd_rand random(1 + in.octet());
            const auto strength = std::ldexp(1.0f, in.octet() % 32 - 20);
            const auto count = std::min(room, unit * in.octet());
            for (std::size_t n = 0; n < count; ++n) {
                const auto re = static_cast<float>(random() % 2001) - 1000;
                const auto im = static_cast<float>(random() % 2001) - 1000;
                iq.emplace_back(strength * re, strength * im);
            }
            break;
        }
        case 3: { // samples as they stand
            const std::size_t count = in.octet();
            for (std::size_t n = 0; n < count && iq.size() < most; ++n) {
                const auto re = static_cast<float>(static_cast<std::int8_t>(in.octet()));
                const auto im = static_cast<float>(static_cast<std::int8_t>(in.octet()));
                iq.emplace_back(re / 32, im / 32);
            }
            break;
        }
        case 4: { // a part of the call
            if (rate > 48000)
                break;
            const auto& sent = burst(rate);
            const auto from = std::min(unit * 8 * in.octet(), sent.size());
            const auto count =
                std::min({ room, unit * 8 * (1 + in.octet()), sent.size() - from });
            const bool plain = op & 8;
            const auto gain = plain ? 1.0f : std::ldexp(1.0f, in.octet() % 40 - 20);
            const auto hz = plain ? 0.0f : 25.0f * static_cast<std::int8_t>(in.octet());
            for (std::size_t n = 0; n < count; ++n)
                iq.push_back(sent[from + n] *
                             std::polar(gain,
                                        2 * pi *
                                            std::fmod(hz * static_cast<float>(n) /
                                                          static_cast<float>(rate),
                                                      1.0f)));
            break;
        }
        case 5: { // an FM carrier, its voice is noise
            const auto count = std::min(room, unit * 8 * (1 + in.octet()));
            const auto loudest = 0.02f * static_cast<float>(in.octet());
            const auto gain = std::ldexp(1.0f, in.octet() % 40 - 20);
            std::minstd_rand random(1 + in.octet());
            float khz = 0, turns = 0;
            for (std::size_t n = 0; n < count; ++n) {
                if (n % (unit / 8 + 1) == 0)
                    khz += 0.3f *
                           (loudest * (static_cast<float>(random() % 2001) / 1000 - 1) -
                            khz);
                turns = std::fmod(turns + khz / static_cast<float>(unit), 1.0f);
                iq.push_back(std::polar(gain, 2 * pi * turns));
            }
            break;
        }
        case 6: { // specks on what there is
            static const float specks[] = { std::numeric_limits<float>::quiet_NaN(),
                                            std::numeric_limits<float>::infinity(),
                                            -std::numeric_limits<float>::infinity(),
                                            0.0f,
                                            1e30f,
                                            1e-42f,
                                            1e6f,
                                            -3e5f };
            const auto x = specks[op / 8 % 8];
            const auto step = 1 + in.below(65536);
            for (std::size_t n = in.below(65536); n < iq.size(); n += step)
                iq[n] = op & 64 ? cfloat{ x, iq[n].imag() } : cfloat{ iq[n].real(), x };
            break;
        }
        case 7: { // the same once more, on top
            const auto shift = in.below(65536);
            const auto gain =
                static_cast<float>(static_cast<std::int8_t>(in.octet())) / 64;
            for (std::size_t n = iq.size(); n-- > shift;)
                iq[n] += gain * iq[n - shift];
            break;
        }
        }
    }
    return iq;
}

std::vector<soft_frame> demodulate(const demodulator_options& options,
                                   const analog_options& analog,
                                   const std::vector<cfloat>& iq,
                                   const std::vector<std::size_t>& chunks)
{
    std::vector<soft_frame> frames;
    dual_demodulator d(options, analog);
    const auto keep = [&](const soft_frame& f) { frames.push_back(f); };
    std::size_t at = 0;
    for (std::size_t n = 0; at < iq.size(); ++n) {
        const auto count = std::min(iq.size() - at, chunks[n % chunks.size()]);
        d.push(iq.data() + at, count, keep);
        at += count;
    }
    d.finish(keep);
    for (const auto& x : d.constellation())
        check(std::isfinite(x.real()) && std::isfinite(x.imag()),
              "the constellation is finite");
    return frames;
}

void check_frames(const std::vector<soft_frame>& frames, double seconds)
{
    std::map<std::uint32_t, const soft_frame*> newest; // of each track
    double fm_at = -1;
    for (const auto& f : frames) {
        if (f.what == soft_frame::type::analog ||
            f.what == soft_frame::type::carrier_lost) {
            check(f.time > fm_at && f.time < seconds + 1,
                  "FM has its time, and its order");
            check(std::isfinite(f.cn0_dbhz) && std::isfinite(f.offset_hz),
                  "estimates are finite");
            fm_at = f.time;
            continue;
        }
        auto& before = newest[f.track];
        check(!before || before->what != soft_frame::type::lost_track,
              "nothing comes from a track that is lost");
        check(std::isfinite(f.time) && f.time > -1 && f.time < seconds + 1,
              "a frame has its time in the signal");
        if (f.what != soft_frame::type::lost_track) {
            check(f.mode < 56, "a mode has a profile and a codec");
            check(f.number < max_blocks, "a number is below 65535");
            check(std::isfinite(f.cn0_dbhz) && std::isfinite(f.offset_hz),
                  "estimates are finite");
            check(f.sync_quality >= 0 && f.sync_quality <= 1.001f, "a share is 0 to 1");
            check(std::all_of(f.llr.begin(),
                              f.llr.end(),
                              [](float x) { return std::isfinite(x); }),
                  "soft bits are finite");
            if (before) {
                check(f.time > before->time, "frames of a track come in their order");
                if (f.what == soft_frame::type::block &&
                    before->what == soft_frame::type::block)
                    check(f.number == (before->number + 1u) % max_blocks,
                          "numbers of a track go up by one");
            }
        }
        before = &f;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    input in(data, size);
    demodulator_options options;
    options.sample_rate = rates[in.octet() % rates.size()];
    const auto shape = in.octet();
    options.max_offset_hz = std::array<double, 3>{ 3000, 0, 700 }[shape / 2 % 3];
    std::vector<std::size_t> chunks(1 + shape / 8 % 4);
    for (auto& p : chunks)
        p = 1 + in.below(5000);
    const auto iq = read_signal(in, options.sample_rate);

    analog_options analog;
    analog.follow = !(shape & 32);
    const auto frames = demodulate(options, analog, iq, chunks);
    check_frames(frames, static_cast<double>(iq.size()) / options.sample_rate);
    if (shape & 1) {
        const auto whole =
            demodulate(options, analog, iq, { std::max<std::size_t>(1, iq.size()) });
        check(
            whole.size() == frames.size() &&
                (frames.empty() || std::memcmp(whole.data(),
                                               frames.data(),
                                               frames.size() * sizeof(soft_frame)) == 0),
            "any chunks give the same frames");
    }
    call_receiver_options receiving;
    receiving.keys = { ours() };
    watched_receiver receiver(receiving, true, { &the_call() });
    for (const auto& f : frames)
        receiver.receive(f);
    return 0;
}
