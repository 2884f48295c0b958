/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE crypto_vectors
#include "core/crypto/derived_keys.h"
#include "core/crypto/detail/block_crypto.h"
#include "core/crypto/hash.h"
#include "core/crypto/start_time.h"
#include "helpers.h"
#include "session_for_tests.h"

#include <nlohmann/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <optional>

// tests/vectors/crypto.json says how it was made: by tests/tools/make_vectors.py, which
// shares no code with the core.

using namespace securevoice;
using nlohmann::json;
using test::from_hex;
using test::to_hex;

namespace {

const json& vectors()
{
    static const json all = json::parse(std::ifstream(SECUREVOICE_VECTORS));
    return all;
}

const json& transmissions() { return vectors().at("transmissions"); }

std::string text_of(const json& j, const char* name)
{
    return j.at(name).get<std::string>();
}

template <typename Array>
Array array_of(const json& j, const char* name)
{
    const auto octets = from_hex(text_of(j, name));
    Array out{};
    BOOST_REQUIRE(octets.size() <= out.size());
    std::copy(octets.begin(), octets.end(), out.begin());
    return out;
}

std::optional<secret_key> key_of(const json& j)
{
    auto octets = from_hex(text_of(j, "key"));
    if (octets.empty())
        return std::nullopt;
    return secret_key::take(octets.data(), octets.size());
}

mode mode_of(const json& t)
{
    return { static_cast<codec>(t.at("codec").get<unsigned>()),
             static_cast<profile>(t.at("profile").get<unsigned>()) };
}

header header_of(const json& t)
{
    return { array_of<std::array<std::uint8_t, header_octets>>(t, "header") };
}

air_block block_of(const json& b)
{
    air_block block;
    block.piece = array_of<piece_octets>(b, "piece");
    block.body = array_of<text_field>(b, "body");
    block.tag = array_of<std::array<std::uint8_t, tag_octets>>(b, "tag");
    return block;
}

kind kind_of(const json& b)
{
    return text_of(b, "kind") == "secure" ? kind::secure : kind::clear;
}

std::uint32_t number_of(const json& j) { return j.at("number").get<std::uint32_t>(); }

} // namespace

BOOST_AUTO_TEST_CASE(the_file_holds_every_codec)
{
    std::vector<bool> seen(codec_count);
    for (const auto& t : transmissions())
        seen.at(t.at("codec").get<unsigned>()) = true;
    BOOST_TEST(std::count(seen.begin(), seen.end(), true) == codec_count);
    BOOST_TEST(transmissions().size() >= 11u);
}

BOOST_AUTO_TEST_CASE(fingerprints)
{
    BOOST_TEST(vectors().at("keys").size() == 2u);
    for (const auto& k : vectors().at("keys"))
        BOOST_TEST(key_of(k)->fingerprint() == text_of(k, "fingerprint"));
}

BOOST_AUTO_TEST_CASE(salts)
{
    for (const auto& t : transmissions()) {
        const auto& in = t.at("salt_inputs");
        salt_inputs inputs;
        inputs.random = array_of<std::array<std::uint8_t, 32>>(in, "random");
        inputs.wall_clock = in.at("wall_clock");
        inputs.monotonic_clock = in.at("monotonic_clock");
        inputs.counter = in.at("counter");
        inputs.process = in.at("process");
        inputs.first_audio = array_of<audio_digest>(in, "first_audio");
        const auto key = key_of(t);
        BOOST_TEST(to_hex(make_salt(key ? &*key : nullptr, inputs)) ==
                   text_of(t, "salt"));
    }
}

BOOST_AUTO_TEST_CASE(keys_and_header_step_by_step)
{
    for (const auto& t : transmissions()) {
        header h;
        h.set_salt(array_of<salt_value>(t, "salt"));
        h.set_time(mode_of(t), 0);
        const auto ctx = context_of(h);
        BOOST_TEST(to_hex(ctx) == text_of(t, "context"));
        const auto start = start_time_from_unix(t.at("unix_time").get<std::int64_t>());
        BOOST_TEST(start == t.at("start_time").get<std::uint32_t>());

        std::array<std::uint8_t, 64> clear_keys;
        hash(domains::clear_keys, nullptr, 64).add(ctx).finish(clear_keys.data());
        BOOST_TEST(to_hex(clear_keys) == text_of(t, "clear_keys"));

        const auto key = key_of(t);
        if (!key)
            continue;
        const header_keys stage1(*key, ctx);
        BOOST_TEST(stage1.mask() == t.at("mask").get<std::uint32_t>());
        h.set_time(mode_of(t), start ^ stage1.mask());
        BOOST_TEST(to_hex(stage1.tag(h)) == text_of(t, "header_tag"));
        h.set_tag(stage1.tag(h));
        h.set_check(public_header_check(h));
        BOOST_TEST(to_hex(h.octets) == text_of(t, "header"));
        const voice_keys stage2(*key, ctx, start);
        BOOST_TEST(to_hex(stage2.enc(), 32) + to_hex(stage2.mac(), 32) ==
                   text_of(t, "voice_keys"));
        for (const auto& b : t.at("blocks")) {
            const auto c = mode_of(t).codec;
            const bool secure = kind_of(b) == kind::secure;
            text_field stream =
                detail::crypt_text(secure ? stage2.enc() : clear_keys.data(),
                                   secure ? detail::secure_stream : detail::clear_stream,
                                   number_of(b),
                                   c,
                                   text_field{});
            BOOST_TEST(to_hex(stream, text_octets(c)) == text_of(b, "stream"));
        }
    }
}

