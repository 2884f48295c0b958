/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE output_file
#include "../temporary_folder.h"
#include "core/files/output_file.h"
#include "core/files/unfinished_files.h"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <thread>

using namespace securevoice;
using namespace securevoice::test;
namespace fs = std::filesystem;

namespace {

std::size_t files_in(const std::string& folder)
{
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

template <typename Error>
auto says(const std::string& words)
{
    return [words](const Error& e) {
        BOOST_TEST_MESSAGE(e.what());
        return std::string(e.what()).find(words) != std::string::npos;
    };
}

constexpr char key_text[] = "gr-securevoice key 1\nkey: 00\n";

/*! With umask 022, whatever the tests run under. */
struct usual_umask {
    mode_t before = umask(022);
    ~usual_umask() { umask(before); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(output_file_suite, usual_umask)

BOOST_AUTO_TEST_CASE(the_old_file_stays_until_the_new_one_is_published)
{
    temporary_folder folder;
    const auto path = folder.file("out", "from before");
    {
        output_file out(path);
        BOOST_TEST(files_in(folder.path()) == 1u);
        out.write("new");
        BOOST_TEST(octets_of_file(path) == "from before");
    }
    BOOST_TEST(octets_of_file(path) == "from before");
    BOOST_TEST(files_in(folder.path()) == 1u);
    {
        output_file out(path);
        out.write("new");
        out.publish();
        BOOST_TEST(octets_of_file(path) == "new");
        out.write(" and more");
        BOOST_TEST(octets_of_file(path) == "new and more");
    }
    BOOST_TEST(octets_of_file(path) == "new and more");
    BOOST_TEST(files_in(folder.path()) == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_written_and_published_is_an_empty_file)
{
    temporary_folder folder;
    output_file(folder / "out").publish();
    BOOST_TEST(octets_of_file(folder / "out").empty());
}

BOOST_AUTO_TEST_CASE(who_may_read)
{
    temporary_folder folder;
    folder.file("private", "old", 0644); // its mode was another writer's wish
    output_file(folder / "private").publish();
    BOOST_TEST(access_of(folder / "private") == 0600u);
    output_file(folder / "public", { false, {} }).publish();
    BOOST_TEST(access_of(folder / "public") == 0644u);
}

BOOST_AUTO_TEST_CASE(symbolic_links_stay)
{
    temporary_folder folder;
    fs::create_directory(folder / "disk");
    folder.file("disk/heard", "old");
    fs::create_symlink("disk/heard", folder / "heard");
    fs::create_symlink("heard", folder / "twice");
    fs::create_symlink("disk/nothing-yet", folder / "new");
    for (const std::string name : { "heard", "twice", "new" }) {
        output_file out(folder / name);
        out.write(name);
        out.publish();
        BOOST_TEST(fs::is_symlink(folder / name));
        BOOST_TEST(octets_of_file(folder / name) == name);
    }
    BOOST_TEST(octets_of_file(folder / "disk/heard") == "twice");
    BOOST_TEST(octets_of_file(folder / "disk/nothing-yet") == "new");
    fs::create_symlink("round", folder / "round");
    fs::create_symlink("not-mounted/heard", folder / "dangling");
    for (const std::string name : { "round", "dangling" })
        BOOST_CHECK_EXCEPTION(output_file(folder / name),
                              std::runtime_error,
                              says<std::runtime_error>("cannot write " + folder / name));
}

BOOST_AUTO_TEST_CASE(never_over_an_input_by_whatever_name)
{
    temporary_folder folder;
    const auto input = folder.file("input", "precious");
    fs::create_hard_link(input, folder / "same");
    fs::create_symlink("input", folder / "link");
    for (const std::string name : { "input", "same", "link", "./input" })
        BOOST_CHECK_EXCEPTION(output_file(folder / name, { true, { input } }),
                              std::invalid_argument,
                              says<std::invalid_argument>("same file"));
    BOOST_TEST(octets_of_file(input) == "precious");
    BOOST_CHECK_NO_THROW(output_file(folder / "other", { true, { input } }));
}

BOOST_AUTO_TEST_CASE(never_over_a_key_file_wherever_it_is)
{
    temporary_folder folder;
    const std::string marks[] = {
        "",
        "\xEF\xBB\xBF",                            // of an editor
        "> ",                                      // of a mailer
        "Hello,\r\n\r\nhere it is:\r\n\r\n  > > ", // and its text
    };
    for (const auto& mark : marks) {
        const auto path = folder.file("group.txt", mark + key_text);
        BOOST_CHECK_EXCEPTION(output_file{ path },
                              std::invalid_argument,
                              says<std::invalid_argument>("key file"));
        BOOST_TEST(octets_of_file(path) == mark + key_text);
    }
    std::string wide = "\xFF\xFE";
    for (const char c : std::string(key_text))
        wide += { c, '\0' };
    BOOST_CHECK_THROW(output_file(folder.file("wide.txt", wide)), std::invalid_argument);
    fs::create_symlink("group.txt", folder / "link");
    BOOST_CHECK_THROW(output_file(folder / "link"), std::invalid_argument);
    BOOST_CHECK_EXCEPTION(output_file(folder.file("replay", "svreplay and so on")),
                          std::invalid_argument,
                          says<std::invalid_argument>("replay memory"));
    BOOST_CHECK_NO_THROW(
        output_file(folder.file("notes", "about a gr-securevoice key 1\n")));
}

BOOST_AUTO_TEST_CASE(never_over_a_key_in_any_way_of_writing_that_is_taken_for_one)
{
    temporary_folder folder;
    const std::string hex =
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const std::string base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    const std::string keys[] = {
        hex,
        hex.substr(0, 32) + "\r\n" + hex.substr(32) + "\r\n",
        "\xEF\xBB\xBF> " + hex + "\n-- \nthe sender\n",
        base64 + "=\n",
        base64,
        "QR-Code:" + hex + "\n",
        "gr-securevoice=20key 1=0Akey: " + hex + "\n",
        "QR-Code:GR-SECUREVOICE KEY 1\nKEY: " + hex,
        std::string(2000, '\n') + "gr-securevoice key 1\nkey: " + hex + "\n",
    };
    for (const auto& key : keys) {
        const auto path = folder.file("group.txt", key, 0644);
        BOOST_CHECK_EXCEPTION(output_file{ path },
                              std::invalid_argument,
                              says<std::invalid_argument>("it is a key file"));
        BOOST_TEST(octets_of_file(path) == key);
    }
    const std::string no_keys[] = {
        hex.substr(2),            // of 31 octets
        hex + " is the checksum", // something else beside it
        base64.substr(1),
        "",
        std::string(40000, 'a'),
    };
    for (const auto& other : no_keys)
        BOOST_CHECK_NO_THROW(output_file{ folder.file("heard.txt", other) });
}

/*! Another folder for keys, for a while. */
struct usual_keyring {
    explicit usual_keyring(const std::string& keys)
    {
        setenv("SECUREVOICE_KEYRING", keys.c_str(), 1);
    }
    ~usual_keyring() { unsetenv("SECUREVOICE_KEYRING"); }
};

BOOST_AUTO_TEST_CASE(never_over_what_has_the_place_of_a_key)
{
    temporary_folder folder;
    fs::create_directory(folder / "keys");
    const usual_keyring there(folder / "keys");
    const std::string kept[] = { folder.file("Ours.KEY", "cut"),
                                 folder.file("keys/notes", "who has which") };
    for (const auto& path : kept) {
        const auto before = octets_of_file(path);
        BOOST_CHECK_EXCEPTION(output_file{ path },
                              std::invalid_argument,
                              says<std::invalid_argument>("choose another name"));
        BOOST_TEST(octets_of_file(path) == before);
    }
    BOOST_CHECK_NO_THROW(output_file{ folder.file("Ours", "cut") });
    BOOST_CHECK_NO_THROW(output_file{ folder.file("notes", "who has which") });
    BOOST_CHECK_NO_THROW(output_file{ folder / "keys/nothing-yet" });
}

BOOST_AUTO_TEST_CASE(a_key_file_that_came_meanwhile_stays)
{
    temporary_folder folder;
    output_file out(folder / "out");
    out.write("speech");
    folder.file("out", key_text);
    BOOST_CHECK_THROW(out.publish(), std::invalid_argument);
    BOOST_TEST(octets_of_file(folder / "out") == key_text);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_told_before_the_work)
{
    temporary_folder folder;
    fs::create_directory(folder / "folder");
    BOOST_CHECK_THROW(output_file(""), std::invalid_argument);
    for (const std::string& path : { folder / "folder",
                                     folder / "folder/",
                                     folder / "nowhere/out",
                                     folder.file("file", "") + "/out" })
        BOOST_CHECK_EXCEPTION(output_file{ path },
                              std::runtime_error,
                              says<std::runtime_error>("cannot write " + path));
    if (geteuid() == 0)
        return; // nothing is write-protected for root
    BOOST_CHECK_THROW(output_file(folder.file("protected", "old", 0400)),
                      std::runtime_error);
    fs::permissions(folder / "folder", fs::perms::owner_read | fs::perms::owner_exec);
    BOOST_CHECK_THROW(output_file(folder / "folder/out"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(devices_and_pipes_are_written_directly)
{
    temporary_folder folder;
    output_file null("/dev/null");
    null.write("gone");
    null.publish();
    BOOST_TEST(!null.is_regular());
    BOOST_TEST(!fs::is_regular_file("/dev/null"));

    const auto pipe = folder / "pipe";
    BOOST_REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    std::string heard;
    std::thread reader([&] { heard = octets_of_file(pipe); });
    {
        output_file out(pipe);
        out.write("speech");
        out.publish();
    }
    reader.join();
    BOOST_TEST(heard == "speech");
    BOOST_TEST(fs::is_fifo(pipe));
}

BOOST_AUTO_TEST_CASE(what_is_open_is_written_where_it_is)
{
    temporary_folder folder;
    const auto path = folder.file("log", "old line\n");
    const int file = open(path.c_str(), O_WRONLY | O_APPEND);
    const auto name = "/dev/fd/" + std::to_string(file);
    fs::create_symlink(name, folder / "link");
    for (const auto& way : { name, folder / "link" }) {
        output_file out(way);
        BOOST_TEST(!out.is_regular());
        out.write("new line\n");
        out.publish();
    }
    close(file);
    BOOST_TEST(octets_of_file(path) == "old line\nnew line\nnew line\n");
    BOOST_CHECK_THROW(output_file{ name }, std::runtime_error); // closed
}

BOOST_AUTO_TEST_CASE(two_outputs_need_two_files)
{
    temporary_folder folder;
    folder.file("a", "");
    fs::create_symlink("a", folder / "link");
    fs::create_symlink("not-there", folder / "to-new");
    const auto a = folder / "a";
    BOOST_CHECK_NO_THROW(
        refuse_same_outputs({ a, folder / "b", "", "", "/dev/null", "/dev/null", "-" }));
    for (const auto& other : { a, folder / "link", folder / "./a" })
        BOOST_CHECK_THROW(refuse_same_outputs({ a, other }), std::invalid_argument);
    BOOST_CHECK_THROW(refuse_same_outputs({ folder / "not-there", folder / "to-new" }),
                      std::invalid_argument);
    BOOST_CHECK_THROW(refuse_same_outputs({ "-", "/dev/stdout" }), std::invalid_argument);
    // Not there yet, and named from the working folder and from the root.
    const auto whole = (fs::current_path() / "none.wav").string();
    for (const auto* name : { "none.wav", "./none.wav" })
        BOOST_CHECK_THROW(refuse_same_outputs({ name, whole }), std::invalid_argument);
    BOOST_CHECK_NO_THROW(refuse_same_outputs({ "none.c2", whole }));
}

BOOST_AUTO_TEST_CASE(a_folder_that_was_removed_is_made_again)
{
    temporary_folder folder;
    const auto path = folder / "days/monday/log";
    for (const bool published : { true, false }) {
        fs::create_directories(folder / "days/monday");
        output_file out(path);
        out.write("one, ");
        if (published)
            out.publish();
        fs::remove_all(folder / "days");
        out.write("two");
        out.publish();
        BOOST_TEST(octets_of_file(path) == "one, two");
        BOOST_TEST(access_of(folder / "days/monday") == 0700u);
        out.write(", three");
        out.publish();
        BOOST_TEST(octets_of_file(path) == "one, two, three");
        BOOST_TEST(files_in(folder / "days/monday") == 1u);
        BOOST_TEST(out.problem().find(path + " was removed") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(two_writers_of_one_name_lose_nothing)
{
    temporary_folder folder;
    output_file first(folder / "heard.wav");
    first.write("first");
    first.publish();
    output_file second(folder / "heard.wav");
    second.write("second");
    second.publish();
    for (int n = 0; n < 3; ++n)
        for (auto* out : { &first, &second }) {
            out->write("+");
            out->publish();
        }
    BOOST_TEST(octets_of_file(folder / "heard.wav") == "second+++");
    BOOST_TEST(octets_of_file(folder / "heard-2.wav") == "first+++");
    BOOST_TEST(files_in(folder.path()) == 2u);
}

BOOST_AUTO_TEST_CASE(a_moved_file_is_written_where_it_went)
{
    temporary_folder folder;
    output_file out(folder / "out");
    out.write("one");
    out.publish();
    fs::rename(folder / "out", folder / "kept");
    out.write(", two");
    out.publish();
    BOOST_TEST(octets_of_file(folder / "kept") == "one, two");
    BOOST_TEST(!fs::exists(folder / "out"));
}

BOOST_AUTO_TEST_CASE(a_disk_without_room_keeps_the_old_file_and_what_was_written)
{
    temporary_folder folder;
    const auto path = folder.file("out", "old");
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit little{ 8, RLIM_INFINITY }; // octets of a file
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE, &little);
    {
        output_file out(path);
        BOOST_CHECK_EXCEPTION(out.write("far too long"),
                              std::runtime_error,
                              says<std::runtime_error>("cannot write " + path));
    }
    BOOST_TEST(octets_of_file(path) == "old");
    {
        output_file out(path);
        out.write("12345678");
        out.publish();
        BOOST_CHECK_THROW(out.write("9"), std::runtime_error);
    }
    setrlimit(RLIMIT_FSIZE, &before);
    BOOST_TEST(octets_of_file(path) == "12345678");
    BOOST_TEST(files_in(folder.path()) == 1u);
}

BOOST_AUTO_TEST_CASE(a_signal_removes_what_is_unfinished_only)
{
    temporary_folder folder;
    output_file whole(folder / "whole");
    output_file live(folder / "live");
    whole.write("half");
    live.write("heard");
    live.publish();
    BOOST_TEST(files_in(folder.path()) == 2u);
    remove_unfinished_files();
    BOOST_TEST(files_in(folder.path()) == 1u);
    BOOST_TEST(octets_of_file(folder / "live") == "heard");
}

BOOST_AUTO_TEST_CASE(names_as_long_as_they_can_be)
{
    temporary_folder folder;
    const auto path = folder / std::string(255, 'n');
    output_file out(path);
    out.write("x");
    out.publish();
    BOOST_TEST(octets_of_file(path) == "x");
}

BOOST_AUTO_TEST_SUITE_END()
