/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/opener.h"

#include "core/chain/interference_alarm.h"
#include "core/chain/known_calls.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <stdexcept>
#include <utility>

namespace securevoice {

namespace {

constexpr std::size_t max_pending = 11;   // frames kept until the header is known
constexpr std::size_t max_assemblies = 4; // transmissions followed in one track
constexpr std::size_t max_slots = 16;     // whose budgets are kept
constexpr double clock_tolerance =
    10; // s between two clocks, and for the start time's steps of 4 s
constexpr double longest_time = 1e9;  // s
constexpr double floor_seconds = 0.5; // of silence, then another call may be heard
constexpr double call_seconds = 1;    // of silence, then a call is over
constexpr double longest_gap =
    0.25; // s: from the last 80 ms of FM to the digital voice behind it
constexpr unsigned for_pausing =
    8; // verifications of a slot: for all of a signal's transmissions that are not heard any more
constexpr double jitter = 0.01;           // s, of a block's time, from tracker to tracker
constexpr unsigned unreadable_after = 12; // blocks
constexpr float unreadable_quality = 0.3f; // mean sync quality: noise stays below
constexpr float good_doubt = 0.045f; // of a block that decoded well: noise is above 0.07

/*! A frame that waits for its header, with the keyed verifications its slot has left. */
struct pending_frame {
    soft_frame frame;
    verification_budget budget;
};

/*! One tracker's signal: usually one transmission, several where headers are forged. */
struct heard_track {
    std::vector<heard_transmission> transmissions;
    std::optional<header> announced; // a start header for which no verification was left
    header_assembler pieces;
    std::deque<pending_frame> pending;
    unsigned blocks = 0;
    float quality = 0; // mean of the blocks'
};

/*! The verifications of one slot, and each signal's share. */
struct slot_budgets {
    verification_budget all;
    std::map<std::uint32_t, verification_budget> shares;
};

/*! To this receiver, if not to this signal. */
bool is_new(freshness f) { return f == freshness::fresh || f == freshness::second_look; }

void refuse_bad_keys(const std::vector<key_ptr>& keys)
{
    for (std::size_t n = 0; n < keys.size(); ++n)
        for (std::size_t m = 0; m < n; ++m)
            if (keys[n]->key.same(keys[m]->key))
                throw std::invalid_argument("the keys '" + keys[m]->name + "' and '" +
                                            keys[n]->name +
                                            "' are the same key: leave one out");
    if (keys.size() > opener::max_keys)
        throw std::invalid_argument("a receiver listens with " +
                                    std::to_string(opener::max_keys) +
                                    " keys at most: leave some out");
}

} // namespace

const char* kind_name(kind k)
{
    switch (k) {
    case kind::secure:
        return "secure";
    case kind::clear:
        return "clear";
    case kind::fm:
        return "fm";
    case kind::none:
        break;
    }
    return "none";
}

std::string state_text(const receiver_status& s)
{
    std::string text = state_name(s.state);
    if (s.state == heard_state::secure)
        text += (s.old_key ? ", OLD key " : ", ") + s.key_name;
    return text;
}

struct opener::impl {
    explicit impl(opener_options o)
        : options(std::move(o)),
          decoder(options.list),
          guard(options.replay),
          analog(options.secure_only, options.unannounced_fm)
    {
    }

    verification_budget budget_of(const soft_frame& frame);
    heard_transmission* add(heard_track& track,
                            const header& h,
                            heard_transmission::beginning how,
                            verification_budget& budget);
    void take_start(const soft_frame& frame);
    void take_block(const soft_frame& frame, const sink& emit);
    bool open_known(heard_track& track,
                    const soft_frame& frame,
                    verification_budget& budget,
                    const sink& emit);
    freshness
    freshness_of(heard_transmission& t, const soft_frame& frame, const opened_slot& slot);
    void tell(heard_transmission& t,
              const soft_frame& frame,
              const opened_slot& slot,
              const sink& emit);
    void look_for_header(heard_track& track,
                         const soft_frame& frame,
                         const blind_slot& blind,
                         const verification_budget& budget,
                         const sink& emit);
    bool follow_known(heard_track& track,
                      const soft_frame& frame,
                      const blind_slot& blind,
                      verification_budget& budget,
                      const sink& emit);
    void enter(heard_track& track, heard_transmission& found, const sink& emit);
    void lose(std::uint32_t id, const sink& emit);
    void take_analog(const soft_frame& frame, const sink& emit);
    void lose_carrier(const sink& emit);

