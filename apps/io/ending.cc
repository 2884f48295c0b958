/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/ending.h"

#include "core/files/unfinished_files.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <initializer_list>
#include <system_error>
#include <atomic>
#include <cerrno>

namespace securevoice::apps {

namespace {

// A terminal that goes sends SIGHUP, and so does its shell.
constexpr long same_event_ms = 500;

std::atomic<int> ended_by{ 0 };
std::atomic<long> ended_at{ 0 }; // ms
int ends[2] = { -1, -1 };        // of a pipe, for poll()
static_assert(std::atomic<int>::is_always_lock_free &&
              std::atomic<long>::is_always_lock_free);

long now_ms()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

extern "C" void clean_up_and_end(int number)
{
    remove_unfinished_files();
    signal(number, SIG_DFL);
    raise(number); // comes when this returns
}

extern "C" void end_the_input(int number)
{
    const int before = errno;
    if (ended_by.load() == 0) {
        ended_at = now_ms();
        ended_by = number;
        const char any = 0;
        if (write(ends[1], &any, 1) < 0) {
            // The pipe is empty; and there is nobody to tell.
        }
    } else if (now_ms() - ended_at.load() >= same_event_ms) {
        clean_up_and_end(number);
    }
    errno = before;
}

void install(void (*handler)(int), std::initializer_list<int> numbers)
{
    for (const int number : numbers) {
        struct sigaction action {
        };
        if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
            continue; // as nohup wants it
        action = {};
        action.sa_handler = handler;
        sigaction(number, &action, nullptr);
    }
}

} // namespace

void clean_up_on_signals()
{
    install(clean_up_and_end, { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGABRT });
    signal(SIGXFSZ, SIG_IGN); // a limit of size is told like a full disk
}

void end_input_on_signals()
{
    if (ends[0] < 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    install(end_the_input, { SIGINT, SIGTERM, SIGHUP });
}

int input_ended_by() { return ended_by; }

int input_end_descriptor() { return ends[0]; }

const char* signal_name(int number)
{
    switch (number) {
    case SIGINT:
        return "Ctrl-C";
    case SIGTERM:
        return "SIGTERM";
    default:
        return "SIGHUP";
    }
}

} // namespace securevoice::apps
