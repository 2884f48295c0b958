/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice bench cpu: CPU time of transmitter, receiver and of one block's cipher and tag.

#include "bench/benches.h"
#include "bench/cpu_load.h"
#include "bench/report.h"
#include "bench/run_options.h"
#include "call_options.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>
#include <string>

namespace securevoice::apps {

namespace {

struct options {
    cpu_setup setup;
    std::string codec = "3200";
    std::string profile = "narrow";
    report_options report;
};

struct stage {
    const char* name;
    const char* key;
    double receiver_load::*share;
};

constexpr stage stages[] = {
    { "filters", "front_end", &receiver_load::front_end },
    { "search, filter", "search_filter", &receiver_load::search_filter },
    { "search, linear", "search_linear", &receiver_load::search_linear },
    { "search, constant", "search_constant", &receiver_load::search_constant },
    { "tracking", "tracking", &receiver_load::tracking },
    { "decoding, voice", "decoding", &receiver_load::decoding },
};

void print_share(const std::string& name, double share)
{
    fmt::print(
        "{:<31} {:8.2f} % of a core, {:.0f} x real time\n", name, 100 * share, 1 / share);
}

void print_receiver(const std::string& name, const receiver_load& load)
{
    print_share(name, load.all);
    for (const auto& s : stages)
        fmt::print("  {:<29} {:8.3f} %\n", s.name, 100 * load.*s.share);
}

void print_table(const cpu_load& load)
{
    fmt::print("seal one block, checked         {:8.2f} us\n", load.seal_us);
    fmt::print("open one block                  {:8.2f} us\n", load.open_us);
    fmt::print("verify in vain                  {:8.2f} us\n", load.verify_us);
    print_share("transmitter", load.transmitter);
    print_receiver("receiver with a call", load.call);
    print_receiver("receiver on noise", load.noise);
    fmt::print("calls received per core         {:8.0f}\n",
               std::floor(1 / load.call.all));
    fmt::print("blocks lost                     {:8.2f} %\n", 100 * load.blocks_lost);
    fmt::print("opening, share of the receiver  {:8.4f} %\n",
               100 * load.share_of_security());
}

nlohmann::ordered_json stages_of(const receiver_load& load)
{
    nlohmann::ordered_json shares;
    for (const auto& s : stages)
        shares[s.key] = load.*s.share;
    return shares;
}

int run(const options& o)
{
    auto setup = o.setup;
    setup.mode = mode_of(o.codec, o.profile);
    const auto load = measure_cpu(setup);
    const nlohmann::ordered_json report{
        { "profile", o.profile },
        { "codec", o.codec },
        { "cn0_dbhz", setup.cn0_dbhz },
        { "seal_us", load.seal_us },
        { "open_us", load.open_us },
        { "verify_us", load.verify_us },
        { "transmitter", load.transmitter },
        { "receiver_call", load.call.all },
        { "receiver_call_stages", stages_of(load.call) },
        { "receiver_noise", load.noise.all },
        { "receiver_noise_stages", stages_of(load.noise) },
        { "transmitter_times_real_time", 1 / load.transmitter },
        { "receiver_call_times_real_time", 1 / load.call.all },
        { "receiver_noise_times_real_time", 1 / load.noise.all },
        { "calls_per_core", std::floor(1 / load.call.all) },
        { "loss", load.blocks_lost },
        { "share_of_security", load.share_of_security() }
    };
    tell(o.report, "cpu", report, [&] { print_table(load); });
    return 0;
}

} // namespace

command add_bench_cpu(CLI::App& bench)
{
    auto* parser = bench.add_subcommand(
        "cpu",
        "CPU time: one block's cipher and tag, transmitter, receiver with a call and "
        "on noise");
    const auto o = std::make_shared<options>();
    auto& s = o->setup;
    add_profile(*parser, o->profile);
    add_codec(*parser, o->codec);
    parser->add_option("--cn0", s.cn0_dbhz, "of the call, dB-Hz")->capture_default_str();
    parser->add_option("--seconds", s.seconds, "of signal, each")->capture_default_str();
    add_seed(*parser, s.seed, "of voice and noise");
    add_iq_rate(*parser, s.sample_rate);
    add_report(*parser, o->report);
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
