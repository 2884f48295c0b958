/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_raw.h"

#include <string>

namespace securevoice::apps {

/*! Where the two files of a SigMF recording are in an archive of it. */
struct sigmf_archive {
    std::string metadata; // text
    file_part samples;
    std::string problem; // a sentence if the two have different names, else empty
};

/*!
 * Finds the recording in a SigMF archive, which is a tar file (https://sigmf.org, 1.x: "SigMF Archives"; POSIX.1-2001, pax: "ustar
 * Interchange Format") that was not compressed.
 * \throws std::runtime_error if it cannot be read, is no such archive, is cut off, or holds none or several recordings (what macOS
 *         adds, with names that begin with "._", is passed over)
 */
sigmf_archive open_sigmf_archive(const std::string& path);

} // namespace securevoice::apps
