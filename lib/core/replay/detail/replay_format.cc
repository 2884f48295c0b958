/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/replay/detail/replay_format.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

namespace securevoice::detail {

namespace {

constexpr auto magic = first_octets_of_replay_file;
constexpr std::uint32_t version = 1;
constexpr std::uint8_t closed_flag = 1;
constexpr std::uint8_t own_flag = 2;
constexpr std::uint8_t of_key_flag = 4;
constexpr std::size_t check_octets = crypto_shorthash_BYTES;
constexpr std::size_t checked_octets = replay_item_octets - check_octets;
constexpr std::uint64_t half = replay_capacity / 2;

template <typename Value>
void put_le(replay_item& item, std::size_t at, Value value)
{
    auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t n = 0; n < sizeof(Value); ++n, bits >>= 8)
        item[at + n] = static_cast<std::uint8_t>(bits & 0xFF);
}

template <typename Value>
Value get_le(const replay_item& item, std::size_t at)
{
    std::uint64_t bits = 0;
    for (std::size_t n = sizeof(Value); n-- > 0;)
        bits = bits << 8 | item[at + n];
    return static_cast<Value>(bits);
}

std::array<std::uint8_t, check_octets> check_of(const replay_item& item)
{
    static_assert(crypto_shorthash_KEYBYTES == 16, "SipHash has a key of 16 octets");
    constexpr char key[] = "gr-securevoice/1"; // public
    std::array<std::uint8_t, check_octets> check;
    crypto_shorthash(check.data(),
                     item.data(),
                     checked_octets,
                     reinterpret_cast<const std::uint8_t*>(key));
    return check;
}

void close_item(replay_item& item)
{
    const auto check = check_of(item);
    std::copy(check.begin(), check.end(), item.begin() + checked_octets);
}

bool is_whole(const replay_item& item)
{
    const auto check = check_of(item);
    return std::equal(check.begin(), check.end(), item.begin() + checked_octets);
}

bool is_header(const replay_item& item)
{
    return std::equal(magic.begin(), magic.end(), item.begin()) && is_whole(item);
}

std::uint32_t version_of(const replay_item& header)
{
    return get_le<std::uint32_t>(header, 8);
}

std::size_t records_in_use(const replay_item& header)
{
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(get_le<std::uint64_t>(header, 32), replay_capacity));
}

replay_item item_at(const std::uint8_t* octets, std::size_t offset)
{
    replay_item item;
    std::copy_n(octets + offset, item.size(), item.begin());
    return item;
}

struct numbered_record {
    std::uint64_t sequence;
    replay_record record;
};

std::optional<numbered_record> decode_record(const replay_item& item, std::size_t offset)
{
    const auto sequence = get_le<std::uint64_t>(item, 16);
    if (!is_whole(item) || replay_offset(sequence) != offset)
        return std::nullopt;
    numbered_record out{ sequence, {} };
    std::copy_n(item.begin(), out.record.id.size(), out.record.id.begin());
    out.record.what.late_ms = get_le<std::int64_t>(item, 24);
    out.record.what.next = get_le<std::uint32_t>(item, 32);
    out.record.what.closed = (item[36] & closed_flag) != 0;
    out.record.what.own = (item[36] & own_flag) != 0;
    out.record.what.of_key = (item[36] & of_key_flag) != 0;
    return out;
}

} // namespace

void merge(remembered& into, const remembered& from)
{
    into.next = std::max(into.next, from.next);
    into.late_ms = from.of_key ? from.late_ms : std::min(into.late_ms, from.late_ms);
    into.closed |= from.closed;
    into.own |= from.own;
    into.of_key |= from.of_key;
}

replay_contents replay_contents::begin(std::int64_t now,
                                       std::vector<replay_record> records)
{
    replay_contents contents;
    contents.complete_since = contents.turn = now;
    contents.inserted = records.size();
    contents.records = std::move(records);
    return contents;
}

std::optional<remembered> replay_contents::find(const replay_id& id) const
{
    std::optional<remembered> found;
    for (const auto& record : records) {
        if (record.id != id)
            continue;
        if (found)
            merge(*found, record.what); // left over from a power cut
        else
            found = record.what;
    }
    return found;
}

