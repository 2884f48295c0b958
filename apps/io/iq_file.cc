/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_file.h"
#include "io/iq_name.h"
#include "io/iq_raw.h"
#include "io/iq_sigmf.h"
#include "io/iq_wav.h"

#include "core/channel/phasor.h"
#include "core/protocol/constants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace securevoice::apps {

namespace {

std::unique_ptr<iq_source>
open_source(const std::string& path, const std::string& name, const iq_format& format)
{
    switch (format.container) {
    case iq_container::wav:
        return std::make_unique<wav_iq_source>(path, format.encoding);
    case iq_container::sigmf:
        return std::make_unique<sigmf_iq_source>(iq_files(path, name), format.encoding);
    default:
        return std::make_unique<raw_iq_source>(path, format.encoding.value());
    }
}

/*! Rates given in decimal digits and computed ones are the same up to rounding. */
bool same_rate(double a, double b) { return std::abs(a - b) <= 1e-9 * std::abs(b); }

std::string misleading_name(const std::string& path,
                            const iq_format& format,
                            const iq_writer::description& about)
{
    if (format.container != iq_container::raw)
        return {}; // the file itself says it
    const auto said = read_iq_name(path);
    if (said.rate && about.rate > 0 && !same_rate(*said.rate, about.rate))
        return fmt::format("the name {} says {} samples/s, and {} are written: choose "
                           "another name, or read it with --rate {}",
                           path,
                           *said.rate,
                           about.rate,
                           about.rate);
    if (said.encoding && *said.encoding != *format.encoding)
        return fmt::format("the name {} says that the samples are {}, and {} is written: "
                           "choose another name",
                           path,
                           encoding_name(*said.encoding),
                           encoding_name(*format.encoding));
    return {};
}

} // namespace

iq_reader::iq_reader(const std::string& path, const std::string& format)
    : d_path(iq_files(path, format).front())
{
    const auto chosen = choose_iq_format(path, format);
    d_container = chosen.container;
    d_source = open_source(path, format, chosen);
    const auto name = read_iq_name(path);
    d_named_rate = name.rate;
    d_named_frequency = name.frequency;
}

bool iq_reader::read(iq_samples& samples)
{
    const bool more = d_source->read(samples, d_most);
    if (d_level)
        set_gain(samples);
    for (auto& s : samples) {
        if (d_gain != 1) // times 1 changes a signalling NaN
            s *= d_gain;
        if (d_swap)
            s = { s.imag(), s.real() };
        if (d_turn_step != 0) {
            float re = 0;
            float im = 0;
            phasor(d_turn, re, im);
            s *= std::complex<float>(re, im);
            d_turn += d_turn_step;
        }
    }
    return more;
}

void iq_reader::set_gain(const iq_samples& samples)
{
    // Between these, C/N0 of the receiver is the same within 1 dB.
    constexpr double least = 1e-7;
    constexpr double most = 1e4;
    double power = 0;
    std::size_t count = 0;
    for (const auto& s : samples) {
        const auto one = std::norm(std::complex<double>(s));
        if (std::isfinite(one) && one > 0) {
            power += one;
            ++count;
        }
    }
    if (count == 0)
        return;
    const auto level = std::sqrt(power / static_cast<double>(count));
    if (!(level * d_gain >= least && level * d_gain <= most))
        d_gain = std::ldexp(1.0F, -std::ilogb(level)); // nothing is rounded
}

std::optional<double> iq_reader::frequency() const
{
    const auto said = d_source->frequency();
    return said ? said : d_named_frequency;
}

void iq_reader::tune(double hz)
{
    double beside = hz;
    if (!(std::abs(hz) <= d_rate / 2)) {
        const auto middle = frequency();
        if (!middle)
            throw std::invalid_argument(fmt::format(
                "--tune {:.0f}: {} does not say at which frequency it was made; within "
                "{:.0f} Hz --tune counts from its middle",
                hz,
                d_path,
                d_rate / 2));
        beside = hz - *middle;
        if (!(std::abs(beside) <= d_rate / 2))
            throw std::invalid_argument(
                fmt::format("--tune {:.0f}: {} holds {:.0f} to {:.0f} Hz",
                            hz,
                            d_path,
                            *middle - d_rate / 2,
                            *middle + d_rate / 2));
    }
    d_turn_step =
        static_cast<std::uint32_t>(std::llround(-beside / d_rate * 4294967296.0));
}

double iq_reader::rate(const std::optional<double>& given,
                       const std::optional<double>& otherwise)
{
    const auto found = find_rate(given, otherwise);
    d_rate = found;
    if (size() == 0) // a pipe: live, maybe
        d_most = static_cast<std::size_t>(
            std::clamp(found * block_seconds, 1.0, static_cast<double>(iq_chunk)));
    return found;
}

std::string iq_reader::problem() const
{
    const auto problem = d_source->problem();
    return problem.empty() || d_name_problem.empty() ? problem + d_name_problem
                                                     : problem + "; " + d_name_problem;
}

double iq_reader::find_rate(const std::optional<double>& given,
                            const std::optional<double>& otherwise)
{
    if (const auto said = d_source->rate()) {
        if (given && !same_rate(*given, *said))
            throw std::invalid_argument(
                fmt::format("{} says {} samples/s, --rate says {}: leave --rate out",
                            d_path,
                            *said,
                            *given));
        return *said;
    }
    if (given && d_named_rate && !same_rate(*given, *d_named_rate))
        d_name_problem =
            fmt::format("the name {} says {} samples/s, --rate says {}: this was taken",
                        d_path,
                        *d_named_rate,
                        *given);
    if (given)
        return *given;
    if (d_named_rate)
        return *d_named_rate;
    if (d_container == iq_container::sigmf)
        throw std::invalid_argument(d_path + " does not say its core:sample_rate: give "
                                             "--rate");
    if (!otherwise)
        throw std::invalid_argument("--rate is required: " + d_path +
                                    " does not say its sample rate");
    d_assumed = true;
    return *otherwise;
}

iq_writer::iq_writer(const std::string& path,
                     const std::string& format,
                     const description& about)
{
    const auto chosen = choose_iq_format(path, format);
    d_name_problem = misleading_name(path, chosen, about);
    if (about.frequency && chosen.container != iq_container::sigmf)
        throw std::invalid_argument(
            "only a SigMF recording says its frequency: leave --frequency out, or write "
            "to a file .sigmf-meta");
    if (lower_extension_of(path) == sigmf_archive_extension)
        throw std::invalid_argument(
            path + " would be a SigMF archive, which can be read only: write a pair of "
                   "files, .sigmf-meta and .sigmf-data");
    switch (chosen.container) {
    case iq_container::wav:
        d_sink = std::make_unique<wav_iq_sink>(
            path, chosen.encoding.value_or(iq_encoding::cs16), about.rate);
        break;
    case iq_container::sigmf:
        d_sink = std::make_unique<sigmf_iq_sink>(
            iq_files(path, format),
            sigmf_metadata{ chosen.encoding.value_or(iq_encoding::cf32),
                            about.rate,
                            about.frequency });
        break;
    default:
        d_sink = std::make_unique<raw_iq_sink>(path, chosen.encoding.value());
    }
}

std::string iq_writer::clipping() const
{
    const auto& encoder = d_sink->encoder();
    if (encoder.clipped() == 0)
        return {};
    return fmt::format(
        "{} of {} samples were beyond the full scale of {} and are clipped: "
        "write floats (cf32, wav-float, sigmf) instead",
        encoder.clipped(),
        encoder.samples(),
        encoding_name(encoder.encoding()));
}

} // namespace securevoice::apps
