# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/threat-model.md names tests that exist, and every test of an attack is named there."""

import pathlib
import re

TOP = pathlib.Path(__file__).parents[2]
DOCUMENT = (TOP / "docs/threat-model.md").read_text()


def stems(pattern):
    return {path.stem for path in TOP.glob(pattern)}


def named(prefix):
    return set(re.findall(rf"`({prefix}\w+)`", DOCUMENT))


def test_attacks():
    assert named("attack_") == stems("tests/security/attack_*.cc")


def test_secrets():
    """A name without `_blocks` or `_program` means both."""
    files = {f"secrets_{name.removeprefix('test_')}" for name in stems("tests/secrets/test_*.py")}
    assert all(name in files or {name + "_blocks", name + "_program"} <= files for name in named("secrets_"))
    assert files <= named("secrets_")


def test_files():
    paths = re.findall(r"`(tests/[\w/.]+)`", DOCUMENT)
    assert paths and [path for path in paths if not (TOP / path).exists()] == []


def test_every_number_once():
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", DOCUMENT, re.MULTILINE)]
    assert numbers == list(range(1, 29))
