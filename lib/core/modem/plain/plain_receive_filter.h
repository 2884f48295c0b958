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

/*!
 * Samples at receive_rate to eight per unit, by liquid-dsp: for `bpsk` and `qpsk` behind
 * the matched filter; for `gmsk` and `4fsk` by how much the phase turned within a unit
 * (real), behind a channel filter and discriminator.
 */
class plain_receive_filter
{
public:
    static constexpr std::size_t samples_per_unit = 8; // of the filtered signal

    /*! \throws std::runtime_error if liquid-dsp makes none */
    explicit plain_receive_filter(const plain_signal& signal);
    ~plain_receive_filter();

    /*! Appends to \p out. */
    void push(cfloat sample, std::vector<cfloat>& out);

    /*! In samples of the output, from a unit's middle to the sample that shows it. */
    double delay() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice
