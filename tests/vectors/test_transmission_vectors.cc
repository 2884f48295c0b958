/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE transmission_vectors
#include "core/chain/call_receiver.h"
#include "core/chain/sealer.h"
#include "core/fec/polar.h"
#include "core/keys/key_file.h"
#include "core/modem/waveform/waveform.h"
#include "crypto/helpers.h"
#include "crypto/session_for_tests.h"
#include "temporary_folder.h"

#include <nlohmann/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

// tests/vectors/README.md says what the files hold and how they were made: by tools that
// share no code with the core.

using namespace securevoice;
using nlohmann::json;
using test::from_hex;
using test::to_hex;

namespace {

const json& vectors()
{
    static const json all =
        json::parse(std::ifstream(SECUREVOICE_VECTORS "/transmissions.json"));
    return all;
}

const json& key_files()
{
    static const json all =
        json::parse(std::ifstream(SECUREVOICE_VECTORS "/key_files.json"));
    return all.at("files");
}

std::string text_of(const json& j, const char* name)
{
    return j.at(name).get<std::string>();
}

const json& transmission_of(const std::string& label)
{
    const auto& all = vectors().at("transmissions");
    const auto found = std::find_if(all.begin(), all.end(), [&](const json& t) {
        return text_of(t, "label") == label;
    });
    BOOST_REQUIRE(found != all.end());
    return *found;
}

mode mode_of(const json& t) { return mode_from_code(t.at("mode").get<std::uint8_t>()); }

/*! \param name of a key of the file, or null */
key_ptr key_of(const json& name)
{
    if (name.is_null())
        return nullptr;
    auto octets =
        from_hex(text_of(vectors().at("keys"), name.get<std::string>().c_str()));
    return std::make_shared<named_key>(
        named_key{ name, secret_key::take(octets.data(), octets.size()) });
}

template <typename Array>
Array array_of(const std::string& hex)
{
    const auto octets = from_hex(hex);
    Array out{};
    BOOST_REQUIRE(octets.size() <= out.size());
    std::copy(octets.begin(), octets.end(), out.begin());
    return out;
}

/*! Code bits as the vectors write them. */
std::string packed(const coded_frame& frame, std::size_t bits)
{
    std::vector<std::uint8_t> octets(bits / 8);
    for (std::size_t n = 0; n < bits; ++n)
        octets[n / 8] =
            static_cast<std::uint8_t>(octets[n / 8] | frame.bits[n] << (7 - n % 8));
    return to_hex(octets);
}

/*! The transmission that the next one begun by a sealer has to be. */
const json* next_transmission = nullptr;

sending_session session_of(const json& t, const secret_key* key, std::int64_t unix_time)
{
    auto draws = from_hex(text_of(t, "keyless_random"));
    if (!key)
        for (const auto& b : t.at("blocks"))
            draws.push_back(from_hex(text_of(b, "tag")).back());
    const auto given = [draws, used = std::size_t{}](std::uint8_t* octets,
                                                     std::size_t count) mutable {
        BOOST_REQUIRE(used + count <= draws.size());
        std::copy_n(draws.begin() + static_cast<std::ptrdiff_t>(used), count, octets);
        used += count;
    };
    auto session =
        session_for_tests::with_salt(key,
                                     mode_of(t),
                                     unix_time,
                                     array_of<salt_value>(text_of(t, "salt")),
                                     key ? system_random() : random_source(given));
    // Nobody can choose a number: all the blocks before it are sealed.
    while (session.next_number() < t.at("blocks").at(0).at("number"))
        session.seal(kind::secure, text_field{});
    return session;
}

} // namespace

/*! What a sealer calls here in the place of sending_session's constructor (the linker's
 * --wrap): salts are handed in by no interface of the core. */
void begin_with_given_salt(
    sending_session* made,
    const secret_key* key,
    mode m,
    std::int64_t unix_time,
    const std::array<std::uint8_t, 32>&
        first_audio) __asm__("__wrap_" SECUREVOICE_SESSION_CONSTRUCTOR);

void begin_with_given_salt(sending_session* made,
                           const secret_key* key,
                           mode m,
                           std::int64_t unix_time,
                           const std::array<std::uint8_t, 32>&)
{
    BOOST_REQUIRE(next_transmission);
    BOOST_REQUIRE((m == mode_of(*next_transmission)));
    new (made) sending_session(session_of(*next_transmission, key, unix_time));
}

