/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/number_ledger.h"

#include <algorithm>

namespace securevoice {

void number_ledger::expect_from(std::uint32_t number)
{
    if (d_first)
        return;
    d_first = number;
    for (std::int64_t n = number; n <= d_newest; ++n)
        d_lost += !d_settled[static_cast<std::size_t>(n)];
}

void number_ledger::reached(std::uint32_t number)
{
    for (auto n = d_newest + 1; n <= number; ++n)
        if (d_first && n >= *d_first)
            d_lost += !d_settled[static_cast<std::size_t>(n)];
    d_newest = std::max<std::int64_t>(d_newest, number);
}

void number_ledger::played(std::uint32_t number)
{
    ++d_played;
    settle(number);
}

void number_ledger::muted(std::uint32_t number)
{
    if (number > d_newest)
        settle(number);
}

void number_ledger::settle(std::uint32_t number)
{
    if (!d_settled[number] && d_first && number >= *d_first && number <= d_newest)
        --d_lost;
    d_settled.set(number);
}

} // namespace securevoice