    bool holds_floor(const soft_frame& frame, const heard_transmission& t) const;
    bool has_floor(const soft_frame& frame, const heard_transmission& t, kind k) const;
    bool is_too_late(const soft_frame& frame, const heard_transmission& t) const;
    sink voice_of(const heard_transmission& t, const soft_frame& frame, const sink& emit);
    void take_floor(const heard_block& block,
                    const header& head,
                    std::uint32_t track,
                    const sink& emit);
    void count(const heard_transmission& t, receiver_status& s) const;
    void describe(const heard_track& track, receiver_status& s) const;

    opener_options options;
    slot_decoder decoder;
    replay_guard guard;
    interference_alarm alarm;
    heard_analog analog;
    known_calls recent;
    std::map<std::uint32_t, heard_track> tracks;
    std::map<std::int64_t, slot_budgets> slots; // the newest, by time
    receiver_status past; // totals and last words of tracks that are gone
    float cn0_dbhz = 0;
    float offset_hz = 0;
    double time = 0;

    // The call that is heard.
    kind floor_kind = kind::none; // none: nobody's
    header floor_head;
    std::uint32_t floor_track = 0;
    double floor_time = 0;
    double played_time = -longest_time; // of the newest block that was played, anybody's
    bool fm_was_newest = false;         // of all that was played
    // The newest slot for which silence left in the place of a call's block: its time has passed.
    header concealed_head;
    double concealed_time = -longest_time;
};

opener::opener(opener_options options)
{
    start_crypto();
    refuse_bad_keys(options.keys);
    d_impl = std::make_unique<impl>(std::move(options));
}

opener::~opener() = default;

void opener::open(const soft_frame& frame, const sink& emit)
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
        d_impl->take_analog(frame, emit);
        break;
    case soft_frame::type::carrier_lost:
        d_impl->lose_carrier(emit);
        break;
    }
}

void opener::hang_up(const sink& emit)
{
    auto& d = *d_impl;
    if (d.floor_kind != kind::none) {
        heard_block finish;
        finish.what = heard_block::action::finish;
        finish.kind = d.floor_kind;
        emit(finish);
        d.floor_kind = kind::none;
    }
    d.analog.lost();
    for (const auto& [id, track] : d.tracks)
        for (const auto& t : track.transmissions)
            d.count(t, d.past);
    d.tracks.clear();
    d.recent.clear();
}

void opener::zeroize(const sink& emit)
{
    hang_up(emit);
    auto& d = *d_impl;
    for (const auto& key : d.options.keys)
        key->key.wipe();
    d.options.keys.clear();
    d.guard = replay_guard(d.options.replay);
}

/*! What this signal may spend in its slot; the call that is heard may spend all that the others leave. */
verification_budget opener::impl::budget_of(const soft_frame& frame)
{
    const auto slot = static_cast<std::int64_t>(std::floor(frame.time / block_seconds));
    if (slots.find(slot) == slots.end()) {
        if (slots.size() < max_slots || slot > slots.begin()->first)
            slots[slot]; // a new one; of slots long gone there is none
        if (slots.size() > max_slots)
            slots.erase(slots.begin());
    }
    auto& pool = slots.lower_bound(slot)->second;
    if (floor_kind != kind::none && frame.track == floor_track)
        return pool.all;
    const auto known = pool.shares.find(frame.track);
    if (known != pool.shares.end())
        return known->second;
    const auto signals = static_cast<unsigned>(std::max<std::size_t>(tracks.size(), 1));
    return pool.shares
        .emplace(frame.track,
                 pool.all.share(verification_budget::per_slot / signals,
                                floor_kind != kind::none && floor_kind != kind::fm))
        .first->second;
}

