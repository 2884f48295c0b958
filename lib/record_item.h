/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"

#include <cstddef>

namespace gr {
namespace securevoice {

constexpr std::size_t page_octets = 4096;

/*! Whole pages, another number for each record: see records.h. */
template <typename Record>
constexpr std::size_t pages = 0;
template <>
constexpr std::size_t pages<::securevoice::spoken_block> = 1;
template <>
constexpr std::size_t pages<::securevoice::coded_frame> = 2;
template <>
constexpr std::size_t pages<::securevoice::soft_frame> = 3;
template <>
constexpr std::size_t pages<::securevoice::heard_block> = 4;

template <typename T>
constexpr bool is_record = pages<T> > 0;

/*! Octets of a stream item that holds a T. */
template <typename T>
constexpr std::size_t item_octets = is_record<T> ? pages<T>* page_octets : sizeof(T);

static_assert(
    sizeof(::securevoice::spoken_block) <= item_octets<::securevoice::spoken_block> &&
        sizeof(::securevoice::coded_frame) <= item_octets<::securevoice::coded_frame> &&
        sizeof(::securevoice::soft_frame) <= item_octets<::securevoice::soft_frame> &&
        sizeof(::securevoice::heard_block) <= item_octets<::securevoice::heard_block>,
    "a record fits its item");

} // namespace securevoice
} // namespace gr
