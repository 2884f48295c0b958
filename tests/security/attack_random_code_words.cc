/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE random_code_words
#include "attack.h"
#include "core/chain/heard_transmission.h"

#include <boost/test/unit_test.hpp>

#include <dlfcn.h>
#include <sodium.h>

#include <cmath>
#include <cstring>
#include <deque>
#include <string>

namespace {

/*! Keyed hashes begun, by what the receiver verifies with them (docs/protocol.md, 6). */
struct keyed_verifications {
    unsigned block_tags = 0;
    unsigned header_tags = 0;
    unsigned clear_octets = 0;
    unsigned all() const { return block_tags + header_tags + clear_octets; }
};
keyed_verifications counted;

} // namespace

// Takes libsodium's place in this program and passes on to it: so the verifications are
// counted where they are made.
extern "C" int
crypto_generichash_blake2b_init_salt_personal(crypto_generichash_blake2b_state* state,
                                              const unsigned char* key,
                                              const size_t key_octets,
                                              const size_t octets,
                                              const unsigned char* salt,
                                              const unsigned char* personal)
{
    static const auto libsodium =
        reinterpret_cast<decltype(&crypto_generichash_blake2b_init_salt_personal)>(
            dlsym(RTLD_NEXT, "crypto_generichash_blake2b_init_salt_personal"));
    const auto is = [&](const char* domain) {
        return std::strncmp(reinterpret_cast<const char*>(salt), domain, 16) == 0;
    };
    counted.block_tags += is("block-tag");
    counted.header_tags += is("header-tag");
    counted.clear_octets += is("clear-keyed");
    return libsodium(state, key, key_octets, octets, salt, personal);
}

using namespace attack;

namespace {

#ifdef SECUREVOICE_SANITIZE
constexpr unsigned model_slots = 500000, true_slots = 200;
#else
constexpr unsigned model_slots = 10000000, true_slots = 2000;
#endif
constexpr double snr = 100; // Es/N0 of a code bit: +20 dB

struct model_result {
    std::uint64_t hits = 0;      // slots in which a candidate passed
    std::uint64_t played = 0;    // of these
    std::uint64_t forbidden = 0; // played, though the relock rule forbids it
    std::uint64_t withheld = 0;  // not played, though it asks for no second
    std::uint64_t singles =
        0;                   // hits without another one within 8 slots, before or behind
    unsigned most_tries = 0; // in one slot
};

/*!
 * Modelled: the list decoder (its candidates are random octets) and the tag (8 bits of
 * them). Not modelled, but the receiver's own: the limit of tries in a slot
 * (guess_budget) and all that is made of a slot that verified
 * (heard_transmission).
 * \param offered candidates in a slot, over all transmissions and keys
 */
model_result run_model(unsigned slots, unsigned offered, std::uint64_t seed)
{
    const auto key = key_of("alpha", 1);
    std::mt19937 rng(1);
    std::mt19937_64 candidates(seed);
    model_result r;
    std::uint64_t number_of_call = 0;
    for (unsigned done = 0; done < slots; ++number_of_call) {
        const call sent(
            key, {}, static_cast<std::uint8_t>(number_of_call & 0xFF), {}, rng);
        heard_call heard(
            sent.head(), receiving_session::accept(sent.head(), key->key), key);
        heard_transmission t(heard, {}, false);
        std::int64_t last = -100, before_last = -100; // hits
        std::vector<std::uint32_t> now_played;
        const auto emit = [&](const heard_block& b) {
            if (b.what == heard_block::action::play)
                now_played.push_back(b.number);
        };
        soft_frame frame;
        const auto here = std::min(slots - done, max_blocks);
        for (std::uint32_t n = 0; n < here; ++n) {
            frame.number = static_cast<std::uint16_t>(n);
            frame.time = 0.08 * (n + 0.5);
            guess_budget slot_budget;
            auto budget = slot_budget.all();
            bool hit = false;
            unsigned tries = 0;
            std::uint64_t octets = 0;
            for (unsigned k = 0; k < offered && !hit && budget.spend(); ++k) {
                if (k % 8 == 0)
                    octets = candidates();
                hit = (octets & 0xFF) == 0x5A;
                octets >>= 8;
                ++tries;
            }
            r.most_tries = std::max(r.most_tries, tries);
            now_played.clear();
            if (!hit) {
                t.missing(frame, emit);
                r.forbidden += now_played.size();
                continue;
            }
            opened_slot slot;
            slot.kind = kind::secure;
            slot.text[1] = 1; // voice, not the silence behind END
            t.opened(frame, slot, freshness::fresh, true, emit);

            // The relock rule (docs/protocol.md, 6.6, rule 4): behind four slots without
            // a hit one plays only as the first or the second of two within 8 slots.
            const auto now = static_cast<std::int64_t>(n);
            const bool alone = now_played.size() == 1 && now_played[0] == n;
            const bool pair = now_played.size() == 2 && now_played[0] == last &&
                              now_played[1] == n && now - last <= 8;
            const bool locked = now - last <= 4;
            r.forbidden += !now_played.empty() && !pair && !(alone && locked);
            r.withheld += locked && now_played.empty();
            r.played += now_played.size();
            ++r.hits;
            r.singles += last - before_last > 8 && now - last > 8;
            before_last = last;
            last = now;
        }
        done += here;
    }
    return r;
}

/*! That a binomial count lies within five standard deviations: wrong once in 1.7
 * million. */
void check_binomial(std::uint64_t count, double n, double p)
{
    const double sigma = std::sqrt(n * p * (1 - p));
    BOOST_TEST(std::abs(static_cast<double>(count) - n * p) < 5 * sigma,
               count << " of " << n << ", " << n * p << " expected");
}

} // namespace