/*! \return null if too few verifications are left to try all keys: the header is tried again */
heard_transmission* opener::impl::add(heard_track& track,
                                      const header& h,
                                      heard_transmission::beginning how,
                                      verification_budget& budget)
{
    if (budget.left() < options.keys.size())
        return nullptr;
    auto& all = track.transmissions;
    if (all.size() >= max_assemblies) {
        auto oldest =
            std::find_if(all.begin(), all.end(), [](const auto& t) { return !t.live(); });
        if (oldest == all.end())
            oldest = all.begin();
        count(*oldest, past);
        all.erase(oldest);
    }
    if (const auto* const call = recent.find(h))
        how.first = call->newest + 1;
    const auto now = static_cast<std::int64_t>(std::floor(guard.now()));
    for (const auto& key : options.keys) {
        if (!key->state.allows(key_use::receive, now))
            continue;
        budget.spend();
        if (auto session = receiving_session::accept(h, key->key))
            return &all.emplace_back(
                h, std::move(session), key, how, options.secure_only);
    }
    return &all.emplace_back(h, std::nullopt, nullptr, how, options.secure_only);
}

void opener::impl::take_start(const soft_frame& frame)
{
    auto& track = tracks[frame.track];
    auto budget = budget_of(frame);
    if (const auto h = decoder.decode_start(frame))
        if (!add(track, *h, { true, true }, budget))
            track.announced = h;
}

void opener::impl::take_block(const soft_frame& frame, const sink& emit)
{
    auto& track = tracks[frame.track];
    ++track.blocks;
    track.quality +=
        (frame.sync_quality - track.quality) / static_cast<float>(track.blocks);
    auto budget = budget_of(frame);
    if (track.announced && add(track, *track.announced, { true, true }, budget))
        track.announced.reset();
    if (open_known(track, frame, budget, emit))
        return;
    if (!is_mode(frame.mode))
        return;
    const auto blind = decoder.decode_blind(frame, mode_from_code(frame.mode));
    if (blind.doubt < good_doubt)
        alarm.strange(frame.time);
    bool ours = false;
    for (auto& t : track.transmissions) {
        const auto voice = voice_of(t, frame, emit);
        if (!ours && blind.block.piece == header_piece(t.head(), frame.number)) {
            ours = true;
            t.refused(frame, voice);
        } else {
            t.missing(frame, voice);
        }
    }
    if (!ours && !follow_known(track, frame, blind, budget, emit))
        look_for_header(track, frame, blind, budget, emit);
}

bool opener::impl::open_known(heard_track& track,
                              const soft_frame& frame,
                              verification_budget& budget,
                              const sink& emit)
{
    auto& all = track.transmissions;
    // The live call first: forged headers beside it must not eat its verifications.
    std::stable_partition(all.begin(), all.end(), [](const auto& t) { return t.live(); });
    // A tracker may go on in the call that comes next, which needs its verifications.
    auto some = budget.part(for_pausing);
    for (auto& t : all) {
        const auto slot = decoder.decode_block(
            frame, t.session(), t.open(), t.pauses() ? some : budget);
        if (slot.kind == kind::none)
            continue;
        tell(t, frame, slot, emit);
        for (auto& other : all)
            if (&other != &t)
                other.missing(frame, voice_of(other, frame, emit));
        return true;
    }
    return false;
}

freshness opener::impl::freshness_of(heard_transmission& t,
                                     const soft_frame& frame,
                                     const opened_slot& slot)
{
    if (!t.session() || (slot.kind == kind::clear && !slot.ours))
        return freshness::fresh;
    t.timed(guard.timing(*t.session(), t.key()->key, frame.number));
    return guard.judge(*t.session(), t.key()->key, frame.number, frame.time);
}

