/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "call_options.h"
#include "commands.h"
#include "io/ending.h"
#include "io/iq_input.h"
#include "io/progress.h"

#include <csignal>
#include <utility>

namespace securevoice::apps {

iq_input::iq_input(iq_reader& reader, std::string name)
    : d_reader(reader), d_name(std::move(name))
{
}

void iq_input::read(const std::function<void(const iq_samples&)>& take)
{
    progress bar(d_name);
    iq_samples samples;
    try {
        while (d_reader.read(samples)) {
            take(samples);
            d_samples += samples.size();
            if (d_reader.size() > 0)
                bar.at(static_cast<double>(d_samples) /
                       static_cast<double>(d_reader.size()));
        }
    } catch (const input_error& e) {
        d_failure = e.what();
    }
}

int iq_input::end(int code) const
{
    warn(d_reader.problem());
    if (!d_failure.empty()) {
        tell(d_failure + "; what came before it was received");
        return environment_failed;
    }
    const int number = input_ended_by();
    if (number == 0)
        return code;
    tell(std::string("ended by ") + signal_name(number) +
         ": what came before it was received");
    if (d_reader.size() == 0)
        return code;
    std::signal(number, SIG_DFL);
    std::raise(number);
    return 128 + number; // as a shell shows it, if the signal is blocked
}

} // namespace securevoice::apps
