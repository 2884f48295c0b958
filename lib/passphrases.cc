/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "passphrases.h"

#include <gnuradio/securevoice/passphrases.h>

#include <atomic>
#include <stdexcept>

namespace gr {
namespace securevoice {

namespace {

constexpr int terminal = -1;
constexpr int most = 1023; // as on the command line
std::atomic<int> chosen{ terminal };

} // namespace

void set_passphrase_descriptor(int descriptor)
{
    if (descriptor < terminal || descriptor > most)
        throw std::invalid_argument(
            "the file descriptor of passphrases is from 0 to 1023, or -1: the terminal");
    chosen = descriptor;
}

::securevoice::passphrase_source passphrases()
{
    const int descriptor = chosen;
    return descriptor == terminal ? ::securevoice::passphrase_from_terminal()
                                  : ::securevoice::passphrase_from_descriptor(descriptor);
}

} // namespace securevoice
} // namespace gr
