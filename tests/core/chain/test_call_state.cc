/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE call_state
#include "core/chain/call_state.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <vector>

using namespace securevoice;
using s = heard_state;
using e = heard_event;
namespace data = boost::unit_test::data;

namespace {

std::vector<heard_state> all_states()
{
    std::vector<heard_state> all;
    for (std::size_t n = 0; n < heard_states; ++n)
        all.push_back(static_cast<heard_state>(n));
    return all;
}

std::vector<heard_event> all_events()
{
    std::vector<heard_event> all;
    for (std::size_t n = 0; n < heard_events; ++n)
        all.push_back(static_cast<heard_event>(n));
    return all;
}

heard_state after(const std::vector<heard_event>& events)
{
    call_state state;
    for (const auto event : events)
        state.on(event);
    return state.now();
}

struct story {
    const char* what;
    std::vector<heard_event> events;
    heard_state ends;
};

std::ostream& operator<<(std::ostream& o, const story& t) { return o << t.what; }

// Written from the rules of docs/protocol.md 6.8, not from the table.
const std::vector<story> stories{
    { "nothing happened", {}, s::idle },
    { "a signal alone is pending", { e::signal, e::signal }, s::pending },
    { "and idle when it is gone", { e::signal, e::silence }, s::idle },
    { "a call from start to end", { e::signal, e::secure, e::secure, e::end }, s::ended },
    { "END is the last word", { e::secure, e::end, e::silence, e::foreign }, s::ended },
    { "a call that stops without END", { e::signal, e::secure, e::silence }, s::cut_off },
    { "and comes back", { e::secure, e::silence, e::signal, e::secure }, s::secure },
    { "clear after secure", { e::secure, e::clear_group }, s::clear_group },
    { "then somebody else's", { e::clear_group, e::clear_unknown }, s::clear_unknown },
    { "secure again", { e::clear_unknown, e::secure }, s::secure },
    { "a stranger's call", { e::signal, e::foreign }, s::encrypted_no_key },
    { "which goes silent", { e::foreign, e::silence }, s::encrypted_no_key },
    { "a stranger who speaks in clear",
      { e::foreign, e::clear_unknown },
      s::clear_unknown },
    { "clear that becomes encrypted",
      { e::clear_unknown, e::foreign },
      s::encrypted_no_key },
    { "a signal without header", { e::signal, e::nothing_read }, s::unreadable },
    { "whose header comes late", { e::nothing_read, e::secure }, s::secure },
    { "a replay", { e::signal, e::replayed }, s::replay_refused },
    { "a delayed call", { e::signal, e::delayed, e::signal }, s::delayed },
    { "a replay into a live call", { e::secure, e::replayed, e::delayed }, s::secure },
    { "a replay after a call was cut off",
      { e::secure, e::silence, e::delayed },
      s::delayed },
    { "a replay, then the real call", { e::replayed, e::secure }, s::secure },
    { "an FM radio", { e::fm, e::fm }, s::fm },
    { "which stops", { e::fm, e::silence }, s::idle },
    { "an FM radio that nobody expects", { e::fm_unannounced }, s::fm_unannounced },
    { "which stops, too", { e::fm_unannounced, e::silence }, s::idle },
};

} // namespace

BOOST_DATA_TEST_CASE(stories_end_as_they_should, data::make(stories), told)
{
    BOOST_TEST(state_name(after(told.events)) == std::string(state_name(told.ends)));
}

BOOST_AUTO_TEST_CASE(trust_comes_from_accepted_blocks_alone)
{
    for (const auto from : all_states())
        for (const auto event : all_events()) {
            const auto to = next_state(from, event);
            BOOST_TEST_CONTEXT(state_name(from) << " to " << state_name(to))
            {
                if (to == s::secure && from != s::secure)
                    BOOST_TEST((event == e::secure));
                if (to == s::clear_group && from != s::clear_group)
                    BOOST_TEST((event == e::clear_group));
                if (to == s::clear_unknown && from != s::clear_unknown)
                    BOOST_TEST((event == e::clear_unknown));
                if (to == s::ended && from != s::ended)
                    BOOST_TEST((event == e::end));
                if (to == s::fm && from != s::fm)
                    BOOST_TEST((event == e::fm));
            }
        }
}

BOOST_AUTO_TEST_CASE(refused_blocks_and_bare_signals_take_no_trust_away)
{
    for (const auto from : { s::secure, s::clear_group, s::clear_unknown })
        for (const auto event : { e::signal,
                                  e::nothing_read,
                                  e::replayed,
                                  e::delayed,
                                  e::fm,
                                  e::fm_unannounced })
            BOOST_TEST((next_state(from, event) == from));
}

BOOST_AUTO_TEST_CASE(an_accepted_block_counts_in_every_state)
{
    for (const auto from : all_states()) {
        BOOST_TEST((next_state(from, e::secure) == s::secure));
        BOOST_TEST((next_state(from, e::clear_group) == s::clear_group));
        BOOST_TEST((next_state(from, e::clear_unknown) == s::clear_unknown));
    }
}

BOOST_AUTO_TEST_CASE(only_the_three_voices_are_live)
{
    for (const auto to : { e::secure, e::clear_group, e::clear_unknown }) {
        call_state state;
        state.on(to);
        BOOST_TEST(state.live());
        for (const auto gone : { e::end, e::silence, e::foreign }) {
            auto later = state;
            later.on(gone);
            BOOST_TEST(!later.live());
        }
    }
    BOOST_TEST(!call_state().live());
}

BOOST_AUTO_TEST_CASE(every_state_has_a_name_of_its_own)
{
    std::set<std::string> names;
    for (const auto state : all_states())
        names.insert(state_name(state));
    BOOST_TEST(names.size() == heard_states);
}
