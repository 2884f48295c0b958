/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "streaming.h"

#include "core/chain/call_receiver.h"

#include <gnuradio/securevoice/open.h>

#include <chrono>
#include <mutex>

namespace gr {
namespace securevoice {

class open_impl
    : public streaming<open, ::securevoice::soft_frame, ::securevoice::heard_block>
{
public:
    explicit open_impl(::securevoice::call_receiver_options options);

    void zeroize() override;
    bool stop() override;

private:
    void take(const ::securevoice::soft_frame* frame, std::size_t) override;
    void finish() override;
    void renew() override;
    void failed(const std::string& reason) override;
    void report(const ::securevoice::receiver_status& status,
                const std::string& error = "");

    void obey(const pmt::pmt_t& message);
    void warn_of_memory(const ::securevoice::receiver_status& status);

    std::mutex d_mutex; // zeroize() may be called from any thread
    ::securevoice::call_receiver d_call_receiver;
    ::securevoice::call_receiver::sink d_sink;
    ::securevoice::receiver_status d_reported; // newest on the port
    std::string d_warned;                      // newest sentence on the replay memory
    std::chrono::steady_clock::time_point d_made = std::chrono::steady_clock::now();
    double d_earlier =
        0; // s, of all earlier runs: times of this one are counted from there
    double d_newest = 0; // s, of the newest frame
};

} // namespace securevoice
} // namespace gr
