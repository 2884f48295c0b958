/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/hash.h"
#include "core/crypto/salt.h"

#include <sodium.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <stdexcept>

namespace securevoice {

namespace {

template <typename Clock>
std::uint64_t nanoseconds()
{
    using std::chrono::duration_cast;
    return static_cast<std::uint64_t>(
        duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count());
}

// The one thing that all transmissions of a process share: two that begin in the same
// nanosecond differ.
std::uint64_t count_salt()
{
    static std::atomic<std::uint64_t> made{ 0 };
    return made++;
}

} // namespace

random_source system_random()
{
    start_crypto();
    return
        [](std::uint8_t* octets, std::size_t count) { randombytes_buf(octets, count); };
}

audio_digest
fold_audio(const audio_digest& digest, const std::int16_t* samples, std::size_t count)
{
    return hash(domains::first_audio, nullptr, digest.size())
        .add(digest)
        .add(reinterpret_cast<const std::uint8_t*>(samples), count * sizeof *samples)
        .first<std::tuple_size_v<audio_digest>>();
}

salt_inputs gather_salt_inputs(const random_source& random,
                               const audio_digest& first_audio)
{
    salt_inputs inputs;
    random(inputs.random.data(), inputs.random.size());
    if (sodium_is_zero(inputs.random.data(), inputs.random.size()))
        throw std::runtime_error("the random source gives zeros: nothing is sent");
    inputs.wall_clock = nanoseconds<std::chrono::system_clock>();
    inputs.monotonic_clock = nanoseconds<std::chrono::steady_clock>();
    inputs.counter = count_salt();
    inputs.process = static_cast<std::uint64_t>(getpid());
    inputs.first_audio = first_audio;
    return inputs;
}

salt_value make_salt(const secret_key* key, const salt_inputs& inputs)
{
    return hash(domains::salt, key ? key->data() : nullptr, 32)
        .add(inputs.random)
        .add_le64(inputs.wall_clock)
        .add_le64(inputs.monotonic_clock)
        .add_le64(inputs.counter)
        .add_le64(inputs.process)
        .add(inputs.first_audio)
        .first<salt_octets>();
}

} // namespace securevoice
