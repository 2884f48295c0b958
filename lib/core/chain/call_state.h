/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <cstdint>

namespace securevoice {

/*! What a receiver says it hears. */
enum class heard_state : std::uint8_t {
    idle,             // nothing
    pending,          // a signal, nothing verified yet
    secure,           // verified secure voice
    clear_group,      // clear voice of a holder of the key
    clear_unknown,    // clear voice of anybody
    ended,            // END received
    cut_off,          // gone without END
    encrypted_no_key, // a good header, none of our keys
    unreadable,       // a signal without a good header
    replay_refused,   // verified, but heard or sent before
    delayed,          // verified, but not from now
    fm,               // analog voice of anybody
    fm_unannounced    // the same, where a secure call is expected
};
constexpr std::size_t heard_states = 13; // of the list above

/*! What can happen to a transmission. `secure` to `end`, `replayed` and
 * `delayed` come from a tag or check that fitted. */
enum class heard_event : std::uint8_t {
    signal,        // a frame was demodulated
    secure,        // a secure block was accepted
    clear_group,   // a clear block, and three of the last four keyed octets fit
    clear_unknown, // a clear block, and they do not
    end,           // END from one who may say it
    silence,       // no block played for 1 s, or the signal is gone
    foreign,       // eight good blocks in a row that no key and no public check fits
    nothing_read,  // a signal, but no header for a second
    replayed,      // a block with a good tag that was used before
    delayed,       // a block with a good tag that is not from now
    fm,            // an FM carrier that may be expected
    // an FM carrier over a secure call, or soon after one, that the call did not announce
    fm_unannounced
};
constexpr std::size_t heard_events = 12; // of the list above

/*!
 * The receiver's state machine, one per transmission (docs/protocol.md, 6.8: the table).
 * Trust (secure, clear from the group) comes from blocks that were accepted, never from a
 * header, a signal or its absence; a refused block takes no trust away from a call that
 * goes on.
 */
class call_state
{
public:
    heard_state now() const { return d_now; }
    /*! \return the state after the event */
    heard_state on(heard_event event);
    /*! Voice is, or was a moment ago, heard. */
    bool live() const;

private:
    heard_state d_now = heard_state::idle;
};

/*! The table itself. */
heard_state next_state(heard_state now, heard_event event);

/*! "idle", "pending", "secure", "clear, from the group", "clear, unknown sender",
 * "ended", "cut off", "encrypted, no key", "unreadable", "replay refused", "delayed",
 * "fm", "fm, unannounced" */
const char* state_name(heard_state s);

} // namespace securevoice