/*! A slot that a tag or check of this transmission fitted. */
void opener::impl::tell(heard_transmission& t,
                        const soft_frame& frame,
                        const opened_slot& slot,
                        const sink& emit)
{
    const auto fresh = freshness_of(t, frame, slot);
    const auto accept = [&] {
        guard.accept(*t.session(), t.key()->key, frame.number, frame.time);
        alarm.verified(frame.time);
    };
    const bool usable = t.session() && fresh == freshness::fresh;
    if (usable && slot.kind == kind::secure) {
        accept(); // before it can be heard
        analog.secure(frame.time);
    }
    if (usable && slot.kind == kind::secure && !(slot.text[0] & signal_end) &&
        is_too_late(frame, t)) {
        t.missing(frame, voice_of(t, frame, emit));
        t.unlock(frame.number);
        return;
    }
    const bool was_closed = t.closed();
    const auto heard_before = t.heard();
    t.opened(
        frame, slot, fresh, has_floor(frame, t, slot.kind), voice_of(t, frame, emit));
    if (usable && slot.ours && t.state() == heard_state::clear_group)
        accept();
    if (t.heard() > heard_before && (t.trusted() || !t.session()))
        recent.heard({ t.head(), t.newest(), frame.time });
    if (t.closed())
        recent.over(t.head());
    if (t.fm_follows())
        analog.announced(frame.time);
    if (t.session() && t.closed() && !was_closed) {
        if (slot.kind == kind::secure) // a clear END is worth too little for that
            guard.close(*t.session(), t.key()->key);
        alarm.end();
    }
}

/*! A call that was heard a moment ago need not wait for six pieces. */
bool opener::impl::follow_known(heard_track& track,
                                const soft_frame& frame,
                                const blind_slot& blind,
                                verification_budget& budget,
                                const sink& emit)
{
    const auto* const call = recent.find(frame.number, blind.block.piece, frame.time);
    if (!call)
        return false;
    auto* const found = add(track, call->head, {}, budget);
    if (!found)
        return false;
    track.pending.push_back({ frame, budget });
    enter(track, *found, emit);
    track.pending.clear();
    track.pieces.clear();
    return true;
}

void opener::impl::look_for_header(heard_track& track,
                                   const soft_frame& frame,
                                   const blind_slot& blind,
                                   const verification_budget& budget,
                                   const sink& emit)
{
    track.pieces.add(frame.number, blind.block.piece, -blind.metric, blind.certainty);
    track.pending.push_back({ frame, budget });
    if (track.pending.size() > max_pending)
        track.pending.pop_front();
    const auto h = track.pieces.solve(header_check_fits);
    if (!h)
        return;
    const auto known = std::any_of(track.transmissions.begin(),
                                   track.transmissions.end(),
                                   [&](const auto& t) { return t.head() == *h; });
    auto* const found =
        known
            ? nullptr
            : add(track, *h, { frame.started != 0, false }, track.pending.back().budget);
    if (!known && !found)
        return; // the next slot has verifications again
    track.pieces.clear();
    if (!found)
        return;
    enter(track, *found, emit);
    track.pending.clear();
}

/*! The header is known now: looks again at the frames that waited for it. */
void opener::impl::enter(heard_track& track, heard_transmission& found, const sink& emit)
{
    const auto newest = track.pending.back().frame.number;
    for (auto& [frame, budget] : track.pending) {
        const auto slot =
            decoder.decode_block(frame, found.session(), found.open(), budget);
        if (slot.kind == kind::none)
            continue;
        // The first words of a call are played late rather than never; who joins in the
        // middle hears the present.
        if (frame.started || frame.number == newest)
            tell(found, frame, slot, emit);
        else if (slot.kind == kind::secure && is_new(freshness_of(found, frame, slot)))
            found.unlock(frame.number);
    }
}

bool opener::impl::holds_floor(const soft_frame& frame, const heard_transmission& t) const
{
    return floor_kind != kind::none && frame.track == floor_track &&
           t.head() == floor_head;
}

