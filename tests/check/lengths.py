# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that are too long. Code in C++ is clang-format's; what it leaves alone are comments and texts."""

import pathlib
import re

# Characters, by the name's ending. Markdown has none: a table's row is one line, and prose is wrapped by who reads it.
LIMITS = {".cc": 90, ".h": 90, ".py": 150, ".sh": 150, ".cmake": 150}
NAMES = {"gr-securevoice": 150, "CMakeLists.txt": 150}
# To be brought within the limit.
WIDE = re.compile(r"^apps/.*\.(cc|h)$")
WIDE_LIMIT = 175
# A text in quotes is not cut: it is found by what it says.
TEXT = re.compile(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'')


def limit(name):
    if WIDE.match(name):
        return WIDE_LIMIT
    path = pathlib.PurePath(name)
    return NAMES.get(path.name, LIMITS.get(path.suffix))


def findings(top, names):
    found = []
    for name in names:
        most = limit(name)
        if most is None:
            continue
        table = False # what clang-format leaves as it is
        for number, line in enumerate((top / name).read_text(encoding="utf-8").split("\n"), 1):
            table = "clang-format off" in line or table and "clang-format on" not in line
            if len(line) <= most or table:
                continue
            if not re.match(r"\s*(//|/\*|\*|#)", line) and len(TEXT.sub('""', line)) <= most:
                continue
            found.append(f"{name}:{number}: {len(line)} characters, {most} are the limit")
    return found
