/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/keys/detail/key_storage.h"
#include "core/keys/passphrase.h"
#include "core/system/file_descriptor.h"

#include <string>

namespace securevoice {

/*! The process's own terminal, whatever its standard input and output are. */
class terminal
{
public:
    /*! \param need what it is needed for, begins the sentence of the error
     * \throws key_error if there is none, or another process group holds it */
    explicit terminal(const std::string& need);

    /*!
     * Reads one line with echo off. Signals that would end the process wait until the
     * terminal is as it was before.
     * \return false: the line is longer than a passphrase may be
     * \throws key_error if the line was broken off
     */
    bool read_hidden(const std::string& prompt, passphrase& line);
    /*! The same with a text of several lines, until Ctrl-D. \param most octets
     * \throws key_error if it is longer, too */
    detail::stored_text read_hidden_text(const std::string& prompt, std::size_t most);
    /*! Reads one line with echo on. */
    std::string read_line(const std::string& prompt);

private:
    void wait_for_octet(int signals, secret_memory& octet);
    template <typename Text>
    bool read_unseen(const std::string& prompt, Text& text, bool one_line);
    void write(const std::string& text);

    file_descriptor d_file;
};

} // namespace securevoice
