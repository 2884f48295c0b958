/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>

/*! How the user calls this program, so that what a sentence tells him to run can be
 * run. */
namespace securevoice {

/*! "securevoice", "./gr-securevoice", ...: what set_program_name() was told, by this
 * program or by the one that became it; else "securevoice". */
std::string program_name();
/*! Its last part: begins a message. */
std::string program_word();
/*! A command for a sentence: 'securevoice keys list', with its quotes. */
std::string quoted_command(const std::string& arguments);

/*! For this process and the programs that it starts, unless one that started it was
 * called by another name. Before there are threads. */
void set_program_name(const std::string& called_as);

} // namespace securevoice
