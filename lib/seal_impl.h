/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "streaming.h"

#include "core/chain/sealer.h"

#include <gnuradio/securevoice/seal.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gr {
namespace securevoice {

class seal_impl
    : public streaming<seal, ::securevoice::spoken_block, ::securevoice::coded_frame>
{
public:
    explicit seal_impl(::securevoice::sealer_options options);

    void set_kind(const std::string& kind) override;
    void zeroize() override;
    bool stop() override;

private:
    void take(const ::securevoice::spoken_block* block, std::size_t) override;
    void failed(const std::string& reason) override;
    void obey(const pmt::pmt_t& message);
    void warn_of_memory();
    std::vector<std::string> troubles(const ::securevoice::sender_status& before) const;
    bool ended_unused(::securevoice::kind wanted) const;
    void wipe_keys();
    void end_burst();
    const char* state() const;
    void report_changes();
    void report(const char* state, const std::string& error = "");

    std::string d_key_name;
    std::shared_ptr<::securevoice::replay_memory> d_memory; // null: a station without key
    std::string d_warned;                                   // newest sentence on it
    std::mutex d_mutex; // a setter may be called from any thread
    ::securevoice::sealer d_sealer;
    ::securevoice::sealer::sink d_sink;
    bool d_told = false;              // zeroize() was called; its message is under way
    std::uint64_t d_sent_earlier = 0; // blocks before this transmission
    ::securevoice::sender_status d_reported; // newest on the port
    ::securevoice::kind d_reported_wanted;
};

} // namespace securevoice
} // namespace gr
