/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/files/unfinished_files.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <stdexcept>

namespace securevoice {

namespace {

std::array<std::atomic<const char*>, 64> unfinished{};
static_assert(std::atomic<const char*>::is_always_lock_free);

bool exchange(const char* from, const char* to)
{
    for (auto& place : unfinished) {
        const char* expected = from;
        if (place.compare_exchange_strong(expected, to))
            return true;
    }
    return false;
}

} // namespace

void note_unfinished_file(const char* name)
{
    if (!exchange(nullptr, name))
        throw std::runtime_error("too many output files are open at once");
}

void forget_unfinished_file(const char* name) { exchange(name, nullptr); }

void remove_unfinished_files()
{
    for (const auto& place : unfinished)
        if (const char* name = place.load())
            unlink(name);
}

} // namespace securevoice