namespace {

/*! What the sealer emits for a transmission's spoken blocks. */
std::vector<coded_frame> seal_all(const json& t)
{
    sealer_options o;
    o.key = key_of(t.at("key"));
    o.mode = mode_of(t);
    o.allow_clear = true;
    o.first =
        text_of(t.at("blocks").at(0), "kind") == "clear" ? kind::clear : kind::secure;
    o.clock = [&t] { return t.at("unix_time").get<std::int64_t>(); };
    sealer s(o);
    std::vector<coded_frame> frames;
    const auto keep = [&frames](const coded_frame& f) { frames.push_back(f); };
    next_transmission = &t;
    spoken_block press;
    press.flags = spoken_block::start;
    s.seal(press, keep);
    const auto& blocks = t.at("blocks");
    for (std::size_t n = 0; n + 2 < blocks.size(); ++n) {
        const auto& b = blocks[n];
        if (b.contains("command"))
            s.command(text_of(b, "command") == "clear" ? kind::clear : kind::secure);
        spoken_block spoken;
        spoken.flags = spoken_block::voice_present;
        // Where the numbers are used up END comes by itself.
        if (n + 3 == blocks.size() && b.at("number") != max_blocks - 3)
            spoken.flags |= spoken_block::end;
        spoken.commanded = b.at("clear_commands");
        spoken.voice = array_of<voice_field>(text_of(b, "voice"));
        s.seal(spoken, keep);
    }
    next_transmission = nullptr;
    return frames;
}

/*! A live receiver with a clock of its own and a memory on disk. */
class station
{
public:
    explicit station(const json& told) : d_told(told)
    {
        double begun = told.at("memory_since");
        replay_memory(d_folder / "state", [&] {
            return begun;
        }).store(test::key_from(99), salt_value{}, {});
        restart();
        for (const auto& salt : told.at("sent_itself")) {
            remembered mine;
            mine.own = true;
            d_memory->store(key_of(told.at("key"))->key,
                            array_of<salt_value>(salt.get<std::string>()),
                            mine);
        }
    }

    void restart()
    {
        d_call_receiver.reset();
        d_memory.reset();
        d_memory = std::make_shared<replay_memory>(d_folder / "state", clock());
        call_receiver_options o;
        if (const auto key = key_of(d_told.at("key")))
            o.keys = { key };
        o.secure_only = d_told.at("secure_only");
        o.replay.memory = d_memory;
        o.replay.clock = clock();
        o.replay.window = replay_guard::usual_window;
        d_call_receiver.emplace(std::move(o));
    }

    /*! \return what is played now */
    std::vector<heard_block> hear(const json& event)
    {
        d_at = event.at("at");
        const auto what = text_of(event, "what");
        if (what == "restart") {
            restart();
            return {};
        }
        if (what == "sleep") {
            d_asleep += event.at("seconds").get<double>();
            return {};
        }
        soft_frame frame;
        frame.track = event.at("track");
        frame.time = d_at;
        if (what == "lost") {
            frame.what = soft_frame::type::lost_track;
        } else {
            fill(frame, event);
            if (what == "start")
                d_started.insert(frame.track);
            frame.started = d_started.count(frame.track) != 0;
        }
        std::vector<heard_block> played;
        d_call_receiver->receive(frame, [&](const heard_block& b) {
            if (b.what == heard_block::action::play)
                played.push_back(b);
        });
        return played;
    }

    receiver_status status() const { return d_call_receiver->status(); }

private:
    wall_clock clock()
    {
        return [this] { return d_told.at("clock").get<double>() + d_asleep + d_at; };
    }

    static void fill(soft_frame& frame, const json& event)
    {
        const auto* const sent =
            event.contains("of") ? &transmission_of(text_of(event, "of")) : nullptr;
        std::string bits;
        if (text_of(event, "what") == "start") {
            frame.what = soft_frame::type::start;
            bits = sent ? text_of(*sent, "start_bits") : text_of(event, "bits");
        } else {
            const auto& b =
                sent ? sent->at("blocks").at(event.at("block").get<std::size_t>())
                     : event;
            frame.what = soft_frame::type::block;
            frame.number = b.at("number");
            frame.mode = sent ? sent->at("mode") : event.at("mode");
            bits = text_of(b, "bits");
        }
        frame.sync_quality = 0.9f;
        const auto octets = from_hex(bits);
        for (std::size_t n = 0; n < 8 * octets.size(); ++n)
            frame.llr[n] = octets[n / 8] >> (7 - n % 8) & 1 ? -8.0f : 8.0f;
    }

