#!/usr/bin/env python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
Whether two builds lose the same blocks: for changes that must change nothing that is received.

    tests/tools/compare_builds.py ../before/build/apps/securevoice-bench build/apps/securevoice-bench
    tests/tools/compare_builds.py --seconds 450 --seed 2 OLD NEW

Runs both, side by side, on the same calls, with the same keys and salts (repeatable_draws.c, which needs a C compiler): `bench sensitivity` at
each profile, in noise and fading, and `bench acquire`. Prints each measurement with "same" or both results. Exit code: 0 if all are the same.
A program of a build from before there was securevoice-bench is named as "securevoice bench".
"""
import argparse
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# About 1 to 5 % lost in noise, and where fading ends calls: there the least difference shows.
MEASUREMENTS = (
    "sensitivity --codec 3200 --cn0 37,37.25,37.5", "sensitivity --codec 1300 --cn0 33.75,34", "sensitivity --codec 700C --cn0 32,32.25",
    "sensitivity --codec 3200 --kind clear --cn0 37,37.5", "sensitivity --codec 3200 --profile constant --cn0 37.5,37.75",
    "sensitivity --codec 1300 --profile robust --cn0 38,45 --fading 10", "sensitivity --codec 1300 --profile robust --cn0 34",
    "sensitivity --codec 3200 --cn0 42,45 --fading 30", "sensitivity --codec 1300 --cn0 55 --fading 80")
ACQUIRE = ("acquire --codec 3200 --cn0 38.4 --calls {calls}", "acquire --codec 700C --cn0 33.3 --calls {calls}")


def start(program, arguments, library):
    environment = dict(os.environ, LD_PRELOAD=str(library))
    return subprocess.Popen([*shlex.split(program), *arguments, "--jobs", "1"], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def results(programs, arguments, library):
    """What both print, or an end with the words of the one that failed."""
    found = []
    for program, run in [(program, start(program, arguments, library)) for program in programs]:
        out, error = run.communicate()
        if run.returncode != 0:
            sys.exit(f"{program} {shlex.join(arguments)}: {error.strip() or out.strip() or run.returncode}")
        found.append(out)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--seconds", type=float, default=150, help="of voice at each point (default 150)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="measurements whose name holds this, such as constant")
    options = parser.parse_args()
    chosen = [f"{m} --seconds {options.seconds:g}" for m in MEASUREMENTS]
    chosen += [m.format(calls=max(1, round(options.seconds / 4))) for m in ACQUIRE]
    chosen = [f"{m} --seed {options.seed}" for m in chosen if options.only in m]
    if not chosen:
        parser.error(f"no measurement holds '{options.only}'")
    different = 0
    with tempfile.TemporaryDirectory(prefix="securevoice-compare-") as folder:
        library = pathlib.Path(folder) / "repeatable_draws.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, HERE / "repeatable_draws.c"], check=True)
        for measurement in chosen:
            old, new = results((options.old, options.new), measurement.split(), library)
            different += old != new
            print(f"{measurement}: {'same' if old == new else 'DIFFERENT'}\n{new if old == new else old + new}", flush=True)
    print(f"{len(chosen) - different} of {len(chosen)} are the same")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
