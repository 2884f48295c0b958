/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice bench acquire: calls missed and time to first voice over C/N0, false alarms on noise.

#include "bench/acquisition.h"
#include "bench/benches.h"
#include "bench/parallel.h"
#include "bench/report.h"
#include "bench/run_options.h"
#include "bench/sensitivity.h"
#include "call_options.h"
#include "io/progress.h"
#include "numbers.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace securevoice::apps {

namespace {

struct options {
    acquisition_setup setup;
    std::string codec = "3200";
    std::string profile = "narrow";
    std::string offset = "random";
    std::string clock = "random";
    report_options report;
};

nlohmann::ordered_json seconds_or_null(const std::optional<double>& s)
{
    return s ? nlohmann::ordered_json(*s) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json to_json(const options& o, const acquisition_result& got)
{
    auto all = nlohmann::ordered_json::array();
    for (const auto& p : got.points) {
        const auto bounds = wilson(p.missed, p.calls);
        all.push_back(
            { { "cn0_dbhz", p.cn0_dbhz },
              { "entry", entry_name(p.entry) },
              { "calls", p.calls },
              { "calls_missed", p.missed },
              { "missed", static_cast<double>(p.missed) / static_cast<double>(p.calls) },
              { "missed_low", bounds.low },
              { "missed_high", bounds.high },
              { "voice_50_s", seconds_or_null(p.within(0.5)) },
              { "voice_95_s", seconds_or_null(p.within(0.95)) },
              { "voice_99_s", seconds_or_null(p.within(0.99)) },
              { "first_voice_s", p.first_voice } });
    }
    nlohmann::ordered_json report{ { "profile", o.profile },
                                   { "codec", o.codec },
                                   { "offset_hz", o.offset },
                                   { "clock_ppm", o.clock },
                                   { "sample_rate", o.setup.sample_rate },
                                   { "listen_seconds", o.setup.listen_seconds },
                                   { "call_seconds", o.setup.call_seconds },
                                   { "seed", o.setup.seed },
                                   { "points", all } };
    if (got.noise.hours > 0)
        report["noise"] = { { "hours", got.noise.hours },
                            { "calls_shown", got.noise.shown },
                            { "slots_played", got.noise.voice },
                            { "pending", got.noise.pending },
                            { "detections", got.noise.detections } };
    return report;
}

std::string seconds_or_dash(const std::optional<double>& s)
{
    return s ? fmt::format("{:.3f}", *s) : "-";
}

void print_table(const acquisition_result& got)
{
    if (!got.points.empty())
        fmt::print(
            "C/N0 dB-Hz  entry  calls  missed    95 % interval       voice within s: "
            "50 %    95 %    99 %\n");
    for (const auto& p : got.points) {
        const auto bounds = wilson(p.missed, p.calls);
        fmt::print(
            "{:10.2f}  {:5}  {:5}  {:6}  {:6.2f} ... {:6.2f} %  {:>19}  {:>6}  {:>6}\n",
            p.cn0_dbhz,
            entry_name(p.entry),
            p.calls,
            p.missed,
            100 * bounds.low,
            100 * bounds.high,
            seconds_or_dash(p.within(0.5)),
            seconds_or_dash(p.within(0.95)),
            seconds_or_dash(p.within(0.99)));
    }
    const auto& n = got.noise;
    if (n.hours > 0)
        fmt::print(
            "noise, {:.2f} h: {} calls shown, {} slots played; {} times pending, {} "
            "detections by the demodulator\n",
            n.hours,
            n.shown,
            n.voice,
            n.pending,
            n.detections);
}

int run(const options& o)
{
    auto setup = o.setup;
    setup.mode = mode_of(o.codec, o.profile);
    setup.offset_hz = number_or_random("--offset", o.offset);
    setup.clock_ppm = number_or_random("--clock-ppm", o.clock);
    setup.jobs = threads_for(setup.jobs);
    progress bar("bench");
    const auto got = measure_acquisition(setup, [&bar](double share) { bar.at(share); });
    tell(o.report, "acquire", to_json(o, got), [&] { print_table(got); });
    return 0;
}

} // namespace

command add_bench_acquire(CLI::App& bench)
{
    auto* parser = bench.add_subcommand(
        "acquire",
        "how soon a call is heard, at its start and by who joins it late, over C/N0; "
        "false "
        "alarms on noise");
    const auto o = std::make_shared<options>();
    auto& s = o->setup;
    add_profile(*parser, o->profile);
    add_codec(*parser, o->codec);
    add_numbers(*parser, "--cn0", s.cn0_dbhz, "one or more C/N0, dB-Hz");
    parser->add_option("--calls", s.calls, "of each entry at each C/N0")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    parser
        ->add_option("--listen-seconds",
                     s.listen_seconds,
                     "a call is missed if nothing of it is heard so long, s")
        ->capture_default_str();
    parser
        ->add_option("--call-seconds",
                     s.call_seconds,
                     "late entry is at a random time of a call so long, s")
        ->capture_default_str();
    parser->add_option("--noise-hours", s.noise_hours, "noise alone, of signal time, h")
        ->capture_default_str();
    add_seed(*parser, s.seed, "of voice, noise, times and oscillators");
    parser
        ->add_option(
            "--offset", o->offset, "carrier offset, Hz; random: +-6000 for each call")
        ->capture_default_str();
    parser
        ->add_option(
            "--clock-ppm", o->clock, "clock error, ppm; random: +-50 for each call")
        ->capture_default_str();
    add_iq_rate(*parser, s.sample_rate);
    add_jobs(*parser, s.jobs);
    add_report(*parser, o->report);
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
