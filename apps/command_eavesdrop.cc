/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice eavesdrop IN OUT.wav: all that a listener without any key can get. Clear blocks become speech; the
// bits of encrypted blocks are taken as if they were speech.

#include "call_options.h"
#include "commands.h"
#include "io/ending.h"
#include "io/iq_input.h"
#include "io/side_output.h"

#include "core/chain/receiver.h"
#include "core/chain/slot_decoder.h"
#include "core/files/speech_recording.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

namespace securevoice::apps {

namespace {

constexpr std::size_t list_size = 32;
// A receiver follows a call for some seconds after its end. A block whose known symbols fit so much worse than those of the call
// is noise.
constexpr float noise_share = 1.0F / 3;

struct options {
    std::string input;
    std::string output;
    std::optional<double> rate;
    std::string format;
    std::string profile;
    std::string frames_out;
    std::string report;
};

/*! One signal, as it was demodulated. */
struct overheard_call {
    std::optional<codec> rate;                   // as the pilots of its first block say
    std::map<std::uint32_t, voice_field> blocks; // by their numbers
    std::uint32_t last = 0;                      // of those that were not noise
    float quality = 0;                           // mean of these
    std::size_t good = 0;                        // how many these are
    std::size_t clear = 0;
};

voice_field voice_bits_of(const air_block& block)
{
    voice_field voice{};
    std::copy(block.body.begin() + 1,
              block.body.end(),
              voice.begin()); // behind the signalling octet
    return voice;
}

class eavesdropper
{
public:
    eavesdropper(double sample_rate, const std::string& profile)
        : d_receiver(without_keys(sample_rate, profile)), d_decoder(list_size)
    {
        d_receiver.on_frame = [this](const soft_frame& frame) { overhear(frame); };
        d_receiver.on_block = [this](const heard_block& block) { understand(block); };
    }

    void push(const iq_samples& samples)
    {
        d_receiver.push(samples.data(), samples.size(), d_unused);
        d_unused.clear();
    }
    void finish() { d_receiver.finish(d_unused); }

    const std::map<std::uint32_t, overheard_call>& calls() const { return d_calls; }

private:
    static receiver_options without_keys(double sample_rate, const std::string& profile)
    {
        receiver_options o;
        o.demodulate.profile = told_profile(profile);
        o.demodulate.sample_rate = sample_rate;
        o.analog.follow = false;
        return o;
    }

    void overhear(const soft_frame& frame)
    {
        d_track = frame.track;
        if (frame.what != soft_frame::type::block || !is_mode(frame.mode))
            return;
        auto& call = d_calls[frame.track];
        const auto m = mode_from_code(frame.mode);
        if (!call.rate)
            call.rate = m.codec;
        if (m.codec != *call.rate)
            return;
        call.blocks[frame.number] = voice_bits_of(d_decoder.decode_blind(frame, m).block);
        if (frame.sync_quality < noise_share * call.quality)
            return;
        call.last = std::max<std::uint32_t>(call.last, frame.number);
        call.quality +=
            (frame.sync_quality - call.quality) / static_cast<float>(++call.good);
    }

    // What the receiver without keys plays was sent in clear.
    void understand(const heard_block& block)
    {
        if (block.what != heard_block::action::play)
            return;
        auto& call = d_calls[d_track];
        call.blocks[block.number] = block.voice;
        ++call.clear;
    }

    receiver d_receiver;
    slot_decoder d_decoder;
    std::map<std::uint32_t, overheard_call> d_calls; // by track
    std::uint32_t d_track = 0;
    std::vector<std::int16_t> d_unused;
};

int run(const options& o)
{
    refuse_overwriting(iq_files(o.input, o.format), { o.output, o.frames_out, o.report });
    iq_reader in(o.input, o.format);
    in.level();
    eavesdropper ear(in.rate(o.rate, default_iq_rate), o.profile);
    speech_recording out(o.output, {}, speech_recording::use::whole);
    side_output frames_file(o.frames_out);
    side_output report_file(o.report);
    if (in.size() == 0) // live: a signal is its end
        end_input_on_signals();
    iq_input input(in, "eavesdrop");
    input.read([&](const iq_samples& samples) { ear.push(samples); });
    ear.finish();

    std::vector<std::uint8_t> frames;
    std::vector<std::int16_t> speech(samples_per_block);
    auto calls = nlohmann::ordered_json::array();
    for (const auto& [track, call] : ear.calls()) {
        if (call.blocks.empty())
            continue;
        const auto first = call.blocks.begin()->first;
        const auto last = std::max(first, call.last);
        vocoder_decoder decoder(*call.rate);
        for (auto number = first; number <= last; ++number) {
            const auto found = call.blocks.find(number);
            const auto voice = found == call.blocks.end() ? voice_field{} : found->second;
            const auto octets = unpack_frames(*call.rate, voice);
            frames.insert(frames.end(), octets.begin(), octets.end());
            decoder.decode(voice, speech.data());
            out.write(speech.data(), speech.size());
        }
        calls.push_back({ { "codec", codec_name(*call.rate) },
                          { "first_block", first },
                          { "blocks", last - first + 1 },
                          { "clear_blocks", call.clear } });
    }
    out.finish();
    frames_file.deliver(frames.data(), frames.size());
    report_file.deliver(nlohmann::ordered_json{ { "calls", calls } }.dump(2) + "\n");
    for (const auto& problem :
         { out.problem(), frames_file.problem(), report_file.problem() })
        warn(problem);
    if (calls.empty())
        tell("nothing overheard: no signal of this system was found" + assumed_rate(in));
    return input.end(calls.empty() ? nothing_heard : 0);
}

} // namespace

command add_eavesdrop(CLI::App& program)
{
    auto* parser = program.add_subcommand(
        "eavesdrop",
        "all that a listener without key gets: the demodulated bits as speech");
    const auto o = std::make_shared<options>();
    parser->add_option("IN", o->input, "IQ, '-': standard input")->required();
    parser->add_option("OUT.wav", o->output, "8 kHz, mono, 16 bit")->required();
    add_told_profile(*parser, o->profile);
    add_iq_format(*parser, o->format);
    add_iq_file_rate(*parser, o->rate);
    parser->add_option(
        "--frames-out", o->frames_out, "the bits as Codec2 frames, in place");
    parser->add_option("--report", o->report, "JSON: calls overheard");
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps
