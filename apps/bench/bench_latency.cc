/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice bench latency: delay from microphone to loudspeaker.

#include "bench/benches.h"
#include "bench/latency.h"
#include "bench/parallel.h"
#include "bench/report.h"
#include "bench/run_options.h"
#include "call_options.h"
#include "io/progress.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <stdexcept>

namespace securevoice::apps {

namespace {

struct options {
    latency_setup setup;
    std::vector<std::string> codecs{ "3200", "1300", "700C" };
    std::vector<std::string> profiles{ "narrow", "constant", "robust" };
    report_options report;
};

nlohmann::ordered_json to_json(const latency_setup& setup,
                               const std::vector<latency_point>& points)
{
    auto all = nlohmann::ordered_json::array();
    for (const auto& p : points)
        all.push_back({ { "profile", profile_name(p.mode.profile) },
                        { "codec", codec_name(p.mode.codec) },
                        { "calls", p.calls },
                        { "blocks_sent", p.sent },
                        { "blocks_heard", p.heard },
                        { "chain_ms", p.chain_mean },
                        { "chain_most_ms", p.chain_most },
                        { "vocoder_ms", p.vocoder },
                        { "total_ms", p.total },
                        { "gaps", p.gaps } });
    return { { "piece_ms", setup.piece_ms }, { "call_seconds", setup.call_seconds },
             { "cn0_dbhz", setup.cn0_dbhz }, { "sample_rate", setup.sample_rate },
             { "seed", setup.seed },         { "points", all } };
}

void print_table(const std::vector<latency_point>& points)
{
    fmt::print("profile   codec  calls   sent  heard  chain ms   at most  + vocoder ms  "
               "total ms  gaps\n");
    for (const auto& p : points)
        fmt::print("{:8}  {:>5}  {:5}  {:5}  {:5}  {:8.1f}  {:8.1f}  {:12.1f}  {:8.1f}  "
                   "{:4}\n",
                   profile_name(p.mode.profile),
                   codec_name(p.mode.codec),
                   p.calls,
                   p.sent,
                   p.heard,
                   p.chain_mean,
                   p.chain_most,
                   p.vocoder,
                   p.total,
                   p.gaps);
}

int run(const options& o)
{
    auto setup = o.setup;
    for (const auto& profile : o.profiles)
        for (const auto& codec : o.codecs)
            setup.modes.push_back(mode_of(codec, profile));
    setup.jobs = threads_for(setup.jobs);
    progress bar("bench");
    const auto points = measure_latency(setup, [&bar](double share) { bar.at(share); });
    tell(o.report, "latency", to_json(setup, points), [&] { print_table(points); });
    for (const auto& p : points)
        if (p.heard == 0)
            throw std::runtime_error(
                "nothing was heard at this C/N0: there is no delay to measure");
    return 0;
}

} // namespace

command add_bench_latency(CLI::App& bench)
{
    auto* parser = bench.add_subcommand(
        "latency",
        "delay from microphone to loudspeaker, without sound card and computing time");
    const auto o = std::make_shared<options>();
    auto& s = o->setup;
    parser->add_option("--profile", o->profiles, "waveforms, with commas (default: all)")
        ->delimiter(',');
    parser->add_option("--codec", o->codecs, "Codec2 rates, with commas")
        ->delimiter(',')
        ->capture_default_str();
    parser->add_option("--calls", s.calls, "of each profile and codec")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    parser->add_option("--call-seconds", s.call_seconds, "length of one call, s")
        ->capture_default_str();
    parser
        ->add_option(
            "--piece-ms", s.piece_ms, "speech and IQ are handed over in such pieces, ms")
        ->capture_default_str();
    parser->add_option("--cn0", s.cn0_dbhz, "C/N0, dB-Hz")->capture_default_str();
    add_seed(*parser, s.seed, "of speech, noise and times");
    add_iq_rate(*parser, s.sample_rate);
    add_jobs(*parser, s.jobs);
    add_report(*parser, o->report);
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
