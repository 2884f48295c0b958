/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "seal_impl.h"

#include "buffer_check.h"
#include "conf_message.h"
#include "opened_keys.h"
#include "unlocked_memory.h"

#include "core/chain/call_receiver.h"
#include "core/keys/key_file.h"

#include <chrono>
#include <memory>
#include <utility>

namespace gr {
namespace securevoice {

namespace {

constexpr std::uint64_t blocks_per_report = 6; // 0.48 s

std::uint64_t blocks(const ::securevoice::sender_status& s)
{
    return s.secure_blocks + s.clear_blocks + s.fm_blocks;
}

} // namespace

seal::sptr seal::make(const std::string& key,
                      const std::string& codec,
                      const std::string& profile,
                      const std::string& kind,
                      bool allow_clear,
                      const std::string& keyring,
                      const std::string& state,
                      bool allow_fm)
{
    ::securevoice::sealer_options options;
    options.mode = { ::securevoice::codec_from_name(codec),
                     ::securevoice::profile_from_name(profile) };
    options.first = kind_from_name(kind);
    options.allow_clear = allow_clear;
    options.allow_fm = allow_fm;
    warn_of_unlocked_memory();
    if (!key.empty()) {
        options.key = load_block_key(key, keyring, ::securevoice::key_use::send);
        options.memory = std::make_shared<::securevoice::replay_memory>(state);
    }
    return gnuradio::make_block_sptr<seal_impl>(std::move(options));
}

seal_impl::seal_impl(::securevoice::sealer_options options)
    : gr::block("seal", input_signature_of(), output_signature_of()),
      d_key_name(options.key ? options.key->name : ""),
      d_memory(options.memory),
      d_sealer(std::move(options)),
      d_sink([this](const auto& frame) { ready().push_back(frame); }),
      d_reported_wanted(d_sealer.wanted())
{
    refuse_buffers_in_files();
    message_port_register_out(pmt::mp("status"));
    message_port_register_in(pmt::mp("conf"));
    set_msg_handler(pmt::mp("conf"),
                    [this](const pmt::pmt_t& message) { obey(message); });
}

void seal_impl::set_kind(const std::string& kind)
{
    const auto k = kind_from_name(kind);
    const auto given = command_time(std::chrono::steady_clock::now());
    std::lock_guard lock(d_mutex);
    d_sealer.command(k, given, message_skew);
}

void seal_impl::zeroize()
{
    std::lock_guard lock(d_mutex);
    wipe_keys();
    d_told = true;
    _post(pmt::mp("conf"), zeroize_message()); // the stream is another thread's
}

bool seal_impl::stop()
{
    {
        std::lock_guard lock(d_mutex);
        d_sealer
            // what was armed goes with the run, as the Voice Encoder's marks do
            .restart();
    }
    return streaming::stop();
}

void seal_impl::wipe_keys()
{
    d_sealer.zeroize();
    d_key_name.clear();
}

void seal_impl::end_burst()
{
    if (d_sealer.status().sending) // in clear, commanded since: it began with the end
        return;
    drop_ready();
    ::securevoice::coded_frame end;
    end.what = ::securevoice::coded_frame::type::abort;
    ready().push_back(end);
}

void seal_impl::obey(const pmt::pmt_t& message)
{
    const auto given = command_time(std::chrono::steady_clock::now());
    std::lock_guard lock(d_mutex);
    try {
        const auto command = parse_conf(message);
        if (command.kind)
            d_sealer.command(*command.kind, given, message_skew);
        if (command.zeroize) {
            if (!std::exchange(d_told, false))
                wipe_keys();
            end_burst();
        }
        report_changes();
    } catch (const std::exception& e) {
        d_logger->warn("message on 'conf' ignored: {}", e.what());
        report(state(), e.what());
    }
}

void seal_impl::take(const ::securevoice::spoken_block* spoken, std::size_t)
{
    std::lock_guard lock(d_mutex);
    const auto before = d_sealer.status();
    const auto wanted = d_sealer.wanted();
    try {
        d_sealer.seal(*spoken, d_sink);
    } catch (const ::securevoice::keys_wiped& e) {
        d_logger->error("nothing is sent: {}", e.what());
        report(state(), e.what());
        return;
    }
    if (!before.sending && d_sealer.status().sending) {
        d_sent_earlier = blocks(before);
        warn_of_memory();
    }
    report_changes();
    auto sentences = troubles(before);
    if (spoken->flags & ::securevoice::spoken_block::end && ended_unused(wanted))
        sentences.push_back(
            std::string("'") + ::securevoice::kind_name(wanted) +
            "' came as the transmission ended, and ended with it unused: give it again");
    for (const auto& sentence : sentences) {
        d_logger->warn("{}", sentence);
        report(state(), sentence);
    }
}

/*! A `clear` or `fm` ends with its transmission: also one that was given between the
 * release and END, for the next one maybe. */
bool seal_impl::ended_unused(::securevoice::kind wanted) const
{
    return wanted != ::securevoice::kind::secure && wanted != d_sealer.wanted() &&
           wanted != d_sealer.status().sent;
}

/*! What has come up since then that the user has to know. */
std::vector<std::string>
seal_impl::troubles(const ::securevoice::sender_status& before) const
{
    const auto& now = d_sealer.status();
    std::vector<std::string> all;
    if (now.timed_out && !before.timed_out)
        all.push_back("push-to-talk was held for longer than its time-out: let go of it, "
                      "and press again");
    if (now.unmarked && !before.unmarked)
        all.push_back(std::string("'") + ::securevoice::kind_name(d_sealer.wanted()) +
                      "' waits: for 11 s no speech has come that was spoken after the "
                      "command. Does the Voice "
                      "Encoder get the same commands? If so, give it again");
    if (now.unasked && !before.unasked)
        all.push_back("the Voice Encoder was told a 'clear' or 'fm' that this block was "
                      "not: it is not obeyed");
    return all;
}

/*! Once for each trouble. */
void seal_impl::warn_of_memory()
{
    const auto problem = d_memory ? d_memory->problem() : "";
    if (problem.empty() || problem == d_warned)
        return;
    d_warned = problem;
    d_logger->warn("{}; receivers of this station may take its own calls for others'",
                   problem);
}

void seal_impl::failed(const std::string& reason)
{
    std::lock_guard lock(d_mutex);
    report("failed", reason);
}

const char* seal_impl::state() const
{
    const auto& now = d_sealer.status();
    return now.sending ? "sending" : now.zeroized ? "zeroized" : "idle";
}

void seal_impl::report_changes()
{
    const auto& now = d_sealer.status();
    if (now.sending != d_reported.sending || now.sent != d_reported.sent ||
        d_sealer.wanted() != d_reported_wanted || now.zeroized != d_reported.zeroized ||
        blocks(now) - blocks(d_reported) >= blocks_per_report)
        report(state());
}

void seal_impl::report(const char* state, const std::string& error)
{
    d_reported = d_sealer.status();
    d_reported_wanted = d_sealer.wanted();
    auto status = pmt::make_dict();
    const auto add = [&](const char* name, const pmt::pmt_t& value) {
        status = pmt::dict_add(status, pmt::mp(name), value);
    };
    add("state", pmt::mp(state));
    add("sending", pmt::from_bool(d_reported.sending));
    const bool on_air = d_reported.sending && blocks(d_reported) > d_sent_earlier;
    add("kind", pmt::mp(on_air ? ::securevoice::kind_name(d_reported.sent) : "none"));
    add("wanted", pmt::mp(::securevoice::kind_name(d_reported_wanted)));
    add("number", pmt::from_uint64(d_reported.number));
    add("secure_blocks", pmt::from_uint64(d_reported.secure_blocks));
    add("clear_blocks", pmt::from_uint64(d_reported.clear_blocks));
    add("fm_blocks", pmt::from_uint64(d_reported.fm_blocks));
    add("key_name", pmt::mp(d_key_name));
    if (!error.empty())
        add("error", pmt::mp(error));
    message_port_pub(pmt::mp("status"), status);
}

} // namespace securevoice
} // namespace gr
