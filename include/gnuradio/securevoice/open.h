/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_OPEN_H
#define INCLUDED_SECUREVOICE_OPEN_H

#include <gnuradio/block.h>
#include <gnuradio/securevoice/api.h>

#include <memory>
#include <string>
#include <vector>

namespace gr {
namespace securevoice {

/*!
 * \brief Soft frames to heard blocks: error correction, tags, decryption.
 * \ingroup securevoice
 *
 * \details
 * Input: soft frames of a Demodulator (soft_frame_size() octets). Output: heard blocks
 * (heard_block_size() octets), one per 80 ms of a call that is heard, with the speech of
 * those whose tag fits. They hold speech in clear: nothing but a Voice Decoder belongs
 * behind them. Secure and clear blocks are told apart by the checks that fit, block by
 * block.
 *
 * A call from the air is live: replays, reflections of this station's own transmissions
 * and calls from another time are refused, with the help of a memory on disk. A recording
 * is decoded without these rules, and the status says so.
 *
 * Message port `status` (out): a dictionary of what was really heard: `state` (idle,
 * pending, secure, "clear, from the group", "clear, unknown sender", ended, cut off,
 * "encrypted, no key", unreadable, replay refused, delayed, fm, "fm, unannounced"),
 * `text` (the state with the key's name, for people), `reason` (of replay refused and
 * delayed), `kind` (secure, clear, fm, encrypted-no-key, none), `key_name`, `old_key`
 * (true for a key that is for receiving only), `codec`, `heard`, `refused`, `replayed`
 * and `lost` (blocks since the start), `fm_heard` and `fm_refused` (80 ms of FM each),
 * `interference` (true: interference or attack), `recording`, `sent` (s since 1970, by
 * the sender's clock; with the newest verified block), `age` (s, of a live call, where it
 * is above 10 s, or below -10 s because its sender's clock is ahead), `later_than_usual`
 * (s, where it is above 10 s: so much later than calls under this key usually come),
 * `clock_problem` (a sentence on this computer's clock or the sender's), `memory_problem`
 * (a sentence on the replay memory), `cn0` (dB-Hz) and `offset_hz` (estimates, of the
 * newest frame), `time` (s since the first sample; it goes on when a flowgraph is run
 * again). Entries without a value are left out. Sent on each change of state, kind or key
 * and at most every 0.5 s of signal time; `state` is failed, with an `error`, if the
 * block stops.
 *
 * Message port `conf` (in): the pair ("zeroize" . true) wipes the keys now: nothing
 * secure is heard from then on.
 */
class SECUREVOICE_API open : virtual public gr::block
{
public:
    typedef std::shared_ptr<open> sptr;

    /*!
     * \param keys names of keys in the keyring, or paths of key files. Empty: only clear
     * calls
     *        are heard.
     * \param secure_only clear blocks are refused, and FM is silent
     * \param keyring folder of the keys; empty: $SECUREVOICE_KEYRING or
     *        ~/.config/gr-securevoice/keys
     * \param recorded the signal is a recording, or a loop back to this station itself:
     * no replay
     *        memory, calls of any time are heard
     * \param state folder of the replay memory; empty: $SECUREVOICE_STATE,
     *        $XDG_STATE_HOME/gr-securevoice or ~/.local/state/gr-securevoice
     * \param unannounced_fm FM is heard, too, that comes over a secure call or within 60
     * s after one, and that the call did not announce
     * \throws std::invalid_argument if two keys are the same
     * \throws std::runtime_error if a key cannot be used, or GNU Radio keeps its buffers
     * in
     *        files
     */
    static sptr make(const std::vector<std::string>& keys,
                     bool secure_only = false,
                     const std::string& keyring = "",
                     bool recorded = false,
                     const std::string& state = "",
                     bool unannounced_fm = false);

    /*! \brief Wipes the keys now. From any thread. */
    virtual void zeroize() = 0;
};

} // namespace securevoice
} // namespace gr

#endif
