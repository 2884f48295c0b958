/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "program.h"

#include "call_options.h"
#include "dispatch.h"
#include "io/ending.h"
#include "numbers.h"

#include "core/crypto/secret_memory.h"
#include "core/system/process.h"
#include "core/text/nearest_word.h"
#include "core/text/program_name.h"
#include "core/text/version.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace securevoice::apps {

namespace {

int say(int code, const std::string& sentence)
{
    tell(sentence);
    return code;
}

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& words)
{
    const auto near = nearest_word(typed, words);
    return near ? "did you mean '" + *near + "'? " : "";
}

std::vector<std::string> subcommands_of(const CLI::App& command)
{
    std::vector<std::string> names;
    for (const auto* sub : command.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(sub->get_name());
    return names;
}

// The first word that should be a subcommand and is none: what is missing, and of what. It may be the name of another program.
struct unknown_word {
    std::string word;
    std::string of; // "", "keys", "bench"
    std::vector<std::string> known;
};
std::optional<unknown_word> find_unknown(const CLI::App& program, int argc, char** argv)
{
    const auto* command = &program;
    std::string of;
    for (int n = 1; n < argc && argv[n][0] != '-'; ++n) {
        const auto known = subcommands_of(*command);
        if (known.empty())
            break;
        if (std::find(known.begin(), known.end(), argv[n]) == known.end())
            return unknown_word{ argv[n], of, known };
        of = argv[n];
        command = command->get_subcommand(of);
    }
    return std::nullopt;
}

// The command whose options are read where an argument was not expected.
const CLI::App& innermost(const CLI::App& program)
{
    const auto parsed = program.get_subcommands();
    return parsed.empty() ? program : innermost(*parsed.back());
}

std::string complaint(const CLI::App& program, const CLI::ParseError& e)
{
    std::string text = e.what();
    const auto after = [&text](const std::string& mark) {
        return text.substr(text.find(mark) + mark.size());
    };
    if (dynamic_cast<const CLI::ConversionError*>(&e))
        return after(": ") + " is too large a number, or one of another kind ";
    if (!dynamic_cast<const CLI::ExtrasError*>(&e))
        return text + " ";
    std::vector<std::string> names;
    for (const auto* option : innermost(program).get_options())
        for (const auto& name : option->get_lnames())
            names.push_back("--" + name);
    // CLI11 names the last one first; an option's value may be among them.
    const auto typed = after(": ");
    const auto option = typed.compare(0, 1, "-") == 0 ? 0 : typed.find(" -") + 1;
    const auto word = typed.substr(option, typed.find_first_of(" =", option) - option);
    return text + ": " + did_you_mean(word, names);
}

// The next file that is opened would get the number of a standard descriptor that is closed, and what is told would be written into it.
void occupy_closed_descriptors()
{
    for (const int number : { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO })
        if (::fcntl(number, F_GETFD) < 0)
            // The lowest number that is free; speech to a standard output that is closed stays an error.
            ::open("/dev/null", number == STDOUT_FILENO ? O_RDONLY : O_WRONLY);
}

int run(int argc, char** argv, const program_parts& parts)
{
    CLI::App program{ parts.description };
    program.name(program_name());
    program.set_version_flag("--version", "securevoice " + version());
    program.require_subcommand(1);
    const auto commands = parts.add_commands(program);
    teach_numbers(program);

    if (auto unknown = find_unknown(program, argc, argv)) {
        const auto& [word, of, known] = *unknown;
        if (!of.empty())
            return say(bad_usage,
                       fmt::format("there is no command '{} {}': {}{} lists them",
                                   of,
                                   word,
                                   did_you_mean(word, known),
                                   quoted_command(of + " --help")));
        become(word, argv + 1);
        auto all = known;
        const auto others = other_commands();
        all.insert(all.end(), others.begin(), others.end());
        return say(bad_usage,
                   fmt::format("there is no command '{0}' and no program "
                               "securevoice-{0}: {1}{2} lists the commands",
                               word,
                               did_you_mean(word, all),
                               quoted_command("--help")));
    }
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
            return program.exit(e); // --help, --version
        return say(bad_usage, complaint(program, e) + "(see --help)");
    }
    occupy_closed_descriptors();
    harden_process();
    on_unlocked_memory([] { warn(unlocked_memory); });
    clean_up_on_signals();
    const auto asked = std::find_if(commands.begin(), commands.end(), [](const auto& c) {
        return c.parser->parsed();
    });
    return asked->run();
}

} // namespace

int run_program(int argc, char** argv, const program_parts& parts)
{
    try {
        return run(argc, argv, parts);
    } catch (const std::invalid_argument& e) {
        return say(bad_usage, e.what());
    } catch (const std::bad_alloc&) {
        return say(environment_failed, "there is not enough memory");
    } catch (const std::exception& e) {
        return say(environment_failed, e.what());
    }
}

} // namespace securevoice::apps
