/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/side_output.h"

#include <stdexcept>

namespace securevoice::apps {

side_output::side_output(const std::string& path)
{
    if (!path.empty())
        d_file.emplace(path);
}

void side_output::add(const std::vector<std::uint8_t>& octets)
{
    if (d_failure || octets.empty())
        return;
    try {
        deliver(octets.data(), octets.size());
    } catch (const std::runtime_error&) {
        d_failure = std::current_exception();
    }
}

void side_output::finish()
{
    if (d_failure)
        std::rethrow_exception(d_failure);
    if (d_file && d_written)
        d_file->publish(); // it may have been removed since
    else if (d_file)
        d_file->publish_if_missing();
}

void side_output::deliver(const void* data, std::size_t octets)
{
    if (!d_file)
        return;
    d_written = true;
    d_file->write(data, octets);
    d_file->publish();
}

} // namespace securevoice::apps
