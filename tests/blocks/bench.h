/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "record_item.h"

#include "core/protocol/frames.h"

#include <gnuradio/blocks/message_debug.h>
#include <gnuradio/blocks/vector_sink.h>
#include <gnuradio/blocks/vector_source.h>
#include <gnuradio/securevoice/demodulator.h>
#include <gnuradio/securevoice/modulator.h>
#include <gnuradio/securevoice/open.h>
#include <gnuradio/securevoice/records.h>
#include <gnuradio/securevoice/seal.h>
#include <gnuradio/securevoice/voice_decoder.h>
#include <gnuradio/securevoice/voice_encoder.h>
#include <gnuradio/sync_block.h>
#include <gnuradio/top_block.h>

#include <condition_variable>
#include <chrono>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/*! What the tests of the blocks have in common. */
namespace bench {

constexpr std::size_t block_samples = ::securevoice::samples_per_block;

/*! A folder with the keys "ours" and "theirs", gone at the end. */
class keyring
{
public:
    keyring();
    ~keyring();
    const std::string& folder() const { return d_folder; }

private:
    std::string d_folder;
};
const std::string& keys();

/*! Voiced sounds with pauses, -0.5 ... 0.5; the same samples each time. */
std::vector<float> speech(std::size_t samples);

/*! Speech that is handed out only as far as it is allowed, so that a test knows what had
 * been spoken when it did something. */
class paced_speech : public gr::sync_block
{
public:
    explicit paced_speech(std::vector<float> samples);
    /*! Lets so many more blocks pass. */
    void allow(std::size_t blocks);
    /*! Lets all pass, then the input is over. */
    void end();
    /*! The input is over with what was allowed. */
    void hang_up();
    int work(int count,
             gr_vector_const_void_star&,
             gr_vector_void_star& output_items) override;

private:
    std::vector<float> d_samples;
    std::size_t d_next = 0;
    std::size_t d_allowed = 0;
    bool d_end = false;
    std::mutex d_mutex;
    std::condition_variable d_changed;
};

/*! Waits until a condition holds. \return false after 20 s */
template <typename Condition>
bool eventually(Condition holds)
{
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > limit)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

/*! Commands count from when a block has got them: what is spoken after this was spoken
 * after them. */
inline void let_messages_come()
{
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

/*! A sink and a source of records. */
template <typename Record>
gr::blocks::vector_sink_b::sptr record_sink()
{
    return gr::blocks::vector_sink_b::make(gr::securevoice::item_octets<Record>);
}

template <typename Record>
std::vector<Record> records(const gr::blocks::vector_sink_b::sptr& sink)
{
    constexpr auto size = gr::securevoice::item_octets<Record>;
    const auto octets = sink->data();
    std::vector<Record> all(octets.size() / size);
    for (std::size_t n = 0; n < all.size(); ++n)
        std::memcpy(&all[n], octets.data() + n * size, sizeof(Record));
    return all;
}

template <typename Record>
gr::blocks::vector_source_b::sptr record_source(const std::vector<Record>& all)
{
    constexpr auto size = gr::securevoice::item_octets<Record>;
    std::vector<std::uint8_t> octets(all.size() * size);
    for (std::size_t n = 0; n < all.size(); ++n)
        std::memcpy(octets.data() + n * size, &all[n], sizeof(Record));
    return gr::blocks::vector_source_b::make(octets, false, size);
}

/*! Entry of a status message as text or number. */
std::string text(const pmt::pmt_t& status, const char* name);
double number(const pmt::pmt_t& status, const char* name);
/*! Messages that a message_debug has stored. */
std::vector<pmt::pmt_t> stored(const gr::blocks::message_debug::sptr& debug);

} // namespace bench
