# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo succeeds with the program as it is, and fails when the call fails or the program betrays the caller."""

import json
import os
import pathlib
import subprocess
import sys
import wave

import pytest

PROGRAM = os.environ["SECUREVOICE_BIN"]
DEMO = pathlib.Path(__file__).resolve().parents[2] / "examples" / "demo" / "demo.py"


def run(folder, program, *arguments):
    scratch = folder / "scratch"
    scratch.mkdir()
    done = subprocess.run([sys.executable, "-B", DEMO, "--program", program, "--output", folder / "out", *arguments],
                          env={**os.environ, "TMPDIR": str(scratch), "MPLCONFIGDIR": str(folder)}, capture_output=True, text=True,
                          timeout=300, check=False)
    assert not list(scratch.iterdir()), "keys were left behind"
    return done


def verdicts(folder):
    report = json.loads((folder / "out" / "report.json").read_text())
    return report["passed"], {j["what"]: j["good"] for j in report["judgements"] if j["good"] is not None}


def samples_in(path):
    with wave.open(str(path)) as file:
        return file.getnframes()


def test_the_call_succeeds_and_leaves_its_files(tmp_path):
    done = run(tmp_path, PROGRAM)
    assert done.returncode == 0, done.stdout + done.stderr
    passed, all_verdicts = verdicts(tmp_path)
    assert passed and set(all_verdicts.values()) == {True}
    out = tmp_path / "out"
    assert samples_in(out / "original.wav") >= 20 * 8000
    assert samples_in(out / "wrong_key.wav") == 0
    assert samples_in(out / "fm_call.wav") >= 0.99 * samples_in(out / "original.wav") and (out / "fm_radio.wav").exists()
    for name in ("vocoder", "received", "eavesdropper"):
        assert samples_in(out / f"{name}.wav") >= samples_in(out / "original.wav"), name
    assert (out / "demo.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "demo.png").stat().st_size < 600_000


def test_too_weak_a_signal_fails(tmp_path):
    done = run(tmp_path, PROGRAM, "--cn0", "34")
    assert done.returncode == 1
    assert verdicts(tmp_path)[1]["blocks played"] is False


# What a bad program does with its arguments, as a line of bash before or after it runs as it should.
TRAITORS = {
    "wrong key, secure call": 'set -- "${@/#stranger/group}"; "$real" "$@"',
    "Codec2 frames played": '"$real" "$@"; for f in *.holder.c2; do [ -f $f ] && printf x | dd of=$f bs=1 seek=99 conv=notrunc; done',
    "eavesdropper, right bits": '"$real" "$@"; [ $1 = eavesdrop ] && cp call.sent.c2 call.eavesdropper.c2',
    "FM call, heard with the key": '[ $1 = rx ] && set -- "$@" --no-fm; "$real" "$@"',
    "kinds sent": 'set -- "${@/#9=clear,15=secure/9=clear,16=secure}"; "$real" "$@"',
}


@pytest.mark.parametrize("what", TRAITORS)
def test_a_program_that_betrays_the_caller_is_found_out(tmp_path, what):
    traitor = tmp_path / "traitor"
    traitor.write_text(f"#!/bin/bash\nreal={PROGRAM}\n{TRAITORS[what]}\nexit 0\n")
    traitor.chmod(0o755)
    done = run(tmp_path, traitor)
    assert done.returncode == 1, done.stdout + done.stderr
    passed, all_verdicts = verdicts(tmp_path)
    assert not passed and all_verdicts[what] is False


def test_a_program_that_ends_with_an_error_is_named(tmp_path):
    broken = tmp_path / "broken"
    broken.write_text(f'#!/bin/bash\n[ $1 = channel ] && {{ echo "the disk is full" >&2; exit 1; }}\nexec {PROGRAM} "$@"\n')
    broken.chmod(0o755)
    done = run(tmp_path, broken)
    assert done.returncode == 1
    assert "securevoice channel" in done.stderr and "the disk is full" in done.stderr and "Traceback" not in done.stderr
