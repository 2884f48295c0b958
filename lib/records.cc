/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gnuradio/securevoice/records.h>

#include "record_item.h"

#include "core/protocol/mode.h"

namespace gr {
namespace securevoice {

size_t spoken_block_size() { return item_octets<::securevoice::spoken_block>; }
size_t coded_frame_size() { return item_octets<::securevoice::coded_frame>; }
size_t soft_frame_size() { return item_octets<::securevoice::soft_frame>; }
size_t heard_block_size() { return item_octets<::securevoice::heard_block>; }

std::vector<std::string> codec_names() { return ::securevoice::codec_names(); }

unsigned speech_rate() { return ::securevoice::speech_rate; }

} // namespace securevoice
} // namespace gr
