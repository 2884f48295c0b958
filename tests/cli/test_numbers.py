# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One grammar of numbers for every option, one name and one version of the program, words that are nearly right."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import numpy
import pytest
from conftest import BAD_USAGE, ENVIRONMENT_FAILED, PROGRAM
from test_completion import every_command

APPS = pathlib.Path(__file__).parents[2] / "apps"
SCRIPTS = ["listen", "talk", "window", "plot", "sweep"]


def iq(program, name):
    numpy.ones(4800, "<c8").tofile(program.path(name))


def test_a_number_may_have_a_suffix_wherever_there_is_one(program):
    iq(program, "in.cf32")
    program("channel", "in.cf32", "long.cf32", "--rate", "48000", "--offset", "-800", "--cn0", "40", "--seed", "2000")
    program("channel", "in.cf32", "short.cf32", "--rate", "48k", "--offset", "-0.8k", "--cn0", "4e1", "--seed", "2k", "--power", "0.001k")
    assert program.octets("long.cf32") == program.octets("short.cf32")
    program("channel", "in.cf32", "other.cf32", "--rate", "48k", "--offset", "0.8k", "--cn0", "40", "--seed", "2k")
    assert program.octets("other.cf32") != program.octets("long.cf32") # the control
    assert program("channel", "in.cf32", "most.cf32", "--rate", "48k", "--seed", str(2**64 - 1)).stderr == b""


def options_with_a_number(program):
    for command in every_command(program):
        if command and command[0] not in ("listen", "talk", "window"):
            text = program(*command, "--help").stdout.decode()
            places = re.findall(r"^  ([A-Z][A-Za-z.]*) TEXT REQUIRED", text,
                                re.MULTILINE) + re.findall(r"^  ([A-Z][A-Za-z.]*) TEXT$", text, re.MULTILINE)
            for option in re.findall(r"^  (--[a-z0-9-]+) (?:FLOAT|INT|UINT|NUMBERS)", text, re.MULTILINE):
                yield command, option, places


def test_every_option_that_takes_a_number_says_what_one_is(program):
    tried = 0
    for command, option, _ in options_with_a_number(program):
        for wrong in ("fast", "1,5m", "48 k", "0x10"):
            sentence = program(*command, "a.wav", "b.wav", option, wrong, code=BAD_USAGE).stderr.decode()
            assert sentence.startswith(f"securevoice: {option} is a number, such as 48000, 48k or 433.5M, not ") and sentence.count("\n") == 1, sentence
        tried += 1
    assert tried > 40


def test_whole_numbers_are_whole(program):
    iq(program, "in.cf32")
    for wrong, says in (("1.5", "whole"), ("-1", "from 0 upwards"), ("1e30", "whole")):
        program.refuses("channel", "in.cf32", "out.cf32", "--seed", wrong, code=BAD_USAGE, says=["--seed", says])
    program.refuses("bench", "cpu", "--seed", "99999999999999999999999", code=BAD_USAGE, says="--seed")
    program.refuses("keys", "new", "a", "--passphrase-fd", "99999999999", code=BAD_USAGE, says="--passphrase-fd")
    assert not program.path("out.cf32").exists()


def test_lists_and_ranges(program):
    def measured(*cn0):
        arguments = [word for one in cn0 for word in ("--cn0", one)]
        return [p["cn0_dbhz"] for p in json.loads(program("bench", "sensitivity", *arguments, "--seconds", 1, "--json").stdout)["points"]]

    assert measured("60,0.07k") == [60, 70]
    assert measured("60:61:0.5,80", "90") == [60, 60.5, 61, 80, 90]
    program.refuses("bench", "sensitivity", "--cn0", "61:60:1", code=BAD_USAGE, says=["--cn0", "FIRST:LAST:STEP"])
    program.refuses("bench", "jam", "--duty", "1:90:1e-9", code=BAD_USAGE, says=["--duty", "10000"])


def test_sweep_has_the_same_grammar(program):
    sweep = [sys.executable, "-B", APPS / "securevoice-sweep", "--program", PROGRAM, "--seconds", "1", "--json", "--jobs", "1"]
    environment = dict(program.environment, PATH=f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}")
    done = subprocess.run([*sweep, "--cn0", "60:0.061k:1"], env=environment, check=True, capture_output=True, timeout=120)
    assert [p["cn0_dbhz"] for p in json.loads(done.stdout)["curves"][0]["points"]] == [60, 61]
    done = subprocess.run([*sweep, "--cn0", "many"], env=environment, check=False, capture_output=True, timeout=60)
    assert done.returncode == BAD_USAGE and b"--cn0 is a number" in done.stderr and done.stdout == b""


# What the program is called

def called_as(program, name, *arguments, **environment):
    return subprocess.run([name, *arguments], executable=PROGRAM, cwd=program.folder, env={**program.environment, **environment}, capture_output=True,
                          check=False, timeout=60, text=True)


