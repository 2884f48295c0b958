/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstdint>
#include <optional>

namespace securevoice::apps {

/*! What a WAV file's header says, and what there is. */
struct wav_header {
    std::uint16_t coding = 0; // 1: integers, 3: IEEE floats, others: compressed
    std::uint16_t channels = 0;
    std::uint32_t rate = 0;       // samples/s
    std::uint16_t frame_size = 0; // octets of one sample of all channels
    bool is_known_to_libsndfile = true;
    std::uint64_t data_at = 0;     // octets before the samples
    std::uint64_t data_said = 0;   // octets of samples, as the header has it
    std::uint64_t data_octets = 0; // of the samples that are really there

    /*! False if the header is wrong about the length: a recorder was killed, or counted beyond 4 GiB in 32 bits. */
    bool is_true() const { return data_said == data_octets; }
};

/*!
 * Reads the header of a RIFF, RF64 or BW64 file (Microsoft and IBM 1991; EBU Tech 3306; ITU-R BS.2088). The samples are taken to go on to
 * the file's end where the header says otherwise and what follows them, as it says, is no chunk.
 * \param file an open regular file
 * \return nothing if it is none, or has no samples
 */
std::optional<wav_header> read_wav_header(int file);

} // namespace securevoice::apps
