/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE sender_rule
#include "core/chain/sender_rule.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

using namespace securevoice;
namespace data = boost::unit_test::data;

namespace {

/*!
 * One letter for each thing that happens, and what is sent.
 * in:  s c f   the commands; z the keys are wiped; w 11 s pass
 *      p P     push-to-talk, its record marked for the newest command, or not
 *      m M     a block marked for the newest command; M: the last one
 *      o       marked for the command before that one
 *      . E     without a mark; E: the last one
 *      a A     with its samples, marked and not; e: marked, the last one
 *      n       marked, with the last number for speech
 * out: ^       a start frame
 *      S C F   secure, clear, FM; _ the start frame took the block's time; each of S, C
 * followed by
 *      c f     if it says that clear or FM follows, > if it ends its digital transmission
 * for FM, | if it ends it
 */
std::string run(const std::string& events, kind first)
{
    sender_rule rule({ first, true, true });
    auto air = sender_rule::on_air::nothing;
    std::string out;
    std::uint64_t given = 0, mark = 0;
    std::int64_t now = 1000;
    std::pair<std::uint64_t, kind> newest, old; // `clear` or `fm`
    const auto has = [](const char* letters, char c) {
        return std::string(letters).find(c) != std::string::npos;
    };
    for (const char c : events) {
        if (c == 'z') {
            rule.zeroize();
        } else if (c == 'w') {
            now += 11;
        } else if (has("scf", c)) {
            const kind k = c == 's' ? kind::secure : c == 'c' ? kind::clear : kind::fm;
            given += 10;
            rule.command(k, given, 0, now);
            if (k == kind::secure) { // the speech encoder takes its marks back
                mark = 0;
            } else {
                old = std::exchange(newest, { given, k });
                mark = given;
            }
        } else {
            sender_rule::marks marks;
            if (c == 'o')
                std::tie(marks.commanded, marks.commanded_kind) = old;
            else if (has("pmMane", c) && mark != 0)
                std::tie(marks.commanded, marks.commanded_kind) = newest;
            marks.analog = has("aAe", c);
            marks.last = has("MEe", c);
            if (has("pP", c)) {
                if (rule.begin(marks, now)) {
                    air = sender_rule::on_air::digital;
                    out += '^';
                } else {
                    air = sender_rule::on_air::nothing;
                }
                continue;
            }
            if (c == 'n' && air == sender_rule::on_air::digital)
                air = sender_rule::on_air::last_number;
            const auto d = rule.decide(marks, air);
            if (d.start)
                out += '^';
            out += d.sends == kind::secure  ? 'S'
                   : d.sends == kind::clear ? 'C'
                   : d.sends == kind::fm    ? 'F'
                                            : '_';
            out += d.clear_follows ? "c" : "";
            out += d.fm_follows ? "f" : "";
            out += d.to_fm ? ">" : "";
            out += d.closes ? "|" : "";
            air = d.sends == kind::fm || d.to_fm ? sender_rule::on_air::fm
                  : d.closes                     ? sender_rule::on_air::nothing
                                                 : sender_rule::on_air::digital;
            if (marks.last)
                air = sender_rule::on_air::nothing;
        }
    }
    return out;
}

struct row {
    const char* rule;
    const char* in;
    const char* out;
    kind first = kind::secure;
};

const row table[] = {
    { "secure from the start", "P..E", "^SSS|" },
    { "clear waits for speech captured after it", "P.c...mm", "^SScScScCC" },
    { "and for a block that announced it", "P.cmmm", "^SScCC" },
    { "speech of the command before is not its own", "P.cmfoa", "^SScSfSf>" },
    { "clear before push-to-talk needs nothing in front of it", "cpmm", "^CC" },
    { "but a mark", "cP.m", "^ScC" },
    { "and lapses after ten seconds", "cwpmm", "^SS" },
    { "secure acts at once", "P.cmmsmm", "^SScCSS" },
    { "and marks from before it permit nothing", "P.cmmsc.omm", "^SScCScScCC" },
    { "a block without a mark is secure", "P.cmm.mm", "^SScCScCC" },
    { "clear ends with its transmission", "P.cmM Pm", "^SScC|^S" },
    { "an unused clear, too", "P.c.E Pm", "^SScSc|^S" },
    { "FM is announced, and by the last digital block", "P.f.aa", "^SSfSf>F" },
    { "speech without its samples is not FM", "P.fmm", "^SSfSf" },
    { "FM before push-to-talk sends nothing digital", "fpaae", "FFF" },
    { "from FM back, the start frame takes one block", "P.faasmm", "^SSf>F^_S" },
    { "unless it is the last", "P.faasM", "^SSf>F^S|" },
    { "from FM to clear", "P.faacmm", "^SSf>F^_C" },
    { "clear to FM needs no secure block", "P.cmmfaa", "^SScCCf>F" },
    { "FM that is commanded in the last block is not sent", "P.fE", "^SS|" },
    { "a new salt where numbers are used up", "P.nmm", "^SS|^SS" },
    { "in clear, too, without a word of secure", "cpmnm", "^CC|^C" },
    { "FM then follows without being the last", "P.fn", "^SSf|" },
    { "wiped keys: begins secure, which cannot be had", "cpmmz.m", "^CCSS", kind::clear },
    { "clear has to be asked for anew", "zpm cpm", "^S^C", kind::clear },
    { "a station whose calls begin in clear", "P..E P.", "^CCC|^C", kind::clear },
    { "secure is for its later ones, too", "P.s.E P.", "^CSS|^S", kind::clear },
    { "a station whose calls begin in FM", "PAAe PA", "FFFF", kind::fm },
    { "goes on in FM until its speech is from after `clear`",
      "cPAAmm",
      "FF^_C",
      kind::fm },
    { "and begins in clear when it is", "cpmm", "^CC", kind::fm },
    { "what began digital is FM no more without a word", "cpAm", "^CC", kind::fm },
    { "and secure at once", "PAsmm", "F^_S", kind::fm },
};

std::ostream& operator<<(std::ostream& o, const row& r) { return o << r.rule; }

} // namespace

