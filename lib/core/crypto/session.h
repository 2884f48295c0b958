/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"
#include "core/protocol/block.h"
#include "core/protocol/header.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace securevoice {

/*! True if the public check of a header fits and its mode exists (5: hcheck). */
bool header_check_fits(const header& h);

/*!
 * One transmission, on the sending side: makes the salt, the header and the keys, seals
 * blocks. A number is used once; the caller never passes a nonce.
 */
class sending_session
{
public:
    /*!
     * \param key
     *   traffic key; null for a station without one, which can send clear blocks only
     * \param m
     *   codec and profile
     * \param unix_time
     *   s since 1970, at the first symbol of block 0
     * \param first_audio
     *   digest of audio (32 octets), one of the salt's inputs
     * \throws std::runtime_error
     *   if the random source fails
     * \throws std::invalid_argument
     *   if the mode does not exist
     */
    sending_session(const secret_key* key,
                    mode m,
                    std::int64_t unix_time,
                    const std::array<std::uint8_t, 32>& first_audio);
    ~sending_session();
    sending_session(sending_session&&) noexcept;
    sending_session& operator=(sending_session&&) noexcept;

    const header& head() const;
    /*! Number that the next seal() uses; max_blocks when there is none left. */
    std::uint32_t next_number() const;
    /*!
     * Seals the next block, opens it again and compares.
     * \param k    secure or clear
     * \param text bits beyond 8 + V are zero: a block cannot carry them
     * \throws std::invalid_argument for kind::none
     * \throws std::logic_error for a secure block without key, after max_blocks, after
     * wipe(), in a process forked off, or if the block does not open to its text: then
     * the session is wiped, and nothing more can be sent
     */
    air_block seal(kind k, const text_field& text);
    /*! Wipes the keys now: nothing can be sealed any more (std::logic_error). */
    void wipe();

private:
    struct impl;
    friend struct
        session_for_tests; // defined in the tests only: vectors need a known salt
    explicit sending_session(std::unique_ptr<impl> state);
    std::unique_ptr<impl> d_impl;
};

/*! One transmission heard by a holder of its key. */
class receiving_session
{
public:
    /*! A session if the header's public check fits and its keyed tag fits \p key (one
     * keyed verification), else nothing. */
    static std::optional<receiving_session> accept(const header& h,
                                                   const secret_key& key);
    ~receiving_session();
    receiving_session(receiving_session&&) noexcept;
    receiving_session& operator=(receiving_session&&) noexcept;

    const header& head() const;
    /*! Start of the transmission, s since 1970 (a multiple of 4). \param near the time to
     * which the 28 bits are nearest */
    std::int64_t start_time(std::int64_t near) const;
    /*! Opens a secure block if its tag fits (one keyed verification, constant time).
     * \return false: \p text is untouched */
    bool open(std::uint32_t number, const air_block& block, text_field& text) const;
    /*! True if the keyed octet of a clear block fits; its public check is
     * public_session's. */
    bool clear_is_ours(std::uint32_t number, const air_block& block) const;
    /*! Wipes the keys now: open() and clear_is_ours() throw std::logic_error
     * afterwards. */
    void wipe();

private:
    receiving_session();
    struct impl;
    std::unique_ptr<impl> d_impl;
};

/*! The public side of a transmission: clear blocks, which anybody can check and make. */
class public_session
{
public:
    /*! \throws std::invalid_argument if the mode does not exist: header_check_fits()
     * tells */
    explicit public_session(const header& h);
    const header& head() const { return d_header; }
    /*! Opens a clear block if its public check (24 bits) fits. */
    bool open(std::uint32_t number, const air_block& block, text_field& text) const;
    /*! Whitens and checks; the keyed octet is left to the caller. */
    air_block seal(std::uint32_t number, const text_field& text) const;

private:
    header d_header;
    std::array<std::uint8_t, 64> d_keys{};
};

} // namespace securevoice
