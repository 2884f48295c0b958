/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "streaming.h"

#include "core/chain/sidetone.h"

#include <gnuradio/securevoice/sidetone.h>

namespace gr {
namespace securevoice {

class sidetone_impl : public streaming<sidetone, ::securevoice::coded_frame, float>
{
public:
    sidetone_impl();

    bool start() override;

private:
    void take(const ::securevoice::coded_frame* frame, std::size_t) override;

    ::securevoice::sidetone d_sidetone;
    std::vector<std::int16_t> d_pcm; // of one block
};

} // namespace securevoice
} // namespace gr
