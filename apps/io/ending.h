/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

namespace securevoice::apps {

/*! From here on a signal that ends the program (also abort()) first removes the unfinished output files. The program still ends by
 * that signal. */
void clean_up_on_signals();

/*!
 * From here on the first SIGINT, SIGTERM or SIGHUP ends the input alone: what came until then is finished as at the end of any
 * input. A second one, half a second or more later, ends the program at once, as do all other signals.
 */
void end_input_on_signals();

/*! The signal that ended the input, or 0. */
int input_ended_by();

/*! A descriptor that can be read from as soon as the input is to end, for poll(); -1 before end_input_on_signals(). */
int input_end_descriptor();

/*! "Ctrl-C", "SIGTERM" ..., for sentences. */
const char* signal_name(int number);

} // namespace securevoice::apps
