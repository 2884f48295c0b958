/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE key_state
#include "../crypto/helpers.h"
#include "../temporary_folder.h"
#include "core/keys/key_state.h"
#include "key_helpers.h"

using namespace securevoice;
using test::refusal;
using test::says;

namespace {

constexpr std::int64_t day = 86400;

const key_state states[] = { key_state(),
                             key_state::receive_until(20429),
                             key_state::revoked() };

// A time of today's with which a state is made that holds, or does not hold any more.
std::int64_t today() { return day_of(std::time(nullptr)); }

void write(const keyring& ring,
           const char* name,
           const key_state& state,
           std::uint8_t seed)
{
    ring.add({ name, test::key_from(seed), state }, {});
}

} // namespace

BOOST_AUTO_TEST_CASE(dates_are_days_since_1970)
{
    const struct {
        const char* text;
        std::int64_t number;
    } rows[] = { { "1970-01-01", 0 },      { "1970-12-31", 364 },
                 { "2000-02-29", 11016 },  { "2026-12-07", 20794 },
                 { "2100-03-01", 47541 },  { "2038-01-20", 24856 },
                 { "9999-12-31", 2932896 } };
    for (const auto& row : rows) {
        BOOST_TEST(day_from_text(row.text).value() == row.number);
        BOOST_TEST(day_text(row.number) == row.text);
    }
    for (const auto* text : { "",
                              "2026-12-7",
                              "2026-02-29",
                              "2026-13-01",
                              "2026-00-10",
                              "2026-11-31",
                              "2026-11-00",
                              "1969-12-31",
                              "2026/12/07",
                              "2026-12-07 ",
                              " 2026-12-07",
                              "20261207",
                              "2026-1a-07",
                              "-026-12-07",
                              "0000-01-01",
                              "2100-02-29" })
        BOOST_TEST(!day_from_text(text).has_value());
    BOOST_TEST(day_of(day - 1) == 0);
    BOOST_TEST(day_of(day) == 1);
    BOOST_TEST(day_of(-1) == -1);
}

BOOST_AUTO_TEST_CASE(a_state_is_its_text)
{
    BOOST_TEST(key_state().text() == "send");
    BOOST_TEST(key_state::receive_until(20794).text() == "receive until 2026-12-07");
    BOOST_TEST(key_state::revoked().text() == "revoked");
    for (const auto& state : states)
        BOOST_TEST((key_state::from_text(state.text()) == state));
    for (const auto* text : { "",
                              "Send",
                              "send ",
                              "receive",
                              "receive until",
                              "receive until ",
                              "receive until never",
                              "receive until 2026-02-30",
                              "revoked 2026-01-01" })
        BOOST_TEST(!key_state::from_text(text).has_value());
}

BOOST_AUTO_TEST_CASE(what_each_state_allows)
{
    const auto last = std::int64_t{ 20794 };
    const auto until = key_state::receive_until(last);
    for (const std::int64_t now :
         { std::int64_t{ 0 }, last * day, last * day + day - 1 }) {
        BOOST_TEST(until.allows(key_use::receive, now));
        BOOST_TEST(!until.allows(key_use::send, now));
    }
    BOOST_TEST(!until.allows(key_use::receive, (last + 1) * day));
    for (const auto use : { key_use::send, key_use::receive }) {
        BOOST_TEST(key_state().allows(use, 4000000000));
        BOOST_TEST(!key_state::revoked().allows(use, 0));
    }
}

