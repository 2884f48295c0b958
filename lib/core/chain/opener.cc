/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/opener.h"

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>

namespace securevoice {

namespace {

constexpr std::size_t max_pending = 11;    // frames kept until the header is known
constexpr std::size_t max_assemblies = 4;  // transmissions followed in one track
constexpr double floor_seconds = 0.5;      // of silence, then another call may be heard
constexpr unsigned unreadable_after = 12;  // blocks
constexpr float unreadable_quality = 0.3f; // mean sync quality: noise stays below

/*! A frame that waits for its header, with the keyed verifications its slot has left. */
struct pending_frame {
    soft_frame frame;
    verification_budget budget;
};

/*! One tracker's signal: usually one transmission, several where headers are forged. */
struct heard_track {
    std::vector<heard_transmission> transmissions;
    header_assembler pieces;
    std::deque<pending_frame> pending;
    unsigned blocks = 0;
    float quality = 0; // mean of the blocks'
};

} // namespace

const char* state_name(heard_state s)
{
    switch (s) {
    case heard_state::idle:
        return "idle";
    case heard_state::pending:
        return "pending";
    case heard_state::secure:
        return "secure";
    case heard_state::clear:
        return "clear";
    case heard_state::ended:
        return "ended";
    case heard_state::cut_off:
        return "cut off";
    case heard_state::encrypted_no_key:
        return "encrypted, no key";
    case heard_state::unreadable:
        return "unreadable";
    }
    return "idle";
}

const char* kind_name(kind k)
{
    return k == kind::secure ? "secure" : k == kind::clear ? "clear" : "none";
}

struct opener::impl {
    explicit impl(opener_options o) : options(std::move(o)), decoder(options.list) {}

    heard_transmission& add(heard_track& track,
                            const header& h,
                            bool started,
                            bool announced,
                            verification_budget& budget);
    void take_start(const soft_frame& frame);
    void take_block(const soft_frame& frame, const sink& emit);
    bool open_known(heard_track& track,
                    const soft_frame& frame,
                    verification_budget& budget,
                    const sink& emit);
    void look_for_header(heard_track& track,
                         const soft_frame& frame,
                         const blind_slot& blind,
                         const verification_budget& budget,
                         const sink& emit);
    void enter(heard_track& track, heard_transmission& found, const sink& emit);
    void lose(std::uint32_t id, const sink& emit);
    bool has_floor(const soft_frame& frame, kind k) const;
    void count(const heard_transmission& t, receiver_status& s) const;
    void describe(const heard_track& track, receiver_status& s) const;

    opener_options options;
    slot_decoder decoder;
    std::map<std::uint32_t, heard_track> tracks;
    receiver_status past; // totals and last words of tracks that are gone
    float cn0_dbhz = 0;
    float offset_hz = 0;
    double time = 0;

