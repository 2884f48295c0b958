/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/fm_demodulator.h"

#include "core/modem/front/front_end.h"

#include <algorithm>
#include <vector>

namespace securevoice {

struct fm_demodulator::impl {
    impl(const fm_options& o, double sample_rate, double opens_at)
        : detector(o, opens_at), front(sample_rate), rate(sample_rate)
    {
    }

    void take(const sink& emit)
    {
        const auto keep = [&](const fm_subframe& p) { put(p, emit); };
        std::size_t used = 0;
        for (; received.size() - used >= fm_subframe::iq_samples;
             used += fm_subframe::iq_samples)
            detector.push(received.data() + used, keep);
        received.erase(received.begin(),
                       received.begin() + static_cast<std::ptrdiff_t>(used));
    }

    void put(const fm_subframe& p, const sink& emit)
    {
        if (p.squelch_open)
            std::copy(p.speech.begin(),
                      p.speech.end(),
                      slot.speech.begin() + subframes * fm_subframe::speech_samples);
        slot.squelch_open = slot.squelch_open || p.squelch_open;
        slot.cn0_dbhz += p.cn0_dbhz / fm_subframe::per_slot;
        slot.offset_hz += p.offset_hz / fm_subframe::per_slot;
        if (++subframes < fm_subframe::per_slot)
            return;
        slot.time =
            front.seconds(static_cast<double>(slots) * receive_rate * block_seconds) -
            detector.delay();
        ++slots;
        emit(slot);
        slot = {};
        subframes = 0;
    }

    fm_detector detector;
    front_end front;
    double rate;
    bool over = false;
    std::uint64_t slots = 0;
    fm_slot slot;
    std::size_t subframes = 0;                 // of the slot begun
    std::vector<std::complex<float>> received; // not yet a whole subframe
};

fm_demodulator::fm_demodulator(const fm_options& options,
                               double sample_rate,
                               double squelch_dbhz)
    : d_impl(std::make_unique<impl>(options, sample_rate, squelch_dbhz))
{
}

fm_demodulator::~fm_demodulator() = default;

void fm_demodulator::push(const std::complex<float>* iq,
                          std::size_t count,
                          const sink& emit)
{
    constexpr std::size_t most = 65536; // bounds the memory between the stages
    while (count) {
        const auto now = std::min(count, most);
        d_impl->front.push(iq, now, d_impl->received);
        d_impl->take(emit);
        iq += now;
        count -= now;
    }
}

void fm_demodulator::finish(const sink& emit)
{
    if (d_impl->over)
        return;
    d_impl->over = true;
    const std::vector<std::complex<float>> silence(
        static_cast<std::size_t>((block_seconds + 0.04) * d_impl->rate));
    push(silence.data(), silence.size(), emit);
}

} // namespace securevoice
