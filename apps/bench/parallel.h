/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <functional>

namespace securevoice::apps {

/*!
 * Does \p work for 0 ... \p count - 1 on \p jobs threads.
 * \param progress told the share of the work that is done; called by one thread at a time
 * \throws what a job threw; no new one is begun then
 */
void in_parallel(std::size_t count,
                 std::size_t jobs,
                 const std::function<void(std::size_t)>& work,
                 const std::function<void(double)>& progress);

/*! \return \p asked, or the number of cores for 0 */
std::size_t threads_for(std::size_t asked);

} // namespace securevoice::apps
