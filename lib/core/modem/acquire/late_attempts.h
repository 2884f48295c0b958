/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/acquire/acquisition.h"

#include <optional>
#include <vector>

namespace securevoice {

/*! How many blocks behind a sync word late entry is to look at, all of them heard. */
struct late_attempt {
    std::size_t blocks = 0;
    /*! If that failed and no other call is heard; 0: no more. A weak call was there for
     * some time until it was seen. */
    std::size_t more_blocks = 0;
};

/*! Signals seen by their sync words that nobody follows yet, and how often late entry was
 * tried at each: at every block at first, then at every eighth. */
class late_attempts
{
public:
    /*!
     * A sync word was seen.
     * \param history where late entry would look
     * \return how to try now, if at all
     */
    std::optional<late_attempt> next(const candidate& sync_word,
                                     const sample_history& history);

    /*! The signal of this sync word was entered. */
    void entered(const candidate& sync_word);

private:
    struct suspect {
        candidate seen;
        double first_at = 0; // of the sync word from which on late entry was tried
        std::size_t attempts = 0;
    };
    std::vector<suspect>::iterator find(const candidate& sync_word);
    void forget_old(double newest);

    std::vector<suspect> d_suspects;
};

} // namespace securevoice
