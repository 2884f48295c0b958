/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE key_seal
#include "../crypto/helpers.h"
#include "../temporary_folder.h"
#include "core/keys/detail/key_text.h"
#include "key_helpers.h"

#include <sodium.h>

#include <sys/wait.h>
#include <unistd.h>

using namespace securevoice;
using test::answers;
using test::passphrase_of;
using test::refusal;
using test::right;
using test::says;

namespace {

// Sealed at the least cost that is accepted, so that thousands of files can be tried.
void write_sealed(const std::string& path,
                  const std::string& name,
                  const secret_key& key,
                  const key_state& state = {})
{
    const auto secret = passphrase_of(right);
    auto copy = std::vector<std::uint8_t>(key.data(), key.data() + secret_key::size);
    write_key_file(path,
                   { name, secret_key::take(copy.data(), copy.size()), state },
                   { &secret, least_cost });
}

std::string line_of(const std::string& text, const std::string& field)
{
    const auto from = text.find("\n" + field + ": ") + 1;
    return text.substr(from, text.find('\n', from) - from);
}

std::string
with_line(std::string text, const std::string& field, const std::string& value)
{
    const auto old = line_of(text, field);
    return text.replace(text.find(old), old.size(), field + ": " + value);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_sealed_key_opens_with_its_passphrase_only)
{
    const test::temporary_folder folder;
    const auto path = folder / "team.key";
    const auto key = test::key_from(1);
    write_sealed(path, "team", key, key_state::receive_until(20794));
    BOOST_TEST(test::access_of(path) == 0600u);
    const auto read = read_key_file(path, answers(right));
    BOOST_TEST(read->key.same(key));
    BOOST_TEST(read->name == "team");
    BOOST_TEST((read->state == key_state::receive_until(20794)));
    for (const auto& wrong : { std::string("correct horse battery stapl"),
                               right + " ",
                               right + std::string(1, '\0'),
                               std::string(),
                               std::string("Correct horse battery staple") }) {
        const auto sentence = refusal([&] { read_key_file(path, answers(wrong)); });
        BOOST_TEST(says(sentence, "that passphrase does not open"));
        BOOST_TEST((wrong.empty() || sentence.find(wrong) == std::string::npos));
    }
    BOOST_TEST(says(refusal([&] { read_key_file(path); }), "sealed by a passphrase"));
}

BOOST_AUTO_TEST_CASE(a_sealed_file_shows_no_key_and_never_repeats)
{
    const test::temporary_folder folder;
    const auto key = test::key_from(1);
    write_sealed(folder / "a.key", "a", key);
    std::filesystem::create_directory(folder / "again");
    write_sealed(folder / "again/a.key", "a", key);
    const auto one = test::octets_of_file(folder / "a.key");
    const auto two = test::octets_of_file(folder / "again/a.key");
    BOOST_TEST(one.find(test::to_hex(key.data(), 8)) == std::string::npos);
    BOOST_TEST(one.find(key.fingerprint()) == std::string::npos);
    for (const auto* field : { "salt", "nonce", "sealed" })
        BOOST_TEST(line_of(one, field) != line_of(two, field));
    BOOST_TEST(line_of(one, "passes") == "passes: 1");
    BOOST_TEST(line_of(one, "memory") == "memory: 8192");
}

BOOST_AUTO_TEST_CASE(the_text_is_the_one_that_the_header_describes)
{
    // From the parts of the file alone, with libsodium.
    const test::temporary_folder folder;
    write_sealed(folder / "team.key", "team", test::key_from(9));
    const auto text = test::octets_of_file(folder / "team.key");
    const auto hex = [&](const char* field) {
        return test::from_hex(line_of(text, field).substr(std::string(field).size() + 2));
    };
    const auto salt = hex("salt"), nonce = hex("nonce"), box = hex("sealed");
    BOOST_TEST(salt.size() == 16u);
    BOOST_TEST(nonce.size() == 24u);
    BOOST_REQUIRE(box.size() == 48u);
    std::array<std::uint8_t, 32> wrapping, octets;
    BOOST_REQUIRE(crypto_pwhash(wrapping.data(),
                                32,
                                right.data(),
                                right.size(),
                                salt.data(),
                                1,
                                8192 * 1024,
                                crypto_pwhash_ALG_ARGON2ID13) == 0);
    const auto bound = text.substr(0, text.find("sealed: "));
    BOOST_REQUIRE(bound.rfind("gr-securevoice key 2\nname: team\nstate: send\npasses: 1\n"
                              "memory: 8192\nsalt: ",
                              0) == 0);
    BOOST_REQUIRE(crypto_aead_xchacha20poly1305_ietf_decrypt(
                      octets.data(),
                      nullptr,
                      nullptr,
                      box.data(),
                      box.size(),
                      reinterpret_cast<const std::uint8_t*>(bound.data()),
                      bound.size(),
                      nonce.data(),
                      wrapping.data()) == 0);
    BOOST_TEST(test::to_hex(octets) == test::to_hex(test::key_from(9).data(), 32));
}

BOOST_AUTO_TEST_CASE(every_octet_of_a_sealed_file_changed_is_refused)
{
    const test::temporary_folder folder;
    const auto path = folder / "team.key";
    write_sealed(path, "team", test::key_from(1), key_state::receive_until(20794));
    const auto good = test::octets_of_file(path);
    BOOST_REQUIRE(good.size() > 250u);
    for (std::size_t n = 0; n < good.size(); ++n)
        for (const int change : { 0x01, 0x02, 0x08, 0x20, 0x80 }) {
            auto text = good;
            text[n] = static_cast<char>(text[n] ^ change);
            folder.file("team.key", text);
            BOOST_TEST(
                says(refusal([&] { read_key_file(path, answers(right)); }), "key file"));
        }
    for (std::size_t length = 0; length < good.size(); ++length) {
        folder.file("team.key", good.substr(0, length));
        refusal([&] { read_key_file(path, answers(right)); });
    }
    folder.file("team.key", good);
    BOOST_CHECK_NO_THROW(read_key_file(path, answers(right)));
}

BOOST_AUTO_TEST_CASE(lines_added_removed_doubled_or_moved_are_refused)
{
    const test::temporary_folder folder;
    const auto path = folder / "team.key";
    write_sealed(path, "team", test::key_from(1));
    const auto good = test::octets_of_file(path);
    std::vector<std::string> lines;
    for (std::size_t from = 0; from < good.size();) {
        const auto to = good.find('\n', from) + 1;
        lines.push_back(good.substr(from, to - from));
        from = to;
    }
    BOOST_REQUIRE(lines.size() == 8u);
    const auto refused = [&](std::vector<std::string> changed) {
        std::string text;
        for (const auto& line : changed)
            text += line;
        folder.file("team.key", text);
        refusal([&] { read_key_file(path, answers(right)); });
    };
    for (std::size_t n = 0; n < lines.size(); ++n) {
        auto less = lines;
        less.erase(less.begin() + static_cast<std::ptrdiff_t>(n));
        refused(less);
        auto twice = lines;
        twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(n), lines[n]);
        refused(twice);
        if (n > 0) {
            auto moved = lines;
            std::swap(moved[n], moved[n - 1]);
            refused(moved);
        }
    }
    auto more = lines;
    more.push_back("key: " + std::string(64, '1') + "\n");
    refused(more);
}

