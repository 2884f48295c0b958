/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "conf_message.h"
#include "fuzz_input.h"

#include <stdexcept>

/* Any messages on the port `conf`. */

using fuzz::check;
using gr::securevoice::parse_conf;

namespace {

pmt::pmt_t symbol(fuzz::input& in)
{
    static const char* const known[] = { "kind", "ptt", "secure", "clear", "none", "" };
    const auto n = in.octet();
    if (n < 192)
        return pmt::intern(known[n % 6]);
    return pmt::intern(in.text(n % 48));
}

pmt::pmt_t message(fuzz::input& in, unsigned depth)
{
    const auto what = in.octet();
    const auto inner = [&] { return depth > 4 ? pmt::PMT_NIL : message(in, depth + 1); };
    switch (what % 18) {
    case 0:
    case 1:
    case 2:
        return symbol(in);
    case 3:
        return pmt::from_bool(what & 128);
    case 4:
        return pmt::PMT_NIL;
    case 5:
        return pmt::from_long(in.value<std::int64_t>() & 0x7FFFFFFF);
    case 6:
        return pmt::from_double(in.value<double>());
    case 7:
        return pmt::from_complex(in.value<double>(), in.value<double>());
    case 8:
    case 9: {
        const auto first = inner();
        return pmt::cons(first, inner());
    }
    case 10:
    case 11:
    case 12: {
        auto dict = pmt::make_dict();
        for (unsigned n = 0; n < what / 64u + 1; ++n) {
            const auto key = inner();
            dict = pmt::dict_add(dict, key, inner());
        }
        return dict;
    }
    case 13: {
        const auto first = inner();
        return pmt::list2(first, inner());
    }
    case 14:
        return pmt::make_vector(what / 18u, inner());
    case 15: {
        const auto first = inner();
        return pmt::make_tuple(first, inner());
    }
    case 16: {
        const auto octets = in.text(what);
        return what & 32 ? pmt::make_blob(octets.data(), octets.size())
                         : pmt::init_u8vector(
                               octets.size(),
                               reinterpret_cast<const std::uint8_t*>(octets.data()));
    }
    default:
        return pmt::from_uint64(in.value<std::uint64_t>());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using securevoice::kind;
    fuzz::input in(data, size);
    const auto m = message(in, 0);
    try {
        const auto command = parse_conf(m);
        check(command.kind || command.ptt,
              "a message that is understood asks for something");
        if (command.kind) {
            check(*command.kind == kind::secure || *command.kind == kind::clear ||
                      *command.kind == kind::fm,
                  "a kind is secure, clear or fm");
            check(parse_conf(gr::securevoice::kind_message(*command.kind)).kind ==
                      command.kind,
                  "a kind that is sent is understood");
        }
        if (command.ptt)
            check(parse_conf(gr::securevoice::ptt_message(*command.ptt)).ptt ==
                      command.ptt,
                  "push-to-talk that is sent is understood");
    } catch (const std::invalid_argument& refused) {
        const std::string why = refused.what();
        check(!why.empty() && why.size() < 200, "a refusal is a sentence");
    }
    return 0;
}
