/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <cstdint>
#include <vector>

namespace securevoice {

/*! The receiver works at 4 samples per symbol. */
constexpr std::size_t receive_samples = 4;
constexpr double receive_rate = symbol_rate * static_cast<double>(receive_samples);
constexpr double block_samples = static_cast<double>(receive_samples * block_symbols);

/*! The newest samples at receive_rate. Samples have absolute indices, from 0 for the
 * first one. */
class sample_history
{
public:
    /*! \param keep samples that are at least kept */
    explicit sample_history(std::size_t keep);

    /*! \param limited power of each sample that was limited as an impulse, else 0; null:
     * none was */
    void append(const cfloat* samples, std::size_t count, const float* limited = nullptr);

    /*! Whether a sample from \p index on was limited. */
    bool limited_since(double index) const
    {
        return static_cast<double>(d_last_limited) >= index;
    }
    /*! Power of a sample that was limited; 0 for others and those that are not there. */
    float limited(std::int64_t index) const
    {
        return index < begin() || index >= end()
                   ? 0.0f
                   : d_limited[static_cast<std::size_t>(index - d_first)];
    }

    std::int64_t begin() const { return d_first; }
    std::int64_t end() const { return d_first + static_cast<std::int64_t>(d_used); }

    /*!
     * Copies [from, from + count) turned back by a carrier: sample n is multiplied with
     * exp(-2 pi i (phase + cycles_per_sample * (n - from))). Samples that are not there
     * are zero.
     */
    void derotated(std::int64_t from,
                   std::size_t count,
                   double cycles_per_sample,
                   double phase,
                   std::vector<cfloat>& out) const;

private:
    std::vector<cfloat> d_samples;
    std::vector<float> d_limited;
    std::int64_t d_last_limited = -1;
    std::size_t d_keep;
    std::size_t d_used = 0;
    std::int64_t d_first = 0;
};

} // namespace securevoice
