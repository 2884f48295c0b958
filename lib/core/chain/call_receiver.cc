/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/call_receiver.h"

#include "core/chain/guess_budget.h"
#include "core/chain/heard_calls.h"
#include "core/chain/heard_signal.h"
#include "core/chain/heard_transmission.h"
#include "core/chain/playout.h"
#include "core/chain/slot_decoder.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

namespace securevoice {

namespace {

constexpr std::size_t most_brought = 4; // calls that one signal brings
constexpr double longest_time = 1e9;    // s
// Verifications of a slot, for all of a signal's calls that are not heard any more.
constexpr unsigned for_pausing = 8;
constexpr float good_doubt = 0.045f; // of a block that decoded well: noise is above 0.07

/*!
 * A signal and the calls that it brings: usually one, several where headers are forged.
 */
struct signal_and_calls {
    heard_signal signal;
    std::vector<heard_transmission> brought;
};

void refuse_bad_keys(const std::vector<key_ptr>& keys)
{
    for (std::size_t n = 0; n < keys.size(); ++n)
        for (std::size_t m = 0; m < n; ++m)
            if (keys[n]->key.same(keys[m]->key))
                throw std::invalid_argument("the keys '" + keys[m]->name + "' and '" +
                                            keys[n]->name +
                                            "' are the same key: leave one out");
    if (keys.size() > call_receiver::max_keys)
        throw std::invalid_argument("a receiver listens with " +
                                    std::to_string(call_receiver::max_keys) +
                                    " keys at most: leave some out");
}

} // namespace

struct call_receiver::impl {
    explicit impl(call_receiver_options o)
        : options(std::move(o)),
          decoder(options.list),
          out(options.secure_only, options.unannounced_fm, options.replay),
          calls(std::move(options.keys))
    {
    }

    guess_budget::share budget_of(const soft_frame& frame);
    guess_budget::share budget_again(const soft_frame& frame);
    heard_transmission* add(signal_and_calls& f,
                            const header& h,
                            heard_transmission::beginning how,
                            guess_budget::share budget);
    void drop_calls();

    void take_start(const soft_frame& frame);
    void take_block(const soft_frame& frame, const sink& emit);
    bool open_known(signal_and_calls& f,
                    const soft_frame& frame,
                    guess_budget::share budget,
                    const sink& emit);
    bool follow_known(signal_and_calls& f,
                      const soft_frame& frame,
                      const blind_slot& blind,
                      guess_budget::share budget,
                      const sink& emit);
    void look_for_header(signal_and_calls& f,
                         const soft_frame& frame,
                         const blind_slot& blind,
                         const sink& emit);
    void enter(heard_transmission& found,
               const soft_frame& frame,
               std::uint32_t newest,
               const sink& emit);
    void tell(heard_transmission& t,
              const soft_frame& frame,
              const opened_slot& slot,
              const sink& emit);
    void lose(std::uint32_t id, const sink& emit);
    void count_all(receiver_status& s) const;
    void describe_signal(const signal_and_calls& f, receiver_status& s) const;

