/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"

#include <nlohmann/json.hpp>

namespace securevoice::apps {

/*! Stretches of blocks of one kind, for reports: [{"start": s, "end": s, "kind": "secure"}, ...]. */
class segment_list
{
public:
    /*! \param time of the block's first instant, s; blocks come in the order of time */
    void add(kind k, double time);
    /*! The next block begins a new segment, whatever its kind. */
    void interrupt() { d_open = false; }
    const nlohmann::ordered_json& json() const { return d_segments; }

private:
    nlohmann::ordered_json d_segments = nlohmann::ordered_json::array();
    kind d_kind = kind::none;
    bool d_open = false;
};

} // namespace securevoice::apps
