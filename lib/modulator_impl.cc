/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "modulator_impl.h"

#include "fm_parameters.h"

#include <utility>

namespace gr {
namespace securevoice {

modulator::sptr
modulator::make(double sample_rate, double deviation_hz, bool emphasis, double ctcss_hz)
{
    return gnuradio::make_block_sptr<modulator_impl>(
        sample_rate, fm_of(deviation_hz, emphasis, ctcss_hz));
}

modulator_impl::modulator_impl(double sample_rate, const ::securevoice::fm_options& fm)
    : gr::block("modulator", input_signature_of(), output_signature_of()),
      d_sample_rate(sample_rate),
      d_fm(fm),
      d_exciter(std::in_place, sample_rate, fm) // it refuses wrong parameters
{
}

void modulator_impl::take(const ::securevoice::coded_frame* frame, std::size_t)
{
    const bool was_in_burst = d_exciter->in_burst();
    const auto first = next_index();
    d_exciter->modulate(*frame, ready());
    tag_burst(was_in_burst, first);
}

void modulator_impl::finish()
{
    const auto first = next_index();
    if (!d_exciter->in_burst())
        return;
    d_exciter->abort(ready());
    tag_burst(true, first);
}

bool modulator_impl::start()
{
    d_exciter.emplace(d_sample_rate,
                      d_fm); // a burst does not go on when the flowgraph runs again
    return streaming::start();
}

void modulator_impl::tag_burst(bool was_in_burst, std::uint64_t first)
{
    if (!was_in_burst && d_exciter->in_burst())
        add_item_tag(0, first, pmt::mp("tx_sob"), pmt::PMT_T);
    if (was_in_burst && !d_exciter->in_burst())
        add_item_tag(0, next_index() - 1, pmt::mp("tx_eob"), pmt::PMT_T);
}

} // namespace securevoice
} // namespace gr
