/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"

#include <pmt/pmt.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gr {
namespace securevoice {

/*! What a message on a port `conf` asks for. */
struct conf_command {
    std::optional<::securevoice::kind> kind;
    std::optional<bool> ptt;
    bool zeroize = false;
};

/*!
 * \throws std::invalid_argument for anything but a dictionary or pair with the keys of
 * seal.h;
 *        the whole message is refused then
 */
conf_command parse_conf(const pmt::pmt_t& message);

/*! \param name "secure", "clear" or "fm" \throws std::invalid_argument */
::securevoice::kind kind_from_name(const std::string& name);

/*! Of a command, for speech encoder and sealer: ns of the monotonic clock. */
std::uint64_t command_time(std::chrono::steady_clock::time_point given);

/*! How much later than the Voice Encoder the Seal block may get the same message, ns.
 * Both stamp it when they handle it. */
constexpr std::uint64_t message_skew = 1'000'000'000;

/*! The messages that parse_conf() understands. */
pmt::pmt_t kind_message(::securevoice::kind k);
pmt::pmt_t ptt_message(bool pressed);
pmt::pmt_t zeroize_message();

} // namespace securevoice
} // namespace gr
