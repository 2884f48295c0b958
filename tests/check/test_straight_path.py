# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/straight-path.md names functions that are where it says."""

import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \| `([\w:]+)` \| \[[^]]+\]\(\.\./([^)]+)\) \|", re.MULTILINE)
PATH = ROW.findall((TOP / "docs/straight-path.md").read_text(encoding="utf-8"))


def defined(function, file):
    """Whether a file defines a function: its name and parameters, which begin a line or stand behind a type, and a body."""
    return bool(re.search(rf"^(?:[\w:<>,&* ]+ [&*]?)?{re.escape(function)}\([^;{{}}[]*\)(?: const)?\s*{{",
                          (TOP / file).read_text(encoding="utf-8"), re.MULTILINE))


def test_all_steps_are_there_and_defined_in_their_files():
    assert [int(number) for number, *_ in PATH] == [*range(1, 11), *range(1, 17)] # to the antenna, and from it
    assert not [row for row in PATH if not defined(*row[1:])]


def test_a_function_that_is_not_there_is_found():
    file = "lib/core/chain/receiver.cc"
    assert defined("receiver::push", file)
    for name in ("receiver::pull", "push", "call_receiver::receive", "d_call_receiver.open"):
        assert not defined(name, file), name
