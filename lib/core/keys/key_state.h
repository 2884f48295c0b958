/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

namespace securevoice {

/*! What a key is wanted for. */
enum class key_use { send, receive };

/*!
 * What a key may still be used for. Only a key of state `send` is sent with; one that was
 * replaced is heard until the end of a day, so that a group can change keys one by one.
 */
class key_state
{
public:
    enum class phase { send, receive_until, revoked };

    /*! `send` */
    key_state() = default;
    /*! \param last_day days since 1970-01-01 (UTC), the last one on which it is heard */
    static key_state receive_until(std::int64_t last_day)
    {
        return { phase::receive_until, last_day };
    }
    static key_state revoked() { return { phase::revoked, 0 }; }

    phase what() const { return d_phase; }
    /*! Of `receive until` only. */
    std::int64_t last_day() const { return d_last_day; }

    /*! \param now s since 1970 */
    bool allows(key_use use, std::int64_t now) const;

    /*! "send", "receive until 2026-12-07", "revoked" */
    std::string text() const;
    /*! The state that has this text(), to the letter; nothing if there is none. */
    static std::optional<key_state> from_text(const std::string& text);

    bool operator==(const key_state& other) const
    {
        return d_phase == other.d_phase && d_last_day == other.d_last_day;
    }

private:
    key_state(phase what, std::int64_t last_day) : d_phase(what), d_last_day(last_day) {}

    phase d_phase = phase::send;
    std::int64_t d_last_day = 0;
};

/*! Days since 1970-01-01 of a date "2026-12-07", years 1970 to 9999; nothing if there is
 * no such day. */
std::optional<std::int64_t> day_from_text(const std::string& date);
/*! \param day 0 ... 2932896 */
std::string day_text(std::int64_t day);
/*! The day of a time in s since 1970 (UTC). */
std::int64_t day_of(std::int64_t time);

} // namespace securevoice
