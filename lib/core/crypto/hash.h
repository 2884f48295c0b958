/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <sodium.h>

#include <array>
#include <cstddef>
#include <cstdint>

/*!
 * `H[domain, key, n](message)` of docs/protocol.md, section 6: BLAKE2b (RFC 7693) with
 * the project's personalisation and a domain name in the salt parameter.
 */
namespace securevoice {

/*! A parameter of 16 octets: a name padded with zero octets. */
class hash_name
{
public:
    template <std::size_t N>
    constexpr hash_name(const char (&name)[N])
    {
        static_assert(N - 1 <= size, "a name in a hash has 16 octets at most");
        for (std::size_t n = 0; n + 1 < N; ++n)
            d_octets[n] = static_cast<std::uint8_t>(name[n]);
    }
    const std::uint8_t* data() const { return d_octets.data(); }
    static constexpr std::size_t size = 16;

private:
    std::array<std::uint8_t, size> d_octets{};
};
static_assert(hash_name::size == crypto_generichash_blake2b_PERSONALBYTES &&
                  hash_name::size == crypto_generichash_blake2b_SALTBYTES,
              "BLAKE2b's salt and personalisation");

constexpr hash_name personalisation{ "gr-securevoice/1" };

namespace domains {
constexpr hash_name salt{ "salt" };
constexpr hash_name header_keys{ "header-keys" };
constexpr hash_name header_tag{ "header-tag" };
constexpr hash_name header_check{ "header-check" };
constexpr hash_name voice_keys{ "voice-keys" };
constexpr hash_name clear_keys{ "clear-keys" };
constexpr hash_name block_tag{ "block-tag" };
constexpr hash_name clear_check{ "clear-check" };
constexpr hash_name clear_keyed{ "clear-keyed" };
constexpr hash_name fingerprint{ "fingerprint" };
constexpr hash_name first_audio{ "first-audio" };
constexpr hash_name replay_record{ "replay-record" };
constexpr hash_name replay_key{ "replay-key" };
} // namespace domains

/*! One hash in the making. Its state is wiped when it goes. */
class hash
{
public:
    static constexpr std::size_t key_octets = 32;

    /*!
     * \param domain what the hash is for
     * \param key    32 octets, or null for none
     * \param octets length of the digest, 1 ... 64: part of BLAKE2b's input, so that a
     * short
     *               digest is no prefix of a long one
     */
    hash(const hash_name& domain,
         const std::uint8_t* key,
         std::size_t octets,
         const hash_name& personal = personalisation);
    ~hash();
    hash(const hash&) = delete;
    hash& operator=(const hash&) = delete;

    hash& add(const std::uint8_t* octets, std::size_t count);
    hash& add(std::uint8_t octet) { return add(&octet, 1); }
    template <std::size_t N>
    hash& add(const std::array<std::uint8_t, N>& octets)
    {
        return add(octets.data(), N);
    }
    hash& add_le32(std::uint32_t value);
    hash& add_le64(std::uint64_t value);

    /*! Writes the whole digest. */
    void finish(std::uint8_t* digest);

    /*! The first N octets of the digest. */
    template <std::size_t N>
    std::array<std::uint8_t, N> first()
    {
        std::array<std::uint8_t, N> out;
        finish_first(out.data(), N);
        return out;
    }

private:
    void finish_first(std::uint8_t* out, std::size_t count);

    crypto_generichash_blake2b_state d_state;
    std::size_t d_octets;
};

/*! True if the first \p count octets are the same; the time taken tells nothing. */
bool same_octets(const std::uint8_t* a, const std::uint8_t* b, std::size_t count);

template <std::size_t N>
bool same_octets(const std::array<std::uint8_t, N>& a,
                 const std::array<std::uint8_t, N>& b)
{
    return same_octets(a.data(), b.data(), N);
}

} // namespace securevoice
