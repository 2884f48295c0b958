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
 * (heard_block_size() octets), one per 80 ms of a call that is heard, with the speech of those
 * whose tag fits. They hold speech in clear: nothing but a Voice Decoder belongs behind them.
 * Secure and clear blocks are told apart by the checks that fit, block by block.
 *
 * Message port `status` (out): a dictionary of what was really heard: `state` (idle, pending,
 * secure, clear, ended, cut off, "encrypted, no key", unreadable), `kind` (secure, clear,
 * encrypted-no-key, none), `key_name`, `codec`, `heard`, `refused` and `lost` (blocks since the
 * start), `cn0` (dB-Hz) and `offset_hz` (estimates, of the newest frame), `time` (s since the
 * first sample). Sent on each change of state, kind or key and at most every 0.5 s of signal
 * time; `state` is failed, with an `error`, if the block stops.
 */
class SECUREVOICE_API open : virtual public gr::block
{
public:
    typedef std::shared_ptr<open> sptr;

    /*!
     * \param keys names of keys in the keyring, or paths of key files. Empty: only clear calls
     *        are heard.
     * \param secure_only clear blocks are refused
     * \param keyring folder of the keys; empty: $SECUREVOICE_KEYRING or
     *        ~/.config/gr-securevoice/keys
     * \throws std::invalid_argument if two keys are the same
     * \throws std::runtime_error if a key cannot be used, or GNU Radio keeps its buffers in
     *        files
     */
    static sptr make(const std::vector<std::string>& keys,
                     bool secure_only = false,
                     const std::string& keyring = "");
};

} // namespace securevoice
} // namespace gr

#endif
