/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/hash.h"
#include "core/crypto/secret_key.h"
#include "core/crypto/secret_memory.h"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace securevoice {

namespace {

// RFC 4648, section 6: A to Z, 2 to 7. Computed, not looked up: no address depends on a
// key.
char base32_letter(std::uint64_t value) // 0 ... 31
{
    const auto is_digit = (25 - value) >> 63;
    return static_cast<char>('A' + value - is_digit * ('A' + 26 - '2'));
}

} // namespace

struct secret_key::memory {
    secret_memory octets{ secret_key::size };
};

secret_key::secret_key() : d_memory(std::make_unique<memory>()) {}

secret_key::secret_key(secret_key&&) noexcept = default;
secret_key& secret_key::operator=(secret_key&&) noexcept = default;
secret_key::~secret_key() = default;

secret_key secret_key::take(std::uint8_t* octets, std::size_t count)
{
    struct wipe_source {
        std::uint8_t* octets;
        std::size_t count;
        ~wipe_source()
        {
            if (octets)
                sodium_memzero(octets, count);
        }
    } const at_end{ octets, count };
    if (!octets || count != size)
        throw std::invalid_argument("a key has " + std::to_string(size) +
                                    " octets, not " + std::to_string(octets ? count : 0) +
                                    ": make one with 'securevoice keys new NAME'");
    if (sodium_is_zero(octets, count))
        throw std::invalid_argument("a key of zeros protects nothing: make one with "
                                    "'securevoice keys new NAME'");
    secret_key key;
    std::copy_n(octets, size, key.d_memory->octets.data());
    return key;
}

secret_key secret_key::random()
{
    secret_key key;
    randombytes_buf(key.d_memory->octets.data(),
                    size); // ends the process if there is no randomness
    if (sodium_is_zero(key.d_memory->octets.data(), size))
        throw std::runtime_error(
            "the system's random source gives zeros: no key was made");
    return key;
}

const std::uint8_t* secret_key::data() const
{
    if (!d_memory)
        throw std::logic_error("this key was wiped: load it again");
    return d_memory->octets.data();
}

bool secret_key::locked() const { return d_memory && d_memory->octets.locked(); }

bool secret_key::same(const secret_key& other) const
{
    return same_octets(data(), other.data(), size);
}

void secret_key::wipe() { d_memory.reset(); }

bool secret_key::wiped() const { return !d_memory; }

std::string secret_key::fingerprint() const
{
    const auto octets = hash(domains::fingerprint, data(), 32).first<5>();
    std::uint64_t bits = 0;
    for (const auto octet : octets)
        bits = bits << 8 | octet;
    std::string letters;
    for (int shift = 35; shift >= 0; shift -= 5)
        letters += base32_letter(bits >> shift & 31);
    return letters;
}

} // namespace securevoice
