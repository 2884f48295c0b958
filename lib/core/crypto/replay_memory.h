/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"
#include "core/protocol/header.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace securevoice {

/*! What is remembered of one transmission. */
struct remembered {
    std::uint32_t next = 0; // lowest number that may still be accepted
    std::int64_t late_ms =
        0; // time line: own clock minus authenticated time, the least of the blocks accepted
    bool closed = false;   // END was heard: nothing more of it is accepted
    bool own = false;      // sent by this station: what comes back is a reflection
};

/*!
 * The memory that makes a replay known as one (docs/protocol.md, 6.7): which transmissions
 * were heard or sent under our keys, and how far. A file of records of fixed size in a folder
 * of the station, shared by all its processes; the oldest record makes room for a new one.
 * It names neither keys nor transmissions: a record is found by a hash of the salt, keyed with
 * the traffic key.
 *
 * A file that is missing, damaged, not ours, open to others or not writable costs nothing but
 * the past: the memory then begins now (complete_since()), and calls that began earlier are to
 * be refused. The records that can still be read are kept.
 */
class replay_memory
{
public:
    /*! s since 1970 */
    using clock = std::function<double()>;

    /*!
     * \param folder of the station; empty: $SECUREVOICE_STATE, or $XDG_STATE_HOME/gr-securevoice,
     *               or ~/.local/state/gr-securevoice. Made with mode 0700 if it is not there.
     * \param now    the host's clock
     */
    explicit replay_memory(const std::string& folder = "", clock now = system_clock());
    ~replay_memory();
    replay_memory(const replay_memory&) = delete;
    replay_memory& operator=(const replay_memory&) = delete;

    /*! What is known of a transmission, by this process or another one. */
    std::optional<remembered> find(const secret_key& key, const salt_value& salt);

    /*!
     * Remembers, for all processes: on disk when this returns, unless problem() says otherwise;
     * then it is remembered in this process. `next` only grows, `closed` and `own` are only set,
     * never taken back, whoever else wrote in between.
     */
    void store(const secret_key& key, const salt_value& salt, const remembered& what);

    /*! Calls that began earlier may have been heard and forgotten: s since 1970. Later than the
     * file's own beginning if it had to be begun anew, or the clock was set back to before it. */
    double complete_since() const;

    /*! One sentence on what is wrong with the file and what to do; empty: nothing. It can come
     * with any store(). */
    std::string problem() const;

    static clock system_clock();

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice
