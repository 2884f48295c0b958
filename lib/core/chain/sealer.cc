/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/sealer.h"

#include "core/crypto/secret_memory.h"
#include "core/fec/polar.h"
#include "core/protocol/bits.h"

#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace securevoice {

namespace {

constexpr unsigned extra_end_blocks = 2; // with END, behind the last of voice

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
    unpack_bits(head.octets.data(), bits.size(), bits.data());
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

sender_rule::marks marks_of(const spoken_block& block)
{
    sender_rule::marks marks;
    marks.commanded = block.commanded;
    marks.commanded_kind = block.commanded_kind;
    marks.analog = block.flags & spoken_block::analog;
    marks.last = block.flags & spoken_block::end;
    return marks;
}

} // namespace

sealer::sealer(sealer_options options)
    : d_options(std::move(options)),
      d_rule({ d_options.first, d_options.allow_clear, d_options.allow_fm })
{
    start_crypto();
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
    const auto number = d_rule.given() + 1;
    command(k, number);
    return number;
}

void sealer::command(kind k, std::uint64_t given, std::uint64_t skew)
{
    if (k != kind::secure || d_options.key) {
        d_rule.command(k, given, skew, d_options.clock());
        return;
    }
    interrupt();
    d_rule.revoke(
        given); // where nothing is on the air, too: a `clear` that waits is taken back
    if (d_status.zeroized)
        throw keys_wiped();
    throw std::invalid_argument("'secure' needs a key: this station has none");
}

std::optional<kind> sealer::seal(const spoken_block& block, const sink& emit)
{
    const stack_wiped_at_end wipe_stack;
    on_failure stop([this] {
        interrupt();
        d_session.reset();
        d_rule.back_to_first();
    });
    if (block.flags & (spoken_block::abort | spoken_block::start))
        interrupt();
    if (d_interrupted)
        tell_of_the_end(emit);
    if (block.flags & spoken_block::start) {
        d_failed = false;
        d_status.timed_out = d_status.unmarked = d_status.unasked = false;
        if (d_rule.begin(marks_of(block), d_options.clock()))
            begin_session(block, emit);
    }
    if (!(block.flags & spoken_block::voice_present) || d_failed)
        return std::nullopt;
    return speak(block, emit);
}

sender_rule::on_air sealer::on_air() const
{
    if (!d_session)
        return d_analog ? sender_rule::on_air::fm : sender_rule::on_air::nothing;
    return d_session->next_number() + 1 + extra_end_blocks < max_blocks
               ? sender_rule::on_air::digital
               : sender_rule::on_air::last_number;
}

kind sealer::speak(const spoken_block& block, const sink& emit)
{
    const auto d = d_rule.decide(marks_of(block), on_air());
    d_status.unmarked = d.unmarked;
    d_status.unasked = d.unasked;
    d_status.timed_out = block.flags & spoken_block::timed_out;
    d_ends_soon = block.flags & spoken_block::ends_soon;
    if (d.sends == kind::fm) {
        send_analog(block, emit);
        return d.sends;
    }
    if (d.sends == kind::secure && d_status.zeroized)
        throw keys_wiped();
    if (d.start) { // FM was sent, or the numbers were used up: go on under a new salt
        d_analog = false;
        begin_session(block, emit);
    }
    if (d.sends == kind::none)
        return d.sends;

    text_field text{};
    const wiped_at_end wipe(text);
    if (d.closes || d.to_fm)
        text[0] |= signal_end;
    if (d.clear_follows)
        text[0] |= signal_clear_follows;
    if (d.fm_follows)
        text[0] |= signal_fm_follows;
    std::copy(block.voice.begin(), block.voice.end(), text.begin() + 1);
    send_block(text, d.sends, emit);
    if (d.closes)
        finish(d.sends, emit);
    if (d.to_fm) {
        close_session(emit, kind::fm);
        d_analog = true;
    }
    return d.sends;
}

void sealer::send_analog(const spoken_block& block, const sink& emit)
{
    d_analog = true;
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
    d_rule.back_to_first(); // whatever comes next must be asked for again
}

void sealer::restart()
{
    interrupt();
    d_session.reset();
    d_failed = d_interrupted = false;
    d_rule.back_to_first();
}

void sealer::zeroize()
{
    interrupt();
    if (d_options.key)
        d_options.key->key.wipe();
    d_options.key.reset();
    d_status.zeroized = true;
    d_rule.zeroize();
}

void sealer::tell_of_the_end(const sink& emit)
{
    d_interrupted = false;
    d_session.reset();
    emit(plain_frame(coded_frame::type::abort, d_options.mode, 0));
}

void sealer::begin_session(const spoken_block& block, const sink& emit)
{
    const auto now = d_options.clock();
    if (d_status.zeroized && d_rule.wanted() == kind::secure)
        throw keys_wiped();

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
