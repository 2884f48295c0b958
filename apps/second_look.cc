/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "second_look.h"

#include "call_options.h"
#include "io/iq_file.h"

#include "core/chain/receiver.h"

#include <fmt/format.h>

#include <functional>
#include <vector>

namespace securevoice::apps {

namespace {

constexpr double look_seconds = 60; // of IQ

bool is_call(const receiver_status& s)
{
    return s.heard > 0 || s.state == heard_state::encrypted_no_key;
}
bool is_fm(const receiver_status& s) { return s.fm_heard > 0; }

/*! Without keys: what is encrypted is recognised all the same. */
receiver_status look(const iq_place& place, const heard_choice& choice)
{
    iq_reader in(place.path, place.format);
    const auto rate = in.rate(place.rate, default_iq_rate);
    if (place.tune)
        in.tune(*place.tune);
    if (choice.swap_iq)
        in.swap_iq();
    in.level();
    receiver_options settings;
    settings.receive.secure_only = choice.secure_only;
    settings.analog.follow = !choice.no_fm;
    settings.analog.fm = choice.analog;
    settings.demodulate.profile = told_profile(choice.profile);
    settings.demodulate.sample_rate = rate;
    receiver rx(settings);
    iq_samples samples;
    std::vector<std::int16_t> unused;
    for (double seconds = 0; seconds < look_seconds && in.read(samples);
         seconds += static_cast<double>(samples.size()) / rate) {
        rx.push(samples.data(), samples.size(), unused);
        unused.clear();
    }
    rx.finish(unused);
    return rx.status();
}

/*! One that leaves something out. */
struct hiding_option {
    std::string text;
    std::string what;
    std::function<void(heard_choice&)> take_back;
    std::function<bool(const receiver_status&)> is_found;
};

std::vector<hiding_option> hiding_options(const heard_choice& chosen)
{
    std::vector<hiding_option> all;
    if (chosen.secure_only)
        all.push_back({ "--secure-only",
                        "the clear voice",
                        [](auto& c) { c.secure_only = false; },
                        [](const auto& s) { return s.heard > 0 || is_fm(s); } });
    if (chosen.no_fm)
        all.push_back({ "--no-fm", "the FM", [](auto& c) { c.no_fm = false; }, is_fm });
    if (chosen.analog.ctcss_hz)
        all.push_back({ fmt::format("--ctcss {}", *chosen.analog.ctcss_hz),
                        "the FM without this tone",
                        [](auto& c) { c.analog.ctcss_hz.reset(); },
                        is_fm });
    if (!chosen.profile.empty())
        all.push_back({ "--profile " + chosen.profile,
                        "the waveform of the call",
                        [](auto& c) { c.profile.clear(); },
                        is_call });
    return all;
}

} // namespace

std::string hiding_options_of(const heard_choice& chosen)
{
    const auto options = hiding_options(chosen);
    std::string names;
    for (std::size_t n = 0; n < options.size(); ++n)
        names += (n == 0                    ? ""
                  : n + 1 == options.size() ? " and "
                                            : ", ") +
                 options[n].text;
    return names;
}

std::string hidden_by(const iq_place& place, const heard_choice& chosen)
{
    const auto options = hiding_options(chosen);
    auto without_all = chosen;
    for (const auto& o : options) {
        auto without = chosen;
        o.take_back(without);
        o.take_back(without_all);
        if (o.is_found(look(place, without)))
            return o.text + " leaves out " + o.what + " that is there";
    }
    if (options.size() < 2)
        return {};
    const auto found = look(place, without_all);
    return is_call(found) || is_fm(found)
               ? hiding_options_of(chosen) + " leave out what is there"
               : "";
}

bool would_be_heard_swapped(const iq_place& place, heard_choice chosen)
{
    chosen.swap_iq = !chosen.swap_iq;
    chosen.no_fm = true; // which is the same in both
    return is_call(look(place, chosen));
}

} // namespace securevoice::apps
