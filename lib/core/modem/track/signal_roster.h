/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/track/tracker.h"

#include <memory>
#include <vector>

namespace securevoice {

/*! The signals that are followed: takes up what was found, one tracker for each, and lets
 * go what is over. */
class signal_roster
{
public:
    using sink = tracker::sink;

    /*! All frames that are in the history, as tracker::process. */
    void
    process(const sample_history& history, double valid_end, bool over, const sink& emit);

    /*! The input is over. */
    void finish(const sink& emit);

    /*! A start frame was found. */
    void start_found(const acquisition& found, const sink& emit);

    /*! A signal was found by late entry. */
    void late_found(const acquisition& found, const sink& emit);

    /*! Whether what late entry found is over, and something else in its place. */
    bool is_over(const acquisition& found) const;

    /*! Whether a sync word is of a signal that is followed for certain. */
    bool owns(const candidate& sync_word) const;

    /*! Whether a signal is heard whose number is certain. */
    bool hears_a_call() const;

    /*! Data symbols of the newest frame, equalised. */
    const std::vector<cfloat>& constellation() const { return d_constellation; }

private:
    void add(const acquisition& found, const sink& emit);
    bool make_room(const acquisition& found, const sink& emit);
    void remove_dead();

    std::vector<std::unique_ptr<tracker>> d_trackers;
    std::vector<cfloat> d_constellation;
    std::uint32_t d_next_id = 1;
};

} // namespace securevoice
