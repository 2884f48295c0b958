#!/usr/bin/python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret call with real speech, switched to clear and back, over a noisy simulated channel.

Three calls are made with the same key and the same speech. The first one is secure, then clear, then secure again. The second one is secure
throughout: clear speech is for everybody, so only there somebody with a wrong key hears nothing at all. The third one is secure, then FM,
which any radio hears, then secure again.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

import numpy as np

import call as calls
import judge
import picture
import radio
from program import Failed, Program, read_iq, read_speech, write_speech

SPEECH = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison/demo-congrats.wav")
SWITCHES = [(9, "clear"), (15, "secure")] # s, kind
FM_SWITCHES = ["9=fm", "15=secure"]
FM_CN0 = 55 # dB-Hz: FM needs a stronger signal than digital voice
SEED = 1
LIBRARIES = ("libcodec2-dev", "libliquid-dev", "libsodium-dev")


def versions():
    found = {"python": platform.python_version(), "numpy": np.__version__, "matplotlib": picture.matplotlib.__version__}
    for package in LIBRARIES:
        try:
            done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False)
        except OSError:
            break
        found[package] = done.stdout
    return found


def rows(call, secure_share):
    holder, stranger, ear = call.holder, call.wrong_key, call.eavesdropper
    secure = len(call.secure_blocks)
    silences = [(s.start, s.end, "nothing") for s in call.sent if s.kind == "secure"]
    heard = len(np.intersect1d(stranger.played, call.secure_blocks))
    return {
        "original": picture.Row("Original", "at the microphone"),
        "vocoder": picture.Row("Vocoder alone", f"Codec2 {call.sent_report['codec']}, without radio"),
        "received": picture.Row("Holder of the key", f"{holder.report['blocks_played']} of {len(call.sent_frames)} blocks played",
                                holder.begin),
        "wrong_key": picture.Row("Wrong key", f"{heard} of {secure} secure blocks played; what is clear is for everybody",
                                 stranger.begin, [] if heard else silences),
        "eavesdropper": picture.Row("Eavesdropper: the demodulated bits, given to the vocoder",
                                    f"{judge.percent(secure_share, 1)} of the secret bits are right: chance", ear.begin),
    }


def show(lines):
    width = max(len(line.what) for line in lines)
    for line in lines:
        verdict = {True: "ok", False: "FAILED", None: ""}[line.good]
        print(f"  {line.what:<{width}}  {line.value:<58} {verdict}".rstrip())


def run(arguments, scratch, output):
    started = time.monotonic()
    program = Program(arguments.program, scratch)
    channel = calls.Channel(cn0_dbhz=arguments.cn0)
    speech = read_speech(SPEECH)
    write_speech(scratch / "speech.wav", speech)

    for key in (calls.KEY, calls.OTHER_KEY):
        program("keys", "new", key)
    program("vocoder", "speech.wav", "vocoder.wav", "--codec", arguments.codec)
    asked = [f"{t}={kind}" for t, kind in SWITCHES]
    call = calls.make(program, "call", "speech.wav", arguments.codec, channel, SEED, asked)
    secure_call = calls.make(program, "secure_call", "speech.wav", arguments.codec, channel, SEED + 1)
    fm_call = radio.make(program, "speech.wav", arguments.codec, FM_CN0, channel.offset_hz, SEED + 2, FM_SWITCHES)
    called = time.monotonic() - started

    secure_share, bits = judge.eavesdropper(call, secure_call)
    lines = [*judge.blocks(call), *judge.switches(call, SWITCHES), *judge.estimates(call, channel),
             *judge.wrong_key(call, secure_call), *bits, *radio.judge(fm_call, speech)]
    good = all(line.good is not False for line in lines)

    sounds = {"original": speech, "vocoder": read_speech(scratch / "vocoder.wav"), "received": call.holder.speech,
              "wrong_key": call.wrong_key.speech, "eavesdropper": call.eavesdropper.speech}
    shown = rows(call, secure_share)
    for name, samples in sounds.items():
        shown[name].samples = samples
    picture.draw(output / "demo.png", title="A secret call, switched to clear and back",
                 subtitle=f"Real speech, Codec2 {arguments.codec}, simulated channel: C/N0 {channel.cn0_dbhz:.0f} dB-Hz, carrier "
                          f"{channel.offset_hz:+.0f} Hz, clock {channel.clock_ppm:.0f} ppm. Drawn by ./gr-securevoice demo",
                 sent_iq=read_iq(call.sent_iq), air_iq=read_iq(call.air_iq), rate=calls.IQ_RATE,
                 offset_hz=call.holder.report["offset_estimate_hz"] or 0, symbols=read_iq(call.symbols),
                 sent=call.sent, heard=call.holder.segments, rows=list(shown.values()), seconds=len(speech) / 8000)
    sounds["wrong_key_switched_call"] = sounds["wrong_key"]
    sounds["wrong_key"] = secure_call.wrong_key.speech
    sounds["fm_call"], sounds["fm_radio"] = fm_call.speech, fm_call.radio
    for name, samples in sounds.items():
        write_speech(output / f"{name}.wav", samples)

    taken = time.monotonic() - started
    lines.append(judge.Line("time", f"{called:.1f} s for three calls of {len(speech) / 8000:.0f} s, {taken:.1f} s in all"))
    report = {
        "passed": good,
        "what": __doc__.strip(),
        "speech": str(SPEECH),
        "channel": dataclasses.asdict(channel),
        "judgements": [dataclasses.asdict(line) for line in lines],
        "call": {"sent": call.sent_report, "holder": call.holder.report, "wrong_key": call.wrong_key.report,
                 "eavesdropper": call.eavesdropper.report},
        "secure_call": {"sent": secure_call.sent_report, "holder": secure_call.holder.report,
                        "wrong_key": secure_call.wrong_key.report, "eavesdropper": secure_call.eavesdropper.report},
        "fm_call": {"sent": fm_call.sent, "holder": fm_call.heard},
        "files": {
            "fm_call.wav": "of the call that is FM in between: what the holder of the key hears",
            "fm_radio.wav": "of the same call: what an ordinary FM radio plays, noise of the secure parts included",
            "wrong_key.wav": "of the call that is secure throughout: no sample",
            "wrong_key_switched_call.wav": "of the call that is clear in between: what was clear, nothing else",
            "original.wav, vocoder.wav, received.wav, eavesdropper.wav": "of the call that is clear in between",
        },
        "commands": program.calls,
        "versions": versions(),
    }
    (output / "report.json").write_text(json.dumps(report, indent=2) + "\n")
    show(lines)
    return good


def main():
    parser = argparse.ArgumentParser(prog="./gr-securevoice demo", description=__doc__)
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--output", default="demo-output", help="folder for the results (%(default)s)")
    parser.add_argument("--codec", default="3200", help="Codec2 rate (%(default)s)")
    parser.add_argument("--cn0", type=float, default=calls.Channel.cn0_dbhz, help="of the channel, dB-Hz (%(default)s)")
    arguments = parser.parse_args()
    output = pathlib.Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    # Keys and IQ stay in a private folder and go with it.
    with tempfile.TemporaryDirectory(prefix="gr-securevoice-demo-") as folder:
        scratch = pathlib.Path(folder)
        os.environ["SECUREVOICE_KEYRING"] = str(scratch / "keys")
        try:
            good = run(arguments, scratch, output)
        except Failed as failed:
            print(f"gr-securevoice demo: {failed}", file=sys.stderr)
            return 1
    print(f"\n{'The call succeeded' if good else 'The call FAILED'}: see and hear {os.path.relpath(output)}/ (demo.png, *.wav, report.json)")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
