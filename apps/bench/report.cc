/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench/report.h"

#include "call_options.h"
#include "dispatch.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <system_error>
#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace securevoice::apps {

namespace {

constexpr int no_plotter = 127;

/*! In the child: the plotter, the JSON on its standard input. */
[[noreturn]] void become_plotter(int input, const std::string& file)
{
    dup2(input, STDIN_FILENO);
    std::string name = "securevoice-plot", output = "--output", path = file;
    char* arguments[] = { name.data(), output.data(), path.data(), nullptr };
    try {
        become("plot", arguments);
    } catch (const std::exception& e) {
        tell(e.what());
    }
    _exit(no_plotter);
}

void draw(const std::string& json, const std::string& file)
{
    int ends[2];
    if (pipe(ends) != 0)
        throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        become_plotter(ends[0], file);
    }
    close(ends[0]);
    std::signal(SIGPIPE, SIG_IGN); // a plotter that fails early says so itself
    for (std::size_t at = 0; child > 0 && at < json.size();) {
        const auto written = write(ends[1], json.data() + at, json.size() - at);
        if (written < 0)
            break;
        at += static_cast<std::size_t>(written);
    }
    close(ends[1]);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child)
        throw std::system_error(errno, std::generic_category(), "cannot run the plotter");
    if (WIFEXITED(status) && WEXITSTATUS(status) == no_plotter)
        throw std::runtime_error(
            "there is no program securevoice-plot beside this one or "
            "on PATH: install it, or leave out --plot");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error("the picture was not drawn: " + file);
}

} // namespace

void add_report(CLI::App& parser, report_options& options)
{
    parser.add_flag("--json", options.json, "JSON instead of a table");
    parser.add_option("--plot", options.plot, "draw the result, too: a PNG file");
}

void tell(const report_options& options,
          const std::string& bench,
          const nlohmann::ordered_json& report,
          const std::function<void()>& print_table)
{
    nlohmann::ordered_json named{ { "bench", bench } };
    named.update(report);
    if (options.json)
        fmt::print("{}\n", named.dump(2));
    else
        print_table();
    if (!options.plot.empty())
        draw(named.dump(), options.plot);
}

} // namespace securevoice::apps
