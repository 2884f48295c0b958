/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE speech_recording
#include "../temporary_folder.h"
#include "core/files/speech_recording.h"

#include <boost/test/unit_test.hpp>

#include <sndfile.h>
#include <sys/resource.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <limits>
#include <thread>

using namespace securevoice;
using namespace securevoice::test;
namespace fs = std::filesystem;

namespace {

using samples = std::vector<std::int16_t>;

/*! What a player finds in a file, by its header. */
samples played(const std::string& path)
{
    SF_INFO info{};
    SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
    BOOST_REQUIRE_MESSAGE(file, path);
    BOOST_TEST(info.samplerate == 8000);
    BOOST_TEST(info.channels == 1);
    samples found(static_cast<std::size_t>(info.frames));
    BOOST_TEST(sf_readf_short(file, found.data(), info.frames) == info.frames);
    sf_close(file);
    return found;
}

std::uint32_t length_at(const std::string& octets, std::size_t place)
{
    std::uint32_t length = 0;
    std::memcpy(&length, octets.data() + place, sizeof length);
    return length;
}

const samples some{ 1, -2, 300, 32767, -32768 };

} // namespace

BOOST_AUTO_TEST_CASE(without_samples_the_old_file_stays)
{
    temporary_folder folder;
    const auto path = folder.file("heard.wav", "from before");
    {
        speech_recording out(path);
        out.write(some.data(), 0);
    }
    speech_recording(folder / "new.wav");
    BOOST_TEST(octets_of_file(path) == "from before");
    BOOST_TEST(!fs::exists(folder / "new.wav"));
}

BOOST_AUTO_TEST_CASE(what_was_heard_is_there_at_any_moment)
{
    temporary_folder folder;
    const auto path = folder.file("heard.wav", "from before", 0644);
    speech_recording out(path);
    samples all;
    for (int n = 0; n < 5; ++n) {
        out.write(some.data(), some.size());
        all.insert(all.end(), some.begin(), some.end());
        BOOST_TEST(played(path) == all);
        const auto octets = octets_of_file(path);
        BOOST_TEST(length_at(octets, 4) == octets.size() - 8);
        BOOST_TEST(length_at(octets, 40) == 2 * all.size());
    }
    BOOST_TEST(out.samples() == all.size());
    BOOST_TEST(access_of(path) == 0600u);
}

BOOST_AUTO_TEST_CASE(what_can_be_done_again_is_there_as_a_whole)
{
    temporary_folder folder;
    const auto path = folder.file("out.wav", "from before");
    for (const bool whole : { false, true }) {
        speech_recording out(path, {}, speech_recording::use::whole);
        out.write(some.data(), some.size());
        BOOST_TEST(octets_of_file(path) == "from before");
        if (whole)
            out.finish();
    }
    BOOST_TEST(played(path) == some);
    speech_recording out(folder / "none.wav", {}, speech_recording::use::whole);
    out.finish();
    BOOST_TEST(played(folder / "none.wav").empty());
    speech_recording again(path, {}, speech_recording::use::whole);
    again.finish();
    BOOST_TEST(played(path) == some);
}

BOOST_AUTO_TEST_CASE(floats_become_integers)
{
    temporary_folder folder;
    const float given[] = { 0,     0.5F,
                            -1.0F, 1.0F,
                            7.0F,  -std::numeric_limits<float>::infinity(),
                            0.25F, std::numeric_limits<float>::quiet_NaN() };
    {
        speech_recording out(folder / "heard.wav");
        out.write(given, std::size(given));
    }
    const samples right{ 0, 16384, -32768, 32767, 32767, -32768, 8192, 0 };
    BOOST_TEST(played(folder / "heard.wav") == right);
    std::vector<float> many(3000, 0.5F); // more than are converted at once
    speech_recording out(folder / "many.wav");
    out.write(many.data(), many.size());
    BOOST_TEST(played(folder / "many.wav") == samples(3000, 16384));
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_what_fitted)
{
    temporary_folder folder;
    const auto path = folder / "heard.wav";
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit little{ 1024, RLIM_INFINITY };
    setrlimit(RLIMIT_FSIZE, &little);
    {
        speech_recording out(path);
        const samples block(300, 7);
        out.write(block.data(), block.size());
        BOOST_CHECK_THROW(out.write(block.data(), block.size()), std::runtime_error);
    }
    setrlimit(RLIMIT_FSIZE, &before);
    BOOST_TEST(played(path) == samples((1024 - 44) / 2, 7));
}

BOOST_AUTO_TEST_CASE(a_folder_that_was_removed_is_made_again)
{
    temporary_folder folder;
    fs::create_directory(folder / "disk");
    const auto path = folder / "disk/heard.wav";
    speech_recording out(path);
    samples all;
    for (int n = 0; n < 4; ++n) {
        if (n % 2 == 1)
            fs::remove_all(folder / "disk");
        out.write(some.data(), some.size());
        all.insert(all.end(), some.begin(), some.end());
        BOOST_TEST(played(path) == all);
    }
    BOOST_TEST(!out.problem().empty());
}

BOOST_AUTO_TEST_CASE(pipes_carry_samples_alone)
{
    temporary_folder folder;
    const auto pipe = folder / "pipe.wav";
    BOOST_REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    std::string heard;
    std::thread reader([&] { heard = octets_of_file(pipe); });
    {
        speech_recording out(pipe);
        out.write(some.data(), some.size());
    }
    reader.join();
    BOOST_TEST(heard == std::string(reinterpret_cast<const char*>(some.data()), 10));
}

BOOST_AUTO_TEST_CASE(key_files_and_inputs_stay)
{
    temporary_folder folder;
    const auto key = folder.file("a.wav", "gr-securevoice key 1\nkey: 00\n");
    BOOST_CHECK_THROW(speech_recording{ key }, std::invalid_argument);
    const auto input = folder.file("b.wav", "input");
    BOOST_CHECK_THROW(speech_recording(input, { input }), std::invalid_argument);
}
