/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice bench sensitivity: share of blocks lost over C/N0.

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

#include <cmath>
#include <memory>

namespace securevoice::apps {

namespace {

struct options {
    sensitivity_setup setup;
    std::string codec = "3200";
    std::string profile = "narrow";
    std::string offset = "random";
    std::string clock = "random";
    std::string kind = "secure";
    std::size_t jobs = 0;
    report_options report;
};

nlohmann::ordered_json to_json(const options& o,
                               const std::vector<sensitivity_point>& points)
{
    auto all = nlohmann::ordered_json::array();
    for (const auto& p : points) {
        const auto bounds = wilson(p.lost, p.sent);
        all.push_back(
            { { "cn0_dbhz", p.cn0_dbhz },
              { "calls", p.calls },
              { "calls_missed", p.calls_missed },
              { "blocks_sent", p.sent },
              { "blocks_played", p.played },
              { "blocks_lost", p.lost },
              { "blocks_wrong", p.wrong },
              { "loss", static_cast<double>(p.lost) / static_cast<double>(p.sent) },
              { "loss_low", bounds.low },
              { "loss_high", bounds.high } });
    }
    return { { "profile", o.profile },
             { "codec", o.codec },
             { "kind", o.kind },
             { "offset_hz", o.offset },
             { "clock_ppm", o.clock },
             { "drift_hz_per_s", o.setup.drift_hz_per_s },
             { "doppler_hz", o.setup.doppler_hz },
             { "rician_k_db",
               std::isfinite(o.setup.rician_k_db)
                   ? nlohmann::ordered_json(o.setup.rician_k_db)
                   : nullptr },
             { "sample_rate", o.setup.sample_rate },
             { "call_seconds", o.setup.call_seconds },
             { "seed", o.setup.seed },
             { "points", all } };
}

void print_table(const std::vector<sensitivity_point>& points)
{
    fmt::print("C/N0 dB-Hz   calls  missed    sent  played    lost  wrong     loss    95 "
               "% interval\n");
    for (const auto& p : points) {
        const auto bounds = wilson(p.lost, p.sent);
        fmt::print("{:10.2f}  {:6}  {:6}  {:6}  {:6}  {:6}  {:5}  {:7.3f} %  {:.3f} ... "
                   "{:.3f} %\n",
                   p.cn0_dbhz,
                   p.calls,
                   p.calls_missed,
                   p.sent,
                   p.played,
                   p.lost,
                   p.wrong,
                   100 * static_cast<double>(p.lost) / static_cast<double>(p.sent),
                   100 * bounds.low,
                   100 * bounds.high);
    }
}

int run(const options& o)
{
    auto setup = o.setup;
    setup.mode = mode_of(o.codec, o.profile);
    setup.offset_hz = number_or_random("--offset", o.offset);
    setup.clock_ppm = number_or_random("--clock-ppm", o.clock);
    setup.kind = o.kind == "clear" ? kind::clear : kind::secure;
    setup.jobs = threads_for(o.jobs);
    progress bar("bench");
    const auto points =
        measure_sensitivity(setup, [&bar](double share) { bar.at(share); });
    tell(o.report, "sensitivity", to_json(o, points), [&] { print_table(points); });
    for (const auto& p : points)
        expect_none_wrong(p.wrong);
    return 0;
}

} // namespace

command add_bench_sensitivity(CLI::App& bench)
{
    auto* parser = bench.add_subcommand("sensitivity",
                                        "loss of voice blocks over C/N0: random voice, "
                                        "sealer to call receiver, acquisition included");
    const auto o = std::make_shared<options>();
    auto& s = o->setup;
    add_profile(*parser, o->profile);
    add_codec(*parser, o->codec);
    add_numbers(*parser, "--cn0", s.cn0_dbhz, "one or more C/N0, dB-Hz")->required();
    parser->add_option("--seconds", s.seconds, "voice at each C/N0, s")
        ->capture_default_str();
    parser->add_option("--call-seconds", s.call_seconds, "length of one call, at most, s")
        ->capture_default_str();
    add_seed(*parser, s.seed, "of voice, noise, fading and oscillators");
    parser
        ->add_option("--offset",
                     o->offset,
                     "carrier offset, Hz; random: +-6000 for each call, "
                     "+-500 for gmsk, 4fsk, bpsk and qpsk")
        ->capture_default_str();
    parser
        ->add_option(
            "--clock-ppm", o->clock, "clock error, ppm; random: +-50 for each call")
        ->capture_default_str();
    parser->add_option("--drift", s.drift_hz_per_s, "change of the carrier offset, Hz/s");
    parser->add_option(
        "--fading", s.doppler_hz, "flat fading with this maximum Doppler, Hz");
    parser->add_option("--rician-k",
                       s.rician_k_db,
                       "line of sight over scattered power, dB (default: Rayleigh)");
    parser->add_option("--kind", o->kind, "secure or clear: of all blocks")
        ->check(CLI::IsMember({ "secure", "clear" }))
        ->capture_default_str();
    add_iq_rate(*parser, s.sample_rate);
    add_jobs(*parser, o->jobs);
    add_report(*parser, o->report);
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
