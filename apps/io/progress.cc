/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace securevoice::apps {

namespace {

double now()
{
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

progress::progress(std::string what)
    : d_what(std::move(what)), d_terminal(isatty(STDERR_FILENO) != 0), d_next(now() + 0.5)
{
}

progress::~progress()
{
    if (d_drawn)
        std::fputs("\r\033[K", stderr);
}

void progress::at(double share)
{
    if (!d_terminal || now() < d_next)
        return;
    constexpr std::size_t width = 40;
    share = std::clamp(share, 0.0, 1.0);
    const auto full = static_cast<std::size_t>(share * width);
    // The terminal may be gone: fmt::print() would throw.
    std::fputs(fmt::format("\r{} [{}{}] {:3.0f} %",
                           d_what,
                           std::string(full, '='),
                           std::string(width - full, ' '),
                           100 * share)
                   .c_str(),
               stderr);
    std::fflush(stderr);
    d_drawn = true;
    d_next = now() + 0.1;
}

} // namespace securevoice::apps
