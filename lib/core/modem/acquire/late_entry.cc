/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/acquisition.h"

#include "core/modem/acquire/block_row.h"
#include "core/modem/acquire/carrier_grid.h"
#include "core/modem/acquire/number_resolver.h"
#include "core/modem/acquire/number_signs.h"
#include "core/modem/acquire/peak.h"
#include "core/modem/front/symbol_reader.h"
#include "core/modem/waveform/known_symbols.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace securevoice {
namespace {

using namespace carrier_grid;
constexpr int time_steps = 9, time_middle = time_steps / 2; // half a symbol, by eighths
constexpr double time_step = 0.5;                           // samples
constexpr double certain = 7;   // ln of odds: wrong once in 1000
constexpr double present = 0.3; // of the usual energy of a block's pilots: less is none
constexpr std::size_t least_blocks = 6; // as many as the header needs pieces (decision 1)
constexpr long newest_blocks = 3;       // one of them must be heard, or the call is over

/* A call in the middle, of which some blocks in a row were received: what is found out
 * about it, step by step. */
class late_call
{
public:
    explicit late_call(const block_row& row) : d_row(row) {}

    /* Sets time and frequency from the sync words. */
    void aim_by_sync_words()
    {
        std::array<word_energies, time_steps> energy{};
        symbol_reader reader(d_row.which());
        d_row.find_usual_power(reader);
        for (std::size_t b = 0; b <= d_row.blocks(); ++b) {
            d_row.load(reader, b, sync_symbols, 0);
            for (std::size_t t = 0; t < time_steps; ++t) {
                std::array<cfloat, sync_symbols> z;
                for (std::size_t n = 0; n < sync_symbols; ++n)
                    z[n] = times_conjugate(
                        d_row.read(reader,
                                   time_of(t) + static_cast<double>(n * receive_samples)),
                        d_known[n]);
                add_word_energies(z, energy[t]);
            }
        }
        std::size_t t = 0, f = 0;
        for (std::size_t k = 0; k < time_steps; ++k)
            for (std::size_t n = 0; n < coarse_steps; ++n)
                if (energy[k][n] > energy[t][f]) {
                    t = k;
                    f = n;
                }
        double shift = time_of(t);
        if (t > 0 && t + 1 < time_steps)
            shift += time_step *
                     peak_between(energy[t - 1][f], energy[t][f], energy[t + 1][f]);
        double offset = coarse_of(f);
        if (f > 0 && f + 1 < coarse_steps)
            offset += coarse_hz *
                      peak_between(energy[t][f - 1], energy[t][f], energy[t][f + 1]);
        d_row.shift(shift, offset);
    }

    /* Finds the mode and sets the fine frequency. False if no mode stands out. */
    bool find_mode()
    {
        read_pilots();
        if (!(d_power > 1e-30))
            return false;
        mode_energies energy{};
        for (const auto& pilots : d_pilots)
            add_mode_energies(pilots, energy);
        std::size_t mode = 0, f = 0;
        for (std::size_t m = 0; m < mode_codes; ++m)
            for (std::size_t n = 0;
                 n < fine_steps &&
                 is_mode(static_cast<std::uint8_t>(first_mode(d_row.which()) + m));
                 ++n)
                if (energy[m][n] > energy[mode][f]) {
                    mode = m;
                    f = n;
                }
        const double m = static_cast<double>(d_row.blocks()), n = pilots_per_block;
        const double sum = energy[mode][f] / d_power;
        if (sum < energy_threshold(m))
            return false;
        const double signal = std::clamp((sum / m - 1) / (n - 1), 0.02, 0.999);
        d_powers.signal = signal * d_power;
        d_powers.noise = (1 - signal) * d_power;
        d_mode = static_cast<std::uint8_t>(first_mode(d_row.which()) + mode);
        double offset = fine_of(f);
        if (f > 0 && f + 1 < fine_steps)
            offset +=
                fine_hz *
                peak_between(energy[mode][f - 1], energy[mode][f], energy[mode][f + 1]);
        d_row.shift(0, offset);
        return true;
    }

    /* Leaves out the blocks before the signal began: their signs are noise, which the
     * channel estimate of later ones makes look like signs. False if fewer blocks than
     * \p least are left. */
    bool leave_out_silence(std::size_t least)
    {
        std::vector<double> energy(d_row.blocks());
        for (std::size_t b = 0; b < d_row.blocks(); ++b)
            energy[b] = mode_energy(b);
        double usual = 0;
        const std::size_t newest = std::min<std::size_t>(d_row.blocks(), 4);
        for (std::size_t b = d_row.blocks() - newest; b < d_row.blocks(); ++b)
            usual += energy[b] / static_cast<double>(newest);
        // where a signal begins is where the sum over what is behind is greatest
        double sum = 0, most = -1;
        std::size_t begin = d_row.blocks();
        for (std::size_t b = d_row.blocks(); b-- > 0;) {
            sum += energy[b] - present * usual;
            if (sum > most) {
                most = sum;
                begin = b;
            }
        }
        d_row.leave_out_oldest(begin);
        return d_row.blocks() >= least;
    }

    /* The signs of all sync words. */
    std::vector<float> read_signs() { return read_number_signs(d_row, d_mode, d_powers); }

