/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/analog/fm_options.h"

#include <optional>
#include <string>

namespace securevoice::apps {

/*! What of a receiver's options decides which signals it plays. */
struct heard_choice {
    std::string profile; // empty: all that are found by themselves
    bool secure_only = false;
    bool no_fm = false;
    bool swap_iq = false;
    fm_options analog;
};

/*! IQ, and where in it the call should be. */
struct iq_place {
    std::string path;
    std::string format;
    std::optional<double> rate; // samples/s, and
    std::optional<double> tune; // Hz, as given
};

/*!
 * Looks at the first minute of a file, in which nothing was heard, again, with each option taken back that leaves something out.
 * \return "--no-fm leaves out the FM that is there" ...; empty: no option is the reason
 * \throws as iq_reader()
 */
std::string hidden_by(const iq_place& place, const heard_choice& chosen);

/*! Whether a call is in the mirrored spectrum of such a file. \throws as iq_reader() */
bool would_be_heard_swapped(const iq_place& place, heard_choice chosen);

/*! "--no-fm and --profile narrow": the options that leave something out. */
std::string hiding_options_of(const heard_choice& chosen);

} // namespace securevoice::apps
