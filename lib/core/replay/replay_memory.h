/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"
#include "core/protocol/header.h"

#include <string_view>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace securevoice {

/*! s since 1970, 2026-01-01: this program is not older. A clock that says less is
 * wrong. */
constexpr double earliest_possible = 1767225600;

/*! The station's folder of the replay memory: $SECUREVOICE_STATE, or
 * $XDG_STATE_HOME/gr-securevoice, or ~/.local/state/gr-securevoice; empty: none is
 * known. */
std::string replay_state_folder();

/*! What its file begins with, whatever it is called. */
constexpr std::string_view first_octets_of_replay_file = "svreplay";

/*! When the memory in a folder says that it was in use last, as far as it says so: s
 * since 1970, by this computer's clock then; nothing if there is none that is whole.
 * Changes nothing, waits for nobody. */
std::optional<std::int64_t> replay_memory_used(const std::string& folder);

/*! What is remembered of one transmission. */
struct remembered {
    std::uint32_t next = 0; // lowest number that may still be accepted
    std::int64_t late_ms =
        // time line: own clock minus authenticated time, the least of the blocks accepted
        0;
    bool closed = false; // END was heard: nothing more of it is accepted
    bool own = false;    // sent by this station: what comes back is a reflection
    bool of_key = false; // not of a transmission, but of its key: how late calls under it
                         // usually come. Then the newest late_ms counts, not the least
};

/*!
 * The memory that makes a replay known as one (docs/protocol.md, 6.7): which
 * transmissions were heard or sent under our keys, and how far. A file of 16384 records
 * of fixed size in a folder of the station, shared by all its processes; the record that
 * was inserted first makes room for a new one. It names neither keys nor transmissions: a
 * record is found by a hash of the salt, keyed with the traffic key
 * (`H["replay-record", key, 32](salt)`, 16 octets).
 *
 * A file that is missing, damaged, not ours, open to others or not writable costs nothing
 * but the past: the memory then begins now (complete_since()), and calls that began
 * earlier are to be refused. The records that can still be read are kept. See
 * docs/decisions/0008-replay-memory.md.
 *
 * Every call reads the file again, so that one process sees what another one stored. A
 * process that keeps the file locked holds nobody up for more than 0.1 s. Safe to use
 * from several threads and after fork(2); no call throws because of the file.
 */
class replay_memory
{
public:
    /*! s since 1970 */
    using clock = std::function<double()>;

    /*!
     * \param folder of the station; empty: $SECUREVOICE_STATE, or
     * $XDG_STATE_HOME/gr-securevoice,
     *               or ~/.local/state/gr-securevoice. Made with mode 0700 if it is not
     *               there.
     * \param now    the host's clock. Any time will do: a clock that is set back makes
     * the
     *               memory begin then, and neither locks out nor forgets anything.
     */
    explicit replay_memory(const std::string& folder = "", clock now = system_clock());
    ~replay_memory();
    replay_memory(const replay_memory&) = delete;
    replay_memory& operator=(const replay_memory&) = delete;

    /*! What is known of a transmission, by this process or another one.
     * \throws std::logic_error if the key was wiped; so does store() */
    std::optional<remembered> find(const secret_key& key, const salt_value& salt);

    /*!
     * Remembers, for all processes: on disk when this returns, unless problem() says
     * otherwise; then it is remembered in this process. `next` only grows, `closed` and
     * `own` are only set, never taken back, whoever else wrote in between.
     */
    void store(const secret_key& key, const salt_value& salt, const remembered& what);

    /*! How late calls under this key came, s, by this computer's clock and the senders';
     * nothing before the first one. For people to see: no rule asks for it. */
    std::optional<double> usual_lateness(const secret_key& key);
    /*! A call came this late, s. An earlier one than usual counts at once, so that
     * whoever holds calls back has to hold all of them; a later one by a quarter, so that
     * a clock that was set right is forgotten after a dozen. */
    void note_lateness(const secret_key& key, double late);

    /*!
     * Calls that began earlier may have been heard and forgotten: s since 1970, as of the
     * last find() or store(). When the file was begun (anew), or, while it cannot be
     * used, when this process began. Not later than the clock by more than 5 s, unless
     * the clock cannot be right.
     */
    double complete_since() const;

    /*! One sentence on what is wrong with the file and what to do; empty: nothing. It can
     * come with any find() or store(), and goes when the file can be used again. That the
     * file was damaged, and begun anew, is said until the end of the process. */
    std::string problem() const;

    static clock system_clock();

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice
