/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_file.h"
#include "io/iq_raw.h"
#include "io/iq_sigmf.h"
#include "io/iq_wav.h"

#include <fmt/format.h>

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

} // namespace

iq_reader::iq_reader(const std::string& path, const std::string& format)
    : d_path(iq_files(path, format).front())
{
    const auto chosen = choose_iq_format(path, format);
    d_container = chosen.container;
    d_source = open_source(path, format, chosen);
}

double iq_reader::rate(const std::optional<double>& given,
                       const std::optional<double>& otherwise) const
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
    if (given)
        return *given;
    if (d_container == iq_container::sigmf)
        throw std::invalid_argument(d_path + " does not say its core:sample_rate: give "
                                             "--rate");
    if (!otherwise)
        throw std::invalid_argument("--rate is required: " + d_path +
                                    " does not say its sample rate");
    return *otherwise;
}

iq_writer::iq_writer(const std::string& path,
                     const std::string& format,
                     const description& about)
{
    const auto chosen = choose_iq_format(path, format);
    if (about.frequency && chosen.container != iq_container::sigmf)
        throw std::invalid_argument(
            "only a SigMF recording says its frequency: leave --frequency out, or write "
            "to a file .sigmf-meta");
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

std::string iq_writer::problem() const
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
