/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/mode.h"

#include <CLI/CLI.hpp>

#include <string>

namespace securevoice::apps {

// Options that several commands share, so that they are spelled and explained once.

void add_keyring(CLI::App& parser, std::string& folder);
void add_iq_rate(CLI::App& parser, double& rate);
void add_codec(CLI::App& parser, std::string& name);
void add_profile(CLI::App& parser, std::string& name);

/*! \throws std::invalid_argument for a codec or profile that does not exist or has no waveform in this version */
mode mode_of(const std::string& codec_name, const std::string& profile_name);

} // namespace securevoice::apps
