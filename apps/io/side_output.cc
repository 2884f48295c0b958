/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/side_output.h"

namespace securevoice::apps {

side_output::side_output(const std::string& path)
{
    if (!path.empty())
        d_file.emplace(path);
}

void side_output::add(const std::vector<std::uint8_t>& octets)
{
    if (d_file && !octets.empty())
        deliver(octets.data(), octets.size());
}

void side_output::finish()
{
    if (d_file)
        d_file->publish_if_missing();
}

void side_output::deliver(const void* data, std::size_t octets)
{
    if (!d_file)
        return;
    d_file->write(data, octets);
    d_file->publish();
}

} // namespace securevoice::apps