    json d_told;
    test::temporary_folder d_folder;
    double d_at = 0;
    double d_asleep = 0; // s, of the host
    std::shared_ptr<replay_memory> d_memory;
    std::optional<call_receiver> d_call_receiver;
    std::set<std::uint32_t> d_started; // tracks
};

/*! What a played event of a reception holds. */
struct content {
    std::string kind;
    std::string voice;
    std::uint32_t number;
    unsigned codec;
};

content content_of(const json& event)
{
    if (!event.contains("of"))
        return { text_of(event, "kind"),
                 text_of(event, "voice"),
                 event.at("number"),
                 event.at("mode").get<unsigned>() % 8 };
    const auto& t = transmission_of(text_of(event, "of"));
    const auto& b = t.at("blocks").at(event.at("block").get<std::size_t>());
    return { text_of(b, "kind"), text_of(b, "voice"), b.at("number"), t.at("codec") };
}

freshness freshness_of(const std::string& reason)
{
    static const std::map<std::string, freshness> names{
        { "", freshness::fresh },
        { "heard before", freshness::heard_before },
        { "closed", freshness::closed },
        { "own", freshness::own },
        { "before the memory", freshness::before_memory },
        { "too old", freshness::too_old },
        { "from the future", freshness::from_future },
        { "late", freshness::late },
    };
    return names.at(reason);
}

std::vector<std::string> labels_of(const json& list)
{
    std::vector<std::string> labels;
    for (const auto& j : list)
        labels.push_back(text_of(j, "label"));
    return labels;
}

/*! Those that the core's sealer sends: it never goes from secure to clear without a
 * word. */
std::vector<std::string> labels_of_the_cores(const json& transmissions)
{
    std::vector<std::string> labels;
    for (const auto& t : transmissions)
        if (t.at("blocks").at(0).contains("clear_commands"))
            labels.push_back(text_of(t, "label"));
    return labels;
}

const json& labelled(const json& list, const std::string& label)
{
    return *std::find_if(list.begin(), list.end(), [&](const json& j) {
        return text_of(j, "label") == label;
    });
}

namespace data = boost::unit_test::data;
const auto every_transmission = data::make(labels_of(vectors().at("transmissions")));
const auto every_one_of_the_core =
    data::make(labels_of_the_cores(vectors().at("transmissions")));
const auto every_reception = data::make(labels_of(vectors().at("receptions")));
const auto every_key_file = data::make(labels_of(key_files()));

void check_bits_sent(const std::string& label)
{
    const auto& t = transmission_of(label);
    const auto frames = seal_all(t);
    const auto& blocks = t.at("blocks");
    BOOST_REQUIRE(frames.size() == blocks.size() + 2);
    BOOST_TEST((frames.front().what == coded_frame::type::start));
    BOOST_TEST(packed(frames.front(), start_code_bits) == text_of(t, "start_bits"));
    for (std::size_t n = 0; n < blocks.size(); ++n) {
        const auto& sent = frames[n + 1];
        BOOST_TEST((sent.what == coded_frame::type::block));
        BOOST_TEST(sent.mode == t.at("mode").get<unsigned>());
        BOOST_TEST(sent.number == blocks[n].at("number").get<unsigned>());
        BOOST_TEST(packed(sent, block_code_bits) == text_of(blocks[n], "bits"));
    }
    BOOST_TEST((frames.back().what == coded_frame::type::closing));
    BOOST_TEST(frames.back().number == t.at("closing").at("number").get<unsigned>());
}

void check_number_signs(const std::string& label)
{
    const auto& t = transmission_of(label);
    auto numbered = t.at("blocks").get<std::vector<json>>();
    numbered.push_back(t.at("closing"));
    for (const auto& b : numbered) {
        std::string signs;
        for (const float s : number_signs(b.at("number")))
            signs += s > 0 ? '+' : '-';
        BOOST_TEST(signs == text_of(b, "signs"));
    }
}

void check_reception(const std::string& label)
{
    const auto& reception = labelled(vectors().at("receptions"), label);
    station s(reception.at("receiver"));
    BOOST_TEST((s.status().state == heard_state::idle));
    const auto& events = reception.at("events");
    std::size_t heard = 0;
    for (std::size_t n = 0; n < events.size(); ++n) {
        BOOST_TEST_CONTEXT("event " << n)
        {
            const auto played = s.hear(events[n]);
            const auto& plays = events[n].at("plays");
            BOOST_TEST(state_name(s.status().state) == text_of(events[n], "state"));
            BOOST_REQUIRE(played.size() == plays.size());
            for (std::size_t k = 0; k < plays.size(); ++k) {
                const auto wanted = content_of(events[plays[k].get<std::size_t>()]);
                BOOST_TEST(kind_name(played[k].kind) == wanted.kind);
                BOOST_TEST(played[k].number == wanted.number);
                BOOST_TEST(unsigned(played[k].codec) == wanted.codec);
                const auto voice = array_of<voice_field>(wanted.voice);
                BOOST_TEST(to_hex(played[k].voice) == to_hex(voice));
            }
            heard += plays.size();
        }
        if (text_of(events[n], "what") == "restart")
            heard = 0; // a new receiver counts anew
    }
    BOOST_TEST(s.status().heard == heard);
    BOOST_TEST(s.status().reason ==
               reason_of(freshness_of(text_of(reception, "reason"))));
    BOOST_TEST(s.status().memory_problem == "");
}

void check_key_file(const std::string& label)
{
    const auto& vector = labelled(key_files(), label);
    const auto octets = from_hex(text_of(vector, "octets"));
    const test::temporary_folder folder;
    const auto path = folder.file("some.key", { octets.begin(), octets.end() });
    if (vector.at("key").is_null()) {
        BOOST_CHECK_THROW(read_key_file(path), key_error);
    } else {
        auto key = from_hex(text_of(vector, "key"));
        BOOST_TEST(
            read_key_file(path)->key.same(secret_key::take(key.data(), key.size())));
    }
}

} // namespace

