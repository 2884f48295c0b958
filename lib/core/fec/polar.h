/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/mode.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace securevoice {

/*!
 * One polar code of docs/protocol.md, section 4: its length, puncturing, info set and
 * interleaver. Immutable and shared: ask start_code() or block_code().
 */
struct polar_code {
    std::size_t length;    // N
    std::size_t punctured; // the first so many code bits are not sent
    std::vector<std::uint16_t> piece_positions; // ascending; empty for the start frame
    std::vector<std::uint16_t>
        other_positions; // info positions without the piece, ascending
    std::size_t sent() const { return length - punctured; }
    std::size_t info() const { return piece_positions.size() + other_positions.size(); }
};

const polar_code& start_code();
const polar_code& block_code(codec c);

/*!
 * Encodes and interleaves.
 * \param piece  bits (0/1) of the piece positions (may be null where there are none)
 * \param others bits (0/1) of the other info positions
 * \param sent   out: code.sent() bits in the order of transmission
 * \throws std::invalid_argument if the code has a piece and none is given, or is no code
 * (code_check.h)
 */
void polar_encode(const polar_code& code,
                  const std::uint8_t* piece,
                  const std::uint8_t* others,
                  std::uint8_t* sent);

/*! One candidate of the list decoder. */
struct polar_candidate {
    std::vector<std::uint8_t> piece;  // bits
    std::vector<std::uint8_t> others; // bits
    float metric = 0; // sum of |LLR| that speak against it: 0 is a perfect fit
};

/*! Says whether a candidate is the right one; called best candidate first. */
using polar_predicate = std::function<bool(const polar_candidate&)>;

/*!
 * Successive cancellation list decoder (Tal, Vardy 2015; LLR form: Balatsoukas-Stimming,
 * Parizi, Burg 2015). Keeps its working memory, so the steady state allocates nothing.
 * Not thread-safe: one per thread.
 */
class polar_list_decoder
{
public:
    /*! \param max_list largest list size, a power of two, 1 ... 128 */
    explicit polar_list_decoder(std::size_t max_list = 32);
    ~polar_list_decoder();
    polar_list_decoder(polar_list_decoder&&) noexcept;
    polar_list_decoder& operator=(polar_list_decoder&&) noexcept;

    /*!
     * Decodes one frame with a list of \p list paths and offers the survivors, best
     * first, to \p accept.
     *
     * \param llr   code.sent() values, ln P(0)/P(1), in the order of transmission;
     *              NaN counts as 0, infinities are clipped
     * \param piece known piece bits, or null if the piece is to be decoded
     * \param list  a power of two, 1 ... max_list
     * \return the accepted candidate, or null; valid until the next call
     * \throws std::invalid_argument if \p list is out of range or \p code is no code
     *         (code_check.h)
     */
    const polar_candidate* decode(const polar_code& code,
                                  const float* llr,
                                  const std::uint8_t* piece,
                                  std::size_t list,
                                  const polar_predicate& accept);

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice
