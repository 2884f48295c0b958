/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE published_vectors
#include "core/crypto/detail/block_crypto.h"
#include "core/crypto/hash.h"
#include "helpers.h"

#include <boost/test/unit_test.hpp>

#include <cstring>

using namespace securevoice;
using test::from_hex;
using test::to_hex;

namespace {

constexpr hash_name none{ "" }; // zero salt and personalisation are BLAKE2b without them

std::string digest(hash& h, std::size_t octets)
{
    std::vector<std::uint8_t> out(octets);
    h.finish(out.data());
    return to_hex(out);
}

} // namespace

// RFC 7693, appendix A: BLAKE2b-512("abc")
BOOST_AUTO_TEST_CASE(blake2b_of_rfc_7693)
{
    hash h(none, nullptr, 64, none);
    for (const char c : { 'a', 'b', 'c' })
        h.add(static_cast<std::uint8_t>(c));
    BOOST_TEST(digest(h, 64) ==
               "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
               "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

// RFC 8439, appendix A.1, test vectors 1 and 5: the two with block counter 0
BOOST_AUTO_TEST_CASE(chacha20_of_rfc_8439)
{
    const std::array<std::uint8_t, 32> key{};
    std::array<std::uint8_t, 64> out;
    detail::make_stream(key.data(), { 0, 0, 0, 0 }, 0, out.data(), out.size());
    BOOST_TEST(to_hex(out) ==
               "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
               "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
    // The nonce's last octet is 2: the highest of the number, which stands there little
    // endian.
    detail::make_stream(
        key.data(), { 0, 0, 0, 0 }, std::uint64_t{ 2 } << 56, out.data(), out.size());
    BOOST_TEST(to_hex(out) ==
               "c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c7"
               "8a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d");
}

// RFC 8439, section 2.4.2: key 0 ... 31, nonce 00000000 0000004a 00000000; the stream
// from counter 1 follows that of counter 0.
BOOST_AUTO_TEST_CASE(chacha20_stream_of_rfc_8439)
{
    std::array<std::uint8_t, 32> key;
    for (std::size_t n = 0; n < key.size(); ++n)
        key[n] = static_cast<std::uint8_t>(n);
    std::array<std::uint8_t, 192> stream;
    detail::make_stream(
        key.data(), { 0, 0, 0, 0 }, 0x4A000000, stream.data(), stream.size());
    const std::string text =
        "Ladies and Gentlemen of the class of '99: If I could offer you only "
        "one tip for the future, sunscreen would be it.";
    std::vector<std::uint8_t> cipher;
    for (std::size_t n = 0; n < text.size(); ++n)
        cipher.push_back(static_cast<std::uint8_t>(static_cast<std::uint8_t>(text[n]) ^
                                                   stream[64 + n]));
    BOOST_TEST(to_hex(cipher) ==
               "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
               "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
               "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
               "5af90bbf74a35be6b40b8eedf2785e42874d");
}

BOOST_AUTO_TEST_CASE(domains_and_lengths_give_different_hashes)
{
    const auto first = [](const hash_name& domain, std::size_t octets) {
        hash h(domain, nullptr, octets);
        return to_hex(h.first<8>());
    };
    BOOST_TEST(first(domains::block_tag, 32) != first(domains::clear_check, 32));
    BOOST_TEST(first(domains::block_tag, 32) != first(domains::block_tag, 64));
    BOOST_TEST(std::memcmp(personalisation.data(), "gr-securevoice/1", 16) == 0);
    BOOST_TEST(std::memcmp(domains::salt.data(), "salt\0\0\0\0\0\0\0\0\0\0\0\0", 16) ==
               0);
}

BOOST_AUTO_TEST_CASE(wrong_use_is_refused)
{
    BOOST_CHECK_THROW(hash(domains::salt, nullptr, 0), std::invalid_argument);
    BOOST_CHECK_THROW(hash(domains::salt, nullptr, 65), std::invalid_argument);
    hash h(domains::salt, nullptr, 4);
    BOOST_CHECK_THROW(h.first<5>(), std::logic_error);
    h.first<4>();
    BOOST_CHECK_THROW(h.first<4>(), std::logic_error);
}
