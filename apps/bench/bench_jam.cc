/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice bench jam: share of speech lost over a synchronous jammer's duty cycle.

#include "bench/benches.h"
#include "bench/jamming.h"
#include "bench/parallel.h"
#include "bench/report.h"
#include "bench/run_options.h"
#include "call_options.h"
#include "io/progress.h"
#include "numbers.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <optional>

namespace securevoice::apps {

namespace {

struct options {
    jamming_setup setup;
    std::vector<double> duty_percent; // empty: as in jamming_setup
    std::string codec = "3200";
    std::string profile = "narrow";
    report_options report;
};

constexpr double half = 0.5;

/*! The smallest duty cycle measured at which some jammer takes half of the speech. */
std::optional<double> half_lost(const std::vector<jamming_point>& points)
{
    for (const auto& p : points)
        if (p.loss() >= half)
            return p.duty;
    return std::nullopt;
}

nlohmann::ordered_json to_json(const options& o, const std::vector<jamming_point>& points)
{
    auto all = nlohmann::ordered_json::array();
    for (const auto& p : points)
        all.push_back({ { "duty", p.duty },
                        { "jammer", jammers()[p.jammer].name },
                        { "blocks_sent", p.sent },
                        { "blocks_played", p.played },
                        { "blocks_wrong", p.wrong },
                        { "loss", p.loss() } });
    const auto least = half_lost(points);
    return { { "profile", o.profile },
             { "codec", o.codec },
             { "cn0_dbhz", o.setup.cn0_dbhz },
             { "over_signal_db", o.setup.over_signal_db },
             { "sample_rate", o.setup.sample_rate },
             { "seed", o.setup.seed },
             { "half_lost_at", least ? nlohmann::ordered_json(*least) : nullptr },
             { "points", all } };
}

void print_table(const std::vector<jamming_point>& points)
{
    fmt::print("{:16}", "time jammed, %");
    const auto duties = points.size() / jammers().size();
    for (std::size_t d = 0; d < duties; ++d)
        fmt::print("{:>7.4g}", 100 * points[d * jammers().size()].duty);
    fmt::print("\n");
    for (std::size_t j = 0; j < jammers().size(); ++j) {
        fmt::print("{:16}", jammers()[j].name);
        for (std::size_t d = 0; d < duties; ++d)
            fmt::print("{:7.1f}", 100 * points[d * jammers().size() + j].loss());
        fmt::print("\n");
    }
    fmt::print("{:16}", "worst, % lost");
    for (std::size_t d = 0; d < duties; ++d)
        fmt::print("{:7.1f}",
                   100 * worst_jammer(points, points[d * jammers().size()].duty).loss());
    fmt::print("\n");
    if (const auto least = half_lost(points))
        fmt::print("the smallest share of the time that takes half of the speech: {:.4g} "
                   "% (of those measured)\n",
                   100 * *least);
    else
        fmt::print("none of these takes half of the speech\n");
}

int run(const options& o)
{
    auto with_mode = o;
    auto& setup = with_mode.setup;
    setup.mode = mode_of(o.codec, o.profile);
    setup.jobs = threads_for(setup.jobs);
    if (!o.duty_percent.empty()) {
        setup.duty.clear();
        for (const double percent : o.duty_percent)
            setup.duty.push_back(percent / 100);
    }
    progress bar("bench");
    const auto points = measure_jamming(setup, [&bar](double share) { bar.at(share); });
    tell(o.report, "jam", to_json(with_mode, points), [&] { print_table(points); });
    for (const auto& p : points)
        expect_none_wrong(p.wrong);
    return 0;
}

} // namespace

command add_bench_jam(CLI::App& bench)
{
    auto* parser = bench.add_subcommand(
        "jam",
        "speech lost over the share of the time that a jammer takes who knows when each "
        "block begins");
    const auto o = std::make_shared<options>();
    auto& s = o->setup;
    add_profile(*parser, o->profile);
    add_codec(*parser, o->codec);
    parser->add_option("--cn0", s.cn0_dbhz, "C/N0 between pulses, dB-Hz")
        ->capture_default_str();
    parser
        ->add_option("--over-signal",
                     s.over_signal_db,
                     "jammer over signal in the bandwidth of the symbol rate, dB")
        ->capture_default_str();
    add_numbers(*parser,
                "--duty",
                o->duty_percent,
                "shares of the time, % (default: 2.5 ... 50)");
    parser
        ->add_option(
            "--seconds", s.seconds, "voice for each jammer and share of the time, s")
        ->capture_default_str();
    parser->add_option("--call", s.call_seconds, "voice of each call, s")
        ->capture_default_str();
    add_seed(*parser, s.seed, "of voice, noise and jammer");
    add_iq_rate(*parser, s.sample_rate);
    add_jobs(*parser, s.jobs);
    add_report(*parser, o->report);
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
