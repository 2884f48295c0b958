/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace securevoice::apps {

void in_parallel(std::size_t count,
                 std::size_t jobs,
                 const std::function<void(std::size_t)>& work,
                 const std::function<void(double)>& progress)
{
    std::atomic<std::size_t> next{ 0 };
    std::size_t done = 0;
    std::mutex one_at_a_time;
    std::exception_ptr failure;
    const auto run = [&] {
        for (auto n = next++; n < count; n = next++) {
            try {
                work(n);
                const std::lock_guard<std::mutex> lock(one_at_a_time);
                progress(static_cast<double>(++done) / static_cast<double>(count));
            } catch (...) {
                const std::lock_guard<std::mutex> lock(one_at_a_time);
                failure = std::current_exception();
                next = count;
            }
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t n = 0; n < std::min(jobs, count); ++n)
        threads.emplace_back(run);
    for (auto& thread : threads)
        thread.join();
    if (failure)
        std::rethrow_exception(failure);
}

std::size_t threads_for(std::size_t asked)
{
    return asked > 0 ? asked : std::max(1U, std::thread::hardware_concurrency());
}

} // namespace securevoice::apps
