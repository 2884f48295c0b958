/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "segments.h"

#include "core/chain/opener.h"

#include <cmath>

namespace securevoice::apps {

namespace {

double milliseconds(double time) { return std::round(time * 1e3) / 1e3; }

} // namespace

void segment_list::add(kind k, double time)
{
    if (!d_open || k != d_kind)
        d_segments.push_back(
            { { "start", milliseconds(time) }, { "kind", kind_name(k) } });
    d_segments.back()["end"] = milliseconds(time + block_seconds);
    d_kind = k;
    d_open = true;
}

} // namespace securevoice::apps
