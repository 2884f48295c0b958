/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/sealer.h"

#include "core/crypto/secret_memory.h"
#include "core/fec/polar.h"

#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace securevoice {

namespace {

constexpr std::int64_t armed_seconds = 10; // an unused `clear` lapses
constexpr unsigned extra_end_blocks = 2;
constexpr std::uint32_t unmarked_blocks =
    138; // 11 s: the Voice Encoder lets a command wait for 10.2 s

std::int64_t system_time()
{
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

/*! Runs a function when the scope is left by an exception. */
template <typename F>
class on_failure
{
public:
    explicit on_failure(F f) : d_f(std::move(f)), d_before(std::uncaught_exceptions()) {}
    ~on_failure()
    {
        if (std::uncaught_exceptions() > d_before)
            d_f();
    }
    on_failure(const on_failure&) = delete;
    on_failure& operator=(const on_failure&) = delete;

private:
    F d_f;
    int d_before;
};

coded_frame encode_header(const header& head, mode m)
{
    std::array<std::uint8_t, header_bits> bits;
    for (std::size_t n = 0; n < bits.size(); ++n)
        bits[n] = static_cast<std::uint8_t>(head.octets[n / 8] >> (7 - n % 8) & 1);
    coded_frame frame;
    frame.what = coded_frame::type::start;
    frame.mode = m.code();
    polar_encode(start_code(), nullptr, bits.data(), frame.bits.data());
    return frame;
}

coded_frame plain_frame(coded_frame::type what, mode m, std::uint16_t number)
{
    coded_frame frame;
    frame.what = what;
    frame.mode = m.code();
    frame.number = number;
    return frame;
}

} // namespace

sealer::sealer(sealer_options options) : d_options(std::move(options))
{
    start_crypto();
    back_to_first();
    if (!d_options.clock)
        d_options.clock = system_time;
    if (d_options.first != kind::secure && d_options.first != kind::clear &&
        d_options.first != kind::fm)
        throw std::invalid_argument("a transmission begins 'secure', 'clear' or 'fm'");
    if (d_options.first == kind::clear && !d_options.allow_clear)
        throw std::invalid_argument(
            "clear voice is not allowed here: set allow_clear to send in clear");
    if (d_options.first == kind::fm && !d_options.allow_fm)
        throw std::invalid_argument("analog voice is not allowed here: set allow_fm to "
                                    "send FM, which any radio hears");
    if (d_options.allow_fm && d_options.mode.profile == profile::robust)
        throw std::invalid_argument(
            "the profile 'robust' spreads its end over 0.6 s and cannot switch to FM: "
            "choose 'narrow' or 'constant'");
    if (d_options.first == kind::secure && !d_options.key)
        throw std::invalid_argument("there is no key to send with: name a key, for "
                                    "instance one made by 'securevoice keys new NAME'");
}

sealer::~sealer() = default;

std::uint64_t sealer::command(kind k)
{
    const auto number = d_given + 1;
    command(k, number);
    return number;
}

void sealer::command(kind k, std::uint64_t given, std::uint64_t skew)
{
    if (k != kind::secure)
        d_heard_of = std::max(d_heard_of, given + skew);
    if (k == kind::secure) {
        d_revoked = std::max(d_revoked, given);
        if (!d_options.key) {
            interrupt();
            back_to_first(); // where nothing is on the air, too: a `clear` that waits is taken back
            if (d_status.zeroized)
                throw keys_wiped();
            throw std::invalid_argument("'secure' needs a key: this station has none");
        }
        d_wanted = k;
        d_options.first =
            k; // later transmissions too: clear is never returned to by itself
        d_current = k;
    } else if (k == kind::clear || k == kind::fm) {
        if (k == kind::clear && !d_options.allow_clear)
            throw std::invalid_argument(
                "clear voice is not allowed here: set allow_clear to permit it");
        if (k == kind::fm && !d_options.allow_fm)
            throw std::invalid_argument(
                "analog voice is not allowed here: set allow_fm to permit it");
        d_given = given;
        d_skew = skew;
        d_unmarked = 0;
        d_armed_at = d_options.clock();
        d_wanted = k;
    } else {
        throw std::invalid_argument("the command is 'secure', 'clear' or 'fm'");
    }
}

void sealer::seal(const spoken_block& block, const sink& emit)
{
    const stack_wiped_at_end wipe_stack;
    on_failure stop([this] {
        interrupt();
        d_session.reset();
        back_to_first();
    });
    if (block.flags & (spoken_block::abort | spoken_block::start))
        interrupt();
    if (d_interrupted)
        tell_of_the_end(emit);
    if (block.flags & spoken_block::start)
        begin(block, emit);
    if (!(block.flags & spoken_block::voice_present) || d_failed)
        return;
    compare_commands(block);
    d_ends_soon = block.flags & spoken_block::ends_soon;
    d_status.timed_out = block.flags & spoken_block::timed_out;
    const kind k = choose(block);
    const bool last = block.flags & spoken_block::end;
    if (k == kind::fm && !d_session) {
        send_analog(block, emit);
        if (last)
            back_to_first();
        return;
    }
    // While digital voice is on the air, FM waits until a block has announced it.
    // And clear voice waits until a secure block has announced it, so that receivers unmute it at once (6.6, rule 5).
    const bool unannounced = k == kind::clear && d_session && d_unannounced;
    const kind digital = k == kind::fm ? d_current : unannounced ? kind::secure : k;
    if (digital == kind::secure && d_status.zeroized)
        throw keys_wiped();
    d_current = digital;
    if (!d_session) { // FM was sent, or the numbers were used up: go on under a new salt
        const bool after_fm = std::exchange(d_analog, false);
        begin_session(block, emit);
        if (after_fm && !last) // the start frame took this block's time
            return;
    }

    const bool full = d_session->next_number() + 1 + extra_end_blocks >= max_blocks;
    const bool closes = k == kind::fm && !last && !full;
    text_field text{};
    const wiped_at_end wipe(text);
    if (last || full || closes)
        text[0] |= signal_end;
    if (digital == kind::secure && d_wanted == kind::clear)
        text[0] |= signal_clear_follows;
    if (d_wanted == kind::fm && !last)
        text[0] |= signal_fm_follows;
    std::copy(block.voice.begin(), block.voice.end(), text.begin() + 1);
    d_unannounced = digital == kind::secure && !(text[0] & signal_clear_follows);
    send_block(text, digital, emit);
    if (last || full)
        finish(digital, emit);
    if (closes) {
        close_session(emit, kind::fm);
        d_analog = true;
        d_current = kind::fm;
    }
    if (last)
        back_to_first(); // a `clear` or `fm` ends with its transmission
}

/*! What this block asks to be sent as. */
kind sealer::choose(const spoken_block& block) const
{
    // Without a mark it may be from before a `secure`, whatever was permitted since.
    const bool unmarked = block.commanded == 0 && d_options.first == kind::secure;
    if (d_wanted == kind::secure || unmarked)
        return kind::secure;
    const kind k = permitted(block) ? d_wanted : d_current;
    const bool possible = k != kind::fm || block.flags & spoken_block::analog;
    return possible ? k : kind::secure;
}

/*! Whether all of it was captured after the command that is obeyed. */
bool sealer::permitted(const spoken_block& block) const
{
    if (d_given == 0 || block.commanded == 0)
        return false;
    return block.commanded >= d_given ||
           (block.commanded_kind == d_wanted && block.commanded > d_revoked &&
            block.commanded + d_skew >= d_given);
}

/*! Where a command reached only one of talker and sealer, nothing goes out in clear; but it is told. */
void sealer::compare_commands(const spoken_block& block)
{
    const bool waits = d_wanted != kind::secure && d_wanted != d_current;
    d_unmarked = waits && !permitted(block) ? d_unmarked + 1 : 0;
    d_status.unmarked = d_unmarked >= unmarked_blocks;
    d_status.unasked =
        block.commanded > d_heard_of && (d_wanted == kind::secure || !permitted(block));
}

void sealer::send_analog(const spoken_block& block, const sink& emit)
{
    d_analog = true;
    d_current = kind::fm;
    auto frame = plain_frame(coded_frame::type::analog, d_options.mode, 0);
    frame.kind = kind::fm;
    frame.ends_soon = d_ends_soon;
    frame.speech = block.speech;
    d_status.sending = true;
    d_status.sent = kind::fm;
    ++d_status.fm_blocks;
    emit(frame);
    if (!(block.flags & spoken_block::end))
        return;
    emit(plain_frame(coded_frame::type::closing, d_options.mode, 0));
    d_analog = false;
    d_status.sending = false;
}

void sealer::interrupt()
{
    d_failed = true;
    if ((!d_session && !d_analog) || d_interrupted)
        return;
    if (d_session)
        d_session->wipe();
    d_analog = false;
    d_interrupted = true;
    d_status.sending = false;
    back_to_first(); // whatever comes next must be asked for again
}

void sealer::restart()
{
    interrupt();
    d_session.reset();
    d_failed = d_interrupted = false;
    back_to_first();
}

void sealer::zeroize()
{
    interrupt();
    if (d_options.key)
        d_options.key->key.wipe();
    d_options.key.reset();
    d_options.first = kind::secure;
    d_status.zeroized = true;
    back_to_first();
}

void sealer::tell_of_the_end(const sink& emit)
{
    d_interrupted = false;
    d_session.reset();
    emit(plain_frame(coded_frame::type::abort, d_options.mode, 0));
}

void sealer::begin(const spoken_block& block, const sink& emit)
{
    d_failed = false;
    d_status.timed_out = d_status.unmarked = d_status.unasked = false;
    const auto now = d_options.clock();
    if (d_wanted != kind::secure && d_options.first == kind::secure &&
        (now < d_armed_at || now - d_armed_at > armed_seconds))
        back_to_first();
    // Nothing digital is sent in front of FM that was asked for before push-to-talk.
    if (d_wanted == kind::fm && (d_current == kind::fm || permitted(block)))
        d_current = kind::fm;
    else
        begin_session(block, emit);
}

void sealer::begin_session(const spoken_block& block, const sink& emit)
{
    const auto now = d_options.clock();
    if (d_status.zeroized && d_wanted == kind::secure)
        throw keys_wiped();

    d_unannounced = false;
    std::array<std::uint8_t, 32> digest;
    std::copy(block.voice.begin(), block.voice.end(), digest.begin());
    d_session.emplace(
        d_options.key ? &d_options.key->key : nullptr, d_options.mode, now, digest);
    if (d_options.memory && d_options.key) { // before anything can come back
        remembered mine;
        mine.own = true;
        d_options.memory->store(d_options.key->key, d_session->head().salt(), mine);
    }
    emit(encode_header(d_session->head(), d_options.mode));
    d_status.sending = true;
    d_status.number = 0;
}

void sealer::back_to_first() { d_wanted = d_current = d_options.first; }

void sealer::send_block(const text_field& text, kind k, const sink& emit)
{
    const auto c = d_options.mode.codec;
    const auto number = d_session->next_number();
    const auto bits = to_bits(c, d_session->seal(k, text));
    coded_frame frame;
    frame.what = coded_frame::type::block;
    frame.mode = d_options.mode.code();
    frame.number = static_cast<std::uint16_t>(number);
    frame.kind = k;
    frame.ends_soon = d_ends_soon;
    polar_encode(block_code(c), bits.piece.data(), bits.others.data(), frame.bits.data());
    emit(frame);
    d_status.sent = k;
    d_status.number = number;
    ++(k == kind::secure ? d_status.secure_blocks : d_status.clear_blocks);
}

void sealer::finish(kind k, const sink& emit)
{
    text_field text{};
    text[0] = signal_end;
    d_ends_soon = false;
    for (unsigned n = 0; n < extra_end_blocks; ++n)
        send_block(text, k, emit);
    close_session(emit);
    d_status.sending = false;
}

void sealer::close_session(const sink& emit, kind follows)
{
    auto frame = plain_frame(coded_frame::type::closing,
                             d_options.mode,
                             static_cast<std::uint16_t>(d_session->next_number()));
    frame.kind = follows;
    emit(frame);
    d_session.reset();
}

} // namespace securevoice
