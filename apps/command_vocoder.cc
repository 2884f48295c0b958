/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice vocoder IN.wav OUT.wav: what Codec2 alone makes of speech, without any radio.

#include "call_options.h"
#include "commands.h"
#include "io/iq_format.h"
#include "io/progress.h"
#include "io/side_output.h"
#include "io/speech_file.h"

#include "core/files/speech_recording.h"
#include "core/vocoder/vocoder.h"

#include <memory>

namespace securevoice::apps {

namespace {

struct options {
    std::string input;
    std::string output;
    std::string codec = "3200";
    std::string frames_out;
};

int run(const options& o)
{
    refuse_overwriting({ o.input }, { o.output, o.frames_out });
    const auto c = codec_from_name(o.codec);
    speech_reader in(o.input);
    warn(in.problem());
    speech_recording out(o.output, {}, speech_recording::use::whole);
    side_output frames_file(o.frames_out);

    vocoder_encoder encoder(c);
    vocoder_decoder decoder(c);
    progress bar("vocoder");
    std::vector<std::uint8_t> frames;
    std::vector<std::int16_t> pending;
    std::vector<std::int16_t> heard(samples_per_block);
    const auto through = [&](const std::int16_t* block) {
        const auto voice = encoder.encode(block);
        const auto octets = unpack_frames(c, voice);
        frames.insert(frames.end(), octets.begin(), octets.end());
        decoder.decode(voice, heard.data());
        out.write(heard.data(), heard.size());
    };
    std::vector<std::int16_t> samples;
    while (in.read(samples)) {
        pending.insert(pending.end(), samples.begin(), samples.end());
        std::size_t used = 0;
        for (; used + samples_per_block <= pending.size(); used += samples_per_block)
            through(pending.data() + used);
        pending.erase(pending.begin(),
                      pending.begin() + static_cast<std::ptrdiff_t>(used));
        bar.at(static_cast<double>(out.samples()) /
               (in.duration() * static_cast<double>(speech_rate)));
    }
    if (!pending.empty()) {
        pending.resize(
            samples_per_block); // the last block is filled with silence, as tx does
        through(pending.data());
    }
    out.finish();
    frames_file.deliver(frames.data(), frames.size());
    warn(out.problem());
    warn(frames_file.problem());
    return 0;
}

} // namespace

command add_vocoder(CLI::App& program)
{
    auto* parser = program.add_subcommand(
        "vocoder", "speech through Codec2 and back, without radio, for comparison");
    const auto o = std::make_shared<options>();
    parser->add_option("IN.wav", o->input, "speech")->required();
    parser->add_option("OUT.wav", o->output, "8 kHz, mono, 16 bit")->required();
    add_codec(*parser, o->codec);
    parser->add_option("--frames-out",
                       o->frames_out,
                       "Codec2 frames, as c2enc writes them (without its .c2 header)");
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