bool opener::impl::has_floor(const soft_frame& frame,
                             const heard_transmission& t,
                             kind k) const
{
    // Nothing is heard twice: another tracker may find what was played. Of secure blocks the numbers tell.
    const bool newer = frame.time > played_time + jitter;
    if (!newer && (k == kind::clear || fm_was_newest))
        return false;
    if (floor_kind == kind::none || floor_kind == kind::fm || holds_floor(frame, t))
        return true;
    const bool silent = frame.time - floor_time > floor_seconds;
    // Another signal under the header that is heard: the same call by another way, but clear
    // that comes so may be anybody's.
    if (t.head() == floor_head && k == kind::clear)
        return floor_kind == kind::clear ? silent
                                         : frame.time - floor_time > call_seconds;
    if (t.head() == floor_head)
        return true;
    // While a secure call lives, clear voice of another one stays muted.
    return k == kind::secure ? silent || floor_kind == kind::clear
                             : silent && floor_kind == kind::clear;
}

/*! Another signal brings a block whose slot was concealed: speech must not become longer than it was, nor fall behind for the rest of the call. */
bool opener::impl::is_too_late(const soft_frame& frame, const heard_transmission& t) const
{
    return t.head() == concealed_head && frame.time < concealed_time + jitter;
}

void opener::impl::take_floor(const heard_block& block,
                              const header& head,
                              std::uint32_t track,
                              const sink& emit)
{
    if (floor_kind == kind::fm) {
        // The start frame of what follows FM took its time.
        heard_block gap;
        gap.what = heard_block::action::mute;
        gap.time = floor_time + block_seconds;
        for (; gap.time <
               std::min(block.time, floor_time + longest_gap) - block_seconds / 2;
             gap.time += block_seconds)
            emit(gap);
        analog.digital();
    }
    if (floor_kind != kind::none && head != floor_head) {
        heard_block finish; // of the call that loses the floor
        finish.what = heard_block::action::finish;
        finish.kind = floor_kind;
        emit(finish);
    }
    fm_was_newest = false;
    floor_kind = block.kind;
    floor_head = head;
    floor_track = track;
    // A block that waited for its header is from then, and those behind it are still to come.
    floor_time = block.time;
    played_time = std::max(played_time, block.time);
}

/*! Lets out what a transmission says while it holds the floor. */
opener::sink opener::impl::voice_of(const heard_transmission& t,
                                    const soft_frame& frame,
                                    const sink& emit)
{
    return [this, &emit, head = t.head(), track = frame.track](const heard_block& block) {
        if (block.what == heard_block::action::play)
            take_floor(block, head, track, emit);
        if (floor_kind == kind::none || track != floor_track || head != floor_head)
            return;
        emit(block);
        if (block.what == heard_block::action::conceal) {
            concealed_head = head;
            concealed_time = block.time;
        }
        if (block.what == heard_block::action::finish)
            floor_kind = kind::none;
    };
}

void opener::impl::take_analog(const soft_frame& frame, const sink& emit)
{
    // Where the END was lost, the call that announced FM still holds the floor.
    const bool free = floor_kind == kind::none || floor_kind == kind::fm ||
                      frame.time - floor_time > floor_seconds ||
                      analog.awaited(frame.time);
    if (!analog.hear(frame.time, free, frame.spoken != 0)) {
        if (!analog.there())
            lose_carrier(emit);
        return;
    }
    heard_block block;
    block.kind = kind::fm;
    block.time = frame.time;
    block.speech = frame.speech;
    if (floor_kind != kind::none && floor_kind != kind::fm) {
        heard_block finish; // of the call that loses the floor
        finish.what = heard_block::action::finish;
        finish.kind = floor_kind;
        emit(finish);
    }
    fm_was_newest = true;
    floor_kind = kind::fm;
    floor_head = {};
    floor_track = 0;
    floor_time = frame.time;
    played_time = std::max(played_time, frame.time);
    emit(block);
}

void opener::impl::lose_carrier(const sink& emit)
{
    analog.lost();
    if (floor_kind != kind::fm)
        return;
    heard_block finish;
    finish.what = heard_block::action::finish;
    finish.kind = kind::fm;
    emit(finish);
    floor_kind = kind::none;
}

