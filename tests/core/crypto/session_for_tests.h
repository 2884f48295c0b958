/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/detail/sending_state.h"

#include <utility>

namespace securevoice {

/*! What no program can do: a transmission with a salt or a random source that is handed
 * in. */
struct session_for_tests {
    static sending_session with_salt(const secret_key* key,
                                     mode m,
                                     std::int64_t unix_time,
                                     const salt_value& salt,
                                     random_source random = system_random())
    {
        return sending_session(std::make_unique<sending_session::impl>(
            key, m, unix_time, salt, std::move(random)));
    }

    static sending_session with_random(const secret_key* key,
                                       mode m,
                                       std::int64_t unix_time,
                                       const audio_digest& first_audio,
                                       const random_source& random)
    {
        return sending_session(
            sending_session::impl::begin(key, m, unix_time, first_audio, random));
    }
};

} // namespace securevoice
