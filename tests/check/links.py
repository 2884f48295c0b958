# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links that lead nowhere: in Markdown to files and headings, in all sources to the repository's paths, decisions and sections of the protocol."""

import pathlib
import re

CODE = re.compile(r"`[^`\n]*`")
MARKDOWN_LINK = re.compile(r"\[[^]\n]*\]\(([^)\s]+)\)")
# A path as a comment names it: from the top, from docs/ or beside the file.
PATH = re.compile(r"(?<![\w/.$}-])((?:docs|decisions|lib|apps|tests|python|include|examples|grc|cmake|core)/[\w./-]*\w"
                  r"\.(?:md|cc|h|py|sh|txt|yml|grc|json|inc))\b")
DECISION = re.compile(r"\bdecisions? (\d+)\b", re.IGNORECASE)
SECTION = re.compile(r"\bprotocol\.md(?:`?\]\([^)]*\))?,? (?:section )?(\d+(?:\.\d+)*)\b")
HEADING = re.compile(r"^#+ +(.*?)\s*$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(text):
    """The names by which a page's headings are linked to, as GitHub makes them."""
    made, counts = set(), {}
    for heading in HEADING.findall(FENCED.sub("", text)):
        heading = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = counts.get(name, 0)
        counts[name] = count + 1
        made.add(f"{name}-{count}" if count else name)
    return made


def markdown(top, name, text):
    # What is code is no link; the blanks in its place keep the line numbers.
    prose = FENCED.sub(lambda fence: re.sub(r"[^\n]", " ", fence.group()), text)
    prose = re.sub(r"^(?:    |\t).*$", lambda line: " " * len(line.group()), prose, flags=re.MULTILINE)
    for match in MARKDOWN_LINK.finditer(CODE.sub(lambda code: "x" * len(code.group()), prose)):
        target = match.group(1)
        if re.match(r"[a-z]+:", target): # another machine's
            continue
        file, _, anchor = target.partition("#")
        path = (top / name).parent / file if file else top / name
        if not path.exists():
            yield match.start(), f"no file {file}"
        elif anchor and anchor not in anchors(path.read_text(encoding="utf-8")):
            yield match.start(), f"no heading #{anchor} in {file or name}"


def comments(top, name, text, decisions, sections):
    for match in PATH.finditer(text):
        path = match.group(1)
        if not any((base / path).exists() for base in (top, top / "docs", top / "lib", (top / name).parent)):
            yield match.start(), f"no file {path}"
    for match in DECISION.finditer(text):
        if int(match.group(1)) not in decisions:
            yield match.start(), f"no decision {match.group(1)} in docs/decisions"
    for match in SECTION.finditer(text):
        if match.group(1) not in sections:
            yield match.start(), f"no section {match.group(1)} in docs/protocol.md"


def findings(top, names):
    decisions = {int(path.name[:4]) for path in (top / "docs/decisions").glob("[0-9]*.md")}
    protocol = top / "docs/protocol.md"
    sections = set(re.findall(r"^#+ (\d+(?:\.\d+)*)", protocol.read_text(encoding="utf-8"), re.MULTILINE)) if protocol.exists() else set()
    found = []
    for name in names:
        if pathlib.PurePath(name).name in ("test_check.py", "test_layers.py"): # hold dead ones on purpose
            continue
        text = (top / name).read_text(encoding="utf-8")
        for at, what in [*(markdown(top, name, text) if name.endswith(".md") else ()), *comments(top, name, text, decisions, sections)]:
            found.append(f"{name}:{text.count(chr(10), 0, at) + 1}: {what}")
    return found
