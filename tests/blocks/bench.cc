/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE blocks
#include "bench.h"

#include "core/keys/key_file.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <utility>

#include <stdlib.h>

namespace bench {

keyring::keyring()
{
    std::string pattern =
        (std::filesystem::temp_directory_path() / "keyring.XXXXXX").string();
    if (!mkdtemp(pattern.data()))
        throw std::runtime_error("cannot make a temporary folder");
    d_folder = pattern;
    ::securevoice::keyring ring(d_folder);
    ring.create("ours");
    ring.create("theirs");
}

keyring::~keyring() { std::filesystem::remove_all(d_folder); }

const std::string& keys()
{
    static const keyring ring;
    return ring.folder();
}

std::vector<float> speech(std::size_t samples)
{
    std::mt19937 rng(1);
    std::normal_distribution<float> noise(0, 0.005f);
    std::vector<float> out(samples);
    double phase = 0;
    for (std::size_t n = 0; n < samples; ++n) {
        const double t = static_cast<double>(n) / ::securevoice::speech_rate;
        phase += (120 + 30 * std::sin(2 * t)) / ::securevoice::speech_rate;
        const double loudness = std::max(0.0, std::sin(6 * t));
        double voice = 0;
        for (int harmonic = 1; harmonic <= 12; ++harmonic)
            voice += std::sin(2 * M_PI * harmonic * phase) / harmonic;
        out[n] = static_cast<float>(0.2 * loudness * voice) + noise(rng);
    }
    return out;
}

paced_speech::paced_speech(std::vector<float> samples)
    : gr::sync_block("paced_speech",
                     gr::io_signature::make(0, 0, 0),
                     gr::io_signature::make(1, 1, sizeof(float))),
      d_samples(std::move(samples))
{
}

void paced_speech::allow(std::size_t blocks)
{
    std::lock_guard lock(d_mutex);
    d_allowed += blocks * block_samples;
    d_changed.notify_all();
}

void paced_speech::end()
{
    std::lock_guard lock(d_mutex);
    d_allowed = d_samples.size();
    d_end = true;
    d_changed.notify_all();
}

void paced_speech::hang_up()
{
    std::lock_guard lock(d_mutex);
    d_end = true;
    d_changed.notify_all();
}

int paced_speech::work(int count,
                       gr_vector_const_void_star&,
                       gr_vector_void_star& output_items)
{
    std::unique_lock lock(d_mutex);
    if (!d_changed.wait_for(lock, std::chrono::seconds(20), [this] {
            return d_next < d_allowed || d_end;
        }))
        return WORK_DONE;
    const auto n = std::min(static_cast<std::size_t>(count), d_allowed - d_next);
    if (n == 0)
        return WORK_DONE;
    std::copy_n(&d_samples[d_next], n, static_cast<float*>(output_items[0]));
    d_next += n;
    return static_cast<int>(n);
}

std::string text(const pmt::pmt_t& status, const char* name)
{
    const auto value = pmt::dict_ref(status, pmt::mp(name), pmt::PMT_NIL);
    return pmt::is_symbol(value) ? pmt::symbol_to_string(value) : "";
}

double number(const pmt::pmt_t& status, const char* name)
{
    const auto value = pmt::dict_ref(status, pmt::mp(name), pmt::from_double(NAN));
    return pmt::is_uint64(value) ? static_cast<double>(pmt::to_uint64(value))
                                 : pmt::to_double(value);
}

std::vector<pmt::pmt_t> stored(const gr::blocks::message_debug::sptr& debug)
{
    std::vector<pmt::pmt_t> all;
    for (std::size_t n = 0; n < static_cast<std::size_t>(debug->num_messages()); ++n)
        all.push_back(debug->get_message(n));
    return all;
}

} // namespace bench
