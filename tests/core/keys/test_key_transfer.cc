/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE key_transfer
#include "../crypto/helpers.h"
#include "../temporary_folder.h"
#include "core/keys/fingerprint_words.h"
#include "core/keys/key_transfer.h"
#include "key_helpers.h"

#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <sstream>

using namespace securevoice;
using test::answers;
using test::base64;
using test::hex;
using test::passphrase_of;
using test::refusal;
using test::right;
using test::says;

namespace {

std::string hex_of(const key_ptr& key) { return test::to_hex(key->key.data(), 32); }

std::string with_crlf(std::string text)
{
    for (std::size_t n = 0; (n = text.find('\n', n)) != std::string::npos; n += 2)
        text.insert(n, "\r");
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(keys_are_received_in_every_form)
{
    const test::temporary_folder folder;
    const auto file = "gr-securevoice key 1\nkey: " + hex + "\n";
    auto urlsafe = base64;
    for (auto& c : urlsafe)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    auto upper = hex;
    for (auto& c : upper)
        c = static_cast<char>(toupper(c));
    for (const auto& text : { hex,
                              hex + "\n",
                              "  " + upper + "\r\n",
                              base64,
                              base64 + "\n",
                              base64.substr(0, 43),
                              urlsafe,
                              urlsafe.substr(0, 43) + "\n",
                              file,
                              with_crlf(file),
                              file.substr(0, file.size() - 1) }) {
        const auto key = receive_key(folder.file("team.txt", text), test::must_not_ask());
        BOOST_TEST(hex_of(key) == hex);
        BOOST_TEST((key->state == key_state()));
    }
    BOOST_TEST(receive_key(folder.file("team.key", hex), {})->name == "team");
    BOOST_TEST(receive_key(folder.file("a b.key", hex), {})->name == "");
    const auto old = "gr-securevoice key 2\nstate: receive until 2026-12-07\nkey: " + hex;
    BOOST_TEST((receive_key(folder.file("k", old), {})->state ==
                key_state::receive_until(20794)));
}

BOOST_AUTO_TEST_CASE(what_is_no_key_is_not_received)
{
    const test::temporary_folder folder;
    const auto half = hex.substr(0, 32);
    for (const auto& text : { std::string(),
                              std::string("\n"),
                              half,
                              hex.substr(1),
                              hex + "0",
                              hex + hex,
                              "g" + hex.substr(1),
                              half + " " + half,
                              base64.substr(0, 42),
                              "AA" + base64,
                              base64.substr(0, 43) + "*",
                              "key: " + hex,
                              "securevoice " + hex,
                              std::string(5000, 'a'),
                              std::string(64, '0'),
                              std::string(43, 'A') + "=",
                              "gr-securevoice key 1\nkey: " + half + "\n",
                              "gr-securevoice key 3\nkey: " + hex + "\n",
                              "x gr-securevoice key 1\nkey: " + hex + "\n" }) {
        const auto sentence =
            refusal([&] { receive_key(folder.file("k", text), answers(right)); });
        BOOST_TEST(says(sentence, folder / "k"));
        for (std::size_t n = 0; n + 6 <= hex.size(); ++n)
            BOOST_TEST(sentence.find(hex.substr(n, 6)) == std::string::npos);
    }
    BOOST_TEST(says(refusal([&] { receive_key(folder / "absent", {}); }), "there is no"));
}

BOOST_AUTO_TEST_CASE(a_sealed_key_travels_by_any_way_a_plain_one_does_not)
{
    const test::temporary_folder folder;
    const auto secret = passphrase_of(right);
    const named_key key{ "team", test::key_from(3), key_state::receive_until(20794) };
    const auto sealed = folder / "for-you.txt";
    hand_over_key(sealed, key, { &secret, least_cost });
    BOOST_TEST(test::access_of(sealed) == 0600u);
    const auto text = test::octets_of_file(sealed);
    for (const auto& way : { text, with_crlf(text), text.substr(0, text.size() - 1) }) {
        const auto path = folder.file("way", way, 0644);
        const auto there = receive_key(path, answers(right));
        BOOST_TEST(there->key.same(key.key));
        BOOST_TEST(there->name == "team");
        BOOST_TEST((there->state == key.state));
        BOOST_TEST(says(refusal([&] { receive_key(path, answers("wrong one")); }),
                        "does not open"));
        BOOST_TEST(says(refusal([&] { receive_key(path, {}); }), "passphrase"));
    }
    for (const mode_t access : { 0644, 0640, 0604 })
        BOOST_TEST(
            says(refusal([&] { receive_key(folder.file("open", hex, access), {}); }),
                 "open to others"));
    const auto link = folder / "link";
    BOOST_REQUIRE(symlink(sealed.c_str(), link.c_str()) == 0);
    BOOST_TEST(
        says(refusal([&] { receive_key(link, answers(right)); }), "symbolic link"));
    BOOST_CHECK_THROW(hand_over_key(sealed, key, {}), key_error);
    BOOST_CHECK_THROW(hand_over_key(link, key, {}), key_error);
    BOOST_TEST(test::octets_of_file(sealed) == text);
}

BOOST_AUTO_TEST_CASE(files_of_others_are_not_replaced_received_or_destroyed)
{
    const test::temporary_folder folder;
    auto path = folder.file("k.key", hex);
    if (geteuid() == 0)
        BOOST_REQUIRE(chown(path.c_str(), 65534, 65534) == 0);
    else
        path = "/etc/hostname"; // root's
    const named_key key{ "k", test::key_from(1), {} };
    const auto before = test::octets_of_file(path);
    refusal([&] { receive_key(path, {}); });
    refusal([&] { replace_key_file(path, key, {}); });
    refusal([&] { destroy_key_file(path); });
    BOOST_TEST(test::octets_of_file(path) == before);
}

BOOST_AUTO_TEST_CASE(a_replaced_file_is_whole_and_its_old_octets_are_gone)
{
    const test::temporary_folder folder;
    const keyring ring(folder.path());
    const auto old = ring.create("team");
    const auto path = ring.path_of("team");
    const auto kept =
        folder / "still-open"; // another name of the same octets on the disk
    std::filesystem::create_hard_link(path, kept);
    const auto old_text = test::octets_of_file(path);
    ring.replace({ "team", test::key_from(5), key_state::revoked() }, {});
    BOOST_TEST(ring.read("team")->key.same(test::key_from(5)));
    BOOST_TEST(test::access_of(path) == 0600u);
    const auto left = test::octets_of_file(kept);
    BOOST_TEST(left.size() == old_text.size());
    for (std::size_t n = 0; n + 8 <= old_text.size(); ++n)
        BOOST_TEST(left.find(old_text.substr(n, 8)) == std::string::npos);
    for (const mode_t access : { 0644, 0660 }) {
        BOOST_REQUIRE(chmod(path.c_str(), access) == 0);
        BOOST_TEST(says(refusal([&] {
                            ring.replace({ "team", test::key_from(6), {} }, {});
                        }),
                        "chmod 600"));
    }
    std::filesystem::remove(kept);
    BOOST_REQUIRE(chmod(path.c_str(), 0600) == 0);
    const auto link = folder / "link.key";
    BOOST_REQUIRE(symlink(path.c_str(), link.c_str()) == 0);
    refusal([&] { ring.replace({ "link", test::key_from(6), {} }, {}); });
    BOOST_TEST(ring.read("team")->key.same(test::key_from(5)));
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        files += !entry.path().empty();
    BOOST_TEST(files == 2u); // team.key and the link: nothing temporary
}

BOOST_AUTO_TEST_CASE(a_destroyed_file_is_overwritten_before_it_goes)
{
    const test::temporary_folder folder;
    for (const auto& text : { hex, std::string("damaged"), std::string(4096, 'x') }) {
        const auto path =
            folder.file("k.key", text, 0640); // open to others: all the more
        const auto kept = folder / "kept";
        std::filesystem::create_hard_link(path, kept);
        BOOST_TEST(!destroy_key_file(path).empty());
        BOOST_TEST(!std::filesystem::exists(path));
        const auto left = test::octets_of_file(kept);
        BOOST_TEST(left.size() == text.size());
        BOOST_TEST(left != text);
        BOOST_TEST(left.find(text.substr(0, 6)) == std::string::npos);
        std::filesystem::remove(kept);
    }
    const auto file = folder.file("k.key", hex);
    const auto link = folder / "link.key";
    BOOST_REQUIRE(symlink(file.c_str(), link.c_str()) == 0);
    BOOST_TEST(says(refusal([&] { destroy_key_file(link); }), "symbolic link"));
    BOOST_TEST(says(
        refusal([&] { destroy_key_file(folder.file("film", std::string(4097, 'x'))); }),
        "too long"));
    BOOST_TEST(
        says(refusal([&] { destroy_key_file(folder.path()); }), "cannot be opened"));
    BOOST_TEST(says(refusal([&] { destroy_key_file("/dev/null"); }), "no regular file"));
    BOOST_TEST(test::octets_of_file(file) == hex);
    BOOST_TEST(std::filesystem::file_size(folder / "film") == 4097u);
}

BOOST_AUTO_TEST_CASE(a_roll_keeps_the_old_key_for_receiving)
{
    const test::temporary_folder folder;
    const keyring ring(folder.path());
    const auto today = day_of(std::time(nullptr));
    const auto first = ring.create("team");
    std::set<std::string> olds;
    for (std::uint8_t n = 1; n <= 3; ++n) {
        const auto old = ring.read("team");
        const auto before = old->key.fingerprint();
        const named_key fresh{ "team", test::key_from(n), {} };
        ring.roll(*old, fresh, today + 14, {});
        olds.insert(old->name);
        BOOST_TEST(load_key("team", folder.path())->key.same(fresh.key));
        const auto kept = load_key(old->name, folder.path(), key_use::receive);
        BOOST_TEST(kept->key.fingerprint() == before);
        BOOST_TEST((kept->state == key_state::receive_until(today + 14)));
        refusal([&] { load_key(old->name, folder.path(), key_use::send); });
    }
    const auto stem = "team-old-" + day_text(today);
    BOOST_TEST((olds == std::set<std::string>{ stem, stem + ".2", stem + ".3" }));
    const auto now = ring.read("team");
    BOOST_TEST(says(refusal([&] {
                        ring.roll(*now, { "team", test::key_from(3), {} }, today, {});
                    }),
                    "already"));
    BOOST_TEST(says(refusal([&] {
                        ring.roll(*now, { "team", test::key_from(2), {} }, today, {});
                    }),
                    stem));
    const std::string long_name(60, 'a');
    const auto far = ring.create(long_name);
    BOOST_TEST(says(refusal([&] {
                        ring.roll(*far, { long_name, test::key_from(7), {} }, today, {});
                    }),
                    "too long"));
    BOOST_TEST(ring.names().size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_key_is_in_the_keyring_once)
{
    const test::temporary_folder folder;
    const keyring ring(folder.path());
    ring.add({ "one", test::key_from(1), key_state::revoked() }, {});
    BOOST_TEST(says(refusal([&] {
                        ring.add({ "two", test::key_from(1), {} }, {});
                    }),
                    "'one'"));
    BOOST_TEST(says(refusal([&] {
                        ring.add({ "one", test::key_from(2), {} }, {});
                    }),
                    "not overwritten"));
    BOOST_TEST(ring.names().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_fingerprint_is_four_words)
{
    BOOST_TEST(fingerprint_words("AAAAAAAA").substr(0, 15) == "abandon abandon");
    std::set<std::string> words;
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string before;
    for (const auto a : alphabet)
        for (const auto b : alphabet) {
            std::istringstream four(
                fingerprint_words(std::string("AA") + a + b + "AAAA"));
            std::string word;
            four >> word >> word;
            BOOST_TEST((before < word)); // in order: none twice
            before = word;
            BOOST_TEST((word.size() >= 4 && word.size() <= 7));
            BOOST_TEST(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") ==
                       std::string::npos);
            words.insert(word.substr(0, 4));
        }
    BOOST_TEST(words.size() == 1024u); // four letters are enough to tell them apart
    for (const auto* letters : { "", "AAAAAAA", "AAAAAAAAA", "aaaaaaaa", "AAAAAAA1" })
        BOOST_CHECK_THROW(fingerprint_words(letters), std::invalid_argument);
}
