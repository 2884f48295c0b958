/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/*!
 * Before a function: compiled for AVX2 and AVX-512, too; the loader chooses what the
 * processor can do. Multiply-add stays out of it, so that every machine computes the
 * same. (The address sanitizer is not ready yet when the loader asks.)
 */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && \
    !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define SECUREVOICE_FOR_EACH_PROCESSOR \
    __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SECUREVOICE_FOR_EACH_PROCESSOR
#endif
