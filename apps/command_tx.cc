/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice tx IN.wav OUT: the core's transmitter on a sound file.

#include "call_options.h"
#include "commands.h"
#include "io/iq_file.h"
#include "io/progress.h"
#include "io/side_output.h"
#include "io/speech_file.h"
#include "segments.h"
#include "switch_plan.h"

#include "core/chain/transmitter.h"
#include "core/keys/key_file.h"
#include "core/text/program_name.h"
#include "core/vocoder/vocoder.h"

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
    std::string key;
    std::string keyring;
    int passphrase_fd = -1;
    std::string state;
    std::string codec = "3200";
    std::string profile = "narrow";
    double rate = default_iq_rate;
    std::string format;
    std::optional<double> frequency;
    bool clear = false;
    bool fm = false;
    fm_options analog;
    std::vector<std::string> switches;
    double lead_seconds = 0.2;
    double tail_seconds = 0.2;
    std::string frames_out;
    std::string report;
};

transmitter_options transmitter_of(const options& o, const switch_plan& plan)
{
    if (o.clear && o.fm)
        throw std::invalid_argument("a call begins with --clear or with --fm, not both");
    if (o.key.empty() && !o.clear && !o.fm)
        throw std::invalid_argument("name the key to send with: --key NAME (made by " +
                                    quoted_command("keys new NAME") + ")");
    transmitter_options t;
    t.sample_rate = o.rate;
    t.seal.mode = mode_of(o.codec, o.profile);
    t.seal.first = o.clear ? kind::clear : o.fm ? kind::fm : kind::secure;
    // Clear was asked for by name, in this command line.
    t.seal.allow_clear = o.clear || plan.has(kind::clear);
    t.seal.allow_fm = o.fm || plan.has(kind::fm);
    t.fm = o.analog;
    if (!o.key.empty()) {
        t.seal.key =
            load_key(o.key, o.keyring, key_use::send, passphrases_from(o.passphrase_fd));
        t.seal.memory = std::make_shared<replay_memory>(o.state);
    }
    return t;
}

iq_samples silence(double seconds, double rate)
{
    if (!(seconds >= 0 && seconds <= 60))
        throw std::invalid_argument(
            "the silence before and after a call is 0 to 60 seconds long");
    return iq_samples(static_cast<std::size_t>(std::lround(seconds * rate)));
}

int run(const options& o)
{
    auto outputs = iq_files(o.output, o.format);
    outputs.insert(outputs.end(), { o.frames_out, o.report });
    auto inputs = passphrase_files(o.passphrase_fd);
    inputs.push_back(o.input);
    refuse_overwriting(inputs, outputs);
    switch_plan plan(o.switches);
    const auto transmit = transmitter_of(o, plan);
    transmitter tx(transmit);
    const auto lead = silence(o.lead_seconds, o.rate);
    const auto tail = silence(o.tail_seconds, o.rate);
    speech_reader in(o.input);
    warn(in.problem());
    plan.refuse_beyond(in.duration());
    iq_writer out(o.output, o.format, { o.rate, o.frequency });
    warn(out.name_problem());
    side_output frames_file(o.frames_out);
    side_output report_file(o.report);

    segment_list segments;
    std::size_t secure = 0;
    std::size_t clear = 0;
    std::size_t analog = 0;
    std::size_t unsent = 0; // a start frame took their time
    std::vector<std::uint8_t> frames;
    const auto c = codec_from_name(o.codec);
    tx.on_block = [&](kind k, const voice_field& voice) {
        const auto at =
            static_cast<double>(secure + clear + analog + unsent) * block_seconds;
        if (k == kind::none) {
            ++unsent;
            return;
        }
        segments.add(k, at);
        ++(k == kind::secure ? secure : k == kind::clear ? clear : analog);
        if (k == kind::fm)
            return;
        const auto octets = unpack_frames(c, voice);
        frames.insert(frames.end(), octets.begin(), octets.end());
    };

    progress bar("tx");
    out.write(lead);
    iq_samples iq;
    std::vector<std::int16_t> speech;
    std::uint64_t said = 0;
    tx.press();
    while (in.read(speech)) {
        for (std::size_t used = 0; used < speech.size();) {
            while (plan.due(said))
                tx.command(plan.take());
            const auto count = static_cast<std::size_t>(
                std::min<std::uint64_t>(speech.size() - used, plan.samples_left(said)));
            tx.push(speech.data() + used, count, iq);
            used += count;
            said += count;
        }
        out.write(iq);
        iq.clear();
        bar.at(static_cast<double>(said) /
               (in.duration() * static_cast<double>(speech_rate)));
    }
    tx.release(iq);
    out.write(iq);
    out.write(tail);
    if (transmit.seal.memory)
        warn(transmit.seal.memory->problem());
    warn(out.clipping());

    const nlohmann::ordered_json report{ { "blocks_sent", secure + clear + analog },
                                         { "secure_blocks", secure },
                                         { "clear_blocks", clear },
                                         { "fm_blocks", analog },
                                         { "codec", o.codec },
                                         { "profile", o.profile },
                                         { "segments", segments.json() } };
    out.commit();
    frames_file.deliver(frames.data(), frames.size());
    report_file.deliver(report.dump(2) + "\n");
    for (const auto& problem :
         { out.problem(), frames_file.problem(), report_file.problem() })
        warn(problem);
    return 0;
}

} // namespace

command add_tx(CLI::App& program)
{
    auto* parser = program.add_subcommand("tx", "speech to IQ: send a call");
    const auto o = std::make_shared<options>();
    parser->add_option("IN.wav", o->input, "speech, any rate, mono or stereo")
        ->required();
    parser->add_option("OUT", o->output, "IQ, '-': standard output")->required();
    parser->add_option("--key", o->key, "name in the keyring, or a path");
    add_keyring(*parser, o->keyring);
    add_passphrase_fd(*parser, o->passphrase_fd);
    add_state(*parser, o->state);
    add_codec(*parser, o->codec);
    add_profile(*parser, o->profile);
    add_iq_format(*parser, o->format);
    add_iq_rate(*parser, o->rate);
    parser->add_option("--frequency",
                       o->frequency,
                       "carrier that the IQ is for, Hz: SigMF metadata will say it");
    parser->add_flag(
        "--clear", o->clear, "begin in clear; without --key the whole call is clear");
    parser->add_flag(
        "--fm",
        o->fm,
        "begin as narrowband FM, which any radio hears; without --key the whole "
        "call is FM");
    add_fm(*parser, o->analog);
    parser
        ->add_option("--switch",
                     o->switches,
                     "T=clear, T=fm or T=secure: switch at T s of the speech; several, "
                     "with commas")
        ->delimiter(',');
    parser->add_option("--lead-seconds", o->lead_seconds, "silence before the call, s")
        ->capture_default_str();
    parser->add_option("--tail-seconds", o->tail_seconds, "silence after it, s")
        ->capture_default_str();
    parser->add_option("--frames-out",
                       o->frames_out,
                       "Codec2 frames of the digital voice sent, as c2enc writes them "
                       "(without its .c2 header)");
    parser->add_option("--report",
                       o->report,
                       "JSON: blocks of speech sent (the two END blocks after them are "
                       "not counted), kinds; times in s of the speech");
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
