/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sidetone_impl.h"

namespace gr {
namespace securevoice {

sidetone::sptr sidetone::make() { return gnuradio::make_block_sptr<sidetone_impl>(); }

sidetone_impl::sidetone_impl()
    : gr::block("sidetone", input_signature_of(), output_signature_of())
{
}

bool sidetone_impl::start()
{
    d_sidetone = {};
    return streaming::start();
}

void sidetone_impl::take(const ::securevoice::coded_frame* frame, std::size_t)
{
    constexpr float full_scale = 32768;
    d_pcm.clear();
    d_sidetone.take(*frame, d_pcm);
    for (const auto sample : d_pcm)
        ready().push_back(static_cast<float>(sample) / full_scale);
}

} // namespace securevoice
} // namespace gr
