/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/call_state.h"

#include <array>
#include <cstddef>

namespace securevoice {

namespace {

constexpr auto idle = heard_state::idle;
constexpr auto pend = heard_state::pending;
constexpr auto secu = heard_state::secure;
constexpr auto grou = heard_state::clear_group;
constexpr auto unkn = heard_state::clear_unknown;
constexpr auto ende = heard_state::ended;
constexpr auto cuto = heard_state::cut_off;
constexpr auto noke = heard_state::encrypted_no_key;
constexpr auto unre = heard_state::unreadable;
constexpr auto repl = heard_state::replay_refused;
constexpr auto dela = heard_state::delayed;
constexpr auto anal = heard_state::fm;
constexpr auto unan = heard_state::fm_unannounced;

using row = std::array<heard_state, heard_events>;
// clang-format off
constexpr std::array<row, heard_states> table{ {
    //                   signal secure group  unknown end   silence foreign unread replay delayed fm    unannounced
    /* idle          */ { pend, secu,  grou,  unkn,  ende,  idle,   noke,   unre,  repl,  dela,   anal, unan },
    /* pending       */ { pend, secu,  grou,  unkn,  ende,  idle,   noke,   unre,  repl,  dela,   pend, pend },
    /* secure        */ { secu, secu,  grou,  unkn,  ende,  cuto,   noke,   secu,  secu,  secu,   secu, secu },
    /* clear group   */ { grou, secu,  grou,  unkn,  ende,  cuto,   noke,   grou,  grou,  grou,   grou, grou },
    /* clear unknown */ { unkn, secu,  grou,  unkn,  ende,  cuto,   noke,   unkn,  unkn,  unkn,   unkn, unkn },
    /* ended         */ { ende, secu,  grou,  unkn,  ende,  ende,   ende,   ende,  ende,  ende,   ende, ende },
    /* cut off       */ { cuto, secu,  grou,  unkn,  ende,  cuto,   noke,   cuto,  repl,  dela,   cuto, cuto },
    /* no key        */ { noke, secu,  grou,  unkn,  ende,  noke,   noke,   noke,  repl,  dela,   noke, noke },
    /* unreadable    */ { unre, secu,  grou,  unkn,  ende,  unre,   noke,   unre,  repl,  dela,   unre, unre },
    /* replay refused*/ { repl, secu,  grou,  unkn,  ende,  repl,   repl,   repl,  repl,  dela,   repl, repl },
    /* delayed       */ { dela, secu,  grou,  unkn,  ende,  dela,   dela,   dela,  repl,  dela,   dela, dela },
    /* fm            */ { anal, secu,  grou,  unkn,  ende,  idle,   anal,   anal,  anal,  anal,   anal, unan },
    /* unannounced   */ { unan, secu,  grou,  unkn,  ende,  idle,   unan,   unan,  unan,  unan,   anal, unan },
} };
// clang-format on

} // namespace

heard_state next_state(heard_state now, heard_event event)
{
    return table[static_cast<std::size_t>(now)][static_cast<std::size_t>(event)];
}

heard_state call_state::on(heard_event event)
{
    d_now = next_state(d_now, event);
    return d_now;
}

bool call_state::live() const { return d_now == secu || d_now == grou || d_now == unkn; }

const char* state_name(heard_state s)
{
    switch (s) {
    case heard_state::idle:
        return "idle";
    case heard_state::pending:
        return "pending";
    case heard_state::secure:
        return "secure";
    case heard_state::clear_group:
        return "clear, from the group";
    case heard_state::clear_unknown:
        return "clear, unknown sender";
    case heard_state::ended:
        return "ended";
    case heard_state::cut_off:
        return "cut off";
    case heard_state::encrypted_no_key:
        return "encrypted, no key";
    case heard_state::unreadable:
        return "unreadable";
    case heard_state::replay_refused:
        return "replay refused";
    case heard_state::delayed:
        return "delayed";
    case heard_state::fm:
        return "fm";
    case heard_state::fm_unannounced:
        return "fm, unannounced";
    }
    return "idle";
}

} // namespace securevoice
