/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/derived_keys.h"
#include "core/crypto/detail/block_crypto.h"
#include "core/crypto/hash.h"
#include "core/crypto/session.h"
#include "core/crypto/start_time.h"

#include <stdexcept>

namespace securevoice {

struct receiving_session::impl {
    header head;
    codec c;
    std::uint32_t start;
    std::optional<voice_keys> keys; // none once wiped

    const voice_keys& kept() const
    {
        if (!keys)
            throw std::logic_error("this session was wiped: accept the header again");
        return *keys;
    }
};

receiving_session::receiving_session() = default;
receiving_session::~receiving_session() = default;
receiving_session::receiving_session(receiving_session&&) noexcept = default;
receiving_session& receiving_session::operator=(receiving_session&&) noexcept = default;

std::optional<receiving_session> receiving_session::accept(const header& h,
                                                           const secret_key& key)
{
    if (!header_check_fits(h))
        return std::nullopt;
    const auto ctx = context_of(h);
    const header_keys stage1(key, ctx);
    if (!same_octets(stage1.tag(h), h.tag()))
        return std::nullopt;
    const auto start = h.masked_time() ^ stage1.mask();
    receiving_session session;
    session.d_impl = std::make_unique<impl>(impl{
        h, mode_from_code(h.mode_code()).codec, start, voice_keys(key, ctx, start) });
    return session;
}

const header& receiving_session::head() const { return d_impl->head; }

std::int64_t receiving_session::start_time(std::int64_t near) const
{
    return unix_from_start_time(d_impl->start, near);
}

bool receiving_session::open(std::uint32_t number,
                             const air_block& block,
                             text_field& text) const
{
    return detail::open_secure(d_impl->kept(), number, d_impl->c, block, text);
}

bool receiving_session::clear_is_ours(std::uint32_t number, const air_block& block) const
{
    return detail::keyed_octet_fits(d_impl->kept(), number, d_impl->c, block);
}

void receiving_session::wipe() { d_impl->keys.reset(); }

} // namespace securevoice
