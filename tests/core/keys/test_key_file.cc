/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE key_file
#include "../crypto/helpers.h"
#include "../temporary_folder.h"
#include "core/keys/key_file.h"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

using namespace securevoice;
using test::temporary_folder;

namespace {

const std::string digits =
    "0123456789abcdef0123456789abcdeffedcba9876543210fedcba9876543211";
const std::string good = "gr-securevoice key 1\nkey: " + digits + "\n";

// The sentence with which a file is refused. It never holds a part of the key.
std::string refusal(const std::string& path)
{
    try {
        read_key_file(path);
    } catch (const key_error& e) {
        const std::string sentence = e.what();
        for (std::size_t n = 0; n + 6 <= digits.size(); ++n)
            BOOST_TEST(sentence.find(digits.substr(n, 6)) == std::string::npos);
        return sentence;
    }
    BOOST_ERROR("was not refused: " + path);
    return "";
}

bool says(const std::string& sentence, const std::string& what)
{
    if (sentence.find(what) == std::string::npos)
        BOOST_TEST_MESSAGE("it says: " << sentence);
    return sentence.find(what) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_good_file_is_read)
{
    const temporary_folder folder;
    for (const mode_t access : { 0600, 0400 }) {
        const auto path =
            folder.file("Team_7.b" + std::to_string(access) + ".key", good, access);
        const auto key = read_key_file(path);
        BOOST_TEST(key->name == "Team_7.b" + std::to_string(access));
        BOOST_TEST(test::to_hex(key->key.data(), 32) == digits);
    }
    auto upper = good;
    for (auto n = good.find(digits); n < good.size(); ++n)
        upper[n] = static_cast<char>(toupper(upper[n]));
    BOOST_TEST(test::to_hex(read_key_file(folder.file("u", upper))->key.data(), 32) ==
               digits);
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again)
{
    const temporary_folder folder;
    const auto old = umask(0); // the mode does not depend on it
    for (const mode_t mask : { 0u, 022u, 0777u }) {
        umask(mask);
        const auto path = folder / ("k" + std::to_string(mask) + ".key");
        const auto key = secret_key::random();
        write_key_file(path, key);
        BOOST_TEST(test::access_of(path) == 0600u);
        BOOST_TEST(read_key_file(path)->key.same(key));
    }
    umask(old);
    auto octets = test::from_hex(digits);
    const auto path = folder / "text.key";
    write_key_file(path, secret_key::take(octets.data(), octets.size()));
    BOOST_TEST(test::octets_of_file(path) == good);
}

BOOST_AUTO_TEST_CASE(a_file_that_exists_is_not_overwritten)
{
    const temporary_folder folder;
    const auto path = folder.file("k.key", good);
    BOOST_CHECK_THROW(write_key_file(path, test::key_from(1)), key_error);
    BOOST_TEST(test::octets_of_file(path) == good);
    // Nor does a symbolic link lead elsewhere.
    const auto link = folder / "link.key";
    BOOST_REQUIRE(symlink((folder / "elsewhere").c_str(), link.c_str()) == 0);
    BOOST_CHECK_THROW(write_key_file(link, test::key_from(1)), key_error);
    BOOST_TEST(!std::filesystem::exists(folder / "elsewhere"));
    BOOST_CHECK_THROW(write_key_file(folder / "no/k.key", test::key_from(1)), key_error);
    BOOST_CHECK_THROW(write_key_file(folder / "a b.key", test::key_from(1)), key_error);
    BOOST_TEST(!std::filesystem::exists(folder / "a b.key"));
}

BOOST_AUTO_TEST_CASE(P18_files_open_to_others_are_refused)
{
    const temporary_folder folder;
    for (const mode_t access : { 0644, 0640, 0604, 0620, 0602, 0610, 0601, 0666, 0777 }) {
        const auto sentence = refusal(folder.file("k.key", good, access));
        BOOST_TEST(says(sentence, "chmod 600"));
        char octal[8];
        std::snprintf(octal, sizeof(octal), "%04o", access);
        BOOST_TEST(says(sentence, octal));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_refused)
{
    const temporary_folder folder;
    const auto file = folder.file("k.key", good);
    const auto link = folder / "link.key";
    BOOST_REQUIRE(symlink(file.c_str(), link.c_str()) == 0);
    BOOST_TEST(says(refusal(link), "symbolic link"));
    const auto fifo = folder / "fifo.key";
    BOOST_REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    BOOST_TEST(says(refusal(fifo), "no regular file")); // and does not wait for a writer
    std::filesystem::create_directory(folder / "folder.key");
    BOOST_TEST(says(refusal(folder / "folder.key"), "no regular file"));
    BOOST_TEST(says(refusal("/dev/null"), "no regular file"));
    BOOST_TEST(says(refusal(folder / "absent.key"), "there is no key file"));
    BOOST_TEST(says(refusal(file + "/k"), "cannot be opened"));
}

BOOST_AUTO_TEST_CASE(a_file_of_another_user_is_refused)
{
    const temporary_folder folder;
    auto path = folder.file("k.key", good);
    if (geteuid() == 0)
        BOOST_REQUIRE(chown(path.c_str(), 65534, 65534) == 0);
    else
        path = "/etc/passwd"; // root's
    BOOST_TEST(says(refusal(path), "another user"));
}

BOOST_AUTO_TEST_CASE(malformed_files_are_refused_with_what_is_wrong)
{
    const temporary_folder folder;
    const std::string head = "gr-securevoice key 1\n";
    struct row {
        std::string text;
        const char* sentence;
    };
    auto crlf = good;
    for (std::size_t n = 0; (n = crlf.find('\n', n)) != std::string::npos; n += 2)
        crlf.insert(n, "\r");
    const row rows[] = {
        { "", "is no key file" },
        { "\n", "is no key file" },
        { digits, "is no key file" },
        { digits + "\n", "is no key file" },
        { "gr-securevoice key 1", "is no key file" }, // no line end
        { " " + good, "keys import FILE NAME' mends it" },
        { "gr-securevoice key 3\nkey: " + digits + "\n", "version" },
        { "gr-securevoice key 1 \nkey: " + digits + "\n", "version" },
        { "gr-securevoice key 12\nkey: " + digits + "\n", "version" },
        { head, "holds no key" },
        { head + "key: " + digits, "cut off in line 2" },
        { head + "key: " + digits.substr(0, 20), "cut off in line 2" },
        { head + "key: " + digits.substr(0, 62) + "\n", "62" },
        { head + "key: " + digits.substr(0, 63) + "\n", "63" },
        { head + "key: " + digits + "0\n", "65" },
        { head + "key: " + digits + digits + "\n", "128" },
        { head + "key: \n", "0 hexadecimal" },
        { head + "key: " + digits.substr(0, 63) + "g\n", "not hexadecimal" },
        { head + "key:  " + digits.substr(0, 63) + "\n", "not hexadecimal" },
        { head + "key: " + digits.substr(0, 31) + std::string(1, '\0') +
              digits.substr(32) + "\n",
          "not hexadecimal" },
        { head + "key:" + digits + "\n", "line 2" },
        { head + "Key: " + digits + "\n", "line 2" },
        { head + digits + "\n", "line 2" },
        { head + "\nkey: " + digits + "\n", "line 2" },
        { head + "state: send\nkey: " + digits + "\n", "line 2" },
        { good + "sealed: " + digits + "\n", "line 3" },
        { good + "\n", "line 3" },
        { good + "key: " + digits + "\n", "two keys" },
        { head + "key: " + std::string(64, '0') + "\n", "zeros" },
        { crlf, "carriage returns" },
        { good + std::string(4096, ' '), "too long" },
        { std::string(1 << 20, 'x'), "too long" },
    };
    for (const auto& r : rows)
        BOOST_TEST(says(refusal(folder.file("k.key", r.text)), r.sentence));
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_inverted_bit_is_refused_or_read_as_another_key)
{
    const temporary_folder folder;
    for (std::size_t length = 0; length < good.size(); ++length)
        refusal(folder.file("k.key", good.substr(0, length)));
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        auto text = good;
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ 1 << bit % 8);
        const auto path = folder.file("k.key", text);
        try {
            const auto key = read_key_file(path);
            // Only a digit that became another digit; or a letter of the other case.
            const auto changed = bit / 8;
            BOOST_TEST(changed >= good.find(digits));
            BOOST_TEST(isxdigit(text[changed]));
        } catch (const key_error&) {
            refusal(path);
        }
    }
}

BOOST_AUTO_TEST_CASE(names_of_keys)
{
    for (const auto* name : { "a", "A-1", "team.blue_2", "7", "_", "x.keys" })
        BOOST_TEST(is_key_name(name));
    BOOST_TEST(is_key_name(std::string(64, 'a')));
    for (const auto* name : { "",
                              ".",
                              "..",
                              ".a",
                              "-a",
                              "x.key",
                              "x.KEY",
                              "a b",
                              "a/b",
                              "a\n",
                              "\xC3\xA4",
                              "a\x1b" })
        BOOST_TEST(!is_key_name(name));
    BOOST_TEST(!is_key_name(std::string(65, 'a')));
    BOOST_TEST(!is_key_name(std::string("a\0b", 3)));
    const temporary_folder folder;
    BOOST_TEST(says(refusal(folder.file("two words.key", good)), "rename"));
    BOOST_TEST(says(refusal(folder.file(".key", good)), "rename"));
}
