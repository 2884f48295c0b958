#!/usr/bin/env python3
# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the recordings in tests/vectors/air: short calls as the program `securevoice` sends them, with what they hold.

    make_air_vectors.py path/of/securevoice

A salt is fresh in every call, and so are the recordings: make them anew only where the format changes. The voice is a
synthetic one.
"""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import wave

import numpy

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "vectors" / "air"
KEY = bytes(range(0x41, 0x61)) # everybody's
RATE = 14400
SPEECH_RATE, BLOCK = 8000, 640
BRIEF = ["--rate", str(RATE), "--lead-seconds", "0.02", "--tail-seconds", "0.02"]
CALLS = {
    "secure-3200": {"blocks": 4, "tx": ["--codec", "3200"], "channel": None,
                    "kinds": "secure " * 7},
    "switched-1300": {"blocks": 7, "tx": ["--codec", "1300", "--switch", "0.1=clear,0.4=secure"],
                      "channel": ["--cn0", "52", "--offset", "-433", "--clock-ppm", "7", "--seed", "2026"],
                      "kinds": "secure secure clear clear clear secure secure secure secure secure"},
}


def hum(blocks):
    """A voiced sound whose pitch rises, under formants that move: the sum of its harmonics."""
    t = numpy.arange(blocks * BLOCK) / SPEECH_RATE
    phase = 2 * numpy.pi * (110 * t + 40 * t ** 2)
    sound = numpy.zeros(len(t))
    for n in range(1, 24):
        at = n * (110 + 80 * t)
        level = sum(numpy.exp(-((at - centre * (1 + 0.3 * numpy.sin(6 * t))) / 250) ** 2) for centre in (500, 1500, 2500))
        sound += level * numpy.sin(n * phase)
    return (8000 * sound / abs(sound).max()).astype("<i2")


def make(program, name, call):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        key_file = folder / "public.key"
        key_file.touch(mode=0o600)
        key_file.write_text(f"gr-securevoice key 1\nkey: {KEY.hex()}\n", encoding="ascii")
        with wave.open(str(folder / "hum.wav"), "wb") as out:
            out.setparams((1, 2, SPEECH_RATE, 0, "NONE", ""))
            out.writeframes(hum(call["blocks"]).tobytes())

        def run(*arguments):
            environment = dict(os.environ, HOME=str(folder))
            subprocess.run([program, *arguments], cwd=folder, env=environment, check=True)

        run("tx", "hum.wav", "sent.cf32", "--key", "./public.key", "--frames-out", "sent.c2", *BRIEF, *call["tx"])
        if call["channel"]:
            run("channel", "sent.cf32", "air.cf32", "--rate", str(RATE), *call["channel"])
            (folder / "air.cf32").rename(folder / "sent.cf32")
        (FOLDER / f"{name}.cf32").write_bytes((folder / "sent.cf32").read_bytes())
        return {"made": datetime.date.today().isoformat(), "tx": [*BRIEF, *call["tx"]], "channel": call["channel"],
                "rate": RATE, "kinds": call["kinds"].split(), "frames": (folder / "sent.c2").read_bytes().hex()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=lambda path: pathlib.Path(path).resolve())
    program = parser.parse_args().program
    FOLDER.mkdir(exist_ok=True)
    vectors = {"note": "Complex float samples. Made by tests/tools/make_air_vectors.py with the program securevoice, from a "
                       "synthetic voice. kinds: of all blocks, with the two after the last voice block; frames: all that was "
                       "said, as c2enc would write it.",
               "key": KEY.hex(), "calls": {name: make(program, name, call) for name, call in CALLS.items()}}
    (FOLDER / "calls.json").write_text(json.dumps(vectors, indent=1) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
