/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/acquisition.h"

#include "core/modem/acquire/carrier_grid.h"
#include "core/modem/acquire/number_resolver.h"
#include "core/modem/acquire/peak.h"
#include "core/modem/front/gain_smoother.h"
#include "core/modem/front/median_rank.h"
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
constexpr double certain = 7; // ln of odds: wrong once in 1000
constexpr double heard = 5;   // coherent over mean energy, known symbols: noise 1 in 150
constexpr double present = 0.3; // of the usual energy of a block's pilots: less is none
constexpr std::size_t least_blocks = 6; // as many as the header needs pieces (decision 1)
constexpr long newest_blocks = 3;       // one of them must be heard, or the call is over
constexpr float most_of_usual = 10; // times a symbol's usual power: more is interference

/* The known symbols of some blocks in a row, signs and carrier taken off as far as they
 * are known. */
class heard_blocks
{
public:
    heard_blocks(const sample_history& history,
                 double first,
                 std::size_t blocks,
                 double offset_hz,
                 waveform w)
        : d_waveform(w),
          d_history(history),
          d_first(first),
          d_blocks(blocks),
          d_offset_hz(offset_hz)
    {
    }

    /* Sets time and frequency from the sync words. */
    void aim_by_sync_words()
    {
        std::array<word_energies, time_steps> energy{};
        symbol_reader reader(d_waveform);
        find_usual_power(reader);
        for (std::size_t b = 0; b <= d_blocks; ++b) {
            reader.load(
                d_history, start_of(b), sync_symbols * receive_samples, d_offset_hz, 0);
            for (std::size_t t = 0; t < time_steps; ++t) {
                std::array<cfloat, sync_symbols> z;
                for (std::size_t n = 0; n < sync_symbols; ++n)
                    z[n] = times_conjugate(
                        read(reader,
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
        d_first += shift;
        d_offset_hz += coarse_of(f);
        if (f > 0 && f + 1 < coarse_steps)
            d_offset_hz += coarse_hz *
                           peak_between(energy[t][f - 1], energy[t][f], energy[t][f + 1]);
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
                 is_mode(static_cast<std::uint8_t>(first_mode(d_waveform) + m));
                 ++n)
                if (energy[m][n] > energy[mode][f]) {
                    mode = m;
                    f = n;
                }
        const double m = static_cast<double>(d_blocks), n = pilots_per_block;
        const double sum = energy[mode][f] / d_power;
        if (sum < energy_threshold(m))
            return false;
        const double signal = std::clamp((sum / m - 1) / (n - 1), 0.02, 0.999);
        d_signal = signal * d_power;
        d_noise = (1 - signal) * d_power;
        d_mode = static_cast<std::uint8_t>(first_mode(d_waveform) + mode);
        d_offset_hz += fine_of(f);
        if (f > 0 && f + 1 < fine_steps)
            d_offset_hz +=
                fine_hz *
                peak_between(energy[mode][f - 1], energy[mode][f], energy[mode][f + 1]);
        return true;
    }

    /* Leaves out the blocks before the signal began: their signs are noise, which the
     * channel estimate of later ones makes look like signs. False if fewer blocks than
     * \p least are left. */
    bool leave_out_silence(std::size_t least)
    {
        std::vector<double> energy(d_blocks);
        for (std::size_t b = 0; b < d_blocks; ++b)
            energy[b] = mode_energy(b);
        double usual = 0;
        const std::size_t newest = std::min<std::size_t>(d_blocks, 4);
        for (std::size_t b = d_blocks - newest; b < d_blocks; ++b)
            usual += energy[b] / static_cast<double>(newest);
        // where a signal begins is where the sum over what is behind is greatest
        double sum = 0, most = -1;
        std::size_t begin = d_blocks;
        for (std::size_t b = d_blocks; b-- > 0;) {
            sum += energy[b] - present * usual;
            if (sum > most) {
                most = sum;
                begin = b;
            }
        }
        d_first = start_of(begin);
        d_blocks -= begin;
        return d_blocks >= least;
    }

    /* ln P(+)/P(-) of the signs of all sync words: the pilots give the channel. */
    std::vector<float> read_signs()
    {
        const std::size_t count = d_blocks * block_symbols + sync_symbols;
        std::vector<gain_view> views(count);
        std::vector<cfloat> words;
        double phase = 0;
        symbol_reader reader(d_waveform);
        for (std::size_t b = 0; b <= d_blocks; ++b) {
            const std::size_t symbols = b < d_blocks ? block_symbols : sync_symbols;
            reader.load(d_history,
                        start_of(b),
                        static_cast<double>(symbols * receive_samples),
                        d_offset_hz,
                        phase);
            phase += d_offset_hz / receive_rate * block_samples;
            phase -= std::floor(phase);
            for (std::size_t n = 0; n < sync_symbols; ++n) {
                const auto y = reader.value(static_cast<double>(n * receive_samples));
                words.push_back(is_hit(y) ? cfloat{} : times_conjugate(y, d_known[n]));
            }
            if (b == d_blocks)
                break;
            for (std::size_t k = 0; k < pilots_per_block; ++k) {
                const std::size_t n = pilot_index(k);
                const auto y = reader.value(static_cast<double>(n * receive_samples));
                if (is_hit(y))
                    continue;
                const cfloat z = times_conjugate(y, d_known[n]) * pilot_sign(d_mode, k);
                views[b * block_symbols + n] = { z, static_cast<float>(d_noise) };
            }
        }
        const auto gains = smooth_pilots(views);

        std::vector<float> signs;
        for (std::size_t b = 0; b <= d_blocks; ++b)
            for (std::size_t half = 0; half < 2; ++half) {
                double fit = 0, energy = 0, variance = 0;
                for (std::size_t n = 0; n < golay_word_symbols; ++n) {
                    const std::size_t at = half * golay_word_symbols + n;
                    const auto& g = gains[b * block_symbols + at];
                    const cfloat z = words[b * sync_symbols + at];
                    if (z == cfloat{})
                        continue;
                    fit += static_cast<double>(g.gain.real() * z.real() +
                                               g.gain.imag() * z.imag());
                    energy += static_cast<double>(std::norm(g.gain));
                    variance += static_cast<double>(g.variance) / golay_word_symbols;
                }
                signs.push_back(sign_likelihood(fit, energy, d_noise + variance));
            }
        return signs;
    }

    /* Whether one of the newest blocks is heard: else the transmission is over, and what
     * was seen may be the beginning of another one. */
    bool goes_on(std::uint16_t number_of_first) const
    {
        const long number = counted_on(number_of_first);
        const auto last = static_cast<long>(d_blocks);
        for (long b = std::max(0L, last - newest_blocks); b < last; ++b)
            if (hears(b, block_known(b, number)))
                return true;
        return false;
    }

    /* The acquisition at the oldest block that was heard, be it older than those that
     * gave the number. */
    acquisition oldest(std::uint16_t number_of_first) const
    {
        const long number = counted_on(number_of_first);
        long first = std::max(0L, -number);
        while (first + 1 < static_cast<long>(d_blocks) &&
               !hears(first, block_known(first, number)))
            ++first;
        for (long b = first - 1, misses = 0; misses < 2 && number + b >= 0 && is_there(b);
             --b) {
            misses = hears(b, block_known(b, number)) ? 0 : misses + 1;
            if (!misses)
                first = b;
        }
        acquisition found;
        found.waveform = d_waveform;
        found.start = number + first == 0 && is_there(first - 1) &&
                      hears(first - 1, known_in_start(d_waveform));
        found.at = start_of(found.start ? first - 1 : first);
        found.mode_known = true;
        found.offset_hz = d_offset_hz;
        found.signal_power = d_signal;
        found.noise_power = d_noise;
        found.mode = d_mode;
        found.newest_sync = start_of(d_blocks);
        const auto last = static_cast<long>(d_blocks);
        for (long b = std::max(first, last - 32); b < last; ++b)
            if (hears(b, block_known(b, number)))
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
        const auto last = static_cast<long>(d_blocks);
        const long ended = static_cast<long>(max_blocks) - number;
        if (ended >= last)
            return number;
        long before = 0, behind = 0;
        for (long b = 0; b < last; ++b)
            if (hears(b, block_known(b, number)))
                ++(b < ended ? before : behind);
        return before > behind ? number : number - static_cast<long>(max_blocks);
    }
    template <typename Index>
    double start_of(Index block) const
    {
        return d_first + static_cast<double>(block) * block_samples;
    }
    bool is_there(long block) const
    {
        return start_of(block) - static_cast<double>(symbol_filter::reach) >=
               static_cast<double>(d_history.begin());
    }

    known_symbols block_known(long block, long number_of_first) const
    {
        return known_in_block(d_mode,
                              static_cast<std::uint32_t>(number_of_first + block));
    }

    /* Whether the known symbols of a frame agree. */
    bool hears(long block, const known_symbols& known) const
    {
        symbol_reader reader(d_waveform);
        reader.load(d_history, start_of(block), block_samples, d_offset_hz, 0);
        cfloat sum;
        double energy = 0, count = 0;
        for (std::size_t n = 0; n < block_symbols; ++n)
            if (known[n] != cfloat{}) {
                const auto y = read(reader, static_cast<double>(n * receive_samples));
                sum += times_conjugate(y, known[n]);
                energy += static_cast<double>(mean_power(y));
                ++count;
            }
        return static_cast<double>(std::norm(sum)) > heard * energy && count > 0;
    }

    /* Power that most symbols have: of the sync words, read at their time as far as it is
     * known. */
    void find_usual_power(symbol_reader& reader)
    {
        std::vector<float> powers;
        for (std::size_t b = 0; b <= d_blocks; ++b) {
            reader.load(
                d_history, start_of(b), sync_symbols * receive_samples, d_offset_hz, 0);
            for (std::size_t n = 0; n < sync_symbols; ++n)
                powers.push_back(
                    mean_power(reader.value(static_cast<double>(n * receive_samples))));
        }
        d_usual_power = take_median(powers);
    }

    bool is_hit(const symbol_sample& y) const
    {
        return mean_power(y) > most_of_usual * d_usual_power;
    }

    /* A symbol; one that interference hit counts as one of usual power. */
    symbol_sample read(const symbol_reader& reader, double position) const
    {
        auto y = reader.value(position);
        if (is_hit(y)) {
            const float scale = std::sqrt(d_usual_power / mean_power(y));
            y.real_part *= scale;
            y.imaginary_part *= scale;
        }
        return y;
    }

    static double time_of(std::size_t t)
    {
        return (static_cast<double>(t) - time_middle) * time_step;
    }

    /* The gain under the likeliest speed of fading; sets signal and noise power by the
     * way. */
    std::vector<gain_estimate> smooth_pilots(std::vector<gain_view>& views)
    {
        double best = 0;
        const fading_model* likeliest = nullptr;
        for (const auto& model : fading_models()) {
            auto state = gain_state::unknown(d_signal);
            const auto fit =
                filter_gain(model, d_signal, views.data(), views.size(), state);
            if (!likeliest || fit.likelihood > best) {
                best = fit.likelihood;
                likeliest = &model;
            }
        }
        gain_smoother smoother;
        std::vector<gain_estimate> gains;
        auto smooth = [&] {
            smoother.smooth(*likeliest,
                            d_signal,
                            views.data(),
                            views.size(),
                            gain_state::unknown(d_signal),
                            gains);
        };
        smooth();
        double noise = 0, signal = 0, count = 0;
        for (std::size_t n = 0; n < views.size(); ++n)
            if (views[n].variance >= 0) {
                noise += static_cast<double>(std::norm(views[n].gain - gains[n].gain) +
                                             gains[n].variance);
                signal +=
                    static_cast<double>(std::norm(gains[n].gain) + gains[n].variance);
                ++count;
            }
        d_signal = signal / count;
        d_noise = std::max(noise / count, 1e-4 * d_signal);
        for (auto& view : views)
            if (view.variance >= 0)
                view.variance = static_cast<float>(d_noise);
        smooth();
        return gains;
    }

    void read_pilots()
    {
        symbol_reader reader(d_waveform);
        double energy = 0;
        d_pilots.resize(d_blocks);
        for (std::size_t b = 0; b < d_blocks; ++b) {
            reader.load(d_history, start_of(b), block_samples, d_offset_hz, 0);
            for (std::size_t k = 0; k < pilots_per_block; ++k) {
                const std::size_t n = pilot_index(k);
                const auto y = read(reader, static_cast<double>(n * receive_samples));
                energy += static_cast<double>(mean_power(y));
                d_pilots[b][k] = times_conjugate(y, d_known[n]) *
                                 pilot_sign(first_mode(d_waveform), k);
            }
        }
        d_power = energy / static_cast<double>(d_blocks * pilots_per_block);
    }

    /* Energy of one block's pilots under the mode found, at the frequency found. */
    double mode_energy(std::size_t b) const
    {
        symbol_reader reader(d_waveform);
        reader.load(d_history, start_of(b), block_samples, d_offset_hz, 0);
        cfloat sum;
        for (std::size_t k = 0; k < pilots_per_block; ++k) {
            const std::size_t n = pilot_index(k);
            sum += times_conjugate(read(reader, static_cast<double>(n * receive_samples)),
                                   d_known[n]) *
                   pilot_sign(d_mode, k);
        }
        return static_cast<double>(std::norm(sum)) / pilots_per_block;
    }

    waveform d_waveform;
    const sample_history& d_history;
    double d_first; // sample index of the oldest block
    std::size_t d_blocks;
    double d_offset_hz;
    const known_symbols d_known = unsigned_known_in_block(d_waveform);
    std::vector<std::array<cfloat, pilots_per_block>> d_pilots;
    double d_power = 0, d_signal = 0, d_noise = 0;
    float d_usual_power = 0;
    std::uint8_t d_mode = 0;
};

} // namespace

std::optional<acquisition>
enter_late(const sample_history& history, const candidate& where, std::size_t blocks)
{
    const double first = where.at - static_cast<double>(blocks) * block_samples;
    heard_blocks call(history, first, blocks, where.offset_hz, where.waveform);
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
