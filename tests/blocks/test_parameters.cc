/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench.h"

#include "core/protocol/mode.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <limits>

using namespace gr::securevoice;
using bench::keys;

namespace {

/*! The sentence with which something is refused. */
template <typename Error, typename Function>
std::string refusal(Function make)
{
    try {
        make();
    } catch (const Error& e) {
        return e.what();
    } catch (const std::exception& e) {
        return std::string("another error: ") + e.what();
    }
    return "not refused";
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(parameters)

BOOST_AUTO_TEST_CASE(right_ones_are_taken)
{
    for (const auto& codec : codec_names()) {
        BOOST_CHECK_NO_THROW(voice_encoder::make(codec));
        BOOST_CHECK_NO_THROW(
            seal::make("ours", codec, "narrow", "secure", false, keys()));
    }
    BOOST_CHECK_NO_THROW(seal::make("", "3200", "narrow", "clear", true));
    BOOST_CHECK_NO_THROW(seal::make(keys() + "/ours.key"));
    BOOST_CHECK_NO_THROW(open::make({ "ours", "theirs" }, true, keys()));
    BOOST_CHECK_NO_THROW(open::make({}));
    BOOST_CHECK_NO_THROW(modulator::make(2e6));
    BOOST_CHECK_NO_THROW(demodulator::make(12000, 2000));
    BOOST_CHECK_NO_THROW(voice_decoder::make());
}

BOOST_AUTO_TEST_CASE(wrong_codec_profile_kind)
{
    using wrong = std::invalid_argument;
    BOOST_TEST(contains(refusal<wrong>([] { voice_encoder::make("9600"); }), "3200"));
    BOOST_TEST(contains(refusal<wrong>([] {
                            seal::make("ours", "9600", "narrow", "secure", false, keys());
                        }),
                        "3200"));
    BOOST_TEST(contains(refusal<wrong>([] {
                            seal::make("ours", "3200", "wide", "secure", false, keys());
                        }),
                        "narrow"));
    BOOST_TEST(contains(refusal<wrong>([] {
                            seal::make("ours", "3200", "narrow", "toggle", true, keys());
                        }),
                        "'secure', 'clear' or 'fm'"));
    BOOST_TEST(contains(
        refusal<wrong>([] { seal::make("ours", "3200", "narrow", "fm", true, keys()); }),
        "allow_fm"));
    BOOST_TEST(contains(
        refusal<wrong>([] {
            seal::make("ours", "3200", "robust", "secure", false, keys(), "", true);
        }),
        "robust"));
    BOOST_TEST(
        contains(refusal<wrong>([] { modulator::make(48000, 6000); }), "deviation"));
    BOOST_TEST(contains(
        refusal<wrong>([] { demodulator::make(48000, 6000, "", true, 2500, true, 50); }),
        "CTCSS"));
}

BOOST_AUTO_TEST_CASE(sample_rates)
{
    const double never = std::numeric_limits<double>::quiet_NaN();
    for (const double rate : { 0.0, -48000.0, 11999.0, 20e6 + 1, never }) {
        BOOST_CHECK_THROW(modulator::make(rate), std::invalid_argument);
        BOOST_CHECK_THROW(demodulator::make(rate), std::invalid_argument);
    }
    BOOST_CHECK_THROW(demodulator::make(48000, -1), std::invalid_argument);
    BOOST_CHECK_THROW(demodulator::make(48000, never), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(no_usable_key)
{
    using missing = std::runtime_error;
    const auto make_seal = [](const std::string& key) {
        return [key] { seal::make(key, "3200", "narrow", "secure", false, keys()); };
    };
    const auto make_open = [](const std::string& key) {
        return [key] { open::make({ "ours", key }, false, keys()); };
    };
    BOOST_TEST(contains(refusal<missing>(make_seal("nobody")), "nobody"));
    BOOST_TEST(contains(refusal<missing>(make_open("nobody")), "nobody"));

    const auto loose = keys() + "/loose.key";
    std::filesystem::copy_file(keys() + "/ours.key", loose);
    std::filesystem::permissions(loose, std::filesystem::perms(0644));
    BOOST_TEST(contains(refusal<missing>(make_seal(loose)), "loose.key"));
    BOOST_TEST(contains(refusal<missing>(make_open(loose)), "loose.key"));
    std::filesystem::remove(loose);

    BOOST_TEST(contains(refusal<std::invalid_argument>(make_open("ours")), "same key"));
    BOOST_TEST(contains(refusal<std::invalid_argument>(make_seal("")), "key"));
}

BOOST_AUTO_TEST_CASE(clear_has_to_be_allowed)
{
    BOOST_TEST(contains(refusal<std::invalid_argument>([] {
                            seal::make("ours", "3200", "narrow", "clear", false, keys());
                        }),
                        "allow_clear"));
    const auto strict = seal::make("ours", "3200", "narrow", "secure", false, keys());
    BOOST_CHECK_THROW(strict->set_kind("clear"), std::invalid_argument);
    BOOST_CHECK_NO_THROW(strict->set_kind("secure"));
    const auto keyless = seal::make("", "3200", "narrow", "clear", true);
    BOOST_CHECK_THROW(keyless->set_kind("secure"), std::invalid_argument);
    const auto free = seal::make("ours", "3200", "narrow", "secure", true, keys());
    BOOST_CHECK_THROW(free->set_kind("toggle"), std::invalid_argument);
    BOOST_CHECK_THROW(voice_encoder::make()->set_kind(""), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(records_of_another_block_do_not_fit)
{
    auto top = gr::make_top_block("mismatch");
    BOOST_CHECK_THROW(top->connect(voice_encoder::make(), 0, modulator::make(), 0),
                      std::invalid_argument);
    BOOST_CHECK_THROW(
        top->connect(seal::make("ours", "3200", "narrow", "secure", false, keys()),
                     0,
                     open::make({}),
                     0),
        std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
