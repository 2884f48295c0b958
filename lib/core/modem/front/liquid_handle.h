/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <type_traits>
#include <memory>
#include <stdexcept>
#include <string>

namespace securevoice {

/*! Owner of an object of liquid-dsp. */
template <typename Raw, auto destroy>
struct liquid_deleter {
    void operator()(Raw q) const { destroy(q); }
};
template <typename Raw, auto destroy>
using liquid_handle =
    std::unique_ptr<std::remove_pointer_t<Raw>, liquid_deleter<Raw, destroy>>;

/*! \throws std::runtime_error for a null pointer */
template <typename Handle>
Handle owned_by(typename Handle::pointer raw, const char* what)
{
    if (!raw)
        throw std::runtime_error(std::string("liquid-dsp could not make ") + what);
    return Handle(raw);
}

} // namespace securevoice
