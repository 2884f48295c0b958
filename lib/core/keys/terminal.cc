/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/key_error.h"
#include "core/keys/terminal.h"
#include "core/system/reason.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace securevoice {

namespace {

[[noreturn]] void broken_off()
{
    throw key_error("the passphrase was broken off: nothing was done");
}

// Holds signals back until it goes; then they come.
class signals_held_back
{
public:
    signals_held_back()
    {
        sigemptyset(&d_set);
        for (const int s : { SIGHUP, SIGINT, SIGQUIT, SIGTERM })
            sigaddset(&d_set, s);
        pthread_sigmask(SIG_BLOCK, &d_set, &d_before);
    }
    ~signals_held_back() { pthread_sigmask(SIG_SETMASK, &d_before, nullptr); }
    signals_held_back(const signals_held_back&) = delete;
    signals_held_back& operator=(const signals_held_back&) = delete;

    const sigset_t& set() const { return d_set; }

private:
    sigset_t d_set;
    sigset_t d_before;
};

// No echo, no line buffer in the kernel that keeps what was typed, no signals by keys.
class echo_off
{
public:
    explicit echo_off(int terminal) : d_terminal(terminal)
    {
        if (tcgetattr(terminal, &d_before) != 0)
            refuse();
        auto hidden = d_before;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL | ICANON |
                                                 ISIG | IEXTEN);
        hidden.c_cc[VMIN] = 1;
        hidden.c_cc[VTIME] = 0;
        // TCSAFLUSH: what was typed before the prompt, and perhaps shown, does not count.
        if (tcsetattr(terminal, TCSAFLUSH, &hidden) != 0)
            refuse();
    }
    ~echo_off() { tcsetattr(d_terminal, TCSAFLUSH, &d_before); }
    echo_off(const echo_off&) = delete;
    echo_off& operator=(const echo_off&) = delete;

    bool is_erase(std::uint8_t octet) const
    {
        return octet == 0x7F || octet == 0x08 || octet == d_before.c_cc[VERASE];
    }
    bool is_kill(std::uint8_t octet) const
    {
        return octet == 0x15 || octet == d_before.c_cc[VKILL];
    }

private:
    [[noreturn]] static void refuse()
    {
        throw key_error("the terminal's echo cannot be switched off (" + reason() +
                        "): use another terminal");
    }

    int d_terminal;
    termios d_before;
};

// Lines, as a passphrase is one.
class typed_text
{
public:
    explicit typed_text(std::size_t most) : d_text{ secret_memory(most), 0, true } {}

    bool append(std::uint8_t octet)
    {
        if (d_text.count == d_text.octets.size())
            return false;
        d_text.octets.data()[d_text.count++] = octet;
        return true;
    }
    void remove_last() { d_text.count -= d_text.count > 0; }
    void clear() { d_text.count = 0; }
    std::size_t size() const { return d_text.count; }
    detail::stored_text take() { return std::move(d_text); }

private:
    detail::stored_text d_text;
};

constexpr std::uint8_t control_c = 0x03;
constexpr std::uint8_t control_d = 0x04;
constexpr std::uint8_t control_backslash = 0x1C;

} // namespace

terminal::terminal(const std::string& need)
    : d_file(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY))
{
    if (!d_file.good() || tcgetpgrp(d_file.number()) != getpgrp())
        throw key_error(need +
                        " and there is no terminal to ask on: run this in a terminal");
}

/*! The next octet typed, unless a signal comes before it. */
void terminal::wait_for_octet(int signals, secret_memory& octet)
{
    pollfd wait[] = { { d_file.number(), POLLIN, 0 }, { signals, POLLIN, 0 } };
    do {
        if (::poll(wait, 2, -1) < 0 && errno != EINTR)
            broken_off();
        if (wait[1].revents != 0) {
            write("\n");
            broken_off();
        }
    } while (wait[0].revents == 0);
    if (::read(d_file.number(), octet.data(), 1) != 1)
        broken_off();
}

template <typename Text>
bool terminal::read_unseen(const std::string& prompt, Text& line, bool one_line)
{
    const signals_held_back held;
    const file_descriptor signals(signalfd(-1, &held.set(), SFD_CLOEXEC));
    const echo_off hidden(d_file.number());
    write(prompt);
    bool fits = true;
    secret_memory octet(1);
    for (;;) {
        wait_for_octet(signals.number(), octet);
        const auto typed = *octet.data();
        const bool enter = typed == '\n' || typed == '\r';
        if ((enter && one_line) || (typed == control_d && line.size() > 0 && !one_line)) {
            write("\n");
            return fits;
        }
        if (typed == control_c || typed == control_backslash ||
            (typed == control_d && line.size() == 0)) {
            write("\n");
            broken_off();
        }
        if (hidden.is_erase(typed))
            line.remove_last();
        else if (hidden.is_kill(typed)) {
            line.clear();
            fits = true;
        } else if (typed >= ' ')
            fits = line.append(typed) && fits;
        else if (!one_line && (enter || typed == '\t'))
            fits = line.append(enter ? '\n' : ' ') && fits;
    }
}

bool terminal::read_hidden(const std::string& prompt, passphrase& line)
{
    return read_unseen(prompt, line, true);
}

detail::stored_text terminal::read_hidden_text(const std::string& prompt,
                                               std::size_t most)
{
    typed_text text(most);
    if (!read_unseen(prompt, text, false))
        throw key_error("that is too long: a key has at most " + std::to_string(most) +
                        " octets");
    return text.take();
}

std::string terminal::read_line(const std::string& prompt)
{
    write(prompt);
    std::string line;
    for (char c = 0; ::read(d_file.number(), &c, 1) == 1 && c != '\n';)
        line += c;
    return line;
}

void terminal::write(const std::string& text)
{
    for (std::size_t done = 0; done < text.size();) {
        const auto put = ::write(d_file.number(), text.data() + done, text.size() - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            throw key_error("the terminal cannot be written to: " + reason());
        done += static_cast<std::size_t>(put);
    }
}

} // namespace securevoice
