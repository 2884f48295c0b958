#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
Puts the comments of the public headers into the Python bindings' docstrings.

GNU Radio's macro GR_PYBIND_MAKE_OOT calls this file at each build, with the place it has in every module made by gr_modtool. Doxygen is
not needed: the headers have one comment directly in front of each class, function and make().
"""

import argparse
import pathlib
import re
import sys
import textwrap

HEADERS = pathlib.Path(__file__).parents[2] / "include/gnuradio/securevoice"
NAME = re.compile(r"(?:class SECUREVOICE_API (?P<type>\w+)|(?P<function>\w+)\()")


def plain(comment):
    """The text of a comment, without its stars and Doxygen's commands."""
    text = textwrap.dedent("\n".join(re.sub(r"^\s*\* ?", "", line) for line in comment.strip().splitlines()))
    text = re.sub(r"\\(ingroup \w+|details)\n?", "", text)
    text = re.sub(r"\\brief ", "", text)
    text = re.sub(r"\\param (\w+)", r"\1:", text)
    text = re.sub(r"\\throws std::(\w+)", lambda m: "Raises " + {"invalid_argument": "ValueError", "runtime_error": "RuntimeError"}[m[1]], text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def comments(header):
    """Names as the bindings spell them (class, class_member, function), with their text."""
    found = {}
    inside = None
    text = header.read_text()
    for match in re.finditer(r"/\*!(.*?)\*/\s*(?=([^;{]*))", text, re.S):
        name = NAME.search(match[2])
        if not name or match[2].startswith("/*"):
            continue
        if name["type"]:
            inside = name["type"]
            found[inside] = plain(match[1])
        else:
            found["_".join(filter(None, [inside, name["function"]]))] = plain(match[1])
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("function", choices=["copy"])
    parser.add_argument("--bindings_dir", type=pathlib.Path, required=True)
    parser.add_argument("--output_dir", type=pathlib.Path, required=True)
    args = parser.parse_args()

    for template in sorted(args.bindings_dir.glob("*_pydoc_template.h")):
        name = template.name.removesuffix("_pydoc_template.h")
        found = comments(HEADERS / f"{name}.h")

        def fill(match):
            if match[2] not in found:
                sys.exit(f"{name}.h: put a comment directly in front of {match[2]}, it becomes the docstring")
            return f'{match[1]}R"doc({found[match[2]]})doc"'

        text = re.sub(r'(__doc_gr_securevoice_(\w+) =\s*)R"doc\(\)doc"', fill, template.read_text())
        output = args.output_dir / f"{name}_pydoc.h"
        if not output.exists() or output.read_text() != text:
            output.write_text(text)


main()
