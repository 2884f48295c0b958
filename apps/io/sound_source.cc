/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/sound_source.h"
#include "io/wav_header.h"

#include "core/system/reason.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace securevoice::apps {

namespace {

/*! libsndfile's name of samples without a header; 0: it does not know them so. */
int raw_format(const wav_header& header)
{
    if (header.channels == 0 || header.frame_size % header.channels != 0)
        return 0;
    const int octets = header.frame_size / header.channels;
    constexpr int raw = SF_FORMAT_RAW | SF_ENDIAN_LITTLE;
    if (header.coding == 1)
        switch (octets) {
        case 1:
            return raw | SF_FORMAT_PCM_U8;
        case 2:
            return raw | SF_FORMAT_PCM_16;
        case 3:
            return raw | SF_FORMAT_PCM_24;
        case 4:
            return raw | SF_FORMAT_PCM_32;
        default:
            return 0;
        }
    if (header.coding == 3)
        return octets == 4   ? raw | SF_FORMAT_FLOAT
               : octets == 8 ? raw | SF_FORMAT_DOUBLE
                             : 0;
    return 0;
}

/*! libsndfile takes almost any octets for MPEG audio, which then is noise. */
bool is_named_mpeg(const std::string& path)
{
    auto extension = std::filesystem::path(path).extension().string();
    for (auto& c : extension)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return extension == ".mp3" || extension == ".mp2" || extension == ".mp1";
}

} // namespace

/*! The samples of a file, for libsndfile, which would believe the header. */
struct sound_source::part_of_file {
    int file = -1;
    std::uint64_t begin = 0;
    std::uint64_t octets = 0;
    std::uint64_t at = 0;

    explicit part_of_file(const std::string& path)
        : file(::open(path.c_str(), O_RDONLY | O_CLOEXEC))
    {
    }
    ~part_of_file()
    {
        if (file >= 0)
            ::close(file);
    }
    part_of_file(const part_of_file&) = delete;
    part_of_file& operator=(const part_of_file&) = delete;

    static part_of_file& of(void* user) { return *static_cast<part_of_file*>(user); }
    static sf_count_t length(void* user)
    {
        return static_cast<sf_count_t>(of(user).octets);
    }
    static sf_count_t tell(void* user) { return static_cast<sf_count_t>(of(user).at); }
    static sf_count_t seek(sf_count_t offset, int whence, void* user)
    {
        auto& p = of(user);
        const auto from = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? static_cast<sf_count_t>(p.at)
                                               : static_cast<sf_count_t>(p.octets);
        p.at = static_cast<std::uint64_t>(
            std::clamp<sf_count_t>(from + offset, 0, static_cast<sf_count_t>(p.octets)));
        return static_cast<sf_count_t>(p.at);
    }
    static sf_count_t read(void* out, sf_count_t count, void* user)
    {
        auto& p = of(user);
        const auto wanted =
            std::min<std::uint64_t>(static_cast<std::uint64_t>(count), p.octets - p.at);
        std::uint64_t done = 0;
        while (done < wanted) {
            const auto got = ::pread(p.file,
                                     static_cast<char*>(out) + done,
                                     wanted - done,
                                     static_cast<off_t>(p.begin + p.at));
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                break;
            done += static_cast<std::uint64_t>(got);
            p.at += static_cast<std::uint64_t>(got);
        }
        return static_cast<sf_count_t>(done);
    }
    static sf_count_t write(const void*, sf_count_t, void*) { return 0; }
};

void sound_source::closer::operator()(sf_private_tag* file) const { sf_close(file); }

sound_source::~sound_source() = default;

sound_source::sound_source(const std::string& path, const char* what)
    : d_path(path), d_what(what)
{
    struct stat there {
    };
    const bool is_there = path != "-" && stat(path.c_str(), &there) == 0;
    if (path != "-" && !is_there)
        refuse(reason());
    if (is_there && S_ISDIR(there.st_mode))
        refuse("it is a folder; name a file");
    if (is_there && S_ISREG(there.st_mode)) {
        d_part = std::make_unique<part_of_file>(path);
        const auto header = read_wav_header(d_part->file);
        const int format = header ? raw_format(*header) : 0;
        if (format != 0 && (!header->is_true() || !header->is_known_to_libsndfile)) {
            d_part->begin = header->data_at;
            d_part->octets = header->data_octets;
            d_channels = header->channels;
            d_rate = static_cast<int>(std::min<std::uint32_t>(header->rate, 1U << 30));
            if (!header->is_true())
                d_problem = fmt::format(
                    "{}: its header says {} octets of samples, the file holds {}: all "
                    "of these are read",
                    path,
                    header->data_said,
                    header->data_octets);
            open_samples(format);
            return;
        }
        d_part.reset();
    }
    open_samples(0);
}

void sound_source::refuse(const std::string& why) const
{
    throw std::runtime_error(
        fmt::format("cannot read {} from {}: {}", d_what, d_path, why));
}

void sound_source::open_samples(int format)
{
    SF_INFO info{};
    if (format != 0) {
        SF_VIRTUAL_IO part{ part_of_file::length,
                            part_of_file::seek,
                            part_of_file::read,
                            part_of_file::write,
                            part_of_file::tell };
        info.format = format;
        info.channels = static_cast<int>(d_channels);
        info.samplerate = std::max(d_rate, 1); // which is looked at below
        d_file.reset(sf_open_virtual(&part, SFM_READ, &info, d_part.get()));
    } else {
        d_file.reset(sf_open(d_path.c_str(), SFM_READ, &info));
        d_rate = info.samplerate;
    }
    if (!d_file) {
        std::string why = sf_strerror(nullptr);
        while (!why.empty() && (why.back() == '.' || why.back() == ' '))
            why.pop_back();
        refuse(why + ": convert it to a WAV file of 16 bit");
    }
    if ((info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG && !is_named_mpeg(d_path))
        refuse("it is no sound file that is known (MPEG audio has to be named .mp3): "
               "convert it to a WAV file of 16 bit");
    if (d_rate <= 0)
        throw std::runtime_error(d_path +
                                 " says a sample rate of 0: convert it to a WAV file "
                                 "that says its rate");
    d_channels = static_cast<std::size_t>(info.channels);
    d_frames = static_cast<std::uint64_t>(std::max<sf_count_t>(info.frames, 0));
    switch (info.format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_FLOAT:
    case SF_FORMAT_DOUBLE:
        d_coding = coding::floats;
        break;
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_PCM_24:
    case SF_FORMAT_PCM_32:
        d_coding = coding::integers;
        break;
    default:
        break;
    }
    d_16_bit = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_PCM_16;
    d_32_bit_float = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_FLOAT;
}

std::size_t sound_source::read(float* out, std::size_t frames)
{
    const auto got = sf_readf_float(d_file.get(), out, static_cast<sf_count_t>(frames));
    if (sf_error(d_file.get()) != SF_ERR_NO_ERROR)
        throw std::runtime_error("cannot read " + d_path + ": " +
                                 sf_strerror(d_file.get()));
    return static_cast<std::size_t>(std::max<sf_count_t>(got, 0));
}

bool sound_source::rewind() { return sf_seek(d_file.get(), 0, SEEK_SET) == 0; }

} // namespace securevoice::apps