    call_receiver_options options;
    slot_decoder decoder;
    playout out;
    guess_budgets budgets;
    heard_calls calls;
    std::map<std::uint32_t, signal_and_calls> signals; // by tracker
    receiver_status past; // totals and last words of signals that are gone
    float cn0_dbhz = 0;
    float offset_hz = 0;
    double time = 0;
};

call_receiver::call_receiver(call_receiver_options options)
{
    start_crypto();
    refuse_bad_keys(options.keys);
    d_impl = std::make_unique<impl>(std::move(options));
}

call_receiver::~call_receiver() = default;

void call_receiver::receive(const soft_frame& frame, const sink& emit)
{
    // A stream can carry any record; the rules count slots by their time.
    if (!(std::abs(frame.time) < longest_time))
        return;
    d_impl->time = frame.time;
    if (frame.what != soft_frame::type::lost_track &&
        frame.what != soft_frame::type::carrier_lost) {
        d_impl->cn0_dbhz = frame.cn0_dbhz;
        d_impl->offset_hz = frame.offset_hz;
    }
    switch (frame.what) {
    case soft_frame::type::start:
        d_impl->take_start(frame);
        break;
    case soft_frame::type::block:
        d_impl->take_block(frame, emit);
        break;
    case soft_frame::type::lost_track:
        d_impl->lose(frame.track, emit);
        break;
    case soft_frame::type::analog:
        d_impl->out.analog(frame, emit);
        break;
    case soft_frame::type::carrier_lost:
        d_impl->out.carrier_lost(emit);
        break;
    }
}

void call_receiver::hang_up(const sink& emit)
{
    auto& d = *d_impl;
    d.out.hang_up(emit);
    d.count_all(d.past);
    d.signals.clear();
    d.calls.clear();
}

void call_receiver::zeroize(const sink& emit)
{
    hang_up(emit);
    auto& d = *d_impl;
    d.calls.zeroize();
    d.out.forget();
}

/*! What this signal may spend in its slot; the call that is heard may spend all that the
 * others leave. */
guess_budget::share call_receiver::impl::budget_of(const soft_frame& frame)
{
    auto& slot = budgets.at(frame.time);
    if (out.floor().is_signal(frame.track))
        return slot.all();
    const auto sharing = static_cast<unsigned>(std::max<std::size_t>(signals.size(), 1));
    const auto heard = out.floor().holder();
    const bool call_is_heard = heard != kind::none && heard != kind::fm;
    return slot.of(frame.track, guess_budget::per_slot / sharing, call_is_heard);
}

/*! The same for a frame that waited. */
guess_budget::share call_receiver::impl::budget_again(const soft_frame& frame)
{
    return budgets.at(frame.time).again(frame.track);
}

/*! \return null if too few verifications are left to try all keys: the header is tried
 * again */
heard_transmission* call_receiver::impl::add(signal_and_calls& f,
                                             const header& h,
                                             heard_transmission::beginning how,
                                             guess_budget::share budget)
{
    auto* const call = calls.of(h, out.now(), budget);
    if (!call)
        return nullptr;
    auto& all = f.brought;
    if (all.size() >= most_brought) {
        auto oldest =
            std::find_if(all.begin(), all.end(), [](const auto& t) { return !t.live(); });
        if (oldest == all.end())
            oldest = all.begin();
        count(*oldest, past);
        all.erase(oldest);
    }
    auto* const added = &all.emplace_back(*call, how, options.secure_only);
    drop_calls();
    return added;
}

void call_receiver::impl::drop_calls()
{
    const auto is_brought = [this](const heard_call& call) {
        return std::any_of(signals.begin(), signals.end(), [&](const auto& s) {
            const auto& all = s.second.brought;
            return std::any_of(all.begin(), all.end(), [&](const auto& t) {
                return &t.call() == &call;
            });
        });
    };
    calls.drop(is_brought, [this](const heard_call& call) { count(call, past); });
}

void call_receiver::impl::take_start(const soft_frame& frame)
{
    auto& f = signals[frame.track];
    const auto budget = budget_of(frame);
    if (const auto h = decoder.decode_start(frame))
        if (!add(f, *h, { true, true }, budget))
            f.signal.untried = h;
}

void call_receiver::impl::take_block(const soft_frame& frame, const sink& emit)
{
    auto& f = signals[frame.track];
    f.signal.demodulated(frame);
    const auto budget = budget_of(frame);
    if (f.signal.untried && add(f, *f.signal.untried, { true, true }, budget))
        f.signal.untried.reset();
    if (open_known(f, frame, budget, emit))
        return;
    if (!is_mode(frame.mode))
        return;
    const auto blind = decoder.decode_blind(frame, mode_from_code(frame.mode));
    if (blind.doubt < good_doubt)
        out.strange(frame.time);
    bool ours = false;
    for (auto& t : f.brought) {
        if (ours || blind.block.piece != header_piece(t.head(), frame.number)) {
            out.missed(t, frame, emit);
            continue;
        }
        ours = true;
        out.refused(t, frame, emit);
    }
    if (!ours && !follow_known(f, frame, blind, budget, emit))
        look_for_header(f, frame, blind, emit);
}

bool call_receiver::impl::open_known(signal_and_calls& f,
                                     const soft_frame& frame,
                                     guess_budget::share budget,
                                     const sink& emit)
{
    auto& all = f.brought;
    // The live call first: forged headers beside it must not eat its verifications.
    std::stable_partition(all.begin(), all.end(), [](const auto& t) { return t.live(); });
    // A tracker may go on in the call that comes next, which needs its verifications.
    unsigned left_for_pausing = for_pausing;
    const auto some = budget.within(left_for_pausing);
    for (auto& t : all) {
        const auto slot = decoder.decode_block(
            frame, t.session(), t.unkeyed(), t.pauses() ? some : budget);
        if (slot.kind == kind::none)
            continue;
        tell(t, frame, slot, emit);
        for (auto& other : all)
            if (&other != &t)
                out.missed(other, frame, emit);
        return true;
    }
    return false;
}

/*! A call that was heard a moment ago need not wait for six pieces. */
bool call_receiver::impl::follow_known(signal_and_calls& f,
                                       const soft_frame& frame,
                                       const blind_slot& blind,
                                       guess_budget::share budget,
                                       const sink& emit)
{
    const auto* const call = calls.find(frame.number, blind.block.piece, frame.time);
    if (!call)
        return false;
    auto* const found = add(f, call->head(), {}, budget);
    if (!found)
        return false;
    for (const auto& waiting : f.signal.waiting())
        enter(*found, waiting, frame.number, emit);
    enter(*found, frame, frame.number, emit);
    f.signal.forget_waiting();
    f.signal.found();
    return true;
}

void call_receiver::impl::look_for_header(signal_and_calls& f,
                                          const soft_frame& frame,
                                          const blind_slot& blind,
                                          const sink& emit)
{
    const auto h = f.signal.wait(frame, blind);
    if (!h)
        return;
    const bool known = std::any_of(f.brought.begin(),
                                   f.brought.end(),
                                   [&](const auto& t) { return t.head() == *h; });
    if (known) {
        f.signal.found();
        return;
    }
    auto* const found = add(f, *h, { frame.started != 0, false }, budget_again(frame));
    if (!found)
        return; // the next slot has verifications again
    f.signal.found();
    for (const auto& waiting : f.signal.waiting())
        enter(*found, waiting, frame.number, emit);
    f.signal.forget_waiting();
}

/*! The header is known now: looks again at a frame that waited for it. */
void call_receiver::impl::enter(heard_transmission& found,
                                const soft_frame& frame,
                                std::uint32_t newest,
                                const sink& emit)
{
    const auto slot = decoder.decode_block(
        frame, found.session(), found.unkeyed(), budget_again(frame));
    if (slot.kind == kind::none)
        return;
    // The first words of a call are played late rather than never; who joins in the
    // middle hears the present.
    if (frame.started || frame.number == newest)
        tell(found, frame, slot, emit);
    else if (slot.kind == kind::secure)
        out.opened_late(found, frame, slot);
}

/*! A slot that a tag or check of this transmission fitted. */
void call_receiver::impl::tell(heard_transmission& t,
                               const soft_frame& frame,
                               const opened_slot& slot,
                               const sink& emit)
{
    const auto result = out.opened(t, frame, slot, emit);
    if (result.heard)
        calls.played(t.call(), frame.time);
    if (result.over)
        calls.over(t.call());
}

void call_receiver::impl::lose(std::uint32_t id, const sink& emit)
{
    const auto it = signals.find(id);
    if (it == signals.end())
        return;
    for (auto& t : it->second.brought)
        out.close(t, id, emit);
    receiver_status last;
    describe_signal(it->second, last);
    // The last words of a signal that came to nothing are not worth those of a call.
    const bool verdict = last.state != heard_state::idle &&
                         last.state != heard_state::pending &&
                         last.state != heard_state::unreadable;
    if (verdict || past.state == heard_state::idle)
        describe_signal(it->second, past);
    for (const auto& t : it->second.brought)
        count(t, past);
    signals.erase(it);
    drop_calls();
}

void call_receiver::impl::count_all(receiver_status& s) const
{
    for (const auto& [id, f] : signals)
        for (const auto& t : f.brought)
            count(t, s);
    calls.for_each([&s](const heard_call& call) { count(call, s); });
}

void call_receiver::impl::describe_signal(const signal_and_calls& f,
                                          receiver_status& s) const
{
    describe(f.signal, f.brought, out.floor(), out.now(), s);
}

receiver_status call_receiver::status() const
{
    const auto& d = *d_impl;
    receiver_status s = d.past;
    if (!d.signals.empty()) {
        auto shown = std::find_if(d.signals.begin(), d.signals.end(), [&](const auto& f) {
            return d.out.floor().is_signal(f.first);
        });
        if (shown == d.signals.end())
            shown = std::prev(d.signals.end());
        d.describe_signal(shown->second, s);
    }
    d.count_all(s);
    d.out.describe(s);
    s.cn0_dbhz = d.cn0_dbhz;
    s.offset_hz = d.offset_hz;
    s.time = d.time;
    return s;
}

} // namespace securevoice
