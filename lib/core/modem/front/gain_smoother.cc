/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/gain_smoother.h"

#include "core/protocol/constants.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

/* Takes a view into the state. */
void update(gain_state& s, std::complex<double> error, double total)
{
    const double k1 = s.p11 / total, k2 = s.p12 / total;
    s.gain += k1 * error;
    s.slope += k2 * error;
    const double p11 = s.p11, p12 = s.p12;
    s.p11 -= k1 * p11;
    s.p12 -= k1 * p12;
    s.p22 -= k2 * p12;
}

void advance(const fading_model::transition& m, double power, gain_state& s)
{
    const auto gain = s.gain;
    s.gain = m.f11 * gain + m.f12 * s.slope;
    s.slope = m.f21 * gain + m.f22 * s.slope;
    const double a = m.f11 * s.p11 + m.f12 * s.p12, b = m.f11 * s.p12 + m.f12 * s.p22;
    const double c = m.f21 * s.p11 + m.f22 * s.p12, d = m.f21 * s.p12 + m.f22 * s.p22;
    s.p11 = a * m.f11 + b * m.f12 + power * m.q11;
    s.p12 = a * m.f21 + b * m.f22 + power * m.q12;
    s.p22 = c * m.f21 + d * m.f22 + power * m.q22;
}

} // namespace

fading_model::fading_model(double bandwidth_hz)
    : d_rate(2 * M_PI * bandwidth_hz / symbol_rate)
{
    for (std::size_t n = 0; n <= longest_step; ++n) {
        const double r = d_rate * static_cast<double>(n), e = std::exp(-r);
        transition& t = d_steps[n];
        t.f11 = e * (1 + r);
        t.f12 = e * r;
        t.f21 = -e * r;
        t.f22 = e * (1 - r);
        // stationary covariance is the unit matrix
        t.q11 = 1 - t.f11 * t.f11 - t.f12 * t.f12;
        t.q12 = -t.f11 * t.f21 - t.f12 * t.f22;
        t.q22 = 1 - t.f21 * t.f21 - t.f22 * t.f22;
    }
}

const std::array<fading_model, fading_speeds>& fading_models()
{
    static const std::array<fading_model, fading_speeds> models{
        fading_model(0.5), fading_model(2.5), fading_model(10), fading_model(40)
    };
    return models;
}

gain_fit filter_gain(const fading_model& model,
                     double power,
                     const gain_view* views,
                     std::size_t count,
                     gain_state& state)
{
    gain_fit fit;
    std::size_t passed = 0; // symbols since the state's one
    for (std::size_t n = 0; n < count; ++n, ++passed) {
        if (passed == fading_model::longest_step || (passed && views[n].variance >= 0)) {
            advance(model.over(passed), power, state);
            passed = 0;
        }
        if (views[n].variance < 0)
            continue;
        const auto error = std::complex<double>(views[n].gain) - state.gain;
        const double total = state.p11 + static_cast<double>(views[n].variance);
        const double misfit = std::norm(error) / total;
        fit.likelihood -= std::log(total) + misfit;
        fit.misfit += misfit;
        ++fit.views;
        update(state, error, total);
    }
    if (passed)
        advance(model.over(passed), power, state);
    return fit;
}

void gain_smoother::smooth(const fading_model& model,
                           double power,
                           const gain_view* views,
                           std::size_t count,
                           gain_state state,
                           std::vector<gain_estimate>& out)
{
    const auto& m = model.over(1);
    d_steps.resize(std::max(d_steps.size(), count));
    out.resize(count);
    for (std::size_t n = 0; n < count; ++n) {
        step& s = d_steps[n];
        s.before = state;
        s.total = -1;
        if (views[n].variance >= 0) {
            s.error = std::complex<double>(views[n].gain) - state.gain;
            s.total = state.p11 + static_cast<double>(views[n].variance);
            update(state, s.error, s.total);
        }
        advance(m, power, state);
    }
    // (r1, r2) and N: what the views from here on say about the state
    std::complex<double> r1, r2;
    double n11 = 0, n12 = 0, n22 = 0;
    for (std::size_t n = count; n-- > 0;) {
        const step& s = d_steps[n];
        double l11 = m.f11, l21 = m.f21;
        if (s.total > 0) {
            l11 -= (m.f11 * s.before.p11 + m.f12 * s.before.p12) / s.total;
            l21 -= (m.f21 * s.before.p11 + m.f22 * s.before.p12) / s.total;
        }
        const auto r = r1;
        r1 = l11 * r + l21 * r2;
        r2 = m.f12 * r + m.f22 * r2;
        const double a = n11 * l11 + n12 * l21, b = n11 * m.f12 + n12 * m.f22;
        const double c = n12 * l11 + n22 * l21, d = n12 * m.f12 + n22 * m.f22;
        n11 = l11 * a + l21 * c;
        n12 = l11 * b + l21 * d;
        n22 = m.f12 * b + m.f22 * d;
        if (s.total > 0) {
            r1 += s.error / s.total;
            n11 += 1 / s.total;
        }
        const double p11 = s.before.p11, p12 = s.before.p12;
        out[n].gain = std::complex<float>(s.before.gain + p11 * r1 + p12 * r2);
        const double v = p11 - (p11 * p11 * n11 + 2 * p11 * p12 * n12 + p12 * p12 * n22);
        out[n].variance = static_cast<float>(std::max(v, 0.0));
    }
}

} // namespace securevoice
