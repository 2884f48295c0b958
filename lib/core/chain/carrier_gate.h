/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace securevoice {

/*!
 * May there be an FM carrier? It costs next to nothing. The power of noise is spread
 * exponentially, so that its mean square is twice the squared mean; a carrier's is not.
 * At the C/N0 at which the squelch opens it is 1.6; noise comes below 1.8 once in some
 * thousand looks.
 */
class carrier_gate
{
public:
    /*! The next subframe of 10 ms. */
    void push(const std::complex<float>* x, std::size_t count);
    /*! Subframes before this one, counted from 0, are judged. */
    std::int64_t judged() const { return d_count - static_cast<std::int64_t>(window); }
    /*! Whether a subframe is in a window of 80 ms that looks like a carrier, or up to 80
     * ms behind one. */
    bool passes(std::int64_t subframe) const;
    /*! Subframes before this one are asked for no more. */
    void forget(std::int64_t before);

private:
    static constexpr std::size_t window = 8; // subframes

    bool looks_like_carrier() const;

    std::array<double, window> d_power{}, d_square{};
    std::int64_t d_count = 0;
    std::deque<bool> d_passes; // of the subframes from d_first on
    std::int64_t d_first = 0;
};

} // namespace securevoice
