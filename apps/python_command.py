#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""What the commands in Python have in common before GNU Radio is there: their command line, --version, and what to do where the blocks are not found."""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(sys.argv[0]).resolve().parent # of the command: bin of an installation, or apps


def called_as():
    """The program, as the user called it (lib/core/text/program_name.h)."""
    return os.environ.get("SECUREVOICE_CALLED_AS") or "securevoice"


def message_start(command):
    """How what a command says begins."""
    return f"{os.path.basename(called_as()) or called_as()} {command}: "


class Version(argparse.Action):
    """--version: what the program beside this command, or on PATH, says."""

    def __call__(self, parser, *_):
        beside = HERE / "securevoice"
        program = str(beside) if beside.is_file() else shutil.which("securevoice")
        if not program:
            parser.error("there is no program securevoice beside this command or on PATH, which knows the version")
        parser.exit(subprocess.call([program, "--version"]))


class Parser(argparse.ArgumentParser):
    """As argparse's, but what is wrong is one sentence, and the program has the name that it was called by."""

    def __init__(self, command, **options):
        super().__init__(prog=f"{called_as()} {command}", **options)
        self._negative_number_matcher = re.compile(r"-\.?[0-9]") # -50k, too, is a number and no option
        self.add_argument("--version", action=Version, nargs=0, help="print the version and exit")

    def error(self, message):
        name = os.path.basename(called_as()) + self.prog.removeprefix(called_as())
        self.exit(2, f"{name}: {message} (see --help)\n")


def module_folders():
    """Where an installation below this command's prefix has the Python module; a clone, where the build has it."""
    prefix = HERE.parent
    places = [*prefix.glob("lib*/python3*/*-packages"), *prefix.glob("local/lib*/python3*/*-packages"), prefix / "build/test_modules"]
    return [str(place) for place in places if (place / "gnuradio/securevoice").is_dir()]


def without_blocks(command, missing):
    """The sentence for an ImportError of the blocks."""
    said = message_start(command)
    found = module_folders()
    if missing.name and missing.name.startswith("gnuradio.securevoice") and found:
        return (f"{said}the Python module of this installation is in {found[0]}, where Python does not look: "
                f"run export PYTHONPATH={found[0]}${{PYTHONPATH:+:$PYTHONPATH}}")
    return f"{said}this command needs GNU Radio and the blocks of gr-securevoice: {missing}"
