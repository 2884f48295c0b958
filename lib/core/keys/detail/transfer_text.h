/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/keys/detail/key_storage.h"

#include <cstddef>
#include <optional>
#include <string>

/*!
 * What editors, mailers and readers of QR codes do to the text of a key on its way,
 * undone where it has one meaning: byte order marks, UTF-16, line ends of other systems,
 * blank lines, blanks at line ends, quoting by '>', quoted-printable, wrapped digits,
 * text above and below. What a keyring stores is read without any of this.
 */
namespace securevoice::detail {

/*! Of a text on its way, with a mail around it. octets */
constexpr std::size_t max_transfer_text = 32768;

/*! Quoted-printable undone. No line of a key file has a '=' of its own, base64 has. */
stored_text without_quoted_printable(const stored_text& received);

/*! A key as digits alone. Nothing but these, blanks left out. */
struct bare_text {
    secret_memory octets;
    std::size_t count; // 0: the text holds something else, too
};
bare_text bare_digits(const stored_text& received);

/*!
 * The key file in a text, as it was written: what parse_key_text() reads. It checks no
 * more than is needed to tell where its lines are.
 * \param source its name for messages
 * \return nothing if there is none
 * \throws key_error that says which line disturbs; it holds none of the text
 */
std::optional<stored_text> key_file_in(const stored_text& received,
                                       const std::string& source);

} // namespace securevoice::detail
