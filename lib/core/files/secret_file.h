/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>

namespace securevoice {

/*!
 * What no output may ever be written over: a file that is there and whose content,
 * whatever its name and folder, is a key as this program takes one from a keyring, a file
 * or a mail (plain, sealed, as digits alone; damaged, as long as a line begins as a
 * key's), or is the replay memory; and any that ends in ".key" or lies in the keyring's
 * usual folder.
 * \return what it is ("a key file" ...), for "it is ..."; null: none, or not there
 */
const char* irreplaceable_file(const std::string& path);

} // namespace securevoice
