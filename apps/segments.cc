/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "segments.h"

#include "core/chain/call_receiver.h"

#include <cmath>

namespace securevoice::apps {

namespace {

double milliseconds(double time) { return std::round(time * 1e3) / 1e3; }

} // namespace

void segment_list::add(kind k, double time, const std::string& key)
{
    if (!d_begun || k != d_segments.back().kind || key != d_segments.back().key)
        d_segments.push_back({ k, key, time, time, 0 });
    d_segments.back().end = time + block_seconds;
    ++d_segments.back().blocks;
    d_begun = true;
}

nlohmann::ordered_json segment_list::json() const
{
    auto all = nlohmann::ordered_json::array();
    for (const auto& s : d_segments)
        all.push_back({ { "start", milliseconds(s.start) },
                        { "kind", kind_name(s.kind) },
                        { "end", milliseconds(s.end) } });
    return all;
}

} // namespace securevoice::apps
