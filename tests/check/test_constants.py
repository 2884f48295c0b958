# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""
Constants of modem, FM and chain say what they are. A constant that is a number, and is not computed from another one, has a comment: on
its line, above it, or above the lines of constants that it stands among.
"""

import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("lib/core/modem", "lib/core/analog", "lib/core/chain")
CONSTANT = re.compile(r"^\s*(?:(?:static|inline)\s+)*constexpr\s+[\w:<>, ]+?\s(\w+)(?:\[[^]]*\])*\s*[={]")
NO_NAMES = re.compile(r"static_cast<[^>]*>|std::\w+(<[^>]*>)?|\b\d[\w.]*\b")


def untold(text):
    """(line, name) of the constants in a source that are numbers and have no comment."""
    lines, found = text.split("\n"), []
    for at, line in enumerate(lines):
        match = CONSTANT.match(line)
        if not match or "(" in re.split("[={]", line)[0] or "index_sequence" in line:
            continue
        end = next((n for n in range(at, len(lines)) if ";" in lines[n]), at)
        statement = "\n".join(lines[at:end + 1])
        value = re.sub("//.*", "", re.split("[={]", statement, 1)[1])
        if "//" in statement or not re.search(r"\d", value) or re.search(r"[A-Za-z_]{2,}", NO_NAMES.sub("", value)):
            continue
        above = at - 1
        while above >= 0 and CONSTANT.match(lines[above]) and "//" not in lines[above]:
            above -= 1
        before = lines[above].strip() if above >= 0 else ""
        if not before.startswith(("//", "*")) and not before.endswith("*/"):
            found.append((at + 1, match.group(1)))
    return found


def test_every_number_says_what_it_is():
    files = [path for folder in FOLDERS for path in sorted((TOP / folder).rglob("*")) if path.suffix in (".cc", ".h")]
    assert len(files) > 110
    assert not [f"{path.relative_to(TOP)}:{line}: {name}" for path in files for line, name in untold(path.read_text(encoding="utf-8"))]


def test_one_that_does_not_is_found():
    assert untold("constexpr int a = 3;\n") == [(1, "a")]
    assert untold("constexpr double b =\n    3.5;\n") == [(1, "b")]
    assert untold("constexpr std::array<float, 2> c{ 1.0f, 2.0f };\n") == [(1, "c")]
    assert untold("constexpr int a = 3; // m\nconstexpr int b = 4;\n") == [(2, "b")]


def test_one_that_does_is_not():
    for told in ("constexpr int a = 3; // m", "// m\nconstexpr int a = 3;", "/* Of a. */\nconstexpr int a = 3;\nconstexpr int b = 4;",
                 "constexpr int b = 2 * other;", "constexpr double b =\n    3.5; // s", "constexpr int f(int x) { return 3; }"):
        assert not untold(told), told
