/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "streaming.h"

#include "core/chain/opener.h"

#include <gnuradio/securevoice/open.h>

namespace gr {
namespace securevoice {

class open_impl
    : public streaming<open, ::securevoice::soft_frame, ::securevoice::heard_block>
{
public:
    explicit open_impl(::securevoice::opener_options options);

private:
    void take(const ::securevoice::soft_frame* frame, std::size_t) override;
    void finish() override;
    void failed(const std::string& reason) override;
    void report(const ::securevoice::receiver_status& status,
                const std::string& error = "");

    ::securevoice::opener d_opener;
    ::securevoice::opener::sink d_sink;
    ::securevoice::receiver_status d_reported; // newest on the port
};

} // namespace securevoice
} // namespace gr
