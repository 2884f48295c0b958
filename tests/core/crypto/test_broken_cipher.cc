/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE broken_cipher
#include "core/crypto/session.h"
#include "helpers.h"

#include <sodium.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

bool broken = true;

} // namespace

// Takes libsodium's place in this program: a cipher that fails and leaves zeros. Sender
// and receiver use the same, so a round trip alone would not see it.
extern "C" int crypto_stream_chacha20_ietf(unsigned char* out,
                                           unsigned long long octets,
                                           const unsigned char*,
                                           const unsigned char*)
{
    std::fill_n(out, octets, static_cast<unsigned char>(broken ? 0 : 0x55));
    return broken ? -1 : 0;
}

using namespace securevoice;

BOOST_AUTO_TEST_CASE(P1_speech_that_the_cipher_left_as_it_was_is_not_sent)
{
    std::mt19937 random(1);
    const auto key = test::key_from(1);
    for (const auto m : test::all_modes()) {
        const auto text = test::random_text(m.codec, random);
        sending_session sender(&key, m, test::some_time, {});
        broken = false;
        const auto block = sender.seal(kind::secure, text);
        BOOST_TEST(block.body[0] == (text[0] ^ 0x55)); // the cipher is ours
        broken = true;
        BOOST_CHECK_THROW(sender.seal(kind::secure, text), std::logic_error);
        broken = false;
        BOOST_CHECK_THROW(sender.seal(kind::secure, text),
                          std::logic_error); // it has ended
    }
}
