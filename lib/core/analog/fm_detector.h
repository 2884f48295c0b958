/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/analog/fm_options.h"
#include "core/modem/front/sample_history.h"
#include "core/protocol/constants.h"

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace securevoice {

/*! What an FM receiver has of 10 ms. */
struct fm_subframe {
    // subframes in the 80 ms of a slot: 10 ms each
    static constexpr std::size_t per_slot = 8;
    static constexpr std::size_t speech_samples = samples_per_block / per_slot;
    static constexpr auto iq_samples =
        static_cast<std::size_t>(receive_rate * block_seconds / per_slot);

    bool squelch_open = false;
    bool edge = false;   // it would be, but for the carrier's change in the next one
    bool data = false;   // what is heard is no voice: see data_detector
    bool voice = false;  // the carrier was modulated for half of the last 160 ms
    float cn0_dbhz = 0;  // estimate, right to 3 dB from 45 to 60
    float offset_hz = 0; // of the carrier
    std::array<std::int16_t, speech_samples>
        speech{}; // where the squelch is open, and of an edge
};

/*!
 * Narrowband FM at receive_rate to speech: channel filter, discriminator, de-emphasis,
 * and a squelch. It opens where the discriminator's noise above the voice is that of a
 * carrier strong enough; noise alone keeps it closed.
 */
class fm_detector
{
public:
    using sink = std::function<void(const fm_subframe&)>;

    static constexpr double default_squelch_dbhz = 45; // noise alone looks like 39

    /*! \param squelch_dbhz C/N0 at which it opens; it closes 2 dB below
     * \throws std::invalid_argument */
    explicit fm_detector(const fm_options& options,
                         double squelch_dbhz = default_squelch_dbhz);
    ~fm_detector();

    /*! The next fm_subframe::iq_samples samples. Emits one for each, one later. */
    void push(const std::complex<float>* iq, const sink& emit);
    /*! What comes next does not follow what came last: nothing of it is emitted. */
    void restart();
    /*! s by which speech comes out later than its samples went in, beside the whole
     * subframes. */
    double delay() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice
