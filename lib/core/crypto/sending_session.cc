/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/detail/block_crypto.h"
#include "core/crypto/detail/sending_state.h"
#include "core/crypto/hash.h"
#include "core/crypto/start_time.h"

#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace securevoice {

namespace {

mode existing(mode m)
{
    voice_bits(m.codec); // throws if there is no such codec
    return mode_from_code(m.code());
}

} // namespace

bool detail::block_is_as_wanted(const voice_keys* keys,
                                const public_session& unkeyed,
                                std::uint32_t number,
                                kind k,
                                const text_field& text,
                                const air_block& block)
{
    const auto c = mode_from_code(unkeyed.head().mode_code()).codec;
    text_field opened{};
    const wiped_at_end wipe(opened);
    if (k == kind::secure)
        return keys && open_secure(*keys, number, c, block, opened) &&
               same_octets(opened, text) && !same_octets(block.body, text);
    return unkeyed.open(number, block, opened) && same_octets(opened, text) &&
           (!keys || keyed_octet_fits(*keys, number, c, block));
}

sending_session::impl::impl(const secret_key* key,
                            mode m,
                            std::int64_t unix_time,
                            const salt_value& salt,
                            random_source random)
    : d_mode(existing(m)),
      d_random(std::move(random)),
      d_process(getpid()),
      d_has_key(key)
{
    const auto start = start_time_from_unix(unix_time);
    head.set_salt(salt);
    head.set_time(d_mode, 0); // the context needs the mode
    if (key) {
        const auto ctx = context_of(head);
        const header_keys keys(*key, ctx);
        head.set_time(d_mode, start ^ keys.mask());
        head.set_tag(keys.tag(head));
        d_keys.emplace(*key, ctx, start);
    } else {
        std::array<std::uint8_t, 4> time;
        header_tag tag;
        d_random(time.data(), time.size());
        d_random(tag.data(), tag.size());
        head.set_time(d_mode,
                      std::uint32_t{ time[0] } << 24 | std::uint32_t{ time[1] } << 16 |
                          std::uint32_t{ time[2] } << 8 | time[3]);
        head.set_tag(tag);
    }
    head.set_check(public_header_check(head));
    d_public.emplace(head);
}

air_block
sending_session::impl::make(kind k, std::uint32_t number, const text_field& text)
{
    if (k == kind::clear) {
        auto block = d_public->seal(number, text);
        if (d_keys)
            block.tag.back() = detail::keyed_octet(*d_keys, number, d_mode.codec, block);
        else
            d_random(&block.tag.back(), 1);
        return block;
    }
    air_block block;
    block.piece = header_piece(head, number);
    detail::seal_secure(*d_keys, number, d_mode.codec, text, block);
    return block;
}

air_block sending_session::impl::seal(kind k, const text_field& text)
{
    if (!d_public)
        throw std::logic_error("this transmission was wiped: begin a new one");
    if (getpid() != d_process)
        throw std::logic_error("this transmission was begun by another process: begin a "
                               "new one after a fork");
    if (k != kind::secure && k != kind::clear)
        throw std::invalid_argument(
            "a block is sealed as secure or as clear, not as none");
    if (k == kind::secure && !d_has_key)
        throw std::logic_error("a secure block needs a key: this station has none");
    if (next >= max_blocks)
        throw std::logic_error(
            "the numbers of this transmission are used up: begin a new one");

    const auto number = next++; // spent from here on, whatever happens
    try {
        const auto block = make(k, number, text);
        if (!detail::block_is_as_wanted(
                d_keys ? &*d_keys : nullptr, *d_public, number, k, text, block))
            throw std::logic_error(
                "a sealed block did not open to its text as it should: it "
                "is not sent, and the transmission ends");
        return block;
    } catch (...) {
        wipe();
        throw;
    }
}

void sending_session::impl::wipe()
{
    d_keys.reset();
    d_public.reset();
}

std::unique_ptr<sending_session::impl>
sending_session::impl::begin(const secret_key* key,
                             mode m,
                             std::int64_t unix_time,
                             const audio_digest& first_audio,
                             const random_source& random)
{
    const auto salt = make_salt(key, gather_salt_inputs(random, first_audio));
    return std::make_unique<impl>(key, m, unix_time, salt, random);
}

sending_session::sending_session(const secret_key* key,
                                 mode m,
                                 std::int64_t unix_time,
                                 const std::array<std::uint8_t, 32>& first_audio)
    : d_impl(impl::begin(key, m, unix_time, first_audio, system_random()))
{
}

sending_session::sending_session(std::unique_ptr<impl> state) : d_impl(std::move(state))
{
}

sending_session::~sending_session() = default;
sending_session::sending_session(sending_session&&) noexcept = default;
sending_session& sending_session::operator=(sending_session&&) noexcept = default;

const header& sending_session::head() const { return d_impl->head; }

std::uint32_t sending_session::next_number() const { return d_impl->next; }

air_block sending_session::seal(kind k, const text_field& text)
{
    return d_impl->seal(k, text);
}

void sending_session::wipe() { d_impl->wipe(); }

} // namespace securevoice
