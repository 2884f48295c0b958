/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "streaming.h"

#include "core/chain/exciter.h"

#include <gnuradio/securevoice/modulator.h>

#include <optional>

namespace gr {
namespace securevoice {

class modulator_impl : public streaming<modulator, ::securevoice::coded_frame, gr_complex>
{
public:
    modulator_impl(double sample_rate, const ::securevoice::fm_options& fm);

    bool start() override;

private:
    void take(const ::securevoice::coded_frame* frame, std::size_t) override;
    void finish() override;
    void tag_burst(bool was_in_burst, std::uint64_t first);

    const double d_sample_rate;
    const ::securevoice::fm_options d_fm;
    std::optional<::securevoice::exciter> d_exciter;
};

} // namespace securevoice
} // namespace gr
