/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/*!
 * Marks a function whose loops pay in wider vectors: the loader takes the copy that fits the machine, so that a generic build
 * runs fast. Sanitized builds go without: the choice is made before their run time is up.
 */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && \
    !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define SECUREVOICE_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define SECUREVOICE_VECTOR_CLONES
#endif
