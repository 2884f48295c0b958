/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "streaming.h"

#include "core/chain/dual_demodulator.h"

#include <gnuradio/securevoice/demodulator.h>

#include <memory>

namespace gr {
namespace securevoice {

class demodulator_impl
    : public streaming<demodulator, gr_complex, ::securevoice::soft_frame>
{
public:
    demodulator_impl(const ::securevoice::demodulator_options& options,
                     const ::securevoice::analog_options& analog);

private:
    void take(const gr_complex* iq, std::size_t count) override;
    void finish() override;
    void renew() override;
    void put(const ::securevoice::soft_frame& frame);

    ::securevoice::demodulator_options d_digital;
    ::securevoice::analog_options d_analog;
    std::unique_ptr<::securevoice::dual_demodulator> d_dual_demodulator;
    ::securevoice::dual_demodulator::sink d_sink;
};

} // namespace securevoice
} // namespace gr
