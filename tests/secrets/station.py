# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A station under attack: the program and flowgraphs, each in a process of its own, with faults on demand, and what they
put on the air as a listener sees it who knows docs/protocol.md and nothing else."""

import json
import os
import pathlib
import subprocess
import sys
import wave

import numpy

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))

import air_reader.secrecy  # noqa: E402
import independent_reader  # noqa: E402

secrecy = air_reader.secrecy # tests have it from here

PROGRAM, FAULTS = os.environ["SECUREVOICE_BIN"], os.environ["SECUREVOICE_FAULTS"]
SOUNDS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
ENVIRONMENT_FAILED, BAD_USAGE = 1, 2
ABORTED = -6
RATE = 14400 # of the IQ, samples/s: quick for the reader
BLOCK = 640 # samples of speech


def write_wav(path, samples):
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(numpy.asarray(samples, "<i2").tobytes())


def read_recording():
    """Twelve seconds of one speaker: 150 blocks."""
    data = b""
    for path in sorted(SOUNDS.glob("demo-*.wav")):
        with wave.open(str(path)) as recording:
            assert recording.getframerate() == 8000 and recording.getsampwidth() == 2
            data += recording.readframes(recording.getnframes())
    samples = numpy.frombuffer(data, "<i2")[:150 * BLOCK]
    assert len(samples) == 150 * BLOCK, f"install asterisk-core-sounds-en-wav: little speech below {SOUNDS}"
    return samples


class Station:
    """A folder with a home, speech.wav and a keyring with the keys `ours` and `theirs`."""

    def __init__(self, folder, speech):
        self.folder = folder
        self.environment = dict(os.environ, HOME=str(folder), SECUREVOICE_KEYRING=str(folder / "keys"), PYTHONDONTWRITEBYTECODE="1")
        if "SECUREVOICE_MODULES" in os.environ:
            self.environment["PYTHONPATH"] = os.pathsep.join(
                filter(None, [os.environ["SECUREVOICE_MODULES"], os.environ.get("PYTHONPATH")]))
            self.environment["GRC_BLOCKS_PATH"] = os.environ["SECUREVOICE_GRC"]
        self.keys = {}
        for name in ("ours", "theirs"):
            self.program("keys", "new", name)
            self.keys[name] = independent_reader.read_key(folder / "keys" / f"{name}.key")
        write_wav(folder / "speech.wav", speech)

    def path(self, name):
        return self.folder / name

    def run(self, *command, faults="", stdin=b"", **more):
        """Standard output and error are octets; no exit code is an error."""
        environment = self.environment if not faults else dict(self.environment, LD_PRELOAD=FAULTS, FAULTS=faults)
        return subprocess.run([str(part) for part in command], cwd=self.folder, env=environment, input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False, **more)

    def program(self, *arguments, code=0, **more):
        done = self.run(PROGRAM, *arguments, **more)
        assert done.returncode == code, f"{arguments}: exit code {done.returncode}: {done.stderr.decode()}"
        return done

    def python(self, code, *arguments, exit_code=0, **more):
        """Runs a flowgraph, or whatever the Python code does; what it leaves in `result` is handed over, with what it
        printed. `code` may use numpy, pmt, gr, blocks, securevoice, transmit() and statuses."""
        script = self.path("script.py")
        script.write_text(PRELUDE + code + EPILOGUE)
        self.path("result.json").unlink(missing_ok=True)
        done = self.run(sys.executable, script, *arguments, **more)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == exit_code, f"exit code {done.returncode}: {said[-3000:]}"
        return (json.loads(self.path("result.json").read_text()) if exit_code == 0 else None), said

    def air(self, name="sent.cf32"):
        """The IQ in a file; none if there is no file."""
        path = self.path(name)
        return numpy.fromfile(path, numpy.complex64) if path.exists() else numpy.zeros(0, numpy.complex64)

    def leftovers(self):
        return sorted(str(p) for p in self.folder.rglob("*.part-*"))


def kinds(iq, key=None):
    """The kinds of the blocks of a call, as the independent reader sees them; without a key a secure block is 'unreadable',
    a clear one is not. Nothing where there is no call."""
    call = independent_reader.read_call(iq, RATE, key) if len(iq) else None
    return [block.kind for block in call.blocks] if call else []


PRELUDE = """
import json, sys, time
import numpy, pmt
from gnuradio import blocks, gr, securevoice

class statuses(gr.basic_block):
    # Collects messages.
    def __init__(self):
        gr.basic_block.__init__(self, "statuses", None, None)
        self.all = []
        self.message_port_register_in(pmt.intern("in"))
        self.set_msg_handler(pmt.intern("in"), self.take)
    def take(self, message):
        self.all.append(pmt.to_python(message))

def wait(condition):
    limit = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.01)

result = None
"""
EPILOGUE = """
json.dump(result, open("result.json", "w"))
"""