void opener::impl::lose(std::uint32_t id, const sink& emit)
{
    const auto it = tracks.find(id);
    if (it == tracks.end())
        return;
    soft_frame frame;
    frame.track = id;
    for (auto& t : it->second.transmissions)
        t.close(voice_of(t, frame, emit));
    receiver_status last;
    describe(it->second, last);
    // The last words of a signal that came to nothing are not worth those of a call.
    const bool verdict = last.state != heard_state::idle &&
                         last.state != heard_state::pending &&
                         last.state != heard_state::unreadable;
    if (verdict || past.state == heard_state::idle)
        describe(it->second, past);
    for (const auto& t : it->second.transmissions)
        count(t, past);
    tracks.erase(it);
}

void opener::impl::count(const heard_transmission& t, receiver_status& s) const
{
    s.heard += t.heard();
    s.refused += t.refused_count();
    s.replayed += t.replayed_count();
    s.lost += t.lost();
}

void opener::impl::describe(const heard_track& track, receiver_status& s) const
{
    s.state = heard_state::idle;
    s.kind = kind::none;
    s.key_name.clear();
    s.old_key = false;
    s.codec.clear();
    s.reason.clear();
    s.sent.reset();
    s.age.reset();
    s.usual_age.reset();
    if (track.transmissions.empty()) {
        call_state state;
        if (track.blocks > 0)
            state.on(heard_event::signal);
        if (track.blocks >= unreadable_after && track.quality > unreadable_quality)
            state.on(heard_event::nothing_read);
        s.state = state.now();
        return;
    }
    const auto& all = track.transmissions;
    const auto find = [&all](auto which) {
        return std::find_if(all.begin(), all.end(), which);
    };
    auto shown = find([this](const auto& t) {
        return floor_kind != kind::none && t.head() == floor_head;
    });
    if (shown == all.end())
        shown = find([](const auto& t) { return t.live(); });
    if (shown == all.end())
        shown = std::find_if(all.begin(), all.end(), [](const auto& t) {
            return t.state() != heard_state::pending;
        });
    const auto& t = shown == all.end() ? all.back() : *shown;
    s.state = t.state();
    s.kind = t.kind();
    if (s.state == heard_state::replay_refused || s.state == heard_state::delayed)
        s.reason = reason_of(t.why_refused());
    if (t.key() && (t.trusted() || !s.reason.empty())) {
        s.key_name = t.key()->name;
        s.old_key = !t.key()->state.allows(
            key_use::send, static_cast<std::int64_t>(std::floor(guard.now())));
    }
    if (t.timing()) {
        s.sent = t.timing()->sent;
        s.age = t.timing()->age;
        s.usual_age = t.timing()->usual_age;
    }
    if (t.heard() > 0 || t.state() == heard_state::encrypted_no_key)
        s.codec = codec_name(mode_from_code(t.head().mode_code()).codec);
}

receiver_status opener::status() const
{
    const auto& d = *d_impl;
    receiver_status s = d.past;
    const auto floor = d.tracks.find(d.floor_track);
    if (d.floor_kind != kind::none && floor != d.tracks.end())
        d.describe(floor->second, s);
    else if (!d.tracks.empty())
        d.describe(d.tracks.rbegin()->second, s);
    for (const auto& [id, track] : d.tracks)
        for (const auto& t : track.transmissions)
            d.count(t, s);
    if (d.analog.there()) {
        s.state = d.analog.state();
        s.key_name.clear();
        s.old_key = false;
        s.codec.clear();
        s.reason.clear();
        s.sent.reset();
        s.age.reset();
        s.usual_age.reset();
    }
    if (d.fm_was_newest)
        s.kind = kind::fm;
    s.fm_heard = d.analog.heard();
    s.fm_refused = d.analog.refused();
    s.interference = d.alarm.raised();
    s.recording = !d.guard.live();
    s.clock_problem = d.guard.clock_problem();
    if (s.clock_problem.empty() && s.age && *s.age < -clock_tolerance)
        s.clock_problem =
            "its sender's clock is " + std::to_string(std::llround(-*s.age)) +
            " s ahead of this computer's: set the one that is wrong, a call that "
            "is held back looks younger by as much";
    s.memory_problem = d.guard.problem();
    s.cn0_dbhz = d.cn0_dbhz;
    s.offset_hz = d.offset_hz;
    s.time = d.time;
    return s;
}

} // namespace securevoice
