/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "open_impl.h"

#include "buffer_check.h"

#include "core/crypto/key_file.h"

#include <utility>

namespace gr {
namespace securevoice {

namespace {

constexpr double report_seconds = 0.5;

/*! What is heard now; the core's status keeps the kind of the newest block beyond its call. */
const char* kind_heard(const ::securevoice::receiver_status& s)
{
    switch (s.state) {
    case ::securevoice::heard_state::secure:
    case ::securevoice::heard_state::clear:
        return ::securevoice::kind_name(s.kind);
    case ::securevoice::heard_state::encrypted_no_key:
        return "encrypted-no-key";
    default:
        return "none";
    }
}

} // namespace

open::sptr open::make(const std::vector<std::string>& keys,
                      bool secure_only,
                      const std::string& keyring)
{
    ::securevoice::opener_options options;
    for (const auto& key : keys)
        options.keys.push_back(
            ::securevoice::load_key(key, keyring, ::securevoice::key_use::receive));
    options.secure_only = secure_only;
    return gnuradio::make_block_sptr<open_impl>(std::move(options));
}

open_impl::open_impl(::securevoice::opener_options options)
    : gr::block("open", input_signature_of(), output_signature_of()),
      d_opener(std::move(options)),
      d_sink([this](const auto& heard) { ready().push_back(heard); })
{
    refuse_buffers_in_files();
    message_port_register_out(pmt::mp("status"));
}

void open_impl::take(const ::securevoice::soft_frame* frame, std::size_t)
{
    d_opener.open(*frame, d_sink);
    const auto now = d_opener.status();
    if (now.state != d_reported.state || now.kind != d_reported.kind ||
        now.key_name != d_reported.key_name ||
        now.time - d_reported.time >= report_seconds)
        report(now);
}

void open_impl::finish() { report(d_opener.status()); }

void open_impl::failed(const std::string& reason) { report(d_opener.status(), reason); }

void open_impl::report(const ::securevoice::receiver_status& s, const std::string& error)
{
    d_reported = s;
    auto status = pmt::make_dict();
    const auto add = [&](const char* name, const pmt::pmt_t& value) {
        status = pmt::dict_add(status, pmt::mp(name), value);
    };
    const bool failure = !error.empty();
    add("state", pmt::mp(failure ? "failed" : ::securevoice::state_name(s.state)));
    add("kind", pmt::mp(failure ? "none" : kind_heard(s)));
    add("key_name", pmt::mp(s.key_name));
    add("codec", pmt::mp(s.codec));
    add("heard", pmt::from_uint64(s.heard));
    add("refused", pmt::from_uint64(s.refused));
    add("lost", pmt::from_uint64(s.lost));
    add("cn0", pmt::from_double(s.cn0_dbhz));
    add("offset_hz", pmt::from_double(s.offset_hz));
    add("time", pmt::from_double(s.time));
    if (failure)
        add("error", pmt::mp(error));
    message_port_pub(pmt::mp("status"), status);
}

} // namespace securevoice
} // namespace gr
