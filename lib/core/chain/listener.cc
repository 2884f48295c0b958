/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/listener.h"

namespace securevoice {

namespace {
constexpr unsigned max_concealed = 2; // blocks: 160 ms
}

void listener::hear(const heard_block& block, std::vector<std::int16_t>& out)
{
    if (block.what == heard_block::action::finish) {
        d_last.reset();
        d_concealed = 0;
        return;
    }
    const auto at = out.size();
    out.resize(at + samples_per_block, 0);

    if (block.what == heard_block::action::mute) {
        d_last.reset();
        return;
    }
    const bool good = block.what == heard_block::action::play;
    if (!good && (!d_last || d_concealed >= max_concealed))
        return; // silence
    d_concealed = good ? 0 : d_concealed + 1;

    const heard_block& source = good ? block : *d_last;
    auto& vocoder = d_vocoders.at(source.codec);
    if (!vocoder)
        vocoder.emplace(static_cast<codec>(source.codec));
    if (good && (block.fresh_codec || !d_last || d_last->kind != block.kind ||
                 d_last->codec != block.codec))
        vocoder->reset();
    vocoder->decode(source.voice, out.data() + at);
    if (good)
        d_last = block;
}

} // namespace securevoice
