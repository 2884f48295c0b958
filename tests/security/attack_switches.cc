/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE switches
#include "attack.h"
#include "core/chain/speech_encoder.h"
#include "core/protocol/bits.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <optional>
#include <set>

using namespace attack;

namespace {

#ifdef SECUREVOICE_SANITIZE        // ten times as slow
constexpr unsigned switches = 100; // to clear, and as many back
#else
constexpr unsigned switches = 1000;
#endif
constexpr double marker_hz = 2000;

/*! What is said: a marker tone while secure is wanted, a low voice while clear is. */
class mouth
{
public:
    std::vector<std::int16_t> say(std::size_t count, bool marker)
    {
        std::vector<std::int16_t> out(count);
        for (auto& sample : out) {
            const double t = static_cast<double>(d_at++) / speech_rate;
            d_pitch += (110 + 20 * std::sin(2.3 * t)) / speech_rate;
            double pulse = 0.02 * d_noise(d_rng);
            if (d_pitch >= 1) {
                d_pitch -= 1;
                pulse += 1;
            }
            const double formant =
                2 * M_PI * (450 + 80 * std::sin(3.1 * t)) / speech_rate;
            const double y = pulse + 1.9 * std::cos(formant) * d_y1 - 0.9025 * d_y2;
            d_y2 = d_y1;
            d_y1 = y;
            const double x =
                marker ? 9000 * std::sin(2 * M_PI * marker_hz * t) : 2500 * y;
            sample = static_cast<std::int16_t>(std::clamp(x, -32000.0, 32000.0));
        }
        return out;
    }

private:
    std::mt19937 d_rng{ 3 };
    std::normal_distribution<double> d_noise;
    std::size_t d_at = 0;
    double d_pitch = 0, d_y1 = 0, d_y2 = 0;
};

/*! Power of one frequency in a block, after Goertzel (1958). */
double goertzel(const std::int16_t* samples, std::size_t count, double hz)
{
    const double c = 2 * std::cos(2 * M_PI * hz / speech_rate);
    double s1 = 0, s2 = 0;
    for (std::size_t n = 0; n < count; ++n) {
        const double s = samples[n] + c * s1 - s2;
        s2 = s1;
        s1 = s;
    }
    return s1 * s1 + s2 * s2 - c * s1 * s2;
}

/*! Share of a block's power that lies within 100 Hz of the marker. */
double marker_share(const std::array<std::int16_t, samples_per_block>& block)
{
    constexpr double bin = static_cast<double>(speech_rate) / samples_per_block;
    double near = 0, all = 1; // a quiet block holds no marker
    for (const auto s : block)
        all += static_cast<double>(s) * s;
    for (double hz = marker_hz - 100; hz <= marker_hz + 100; hz += bin)
        near += goertzel(block.data(), block.size(), hz);
    // Parseval: the real signal has each frequency twice.
    return 2 * near / samples_per_block / all;
}

struct command {
    kind k;
    std::size_t at; // samples said before it
};

struct opened_block {
    kind k = kind::none;
    voice_field voice{};
};

/*! What went on the air, and opened by an eavesdropper in the know: both kinds are tried
 * on every block. */
struct aired {
    std::vector<opened_block> blocks;
    std::vector<std::uint32_t> numbers;
    unsigned both_kinds = 0;
    std::vector<std::int16_t> said;
    std::vector<command> commands;
};

aired talk(codec c)
{
    const auto key = key_of("alpha", 1);
    aired out;
    std::optional<receiving_session> holder;
    std::optional<public_session> everybody;
    polar_list_decoder decoder(4);
    const auto take = [&](const coded_frame& frame) {
        const auto soft = bit_air::soft(frame);
        polar_candidate got;
        const auto first = [&](const polar_candidate& candidate) {
            got = candidate;
            return true;
        };
        if (frame.what == coded_frame::type::start) {
            decoder.decode(start_code(), soft.llr.data(), nullptr, 4, first);
            header head;
            pack_bits(got.others.data(), header_bits, head.octets.data());
            holder = receiving_session::accept(head, key->key);
            everybody.emplace(head);
        }
        if (frame.what != coded_frame::type::block)
            return;
        decoder.decode(block_code(c), soft.llr.data(), nullptr, 4, first);
        const auto block = from_bits(c, got.piece.data(), got.others.data());
        text_field secure{}, clear{};
        const bool is_secure = holder->open(frame.number, block, secure);
        const bool is_clear = everybody->open(frame.number, block, clear);
        out.both_kinds += is_secure && is_clear;
        opened_block b;
        b.k = is_secure ? kind::secure : is_clear ? kind::clear : kind::none;
        const auto& text = is_secure ? secure : clear;
        std::copy(text.begin() + 1, text.end(), b.voice.begin());
        out.blocks.push_back(b);
        out.numbers.push_back(frame.number);
    };

    sealer s(bit_air::secure_sender(key, c));
    speech_encoder t(c);
    mouth m;
    std::mt19937 rng(17);
    const auto say = [&](std::size_t count, bool marker) {
        const auto samples = m.say(count, marker);
        out.said.insert(out.said.end(), samples.begin(), samples.end());
        t.push(samples.data(), samples.size(), [&](const spoken_block& b) {
            s.seal(b, take);
        });
    };
    const auto some_time = [&] { // 0 to 4 blocks; one in eight on a block's boundary
        const std::size_t count = rng() % (4 * samples_per_block);
        const auto over = (out.said.size() + count) % samples_per_block;
        return rng() % 8 == 0 ? count + samples_per_block - over : count;
    };
    t.press();
    say(3 * samples_per_block, true);
    for (unsigned n = 0; n < switches; ++n) {
        say(some_time(), true);
        const auto given = s.command(kind::clear); // as transmitter does it
        t.command(kind::clear, given, t.next_sample());
        out.commands.push_back({ kind::clear, out.said.size() });
        say(some_time(), false);
        s.command(kind::secure);
        out.commands.push_back({ kind::secure, out.said.size() });
    }
    say(3 * samples_per_block, true);
    t.release([&](const spoken_block& b) { s.seal(b, take); });
    out.said.resize((out.said.size() + samples_per_block - 1) / samples_per_block *
                    samples_per_block);
    return out;
}

/*! Blocks from whose first sample to their last one clear was wanted. */
std::vector<bool> captured_after(const aired& a)
{
    std::vector<bool> after;
    std::size_t next = 0;
    for (std::size_t begin = 0; begin < a.said.size(); begin += samples_per_block) {
        // Commands given before the last sample of the block was said
        while (next < a.commands.size() &&
               a.commands[next].at < begin + samples_per_block)
            ++next;
        after.push_back(next > 0 && a.commands[next - 1].k == kind::clear &&
                        a.commands[next - 1].at <= begin);
    }
    return after;
}

/*!
 * The rule, said once more from the commands alone: clear was wanted while the block was
 * said, and behind a secure block before that one had ended, so that it could be
 * announced.
 */
std::vector<kind> kinds_wanted(const aired& a, const std::vector<bool>& after)
{
    std::vector<kind> kinds;
    for (std::size_t n = 0; n < after.size(); ++n) {
        const auto at_its_beginning = [&](const command& c) {
            return c.at == n * samples_per_block;
        };
        const bool announced =
            n == 0 || kinds.back() == kind::clear || after[n - 1] ||
            std::none_of(a.commands.begin(), a.commands.end(), at_its_beginning);
        kinds.push_back(after[n] && announced ? kind::clear : kind::secure);
    }
    return kinds;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_thousand_switches_to_clear_let_no_speech_of_before_out_in_clear)
{
    for (const auto c : { codec::c3200, codec::c1300 }) {
        const auto a = talk(c);
        const auto after = captured_after(a);
        const auto wanted = kinds_wanted(a, after);
        BOOST_REQUIRE(a.blocks.size() == wanted.size() + 2); // END is said twice more

        // Kinds and numbers
        unsigned wrong_kind = 0, clear_blocks = 0;
        for (std::size_t n = 0; n < wanted.size(); ++n) {
            wrong_kind += a.blocks[n].k != wanted[n];
            clear_blocks += wanted[n] == kind::clear;
        }
        BOOST_TEST(wrong_kind == 0u);
        BOOST_TEST(a.both_kinds == 0u);
        BOOST_TEST(clear_blocks > switches);
        for (std::size_t n = 0; n < a.numbers.size(); ++n)
            BOOST_TEST(a.numbers[n] == n); // none twice, none left out

        // Voice: all that is heard in clear is what a vocoder makes that heard nothing
        // said before the command.
        unsigned other_voice = 0, marked = 0;
        unsigned marker_only = 0, marker_found = 0, crossed = 0, crossed_marked = 0;
        std::optional<vocoder_encoder> fresh;
        vocoder_decoder ears(c);
        std::size_t next = 0;
        for (std::size_t n = 0; n < wanted.size(); ++n) {
            const auto before = n == 0 ? kind::none : wanted[n - 1];
            if (after[n]) {
                if (n == 0 || !after[n - 1])
                    fresh.emplace(c);
                const auto voice = fresh->encode(a.said.data() + n * samples_per_block);
                other_voice += wanted[n] == kind::clear && voice != a.blocks[n].voice;
            }
            if (wanted[n] != before)
                ears.reset();
            std::array<std::int16_t, samples_per_block> heard;
            ears.decode(a.blocks[n].voice, heard.data());
            const double share = marker_share(heard);
            const auto begin = n * samples_per_block;
            const auto first = next;
            while (next < a.commands.size() &&
                   a.commands[next].at < begin + samples_per_block)
                ++next;
            const bool commanded = next > first;
            const bool spoken_secure =
                next == 0 || a.commands[next - 1].k == kind::secure;
            if (wanted[n] == kind::clear) {
                marked += share > 0.01;
            } else if (!commanded && spoken_secure) {
                ++marker_only;
                marker_found += share > 0.01;
            } else if (next - first == 1 && !spoken_secure) {
                ++crossed; // the block during which clear was commanded
                crossed_marked += share > 0.01;
            }
        }
        BOOST_TEST_CONTEXT(codec_name(c))
        {
            BOOST_TEST(other_voice == 0u);
            BOOST_TEST(marked == 0u);
            // The ear is good enough: it finds the marker where it is, and would find it
            // in the block of the command.
            BOOST_TEST(marker_only > 0.8 * switches);
            BOOST_TEST(marker_found > 0.9 * marker_only);
            BOOST_TEST(crossed > 0.3 * switches);
            BOOST_TEST(crossed_marked > 0.5 * crossed);
        }
    }
}

/*! The limit of numbers lies between two switches: the next transmission begins with a
 * new salt, and none is used twice. */
BOOST_AUTO_TEST_CASE(no_number_is_used_twice_where_a_transmission_runs_out_of_them)
{
    const auto key = key_of("alpha", 1);
    const auto c = codec::c700c;
    sealer s(bit_air::secure_sender(key, c));
    std::mt19937 rng(5);
    std::uint32_t commands = 0;
    std::vector<std::vector<bool>> used; // of each transmission
    std::set<std::array<std::uint8_t, block_code_bits>> starts;
    unsigned twice = 0;
    const auto look = [&](const coded_frame& frame) {
        if (frame.what == coded_frame::type::start) {
            used.emplace_back(max_blocks);
            starts.insert(frame.bits);
        } else if (frame.what == coded_frame::type::block) {
            twice += used.back().at(frame.number);
            used.back()[frame.number] = true;
        }
    };
    const auto voice = bit_air::random_voice(rng, c);
    s.seal(bit_air::press(), look);
    for (unsigned n = 0; n < max_blocks + 1000; ++n) {
        if (n > max_blocks - 1000 && n % 3 == 0) {
            const auto k = n % 2 ? kind::clear : kind::secure;
            s.command(k);
            commands += k == kind::clear;
        }
        s.seal(bit_air::spoken(voice, 0, commands), look);
    }
    BOOST_TEST(twice == 0u);
    BOOST_TEST(used.size() == 2u);
    BOOST_TEST(starts.size() == 2u);
}
