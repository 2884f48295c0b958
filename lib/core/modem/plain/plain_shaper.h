/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/plain/plain_signal.h"

#include <memory>
#include <vector>

namespace securevoice {

/*! Symbols to the IQ of a plain modem: liquid-dsp's gmskmod, cpfskmod, or modemcf with a
 * root raised cosine. */
class plain_shaper
{
public:
    /*! \param sample_rate samples/s \throws std::runtime_error if liquid-dsp makes
     * none */
    plain_shaper(profile p, double sample_rate);
    ~plain_shaper();

    void send(const cfloat* symbols, std::size_t count, std::vector<cfloat>& out);

    /*! What the filters hold back. */
    void end(std::vector<cfloat>& out);

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice
