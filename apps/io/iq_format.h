/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace securevoice::apps {

/*! How one complex sample is stored: I, then Q, little endian. */
enum class iq_encoding {
    cf32, // 32-bit IEEE floats
    cs16, // signed 16 bit
    cs8,  // signed 8 bit, as hackrf_transfer has it
    cu8,  // unsigned 8 bit, as rtl_sdr has it; zero lies between 127 and 128
};

enum class iq_container {
    raw,   // samples alone
    wav,   // RIFF WAVE, I left and Q right
    sigmf, // metadata and samples in a pair of files, https://sigmf.org, version 1
};

struct iq_format {
    iq_container container = iq_container::raw;
    std::optional<iq_encoding> encoding; // of raw always; else if it was asked for
};

/*!
 * \param path of the file, "-" for standard input or output
 * \param name one of iq_format_names(), or empty: the extension of \p path decides
 * \throws std::invalid_argument if there is no such format, or \p path does not tell it or cannot have it
 */
iq_format choose_iq_format(const std::string& path, const std::string& name);

/*! The names of all formats, with commas. */
std::string iq_format_names();

/*! A SigMF archive: both files of a recording in one. */
constexpr const char* sigmf_archive_extension = ".sigmf";

const char* encoding_name(iq_encoding encoding);

/*! The files that an IQ file \p path consists of: two for SigMF (metadata first; in capitals if they are there so), else one. */
std::vector<std::string> iq_files(const std::string& path, const std::string& name);

/*! The extension of a name in small letters: ".cs8" of "CALL.CS8". */
std::string lower_extension_of(const std::string& path);

/*! \throws std::invalid_argument if a file of \p inputs ("-": what standard input comes from) is one of \p outputs too, or an output is
 * named twice; none has an empty name */
void refuse_overwriting(const std::vector<std::string>& inputs,
                        const std::vector<std::string>& outputs);

} // namespace securevoice::apps
