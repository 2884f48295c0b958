/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice rx IN OUT.wav: the core's receiver on an IQ file.

#include "call_log.h"
#include "call_options.h"
#include "commands.h"
#include "heard_line.h"
#include "io/ending.h"
#include "io/iq_input.h"
#include "io/middle_carrier.h"
#include "io/side_output.h"
#include "second_look.h"

#include "core/files/speech_recording.h"
#include "core/keys/key_file.h"

#include <fmt/format.h>

#include <exception>
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
    heard_choice choice;
    bool unannounced_fm = false;
    bool live = false;
    bool recorded = false;
    std::string state;
    std::optional<double> rate;
    std::optional<double> tune;
    std::string format;
    std::string report;
    std::string frames_out;
    std::string symbols_out;
};

std::string why_nothing(const options& o, const receiver_status& status)
{
    switch (status.state) {
    case heard_state::idle:
        return "no signal of this system was found (right --rate, right frequency?)";
    case heard_state::encrypted_no_key:
        return o.no_key ? "encrypted, no key: --no-key hears clear calls only; name the "
                          "caller's key with --key"
                        : "encrypted, no key: none of the keys given is the caller's";
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
        return std::string(
                   "something like a signal was found, but nothing in it could be "
                   "verified") +
               (o.no_key ? "; --no-key hears clear calls only" : "");
    }
}

/*! Known for certain: no option changes it. */
bool is_explained(const receiver_status& status)
{
    return status.state == heard_state::encrypted_no_key ||
           status.state == heard_state::replay_refused ||
           status.state == heard_state::delayed;
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
    if (o.no_key && o.choice.secure_only)
        throw std::invalid_argument(
            "--secure-only needs a key: without one nothing secure can be heard");
    if (o.choice.no_fm && o.unannounced_fm)
        throw std::invalid_argument("say --no-fm or --unannounced-fm, not both");
    receiver_options r;
    r.receive.secure_only = o.choice.secure_only;
    r.receive.unannounced_fm = o.unannounced_fm;
    r.analog.follow = !o.choice.no_fm;
    r.analog.fm = o.choice.analog;
    r.demodulate.profile = told_profile(o.choice.profile);
    if (!is_recording(o))
        r.receive.replay.memory = std::make_shared<replay_memory>(o.state);
    const auto ask = passphrases_from(o.passphrase_fd);
    for (const auto& key : o.keys)
        r.receive.keys.push_back(load_key(key, o.keyring, key_use::receive, ask));
    return r;
}

iq_place place_of(const options& o) { return { o.input, o.format, o.rate, o.tune }; }

/*! The outputs of one reception. */
struct outputs {
    explicit outputs(const options& o)
        : speech(o.output), report(o.report), frames(o.frames_out)
    {
        if (!o.symbols_out.empty())
            symbols.emplace(o.symbols_out, "cf32", iq_writer::description{});
    }

    speech_recording speech;
    side_output report;
    side_output frames;
    std::optional<iq_writer> symbols;
    std::exception_ptr failure;

    /*! Does something for what stands beside the speech, which does not end for it: the first failure is told at the end. \return success */
    template <class work>
    bool beside(const work& w)
    {
        try {
            w();
            return true;
        } catch (const std::runtime_error&) {
            if (!failure)
                failure = std::current_exception();
            return false;
        }
    }

    void add_symbols(const iq_samples& some)
    {
        if (!beside([&] { symbols->write(some); }))
            symbols.reset();
    }
};

/*! What to try where nothing of this system was found; empty: nothing comes to mind. */
std::string advice(const options& o, const iq_reader& in, const middle_carrier& carrier)
{
    if (carrier.is_there())
        return "; a carrier stands in the very middle, as of a receiver that is tuned "
               "upon the signal: tune it beside, and use --tune";
    if (in.size() > 0 && would_be_heard_swapped(place_of(o), o.choice))
        return o.choice.swap_iq
                   ? "; with I and Q as they are there is a call: leave out --swap-iq"
                   : "; with I and Q exchanged there is a call: use --swap-iq";
    return assumed_rate(in);
}

std::string why_nothing(const options& o,
                        const receiver_status& status,
                        const iq_reader& in,
                        const middle_carrier& carrier)
{
    if (is_explained(status))
        return why_nothing(o, status);
    if (o.choice.secure_only && status.fm_refused > 0)
        return "analog FM, which --secure-only leaves out";
    const auto hiding = hiding_options_of(o.choice);
    if (in.size() > 0)
        if (auto hidden = hidden_by(place_of(o), o.choice); !hidden.empty())
            return hidden;
    auto why = why_nothing(o, status);
    if (status.state == heard_state::idle || status.state == heard_state::pending ||
        status.state == heard_state::unreadable)
        why += advice(o, in, carrier);
    if (in.size() == 0 && !hiding.empty()) // nobody can look again
        why += "; what " + hiding + " may have left out is not counted";
    return why;
}

