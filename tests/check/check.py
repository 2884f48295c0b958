#!/usr/bin/python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
What can be said of the sources without running them: `./gr-securevoice check`, and by it `test`, CI and the hooks of pre-commit.

    tests/check/check.py [--all] [--build TREE] [NAME ...]    the checks of these names; none: all of them

Linters differ from version to version. The house is checked with those of Debian 12 (HOUSE): what another version finds is shown and
fails nothing, and the two of clang, whose other versions write and warn differently everywhere, are then left out, and it is said.
The last line is `N passed, N failed`; the exit code is 1 where one failed.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import lengths
import links

TOP = pathlib.Path(__file__).resolve().parents[2]
HOUSE = {"clang-format": "14", "clang-tidy": "14", "shellcheck": "0.9", "pyflakes3": "2.5", "pycodestyle": "2.10", "codespell": "2.2"}
ONLY_THE_HOUSES = ("clang-format", "clang-tidy")
NOT_TEXT = re.compile(r"\.(png|wav|cf32|ci8|s16|pdf)$|^tests/fuzz/seeds/|^COPYING$")
# Not the house's: E203 blanks that line up a table, E261 two blanks before a comment, E306 empty lines around short functions within others,
# W503 and W504 (which contradict each other), E402 imports behind a path that is set. E501, lengths, is a check of its own.
PYCODESTYLE_IGNORES = "E203,E261,E306,E402,E501,W503,W504"


@dataclasses.dataclass
class Result:
    findings: list # lines, each with file and line number
    seen: str # how much was looked at
    advice: bool = False # another version's findings
    skipped: str = "" # why nothing was looked at


def sources(top=TOP):
    """Names of the repository's text files, relative to it: those that git knows and new ones that it does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=top, capture_output=True, check=False) if shutil.which("git") else None
    if listed and listed.returncode == 0:
        names = listed.stdout.decode().split("\0")[:-1]
    else: # an archive of the sources
        names = [str(path.relative_to(top)) for path in top.rglob("*")
                 if not re.match(r"build|demo-output|\.git/", str(path.relative_to(top))) and "__pycache__" not in path.parts]
    return sorted(name for name in set(names) if (top / name).is_file() and not NOT_TEXT.search(name))


def first_line(name):
    with open(TOP / name, "rb") as file:
        return file.readline()


def cpp(names):
    return [name for name in names if name.endswith((".cc", ".h"))]


def python(names):
    return [name for name in names if name.endswith(".py") or ("." not in pathlib.Path(name).name and b"python" in first_line(name))]


def shell(names):
    return [name for name in names if name.endswith((".sh", ".bash")) or re.match(rb"#!.*[/ ](ba|da)?sh\b", first_line(name))]


def tool(name):
    """(its path, version, whether it is the house's), the house's version before another one; (None, "", False) where there is none."""
    candidates = [f"{name}-{HOUSE[name]}", name]
    for candidate in candidates:
        path = shutil.which(candidate)
        if not path:
            continue
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        version = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
        version = version.group() if version else "?"
        return path, version, (version + ".").startswith(HOUSE[name] + ".")
    return None, "", False


def parallel(command, names, share):
    """What `command` says of all the files, `share` of them at a time on each core; a line each."""
    def run(some):
        done = subprocess.run([*command, *some], cwd=TOP, capture_output=True, text=True, check=False)
        lines = (done.stdout + done.stderr).splitlines()
        return lines if done.returncode else []
    parts = [names[i:i + share] for i in range(0, len(names), share)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [line for lines in pool.map(run, parts) for line in lines]


def with_tool(name, arguments, names, share=50):
    """The result of a linter whose exit code says whether it found anything."""
    path, version, house = tool(name)
    if not path:
        return Result([f"{name} is not installed: ./gr-securevoice setup"], "")
    if not house and name in ONLY_THE_HOUSES:
        return Result([], "", skipped=f"{name} {HOUSE[name]} is what the house is checked with, here is {version}")
    findings = parallel([path, *arguments], names, share)
    return Result(findings, f"{len(names)} files, {name} {version}", advice=bool(findings) and not house)


def check_format(names, _):
    return with_tool("clang-format", ["--dry-run", "--Werror"], cpp(names))


def check_tidy(names, options):
    """The core; with --all everything that was configured in the build tree. The list of checks is .clang-tidy."""
    commands = options.build / "compile_commands.json"
    if not commands.is_file():
        return Result([f"{commands} is missing: cmake -B {options.build} makes it"], "")
    known = {os.path.realpath(os.path.join(entry["directory"], entry["file"])) for entry in json.loads(commands.read_text())}
    folders = ("lib/", "apps/", "tests/") if options.all else ("lib/core/",)
    units = [name for name in names if name.endswith(".cc") and name.startswith(folders) and str((TOP / name).resolve()) in known]
    if not units:
        return Result([f"{commands} names no file of this tree"], "")
    # GCC has C++17 without being told, clang 14 has not.
    result = with_tool("clang-tidy", ["-p", str(options.build), "--quiet", "--warnings-as-errors=*", "--extra-arg-before=-std=c++17"], units, 1)
    result.findings = [line for line in result.findings if not re.match(r"\d+ warnings?( and \d+ errors?)? (generated|treated)", line)]
    return result


def check_shell(names, _):
    return with_tool("shellcheck", ["--format=gcc"], shell(names))


def check_names(names, _):
    """Names without a definition, imports without a use. A package's __init__ imports for others, and pytest's fixtures are found by name."""
    result = with_tool("pyflakes3", [], python(names))
    result.findings = [line for line in result.findings
                       if not re.search(r"/__init__\.py:.*(imported but unused|unable to detect undefined|may be undefined, or defined from star)", line)]
    return result


def check_style(names, _):
    return with_tool("pycodestyle", [f"--ignore={PYCODESTYLE_IGNORES}"], python(names))


def check_spelling(names, _):
    return with_tool("codespell", [f"--ignore-words={TOP}/tests/check/spelling.txt"], names)


def check_links(names, _):
    return Result(links.findings(TOP, names), f"{len(names)} files")


def check_lengths(names, _):
    return Result(lengths.findings(TOP, names), f"{len(names)} files")


CHECKS = {"format": check_format, "lengths": check_lengths, "links": check_links, "spelling": check_spelling, "shell": check_shell,
          "names": check_names, "style": check_style, "tidy": check_tidy}


def main():
    parser = argparse.ArgumentParser(description="Checks of the sources; the names are " + ", ".join(CHECKS))
    parser.add_argument("--all", action="store_true", help="clang-tidy over the programs, blocks and tests, too, not the core alone")
    parser.add_argument("--build", type=pathlib.Path, default=TOP / "build", help="build tree with a compile_commands.json (for tidy)")
    parser.add_argument("name", nargs="*")
    options = parser.parse_args()
    unknown = [name for name in options.name if name not in CHECKS]
    if unknown:
        parser.error(f"no check is called {unknown[0]}; there are {', '.join(CHECKS)}")
    names = sources()
    passed = failed = 0
    for name in options.name or CHECKS:
        began = time.monotonic()
        result = CHECKS[name](names, options)
        for line in result.findings:
            print(line)
        bad = bool(result.findings) and not result.advice
        failed += bad
        passed += not bad and not result.skipped
        said = f"NOT CHECKED: {result.skipped}" if result.skipped else "FAILED" if bad else "good"
        if result.advice:
            said = "what is found above is another version's opinion, which fails nothing"
        how = f" ({result.seen}, {time.monotonic() - began:.0f} s)" if result.seen else ""
        print(f"check {name}: {said}{how}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
