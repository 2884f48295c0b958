/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* liquid-dsp 1.5.0 forgets 72 octets for each half-band filter that it designs (the search object of its design, once per
 * modulator or demodulator). The leak sanitizer is told, so that it can watch over everything else. */
#if defined(__has_feature) // clang
#if __has_feature(address_sanitizer)
#define SECUREVOICE_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__) // GCC
#define SECUREVOICE_ADDRESS_SANITIZER
#endif

#if defined(SECUREVOICE_ADDRESS_SANITIZER)
extern "C" __attribute__((visibility("default"))) const char*
__lsan_default_suppressions();

const char* __lsan_default_suppressions() { return "leak:qs1dsearch_create\n"; }
#endif
