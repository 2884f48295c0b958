/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_file.h"

#include <cstdint>
#include <functional>
#include <string>

namespace securevoice::apps {

/*! IQ from its beginning to its end, whatever ends it, with a bar of progress. */
class iq_input
{
public:
    /*! \param name of the command, for the bar */
    iq_input(iq_reader& reader, std::string name);

    /*!
     * Reads all. A read error and a signal end the input, too (the signal only after end_input_on_signals()): what came before is good.
     * \throws std::runtime_error if the input holds no IQ
     */
    void read(const std::function<void(const iq_samples&)>& take);

    /*! Samples that came. */
    std::uint64_t samples() const { return d_samples; }

    /*!
     * After all outputs are finished: says in a sentence why the input ended, if not by itself. A pipe or device that a signal ended is
     * live, and this is its usual end; a file that a signal broke off ends the program by that signal.
     * \param code the exit code so far \return the exit code
     */
    int end(int code) const;

private:
    iq_reader& d_reader;
    std::string d_name;
    std::uint64_t d_samples = 0;
    std::string d_failure; // of reading: a sentence
};

} // namespace securevoice::apps