BOOST_DATA_TEST_CASE(rules, data::make(table), r)
{
    std::string in = r.in;
    in.erase(std::remove(in.begin(), in.end(), ' '), in.end());
    BOOST_TEST(run(in, r.first) == r.out);
}

/* Whatever is commanded and spoken: clear without a mark for a command that was obeyed is
 * never sent, nor behind a secure block that did not announce it. */
BOOST_AUTO_TEST_CASE(no_sequence_sends_clear_unasked_or_unannounced)
{
    const std::string letters = "sc.mMpEo";
    std::size_t clear = 0;
    for (std::size_t n = 0; n < 8 * 8 * 8 * 8 * 8 * 8; ++n) {
        std::string in = "P";
        for (auto rest = n; in.size() < 7; rest /= 8)
            in += letters[rest % 8];
        const auto out = run(in, kind::secure);
        clear += out.find('C') != std::string::npos;
        BOOST_REQUIRE_MESSAGE(out.find("SC") == std::string::npos, in + " gives " + out);
        if (in.find('c') == std::string::npos)
            BOOST_REQUIRE_MESSAGE(out.find('C') == std::string::npos, in);
        if (in.find_first_of("mMpo") == std::string::npos)
            BOOST_REQUIRE_MESSAGE(out.find('C') == std::string::npos, in);
    }
    BOOST_TEST(clear > 1000u); // the control
}

/* The speech encoder may be told of a command a little earlier: its mark is older, but
 * not as old as the `secure` between two commands. */
BOOST_AUTO_TEST_CASE(an_older_mark_counts_within_the_skew_and_behind_secure_alone)
{
    const auto sent = [](std::uint64_t mark, kind of) {
        sender_rule rule({ kind::secure, true, true });
        rule.command(kind::secure, 5000, 0, 0);
        rule.command(kind::clear, 5200, 1000, 0);
        sender_rule::marks marks;
        marks.commanded = mark;
        marks.commanded_kind = of;
        return rule.decide(marks, sender_rule::on_air::digital).sends;
    };
    BOOST_TEST((sent(5200, kind::clear) == kind::clear));
    BOOST_TEST((sent(5001, kind::clear) == kind::clear));
    BOOST_TEST((sent(5000, kind::clear) == kind::secure));
    BOOST_TEST((sent(4300, kind::clear) == kind::secure));
    BOOST_TEST((sent(5001, kind::fm) == kind::secure));
}

BOOST_AUTO_TEST_CASE(what_is_not_allowed_changes_nothing)
{
    sender_rule rule({});
    sender_rule::marks marks;
    marks.commanded = 10;
    for (const auto k : { kind::clear, kind::fm, kind::none }) {
        BOOST_CHECK_THROW(rule.command(k, 10, 0, 0), std::invalid_argument);
        marks.commanded_kind = k;
        BOOST_TEST((rule.wanted() == kind::secure));
        BOOST_TEST(
            (rule.decide(marks, sender_rule::on_air::digital).sends == kind::secure));
    }
    // It was heard of, so that a block that is marked for it is no riddle; one for a
    // later command is.
    BOOST_TEST(!rule.decide(marks, sender_rule::on_air::digital).unasked);
    marks.commanded = 11;
    BOOST_TEST(rule.decide(marks, sender_rule::on_air::digital).unasked);
}