    /* Whether one of the newest blocks is heard: else the transmission is over, and what
     * was seen may be the beginning of another one. */
    bool goes_on(std::uint16_t number_of_first) const
    {
        const long number = counted_on(number_of_first);
        const auto last = static_cast<long>(d_row.blocks());
        for (long b = std::max(0L, last - newest_blocks); b < last; ++b)
            if (d_row.agrees(b, block_known(b, number)))
                return true;
        return false;
    }

    /* The acquisition at the oldest block that was heard, be it older than those that
     * gave the number. */
    acquisition oldest(std::uint16_t number_of_first) const
    {
        const long number = counted_on(number_of_first);
        long first = std::max(0L, -number);
        while (first + 1 < static_cast<long>(d_row.blocks()) &&
               !d_row.agrees(first, block_known(first, number)))
            ++first;
        for (long b = first - 1, misses = 0;
             misses < 2 && number + b >= 0 && d_row.is_there(b);
             --b) {
            misses = d_row.agrees(b, block_known(b, number)) ? 0 : misses + 1;
            if (!misses)
                first = b;
        }
        acquisition found;
        found.waveform = d_row.which();
        found.start = number + first == 0 && d_row.is_there(first - 1) &&
                      d_row.agrees(first - 1, known_in_start(d_row.which()));
        found.at = d_row.start_of(found.start ? first - 1 : first);
        found.mode_known = true;
        found.offset_hz = d_row.offset_hz();
        found.signal_power = d_powers.signal;
        found.noise_power = d_powers.noise;
        found.mode = d_mode;
        found.newest_sync = d_row.start_of(d_row.blocks());
        const auto last = static_cast<long>(d_row.blocks());
        for (long b = std::max(first, last - 32); b < last; ++b)
            if (d_row.agrees(b, block_known(b, number)))
                found.heard |= 1u << (last - 1 - b);
        found.number = static_cast<std::uint16_t>(number + first);
        return found;
    }

private:
    /* Numbers run on from the end of their range to its beginning: blocks before and
     * behind that are of two transmissions, and more of them are heard of the one that
     * counts. Of one that ends with the last number, the closing word may be taken for a
     * block. */
    long counted_on(std::uint16_t number_of_first) const
    {
        const long number = number_of_first;
        const auto last = static_cast<long>(d_row.blocks());
        const long ended = static_cast<long>(max_blocks) - number;
        if (ended >= last)
            return number;
        long before = 0, behind = 0;
        for (long b = 0; b < last; ++b)
            if (d_row.agrees(b, block_known(b, number)))
                ++(b < ended ? before : behind);
        return before > behind ? number : number - static_cast<long>(max_blocks);
    }

    known_symbols block_known(long block, long number_of_first) const
    {
        return known_in_block(d_mode,
                              static_cast<std::uint32_t>(number_of_first + block));
    }

    static double time_of(std::size_t t)
    {
        return (static_cast<double>(t) - time_middle) * time_step;
    }

    void read_pilots()
    {
        symbol_reader reader(d_row.which());
        double energy = 0;
        d_pilots.resize(d_row.blocks());
        for (std::size_t b = 0; b < d_row.blocks(); ++b) {
            d_row.load(reader, b, block_symbols, 0);
            for (std::size_t k = 0; k < pilots_per_block; ++k) {
                const std::size_t n = pilot_index(k);
                const auto y =
                    d_row.read(reader, static_cast<double>(n * receive_samples));
                energy += static_cast<double>(mean_power(y));
                d_pilots[b][k] = times_conjugate(y, d_known[n]) *
                                 pilot_sign(first_mode(d_row.which()), k);
            }
        }
        d_power = energy / static_cast<double>(d_row.blocks() * pilots_per_block);
    }

    /* Energy of one block's pilots under the mode found, at the frequency found. */
    double mode_energy(std::size_t b) const
    {
        symbol_reader reader(d_row.which());
        d_row.load(reader, b, block_symbols, 0);
        cfloat sum;
        for (std::size_t k = 0; k < pilots_per_block; ++k) {
            const std::size_t n = pilot_index(k);
            sum += times_conjugate(
                       d_row.read(reader, static_cast<double>(n * receive_samples)),
                       d_known[n]) *
                   pilot_sign(d_mode, k);
        }
        return static_cast<double>(std::norm(sum)) / pilots_per_block;
    }

    block_row d_row;
    const known_symbols d_known = unsigned_known_in_block(d_row.which());
    std::vector<std::array<cfloat, pilots_per_block>> d_pilots;
    double d_power = 0; // mean, of a pilot
    signal_and_noise d_powers;
    std::uint8_t d_mode = 0;
};

} // namespace

std::optional<acquisition>
enter_late(const sample_history& history, const candidate& where, std::size_t blocks)
{
    const double first = where.at - static_cast<double>(blocks) * block_samples;
    late_call call({ history, first, blocks, where.offset_hz, where.waveform });
    call.aim_by_sync_words();
    if (!call.find_mode() || !call.leave_out_silence(least_blocks))
        return {};
    const auto guess = resolve_number(call.read_signs());
    if (guess.certainty_of_signs < certain || !call.goes_on(guess.number))
        return {};
    auto found = call.oldest(guess.number);
    found.doubtful = guess.certainty < certain;
    return found;
}

} // namespace securevoice
