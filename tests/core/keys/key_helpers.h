/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/keys/key_file.h"

#include <boost/test/unit_test.hpp>

#include <string>

namespace securevoice::test {

/*! The passphrase of these tests, and a key that is no other one's. */
inline const std::string right = "correct horse battery staple";
inline const std::string hex =
    "fbff00102030405060708090a0b0c0d0e0f0112131415161718191a1b1c1d1e1";
inline const std::string base64 = "+/8AECAwQFBgcICQoLDA0ODwESExQVFhcYGRobHB0eE=";

/*! The sentence with which something is refused; empty, and an error, if it is not. */
template <typename Action>
std::string refusal(Action action)
{
    try {
        action();
    } catch (const key_error& e) {
        return e.what();
    }
    BOOST_ERROR("was not refused");
    return "";
}

inline bool says(const std::string& sentence, const std::string& what)
{
    const bool said = sentence.find(what) != std::string::npos;
    if (!said)
        BOOST_TEST_MESSAGE("it says: " << sentence);
    return said;
}

inline passphrase passphrase_of(const std::string& text)
{
    passphrase made;
    for (const auto c : text)
        made.append(static_cast<std::uint8_t>(c));
    return made;
}

inline passphrase_source answers(const std::string& text)
{
    return [text](const std::string&, passphrase_for) { return passphrase_of(text); };
}

/*! Hears the key's name and refuses to answer. */
inline passphrase_source must_not_ask()
{
    return [](const std::string& name, passphrase_for) -> passphrase {
        BOOST_ERROR("asked for the passphrase of " + name);
        throw key_error("asked");
    };
}

} // namespace securevoice::test