BOOST_AUTO_TEST_CASE(costs_out_of_bounds_are_refused_before_the_passphrase_is_asked_for)
{
    const test::temporary_folder folder;
    const auto path = folder / "team.key";
    write_sealed(path, "team", test::key_from(1));
    const auto good = test::octets_of_file(path);
    const struct {
        const char* field;
        const char* value;
    } rows[] = { { "passes", "17" },
                 { "passes", "999999999" },
                 { "memory", "8191" },
                 { "memory", "1048577" },
                 { "memory", "999999999" },
                 { "passes", "0" },
                 { "passes", "" },
                 { "passes", "-1" },
                 { "passes", "01" },
                 { "passes", " 1" },
                 { "passes", "1e9" },
                 { "passes", "4294967297" },
                 { "memory", "0x2000" },
                 { "memory", "8192 " },
                 { "passes", "18446744073709551617" } };
    for (const auto& row : rows) {
        folder.file("team.key", with_line(good, row.field, row.value));
        refusal([&] { read_key_file(path, test::must_not_ask()); });
    }
    folder.file("team.key", with_line(good, "passes", "17"));
    BOOST_TEST(says(refusal([&] { read_key_file(path, test::must_not_ask()); }),
                    "out of bounds"));
    // Within the bounds, but not what it was sealed with.
    folder.file("team.key", with_line(good, "passes", "2"));
    BOOST_TEST(
        says(refusal([&] { read_key_file(path, answers(right)); }), "does not open"));
}