@pytest.mark.parametrize("name", ["./gr-securevoice", "securevoice", "../build/apps/securevoice"])
def test_messages_name_the_program_as_it_was_called(program, name):
    program("keys", "new", "ours")
    done = called_as(program, name, "keys", "fingerprint", "nobody")
    assert done.stderr.startswith(f"{os.path.basename(name)}: ") and f"'{name} keys list'" in done.stderr and f"'{name} keys new nobody'" in done.stderr
    assert f"Usage: {name} keys" in called_as(program, name, "keys", "--help").stdout
    assert f"'{name} --help'" in called_as(program, name, "spectrum").stderr
    assert f"'{name} keys passphrase fresh'" in called_as(program, name, "keys", "new", "fresh").stdout
    if name != "securevoice":
        assert "'securevoice " not in done.stderr


def test_a_launcher_names_itself_and_its_own_words(program):
    more = {"SECUREVOICE_CALLED_AS": "./gr-securevoice", "SECUREVOICE_LAUNCHER_COMMANDS": "demo test build"}
    said = called_as(program, PROGRAM, "biuld", **more).stderr
    assert said.startswith("gr-securevoice: ") and "did you mean 'build'?" in said and "'./gr-securevoice --help'" in said
    assert "did you mean" not in called_as(program, PROGRAM, "biuld").stderr


def test_the_version_is_the_one_of_cmake(program):
    wanted = re.search(r"project\(gr-securevoice VERSION ([0-9.]+)", (APPS.parent / "CMakeLists.txt").read_text()).group(1)
    assert program("--version").stdout.decode() == f"securevoice {wanted}\n"
    path = f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}"
    for script in SCRIPTS:
        done = subprocess.run([sys.executable, "-B", APPS / f"securevoice-{script}", "--version"], env=dict(os.environ, PATH=path),
                              capture_output=True,
                              check=False, timeout=60, text=True)
        assert (done.returncode, done.stdout) == (0, f"securevoice {wanted}\n"), (script, done.stderr)


# Nearly right

@pytest.mark.parametrize("words, meant", [(["key", "list"], "keys"), (["keys", "lst"], "list"), (["keys", "finger", "ours"], "fingerprint"),
                                          (["chanel", "a", "b"], "channel"), (["bench", "sensitivty"], "sensitivity"), (["vocodr"], "vocoder"),
                                          (["rx", "a", "b", "--kye", "x"], "--key"), (["keys", "new", "a", "--seald"], "--sealed"),
                                          (["helo"], "hello")])
def test_the_nearest_right_word_is_named(program, words, meant):
    other = program.path("bin") / "securevoice-hello"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    program.environment["PATH"] = f"{other.parent}:{os.environ['PATH']}"
    program.refuses(*words, code=BAD_USAGE, says=f"did you mean '{meant}'?")


@pytest.mark.parametrize("words", [["spectrum"], ["keys", "zzzzz"], ["rx", "a", "b", "--zzzzzz"]])
def test_nothing_is_guessed_where_nothing_is_near(program, words):
    assert b"did you mean" not in program(*words, code=BAD_USAGE).stderr


def test_a_command_in_python_says_in_one_sentence_what_is_wrong():
    for script in SCRIPTS:
        done = subprocess.run([sys.executable, "-B", APPS / f"securevoice-{script}", "--zzz"], capture_output=True, check=False, timeout=60,
                              text=True,
                              env=dict(os.environ, SECUREVOICE_CALLED_AS="./gr-securevoice"))
        assert done.returncode == BAD_USAGE and done.stderr.startswith(f"gr-securevoice {script}: ") and done.stderr.count("\n") == 1, done.stderr


def test_a_module_below_a_prefix_where_python_does_not_look_is_named(tmp_path):
    """As after an installation below a prefix of one's own."""
    module = tmp_path / "lib/python3.11/site-packages/gnuradio/securevoice"
    (tmp_path / "bin").mkdir()
    (tmp_path / "share/gr-securevoice").mkdir(parents=True)
    shutil.copy(APPS / "python_command.py", tmp_path / "share/gr-securevoice")
    script = pathlib.Path(shutil.copy(APPS / "securevoice-listen", tmp_path / "bin"))
    (tmp_path / "other/gnuradio").mkdir(parents=True)
    (tmp_path / "other/gnuradio/__init__.py").touch() # a GNU Radio without the blocks

    def said():
        done = subprocess.run([sys.executable, "-B", script, "--device", "rtl=0", "--freq", "1M", "--no-key"], capture_output=True, check=False,
                              timeout=60,
                              text=True, env=dict(os.environ, PYTHONPATH=str(tmp_path / "other")))
        assert done.returncode == ENVIRONMENT_FAILED and done.stderr.count("\n") == 1
        return done.stderr

    assert "PYTHONPATH" not in said() # there is none
    module.mkdir(parents=True)
    assert f"export PYTHONPATH={module.parents[1]}" in said()
