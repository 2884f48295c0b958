/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

/*! What all fuzz targets share: the fuzzer's octets as numbers, and the word for a broken
 * promise. */
namespace fuzz {

/*! A promise of the code under test. Broken: says which one and ends the process, which
 * the fuzzer takes for a crash. */
inline void check(bool holds, const char* promise)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

/*! The fuzzer's octets, taken from the front. When they are used up, everything is
 * zero. */
class input
{
public:
    input(const std::uint8_t* data, std::size_t size) : d_data(data), d_left(size) {}

    std::size_t left() const { return d_left; }

    std::uint8_t octet()
    {
        if (d_left == 0)
            return 0;
        --d_left;
        return *d_data++;
    }
    bool flag() { return (octet() & 1) != 0; }
    /*! Any octets as a number, little endian; a float can be NaN, infinite, denormal. */
    template <typename T>
    T value()
    {
        std::uint8_t octets[sizeof(T)];
        for (auto& o : octets)
            o = octet();
        T out;
        std::memcpy(&out, octets, sizeof(T));
        return out;
    }
    /*! 0 ... n - 1; two octets, n up to 65536 */
    std::size_t below(std::size_t n) { return value<std::uint16_t>() % n; }
    /*! What is left, at most \p most octets. */
    std::string text(std::size_t most = SIZE_MAX)
    {
        const auto count = d_left < most ? d_left : most;
        std::string out(reinterpret_cast<const char*>(d_data), count);
        d_data += count;
        d_left -= count;
        return out;
    }

private:
    const std::uint8_t* d_data;
    std::size_t d_left;
};

} // namespace fuzz

/*! libFuzzer's entry point; replay.cc calls it for stored inputs. */
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
