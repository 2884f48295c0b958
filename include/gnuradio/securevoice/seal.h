/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_SEAL_H
#define INCLUDED_SECUREVOICE_SEAL_H

#include <gnuradio/block.h>
#include <gnuradio/securevoice/api.h>

#include <memory>
#include <string>

namespace gr {
namespace securevoice {

/*!
 * \brief Spoken blocks to coded frames: encryption, tag, header, error correction.
 * \ingroup securevoice
 *
 * \details
 * Input: spoken blocks of a Voice Encoder (spoken_block_size() octets). Output: coded
 * frames (coded_frame_size() octets), which nobody can read without the key, unless they
 * are sent in clear. Each secure block is opened again and compared before it leaves.
 * After an exception nothing more leaves.
 *
 * Message port `conf` (in): a dictionary or a pair, with the keys
 * - `kind`, value symbol `secure`, `clear` or `fm`: what is sent from now on. `secure`
 * acts on the
 *   next block; `clear` on the first one captured wholly after the command, and only if
 *   allow_clear is set. `clear` ends with its transmission, and lapses when it is not
 *   used for 10 s; `fm`, analog voice that any radio hears, is obeyed like `clear`, if
 *   allow_fm is set: it is announced, and the digital transmission is ended for it
 *   (docs/protocol.md, 6.9); `secure` holds for later transmissions too. `secure` without
 *   a key ends the transmission, which would go on in clear.
 * - `ptt`, a boolean: for the Voice Encoder, which must get the same messages.
 * - `zeroize`, true, and no other key beside it: see zeroize().
 *
 * A message that is none of these changes nothing; it is warned about and reported on
 * `status`. So is a command that only one of the two blocks got, and a transmission that
 * ended because push-to-talk timed out. What was commanded ends with the run of the
 * flowgraph.
 *
 * Message port `status` (out): a dictionary of what was really sent: `state` (idle,
 * sending, zeroized, failed), `sending`, `kind` (secure, clear or fm: of the newest
 * block; none between calls), `wanted`, `number` (of the newest block), `secure_blocks`,
 * `clear_blocks`, `fm_blocks`, `key_name` and, for a message that was refused, a failure
 * or one of these reports, `error`. Sent on each change, and every 0.48 s of the call.
 */
class SECUREVOICE_API seal : virtual public gr::block
{
public:
    typedef std::shared_ptr<seal> sptr;

    /*!
     * \param key name of a key in the keyring, or the path of a key file. Empty: a
     * station
     *        without key, which can only send clear or FM, and only if it is allowed and
     *        the kind.
     * \param codec Codec2 rate, the same as the Voice Encoder's
     * \param profile waveform: "narrow" (4800 Bd QPSK, 6 kHz),
     *        "robust" (the same, interleaved for fading), or "constant" (GMSK of
     *        constant envelope, 7.6 kHz, for saturated amplifiers); for comparison
     *        "gmsk", "4fsk", "bpsk", "qpsk"
     * \param kind how a transmission begins: "secure", "clear" or "fm"
     * \param allow_clear without it, `clear` is refused
     * \param keyring folder of the keys; empty: $SECUREVOICE_KEYRING or
     *        ~/.config/gr-securevoice/keys
     * \param state folder of the replay memory, by which receivers of this station know
     * its own
     *        transmissions; empty: $SECUREVOICE_STATE, $XDG_STATE_HOME/gr-securevoice or
     *        ~/.local/state/gr-securevoice
     * \param allow_fm without it, `fm` is refused; not with the profile "robust"
     * \throws std::invalid_argument if a parameter is wrong
     * \throws std::runtime_error if the key cannot be used, or GNU Radio keeps its
     * buffers in
     *        files
     */
    static sptr make(const std::string& key,
                     const std::string& codec = "3200",
                     const std::string& profile = "narrow",
                     const std::string& kind = "secure",
                     bool allow_clear = false,
                     const std::string& keyring = "",
                     const std::string& state = "",
                     bool allow_fm = false);

    /*!
     * The same as a `conf` message.
     * \param kind "secure", "clear" or "fm"
     * \throws std::invalid_argument if it is none of them, or refused
     */
    virtual void set_kind(const std::string& kind) = 0;

    /*!
     * Wipes the keys now, which are gone when this returns, and ends the transmission: no
     * block is sent any more but those that the Modulator already has. Each later
     * transmission is refused and reported, unless clear is allowed and asked for again;
     * load the keys again by a new block. The Voice Encoder wipes its speech by a method
     * and a message of the same name.
     */
    virtual void zeroize() = 0;
};

} // namespace securevoice
} // namespace gr

#endif
