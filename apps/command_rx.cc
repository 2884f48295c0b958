/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice rx IN OUT.wav: the core's receiver on an IQ file.

#include "call_log.h"
#include "call_options.h"
#include "commands.h"
#include "io/iq_file.h"
#include "io/progress.h"
#include "io/speech_file.h"

#include "core/crypto/key_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace securevoice::apps {

namespace {

struct options {
    std::string input;
    std::string output;
    std::vector<std::string> keys;
    bool no_key = false;
    std::string keyring;
    int passphrase_fd = -1;
    bool secure_only = false;
    bool no_fm = false;
    bool unannounced_fm = false;
    fm_options analog;
    bool live = false;
    bool recorded = false;
    std::string state;
    std::string profile;
    std::optional<double> rate;
    std::string format;
    std::string report;
    std::string frames_out;
    std::string symbols_out;
};

std::string why_nothing(const receiver_status& status)
{
    switch (status.state) {
    case heard_state::idle:
        return "no signal of this system was found (right --rate, right frequency?)";
    case heard_state::encrypted_no_key:
        return "encrypted, no key: none of the keys given is the caller's";
    case heard_state::unreadable:
        return "a signal of this system is there, but too weak or damaged to be read";
    case heard_state::replay_refused:
    case heard_state::delayed:
        return fmt::format("{}: {}", state_name(status.state), status.reason);
    case heard_state::fm_unannounced:
        return "analog FM that no secure call announced; --unannounced-fm plays it";
    case heard_state::fm:
        return "analog FM beside a call that had not ended";
    default:
        return "something like a signal was found, but nothing in it could be verified";
    }
}

/*! Standard input and devices are live; a file is a recording, unless told otherwise. */
bool is_recording(const options& o)
{
    return o.recorded ||
           (!o.live && o.input != "-" && std::filesystem::is_regular_file(o.input));
}

receiver_options receiver_of(const options& o)
{
    if (o.live && o.recorded)
        throw std::invalid_argument("say --live or --recorded, not both");
    if (o.keys.empty() != o.no_key)
        throw std::invalid_argument(
            "name a key with --key, or say --no-key to hear clear "
            "calls only (one of both)");
    if (o.no_key && o.secure_only)
        throw std::invalid_argument(
            "--secure-only needs a key: without one nothing secure can be heard");
    if (o.no_fm && o.unannounced_fm)
        throw std::invalid_argument("say --no-fm or --unannounced-fm, not both");
    receiver_options r;
    r.open.secure_only = o.secure_only;
    r.open.unannounced_fm = o.unannounced_fm;
    r.analog.follow = !o.no_fm;
    r.analog.fm = o.analog;
    r.demodulate.profile = told_profile(o.profile);
    if (!is_recording(o))
        r.open.replay.memory = std::make_shared<replay_memory>(o.state);
    const auto ask = passphrases_from(o.passphrase_fd);
    for (const auto& key : o.keys)
        r.open.keys.push_back(load_key(key, o.keyring, key_use::receive, ask));
    return r;
}

int run(const options& o)
{
    refuse_overwriting(iq_files(o.input, o.format),
                       { o.output, o.report, o.frames_out, o.symbols_out });
    auto settings = receiver_of(o);
    iq_reader in(o.input, o.format);
    const auto rate = in.rate(o.rate, default_iq_rate);
    settings.demodulate.sample_rate = rate;
    receiver rx(settings);
    speech_writer out(o.output);
    side_output report_file(o.report);
    side_output frames_file(o.frames_out);
    std::optional<iq_writer> symbols;
    if (!o.symbols_out.empty())
        symbols.emplace(o.symbols_out, "cf32", iq_writer::description{});

    const auto problem = rx.status().memory_problem;
    warn(problem);
    call_log log;
    bool new_symbols = false;
    rx.on_frame = [&](const soft_frame& frame) {
        log.frame(frame);
        new_symbols = true;
    };
    rx.on_block = [&](const heard_block& block) {
        log.block(block, rx.status());
        if (symbols && block.what == heard_block::action::play &&
            std::exchange(new_symbols, false))
            symbols->write(rx.constellation());
    };
    progress bar("rx");
    std::uint64_t taken = 0;
    iq_samples samples;
    std::vector<std::int16_t> speech;
    const auto write = [&] {
        out.write(speech);
        speech.clear();
    };
    while (in.read(samples)) {
        rx.push(samples.data(), samples.size(), speech);
        write();
        taken += samples.size();
        if (in.size() > 0)
            bar.at(static_cast<double>(taken) / static_cast<double>(in.size()));
    }
    rx.finish(speech);
    write();
    log.finish();

    const auto status = rx.status();
    if (status.memory_problem != problem)
        warn(status.memory_problem);
    auto report = log.report(status);
    report["iq_seconds"] = static_cast<double>(taken) / rate;
    if (const auto frequency = in.frequency())
        report["frequency_hz"] = *frequency;
    report["audio_seconds"] = static_cast<double>(out.samples_written()) / speech_rate;
    const auto frames = log.frames();
    out.commit();
    if (symbols)
        symbols->commit();
    frames_file.deliver(frames.data(), frames.size());
    report_file.deliver(report.dump(2) + "\n");
    if (out.samples_written() > 0)
        return 0;
    tell("nothing heard: " + why_nothing(status));
    return nothing_heard;
}

} // namespace

command add_rx(CLI::App& program)
{
    auto* parser = program.add_subcommand("rx", "IQ to speech: receive a call");
    const auto o = std::make_shared<options>();
    parser->add_option("IN", o->input, "IQ, '-': standard input")->required();
    parser
        ->add_option("OUT.wav",
                     o->output,
                     "8 kHz, mono, 16 bit; '-': the samples alone, to standard output")
        ->required();
    parser
        ->add_option("--key", o->keys, "name in the keyring, or a path; may be repeated")
        ->expected(1)
        ->take_all();
    parser->add_flag("--no-key", o->no_key, "hear clear calls only");
    add_keyring(*parser, o->keyring);
    add_passphrase_fd(*parser, o->passphrase_fd);
    parser->add_flag("--secure-only", o->secure_only, "play neither clear voice nor FM");
    parser->add_flag("--no-fm", o->no_fm, "follow digital voice only, no analog FM");
    parser->add_flag("--unannounced-fm",
                     o->unannounced_fm,
                     "play FM, too, that comes over a secure call, or within 60 s after "
                     "one, and that the call did not announce");
    add_fm(*parser, o->analog);
    parser->add_flag("--live",
                     o->live,
                     "the IQ comes now, although from a file: all rules against replays "
                     "hold, as for standard input");
    parser->add_flag("--recorded",
                     o->recorded,
                     "the IQ is a recording, although from standard input: calls of any "
                     "time are heard");
    add_state(*parser, o->state);
    add_told_profile(*parser, o->profile);
    add_iq_format(*parser, o->format);
    add_iq_file_rate(*parser, o->rate);
    parser->add_option("--report", o->report, "JSON: what was heard");
    parser->add_option("--frames-out",
                       o->frames_out,
                       "Codec2 frames in place, as c2enc writes them (without its .c2 "
                       "header); zeros for blocks lost");
    parser->add_option("--symbols-out",
                       o->symbols_out,
                       "cf32: equalised data symbols of the blocks played");
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
