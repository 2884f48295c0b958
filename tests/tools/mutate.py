#!/usr/bin/env python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
Tests the tests: changes one token of the code at random, builds, and looks whether a test fails.

    tests/tools/mutate.py --count 30 --seed 1 crypto protocol
    tests/tools/mutate.py --count 30 --near chain

Works in a copy of the tree. The tests that are near the mutated folders are built and run first, and all others only if none of them fails
(never, with --near). A mutation that does not compile is not counted, another one is drawn. What survives is printed with its line: it is
either a gap in the tests or no change of behaviour (say which).
"""
import argparse
import dataclasses
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
# Folder of lib/core -> where the tests that are near to it are.
AREAS = {"protocol": ("tests/core/protocol", "tests/core/crypto"), "crypto": ("tests/core/crypto",), "replay": ("tests/core/replay",),
         "keys": ("tests/core/keys",), "chain": ("tests/core/chain", "tests/security")}
SWAPS = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "&&": "||", "||": "&&", "+": "-", "-": "+", "*": "+",
         "/": "*", "%": "/", "^": "|", "|": "&", "&": "|", "<<": ">>", ">>": "<<", "^=": "|=", "|=": "&=", "+=": "-=", "-=": "+=",
         "++": "--", "true": "false", "false": "true", "!": ""}
SHORT = 3 # s: of a test that is run before the others
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|#[^\n]*|0x[0-9A-Fa-f]+|\d+(?:\.\d+)?|[A-Za-z_]\w*|<<=|>>=|'
                   r'->|::|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^]=|.', re.S)


@dataclasses.dataclass
class Mutation:
    path: pathlib.Path # within the tree
    begin: int
    end: int
    new: str
    line: int
    old: str


def mutations_of(path):
    """All single-token changes of one file."""
    text = (TOP / path).read_text()
    found = []
    for token in TOKEN.finditer(text):
        word = token.group()
        before = text[text.rfind("\n", 0, token.start()) + 1:token.start()]
        if "static_assert" in before or "template" in before or "operator" in before or "#include" in before:
            continue
        new = None
        if word in SWAPS:
            around = text[max(0, token.start() - 1):token.start()], text[token.end():token.end() + 1]
            binary = around == (" ", " ")
            if word in ("true", "false", "!", "++", "--") or binary:
                new = SWAPS[word]
        elif re.fullmatch(r"0x[0-9A-Fa-f]+|\d+", word):
            new = str(int(word, 8 if re.fullmatch(r"0\d+", word) else 0) + 1)
        if new is not None:
            found.append(Mutation(path, token.start(), token.end(), new, text.count("\n", 0, token.start()) + 1, word))
    return found


def run(command, cwd, limit):
    try:
        done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=limit, check=False)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        return 124, "timed out"


def near_tests(build, folders):
    """Programs (targets of ninja) and names of the tests that are in these folders and are no Python."""
    _, targets = run(["ninja", "-C", str(build), "-t", "targets", "all"], build, 60)
    programs = [target for target in re.findall(r"^(\S+): CXX_EXECUTABLE_LINKER", targets, re.M) if str(pathlib.PurePath(target).parent) in folders]
    _, listed = run(["ctest", "--test-dir", str(build), "--show-only=json-v1"], build, 60)
    places = {str(build / folder) for folder in folders}
    names = [test["name"] for test in json.loads(listed[listed.index("{"):])["tests"]
             if any(p["name"] == "WORKING_DIRECTORY" and p["value"] in places for p in test.get("properties", []))]
    return programs, names


def judge(tree, build, stages, options):
    """'no build', or the name of a test that fails, or None; and the seconds of each test that passed. A stage: arguments of ctest, programs."""
    seconds = {}
    for pattern, targets in stages:
        code, _ = run(["ninja", "-C", str(build), "-j", str(options.jobs), *targets], tree, 1800)
        if code != 0:
            return "no build", seconds
        code, output = run(["ctest", "--test-dir", str(build), "-j", str(options.jobs), "--stop-on-failure", "--timeout", "300", *pattern], tree, 3600)
        seconds.update((name, float(took)) for name, took in re.findall(r"Test +#\d+: (\S+) \.* +Passed +([\d.]+) sec", output))
        if code != 0:
            failed = re.search(r"^\s+\d+ - (\S+) \(", output, re.M)
            return failed.group(1) if failed else "ctest", seconds
    return None, seconds


def one_of(names):
    """The arguments of ctest for these tests alone."""
    return ["-R", "^(" + "|".join(map(re.escape, names)) + ")$"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=30, help="mutations that build (default 30)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--near", action="store_true", help="only the tests that are near: what survives may be caught by others")
    parser.add_argument("area", nargs="*", help="of " + ", ".join(AREAS) + " (default: all)")
    arguments = parser.parse_args()
    areas = arguments.area or list(AREAS)
    unknown = [area for area in areas if area not in AREAS]
    if unknown:
        parser.error(f"there is no area {unknown[0]}: choose some of {', '.join(AREAS)}")

    sources = sorted(p.relative_to(TOP) for area in areas for p in (TOP / "lib/core" / area).rglob("*") if p.suffix in (".cc", ".h"))
    candidates = [m for path in sources for m in mutations_of(path)]
    chance = random.Random(arguments.seed)
    chance.shuffle(candidates)
    caught, judged = 0, 0
    with tempfile.TemporaryDirectory(prefix="securevoice-mutate-") as scratch:
        tree, build = pathlib.Path(scratch) / "tree", pathlib.Path(scratch) / "build"
        shutil.copytree(TOP, tree, ignore=shutil.ignore_patterns("build", ".git", "demo-output"))
        run(["cmake", "-S", str(tree), "-B", str(build), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
             "-DCMAKE_CXX_FLAGS_RELEASE=-O1", "-DSECUREVOICE_CORE_ONLY=ON"], tree, 600)
        programs, names = near_tests(build, {folder for area in areas for folder in AREAS[area]})
        rest = [] if arguments.near else [(["-E", one_of(names)[1]], [])]
        unchanged, seconds = judge(tree, build, [(one_of(names), programs), *rest], arguments)
        if unchanged is not None:
            sys.exit(f"the code as it is does not pass: {unchanged}")
        # ctest begins with the longest: a change that a short test notices does not wait for them.
        short = [name for name in names if seconds.get(name, 0) <= SHORT]
        stages = [(one_of(chosen), programs) for chosen in (short, [name for name in names if name not in short]) if chosen] + rest
        print(f"{len(candidates)} mutations are possible; seed {arguments.seed}", flush=True)
        for m in candidates:
            if judged == arguments.count:
                break
            source = tree / m.path
            original = source.read_text()
            source.write_text(original[:m.begin] + m.new + original[m.end:])
            started = time.monotonic()
            verdict, _ = judge(tree, build, stages, arguments)
            source.write_text(original)
            if verdict == "no build":
                continue
            judged += 1
            caught += verdict is not None
            line = original.splitlines()[m.line - 1].strip()
            print(f"{judged:3} {'caught by ' + verdict if verdict else 'SURVIVED':40} {m.path}:{m.line}: '{m.old}' -> '{m.new}' in: {line}"
                  f"  ({time.monotonic() - started:.0f} s)", flush=True)
    print(f"{caught} of {judged} caught")


if __name__ == "__main__":
    main()
