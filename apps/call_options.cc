/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "call_options.h"
#include "io/iq_file.h"

#include "core/text/number.h"
#include "core/text/program_name.h"

#include <fmt/format.h>

#include <cstdio>
#include <stdexcept>

namespace securevoice::apps {

void add_keyring(CLI::App& parser, std::string& folder)
{
    parser.add_option("--keyring",
                      folder,
                      "folder of the keys (default: $SECUREVOICE_KEYRING, or "
                      "~/.config/gr-securevoice/keys)");
}

void add_passphrase_fd(CLI::App& parser, int& descriptor)
{
    parser
        .add_option(
            "--passphrase-fd",
            descriptor,
            "read passphrases from this open file descriptor, a line each, instead "
            "of the terminal")
        ->check(CLI::Range(0, 1023));
}

std::vector<std::string> passphrase_files(int descriptor)
{
    if (descriptor < 0)
        return {};
    return { fmt::format("/dev/fd/{}", descriptor) };
}

void tell_line(const std::string& line) { std::fputs((line + "\n").c_str(), stderr); }

void tell(const std::string& sentence) { tell_line(program_word() + ": " + sentence); }

void warn(const std::string& sentence)
{
    if (!sentence.empty())
        tell("warning: " + sentence);
}

passphrase_source passphrases_from(int descriptor)
{
    return descriptor < 0 ? passphrase_from_terminal()
                          : passphrase_from_descriptor(descriptor);
}

void add_state(CLI::App& parser, std::string& folder)
{
    parser.add_option("--state",
                      folder,
                      "folder of the replay memory (default: $SECUREVOICE_STATE, "
                      "$XDG_STATE_HOME/gr-securevoice or "
                      "~/.local/state/gr-securevoice)");
}

void add_iq_rate(CLI::App& parser, double& rate)
{
    parser.add_option("--rate", rate, "sample rate of the IQ, samples/s")
        ->capture_default_str();
}

void add_iq_file_rate(CLI::App& parser, std::optional<double>& rate)
{
    parser.add_option("--rate",
                      rate,
                      fmt::format("sample rate of the IQ, samples/s (default: what a WAV "
                                  "or SigMF file says, else {:.0f})",
                                  default_iq_rate));
}

std::string assumed_rate(const iq_reader& reader)
{
    if (!reader.rate_is_assumed())
        return {};
    return fmt::format("; assumed {:.0f} samples/s, for the input does not say its rate: "
                       "give --rate if it has another",
                       default_iq_rate);
}

void add_iq_format(CLI::App& parser, std::string& format, const std::string& option)
{
    parser.add_option(option,
                      format,
                      "format of the IQ, if the name's extension does not tell it: " +
                          iq_format_names());
}

void add_codec(CLI::App& parser, std::string& name)
{
    std::string all;
    for (const auto& n : codec_names())
        all += (all.empty() ? "" : ", ") + n;
    parser.add_option("--codec", name, "Codec2 rate: " + all)->capture_default_str();
}

void add_fm(CLI::App& parser, fm_options& fm)
{
    parser
        .add_option(
            "--deviation",
            fm.deviation_hz,
            "peak deviation of FM, Hz: 2500 for channels of 12.5 kHz, 5000 for 25 kHz")
        ->capture_default_str();
    parser.add_flag_callback(
        "--no-emphasis", [&fm] { fm.emphasis = false; }, "FM without emphasis of 750 us");
    parser.add_option(
        "--ctcss",
        fm.ctcss_hz,
        "CTCSS tone of FM, 67 to 254.1 Hz; a receiver hears no FM without it");
}

void add_profile(CLI::App& parser, std::string& name)
{
    parser
        .add_option("--profile",
                    name,
                    "waveform: narrow, robust (for fading; 0.56 s later), or constant "
                    "(for saturated amplifiers); for comparison gmsk, 4fsk, bpsk, qpsk")
        ->capture_default_str();
}

void add_told_profile(CLI::App& parser, std::string& name)
{
    parser.add_option("--profile",
                      name,
                      "hear this waveform only: narrow, robust, constant, gmsk, 4fsk, "
                      "bpsk or qpsk (default: narrow, robust and constant)");
}

std::optional<profile> told_profile(const std::string& name)
{
    return name.empty() ? std::nullopt : std::optional(profile_from_name(name));
}

std::optional<profile> profile_to_tell(profile sent)
{
    return is_plain(sent) ? std::optional(sent) : std::nullopt;
}

mode mode_of(const std::string& codec_name, const std::string& profile_name)
{
    return { codec_from_name(codec_name), profile_from_name(profile_name) };
}

std::optional<double> number_or_random(const char* option, const std::string& text)
{
    if (text == "random")
        return std::nullopt;
    return number_from_text(text, std::string(option) + ", unless it is 'random',");
}

} // namespace securevoice::apps