/*! Says what was heard. \return the exit code */
int tell_heard(const options& o,
               const call_log& log,
               const receiver_status& status,
               const iq_reader& in,
               const middle_carrier& carrier)
{
    if (log.heard().empty()) {
        auto why = why_nothing(o, status, in, carrier);
        if (status.refused > 0)
            why += fmt::format(" ({} blocks were refused)", status.refused);
        tell("nothing heard: " + why);
        return nothing_heard;
    }
    const bool chosen = o.choice.secure_only || o.unannounced_fm;
    tell(
        heard_line(log,
                   status,
                   chosen ? "" : "--unannounced-fm plays what no secure call announced"));
    // Without a key, what is secure is not asked for.
    const auto refused = o.no_key ? std::string() : refused_line(log, status);
    warn(refused);
    if (!refused.empty())
        return blocks_refused;
    // FM that is centred has a carrier of its own: it is doubtful where something digital was there, too.
    const bool digital =
        status.state == heard_state::pending || status.state == heard_state::unreadable;
    if (log.played() == 0 && (in.rate_is_assumed() || (digital && carrier.is_there()))) {
        warn("what was heard as FM may be noise" + advice(o, in, carrier));
        return doubtful;
    }
    return 0;
}

int run(const options& o)
{
    auto inputs = iq_files(o.input, o.format);
    for (const auto& more : passphrase_files(o.passphrase_fd))
        inputs.push_back(more);
    refuse_overwriting(inputs, { o.output, o.report, o.frames_out, o.symbols_out });
    auto settings = receiver_of(o);
    iq_reader in(o.input, o.format);
    const auto rate = in.rate(o.rate, default_iq_rate);
    if (o.tune)
        in.tune(*o.tune);
    if (o.choice.swap_iq)
        in.swap_iq();
    in.level();
    settings.demodulate.sample_rate = rate;
    receiver rx(settings);
    outputs out(o);
    middle_carrier carrier(rate);

    const auto problem = rx.status().memory_problem;
    warn(problem);
    call_log log(out.frames.wanted() ? [&](const auto& octets) { out.frames.add(octets); }
                                     : call_log::frames_sink());
    bool new_symbols = false;
    rx.on_frame = [&](const soft_frame& frame) {
        log.frame(frame);
        new_symbols = true;
    };
    rx.on_block = [&](const heard_block& block) {
        log.block(block, rx.status());
        if (out.symbols && block.what == heard_block::action::play &&
            std::exchange(new_symbols, false))
            out.add_symbols(rx.constellation());
    };
    std::vector<std::int16_t> speech;
    const auto write = [&] {
        out.speech.write(speech.data(), speech.size());
        speech.clear();
    };
    end_input_on_signals();
    iq_input input(in, "rx");
    input.read([&](const iq_samples& samples) {
        carrier.look(samples);
        rx.push(samples.data(), samples.size(), speech);
        write();
    });
    rx.finish(speech);
    write();
    log.finish();

    const auto status = rx.status();
    if (status.memory_problem != problem)
        warn(status.memory_problem);
    auto report = log.report(status);
    report["iq_seconds"] = static_cast<double>(input.samples()) / rate;
    if (const auto frequency = in.frequency())
        report["frequency_hz"] = *frequency;
    report["audio_seconds"] = static_cast<double>(out.speech.samples()) / speech_rate;
    out.speech.finish();
    warn(out.speech.problem());
    out.beside([&] { out.frames.finish(); });
    if (out.symbols)
        out.beside([&] { out.symbols->commit(); });
    out.beside([&] { out.report.deliver(report.dump(2) + "\n"); });
    warn(out.frames.problem());
    warn(out.symbols ? out.symbols->problem() : "");
    warn(out.report.problem());
    const int code = tell_heard(o, log, status, in, carrier);
    if (out.failure)
        std::rethrow_exception(out.failure);
    return input.end(code);
}

} // namespace

command add_rx(CLI::App& program)
{
    auto* parser = program.add_subcommand("rx", "IQ to speech: receive a call");
    parser->footer(
        "Exit codes: 0 something was heard, 1 a file or the system failed, 2 an option "
        "makes no sense,\n3 nothing was heard, 4 heard, but blocks were refused, 5 FM "
        "alone at an assumed rate.\nCtrl-C ends a live input, and what was heard is "
        "kept; "
        "a second one ends at once.");
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
    parser->add_flag(
        "--secure-only", o->choice.secure_only, "play neither clear voice nor FM");
    parser->add_flag(
        "--no-fm", o->choice.no_fm, "follow digital voice only, no analog FM");
    parser->add_flag("--unannounced-fm",
                     o->unannounced_fm,
                     "play FM, too, that comes over a secure call, or within 60 s after "
                     "one, and that the call did not announce");
    add_fm(*parser, o->choice.analog);
    parser->add_flag("--live",
                     o->live,
                     "the IQ comes now, although from a file: all rules against replays "
                     "hold, as for standard input");
    parser->add_flag("--recorded",
                     o->recorded,
                     "the IQ is a recording, although from standard input: calls of any "
                     "time are heard");
    add_state(*parser, o->state);
    add_told_profile(*parser, o->choice.profile);
    add_iq_format(*parser, o->format);
    add_iq_file_rate(*parser, o->rate);
    parser->add_option(
        "--tune",
        o->tune,
        "carrier to hear, Hz: from the middle of the recording, if within "
        "half its rate; else on the air, if the recording says where it "
        "was made (SigMF, or its name: gqrx, rtl_433, SDR++, SDR#, HDSDR)");
    parser->add_flag("--swap-iq",
                     o->choice.swap_iq,
                     "I and Q are exchanged: hear the mirrored spectrum");
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
