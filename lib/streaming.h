/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "record_item.h"

#include "core/crypto/secret_memory.h"

#include <gnuradio/block.h>
#include <gnuradio/block_detail.h>
#include <gnuradio/buffer.h>
#include <gnuradio/buffer_reader.h>
#include <gnuradio/io_signature.h>

#include <type_traits>
#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace gr {
namespace securevoice {

/*!
 * What the blocks have in common: one stream of In becomes one stream of Out, in portions
 * of another length.
 *
 * A block puts what it makes into ready(). No input is taken while something is ready, so
 * memory is bounded and the stream has back-pressure. When the input is over, finish() is
 * called once: GNU Radio has no call for that, but it runs a block that needs no input,
 * and forecast() says so then. An exception ends the block; nothing leaves it after that.
 *
 * A flowgraph may be run again, also after its input was over: renew() is called then,
 * before anything else.
 */
template <typename Block, typename In, typename Out>
class streaming : public Block
{
public:
    void forecast(int, gr_vector_int& required) override
    {
        required[0] = d_next < d_ready.size() || input_done() ? 0 : 1;
    }

    int general_work(int noutput_items,
                     gr_vector_int& ninput_items,
                     gr_vector_const_void_star& input_items,
                     gr_vector_void_star& output_items) override
    {
        try {
            if (d_not_renewed)
                std::rethrow_exception(std::exchange(d_not_renewed, nullptr));
            const auto* in = static_cast<const std::uint8_t*>(input_items[0]);
            const auto have = static_cast<std::size_t>(ninput_items[0]);
            std::size_t used = 0;
            while (ready_is_empty() && used < have) {
                const auto count = std::min(have - used, at_once());
                take(reinterpret_cast<const In*>(in + used * item_octets<In>), count);
                used += count;
            }
            this->consume(0, static_cast<int>(used));
            if (ready_is_empty() && !d_finished && input_is_over()) {
                d_finished = true;
                finish();
            }
            if (ready_is_empty() && d_finished)
                return gr::block::WORK_DONE;
            return deliver(static_cast<std::uint8_t*>(output_items[0]),
                           static_cast<std::size_t>(noutput_items));
        } catch (const std::exception& e) {
            this->d_logger->error("stopped, nothing more leaves this block: {}",
                                  e.what());
            drop_ready();
            failed(e.what());
            return gr::block::WORK_DONE;
        }
    }

    bool start() override
    {
        d_finished = false;
        drop_ready();
        d_not_renewed = nullptr;
        try {
            if (std::exchange(d_ran, true))
                renew();
        } catch (const std::exception&) { // in the block's thread nobody would catch it
            d_not_renewed = std::current_exception();
        }
        return Block::start();
    }

    bool stop() override
    {
        drop_ready();
        return Block::stop();
    }

protected:
    streaming()
    {
        this->set_tag_propagation_policy(gr::block::TPP_DONT);
        if (is_record<Out>) // what waits here is latency; GNU Radio wants 4 at least
            this->set_max_output_buffer(0, 4);
    }

    static gr::io_signature::sptr input_signature_of()
    {
        return gr::io_signature::make(1, 1, static_cast<int>(item_octets<In>));
    }
    static gr::io_signature::sptr output_signature_of()
    {
        return gr::io_signature::make(1, 1, static_cast<int>(item_octets<Out>));
    }

    /*! Input for the core; one record, or up to at_once() samples. */
    virtual void take(const In* in, std::size_t count) = 0;
    /*! The input is over. */
    virtual void finish() {}
    /*! The flowgraph starts again: from here on the block is as it was made. What
     * finish() ended can begin anew; commands and keys stay as they are. */
    virtual void renew() {}
    /*! The block has stopped. \param reason one sentence */
    virtual void failed(const std::string& reason) { static_cast<void>(reason); }
    /*! Most samples that take() gets. */
    virtual std::size_t at_once() const
    {
        return is_record<In> ? 1 : std::numeric_limits<std::size_t>::max();
    }

    auto& ready() { return d_ready; }
    /*! Nothing of what is ready leaves. Speech stays in memory no longer than it
     * waits. */
    void drop_ready()
    {
        if constexpr (!std::is_same_v<Out, gr_complex>) // IQ is public
            ::securevoice::wipe_memory(d_ready.data(), d_ready.size() * sizeof(Out));
        d_ready.clear();
        d_next = 0;
    }
    /*! Index in the output stream of the next item put into ready(). */
    std::uint64_t next_index()
    {
        return this->nitems_written(0) + d_ready.size() - d_next;
    }

private:
    bool ready_is_empty() const { return d_next == d_ready.size(); }

    bool input_done() { return this->detail()->input(0)->done(); }

    bool input_is_over()
    {
        const auto reader = this->detail()->input(0);
        gr::thread::scoped_lock guard(*reader->mutex());
        return reader->done() && reader->items_available() == 0;
    }

    int deliver(std::uint8_t* out, std::size_t room)
    {
        const auto count = std::min(room, d_ready.size() - d_next);
        if constexpr (is_record<Out>) {
            for (std::size_t n = 0; n < count; ++n)
                std::memcpy(
                    out + n * item_octets<Out>, &d_ready[d_next + n], sizeof(Out));
        } else {
            std::copy_n(&d_ready[d_next], count, reinterpret_cast<Out*>(out));
        }
        d_next += count;
        if (ready_is_empty())
            drop_ready();
        return static_cast<int>(count);
    }

    static_assert(std::is_trivially_copyable_v<In> && std::is_trivially_copyable_v<Out>);
    std::conditional_t<std::is_same_v<Out, gr_complex>,
                       std::vector<Out>,
                       ::securevoice::wiped_vector<Out>>
        d_ready;
    std::size_t d_next = 0; // of d_ready, the first that has not left
    bool d_finished = false;
    bool d_ran = false;
    std::exception_ptr d_not_renewed; // why: told where the block works
};

} // namespace securevoice
} // namespace gr
