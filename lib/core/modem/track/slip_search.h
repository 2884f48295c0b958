/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/track/frame_view.h"
#include "core/modem/track/signal_levels.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace securevoice {

/*! A block where a tracker expects it, or might. */
struct expected_block {
    frame_place place;
    std::uint32_t number = 0;
};

/*!
 * Looks for a signal that is not where it was: samples are missing or came twice, up to
 * 80 ms of them, or the carrier stepped, up to 104 Hz. Waveform, mode, levels and clock
 * are known, so one block's known symbols with those of the sync word behind it are
 * enough, where late entry takes six blocks.
 */
class slip_search
{
public:
    explicit slip_search(waveform w) : d_reader(w), d_view(w) {}

    /*! What is known of the signal. */
    struct known {
        std::uint8_t mode;
        signal_levels levels;
        std::int64_t
            whole; // newest block that was there to its end: it does not come again
        double valid_end; // sample index where the signal's samples end
    };

    /*! The least by which the evidence for another place must be greater: passed by noise
     * once in 10^8 places. */
    static constexpr double certain = 18; // nats

    /*!
     * \param here     where the block should be
     * \param evidence for that, nats
     * \return a block that is surely there instead, of the same number or one beside it;
     * nothing if there is none, or if its number is not sure
     */
    std::optional<expected_block> look(const sample_history& history,
                                       const expected_block& here,
                                       const known& signal,
                                       double evidence);

    /*! ln of the probability of the known symbols of a block and the sync word behind it
     * over that of noise. */
    double evidence(const sample_history& history,
                    const expected_block& block,
                    const known& signal);

private:
    struct finding {
        expected_block block;
        double evidence = 0;
    };
    void read(const sample_history& history, const frame_place& here);
    float energy(std::size_t first, const known_symbols& symbols) const;
    void find_places(const known_symbols& symbols);
    double step_of_carrier(const known_symbols& symbols) const;
    void weigh(const sample_history& history,
               const expected_block& block,
               const known& signal,
               double prior);
    double noise_likelihood() const;

    symbol_reader d_reader;
    frame_view d_view;
    std::vector<symbol_sample> d_symbols; // at each sample from the first place on
    std::vector<float> d_energies;        // of the known symbols, by place
    std::vector<double> d_places;         // the best ones, samples from the first one
    std::vector<finding> d_findings;
};

} // namespace securevoice
