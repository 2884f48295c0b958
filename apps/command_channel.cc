/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice channel IN OUT: the core's channel simulator between two IQ files.

#include "call_options.h"
#include "commands.h"
#include "io/ending.h"
#include "io/iq_input.h"

#include "core/channel/channel.h"
#include "core/text/number.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>

namespace securevoice::apps {

namespace {

struct options {
    std::string input;
    std::string output;
    std::string power = "1";
    std::string format;
    std::string format_out;
    std::optional<double> rate;
    channel_options channel;
};

/*! Mean power of the burst in a file: of the 10 ms windows that reach a tenth of the strongest one. */
double measured_power(const options& o, double sample_rate)
{
    const auto& path = o.input;
    if (path == "-")
        throw std::invalid_argument("--power measured reads the input twice: name a file "
                                    "instead of standard input, or give the power");
    const auto window =
        std::max<std::size_t>(1, static_cast<std::size_t>(sample_rate / 100));
    std::vector<double> powers;
    double sum = 0;
    std::size_t count = 0;
    iq_reader in(path, o.format);
    iq_samples samples;
    while (in.read(samples))
        for (const auto& s : samples) {
            sum += std::norm(s);
            if (++count == window) {
                powers.push_back(sum / static_cast<double>(window));
                sum = 0;
                count = 0;
            }
        }
    const double strongest =
        powers.empty() ? 0 : *std::max_element(powers.begin(), powers.end());
    if (!(strongest > 0) || !std::isfinite(strongest))
        throw std::runtime_error("the power of " + path +
                                 " cannot be measured: it holds no signal of 10 ms");
    double total = 0;
    double used = 0;
    for (const auto p : powers)
        if (p > strongest / 10) {
            total += p;
            ++used;
        }
    return total / used;
}

double power_of(const options& o, double sample_rate)
{
    if (o.power == "measured")
        return measured_power(o, sample_rate);
    return number_from_text(o.power, "--power, unless it is 'measured',");
}

int run(const options& o)
{
    refuse_overwriting(iq_files(o.input, o.format), iq_files(o.output, o.format_out));
    iq_reader in(o.input, o.format);
    auto settings = o.channel;
    settings.sample_rate = in.rate(o.rate, {});
    channel check(settings); // bad parameters are told before the input is read
    settings.signal_power = power_of(o, settings.sample_rate);
    channel simulated(settings);
    iq_writer out(o.output, o.format_out, { settings.sample_rate, {} });
    warn(out.name_problem());
    if (in.size() == 0) // live: a signal is its end
        end_input_on_signals();
    iq_input input(in, "channel");
    iq_samples changed;
    input.read([&](const iq_samples& samples) {
        changed.clear();
        simulated.process(samples.data(), samples.size(), changed);
        out.write(changed);
    });
    if (input.samples() == 0)
        throw std::runtime_error("there was no IQ in the input: nothing is written");
    changed.clear();
    simulated.finish(changed);
    out.write(changed);
    out.commit();
    warn(out.clipping());
    warn(out.problem());
    return input.end(0);
}

} // namespace

command add_channel(CLI::App& program)
{
    auto* parser = program.add_subcommand(
        "channel", "simulated radio channel: clock error, fading, offset, noise");
    const auto o = std::make_shared<options>();
    auto& c = o->channel;
    parser->add_option("IN", o->input, "IQ, '-': standard input")->required();
    parser->add_option("OUT", o->output, "IQ, '-': standard output")->required();
    add_iq_format(*parser, o->format);
    add_iq_format(*parser, o->format_out, "--format-out");
    parser->add_option("--rate",
                       o->rate,
                       "sample rate of the IQ, samples/s (default: what a WAV or SigMF "
                       "file says; others need it)");
    parser->add_option("--cn0", c.cn0_dbhz, "C/N0, dB-Hz (default: no noise)");
    parser->add_option("--offset", c.offset_hz, "carrier offset, Hz");
    parser->add_option("--drift", c.drift_hz_per_s, "change of the offset, Hz/s");
    parser->add_option(
        "--clock-ppm", c.clock_ppm, "sender's clock minus receiver's, ppm");
    parser->add_option(
        "--fading", c.doppler_hz, "flat fading with this maximum Doppler, Hz");
    parser->add_option("--rician-k",
                       c.rician_k_db,
                       "line of sight over scattered power, dB (default: Rayleigh)");
    parser->add_option("--seed", c.seed, "of noise and fading")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    parser
        ->add_option("--power",
                     o->power,
                     "power of the signal, which C/N0 refers to: a number (1 is what tx "
                     "makes), or 'measured' for the power of the bursts in the file")
        ->capture_default_str();
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