BOOST_AUTO_TEST_CASE(
    ten_million_slots_against_a_tag_of_8_bits_hit_as_often_as_64_tries_do)
{
    const auto r = run_model(model_slots, 100, 1);
    BOOST_TEST_MESSAGE(r.hits << " hits, " << r.singles << " alone, " << r.played
                              << " played, " << r.withheld << " withheld");
    BOOST_TEST(r.most_tries == 64u);
    check_binomial(r.hits, model_slots, 1 - std::pow(255.0 / 256, 64));
    BOOST_TEST(r.forbidden == 0u);
    BOOST_TEST(r.withheld == 0u);
    BOOST_TEST(r.played < r.hits);
    BOOST_TEST(r.played > 0.5 * static_cast<double>(r.hits)); // 8 bits are no tag
}

/*! One try in a slot, a hit in 256 slots: what a forger meets who tries seldom. */
BOOST_AUTO_TEST_CASE(with_the_relock_rule_hits_play_in_pairs_only)
{
    const auto r = run_model(model_slots, 1, 2);
    BOOST_TEST_MESSAGE(r.hits << " hits, " << r.singles << " alone, " << r.played
                              << " played, " << r.withheld << " withheld");
    check_binomial(r.hits, model_slots, 1.0 / 256);
    BOOST_TEST(r.forbidden == 0u);
    BOOST_TEST(r.withheld == 0u);
    BOOST_TEST(r.played > 0u);
    BOOST_TEST(r.singles > 0.9 * static_cast<double>(r.hits));
    BOOST_TEST(r.played + r.singles <= r.hits);
    // A hit has its second within 8 slots with probability 1 - (255/256)^8 = 3.1 %, and
    // plays with it; 5 sigma, two at a time.
    const double pairs = 2 * (1 - std::pow(255.0 / 256, 8)) * static_cast<double>(r.hits);
    BOOST_TEST(static_cast<double>(r.played) < pairs + 5 * std::sqrt(2 * pairs));
}

/*! The receiver as it is: list decoder, sessions, 32-bit tag. Its tries are counted in
 * the hash function. */
BOOST_AUTO_TEST_CASE(random_code_words_at_20_dB_are_never_played_and_get_64_tries)
{
    const std::vector<key_ptr> keys{ key_of("alpha", 1), key_of("beta", 2) };
    for (const auto c : { codec::c3200, codec::c700c })
        // One call whose start was heard; or four, by recorded start frames, on one to
        // three signals
        for (const unsigned calls : { 1u, 4u, 12u }) {
            std::mt19937 rng(c == codec::c3200 ? 3 : 4);
            const auto tracks = calls == 12 ? 3u : 1u;
            ear e(bit_air::holder(keys));
            std::vector<header> heads;
            for (unsigned n = 0; n < calls; ++n) {
                const call sent(
                    keys[n % 2], { c }, static_cast<std::uint8_t>(n), {}, rng);
                heads.push_back(sent.head());
                e.hear(sent.start(), 1 + n % tracks);
            }
            unsigned most = 0, least = 1000000;
            for (std::uint32_t n = 0; n < true_slots / 6; ++n) {
                counted = {};
                for (std::uint32_t track = 1; track <= tracks; ++track) {
                    const auto piece = rng() % 2 ? header_piece(heads[rng() % calls], n)
                                                 : random_piece(rng);
                    auto frame =
                        bit_air::soft(frame_of({ c }, n, random_bits(piece, rng)),
                                      track,
                                      true,
                                      snr,
                                      &rng);
                    frame.time = block_seconds * (n + 1.5);
                    e.hear(frame);
                }
                most = std::max(most, counted.all());
                least = std::min(least, counted.all());
            }
            BOOST_TEST_MESSAGE(calls << " calls: " << least << " to " << most
                                     << " tries");
            BOOST_TEST_CONTEXT(calls << " calls, " << codec_name(c))
            {
                BOOST_TEST(e.played().empty());
                BOOST_TEST(!e.ever(heard_state::secure));
                BOOST_TEST(e.status().heard == 0u);
                BOOST_TEST(most <= 64u);
                // They were counted: a call costs at least the larger list, four calls
                // all that there is.
                BOOST_TEST(least >= (calls == 1 ? 32u : 60u));
            }
        }
}
