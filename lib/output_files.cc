/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gnuradio/securevoice/output_files.h>

#include "core/files/output_file.h"
#include "core/files/speech_recording.h"

#include <optional>
#include <stdexcept>

namespace gr {
namespace securevoice {

void check_output(const std::string& path, const std::vector<std::string>& not_over)
{
    ::securevoice::find_output_target(path, not_over);
}

struct output_file::parts {
    ::securevoice::output_file file;
};

output_file::output_file(const std::string& path,
                         const std::vector<std::string>& not_over,
                         bool is_private)
    : d_parts(new parts{ ::securevoice::output_file(path, { is_private, not_over }) })
{
}

output_file::~output_file() = default;

void output_file::write(const std::string& octets) { d_parts->file.write(octets); }

void output_file::publish() { d_parts->file.publish(); }

int output_file::fileno() { return d_parts->file.descriptor(); }

std::string output_file::problem() const { return d_parts->file.problem(); }

struct speech_recording::parts {
    std::string path;
    std::optional<::securevoice::speech_recording> file; // none once it is closed
    std::uint64_t samples = 0;
    std::string problem;

    template <typename Sample>
    void write(const Sample* data, std::size_t count)
    {
        if (!file)
            throw std::runtime_error("cannot write " + path + ": it was closed");
        file->write(data, count);
    }
};

speech_recording::speech_recording(const std::string& path,
                                   const std::vector<std::string>& not_over)
    : d_parts(std::make_unique<parts>())
{
    d_parts->path = path;
    d_parts->file.emplace(path, not_over);
}

speech_recording::~speech_recording() = default;

void speech_recording::write(const float* samples, std::size_t count)
{
    d_parts->write(samples, count);
}

void speech_recording::write(const std::int16_t* samples, std::size_t count)
{
    d_parts->write(samples, count);
}

std::uint64_t speech_recording::samples() const
{
    return d_parts->file ? d_parts->file->samples() : d_parts->samples;
}

std::string speech_recording::problem() const
{
    return d_parts->file ? d_parts->file->problem() : d_parts->problem;
}

void speech_recording::close()
{
    if (d_parts->file && samples() > 0)
        d_parts->file->finish();
    d_parts->samples = samples();
    d_parts->problem = problem();
    d_parts->file.reset();
}

} // namespace securevoice
} // namespace gr
