/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/protocol/gf65536.h"
#include "core/protocol/header.h"
#include "core/protocol/header_equations.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace securevoice {

namespace {

using gf65536::element;
using gf65536::interpolation;

// How many pieces are tried bit by bit: a few are enough, more bear more wrong bits.
constexpr std::array<std::size_t, 3> bitwise{ 7, 10, 16 };

constexpr std::uint32_t piece_indices =
    32768; // two words each: all elements of the field

// Offsets of section 5's table
constexpr std::size_t salt_at = 0;
constexpr std::size_t time_at = salt_at + salt_octets;
constexpr std::size_t tag_at = time_at + 4;
constexpr std::size_t check_at = tag_at + 4;
static_assert(check_at + 2 == header_octets && header_words == 11,
              "octets of the header");

template <std::size_t N>
std::array<std::uint8_t, N> part(const header& h, std::size_t at)
{
    std::array<std::uint8_t, N> out;
    std::copy_n(h.octets.begin() + static_cast<std::ptrdiff_t>(at), N, out.begin());
    return out;
}

template <std::size_t N>
void put(header& h, std::size_t at, const std::array<std::uint8_t, N>& in)
{
    std::copy_n(in.begin(), N, h.octets.begin() + static_cast<std::ptrdiff_t>(at));
}

template <typename Octets>
element word(const Octets& octets, std::size_t n)
{
    return static_cast<element>(octets[2 * n] << 8 | octets[2 * n + 1]);
}

template <typename Octets>
void put_word(Octets& octets, std::size_t n, element w)
{
    octets[2 * n] = static_cast<std::uint8_t>(w >> 8);
    octets[2 * n + 1] = static_cast<std::uint8_t>(w & 0xFF);
}

const interpolation<header_words>& through_header()
{
    static const interpolation<header_words> made = [] {
        std::array<element, header_words> places;
        for (std::size_t n = 0; n < places.size(); ++n)
            places[n] = static_cast<element>(n);
        return interpolation<header_words>(places);
    }();
    return made;
}

} // namespace

salt_value header::salt() const { return part<salt_octets>(*this, salt_at); }

std::uint8_t header::mode_code() const
{
    return static_cast<std::uint8_t>(octets[time_at] >> 4);
}

std::uint32_t header::masked_time() const
{
    const auto t = part<4>(*this, time_at);
    return (std::uint32_t{ t[0] } << 24 | std::uint32_t{ t[1] } << 16 |
            std::uint32_t{ t[2] } << 8 | t[3]) &
           start_time_mask;
}

header_tag header::tag() const { return part<4>(*this, tag_at); }

header_check header::check() const { return part<2>(*this, check_at); }

void header::set_salt(const salt_value& salt) { put(*this, salt_at, salt); }

void header::set_time(mode m, std::uint32_t masked_time)
{
    const auto t = static_cast<std::uint32_t>(m.air_code()) << start_time_bits |
                   (masked_time & start_time_mask);
    put<4>(*this,
           time_at,
           { static_cast<std::uint8_t>(t >> 24),
             static_cast<std::uint8_t>(t >> 16 & 0xFF),
             static_cast<std::uint8_t>(t >> 8 & 0xFF),
             static_cast<std::uint8_t>(t & 0xFF) });
}

void header::set_tag(const header_tag& tag) { put(*this, tag_at, tag); }

void header::set_check(const header_check& check) { put(*this, check_at, check); }

piece_octets header_piece(const header& h, std::uint32_t number)
{
    std::array<element, header_words> words;
    for (std::size_t n = 0; n < words.size(); ++n)
        words[n] = word(h.octets, n);
    const auto index = number % piece_indices;
    piece_octets piece;
    for (unsigned half = 0; half < 2; ++half)
        put_word(piece,
                 half,
                 through_header().value(words, static_cast<element>(2 * index + half)));
    return piece;
}

header_assembler::header_assembler() : d_equations(std::make_unique<header_equations>())
{
}
header_assembler::~header_assembler() = default;
header_assembler::header_assembler(header_assembler&&) noexcept = default;
header_assembler& header_assembler::operator=(header_assembler&&) noexcept = default;

void header_assembler::remove(std::size_t position)
{
    std::move(d_entries.begin() + static_cast<std::ptrdiff_t>(position) + 1,
              d_entries.begin() + static_cast<std::ptrdiff_t>(d_count),
              d_entries.begin() + static_cast<std::ptrdiff_t>(position));
    --d_count;
}

