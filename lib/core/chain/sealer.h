/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/sender_rule.h"
#include "core/crypto/session.h"
#include "core/keys/named_key.h"
#include "core/protocol/frames.h"
#include "core/replay/replay_memory.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace securevoice {

struct sealer_options {
    key_ptr key; // null: a station without key, which may only send clear
    securevoice::mode mode;
    bool allow_clear = false; // must be set before a `clear` command is obeyed
    bool allow_fm = false;    // the same for `fm`
    kind first = kind::secure;
    /*! s since 1970; empty: the system's clock */
    std::function<std::int64_t()> clock;
    /*! Where own transmissions are remembered, so that a receiver of this station knows a
     * reflection; null: nowhere */
    std::shared_ptr<replay_memory> memory;
};

/*! What the transmitter really did. */
struct sender_status {
    kind sent = kind::none; // of the newest block handed to the modulator
    bool sending = false;
    std::uint64_t secure_blocks = 0;
    std::uint64_t clear_blocks = 0;
    std::uint64_t fm_blocks = 0;
    std::uint32_t number = 0;
    bool zeroized = false;
    /*! Of the newest transmission: */
    bool timed_out = false; // push-to-talk was held for too long; it has ended
    bool unmarked =
        false; // `clear` or `fm` is wanted, but for 11 s no block was marked for it
    bool unasked = false; // blocks are marked for a command that was not given here
};

/*! Thrown when something is to be sent with keys that were wiped. */
class keys_wiped : public std::runtime_error
{
public:
    keys_wiped() : std::runtime_error("the keys were wiped: load them again") {}
};

/*!
 * Spoken blocks to coded frames: session, cipher, tag, header piece, error correction.
 *
 * `secure` acts on the next block, whatever speech it holds. `clear` acts on the first
 * block captured wholly after the command (as the speech encoder marks them), or on the
 * one after it where the newest secure block has not announced it: that first one does,
 * secure still. Unused for 10 s it lapses, and it ends with its transmission. What is
 * marked for a command from before a `secure`, or not at all, stays secure where
 * transmissions begin so. `fm` is obeyed like `clear`: the block in work says that FM
 * follows, the first one captured wholly after the command says so too, is the last of
 * the digital transmission and closes its salt, and the ones after it are analog. From FM
 * back, the first block's time goes to the start frame of a new digital transmission: its
 * speech is not sent. After an exception nothing more is sent until the next
 * transmission.
 *
 * Where a transmission is ended by something else than a block, seal() says so to the
 * modulator (coded_frame::type::abort) before it does anything else.
 */
class sealer
{
public:
    using sink = std::function<void(const coded_frame&)>;

    /*! \throws std::invalid_argument without key unless allow_clear is set and first is
     * clear */
    explicit sealer(sealer_options options);
    ~sealer();

    /*!
     * `secure` without key ends the transmission, which would go on in clear, and takes
     * back what waits.
     * \param given when, by the clock of the speech encoder's commands, which must be
     *        told the same; above 0. A refused `clear` or `fm` changes nothing.
     * \param skew how much earlier the speech encoder may have been told the same command
     * \throws std::invalid_argument for `clear` when it is not allowed, for `secure`
     * without key \throws keys_wiped for `secure` after zeroize()
     */
    void command(kind k, std::uint64_t given, std::uint64_t skew = 0);
    /*! For callers without a clock: the commands that are obeyed are numbered. \return
     * the number, for the speech encoder */
    std::uint64_t command(kind k);
    kind wanted() const { return d_rule.wanted(); }

    /*!
     * \return what the 80 ms of a block of speech were sent as, none where a start frame
     * took them; empty where nothing was sent
     * \throws keys_wiped for the start of a transmission after zeroize(), unless clear
     * was commanded since; what follows such a start is dropped
     */
    std::optional<kind> seal(const spoken_block& block, const sink& emit);

    /*! Ends the transmission, if there is one, and wipes its keys. */
    void interrupt();
    /*!
     * Wipes the keys of the transmission and the traffic key now, for all who share it,
     * and ends the transmission. From here on this is a station without key whose
     * transmissions begin secure: it sends nothing before a new `clear` command, if clear
     * is allowed. No other thread may be using the traffic key.
     */
    void zeroize();

    /*! Ends the transmission, if there is one, and takes back what was commanded, as for
     * a new sealer. */
    void restart();

    const sender_status& status() const { return d_status; }

private:
    sender_rule::on_air on_air() const;
    void begin_session(const spoken_block& block, const sink& emit);
    kind speak(const spoken_block& block, const sink& emit);
    void send_analog(const spoken_block& block, const sink& emit);
    void send_block(const text_field& text, kind k, const sink& emit);
    void finish(kind k, const sink& emit);
    void close_session(const sink& emit, kind follows = kind::none);
    void tell_of_the_end(const sink& emit);

    sealer_options d_options;
    sender_rule d_rule;
    std::optional<sending_session> d_session;
    sender_status d_status;
    bool d_analog =
        false; // FM is on the air, or the digital transmission was ended for it
    bool d_ends_soon = false;   // the block in work says so
    bool d_failed = false;      // nothing more is sent until the next transmission
    bool d_interrupted = false; // and the modulator has not been told
};

} // namespace securevoice
