/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/derived_keys.h"
#include "core/crypto/salt.h"
#include "core/crypto/session.h"

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>

namespace securevoice {

/*! What a sending session keeps. Here and not in session.h, so that only tests can
 * hand in a salt or a random source. */
struct sending_session::impl {
    /*! \throws std::runtime_error if \p random fails */
    impl(const secret_key* key,
         mode m,
         std::int64_t unix_time,
         const salt_value& salt,
         random_source random);

    /*! With a new salt. \throws std::runtime_error if \p random fails */
    static std::unique_ptr<impl> begin(const secret_key* key,
                                       mode m,
                                       std::int64_t unix_time,
                                       const audio_digest& first_audio,
                                       const random_source& random);

    air_block seal(kind k, const text_field& text);
    void wipe();

    header head;
    std::uint32_t next = 0;

private:
    air_block make(kind k, std::uint32_t number, const text_field& text);

    mode d_mode;
    std::optional<voice_keys> d_keys; // none for a station without key, and once wiped
    std::optional<public_session> d_public;
    random_source d_random;
    pid_t d_process; // a fork would use the numbers twice
    bool d_has_key;
};

namespace detail {

/*! True if a receiver opens the block as \p k to \p text, and a secure block does not
 * show it.
 * \param keys null without key */
bool block_is_as_wanted(const voice_keys* keys,
                        const public_session& unkeyed,
                        std::uint32_t number,
                        kind k,
                        const text_field& text,
                        const air_block& block);

} // namespace detail

} // namespace securevoice
