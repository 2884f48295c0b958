/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice bench cpu: CPU time of transmitter, receiver and of one block's cipher and tag.

#include "call_options.h"
#include "commands.h"
#include "cpu_load.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace securevoice::apps {

namespace {

struct options {
    cpu_setup setup;
    std::string codec = "3200";
    std::string profile = "narrow";
    bool json = false;
};

void print_table(const cpu_load& load)
{
    fmt::print("seal one block, checked         {:8.2f} us\n", load.seal_us);
    fmt::print("open one block                  {:8.2f} us\n", load.open_us);
    fmt::print("verify in vain                  {:8.2f} us\n", load.verify_us);
    fmt::print("transmitter                     {:8.2f} % of a core\n",
               100 * load.transmitter);
    fmt::print("receiver with a call            {:8.2f} % of a core, {:.2f} % lost\n",
               100 * load.receiver_call,
               100 * load.blocks_lost);
    fmt::print("receiver on noise               {:8.2f} % of a core\n",
               100 * load.receiver_noise);
    fmt::print("opening, share of the receiver  {:8.4f} %\n",
               100 * load.share_of_security());
}

int run(const options& o)
{
    auto setup = o.setup;
    setup.mode = mode_of(o.codec, o.profile);
    const auto load = measure_cpu(setup);
    if (!o.json) {
        print_table(load);
        return 0;
    }
    const nlohmann::ordered_json report{ { "profile", o.profile },
                                         { "codec", o.codec },
                                         { "cn0_dbhz", setup.cn0_dbhz },
                                         { "seal_us", load.seal_us },
                                         { "open_us", load.open_us },
                                         { "verify_us", load.verify_us },
                                         { "transmitter", load.transmitter },
                                         { "receiver_call", load.receiver_call },
                                         { "receiver_noise", load.receiver_noise },
                                         { "loss", load.blocks_lost },
                                         { "share_of_security",
                                           load.share_of_security() } };
    fmt::print("{}\n", report.dump(2));
    return 0;
}

} // namespace

command add_bench_cpu(CLI::App& program)
{
    auto* parser = program.get_subcommand("bench")->add_subcommand(
        "cpu",
        "CPU time: one block's cipher and tag, transmitter, receiver with a call and "
        "on noise");
    const auto o = std::make_shared<options>();
    auto& s = o->setup;
    add_profile(*parser, o->profile);
    add_codec(*parser, o->codec);
    parser->add_option("--cn0", s.cn0_dbhz, "of the call, dB-Hz")->capture_default_str();
    parser->add_option("--seconds", s.seconds, "of signal, each")->capture_default_str();
    parser->add_option("--seed", s.seed, "of voice and noise")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    add_iq_rate(*parser, s.sample_rate);
    parser->add_flag("--json", o->json, "JSON instead of a table");
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
