/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#if defined(__has_feature) // clang
#if __has_feature(address_sanitizer)
#define SECUREVOICE_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__) // GCC
#define SECUREVOICE_ADDRESS_SANITIZER
#endif

#if defined(SECUREVOICE_ADDRESS_SANITIZER)
#include <sanitizer/lsan_interface.h>
#endif

namespace securevoice {

/*!
 * Stands around the design of half-band filters. liquid-dsp 1.5.0 forgets 72 octets for
 * each one (the search object of its design), which nobody but it could free: what is
 * allocated while this lives is no leak to the leak sanitizer. A suppression by the
 * function's name would hold only where a symbolizer is installed.
 */
class liquid_leak
{
public:
#if defined(SECUREVOICE_ADDRESS_SANITIZER)
    liquid_leak() { __lsan_disable(); }
    ~liquid_leak() { __lsan_enable(); }
#else
    liquid_leak() {}
    ~liquid_leak() {}
#endif
    liquid_leak(const liquid_leak&) = delete;
    liquid_leak& operator=(const liquid_leak&) = delete;
};

} // namespace securevoice
