/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/system/process.h"

#include "core/system/reason.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <stdexcept>
#include <string>

namespace securevoice {

void harden_process()
{
    const rlimit none{ 0, 0 };
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        throw std::runtime_error(
            "core dumps cannot be switched off (" + reason() +
            "): this system does not allow it, so keys are not loaded");
}

} // namespace securevoice
