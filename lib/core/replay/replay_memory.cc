/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/hash.h"
#include "core/replay/detail/replay_file.h"
#include "core/replay/detail/replay_format.h"
#include "core/replay/replay_memory.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace securevoice {

namespace {

// ms that the memory may have begun in the future: a clock that is being kept right is
// set back by less.
constexpr std::int64_t clock_tolerance = 5000;

constexpr auto earliest_ms = static_cast<std::int64_t>(1000 * earliest_possible);

// By a clock that may be right: one of 1970 says nothing about a memory.
bool is_future(std::int64_t since, std::int64_t time)
{
    return time >= earliest_ms && since > time + clock_tolerance;
}

// By a clock that is known to have been wrong, and is not any more.
bool was_impossible(std::int64_t since, std::int64_t time)
{
    return since < earliest_ms && time >= earliest_ms;
}

// Empty if it is not known.
detail::replay_id id_of(const secret_key& key, const salt_value& salt)
{
    return hash(domains::replay_record, key.data(), 32).add(salt).first<16>();
}

detail::replay_id id_of(const secret_key& key)
{
    return hash(domains::replay_key, key.data(), 32).first<16>();
}

constexpr double late_counts =
    0.25; // of a call that came later than usual: a dozen for 250 s

} // namespace

std::string replay_state_folder()
{
    constexpr char name[] = "/gr-securevoice";
    if (const auto* set = std::getenv("SECUREVOICE_STATE"); set && *set)
        return set;
    // A relative path there is to be ignored (XDG Base Directory Specification).
    if (const auto* state = std::getenv("XDG_STATE_HOME"); state && *state == '/')
        return std::string(state) + name;
    if (const auto* home = std::getenv("HOME"); home && *home)
        return std::string(home) + "/.local/state" + name;
    return "";
}

std::optional<std::int64_t> replay_memory_used(const std::string& folder)
{
    std::ifstream file(detail::replay_file::path_in(folder), std::ios::binary);
    const std::vector<char> octets{ std::istreambuf_iterator<char>(file), {} };
    const auto parsed = detail::parse_replay(
        reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
    if (parsed.condition != detail::replay_condition::good)
        return std::nullopt;
    return std::max(parsed.contents.complete_since, parsed.contents.turn) / 1000;
}

struct replay_memory::impl {
    // How the file was when it was used last.
    enum class file_state {
        good,
        behind, // it lacks records of this process, which will be added
        lost    // it lacks those of other processes too, or was not readable
    };

    impl(std::string folder_, clock now_)
        : folder(std::move(folder_)),
          now(std::move(now_)),
          own(detail::replay_contents::begin(now_ms())),
          file_since(own.complete_since)
    {
    }

    std::int64_t now_ms() const
    {
        constexpr double limit = 1e12; // s: what a clock cannot mean
        const double seconds = now();
        return std::llround(1000 * (seconds < limit ? std::max(seconds, -limit) : limit));
    }

    std::optional<remembered> find(const detail::replay_id& id);
    void store(const detail::replay_record& record);
    // Reads the file, begins it anew if need be, and writes what it lacks. Nothing if it
    // cannot be read.
    std::optional<detail::replay_contents> exchange(const detail::replay_record* fresh);
    void bring_up_to_date(detail::replay_file& file,
                          detail::replay_condition condition,
                          detail::replay_contents& contents,
                          const detail::replay_record* fresh,
                          std::int64_t time);
    void begin_anew(detail::replay_file& file,
                    detail::replay_contents& contents,
                    std::int64_t time);
    void add(detail::replay_file& file,
             detail::replay_contents& contents,
             const std::vector<detail::replay_record>& records,
             std::int64_t time);
    void refuse_the_past(const std::string& why)
    {
        fault = why + "; until then calls that began before this program are refused";
    }
    std::string about_file(const std::string& what) const
    {
        return "the memory of replays '" + detail::replay_file::path_in(folder) + "' " +
               what;
    }

    const std::string folder;
    const clock now;
    mutable std::mutex mutex;
    // What this process stored, since it began: the file may be lost at any time.
    detail::replay_contents own;
    std::int64_t file_since; // complete_since of the file, ms since 1970
    file_state state = file_state::good;
    std::string fault;  // as long as the file cannot be used
    std::string notice; // once it was begun anew
};

std::optional<detail::replay_contents>
replay_memory::impl::exchange(const detail::replay_record* fresh)
{
    const auto time = now_ms();
    for (auto* since : { &own.complete_since, &file_since })
        if (is_future(*since, time) || was_impossible(*since, time))
            *since = time;
    std::optional<detail::replay_contents> contents;
    try {
        if (folder.empty())
            throw detail::replay_file_error("no folder for the memory of replays is "
                                            "known because HOME is not set: set "
                                            "SECUREVOICE_STATE to a folder of your own");
        detail::replay_file file(folder);
        const auto octets = file.read();
        auto found = detail::parse_replay(octets.data(), octets.size());
        if (found.condition == detail::replay_condition::other_version)
            throw detail::replay_file_error(
                about_file("is of another version of this program: use that one, or set "
                           "SECUREVOICE_STATE to a folder of its own"));
        contents = std::move(found.contents);
        if (file.may() == detail::replay_file::access::full) {
            bring_up_to_date(file, found.condition, *contents, fresh, time);
            state = file_state::good;
            fault.clear();
            file_since = contents->complete_since;
        } else {
            if (file.may() == detail::replay_file::access::read_only)
                state = file_state::lost;
            else if (state == file_state::good)
                state = file_state::behind;
            refuse_the_past(file.obstacle());
            if (!is_future(contents->complete_since, time) &&
                !was_impossible(contents->complete_since, time))
                file_since = contents->complete_since;
        }
    } catch (const detail::replay_file_error& e) {
        state = file_state::lost;
        refuse_the_past(e.what());
    }
    return contents;
}

void replay_memory::impl::bring_up_to_date(detail::replay_file& file,
                                           detail::replay_condition condition,
                                           detail::replay_contents& contents,
                                           const detail::replay_record* fresh,
                                           std::int64_t time)
{
    if (condition == detail::replay_condition::damaged) {
        notice = about_file("was damaged and was begun anew: calls that began before are "
                            "refused, check the disk if this comes again");
        begin_anew(file, contents, time);
    } else if (condition == detail::replay_condition::empty ||
               state == file_state::lost) {
        begin_anew(file, contents, time);
    } else if (is_future(contents.complete_since, time)) {
        notice = about_file("began in the future of this computer's clock and was begun "
                            "anew: check the clock");
        begin_anew(file, contents, time);
    } else if (was_impossible(contents.complete_since, time)) {
        notice = about_file("began when this computer's clock was not set and was begun "
                            "anew: calls that began before now are refused");
        begin_anew(file, contents, time);
    } else if (state == file_state::behind) {
        add(file, contents, own.records, time);
    } else if (fresh) {
        add(file, contents, { *fresh }, time);
    } else {
        return;
    }
    file.finish();
}

void replay_memory::impl::begin_anew(detail::replay_file& file,
                                     detail::replay_contents& contents,
                                     std::int64_t time)
{
    contents = detail::replay_contents::begin(time, std::move(contents.records));
    for (const auto& record : own.records)
        contents.put(record, time);
    file.replace(encode_replay(contents));
}

void replay_memory::impl::add(detail::replay_file& file,
                              detail::replay_contents& contents,
                              const std::vector<detail::replay_record>& records,
                              std::int64_t time)
{
    const auto before = contents.inserted;
    for (const auto& record : records) {
        const auto index = contents.put(record, time);
        const auto sequence = contents.sequence_of(index);
        // Also if it is there as it is: it may not have come to the disk.
        file.write(detail::replay_offset(sequence),
                   encode_record(contents.records[index], sequence));
    }
    if (contents.inserted != before)
        file.write(0, encode_header(contents));
}

replay_memory::replay_memory(const std::string& folder, clock now)
    : d_impl(std::make_unique<impl>(folder.empty() ? replay_state_folder() : folder,
                                    std::move(now)))
{
    start_crypto();
    d_impl->exchange(nullptr);
}

replay_memory::~replay_memory() = default;

std::optional<remembered> replay_memory::impl::find(const detail::replay_id& id)
{
    const std::lock_guard<std::mutex> guard(mutex);
    const auto contents = exchange(nullptr);
    auto found = own.find(id);
    if (const auto there = contents ? contents->find(id) : std::nullopt) {
        if (found)
            detail::merge(*found, *there);
        else
            found = there;
    }
    return found;
}

void replay_memory::impl::store(const detail::replay_record& record)
{
    const std::lock_guard<std::mutex> guard(mutex);
    own.put(record, now_ms());
    exchange(&record);
}

std::optional<remembered> replay_memory::find(const secret_key& key,
                                              const salt_value& salt)
{
    return d_impl->find(id_of(key, salt));
}

void replay_memory::store(const secret_key& key,
                          const salt_value& salt,
                          const remembered& what)
{
    d_impl->store({ id_of(key, salt), what });
}

std::optional<double> replay_memory::usual_lateness(const secret_key& key)
{
    const auto known = d_impl->find(id_of(key));
    if (!known)
        return std::nullopt;
    return static_cast<double>(known->late_ms) / 1000;
}

void replay_memory::note_lateness(const secret_key& key, double late)
{
    const auto usual = usual_lateness(key).value_or(late);
    remembered what;
    what.of_key = true;
    what.late_ms =
        std::llround(1000 * (late < usual ? late : usual + late_counts * (late - usual)));
    d_impl->store({ id_of(key), what });
}

double replay_memory::complete_since() const
{
    const std::lock_guard<std::mutex> guard(d_impl->mutex);
    const auto& m = *d_impl;
    const auto since = m.state == impl::file_state::good
                           ? m.file_since
                           : std::max(m.file_since, m.own.complete_since);
    // Nobody may have looked since the clock was set.
    const auto time = m.now_ms();
    return static_cast<double>(was_impossible(since, time) ? time : since) / 1000;
}

std::string replay_memory::problem() const
{
    const std::lock_guard<std::mutex> guard(d_impl->mutex);
    return d_impl->fault.empty() ? d_impl->notice : d_impl->fault;
}

replay_memory::clock replay_memory::system_clock()
{
    return [] {
        const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration<double>(since_1970).count();
    };
}

} // namespace securevoice