BOOST_DATA_TEST_CASE(the_sealer_emits_these_bits, every_one_of_the_core, label)
{
    check_bits_sent(label);
}

BOOST_DATA_TEST_CASE(number_signs_are_these, every_transmission, label)
{
    check_number_signs(label);
}

BOOST_DATA_TEST_CASE(the_receiver_plays_this_and_says_that, every_reception, label)
{
    check_reception(label);
}

BOOST_DATA_TEST_CASE(key_files_are_read_or_refused, every_key_file, label)
{
    check_key_file(label);
}

BOOST_AUTO_TEST_CASE(the_table_of_states_is_the_documents)
{
    const std::map<std::string, heard_event> events{
        { "signal", heard_event::signal },
        { "secure", heard_event::secure },
        { "group", heard_event::clear_group },
        { "unknown", heard_event::clear_unknown },
        { "END", heard_event::end },
        { "silence", heard_event::silence },
        { "foreign", heard_event::foreign },
        { "unread", heard_event::nothing_read },
        { "replay", heard_event::replayed },
        { "delay", heard_event::delayed },
        { "fm", heard_event::fm },
        { "unannounced", heard_event::fm_unannounced },
    };
    BOOST_TEST(events.size() == heard_events);
    const auto& table = vectors().at("states");
    BOOST_TEST(table.size() == heard_states);
    for (std::size_t n = 0; n < heard_states; ++n) {
        const auto now = static_cast<heard_state>(n);
        const auto& row = table.at(state_name(now));
        BOOST_TEST(row.size() == heard_events);
        for (const auto& [name, event] : events)
            BOOST_TEST(state_name(next_state(now, event)) == text_of(row, name.c_str()),
                       state_name(now) << ", " << name);
    }
}

BOOST_AUTO_TEST_CASE(no_number_above_the_last_one_opens)
{
    const auto& t = transmission_of("the last numbers");
    const auto key = key_of(t.at("key"));
    const header h{ array_of<std::array<std::uint8_t, header_octets>>(
        text_of(t, "header")) };
    const auto& events =
        labelled(vectors().at("receptions"),
                 "number 65535, with a good tag and with a good clear check")
            .at("events");
    const auto holder = receiving_session::accept(h, key->key);
    BOOST_REQUIRE(holder.has_value());
    const public_session everybody(h);
    unsigned tried = 0;
    for (const auto& e : events) {
        if (!e.contains("number"))
            continue;
        BOOST_TEST(e.at("number").get<unsigned>() == max_blocks);
        // The vector is what it says: its bits hold the right piece for that number.
        const auto octets = from_hex(text_of(e, "bits"));
        std::array<float, block_code_bits> llr;
        for (std::size_t n = 0; n < llr.size(); ++n)
            llr[n] = octets[n / 8] >> (7 - n % 8) & 1 ? -8.0f : 8.0f;
        air_block block;
        polar_list_decoder(4).decode(
            block_code(mode_of(t).codec),
            llr.data(),
            nullptr,
            4,
            [&](const polar_candidate& c) {
                block = from_bits(mode_of(t).codec, c.piece.data(), c.others.data());
                return true;
            });
        BOOST_TEST((block.piece == header_piece(h, max_blocks)));
        text_field text{};
        BOOST_TEST(!holder->open(max_blocks, block, text));
        BOOST_TEST(!holder->clear_is_ours(max_blocks, block));
        BOOST_TEST(!everybody.open(max_blocks, block, text));
        BOOST_TEST(text == text_field{});
        ++tried;
    }
    BOOST_TEST(tried == 3u);
}
