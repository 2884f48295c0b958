/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// many_transmissions COUNT CHILDREN: begins COUNT transmissions of the same audio with
// one key, then forks CHILDREN processes which begin COUNT each. Writes to standard
// output, for each: salt (12 octets), k_enc (32), body of block 0 (33). Its text:
// text_of().

#include "core/crypto/derived_keys.h"
#include "core/crypto/session.h"

#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

using namespace securevoice;

namespace {

constexpr std::size_t body_octets = 33; // of Codec2 3200

secret_key the_key()
{
    std::array<std::uint8_t, secret_key::size> octets;
    octets.fill(7);
    return secret_key::take(octets.data(), octets.size());
}

// BLAKE2b of the number (8 octets, little endian), 33 octets: another voice each time.
text_field text_of(std::uint64_t number)
{
    std::array<std::uint8_t, 8> octets;
    for (auto& octet : octets) {
        octet = static_cast<std::uint8_t>(number);
        number >>= 8;
    }
    text_field text{};
    crypto_generichash(
        text.data(), body_octets, octets.data(), octets.size(), nullptr, 0);
    return text;
}

void transmit(const secret_key& key, std::uint64_t count)
{
    std::vector<std::uint8_t> records;
    for (std::uint64_t n = 0; n < count; ++n) {
        sending_session session(&key, {}, time(nullptr), {});
        const auto& head = session.head();
        const auto ctx = context_of(head);
        const voice_keys keys(
            key, ctx, head.masked_time() ^ header_keys(key, ctx).mask());
        const auto block = session.seal(kind::secure, text_of(n));
        const auto salt = head.salt();
        records.insert(records.end(), salt.begin(), salt.end());
        records.insert(records.end(), keys.enc(), keys.enc() + 32);
        records.insert(
            records.end(), block.body.begin(), block.body.begin() + body_octets);
    }
    if (std::fwrite(records.data(), 1, records.size(), stdout) != records.size() ||
        std::fflush(stdout) != 0)
        throw std::runtime_error("cannot write");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    const auto count = std::strtoull(argv[1], nullptr, 10);
    const auto children = std::strtoul(argv[2], nullptr, 10);
    const auto key = the_key();
    transmit(key, count);
    for (unsigned long n = 0; n < children; ++n) {
        const auto child = fork(); // each begins with what the others begin with
        if (child < 0)
            return 1;
        if (child == 0) {
            transmit(key, count);
            _exit(0);
        }
        int status = 0;
        if (waitpid(child, &status, 0) != child || status != 0)
            return 1;
    }
    return 0;
}
