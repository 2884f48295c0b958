/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/slot_decoder.h"
#include "fixed_call.h"
#include "fuzz_input.h"

#include <cmath>

/* One slot of any soft bits, of a call whose header and key are known: what is opened is
 * what was sent. */

using namespace fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto key = fixed_key("ours", 1);
    static const auto calls = [] {
        std::vector<fixed_call> all;
        for (const auto m : test::all_modes())
            all.push_back(make_fixed_call(&key->key,
                                          m,
                                          { kind::secure, kind::clear, kind::secure },
                                          100u + m.code()));
        return all;
    }();

    input in(data, size);
    const auto& call = calls[in.octet() % calls.size()];
    const std::size_t list = std::size_t{ 4 } << in.octet() % 6; // 4 ... 128
    static slot_decoder decoders[] = { slot_decoder(4),  slot_decoder(8),
                                       slot_decoder(16), slot_decoder(32),
                                       slot_decoder(64), slot_decoder(128) };
    std::size_t chosen = 0;
    while ((std::size_t{ 4 } << chosen) < list)
        ++chosen;
    auto& decoder = decoders[chosen];

    const std::size_t index = in.octet() % call.frames.size();
    auto frame = received(call.frames[index]);
    if (in.flag())
        frame.number = in.value<std::uint16_t>();
    while (in.left() > 0) {
        const auto first = in.below(block_code_bits);
        const std::size_t count = in.octet();
        const auto end = std::min(first + count, block_code_bits);
        const bool turn = in.flag();
        const auto value = turn ? -1.0f : in.value<float>();
        for (auto n = first; n < end; ++n)
            frame.llr[n] = turn ? -frame.llr[n] : value;
    }

    const auto session = receiving_session::accept(call.head, key->key);
    check(session.has_value(), "the holder of the key accepts the header");
    const public_session unkeyed(call.head);
    const auto m = mode_from_code(call.head.mode_code());

    guess_budget slot_budget;
    auto budget = slot_budget.all();
    const auto spent = in.octet();
    for (unsigned n = 0; n < spent % (guess_budget::per_slot + 1); ++n)
        budget.spend();
    const auto slot = decoder.decode_block(frame, &*session, unkeyed, budget);
    if (slot.kind == kind::secure) {
        check(index > 0 && frame.number == index - 1,
              "a secure block opens under its own number only");
        text_field text{};
        check(session->open(frame.number, slot.block, text) && text == slot.text,
              "what is called secure opens to its text");
        check(index > call.kinds.size() || call.kinds[index - 1] == kind::secure,
              "a block that was sent in clear is not secure");
        if (index <= call.voices.size())
            check(std::equal(call.voices[index - 1].begin(),
                             call.voices[index - 1].end(),
                             slot.text.begin() + 1),
                  "what opens as secure is what was sent");
    }
    if (slot.kind == kind::clear) {
        text_field text{};
        check(unkeyed.open(frame.number, slot.block, text) && text == slot.text,
              "what is called clear passes the public check");
    }
    unsigned left = 0;
    while (budget.spend())
        ++left;
    check(left <= guess_budget::per_slot, "at most 64 keyed verifications in a slot");

    guess_budget untouched;
    auto none = untouched.all();
    check(decoder.decode_block(frame, nullptr, unkeyed, none).kind != kind::secure,
          "nothing is secure without a key");
    left = 0;
    while (none.spend())
        ++left;
    check(left == guess_budget::per_slot, "no verifications without a key");

    const auto blind = decoder.decode_blind(frame, m);
    check(std::isfinite(blind.metric) && blind.metric >= 0,
          "the metric is a finite cost");
    if (const auto head = decoder.decode_start(frame)) {
        check(header_check_fits(*head), "a header passes its public check");
        check(is_mode(head->mode_code()), "a header's mode exists");
    }
    return 0;
}