std::size_t replay_contents::put(const replay_record& record, std::int64_t now)
{
    const auto known = std::find_if(
        records.begin(), records.end(), [&](const auto& r) { return r.id == record.id; });
    if (known != records.end()) {
        merge(known->what, record.what);
        return static_cast<std::size_t>(known - records.begin());
    }
    if (inserted % half == 0) {
        // The half that goes from here on was full when the newest half was begun.
        if (inserted >= replay_capacity)
            complete_since = std::max(complete_since, std::min(turn, now));
        turn = now;
    }
    if (records.size() == replay_capacity)
        records.erase(records.begin());
    records.push_back(record);
    ++inserted;
    return records.size() - 1;
}

std::size_t replay_offset(std::uint64_t sequence)
{
    return replay_item_octets *
           (1 + static_cast<std::size_t>(sequence % replay_capacity));
}

replay_item encode_header(const replay_contents& contents)
{
    replay_item item{};
    std::copy(magic.begin(), magic.end(), item.begin());
    put_le(item, 8, version);
    put_le(item, 16, contents.complete_since);
    put_le(item, 24, contents.turn);
    put_le(item, 32, contents.inserted);
    close_item(item);
    return item;
}

replay_item encode_record(const replay_record& record, std::uint64_t sequence)
{
    replay_item item{};
    std::copy(record.id.begin(), record.id.end(), item.begin());
    put_le(item, 16, sequence);
    put_le(item, 24, record.what.late_ms);
    put_le(item, 32, record.what.next);
    item[36] = static_cast<std::uint8_t>((record.what.closed ? closed_flag : 0) |
                                         (record.what.own ? own_flag : 0) |
                                         (record.what.of_key ? of_key_flag : 0));
    close_item(item);
    return item;
}

std::vector<std::uint8_t> encode_replay(const replay_contents& contents)
{
    std::vector<std::uint8_t> octets(replay_item_octets * (1 + contents.records.size()));
    const auto header = encode_header(contents);
    std::copy(header.begin(), header.end(), octets.begin());
    for (std::size_t n = 0; n < contents.records.size(); ++n) {
        const auto sequence = contents.sequence_of(n);
        const auto item = encode_record(contents.records[n], sequence);
        std::copy(item.begin(), item.end(), &octets[replay_offset(sequence)]);
    }
    return octets;
}

std::size_t replay_octets_in_use(const replay_item& header)
{
    return is_header(header) && version_of(header) == version
               ? replay_item_octets * (1 + records_in_use(header))
               : replay_file_octets;
}

parsed_replay parse_replay(const std::uint8_t* octets, std::size_t count)
{
    parsed_replay parsed;
    if (count == 0) {
        parsed.condition = replay_condition::empty;
        return parsed;
    }
    auto in_use = std::min(count, replay_file_octets);
    auto& contents = parsed.contents;
    bool good = false;
    if (count >= replay_item_octets) {
        if (const auto header = item_at(octets, 0); is_header(header)) {
            if (version_of(header) != version) {
                parsed.condition = replay_condition::other_version;
                return parsed;
            }
            contents.complete_since = get_le<std::int64_t>(header, 16);
            contents.turn = get_le<std::int64_t>(header, 24);
            contents.inserted = get_le<std::uint64_t>(header, 32);
            good = count >= replay_octets_in_use(header);
            in_use = std::min(in_use, replay_octets_in_use(header));
        }
    }
    std::vector<numbered_record> found;
    found.reserve(in_use / replay_item_octets);
    for (auto at = replay_item_octets; at + replay_item_octets <= in_use;
         at += replay_item_octets) {
        if (const auto record = decode_record(item_at(octets, at), at))
            found.push_back(*record);
        else
            good = false;
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.sequence < b.sequence;
    });
    // All that the header counts, and no others: none lost, none from an earlier round.
    if (!found.empty())
        good = good && found.back().sequence == contents.inserted - 1 &&
               found.back().sequence - found.front().sequence == found.size() - 1;
    contents.records.reserve(found.size());
    for (const auto& record : found)
        contents.records.push_back(record.record);
    if (good)
        parsed.condition = replay_condition::good;
    return parsed;
}

} // namespace securevoice::detail
