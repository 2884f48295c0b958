/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace securevoice {

/*!
 * Octets in guarded memory of their own (sodium_malloc), locked against swapping where
 * the system allows it, wiped when they go. Move-only; one that was moved from has no
 * octets.
 */
class secret_memory
{
public:
    /*! Zero octets. \throws std::runtime_error if libsodium cannot start or there is no
     * memory */
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

/*! What to do, once, when the first memory cannot be locked: tell the user. It must not
 * throw. */
void on_unlocked_memory(void (*tell)());
/*! The sentence for that. */
constexpr const char* unlocked_memory =
    "keys are not locked in memory and may be written to the swap space: raise the limit "
    "('ulimit -l 8192'), or switch swapping off ('swapoff -a')";

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

/*! Wipes, when its scope ends, what the functions called in it left on the stack: copies
 * of speech that a library or the compiler made. */
class stack_wiped_at_end
{
public:
    stack_wiped_at_end() = default;
    ~stack_wiped_at_end();
    stack_wiped_at_end(const stack_wiped_at_end&) = delete;
    stack_wiped_at_end& operator=(const stack_wiped_at_end&) = delete;
};

/*! Wipes what it takes back. */
template <typename T>
struct wiping_allocator {
    using value_type = T;
    wiping_allocator() = default;
    template <typename Other>
    wiping_allocator(const wiping_allocator<Other>&)
    {
    }
    T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
    void deallocate(T* memory, std::size_t count)
    {
        wipe_memory(memory, count * sizeof(T));
        std::allocator<T>().deallocate(memory, count);
    }
};
template <typename T, typename Other>
bool operator==(const wiping_allocator<T>&, const wiping_allocator<Other>&)
{
    return true;
}
template <typename T, typename Other>
bool operator!=(const wiping_allocator<T>&, const wiping_allocator<Other>&)
{
    return false;
}

/*! A vector that leaves no copy of its elements where it was before it grew. Those that
 * it removes stay until then. */
template <typename T>
using wiped_vector = std::vector<T, wiping_allocator<T>>;

template <typename T>
wiped_at_end<T>::~wiped_at_end()
{
    wipe_memory(&d_object, sizeof(T));
}

} // namespace securevoice
