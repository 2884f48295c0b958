/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <unistd.h>

namespace securevoice {

/*! Closes a file descriptor when it goes. */
class file_descriptor
{
public:
    explicit file_descriptor(int number) : d_number(number) {}
    ~file_descriptor()
    {
        if (d_number >= 0)
            ::close(d_number);
    }
    file_descriptor(const file_descriptor&) = delete;
    file_descriptor& operator=(const file_descriptor&) = delete;

    int number() const { return d_number; }
    bool good() const { return d_number >= 0; }

private:
    int d_number;
};

} // namespace securevoice
