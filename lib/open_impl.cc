/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "open_impl.h"

#include "buffer_check.h"
#include "conf_message.h"
#include "opened_keys.h"
#include "unlocked_memory.h"

#include "core/keys/key_file.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <utility>

namespace gr {
namespace securevoice {

namespace {

constexpr double report_seconds = 0.5;
constexpr double age_shown = 10;      // s
constexpr double between_runs = 0.08; // s at least: a slot of its own
constexpr double longest_run = 5e8;   // s; records may hold anything

/*! What is heard now; the core's status keeps the kind of the newest block beyond its
 * call. */
const char* kind_heard(const ::securevoice::receiver_status& s)
{
    switch (s.state) {
    case ::securevoice::heard_state::secure:
    case ::securevoice::heard_state::clear_group:
    case ::securevoice::heard_state::clear_unknown:
    case ::securevoice::heard_state::fm:
        return ::securevoice::kind_name(s.kind);
    case ::securevoice::heard_state::fm_unannounced: // muted, unless wanted
        return s.kind == ::securevoice::kind::fm ? "fm" : "none";
    case ::securevoice::heard_state::encrypted_no_key:
        return "encrypted-no-key";
    default:
        return "none";
    }
}

} // namespace

open::sptr open::make(const std::vector<std::string>& keys,
                      bool secure_only,
                      const std::string& keyring,
                      bool recorded,
                      const std::string& state,
                      bool unannounced_fm)
{
    ::securevoice::call_receiver_options options;
    warn_of_unlocked_memory();
    for (const auto& key : keys)
        options.keys.push_back(
            load_block_key(key, keyring, ::securevoice::key_use::receive));
    options.secure_only = secure_only;
    options.unannounced_fm = unannounced_fm;
    if (!recorded)
        options.replay.memory = std::make_shared<::securevoice::replay_memory>(state);
    return gnuradio::make_block_sptr<open_impl>(std::move(options));
}

open_impl::open_impl(::securevoice::call_receiver_options options)
    : gr::block("open", input_signature_of(), output_signature_of()),
      d_call_receiver(std::move(options)),
      d_sink([this](const auto& heard) { ready().push_back(heard); })
{
    refuse_buffers_in_files();
    message_port_register_out(pmt::mp("status"));
    message_port_register_in(pmt::mp("conf"));
    set_msg_handler(pmt::mp("conf"),
                    [this](const pmt::pmt_t& message) { obey(message); });
    warn_of_memory(d_call_receiver.status());
}

void open_impl::zeroize()
{
    // The stream is another thread's: what is to be heard no more is dropped there.
    _post(pmt::mp("conf"), zeroize_message());
    std::lock_guard lock(d_mutex);
    d_call_receiver.zeroize([](const auto&) {});
}

bool open_impl::stop()
{
    {
        std::lock_guard lock(d_mutex);
        d_call_receiver.hang_up(d_sink);
    }
    return streaming::stop();
}

void open_impl::obey(const pmt::pmt_t& message)
{
    try {
        const auto command = parse_conf(message);
        if (!command.zeroize)
            throw std::invalid_argument("a receiver obeys 'zeroize' only");
        std::lock_guard lock(d_mutex);
        drop_ready(); // decrypted, and not heard yet
        d_call_receiver.zeroize(d_sink);
        ::securevoice::heard_block over; // also where the method was first
        over.what = ::securevoice::heard_block::action::finish;
        d_sink(over);
        d_logger->warn("the keys were wiped: nothing secure is heard until the flowgraph "
                       "loads them again");
        report(d_call_receiver.status());
    } catch (const std::exception& e) {
        d_logger->warn("message on 'conf' ignored: {}", e.what());
    }
}

/*! Once for each trouble. */
void open_impl::warn_of_memory(const ::securevoice::receiver_status& s)
{
    if (s.memory_problem.empty() || s.memory_problem == d_warned)
        return;
    d_warned = s.memory_problem;
    d_logger->warn("{}", d_warned);
}

void open_impl::take(const ::securevoice::soft_frame* frame, std::size_t)
{
    std::lock_guard lock(d_mutex);
    auto timed = *frame;
    timed.time += d_earlier;
    if (timed.time < longest_run)
        d_newest = std::max(d_newest, timed.time);
    d_call_receiver.receive(timed, d_sink);
    const auto now = d_call_receiver.status();
    warn_of_memory(now);
    if (now.state != d_reported.state || now.interference != d_reported.interference ||
        now.kind != d_reported.kind || now.key_name != d_reported.key_name ||
        now.time - d_reported.time >= report_seconds)
        report(now);
}

/*! A demodulator that begins anew counts its time from 0; the call receiver's rules of
 * time (what is newer, FM within 60 s, a slot's verifications) go on. */
void open_impl::renew()
{
    std::lock_guard lock(d_mutex);
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - d_made;
    d_earlier = std::max(since.count(), d_newest + between_runs);
}

void open_impl::finish()
{
    std::lock_guard lock(d_mutex);
    report(d_call_receiver.status());
}

void open_impl::failed(const std::string& reason)
{
    std::lock_guard lock(d_mutex);
    report(d_call_receiver.status(), reason);
}

void open_impl::report(const ::securevoice::receiver_status& s, const std::string& error)
{
    d_reported = s;
    auto status = pmt::make_dict();
    const auto add = [&](const char* name, const pmt::pmt_t& value) {
        status = pmt::dict_add(status, pmt::mp(name), value);
    };
    const bool failure = !error.empty();
    add("state", pmt::mp(failure ? "failed" : ::securevoice::state_name(s.state)));
    add("text", pmt::mp(failure ? "failed" : ::securevoice::state_text(s)));
    add("kind", pmt::mp(failure ? "none" : kind_heard(s)));
    add("key_name", pmt::mp(s.key_name));
    add("old_key", pmt::from_bool(s.old_key));
    add("codec", pmt::mp(s.codec));
    add("heard", pmt::from_uint64(s.heard));
    add("refused", pmt::from_uint64(s.refused));
    add("replayed", pmt::from_uint64(s.replayed));
    add("lost", pmt::from_uint64(s.lost));
    add("fm_heard", pmt::from_uint64(s.fm_heard));
    add("fm_refused", pmt::from_uint64(s.fm_refused));
    add("interference", pmt::from_bool(s.interference));
    add("recording", pmt::from_bool(s.recording));
    if (!s.reason.empty())
        add("reason", pmt::mp(s.reason));
    if (s.sent)
        add("sent", pmt::from_double(*s.sent));
    if (s.age && std::abs(*s.age) > age_shown)
        add("age", pmt::from_double(*s.age));
    if (s.age && s.usual_age && *s.age - *s.usual_age > age_shown)
        add("later_than_usual", pmt::from_double(*s.age - *s.usual_age));
    if (!s.clock_problem.empty())
        add("clock_problem", pmt::mp(s.clock_problem));
    if (!s.memory_problem.empty())
        add("memory_problem", pmt::mp(s.memory_problem));
    add("cn0", pmt::from_double(s.cn0_dbhz));
    add("offset_hz", pmt::from_double(s.offset_hz));
    add("time", pmt::from_double(s.time));
    if (failure)
        add("error", pmt::mp(error));
    message_port_pub(pmt::mp("status"), status);
}

} // namespace securevoice
} // namespace gr
