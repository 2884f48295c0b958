/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/*
 * For compare_builds.py alone: loaded before a bench, it gives each run the same keys and
 * salts, which are made of random octets, clocks and the process's number. Whatever is
 * sealed with it has no secret.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { start_time = 1800000000 }; /* s since 1970 */

/* xorshift64 (Marsaglia 2003), of each thread */
static _Thread_local uint64_t state = 88172645463325252u;

void randombytes_buf(void* const memory, const size_t count)
{
    unsigned char* octet = memory;
    for (size_t n = 0; n < count; ++n) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        octet[n] = (unsigned char)(state >> 24);
    }
}

pid_t getpid(void) { return 4711; }

/* The time of day stands still; the monotonic clock goes on by 1 us a look, so that who
 * waits for it does not wait for ever. Times of processors are true. */
int clock_gettime(clockid_t which, struct timespec* now)
{
    static _Thread_local long looks;
    if (which == CLOCK_REALTIME || which == CLOCK_MONOTONIC) {
        looks += which == CLOCK_MONOTONIC;
        now->tv_sec = start_time + looks / 1000000;
        now->tv_nsec = looks % 1000000 * 1000;
        if (which == CLOCK_REALTIME) {
            now->tv_sec = start_time;
            now->tv_nsec = 0;
        }
        return 0;
    }
    return (int)syscall(SYS_clock_gettime, which, now);
}
