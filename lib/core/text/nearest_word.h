/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace securevoice {

/*! The word of a list that a mistyped one most likely means: the only one that it begins,
 * or the nearest one with at most a third of its letters wrong, left out, added or
 * exchanged. Capitals are no mistakes. Nothing if there is none. */
std::optional<std::string> nearest_word(const std::string& typed,
                                        const std::vector<std::string>& words);

} // namespace securevoice
