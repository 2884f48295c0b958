/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/transmitter.h"

#include <memory>

/*! A station that may send all three kinds, for tests. */
namespace switching_station {

constexpr double rate = 48000; // of its IQ

inline securevoice::key_ptr make_key()
{
    return std::make_shared<securevoice::named_key>(
        securevoice::named_key{ "ours", securevoice::secret_key::random() });
}

inline securevoice::transmitter_options options_of(const securevoice::key_ptr& key)
{
    securevoice::transmitter_options o;
    o.seal.key = key;
    o.seal.allow_clear = true;
    o.seal.allow_fm = true;
    o.sample_rate = rate;
    return o;
}

} // namespace switching_station
