/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/output_resampler.h"

#include "core/modem/front/liquid_leak.h"

#include <cmath>

namespace securevoice {

output_resampler::output_resampler(double ratio, float rejection_db) : d_ratio(ratio)
{
    if (ratio != 1.0) {
        const liquid_leak of_its_design;
        d_filters = owned_by<decltype(d_filters)>(
            msresamp_crcf_create(static_cast<float>(ratio), rejection_db), "a resampler");
    }
}

void output_resampler::push(std::vector<std::complex<float>>& shaped,
                            std::vector<std::complex<float>>& out)
{
    if (!d_filters) {
        out.insert(out.end(), shaped.begin(), shaped.end());
    } else {
        const std::size_t have = out.size();
        const double most =
            std::ceil(2 * d_ratio * static_cast<double>(shaped.size())) + 64;
        out.resize(have + static_cast<std::size_t>(most));
        unsigned made = 0;
        msresamp_crcf_execute(d_filters.get(),
                              shaped.data(),
                              static_cast<unsigned>(shaped.size()),
                              out.data() + have,
                              &made);
        out.resize(have + made);
    }
    shaped.clear();
}

void output_resampler::end(std::size_t tail, std::vector<std::complex<float>>& out)
{
    if (!d_filters)
        return;
    std::vector<std::complex<float>> silence(tail);
    push(silence, out);
    reset();
}

void output_resampler::reset()
{
    if (d_filters)
        msresamp_crcf_reset(d_filters.get());
}

} // namespace securevoice
