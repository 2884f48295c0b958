/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/protocol/gf65536.h"

namespace securevoice::gf65536 {

namespace {

struct tables {
    std::array<element, order + 1> logs{};
    std::array<element, order> powers{};

    tables()
    {
        unsigned a = 1;
        for (unsigned n = 0; n < order; ++n) {
            powers[n] = static_cast<element>(a);
            logs[a] = static_cast<element>(n);
            a <<= 1;
            if (a > order)
                a ^= polynomial;
        }
    }
};

const tables& table()
{
    static const tables made;
    return made;
}

} // namespace

unsigned log(element a) { return table().logs[a]; }

element power(unsigned n) { return table().powers[n % order]; }

element multiply(element a, element b)
{
    return a == 0 || b == 0 ? element{ 0 } : power(log(a) + log(b));
}

} // namespace securevoice::gf65536
