/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/analog/fm_options.h"
#include "core/keys/passphrase.h"
#include "core/protocol/mode.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace securevoice::apps {

// Options that several commands share, so that they are spelled and explained once.

void add_keyring(CLI::App& parser, std::string& folder);
/*! \param descriptor stays as it is, by custom -1, if the option is not given */
void add_passphrase_fd(CLI::App& parser, int& descriptor);
/*! The name that the system has for what passphrases are read from; none for the terminal. For refuse_overwriting(). */
std::vector<std::string> passphrase_files(int descriptor);
/*! Folder of the replay memory. */
void add_state(CLI::App& parser, std::string& folder);
void add_iq_rate(CLI::App& parser, double& rate);
/*! For IQ that may say its rate itself. \p rate stays without value if the option is not given. */
void add_iq_file_rate(CLI::App& parser, std::optional<double>& rate);
/*! Format of an IQ file, empty if the option is not given. \param option --format, or another name */
void add_iq_format(CLI::App& parser,
                   std::string& format,
                   const std::string& option = "--format");

constexpr double default_iq_rate = 48000; // samples/s
class iq_reader;
/*! What to try if the rate was assumed, for the end of a sentence; else empty. */
std::string assumed_rate(const iq_reader& reader);
void add_codec(CLI::App& parser, std::string& name);
/*! Deviation, emphasis and CTCSS of FM, for both ends. */
void add_fm(CLI::App& parser, fm_options& fm);
void add_profile(CLI::App& parser, std::string& name);
/*! What a receiver listens for; \p name stays empty if the option is not given. */
void add_told_profile(CLI::App& parser, std::string& name);
/*! Nothing for an empty name. \throws std::invalid_argument for a profile that does not exist */
std::optional<profile> told_profile(const std::string& name);
/*! What the receiver of a measurement is told: it finds all but the plain modems by itself. */
std::optional<profile> profile_to_tell(profile sent);

/*! A line on standard error. Where it cannot be written there is nobody to tell that: the work goes on. */
void tell_line(const std::string& line);
/*! A message on standard error: begins with the name that the program was called by. */
void tell(const std::string& sentence);
/*! A warning, if there is a sentence. */
void warn(const std::string& sentence);

/*! The descriptor's lines, or the terminal for a negative one. */
passphrase_source passphrases_from(int descriptor);

/*! \throws std::invalid_argument for a codec or profile that does not exist */
mode mode_of(const std::string& codec_name, const std::string& profile_name);

/*! A number, or nothing for "random". \throws std::invalid_argument naming \p option */
std::optional<double> number_or_random(const char* option, const std::string& text);

} // namespace securevoice::apps