void header_assembler::add(std::uint32_t number,
                           const piece_octets& piece,
                           float weight,
                           const piece_certainty& bits)
{
    if (std::isnan(weight))
        weight = -std::numeric_limits<float>::infinity();
    const auto index = number % piece_indices;
    const auto begin = d_entries.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(d_count);
    const auto same =
        std::find_if(begin, end, [index](const entry& e) { return e.index == index; });
    if (same != end) {
        if (same->weight >= weight)
            return;
        remove(static_cast<std::size_t>(same - begin));
    } else if (d_count == capacity) {
        const auto worst = std::min_element(
            begin, end - pieces_tried, [](const entry& a, const entry& b) {
                return a.weight < b.weight;
            });
        remove(static_cast<std::size_t>(worst - begin));
    }
    d_entries[d_count++] = { index, piece, weight, bits };
}

std::optional<header>
header_assembler::solve_six(const std::array<const entry*, pieces_needed>& six)
{
    static_assert(2 * pieces_needed == header_words + 1, "one word is left to compare");
    std::array<element, header_words> places;
    std::array<element, header_words> values;
    for (unsigned n = 0; n < header_words; ++n) {
        places[n] = static_cast<element>(2 * six[n / 2]->index + n % 2);
        values[n] = word(six[n / 2]->piece, n % 2);
    }
    const interpolation<header_words> through(places);
    const auto& last = *six.back();
    if (through.value(values, static_cast<element>(2 * last.index + 1)) !=
        word(last.piece, 1))
        return std::nullopt;
    header h;
    for (std::size_t n = 0; n < header_words; ++n)
        put_word(h.octets, n, through.value(values, static_cast<element>(n)));
    return h;
}

std::optional<header>
header_assembler::solve_among(const chosen& entries,
                              std::size_t count,
                              const std::function<bool(const header&)>& fits)
{
    // Sets in colexicographic order: all of the first k entries come before any that uses
    // entry k.
    std::array<std::size_t, pieces_needed + 1> pick{};
    for (std::size_t n = 0; n < pieces_needed; ++n)
        pick[n] = n;
    pick[pieces_needed] = count; // sentinel
    while (true) {
        std::array<const entry*, pieces_needed> six;
        for (std::size_t n = 0; n < pieces_needed; ++n)
            six[n] = entries[pick[n]];
        const auto found = solve_six(six);
        if (found && fits(*found))
            return found;
        std::size_t n = 0;
        while (n < pieces_needed && pick[n] + 1 == pick[n + 1])
            ++n;
        if (n == pieces_needed)
            return std::nullopt;
        ++pick[n];
        for (std::size_t m = 0; m < n; ++m)
            pick[m] = m;
    }
}

std::optional<header>
header_assembler::solve(const std::function<bool(const header&)>& fits) const
{
    if (d_count < pieces_needed)
        return std::nullopt;
    std::array<const entry*, capacity> newest{};
    for (std::size_t n = 0; n < d_count; ++n)
        newest[n] = &d_entries[d_count - 1 - n];
    auto best = newest;
    std::stable_sort(
        best.begin(),
        best.begin() + static_cast<std::ptrdiff_t>(d_count),
        [](const entry* a, const entry* b) { return a->weight > b->weight; });

    const auto count = std::min(d_count, pieces_tried);
    chosen tried{};
    std::copy_n(best.begin(), count, tried.begin());
    auto found = solve_among(tried, count, fits);
    if (!found && d_count > pieces_tried) {
        std::copy_n(newest.begin(), count, tried.begin());
        found = solve_among(tried, count, fits);
    }
    if (!found)
        found = solve_bits(newest, fits);
    if (!found)
        found = solve_bits(best, fits);
    return found;
}

std::optional<header>
header_assembler::solve_bits(const std::array<const entry*, capacity>& entries,
                             const std::function<bool(const header&)>& fits) const
{
    std::vector<header_equations::source> pieces;
    for (const auto count : bitwise) {
        while (pieces.size() < std::min(count, d_count)) {
            const auto& e = *entries[pieces.size()];
            pieces.push_back({ e.index, &e.piece, &e.bits });
        }
        if (const auto found = d_equations->solve(pieces, fits))
            return found;
        if (count >= d_count)
            break;
    }
    return std::nullopt;
}

} // namespace securevoice
