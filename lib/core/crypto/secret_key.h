/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace securevoice {

/*! Must be called before anything else in crypto/; cheap when repeated. \throws
 * std::runtime_error if libsodium cannot start */
void start_crypto();

/*!
 * 32 secret octets in guarded, locked memory (sodium_malloc), wiped when it goes.
 * Move-only, and nothing prints it.
 */
class secret_key
{
public:
    static constexpr std::size_t size = 32;

    /*! From 32 octets, which are wiped. \throws std::invalid_argument for a length other
     * than 32 or all zero */
    static secret_key take(std::uint8_t* octets, std::size_t count);
    static secret_key random();

    secret_key(secret_key&&) noexcept;
    secret_key& operator=(secret_key&&) noexcept;
    ~secret_key();

    const std::uint8_t* data() const;
    /*! False if the memory could not be locked: it may be swapped out. */
    bool locked() const;
    /*! True if both hold the same octets; constant time. */
    bool same(const secret_key& other) const;
    /*! Overwrites the key now. Later use throws std::logic_error. */
    void wipe();
    bool wiped() const;

    /*! 8 letters for people to compare (docs/protocol.md, section 7). */
    std::string fingerprint() const;

private:
    secret_key();
    struct memory;
    std::unique_ptr<memory> d_memory;
};

} // namespace securevoice
