/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench/simulated_call.h"

#include "core/chain/sealer.h"
#include "core/channel/channel.h"
#include "core/modem/modulator.h"

#include <cmath>
#include <memory>

namespace securevoice::apps {

namespace {
constexpr double max_clock_ppm = 50;
} // namespace

double draws::between(double low, double high)
{
    return low + (high - low) * std::ldexp(static_cast<double>(bits() >> 11), -53);
}

key_ptr random_key()
{
    return std::make_shared<named_key>(named_key{ "bench", secret_key::random() });
}

voice_field random_voice(draws& random, codec c)
{
    voice_field voice{};
    for (std::size_t n = 0; n < voice_bits(c); n += 8)
        voice[n / 8] = static_cast<std::uint8_t>(random.bits());
    if (voice_bits(c) % 8 != 0)
        voice[voice_bits(c) / 8] &=
            static_cast<std::uint8_t>(0xff00 >> voice_bits(c) % 8);
    return voice;
}

iq_samples send_call(const mode& m,
                     double sample_rate,
                     const key_ptr& key,
                     const std::vector<voice_field>& voices,
                     draws& random,
                     kind as)
{
    sealer_options options;
    options.key = key;
    options.mode = m;
    options.allow_clear = as == kind::clear;
    options.first = as;
    sealer seal(options);
    modulator modulate(sample_rate);
    iq_samples iq;
    const auto emit = [&](const coded_frame& frame) { modulate.modulate(frame, iq); };
    spoken_block block;
    block.flags = spoken_block::start;
    block.codec = static_cast<std::uint8_t>(m.codec);
    seal.seal(block, emit);
    for (std::size_t n = 0; n < voices.size(); ++n) {
        block.flags = spoken_block::voice_present;
        if (n + 1 == voices.size())
            block.flags |= spoken_block::end;
        block.voice = voices[n];
        seal.seal(block, emit);
    }
    const std::complex<float> phase(std::polar(1.0, random.between(-M_PI, M_PI)));
    for (auto& sample : iq)
        sample *= phase;
    return iq;
}

iq_samples through_path(const simulated_path& path, const iq_samples& sent, draws& random)
{
    channel_options options;
    options.sample_rate = path.sample_rate;
    options.cn0_dbhz = path.cn0_dbhz;
    options.offset_hz =
        path.offset_hz.value_or(random.between(-path.max_offset_hz, path.max_offset_hz));
    options.clock_ppm =
        path.clock_ppm.value_or(random.between(-max_clock_ppm, max_clock_ppm));
    options.doppler_hz = path.doppler_hz;
    options.rician_k_db = path.rician_k_db;
    options.drift_hz_per_s = path.drift_hz_per_s;
    options.seed = random.bits();
    channel simulated(options);
    iq_samples received;
    simulated.process(sent.data(), sent.size(), received);
    simulated.finish(received);
    return received;
}

} // namespace securevoice::apps
