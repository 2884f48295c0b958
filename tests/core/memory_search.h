/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <fcntl.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

/*! Searches this process's own memory, to see what was left there. */
namespace memory_search {

// A secret's octets inverted: so that what we look for is not in memory because we look
// for it.
using inverted = std::vector<std::uint8_t>;

inline inverted remember(const std::uint8_t* octets, std::size_t count)
{
    inverted out(count);
    for (std::size_t n = 0; n < count; ++n)
        out[n] = static_cast<std::uint8_t>(~octets[n]);
    return out;
}

// Where the octets begin in a part of memory.
inline unsigned
count_in(const std::uint8_t* from, const std::uint8_t* to, const inverted& wanted)
{
    const auto size = static_cast<std::ptrdiff_t>(wanted.size());
    const auto first = static_cast<std::uint8_t>(~wanted.front());
    const auto is_inverse = [](std::uint8_t a, std::uint8_t b) {
        return (a ^ b) == 0xFF;
    };
    unsigned found = 0;
    while (to - from >= size) {
        from = static_cast<const std::uint8_t*>(
            std::memchr(from, first, static_cast<std::size_t>(to - from - size + 1)));
        if (!from)
            break;
        found += std::equal(from, from + size, wanted.begin(), is_inverse);
        ++from;
    }
    return found;
}

// A part of the address space, read through the kernel: pages may go or be guarded.
struct window {
    std::array<std::uint8_t, 65536> octets;
    std::uintptr_t address() const
    {
        return reinterpret_cast<std::uintptr_t>(octets.data());
    }
};
inline window view; // what it holds is a copy, and not counted

// Number of places in this process's writable memory that hold the octets.
inline unsigned occurrences(const inverted& wanted)
{
    const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    BOOST_REQUIRE(memory >= 0);
    const auto overlap = wanted.size() - 1; // a secret may lie across two windows
    unsigned found = 0;
    const auto search = [&](std::uintptr_t from, std::uintptr_t to) {
        while (from < to && to - from > overlap) {
            const auto count = std::min<std::size_t>(view.octets.size(), to - from);
            const auto got =
                pread(memory, view.octets.data(), count, static_cast<off_t>(from));
            if (got <= static_cast<ssize_t>(overlap))
                break;
            found += count_in(view.octets.data(), view.octets.data() + got, wanted);
            from += static_cast<std::uintptr_t>(got) - overlap;
        }
    };
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        unsigned long from = 0;
        unsigned long to = 0;
        char access[5] = {};
        if (std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &to, access) != 3 ||
            access[0] != 'r' || access[1] != 'w' || to - from > (1ul << 28))
            continue; // larger ones are a sanitizer's own
        search(from, std::min<std::uintptr_t>(to, std::max(from, view.address())));
        search(std::max<std::uintptr_t>(from, view.address() + view.octets.size()), to);
    }
    close(memory);
    view.octets.fill(0);
    return found;
}

} // namespace memory_search
