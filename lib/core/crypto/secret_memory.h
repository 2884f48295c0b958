/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace securevoice {

/*!
 * Octets in guarded memory of their own (sodium_malloc), locked against swapping where the
 * system allows it, wiped when they go. Move-only; one that was moved from has no octets.
 */
class secret_memory
{
public:
    /*! Zero octets. \throws std::runtime_error if libsodium cannot start or there is no memory */
    explicit secret_memory(std::size_t octets);

    std::uint8_t* data() { return d_octets.get(); }
    const std::uint8_t* data() const { return d_octets.get(); }
    std::size_t size() const { return d_size; }
    /*! False if the memory could not be locked: it may be swapped out. */
    bool locked() const { return d_locked; }

private:
    struct wiper {
        void operator()(std::uint8_t* octets) const; // sodium_free wipes first
    };
    std::unique_ptr<std::uint8_t, wiper> d_octets;
    std::size_t d_size;
    bool d_locked;
};

/*! Wipes an object on the stack when its scope ends, also by an exception. */
template <typename T>
class wiped_at_end
{
public:
    explicit wiped_at_end(T& object) : d_object(object) {}
    ~wiped_at_end();
    wiped_at_end(const wiped_at_end&) = delete;
    wiped_at_end& operator=(const wiped_at_end&) = delete;

private:
    T& d_object;
};

void wipe_memory(void* memory, std::size_t octets);

template <typename T>
wiped_at_end<T>::~wiped_at_end()
{
    wipe_memory(&d_object, sizeof(T));
}

} // namespace securevoice