BOOST_AUTO_TEST_CASE(only_a_send_key_is_loaded_for_sending_and_by_default)
{
    const test::temporary_folder folder;
    const keyring ring(folder.path());
    write(ring, "good", key_state(), 1);
    write(ring, "old", key_state::receive_until(today()), 2);
    write(ring, "over", key_state::receive_until(today() - 2), 3);
    write(ring, "gone", key_state::revoked(), 4);

    for (const auto use : { key_use::send, key_use::receive })
        BOOST_TEST(load_key("good", folder.path(), use)->key.same(test::key_from(1)));
    const auto old = load_key("old", folder.path(), key_use::receive);
    BOOST_TEST(old->key.same(test::key_from(2)));
    BOOST_TEST((old->state == key_state::receive_until(today())));

    for (const auto* name : { "old", "over", "gone" }) {
        const auto path = ring.path_of(name);
        for (const auto& sentence :
             { refusal([&] { load_key(name, folder.path(), key_use::send); }),
               refusal([&] { load_key(name, folder.path()); }),
               refusal([&] { load_key(path, "", key_use::send); }),
               refusal([&] { load_key(path); }),
               refusal([&] { ring.load(name); }) }) {
            BOOST_TEST(says(sentence, "there is no key to send with"));
            BOOST_TEST(says(sentence, name));
        }
    }
    BOOST_TEST(says(refusal([&] { load_key("over", folder.path(), key_use::receive); }),
                    "was for receiving until " + day_text(today() - 2)));
    BOOST_TEST(says(refusal([&] { load_key("gone", folder.path(), key_use::receive); }),
                    "revoked"));
    BOOST_TEST(
        says(refusal([&] { load_key(ring.path_of("gone"), "", key_use::receive); }),
             "revoked"));
    // To look at, all are there.
    for (const auto* name : { "good", "old", "over", "gone" })
        BOOST_CHECK_NO_THROW(ring.read(name));
}

BOOST_AUTO_TEST_CASE(files_with_a_state_are_version_2_and_others_stay_version_1)
{
    const test::temporary_folder folder;
    const keyring ring(folder.path());
    write(ring, "send", key_state(), 1);
    write(ring, "old", key_state::receive_until(20794), 2);
    write(ring, "gone", key_state::revoked(), 3);
    const auto digits = [](std::uint8_t seed) {
        return "key: " + test::to_hex(test::key_from(seed).data(), 32) + "\n";
    };
    BOOST_TEST(test::octets_of_file(ring.path_of("send")) ==
               "gr-securevoice key 1\n" + digits(1));
    BOOST_TEST(test::octets_of_file(ring.path_of("old")) ==
               "gr-securevoice key 2\nstate: receive until 2026-12-07\n" + digits(2));
    BOOST_TEST(test::octets_of_file(ring.path_of("gone")) ==
               "gr-securevoice key 2\nstate: revoked\n" + digits(3));
    for (const auto* name : { "send", "old", "gone" })
        BOOST_TEST(test::access_of(ring.path_of(name)) == 0600u);
}

BOOST_AUTO_TEST_CASE(malformed_states_are_refused)
{
    const test::temporary_folder folder;
    const std::string head = "gr-securevoice key 2\n";
    const auto key = "key: " + test::to_hex(test::key_from(1).data(), 32) + "\n";
    for (const auto& text : { head,
                              head + key,
                              head + "state: send\n",
                              head + "state: send",
                              head + "state: sent\n" + key,
                              head + "state:send\n" + key,
                              head + "state: receive until 2026-02-30\n" + key,
                              head + key + "state: send\n",
                              head + "state: send\nstate: revoked\n" + key,
                              head + "state: send\n" + key + "state: revoked\n",
                              head + "state: send\n" + key + key })
        BOOST_TEST(
            says(refusal([&] { read_key_file(folder.file("k.key", text)); }), "k.key"));
    BOOST_CHECK_NO_THROW(
        read_key_file(folder.file("k.key", head + "state: send\n" + key)));
    // Every inverted bit: refused, another key, or another date; never a key to send
    // with.
    const auto good = head + "state: receive until 2026-12-07\n" + key;
    for (std::size_t bit = 0; bit < 8 * good.find("key: 0"); ++bit) {
        auto text = good;
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ 1 << bit % 8);
        try {
            const auto read = read_key_file(folder.file("k.key", text));
            BOOST_TEST((read->state.what() == key_state::phase::receive_until));
            BOOST_TEST(isdigit(text[bit / 8]));
        } catch (const key_error&) {
        }
    }
}
