# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shells offer is what the program has."""

import pathlib
import re
import shutil
import subprocess

import pytest
from conftest import PROGRAM

FILES = pathlib.Path(__file__).parents[2] / "apps/completion"
APPS = FILES.parent
OTHERS = ["listen", "talk", "window"] # programs of their own, with GNU Radio
BASH, ZSH = FILES / "securevoice.bash", FILES / "_securevoice"

SCRIPT = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_securevoice
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(program, *words):
    """For the command line `securevoice WORDS`, the cursor behind the last one."""
    done = subprocess.run(["bash", "-c", SCRIPT, "bash", BASH, PROGRAM, *words], cwd=program.folder, env=program.environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=True)
    assert done.stderr == b""
    return sorted(done.stdout.decode().split())


def helped(program, *command):
    """The subcommands and the long options that --help names."""
    if command and command[0] in OTHERS: # needs no GNU Radio for that
        text = subprocess.run(["/usr/bin/python3", APPS / f"securevoice-{command[0]}", "--help"], check=True, stdout=subprocess.PIPE,
                              text=True).stdout
    else:
        text = program(*command, "--help").stdout.decode()
    commands = re.search(r"^Subcommands:\n((?:  .*\n)*)", text, re.MULTILINE)
    found = re.findall(r"^  ([a-z][a-z0-9-]*) ", commands.group(1), re.MULTILINE) if commands else []
    if not command:
        found += OTHERS + ["bench"] # a program beside it
    return sorted(found), sorted(set(re.findall(r"^  (?:-h, ?)?(--[a-z0-9-]+)", text, re.MULTILINE)))


def every_command(program):
    pending, found = [()], []
    while pending:
        command = pending.pop()
        found.append(command)
        pending += [command + (name,) for name in helped(program, *command)[0]]
    assert ("keys", "destroy") in found and ("bench", "sensitivity") in found
    return found


def test_bash_offers_every_command_and_option(program):
    for command in every_command(program):
        commands, options = helped(program, *command)
        assert offered(program, *command, "--") == options, f"apps/completion/securevoice.bash: options of '{command}'"
        if commands:
            assert offered(program, *command, "") == commands, f"apps/completion/securevoice.bash: commands of '{command}'"


def test_zsh_knows_every_command_and_option(program):
    text = ZSH.read_text()
    shared = dict(re.findall(r"^local -a (\w+)=\('(?:.*?)(--[a-z-]+)", text, re.MULTILINE))
    assert shared["keyring"] == "--keyring"
    for command in every_command(program):
        commands, options = helped(program, *command)
        for name in commands:
            assert re.search(rf"'{name}:|\({name}\)", text), f"apps/completion/_securevoice: '{name}'"
        if commands or not command:
            continue
        arm = re.search(rf"^    {command[-1]}\) _arguments (.*) ;;$", text, re.MULTILINE).group(1)
        known = {"--help" if name == "help" else shared[name] for name in re.findall(r"\$(\w+)", arm)}
        known |= set(re.findall(r"(?:^| )'(?:\*|\([^)]*\))?(--[a-z0-9-]+)\[", arm))
        assert sorted(known) == options, f"apps/completion/_securevoice: options of '{command}'"


def test_names_of_keys_are_offered(keyed):
    keyed("keys", "new", "other", "--keyring", keyed.path("elsewhere"))
    for words in (("keys", "show"), ("keys", "revoke"), ("keys", "roll"), ("tx", "in.wav", "out.cf32", "--key"), ("rx", "--key")):
        assert {"ours", "theirs"} <= set(offered(keyed, *words, "")), words
    assert offered(keyed, "keys", "roll", "th") == ["theirs"]
    assert offered(keyed, "keys", "roll", "--until", "2030-01-01", "o") == ["ours"]
    assert offered(keyed, "keys", "roll", "--keyring", "elsewhere", "") == ["other"]
    assert offered(keyed, "keys", "new", "") == []
    assert offered(keyed, "tx", "--codec", "7") == ["700C"]


def test_files_are_offered(keyed):
    keyed.path("speech.wav").touch()
    assert offered(keyed, "tx", "sp") == ["speech.wav"]
    assert offered(keyed, "keys", "import", "sp") == ["speech.wav"]
    assert offered(keyed, "rx", "--report", "sp") == ["speech.wav"]


def test_shells_can_read_the_files():
    subprocess.run(["bash", "-n", BASH], check=True)
    assert ZSH.read_text().startswith("#compdef securevoice\n")
    if not shutil.which("zsh"):
        pytest.skip("zsh is not installed: its file was compared with the program, but not parsed")
    subprocess.run(["zsh", "-n", ZSH], check=True)
