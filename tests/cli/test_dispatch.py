# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of others are programs named securevoice-NAME, as with git."""

import os
import pathlib
import shutil
import subprocess

import pytest
from conftest import BAD_USAGE, ENVIRONMENT_FAILED, PROGRAM

SCRIPT = "#!/bin/sh\necho {}: \"$0\" \"$@\"\nexit 7\n"


def install(folder, name, text, bits=0o755):
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(text)
    program.chmod(bits)


def test_a_program_on_the_path_is_a_command(program):
    install(program.path("bin"), "securevoice-hello", SCRIPT.format("path"))
    program.environment["PATH"] = f"{program.path('bin')}:{os.environ['PATH']}"
    said = program("hello", "--key", "x", "two words", code=7).stdout.decode()
    assert said.startswith("path: ") and said.endswith(" --key x two words\n")


def test_the_own_folder_goes_first(program):
    install(program.path("bin"), "securevoice-hello", SCRIPT.format("path"))
    install(program.path("own"), "securevoice-hello", SCRIPT.format("own"))
    copy = shutil.copy(PROGRAM, program.path("own") / "securevoice")
    program.environment["PATH"] = f"{program.path('bin')}:{os.environ['PATH']}"
    done = subprocess.run([copy, "hello"], env=program.environment, stdout=subprocess.PIPE, check=False, timeout=20)
    assert done.returncode == 7 and done.stdout.startswith(b"own: ")


def test_measurements_are_a_program_beside_it(program):
    own = program.path("own")
    own.mkdir()
    alone = shutil.copy(PROGRAM, own / "securevoice")
    arguments = ["bench", "cpu", "--seconds", "1", "--json"]
    program.environment["PATH"] = ""
    done = subprocess.run([alone, *arguments], env=program.environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == BAD_USAGE and done.stderr.count(b"\n") == 1 and b"securevoice-bench" in done.stderr
    shutil.copy(pathlib.Path(PROGRAM).with_name("securevoice-bench"), own)
    assert b'"bench": "cpu"' in subprocess.run([alone, *arguments], env=program.environment, capture_output=True, check=True, timeout=60).stdout
    done = subprocess.run([own / "securevoice-bench", "sensitivty"], env=program.environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == BAD_USAGE and b"did you mean 'sensitivity'? 'securevoice bench --help' lists them" in done.stderr


@pytest.mark.parametrize("name", ["nothing", "../bin/evil", "Hello", "a b"])
def test_unknown_commands_are_named(program, name):
    install(program.path("bin"), "evil", SCRIPT.format("evil"))
    program.refuses(name, code=BAD_USAGE, says=[name, "--help"])


def test_a_program_that_cannot_be_run_is_told(program):
    install(program.path("bin"), "securevoice-broken", "#!/nonexistent/interpreter\n", 0o644)
    program.environment["PATH"] = str(program.path("bin"))
    program.refuses("broken", code=ENVIRONMENT_FAILED, says="securevoice-broken")


def test_help_is_no_error(program):
    for arguments in (["--help"], ["tx", "--help"], ["keys", "new", "--help"], ["bench", "sensitivity", "--help"]):
        done = program(*arguments)
        assert b"Usage: securevoice" in done.stdout and done.stderr == b""


def test_no_command_is_an_error(program):
    program.refuses(code=BAD_USAGE, says="--help")
    program.refuses("keys", code=BAD_USAGE, says="--help")
