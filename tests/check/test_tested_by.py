# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each file of modem and chain has a test of its name, is included by a test, or stands in tests/core/README.md with the tests that try it."""

import pathlib
import re

TOP = pathlib.Path(__file__).parents[2]
TESTS = [*TOP.glob("tests/core/**/*.cc"), *TOP.glob("tests/core/**/*.h"), *TOP.glob("tests/security/*.cc"), *TOP.glob("tests/security/*.h"),
         *TOP.glob("tests/fuzz/*.cc")]
NAMES = {path.stem for path in TESTS}
INCLUDED = {pathlib.PurePath(name).with_suffix("") for path in TESTS for name in re.findall(r'#include "core/([^"]+)"', path.read_text())}
ROWS = re.findall(r"^\| (`.*?) \| (.*) \|$", (TOP / "tests/core/README.md").read_text(), re.MULTILINE)


def listed():
    """What stands in the table: a folder is named once in a row."""
    found = []
    for files, _ in ROWS:
        first, *others = map(pathlib.PurePath, re.findall(r"`([^`]+)`", files))
        found += [first] + [first.parent / other for other in others]
    return found


def untested(known):
    core = TOP / "lib/core"
    files = {path.relative_to(core).with_suffix("") for room in ("modem", "chain") for path in (core / room).rglob("*")
             if path.suffix in (".cc", ".h")}
    return {file for file in files if f"test_{file.name}" not in NAMES and file not in INCLUDED} ^ set(known)


def test_every_file_is_tried_by_somebody():
    assert len(listed()) == len(set(listed())) and untested(listed()) == set()


def test_one_that_is_not_is_found():
    assert untested(listed()[1:]) == {listed()[0]}


def test_those_who_try_them_are_there():
    named = {name for _, tests in ROWS for name in re.findall(r"`([a-z0-9_]+)`", tests)}
    assert named and named <= NAMES
