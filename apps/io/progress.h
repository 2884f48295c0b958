/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>

namespace securevoice::apps {

/*! A bar on standard error while work lasts: only on a terminal, and only once the work has taken half a second. */
class progress
{
public:
    /*! \param what the work, for instance "receiving" */
    explicit progress(std::string what);
    ~progress();

    /*! \param share 0 ... 1 of the work done */
    void at(double share);

private:
    std::string d_what;
    bool d_terminal;
    double d_next; // time of the next drawing
    bool d_drawn = false;
};

} // namespace securevoice::apps
