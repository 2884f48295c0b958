/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/liquid_handle.h"

#include <complex>
#include <cstddef>
#include <vector>

#include <liquid/liquid.h>

namespace securevoice {

/*! From the rate at which a burst is shaped to that of the output, by liquid-dsp. */
class output_resampler
{
public:
    /*! \param ratio samples out for one in; at 1 they go through as they are
     * \param rejection_db of images \throws std::runtime_error */
    output_resampler(double ratio, float rejection_db);

    /*! Appends to \p out what these samples become, and empties them. */
    void push(std::vector<std::complex<float>>& shaped,
              std::vector<std::complex<float>>& out);
    /*! The burst is over: what is held comes out. \param tail samples in that are more
     * than the filters' memory */
    void end(std::size_t tail, std::vector<std::complex<float>>& out);
    /*! Forgets what is held. */
    void reset();

private:
    double d_ratio;
    liquid_handle<msresamp_crcf, msresamp_crcf_destroy> d_filters; // none at ratio 1
};

} // namespace securevoice
