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
 * 80 ms of them, or the carrier stepped, up to 104 Hz. Waveform, mode, levels, clock and
 * the speed of fading are known, so that the known symbols of two blocks in a row, with
 * those of the sync word behind, are enough, where late entry takes six blocks.
 */
class slip_search
{
public:
    explicit slip_search(waveform w) : d_reader(w), d_view(w) {}

    /*! What is known of the signal. */
    struct known {
        std::uint8_t mode;
        signal_levels levels;
        std::size_t speed;  // of fading, the fastest that is reckoned with
        std::int64_t whole; // newest block that was there to its end: not to come again
        double valid_end;   // sample index where the signal's samples end
    };

    /*! What speaks for some blocks in a row. */
    struct finding {
        expected_block block; // the first of them
        /*! ln of the probability of the known symbols of the blocks and of the sync words
         * behind them over that of noise, nats; not above 0 if signs of sync words are
         * others than the pilots beside them have. */
        double evidence = 0;
        /*! How little anything but these known symbols would look like them: the sum over
         * the sync words of -ln P, P the probability that symbols of random phase,
         * whatever their power, are as coherent. Of noise its distribution is that of the
         * sum of as many exponential ones. Pilots do not count: those of GMSK are like a
         * carrier, and FM has one. */
        double surprise = 0;
    };

    /*! The least by which the evidence for another place must be greater, nats. */
    static constexpr double certain = 18;
    /*! The least surprise of a block at a place that is looked at alone: noise has it
     * once in 8 * 10^4 blocks. */
    static constexpr double surprising = 14;
    /*! And where 817 places, under three numbers, and 51 carriers are looked at: noise
     * has it once in 1.3 * 10^3 searches in one block, ... */
    static constexpr double surprising_somewhere = 18;
    /*! ... and once in 1.3 * 10^6 in two blocks in a row, of three sync words. */
    static constexpr double surprising_twice = 28;

    /*!
     * \param here   where the block should be
     * \param blocks that are there: one tells whether the next is worth waiting for
     * \return a block that is there instead, of the same number or one beside it; nothing
     * if there is none, or if its number is not sure
     */
    std::optional<expected_block> look(const sample_history& history,
                                       const expected_block& here,
                                       const known& signal,
                                       std::size_t blocks);

    /*! What speaks for some blocks in a row, the first of them this one. */
    finding weigh(const sample_history& history,
                  const expected_block& block,
                  const known& signal,
                  std::size_t blocks = 1);

private:
    void read(const sample_history& history, const frame_place& here);
    float energy(std::size_t first, const known_symbols& symbols) const;
    void find_places(const known_symbols& symbols);
    double step_of_carrier(const known_symbols& symbols) const;
    double noise_likelihood(std::size_t symbols) const;
    double surprise(std::size_t word) const;
    bool signs_fit(std::size_t word, std::size_t first_pilot) const;

    symbol_reader d_reader;
    frame_view d_view;
    std::vector<symbol_sample> d_symbols; // at each sample from the first place on
    std::vector<float> d_energies;        // of the known symbols, by place
    std::vector<double> d_places;         // the best ones, samples from the first one
    std::vector<finding> d_findings;
};

} // namespace securevoice
