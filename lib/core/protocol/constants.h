/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <cstdint>

/*! Sizes of the air interface, each written once. Sections are those of docs/protocol.md.
 */
namespace securevoice {

constexpr unsigned protocol_version = 1;

// Section 1: time
constexpr std::size_t speech_rate = 8000; // samples/s
constexpr std::size_t samples_per_block = 640;
constexpr double block_seconds = 0.08;
constexpr unsigned max_blocks =
    65535; // numbers 0 ... 65534 (3.2: period of the number signs)

// Section 3: waveform
constexpr double symbol_rate = 4800.0;
constexpr double rolloff = 0.25;
constexpr std::size_t golay_word_symbols = 8;
constexpr std::size_t sync_symbols = 2 * golay_word_symbols;
constexpr std::size_t pilots_per_block = 16;
constexpr std::size_t data_per_group = 22; // 11 before and 11 after the pilot
constexpr std::size_t data_symbols = pilots_per_block * data_per_group;
constexpr std::size_t block_symbols = sync_symbols + data_symbols + pilots_per_block;
constexpr std::size_t start_sync_symbols = 64;
constexpr std::size_t start_groups = 8;
constexpr std::size_t start_data_per_group = 32;
constexpr std::size_t robust_depth = 8; // blocks: 3.5
constexpr std::size_t start_data_symbols = start_groups * start_data_per_group;

// Section 4: code
constexpr std::size_t block_code_bits = 2 * data_symbols;
constexpr std::size_t block_polar_length = 1024;
constexpr std::size_t start_code_bits = 2 * start_data_symbols;

// Sections 2, 5, 6: info bits
constexpr std::size_t codec_count = 7;
constexpr std::size_t max_voice_bits = 256;
constexpr std::size_t piece_bits = 32;
constexpr std::size_t signalling_bits = 8;
constexpr std::size_t tag_bits = 32;
constexpr std::size_t overhead_bits = piece_bits + signalling_bits + tag_bits;
constexpr std::size_t max_info_bits = max_voice_bits + overhead_bits;
constexpr std::size_t salt_octets = 12;
constexpr std::size_t header_octets = 22;
constexpr std::size_t header_bits = 8 * header_octets;
constexpr std::size_t header_words = header_octets / 2;
constexpr std::size_t tag_octets = tag_bits / 8;
constexpr std::size_t max_text_octets = 1 + max_voice_bits / 8;

static_assert(samples_per_block * 1000 == speech_rate * 80, "a block is 80 ms of speech");
static_assert(block_symbols * 1000 == 80 * 4800, "a block is 80 ms of symbols");
static_assert(start_sync_symbols + start_data_symbols +
                      start_groups * golay_word_symbols ==
                  block_symbols,
              "the start frame takes one block time");
static_assert(block_code_bits == 704 && start_code_bits == 512, "code bits of section 4");

} // namespace securevoice
