/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz_input.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

/*!
 * Runs a fuzz target without libFuzzer over stored inputs: replay FILE_OR_FOLDER ... So
 * the seeds are a test in every build, with every compiler.
 */
int main(int argc, char** argv)
{
    namespace fs = std::filesystem;
    std::vector<fs::path> files;
    for (int n = 1; n < argc; ++n) {
        if (fs::is_directory(argv[n]))
            std::copy(fs::directory_iterator(argv[n]), {}, std::back_inserter(files));
        else
            files.emplace_back(argv[n]);
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        const std::vector<char> octets(std::istreambuf_iterator<char>(in), {});
        if (!in) {
            std::fprintf(stderr, "cannot read %s\n", file.c_str());
            return 1;
        }
        std::printf("%s\n", file.c_str());
        std::fflush(stdout); // a crash shows its input
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(octets.data()),
                               octets.size());
    }
    std::printf("%zu inputs\n", files.size());
    return files.empty() ? 1 : 0;
}