BOOST_AUTO_TEST_CASE(a_sealed_file_stays_what_its_name_says)
{
    // Else two groups' files could change places.
    const test::temporary_folder folder;
    const keyring ring(folder.path());
    write_sealed(ring.path_of("red"), "red", test::key_from(1));
    std::filesystem::rename(ring.path_of("red"), ring.path_of("blue"));
    BOOST_TEST(says(refusal([&] { ring.load("blue", key_use::send, answers(right)); }),
                    "was sealed as key 'red'"));
    const auto secret = passphrase_of(right);
    BOOST_TEST(says(refusal([&] {
                        write_key_file(folder / "green.key",
                                       { "red", test::key_from(2), {} },
                                       { &secret, least_cost });
                    }),
                    "red.key"));
    BOOST_TEST(!std::filesystem::exists(folder / "green.key"));
}

BOOST_AUTO_TEST_CASE(a_key_that_may_not_be_used_asks_for_no_passphrase)
{
    const test::temporary_folder folder;
    const keyring ring(folder.path());
    write_sealed(ring.path_of("gone"), "gone", test::key_from(1), key_state::revoked());
    for (const auto use : { key_use::send, key_use::receive })
        for (const auto& name : { std::string("gone"), ring.path_of("gone") })
            BOOST_TEST(says(refusal([&] {
                                load_key(name, folder.path(), use, test::must_not_ask());
                            }),
                            "revoked"));
    // Its state cannot be mended by hand.
    const auto text = test::octets_of_file(ring.path_of("gone"));
    folder.file("gone.key", with_line(text, "state", "send"));
    BOOST_TEST(says(refusal([&] { ring.load("gone", key_use::send, answers(right)); }),
                    "does not open"));
}

BOOST_AUTO_TEST_CASE(without_a_terminal_a_sealed_key_is_refused)
{
    const test::temporary_folder folder;
    write_sealed(folder / "team.key", "team", test::key_from(1));
    // A child in a session of its own has no terminal, wherever the tests run.
    const auto child = fork();
    if (child == 0) {
        setsid();
        try {
            load_key("team", folder.path());
            _exit(1);
        } catch (const key_error& e) {
            _exit(says(e.what(), "there is no terminal") ? 0 : 2);
        }
    }
    int status = -1;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(passphrases_from_a_descriptor_are_its_lines)
{
    int ends[2];
    BOOST_REQUIRE(pipe(ends) == 0);
    const std::string given = right + "\nsecond one\n\nshort\nlast, no line end";
    BOOST_REQUIRE(write(ends[1], given.data(), given.size()) ==
                  static_cast<ssize_t>(given.size()));
    close(ends[1]);
    const auto ask = passphrase_from_descriptor(ends[0]);
    BOOST_TEST(ask("a", passphrase_for::opening).same(passphrase_of(right)));
    BOOST_TEST(ask("b", passphrase_for::sealing).same(passphrase_of("second one")));
    BOOST_TEST(says(refusal([&] { ask("c", passphrase_for::opening); }), "is empty"));
    BOOST_TEST(says(refusal([&] { ask("d", passphrase_for::sealing); }), "too short"));
    BOOST_TEST(
        ask("e", passphrase_for::opening).same(passphrase_of("last, no line end")));
    BOOST_TEST(says(refusal([&] { ask("f", passphrase_for::opening); }),
                    "no further passphrase"));
    close(ends[0]);
    BOOST_TEST(says(refusal([&] { ask("g", passphrase_for::opening); }), "can be read"));
}

BOOST_AUTO_TEST_CASE(a_passphrase_has_bounds_and_characters)
{
    passphrase p;
    for (std::size_t n = 0; n < passphrase::most; ++n)
        BOOST_REQUIRE(p.append('x'));
    BOOST_TEST(!p.append('x'));
    BOOST_TEST(p.size() == passphrase::most);
    p.clear();
    BOOST_TEST(p.size() == 0u);
    p = passphrase_of("a\xC3\xA4\xE2\x82\xAC");
    p.remove_last();
    BOOST_TEST(p.same(passphrase_of("a\xC3\xA4")));
    p.remove_last();
    BOOST_TEST(p.same(passphrase_of("a")));
    p.remove_last();
    p.remove_last();
    BOOST_TEST(p.size() == 0u);
    BOOST_TEST(passphrase_of(right).copy().same(passphrase_of(right)));
    BOOST_TEST(!passphrase_of("abc").same(passphrase_of("abd")));
}