    std::uint32_t floor_track = 0; // the call that is heard
    kind floor_kind = kind::none;
    double floor_time = 0;
};

opener::opener(opener_options options)
{
    start_crypto();
    for (std::size_t n = 0; n < options.keys.size(); ++n)
        for (std::size_t m = 0; m < n; ++m)
            if (options.keys[n]->key.same(options.keys[m]->key))
                throw std::invalid_argument("the keys '" + options.keys[m]->name +
                                            "' and '" + options.keys[n]->name +
                                            "' are the same key: leave one out");
    d_impl = std::make_unique<impl>(std::move(options));
}

opener::~opener() = default;

void opener::open(const soft_frame& frame, const sink& emit)
{
    const sink follow = [&](const heard_block& block) {
        if (block.what == heard_block::action::play) {
            if (d_impl->floor_kind != kind::none && d_impl->floor_track != frame.track) {
                heard_block finish; // of the call that loses the floor
                finish.what = heard_block::action::finish;
                finish.kind = d_impl->floor_kind;
                emit(finish);
            }
            d_impl->floor_track = frame.track;
            d_impl->floor_kind = block.kind;
            d_impl->floor_time = frame.time;
        }
        if (frame.track == d_impl->floor_track)
            emit(block);
        if (frame.track == d_impl->floor_track &&
            block.what == heard_block::action::finish)
            d_impl->floor_kind = kind::none;
    };
    d_impl->time = frame.time;
    if (frame.what != soft_frame::type::lost_track) {
        d_impl->cn0_dbhz = frame.cn0_dbhz;
        d_impl->offset_hz = frame.offset_hz;
    }
    switch (frame.what) {
    case soft_frame::type::start:
        d_impl->take_start(frame);
        break;
    case soft_frame::type::block:
        d_impl->take_block(frame, follow);
        break;
    case soft_frame::type::lost_track:
        d_impl->lose(frame.track, follow);
        break;
    }
}

heard_transmission& opener::impl::add(heard_track& track,
                                      const header& h,
                                      bool started,
                                      bool announced,
                                      verification_budget& budget)
{
    auto& all = track.transmissions;
    if (all.size() >= max_assemblies) {
        auto oldest =
            std::find_if(all.begin(), all.end(), [](const auto& t) { return !t.live(); });
        if (oldest == all.end())
            oldest = all.begin();
        count(*oldest, past);
        all.erase(oldest);
    }
    for (const auto& key : options.keys) {
        if (!budget.spend())
            break;
        if (auto session = receiving_session::accept(h, key->key)) {
            all.emplace_back(h,
                             std::move(session),
                             key->name,
                             started,
                             announced,
                             options.secure_only);
            return all.back();
        }
    }
    all.emplace_back(h, std::nullopt, "", started, announced, options.secure_only);
    return all.back();
}

void opener::impl::take_start(const soft_frame& frame)
{
    auto& track = tracks[frame.track];
    verification_budget budget;
    if (const auto h = decoder.decode_start(frame))
        add(track, *h, true, true, budget);
}

void opener::impl::take_block(const soft_frame& frame, const sink& emit)
{
    auto& track = tracks[frame.track];
    ++track.blocks;
    track.quality +=
        (frame.sync_quality - track.quality) / static_cast<float>(track.blocks);
    verification_budget budget;
    if (open_known(track, frame, budget, emit))
        return;
    if (!is_mode(frame.mode))
        return;
    const auto blind = decoder.decode_blind(frame, mode_from_code(frame.mode));
    bool ours = false;
    for (auto& t : track.transmissions) {
        if (!ours && blind.block.piece == header_piece(t.head(), frame.number)) {
            ours = true;
            t.refused(frame, emit);
        } else {
            t.missing(frame, emit);
        }
    }
    if (!ours)
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
    for (auto& t : all) {
        const auto slot = decoder.decode_block(frame, t.session(), t.open(), budget);
        if (slot.kind == kind::none)
            continue;
        t.opened(frame, slot, has_floor(frame, slot.kind), emit);
        for (auto& other : all)
            if (&other != &t)
                other.missing(frame, emit);
        return true;
    }
    return false;
}

void opener::impl::look_for_header(heard_track& track,
                                   const soft_frame& frame,
                                   const blind_slot& blind,
                                   const verification_budget& budget,
                                   const sink& emit)
{
    track.pieces.add(frame.number, blind.block.piece, -blind.metric);
    track.pending.push_back({ frame, budget });
    if (track.pending.size() > max_pending)
        track.pending.pop_front();
    const auto h = track.pieces.solve(header_check_fits);
    if (!h)
        return;
    const auto known = std::any_of(track.transmissions.begin(),
                                   track.transmissions.end(),
                                   [&](const auto& t) { return t.head() == *h; });
    track.pieces.clear();
    if (known)
        return;
    enter(track,
          add(track, *h, frame.started != 0, false, track.pending.back().budget),
          emit);
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
            found.opened(frame, slot, has_floor(frame, slot.kind), emit);
        else if (slot.kind == kind::secure)
            found.unlock(frame.number);
    }
}

bool opener::impl::has_floor(const soft_frame& frame, kind k) const
{
    if (floor_kind == kind::none || frame.track == floor_track)
        return true;
    const bool silent = frame.time - floor_time > floor_seconds;
    // While a secure call lives, clear voice of another one stays muted.
    return k == kind::secure ? silent || floor_kind == kind::clear
                             : silent && floor_kind == kind::clear;
}

void opener::impl::lose(std::uint32_t id, const sink& emit)
{
    const auto it = tracks.find(id);
    if (it == tracks.end())
        return;
    for (auto& t : it->second.transmissions)
        t.close(emit);
    if (id == floor_track || past.heard == 0)
        describe(it->second, past);
    for (const auto& t : it->second.transmissions)
        count(t, past);
    tracks.erase(it);
}

void opener::impl::count(const heard_transmission& t, receiver_status& s) const
{
    s.heard += t.heard();
    s.refused += t.refused_count();
    s.lost += t.lost();
}

void opener::impl::describe(const heard_track& track, receiver_status& s) const
{
    s.state = heard_state::idle;
    s.kind = kind::none;
    s.key_name.clear();
    s.codec.clear();
    if (track.transmissions.empty()) {
        if (track.blocks >= unreadable_after && track.quality > unreadable_quality)
            s.state = heard_state::unreadable;
        else if (track.blocks > 0)
            s.state = heard_state::pending;
        return;
    }
    const auto live = std::find_if(track.transmissions.begin(),
                                   track.transmissions.end(),
                                   [](const auto& t) { return t.live(); });
    const auto& t =
        live == track.transmissions.end() ? track.transmissions.back() : *live;
    s.state = t.state();
    s.kind = t.kind();
    if (t.heard() > 0 || t.state() == heard_state::encrypted_no_key) {
        s.key_name = t.key_name();
        s.codec = codec_name(mode_from_code(t.head().mode_code()).codec);
    }
}

receiver_status opener::status() const
{
    const auto& d = *d_impl;
    receiver_status s = d.past;
    const auto floor = d.tracks.find(d.floor_track);
    if (floor != d.tracks.end())
        d.describe(floor->second, s);
    else if (!d.tracks.empty())
        d.describe(d.tracks.rbegin()->second, s);
    for (const auto& [id, track] : d.tracks)
        for (const auto& t : track.transmissions)
            d.count(t, s);
    s.cn0_dbhz = d.cn0_dbhz;
    s.offset_hz = d.offset_hz;
    s.time = d.time;
    return s;
}

} // namespace securevoice
