/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/secret_key.h"
#include "core/crypto/secret_memory.h"

#include <sodium.h>

#include <atomic>
#include <stdexcept>

namespace securevoice {

namespace {
std::atomic<void (*)()> tell_of_unlocked{ nullptr };
}

void on_unlocked_memory(void (*tell)()) { tell_of_unlocked = tell; }

void secret_memory::wiper::operator()(std::uint8_t* octets) const { sodium_free(octets); }

secret_memory::secret_memory(std::size_t octets) : d_size(octets), d_locked(false)
{
    start_crypto();
    d_octets.reset(static_cast<std::uint8_t*>(sodium_malloc(octets)));
    if (!d_octets)
        throw std::runtime_error("there is no memory for a key: raise the limit of this "
                                 "process (ulimit -v, ulimit -l) or end other programs");
    // sodium_malloc tries to lock too, but does not tell whether it worked.
    d_locked = sodium_mlock(d_octets.get(), octets) == 0; // wipes nothing, locks only
    sodium_memzero(d_octets.get(), octets);
    if (!d_locked)
        if (const auto tell = tell_of_unlocked.exchange(nullptr))
            tell();
}

void wipe_memory(void* memory, std::size_t octets) { sodium_memzero(memory, octets); }

stack_wiped_at_end::~stack_wiped_at_end()
{
    constexpr std::size_t deep_enough =
        65536; // libcodec2's largest frames are of some 10 kB
    sodium_stackzero(deep_enough);
}

} // namespace securevoice
