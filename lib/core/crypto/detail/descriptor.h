/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <unistd.h>

namespace securevoice::detail {

/*! Closes a file descriptor when it goes. */
class descriptor
{
public:
    explicit descriptor(int number) : d_number(number) {}
    ~descriptor()
    {
        if (d_number >= 0)
            ::close(d_number);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    int number() const { return d_number; }
    bool good() const { return d_number >= 0; }

private:
    int d_number;
};

} // namespace securevoice::detail
