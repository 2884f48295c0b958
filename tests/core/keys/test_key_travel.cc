/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE key_travel
#include "../crypto/helpers.h"
#include "../temporary_folder.h"
#include "core/keys/clock_check.h"
#include "core/keys/key_transfer.h"
#include "core/replay/replay_memory.h"
#include "key_helpers.h"

#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <functional>
#include <utility>

/* What editors, mailers, other systems and wrong clocks do to keys and passphrases. */

using namespace securevoice;
using test::answers;
using test::base64;
using test::hex;
using test::passphrase_of;
using test::refusal;
using test::right;
using test::says;

namespace {

const std::string mark = "\xEF\xBB\xBF";

std::string each_line(const std::string& text,
                      const std::function<std::string(const std::string&)>& change)
{
    std::string changed;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        changed += change(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return changed;
}

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    for (std::size_t n = 0; (n = text.find(what, n)) != std::string::npos; n += by.size())
        text.replace(n, what.size(), by);
    return text;
}

std::string utf_16(const std::string& ascii, bool little, bool with_mark)
{
    std::string wide;
    const auto put = [&](char high, char low) {
        wide += little ? low : high;
        wide += little ? high : low;
    };
    if (with_mark)
        put('\xFE', '\xFF');
    for (const char c : ascii)
        put('\0', c);
    return wide;
}

// Lines longer than 76 characters, as RFC 2045 demands.
std::string quoted_printable(const std::string& text)
{
    return each_line(text, [](std::string line) {
        for (std::size_t n = 72; n < line.size(); n += 75)
            line.insert(n, "=\n");
        return line + "\n";
    });
}

std::string wrapped(const std::string& text, std::size_t width)
{
    return each_line(text, [width](std::string line) {
        for (std::size_t n = width; n < line.size(); n += width + 1)
            line.insert(n, "\n");
        return line + "\n";
    });
}

using way = std::pair<const char*, std::string>;

// A key file after what happens to texts on their way.
std::vector<way> ways_of(const std::string& text)
{
    const auto line_ends = [&](const char* end) { return replaced(text, "\n", end); };
    const auto around = [&](const char* before, const char* behind) {
        return each_line(text, [=](const auto& l) { return before + l + behind + "\n"; });
    };
    const std::string above = "Hello,\n\nhere is the gr-securevoice key for friends:\n\n";
    return {
        { "as it was", text },
        { "byte order mark", mark + text },
        { "two of them", mark + mark + text },
        { "Notepad, UTF-16", utf_16(line_ends("\r\n"), true, true) },
        { "UTF-16, the other way round", utf_16(text, false, true) },
        { "UTF-16 without mark", utf_16(text, true, false) },
        { "the same, the other way round", utf_16(text, false, false) },
        { "CR LF", line_ends("\r\n") },
        { "CR", line_ends("\r") },
        { "CR CR LF", line_ends("\r\r\n") },
        { "line feeds doubled", line_ends("\n\n") },
        { "blank line before", "\n" + text },
        { "blank lines behind", text + "\n\r\n \n" },
        { "last line end lost", text.substr(0, text.size() - 1) },
        { "blanks behind", around("", "  ") },
        { "tabs behind", around("", "\t") },
        { "indented", around("    ", "") },
        { "quoted", around("> ", "") },
        { "quoted twice", around("> > ", "") },
        { "quoted without blanks", around(">>", "") },
        { "no-break spaces for blanks", replaced(text, " ", "\xC2\xA0") },
        { "the same in Latin-1", replaced(text, " ", "\xA0") },
        { "zero width spaces", around("\xE2\x80\x8B", "\xE2\x80\x8B") },
        { "non-breaking hyphens", replaced(text, "-", "\xE2\x80\x91") },
        { "a mail above", above + text },
        { "a signature", text + "-- \nAnna, DL1ABC\nTel: 0123 / 456\n" },
        { "greetings",
          text + "\nGr\xC3\xBC\xC3\x9F"
                 "e,\nAnna: bis morgen!\n" },
        { "both, quoted, CR LF",
          replaced(above + around("> ", "") + "\n> -- \n> Anna\n", "\n", "\r\n") },
        { "quoted-printable", quoted_printable(text) },
        { "the same, CR LF", replaced(quoted_printable(text), "\n", "\r\n") },
        { "quoted-printable of blanks", replaced(text, " ", "=20") },
        { "quoted-printable of no-break spaces", replaced(text, " ", "=C2=A0") },
        { "wrapped at 72", wrapped(text, 72) },
        { "wrapped at 40", wrapped(text, 40) },
        { "wrapped behind the colon", replaced(text, "ed: ", "ed:\n") },
        { "zbarimg", "QR-Code:" + text + "\n" },
        { "capitals at the beginnings",
          replaced(replaced(text, "gr-", "Gr-"), "\ns", "\nS") },
        { "end of a file of DOS", text + "\x1A" },
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(a_sealed_key_comes_through)
{
    const test::temporary_folder folder;
    const auto secret = passphrase_of(right);
    const named_key key{ "friends", test::key_from(3), key_state::receive_until(20794) };
    const auto memory = key_file_text(key, { &secret, least_cost });
    const std::string text(reinterpret_cast<const char*>(memory.data()), memory.size());
    for (const auto& [what, changed] : ways_of(text)) {
        BOOST_TEST_CONTEXT(what)
        {
            const auto path = folder.file("way", changed, 0644);
            const auto got = receive_key(path, answers(right));
            BOOST_TEST(got->key.same(key.key));
            BOOST_TEST(got->name == "friends");
            BOOST_TEST((got->state == key.state));
            BOOST_TEST(says(refusal([&] { receive_key(path, answers("wrong one")); }),
                            "does not open"));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_plain_key_comes_through)
{
    const test::temporary_folder folder;
    for (const auto& [what, changed] :
         ways_of("gr-securevoice key 1\nkey: " + hex + "\n"))
        BOOST_TEST_CONTEXT(what)
        {
            const auto got = receive_key(folder.file("k", changed), test::must_not_ask());
            BOOST_TEST(test::to_hex(got->key.data(), 32) == hex);
            // Whatever it looks like, others must not have been able to read it.
            refusal(
                [&, &text = changed] { receive_key(folder.file("k", text, 0644), {}); });
        }
}

BOOST_AUTO_TEST_CASE(digits_alone_come_through)
{
    const test::temporary_folder folder;
    const auto half = hex.substr(0, 32);
    for (const auto& [what, text] :
         { way{ "hex", hex },
           way{ "byte order mark", mark + hex + "\r\n" },
           way{ "Notepad", utf_16(hex + "\r\n", true, true) },
           way{ "wrapped", half + "\n" + hex.substr(32) + "\n" },
           way{ "quoted", "> " + hex + "\n" },
           way{ "blank lines", "\n\n" + hex + "\n\n" },
           way{ "signature", hex + "\n-- \nAnna, 73\n" },
           way{ "zbarimg", "QR-Code:" + hex + "\n" },
           way{ "base64", mark + base64 + "\r\n\r\n" },
           way{ "base64, quoted-printable", base64 + "3D\n" },
           way{ "base64, soft line end",
                base64.substr(0, 20) + "=\n" + base64.substr(20) + "3D\n" } })
        BOOST_TEST_CONTEXT(what)
    BOOST_TEST(test::to_hex(receive_key(folder.file("k", text), {})->key.data(), 32) ==
               hex);
}

BOOST_AUTO_TEST_CASE(what_has_two_meanings_is_told_by_line)
{
    const test::temporary_folder folder;
    const auto secret = passphrase_of(right);
    const named_key key{ "friends", test::key_from(3), {} };
    const auto memory = key_file_text(key, { &secret, least_cost });
    const std::string text(reinterpret_cast<const char*>(memory.data()), memory.size());
    const auto inside = text.find("\npasses");
    using row = std::pair<std::string, const char*>;
    for (const auto& [changed, what] :
         { row{ text + "\n" + text, "line 10" },
           row{ "\n" + text + text, "second key" },
           row{ text.substr(0, inside) + "\nsent from my phone" + text.substr(inside),
                "line 4" },
           row{ text + "expires: 2027-01-01\n", "directly below" },
           row{ text + hex + "\n", "directly below" },
           row{ text + "\nkey: " + hex + "\n", "second key" },
           row{ "Key: " + text, "line 1" },
           row{ replaced(text, "friends", "fri\xE2\x82\xACnds"), "line 2" },
           row{ replaced(text, "\n", "<br>\n"), "line 1" },
           row{ text.substr(0, text.size() - 3), "sealed: " },
           row{ text.substr(0, inside + 1), "part of a sealed key" },
           row{ replaced(text, "\nstate: send", ""), "state: " },
           row{ replaced(text, "key 2", "key 3"), "version" },
           row{ text.substr(0, text.find("state: ")), "holds no state" } }) {
        const auto said = refusal([&, &text = changed] {
            receive_key(folder.file("k", text, 0644), answers(right));
        });
        BOOST_TEST(says(said, what));
        if (what != std::string("version"))
            BOOST_TEST(said.find("newer") == std::string::npos);
        for (std::size_t n = 0; n + 10 <= hex.size(); ++n)
            BOOST_TEST(said.find(hex.substr(n, 10)) == std::string::npos);
    }
    // The control: what was changed is read as it is.
    BOOST_TEST(receive_key(folder.file("k", text, 0644), answers(right))->name ==
               "friends");
}

BOOST_AUTO_TEST_CASE(a_mail_may_be_long_but_not_endless)
{
    const test::temporary_folder folder;
    const auto text = "gr-securevoice key 1\nkey: " + hex + "\n";
    const auto prose = [](std::size_t lines) {
        std::string all;
        for (std::size_t n = 0; n < lines; ++n)
            all += "and so on and so on\n";
        return all;
    };
    receive_key(folder.file("k", prose(500) + text + "\n" + prose(500)), {});
    BOOST_TEST(
        says(refusal([&] { receive_key(folder.file("k", prose(2000) + text), {}); }),
             "too long"));
    // Lines that only repeat do not grow the text.
    std::string fields = "gr-securevoice key 1\n";
    for (int n = 0; n < 5000; ++n)
        fields += "key:\n";
    refusal([&] { receive_key(folder.file("k", fields), {}); });
}

BOOST_AUTO_TEST_CASE(what_the_keyring_stores_is_read_strictly)
{
    const test::temporary_folder folder;
    const auto text = "gr-securevoice key 1\nkey: " + hex + "\n";
    for (const auto& [what, changed] : ways_of(text)) {
        const auto path = folder.file("k.key", changed);
        if (changed == text) {
            BOOST_TEST(read_key_file(path)->name == "k");
            continue;
        }
        BOOST_TEST_CONTEXT(what)
        BOOST_TEST(says(refusal([&] { read_key_file(path); }), path));
    }
    BOOST_TEST(says(refusal([&] { read_key_file(folder.file("k.key", mark + text)); }),
                    "keys import FILE NAME"));
}

BOOST_AUTO_TEST_CASE(names_that_commands_would_take_for_a_path_are_none)
{
    for (const auto* name : { "group.key",
                              "group.KEY",
                              "a.Key",
                              ".key",
                              "..",
                              "../up",
                              "a/b",
                              "-x",
                              "gr\xC3\xBCn",
                              "a b",
                              "" })
        BOOST_TEST(!is_key_name(name), name);
    BOOST_TEST(!is_key_name(std::string(300, 'x')));
    for (const auto* name : { "group", "keys", "a.keys", "key", "Group.2" })
        BOOST_TEST(is_key_name(name), name);
    BOOST_TEST(is_key_path("FRIENDS.KEY"));

    const test::temporary_folder folder;
    BOOST_TEST(receive_key(folder.file("FRIENDS.KEY", hex), {})->name == "FRIENDS");
    BOOST_TEST(receive_key(folder.file("a.key.key", hex), {})->name == "");
}

BOOST_AUTO_TEST_CASE(names_that_differ_in_capitals_only_are_one)
{
    const test::temporary_folder folder;
    const keyring ring(folder.path());
    ring.create("Friends");
    for (const auto* name : { "friends", "FRIENDS" })
        BOOST_TEST(says(refusal([&] { ring.create(name); }), "capitals"));
    BOOST_TEST(says(refusal([&] { ring.create("Friends"); }), "not overwritten"));
    ring.create("friends2");
    BOOST_TEST(ring.names().size() == 2U);
}

namespace {

// A file with passphrases behind a descriptor.
class secrets
{
public:
    explicit secrets(const std::string& octets)
    {
        int ends[2];
        BOOST_REQUIRE(pipe(ends) == 0);
        BOOST_REQUIRE(write(ends[1], octets.data(), octets.size()) ==
                      static_cast<ssize_t>(octets.size()));
        close(ends[1]);
        d_end = ends[0];
    }
    ~secrets() { close(d_end); }
    secrets(const secrets&) = delete;
    secrets& operator=(const secrets&) = delete;

    passphrase next(passphrase_for use)
    {
        return passphrase_from_descriptor(d_end)("team", use);
    }

private:
    int d_end;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_passphrase_means_the_same_from_a_file_as_typed)
{
    const auto typed = passphrase_of(right);
    for (const auto& text : { right,
                              right + "\n",
                              right + "\r\n",
                              right + "\r",
                              mark + right + "\r\n",
                              mark + right })
        for (const auto use : { passphrase_for::opening, passphrase_for::sealing })
            BOOST_TEST(secrets(text).next(use).same(typed));
    secrets two(mark + right + "\r\n" + "gr\xC3\xBCn und blau\r\n");
    BOOST_TEST(two.next(passphrase_for::opening).same(typed));
    BOOST_TEST(
        two.next(passphrase_for::sealing).same(passphrase_of("gr\xC3\xBCn und blau")));
    // A blank counts where it is typed, and so it does here.
    BOOST_TEST(!secrets(right + " \n").next(passphrase_for::opening).same(typed));
    BOOST_TEST(secrets(right + " \n")
                   .next(passphrase_for::opening)
                   .same(passphrase_of(right + " ")));
}

BOOST_AUTO_TEST_CASE(passphrases_that_could_have_two_meanings_are_not_begun_with)
{
    using row = std::pair<std::string, const char*>;
    for (const auto& [text, what] : { row{ right + " \n", "blank" },
                                      row{ " " + right + "\n", "blank" },
                                      row{ "correct\thorse battery\n", "tab" },
                                      row{ "correct horse\x7F battery\n", "tab" },
                                      row{ "correct\rhorse battery\n", "tab" },
                                      row{ "gr\xFCn und blau und rot\n", "UTF-8" },
                                      row{ "\n", "too short" },
                                      row{ "\r\n", "too short" } }) {
        const auto said =
            refusal([&given = text] { secrets(given).next(passphrase_for::sealing); });
        BOOST_TEST(says(said, what));
        BOOST_TEST(said.find("horse") == std::string::npos);
    }
    for (const auto* text : { "\n", "\r\n", "\xEF\xBB\xBF\r\n" })
        BOOST_TEST(says(refusal([&] { secrets(text).next(passphrase_for::opening); }),
                        "is empty"));
    BOOST_TEST(says(refusal([&] { secrets("").next(passphrase_for::opening); }),
                    "no further passphrase"));
    for (const bool little : { true, false })
        for (const auto use : { passphrase_for::opening, passphrase_for::sealing })
            BOOST_TEST(says(
                refusal([&] { secrets(utf_16(right + "\r\n", little, true)).next(use); }),
                "UTF-16"));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_behind_is_refused)
{
    const test::temporary_folder folder, station;
    const keyring ring(folder.path());
    const std::int64_t now = std::time(nullptr), day = 86400;
    const auto refused = [&](std::int64_t time) {
        return refusal([&] { check_clock(ring, time, station.path()); });
    };
    check_clock(ring, now, station.path());
    BOOST_TEST(says(refused(60), "1970-01-01"));
    BOOST_TEST(says(refused(-1), "set the clock"));
    BOOST_TEST(says(refused(1700000000), "2023-11-14"));

    ring.create("team");
    check_clock(ring, now, station.path());
    check_clock(ring, now - day / 2, station.path()); // zones
    BOOST_TEST(says(refused(now - 3 * day), "'team' was written"));

    // A key that was rolled tells its day by its name, however it was copied.
    const auto rolled = day_of(now) + 10;
    ring.add({ "team-old-" + day_text(rolled), test::key_from(1), {} }, {});
    BOOST_TEST(says(refused(now), day_text(rolled)));
    check_clock(ring, (rolled + 1) * day, station.path());
    ring.add({ "team-old-9", test::key_from(2), {} }, {}); // no day
    check_clock(ring, (rolled + 1) * day, station.path());
}

BOOST_AUTO_TEST_CASE(the_replay_memory_knows_when_it_was_begun)
{
    const test::temporary_folder folder, station;
    const keyring ring(folder.path());
    const auto begun = static_cast<double>(std::time(nullptr));
    BOOST_REQUIRE(chmod(station.path().c_str(), 0700) == 0);
    const replay_memory memory(station.path(), [begun] { return begun; });
    BOOST_TEST(memory.problem() == "");
    const auto now = static_cast<std::int64_t>(begun);
    check_clock(ring, now, station.path());
    BOOST_TEST(says(refusal([&] { check_clock(ring, now - 3 * 86400, station.path()); }),
                    "replay memory"));
    // A file that is no memory says nothing.
    station.file("replay", "svreplay and rubbish");
    for (const auto& entry : std::filesystem::directory_iterator(station.path()))
        station.file(entry.path().filename().string(), "svreplay and rubbish");
    check_clock(ring, now - 3 * 86400, station.path());
}
