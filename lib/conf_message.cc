/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "conf_message.h"

#include "core/chain/call_receiver.h"

#include <stdexcept>

namespace gr {
namespace securevoice {

namespace {

/*! Somebody else's message in a sentence of ours: its beginning. */
std::string shortly(const pmt::pmt_t& message)
{
    constexpr std::size_t longest = 40;
    const auto text = pmt::write_string(message);
    return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

void read_entry(const pmt::pmt_t& key, const pmt::pmt_t& value, conf_command& command)
{
    const auto name = pmt::is_symbol(key) ? pmt::symbol_to_string(key) : "";
    if (name == "kind") {
        if (!pmt::is_symbol(value))
            throw std::invalid_argument(
                "'kind' is the symbol 'secure', 'clear' or 'fm', not " + shortly(value));
        command.kind = kind_from_name(pmt::symbol_to_string(value));
    } else if (name == "ptt") {
        if (!pmt::is_bool(value))
            throw std::invalid_argument("'ptt' is true or false, not " + shortly(value));
        command.ptt = pmt::to_bool(value);
    } else if (name == "zeroize") {
        if (!pmt::is_bool(value) || !pmt::to_bool(value)) // is_true() takes anything
            throw std::invalid_argument("'zeroize' is true, not " + shortly(value));
        command.zeroize = true;
    } else {
        throw std::invalid_argument(
            "a message has the keys 'kind', 'ptt' or 'zeroize', not " + shortly(key));
    }
}

} // namespace

conf_command parse_conf(const pmt::pmt_t& message)
{
    conf_command command;
    if (pmt::is_pair(message) && pmt::is_symbol(pmt::car(message))) {
        read_entry(pmt::car(message), pmt::cdr(message), command);
        return command;
    }
    if (!pmt::is_dict(message) || pmt::is_null(message))
        throw std::invalid_argument("a message is a dictionary or a pair with the keys "
                                    "'kind', 'ptt' or 'zeroize', not " +
                                    shortly(message));
    for (auto rest = pmt::dict_items(message); pmt::is_pair(rest);
         rest = pmt::cdr(rest)) {
        const auto entry = pmt::car(rest);
        read_entry(pmt::car(entry), pmt::cdr(entry), command);
    }
    if (command.zeroize && (command.kind || command.ptt))
        throw std::invalid_argument("a message with 'zeroize' has no other key");
    return command;
}

::securevoice::kind kind_from_name(const std::string& name)
{
    using ::securevoice::kind;
    for (const auto k : { kind::secure, kind::clear, kind::fm })
        if (name == ::securevoice::kind_name(k))
            return k;
    throw std::invalid_argument("the kind of voice is 'secure', 'clear' or 'fm', not '" +
                                name.substr(0, 40) + "'");
}

std::uint64_t command_time(std::chrono::steady_clock::time_point given)
{
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(given.time_since_epoch())
            .count());
}

pmt::pmt_t kind_message(::securevoice::kind k)
{
    return pmt::cons(pmt::mp("kind"), pmt::mp(::securevoice::kind_name(k)));
}

pmt::pmt_t ptt_message(bool pressed)
{
    return pmt::cons(pmt::mp("ptt"), pmt::from_bool(pressed));
}

pmt::pmt_t zeroize_message() { return pmt::cons(pmt::mp("zeroize"), pmt::PMT_T); }

} // namespace securevoice
} // namespace gr
