/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE keyring
#include "../crypto/helpers.h"
#include "../temporary_folder.h"
#include "core/keys/key_file.h"
#include "key_helpers.h"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

using namespace securevoice;
using test::refusal;
using test::says;
using test::temporary_folder;

namespace {

void copy_key(const keyring& ring, const std::string& from, const std::string& to)
{
    std::filesystem::copy_file(ring.path_of(from), ring.path_of(to)); // keeps the mode
}

} // namespace

BOOST_AUTO_TEST_CASE(keys_are_made_listed_and_loaded)
{
    const temporary_folder folder;
    const keyring ring(folder / "a/b/keys");
    BOOST_TEST(ring.folder() == folder / "a/b/keys");
    BOOST_TEST(ring.names().empty());
    const auto red = ring.create("red");
    const auto blue = ring.create("blue");
    for (const auto* made : { "a", "a/b", "a/b/keys" })
        BOOST_TEST(test::access_of(folder / made) == 0700u);
    BOOST_TEST(test::access_of(ring.path_of("red")) == 0600u);
    BOOST_TEST((ring.names() == std::vector<std::string>{ "blue", "red" }));
    BOOST_TEST(ring.load("red")->name == "red");
    BOOST_TEST(ring.load("red")->key.same(red->key));
    BOOST_TEST(!ring.load("blue")->key.same(red->key));
    BOOST_CHECK_NO_THROW(ring.check_duplicates());
    // What is no key's name is passed over.
    folder.file("a/b/keys/notes.txt", "");
    folder.file("a/b/keys/two words.key", "");
    folder.file("a/b/keys/.key", "");
    BOOST_TEST(ring.names().size() == 2u);
}

BOOST_AUTO_TEST_CASE(names_that_are_taken_unknown_or_no_names_are_refused)
{
    const temporary_folder folder;
    const keyring ring(folder.path());
    const auto key = ring.create("red");
    BOOST_TEST(says(refusal([&] { ring.create("red"); }), "not overwritten"));
    BOOST_TEST(ring.load("red")->key.same(key->key));
    BOOST_TEST(says(refusal([&] { ring.load("green"); }), "keys new green"));
    for (const auto* name : { "", "../red", "/etc/passwd", ".red", "-red", "red blue" }) {
        BOOST_TEST(says(refusal([&] { ring.load(name); }), "cannot be a key's name"));
        BOOST_TEST(says(refusal([&] { ring.create(name); }), "cannot be a key's name"));
    }
    BOOST_TEST(ring.names().size() == 1u);
}

BOOST_AUTO_TEST_CASE(P9_duplicate_keys_are_refused)
{
    const temporary_folder folder;
    const keyring ring(folder.path());
    ring.create("red");
    ring.create("blue");
    copy_key(ring, "red", "green");
    for (const auto* name : { "red", "green" }) {
        const auto sentence = refusal([&] { ring.load(name); });
        BOOST_TEST((says(sentence, "'red'") && says(sentence, "'green'")));
    }
    const auto sentence = refusal([&] { ring.check_duplicates(); });
    BOOST_TEST((says(sentence, "'red'") && says(sentence, "'green'")));
    BOOST_CHECK_NO_THROW(ring.load("blue"));
}

BOOST_AUTO_TEST_CASE(a_bad_file_beside_it_does_not_stop_a_good_key)
{
    const temporary_folder folder;
    const keyring ring(folder.path());
    ring.create("red");
    folder.file("bad.key", "nonsense");
    BOOST_CHECK_NO_THROW(ring.load("red"));
    BOOST_TEST(says(refusal([&] { ring.load("bad"); }), "no key file"));
    BOOST_TEST(says(refusal([&] { ring.check_duplicates(); }), "bad.key"));
}

BOOST_AUTO_TEST_CASE(folders_that_others_can_write_in_are_refused)
{
    const temporary_folder folder;
    const keyring ring(folder.path());
    ring.create("red");
    for (const mode_t access : { 0777, 0770, 0720, 0702 }) {
        BOOST_REQUIRE(chmod(folder.path().c_str(), access) == 0);
        BOOST_TEST(says(refusal([&] { ring.load("red"); }), "chmod 700"));
        BOOST_TEST(says(refusal([&] { ring.names(); }), "chmod 700"));
        BOOST_TEST(says(refusal([&] { ring.create("blue"); }), "chmod 700"));
    }
    BOOST_REQUIRE(chmod(folder.path().c_str(), 0755) == 0);
    BOOST_CHECK_NO_THROW(ring.load("red"));
    const keyring no_folder(folder.file("file", ""));
    BOOST_TEST(says(refusal([&] { no_folder.names(); }), "no folder"));
    BOOST_TEST(says(refusal([&] { no_folder.create("red"); }), "no folder"));
}

BOOST_AUTO_TEST_CASE(the_default_folder_comes_from_the_environment)
{
    const temporary_folder folder;
    BOOST_REQUIRE(setenv("HOME", folder.path().c_str(), 1) == 0);
    BOOST_REQUIRE(unsetenv("SECUREVOICE_KEYRING") == 0);
    BOOST_TEST(keyring().folder() == folder / ".config/gr-securevoice/keys");
    BOOST_REQUIRE(setenv("SECUREVOICE_KEYRING", (folder / "ring").c_str(), 1) == 0);
    BOOST_TEST(keyring().folder() == folder / "ring");
    BOOST_TEST(keyring("given").folder() == "given");
    BOOST_REQUIRE(unsetenv("SECUREVOICE_KEYRING") == 0);
    BOOST_REQUIRE(unsetenv("HOME") == 0);
    BOOST_TEST(says(refusal([] { keyring(); }), "SECUREVOICE_KEYRING"));
}

BOOST_AUTO_TEST_CASE(load_key_takes_a_name_or_a_path)
{
    const temporary_folder folder;
    const keyring ring(folder.path());
    const auto red = ring.create("red");
    BOOST_TEST(load_key("red", folder.path())->key.same(red->key));
    BOOST_TEST(load_key(folder / "red.key")->key.same(red->key));
    BOOST_TEST(load_key(folder / "red.key")->name == "red");
    BOOST_TEST(says(refusal([&] { load_key(folder / "blue"); }), "there is no key file"));
    BOOST_TEST(says(refusal([&] { load_key("absent.key", folder.path()); }),
                    "there is no key file"));
    BOOST_TEST(says(refusal([&] { load_key("absent", folder.path()); }),
                    "there is no key 'absent'"));
}
