/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <vector>

namespace securevoice {

/*!
 * Finds the symbols that a burst of interference hit, by their power alone: a pulse of
 * noise far above the signal is seen in each symbol that it falls upon, known or not.
 * Symbols are clean or hit, in runs (a hidden Markov chain of two states;
 * forward-backward algorithm: Rabiner 1989, III.A), and what is hit has the burst's mean
 * power.
 */
class interference
{
public:
    /*!
     * \param powers |y|^2 of symbols in a row
     * \param known  power of the interference that each of them is known to hold, if any
     * is
     * \param usual  mean power of undisturbed ones, as far as it is known; where half of
     * the symbols are stronger their median counts
     */
    void estimate(const std::vector<float>& powers,
                  const std::vector<float>& known,
                  double usual);

    /*! Whether anything was hit. */
    bool any() const { return d_any; }

    /*! Variance that the interference adds to a symbol; 0: none. */
    float at(std::size_t symbol) const { return d_any ? d_variance[symbol] : 0.0f; }

    /*! Whether a symbol says something about the signal's own power and noise. */
    bool clean(std::size_t symbol) const { return !(at(symbol) > d_tolerable); }

private:
    struct bursts {
        double power;        // of a symbol that was hit
        double begins, ends; // probability, from symbol to symbol
    };

    void find_bursts(const std::vector<float>& powers, double usual);
    void weigh(const std::vector<float>& powers, double usual, const bursts& b);
    void learn(const std::vector<float>& powers, double usual, bursts& b) const;
    void spread(double burst);

    bool d_any = false;
    float d_tolerable = 0;
    std::vector<float> d_sorted;
    std::vector<double> d_ratio;  // likelihood of hit over clean
    std::vector<double> d_before; // odds of hit, of all that is before a symbol
    std::vector<float> d_hit;     // probability
    std::vector<float> d_variance;
};

} // namespace securevoice
