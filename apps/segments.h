/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace securevoice::apps {

/*! Blocks of one kind and key, without a gap between them. */
struct segment {
    securevoice::kind kind = securevoice::kind::none;
    std::string key; // name, of secure blocks that were received
    double start = 0;
    double end = 0; // s
    std::size_t blocks = 0;
};

/*! Stretches of blocks of one kind. */
class segment_list
{
public:
    /*! \param time of the block's first instant, s; blocks come in the order of time */
    void add(kind k, double time, const std::string& key = {});
    /*! The next block begins a new segment, whatever its kind. */
    void interrupt() { d_begun = false; }

    const std::vector<segment>& all() const { return d_segments; }
    /*! For reports: [{"start": s, "end": s, "kind": "secure"}, ...]. */
    nlohmann::ordered_json json() const;

private:
    std::vector<segment> d_segments;
    bool d_begun = false;
};

} // namespace securevoice::apps
