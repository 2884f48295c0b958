/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/track/signal_levels.h"
#include "core/modem/track/slip_search.h"
#include "core/modem/track/timing_loop.h"
#include "core/modem/track/track_proof.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

namespace securevoice {

/*!
 * Says when a tracker goes on elsewhere. A block whose known symbols are not where they
 * were until now is looked for within 80 ms and 100 Hz (slip_search): samples may be
 * missing, or the carrier has stepped. Where one seems to be, the next one behind it has
 * to be there, too, and where the number alone is another, the next two: a block that was
 * recorded and is sent again moves nobody. For some seconds the place that was left is
 * watched: whoever forged another one does not keep the tracker
 * (docs/decisions/0026-slips-are-followed.md).
 */
class slip_follower
{
public:
    /*! What the loops knew at the newest block whose known symbols were where they should
     * be. */
    struct steady_state {
        std::int64_t whole;         // newest block that was there to its end
        double offset_hz, drift_hz; // of the carrier; drift per block
        timing_loop timing;
        signal_levels levels;
        std::size_t speed; // of fading
    };

    /*! The block that is due, as its tracker has it. */
    struct due_block {
        expected_block here;
        std::uint8_t mode;
        signal_levels levels;
        double valid_end;                  // sample index where the signal's samples end
        std::function<bool(double)> ready; // are so many blocks there?
        bool more_may_come;
        const track_proof& proof;
    };

    slip_follower(waveform w, const steady_state& first);

    const steady_state& steady() const { return d_steady; }

    /*! Before a block is demodulated. \return where it is if the signal is again where it
     * was before the newest move */
    std::optional<expected_block> back(const sample_history& history,
                                       const due_block& due);

    /*! The known symbols were looked at where they should be. \param evidence for them,
     * nats \param now what the loops know, if they were there \return where the block is
     * instead, if it is surely there */
    std::optional<expected_block> on(const sample_history& history,
                                     const due_block& due,
                                     double evidence,
                                     const steady_state& now);
    /*! Blocks in a row, from the one that is due on, that are to be there before it is
     * demodulated: above 1, on() is to be asked again. */
    double needs() const { return d_needs; }

    /*! A block was demodulated where it was due. */
    void demodulated()
    {
        d_moved = false;
        d_needs = 1;
    }

    /*! Is so far behind the present place one that was left? \param samples */
    bool was_there(double samples) const;

private:
    /* A place that was left, from the present one. */
    struct left_place {
        double samples, hz;
        std::int64_t numbers;
        double from;           // sample index from where on it is worth a look
        std::uint64_t forgets; // frame
        bool watch;            // whether the signal may come back there
    };

    bool misses(double evidence, const signal_levels& levels) const;
    std::optional<expected_block> look(const sample_history& history,
                                       const due_block& due);
    slip_search::known known(const due_block& due, const signal_levels& levels) const;
    std::optional<expected_block>
    search(const sample_history& history, const due_block& due, std::size_t blocks);
    expected_block expected(const due_block& due) const;
    void leave_for(const expected_block& there, const due_block& due);
    void leave(const left_place& left);
    expected_block move_to(const expected_block& block);

    waveform d_waveform;
    steady_state d_steady;
    slip_search d_search;
    std::deque<left_place> d_left; // newest last
    unsigned d_fits = 0;           // blocks whose known symbols fitted, less those missed
    bool d_moved = false;          // since the newest block
    double d_needs = 1;
};

} // namespace securevoice
