/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE other_transmission
#include "attack.h"

#include <boost/test/unit_test.hpp>

using namespace attack;

namespace {

constexpr std::size_t blocks = 80;
constexpr std::uint32_t every = 4; // of the blocks is foreign

/*! Two calls under one key. They begin in the same 4 s: the salt alone tells them
 * apart. */
struct two_calls {
    key_ptr key = key_of("alpha", 1);
    std::mt19937 rng{ 1 };
    call here;
    call there;

    explicit two_calls(codec c, kind k)
        : here(key, { c }, 1, std::vector<kind>(blocks, k), rng),
          there(key, { c }, 2, std::vector<kind>(blocks, k), rng)
    {
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(
    a_block_of_another_transmission_of_the_same_key_is_refused_in_every_place)
{
    for (const auto k : { kind::secure, kind::clear })
        for (const auto c : { codec::c3200, codec::c1300, codec::c700c }) {
            two_calls w(c, k);
            // The same number; an earlier one; a later one
            for (const int shift : { 0, -3, 3 }) {
                ear e(w.key);
                e.hear(w.here.start());
                std::set<std::uint32_t> foreign;
                for (std::uint32_t n = 0; n < blocks; ++n) {
                    auto frame = w.here.block(n);
                    if (n % every == every - 1 && n + 3 < blocks) {
                        const auto from = static_cast<int>(n) + shift;
                        frame.bits = w.there.block(static_cast<std::size_t>(from)).bits;
                        foreign.insert(n);
                    }
                    e.hear(frame);
                }
                BOOST_TEST_CONTEXT(codec_name(c) << ", shift " << shift)
                {
                    BOOST_TEST(strangers(e.played(), w.here) == 0u);
                    BOOST_TEST(e.played().size() == blocks - foreign.size());
                    BOOST_TEST(e.status().lost + e.status().refused >= foreign.size());
                }
            }
        }
}

/*! The second call's blocks go on where the first one's stop, under the first one's
 * header. */
BOOST_AUTO_TEST_CASE(a_spliced_tail_of_another_transmission_is_not_heard_as_the_first)
{
    two_calls w(codec::c1300, kind::secure);
    ear e(w.key);
    e.hear(w.here.start());
    for (std::size_t n = 0; n < 20; ++n)
        e.hear(w.here.block(n));
    BOOST_TEST(e.played().size() == 20u);
    std::size_t before_its_header = 0;
    for (std::size_t n = 20; n < blocks; ++n)
        for (const auto& b : e.hear(w.there.block(n))) {
            // Heard, if at all, as the transmission that it is: under its own header,
            // which its pieces give with the sixth block.
            BOOST_TEST((b.voice == w.there.voice(b.number)));
            before_its_header += n < 25;
        }
    BOOST_TEST(before_its_header == 0u);
}
