/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "demodulator_impl.h"

#include "fm_parameters.h"

namespace gr {
namespace securevoice {

demodulator::sptr demodulator::make(double sample_rate,
                                    double max_offset_hz,
                                    const std::string& profile,
                                    bool follow_fm,
                                    double deviation_hz,
                                    bool emphasis,
                                    double ctcss_hz)
{
    ::securevoice::demodulator_options options;
    options.sample_rate = sample_rate;
    options.max_offset_hz = max_offset_hz;
    if (!profile.empty())
        options.profile = ::securevoice::profile_from_name(profile);
    ::securevoice::analog_options analog;
    analog.follow = follow_fm;
    analog.fm = fm_of(deviation_hz, emphasis, ctcss_hz);
    return gnuradio::make_block_sptr<demodulator_impl>(options, analog);
}

demodulator_impl::demodulator_impl(const ::securevoice::demodulator_options& options,
                                   const ::securevoice::analog_options& analog)
    : gr::block("demodulator", input_signature_of(), output_signature_of()),
      d_digital(options),
      d_analog(analog),
      d_dual_demodulator(
          std::make_unique<::securevoice::dual_demodulator>(options, analog)),
      d_sink([this](const auto& frame) { put(frame); })
{
    message_port_register_out(pmt::mp("symbols"));
}

void demodulator_impl::take(const gr_complex* iq, std::size_t count)
{
    d_dual_demodulator->push(iq, count, d_sink);
}

void demodulator_impl::finish() { d_dual_demodulator->finish(d_sink); }

void demodulator_impl::renew()
{
    d_dual_demodulator =
        std::make_unique<::securevoice::dual_demodulator>(d_digital, d_analog);
}

void demodulator_impl::put(const ::securevoice::soft_frame& frame)
{
    ready().push_back(frame);
    if (frame.what != ::securevoice::soft_frame::type::block)
        return;
    const auto& symbols = d_dual_demodulator->constellation();
    message_port_pub(
        pmt::mp("symbols"),
        pmt::cons(pmt::make_dict(), pmt::init_c32vector(symbols.size(), symbols.data())));
}

} // namespace securevoice
} // namespace gr