BOOST_AUTO_TEST_CASE(pieces)
{
    for (const auto& t : transmissions()) {
        header_assembler collected;
        for (const auto& p : t.at("pieces")) {
            const auto piece = array_of<piece_octets>(p, "piece");
            BOOST_TEST(header_piece(header_of(t), number_of(p)) == piece);
            collected.add(number_of(p), piece, 1);
        }
        BOOST_TEST((collected.solve(header_check_fits) == header_of(t)));
    }
}

// The sender has no way to choose a number: it seals all the blocks in between.
BOOST_AUTO_TEST_CASE(sender_makes_these_octets)
{
    for (const auto& t : transmissions()) {
        const auto key = key_of(t);
        std::vector<std::uint8_t> to_draw;
        if (!key)
            to_draw = from_hex(text_of(t, "keyless_random"));
        const auto random = [&to_draw](std::uint8_t* octets, std::size_t count) {
            for (std::size_t n = 0; n < count; ++n) {
                octets[n] = to_draw.empty() ? std::uint8_t{ 0x55 } : to_draw.front();
                if (!to_draw.empty())
                    to_draw.erase(to_draw.begin());
            }
        };
        auto sender = session_for_tests::with_salt(key ? &*key : nullptr,
                                                   mode_of(t),
                                                   t.at("unix_time").get<std::int64_t>(),
                                                   array_of<salt_value>(t, "salt"),
                                                   random);
        BOOST_TEST(to_hex(sender.head().octets) == text_of(t, "header"));
        const auto filler = key ? kind::secure : kind::clear;
        for (const auto& b : t.at("blocks")) {
            while (sender.next_number() < number_of(b))
                sender.seal(filler, text_field{});
            if (!key)
                to_draw = { block_of(b).tag.back() };
            const auto block = sender.seal(kind_of(b), array_of<text_field>(b, "text"));
            BOOST_TEST(to_hex(block.piece) == text_of(b, "piece"));
            BOOST_TEST(to_hex(block.body, text_octets(mode_of(t).codec)) ==
                       text_of(b, "body"));
            BOOST_TEST(to_hex(block.tag) == text_of(b, "tag"));
        }
        BOOST_TEST(sender.next_number() == max_blocks);
        BOOST_CHECK_THROW(sender.seal(filler, text_field{}), std::logic_error);
    }
}

BOOST_AUTO_TEST_CASE(receiver_opens_them_as_what_they_are)
{
    for (const auto& t : transmissions()) {
        BOOST_REQUIRE(header_check_fits(header_of(t)));
        const public_session everybody(header_of(t));
        const auto key = key_of(t);
        std::optional<receiving_session> holder;
        if (key) {
            holder = receiving_session::accept(header_of(t), *key);
            BOOST_REQUIRE(holder.has_value());
            const auto unix_time = t.at("unix_time").get<std::int64_t>();
            BOOST_TEST(holder->start_time(unix_time) == unix_time / 4 * 4);
        }
        for (const auto& b : t.at("blocks")) {
            const auto expected = array_of<text_field>(b, "text");
            const bool secure = kind_of(b) == kind::secure;
            text_field text{};
            BOOST_TEST(everybody.open(number_of(b), block_of(b), text) == !secure);
            BOOST_TEST(text == (secure ? text_field{} : expected));
            if (!holder)
                continue;
            text = {};
            BOOST_TEST(holder->open(number_of(b), block_of(b), text) == secure);
            BOOST_TEST(text == (secure ? expected : text_field{}));
            if (!secure)
                BOOST_TEST(holder->clear_is_ours(number_of(b), block_of(b)));
        }
    }
}

BOOST_AUTO_TEST_CASE(receiver_refuses_the_altered_ones)
{
    for (const auto& t : transmissions()) {
        const public_session everybody(header_of(t));
        const auto key = key_of(t);
        BOOST_TEST(t.at("refused").size() == 30u);
        for (const auto& b : t.at("refused")) {
            text_field text{};
            BOOST_TEST(!everybody.open(number_of(b), block_of(b), text),
                       text_of(b, "why"));
            if (key)
                BOOST_TEST(!receiving_session::accept(header_of(t), *key)
                                ->open(number_of(b), block_of(b), text),
                           text_of(b, "why"));
            BOOST_TEST(text == text_field{});
        }
    }
}
