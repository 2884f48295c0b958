/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "buffer_check.h"

#include "record_item.h"

#include <gnuradio/buffer.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace gr {
namespace securevoice {

namespace {

bool starts_with(const std::string& text, const char* beginning)
{
    return text.rfind(beginning, 0) == 0;
}

/*! Path behind an address as proc(5) tells it; empty for memory without one. */
std::string mapped_path(std::uintptr_t address)
{
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::istringstream fields(line);
        std::uintptr_t first = 0, last = 0, offset = 0, inode = 0;
        std::string permissions, device, path;
        char dash = 0;
        fields >> std::hex >> first >> dash >> last >> permissions >> offset >> device >>
            std::dec >> inode >> std::ws;
        std::getline(fields, path);
        if (first <= address && address < last)
            return path;
    }
    throw std::runtime_error("cannot tell whether GNU Radio keeps its buffers in memory "
                             "or in files: /proc/self/maps does not say");
}

bool is_memory(const std::string& path)
{
    // POSIX shared memory, System V shared memory, anonymous shared memory, memfd_create
    return path.empty() || starts_with(path, "/dev/shm/") || starts_with(path, "/SYSV") ||
           starts_with(path, "/dev/zero") || starts_with(path, "/memfd:") ||
           path[0] == '[';
}

} // namespace

void refuse_buffers_in_files()
{
    const auto probe = gr::make_buffer(1, page_octets, 1, 1);
    const auto path =
        mapped_path(reinterpret_cast<std::uintptr_t>(probe->write_pointer()));
    if (!is_memory(path))
        throw std::runtime_error(
            "GNU Radio keeps its buffers in files here, and speech in clear would be "
            "written to "
            "them: delete 'vmcircbuf_default_factory' in GNU Radio's folder 'prefs' "
            "(~/.gnuradio/prefs) and see that /dev/shm can be used");
}

} // namespace securevoice
} // namespace gr
