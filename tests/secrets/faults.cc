/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// A library to be loaded before all others (LD_PRELOAD): parts of the system and of the
// libraries fail on demand. The variable FAULTS names them, with commas between:
//   sodium_init        libsodium does not start
//   sodium_mlock       no memory is locked
//   plain_memory       keys lie in ordinary memory, which costs no system calls
//   prctl              the system refuses to make a process undumpable
//   random_gone        neither getrandom() nor /dev/urandom is there
//   random_gone=N      the same from the N-th call on
//   random_zero        libsodium's random octets are zeros
//   random_constant    they are always the same
//   clock_1970         the system's clock stands at 1970-01-01
//   clock_stopped      the monotonic clock stands
//   codec2_create=N    Codec2 cannot be made the N-th time
//   codec2_encode=N    the N-th frame throws an exception

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

struct CODEC2;

namespace {

// 0 if the fault is not asked for, else its number; 1 without one.
unsigned long asked_for(const char* fault)
{
    const char* all = std::getenv("FAULTS");
    const auto length = std::strlen(fault);
    for (const char* at = all ? all : ""; *at;) {
        const auto end = std::strcspn(at, ",");
        if (std::strncmp(at, fault, length) == 0 && (end == length || at[length] == '='))
            return at[length] == '=' ? std::strtoul(at + length + 1, nullptr, 10) : 1;
        at += end + (at[end] == ',');
    }
    return 0;
}

template <typename Function>
Function* next(Function*, const char* name)
{
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::atomic<unsigned long> randoms{ 0 };

bool random_is_gone()
{
    const auto from = asked_for("random_gone");
    return from > 0 && randoms >= from;
}

bool is_random_device(const char* path)
{
    return std::strcmp(path, "/dev/urandom") == 0 ||
           std::strcmp(path, "/dev/random") == 0;
}

} // namespace

extern "C" {

int sodium_init()
{
    return asked_for("sodium_init") ? -1 : next(sodium_init, __func__)();
}

int sodium_mlock(void* const address, const size_t octets)
{
    if (!asked_for("sodium_mlock"))
        return next(sodium_mlock, __func__)(address, octets);
    errno = ENOMEM;
    return -1;
}

void* sodium_malloc(const size_t octets)
{
    return asked_for("plain_memory") ? std::calloc(octets, 1)
                                     : next(sodium_malloc, __func__)(octets);
}

void sodium_free(void* memory)
{
    if (asked_for("plain_memory"))
        std::free(memory);
    else
        next(sodium_free, __func__)(memory);
}

ssize_t getrandom(void* octets, size_t count, unsigned flags)
{
    ++randoms;
    if (!random_is_gone())
        return next(getrandom, __func__)(octets, count, flags);
    errno = ENOSYS;
    return -1;
}

int open(const char* path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const auto mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : mode_t{ 0 };
    va_end(rest);
    if (!is_random_device(path) || !random_is_gone())
        return next(open, __func__)(path, flags, mode);
    errno = ENOENT;
    return -1;
}

void randombytes_buf(void* const octets, const size_t count)
{
    if (asked_for("random_zero"))
        std::memset(octets, 0, count);
    else if (asked_for("random_constant"))
        std::memset(octets, 0x5A, count);
    else
        next(randombytes_buf, __func__)(octets, count);
}

int prctl(int option, ...) noexcept
{
    va_list rest;
    va_start(rest, option);
    unsigned long arguments[4];
    for (auto& argument : arguments)
        argument = va_arg(rest, unsigned long);
    va_end(rest);
    if (option != PR_SET_DUMPABLE || !asked_for("prctl"))
        return next(prctl, __func__)(
            option, arguments[0], arguments[1], arguments[2], arguments[3]);
    errno = EPERM;
    return -1;
}

int clock_gettime(clockid_t clock, timespec* now) noexcept
{
    const auto real = clock == CLOCK_REALTIME;
    if (!asked_for(real ? "clock_1970" : "clock_stopped"))
        return next(clock_gettime, __func__)(clock, now);
    *now = { real ? 0 : 1, 0 };
    return 0;
}

time_t time(time_t* now) noexcept
{
    const auto seconds = asked_for("clock_1970") ? 0 : next(time, __func__)(nullptr);
    return now ? *now = seconds : seconds;
}

CODEC2* codec2_create(int mode)
{
    static std::atomic<unsigned long> made{ 0 };
    return ++made == asked_for("codec2_create") ? nullptr
                                                : next(codec2_create, __func__)(mode);
}

void codec2_encode(CODEC2* codec2, unsigned char* frame, short* speech)
{
    static std::atomic<unsigned long> encoded{ 0 };
    if (++encoded == asked_for("codec2_encode"))
        throw std::runtime_error("the vocoder has failed");
    next(codec2_encode, __func__)(codec2, frame, speech);
}
}
