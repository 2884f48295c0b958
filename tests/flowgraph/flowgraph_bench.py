# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the Python module, the command line and the examples, each in a process of its own as a user runs them."""
import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import wave

import numpy

SOUNDS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
BLOCK = 640 # samples of speech


@dataclasses.dataclass
class Parts:
    """What is tested: the command line program, and the folders of the module, the GRC files and the examples."""

    program: pathlib.Path
    modules: pathlib.Path
    grc: pathlib.Path
    examples: pathlib.Path


class Bench:
    """A folder with a home, a keyring with the keys `ours` and `theirs`, and programs that run there."""

    def __init__(self, folder, compiled, parts):
        self.folder = folder
        self.compiled = compiled # here are the examples as Python programs
        self.parts = parts
        self.output = "" # of the newest program
        modules = [str(parts.modules), str(compiled), os.environ.get("PYTHONPATH")]
        self.environment = dict(
            os.environ, HOME=str(folder), SECUREVOICE_KEYRING=str(folder / "keys"), PYTHONDONTWRITEBYTECODE="1", QT_QPA_PLATFORM="offscreen",
            PYTHONPATH=os.pathsep.join(filter(None, modules)), GRC_BLOCKS_PATH=str(parts.grc))
        for name in ("ours", "theirs"):
            self.command_line("keys", "new", name)

    def path(self, name):
        return self.folder / name

    def run(self, *arguments, code=0):
        done = subprocess.run([str(a) for a in arguments], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False, text=True)
        assert done.returncode == code, f"{arguments}: exit code {done.returncode}: {done.stdout[-3000:]}"
        return done.stdout

    def command_line(self, *arguments, code=0):
        return self.run(self.parts.program, *arguments, code=code)

    def python(self, code, *arguments, exit_code=0):
        """Runs Python code; what it leaves in `result` is handed over. `code` may use numpy, gr, blocks, securevoice, pmt and speech()."""
        script = self.path("script.py")
        script.write_text(PRELUDE + code + EPILOGUE)
        self.path("result.json").unlink(missing_ok=True)
        self.output = self.run(sys.executable, script, *arguments, code=exit_code)
        return json.loads(self.path("result.json").read_text()) if exit_code == 0 else None

    def compile(self, name):
        """The program that grcc makes of an example; once for all tests."""
        program = self.compiled / f"{name}.py"
        if not program.exists():
            self.run("grcc", "-o", self.compiled, self.parts.examples / f"{name}.grc")
        return program

    def call(self, name, code=0, **arguments):
        """Compiles an example and runs it. Returns the statuses that it printed."""
        program = self.compile(name)
        options = [part for key, value in arguments.items() for part in ("--" + key.replace("_", "-"), value)]
        self.output = self.run(sys.executable, program, *options, code=code)
        return statuses(self.output)

    def window(self, name, code, **arguments):
        """Opens the window of an example without a screen; `code` works its controls, with until(), shows() and the window `tb`. What it
        leaves in `result` is handed over."""
        self.compile(name)
        # as its main() does
        begin = f"import {name}\ntb = {name}.{name}(**{arguments!r})\ngetattr({name}, 'snippets_main_after_init', lambda tb: None)(tb)\n"
        # Python and Qt take a window down in an order of their own, and may crash: that is after what is tested here.
        return self.python(WINDOW + begin + code + LEAVE)

    def companion(self, examples):
        """What GNU Radio Companion says while it opens flowgraphs, on a display without a screen."""
        said = self.path("companion.txt")
        with open(said, "w", encoding="utf-8") as out:
            program = subprocess.Popen(["xvfb-run", "-a", "gnuradio-companion", *map(str, examples)], cwd=self.folder,
                                       env=dict(self.environment, PYTHONUNBUFFERED="1"), stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, start_new_session=True)
            try:
                limit = time.monotonic() + 240
                while said.read_text().count(">>> Done") < len(examples):
                    assert program.poll() is None and time.monotonic() < limit, said.read_text()
                    time.sleep(0.2)
            finally:
                os.killpg(program.pid, signal.SIGTERM)
                program.wait()
        return said.read_text()


WINDOW = """
from PyQt5 import Qt
application = Qt.QApplication(sys.argv[:1])

def until(condition):
    limit = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        application.processEvents()
        time.sleep(0.02)

def shows(display):
    return getattr(tb, f"_{display}_display_win").findChildren(Qt.QLineEdit)[-1].text()

"""
PRELUDE = """
import json, sys, time
import numpy, pmt
from gnuradio import blocks, gr, securevoice

def speech(blocks):
    rng = numpy.random.default_rng(1)
    t = numpy.arange(blocks * 640) / 8000
    voice = sum(numpy.sin(2 * numpy.pi * n * (120 * t + 5 * numpy.sin(2 * t))) / n for n in range(1, 12))
    return (0.2 * voice * numpy.maximum(0, numpy.sin(6 * t)) + 0.005 * rng.standard_normal(len(t))).astype(numpy.float32)

class statuses(gr.basic_block):
    # Collects messages.
    def __init__(self):
        gr.basic_block.__init__(self, "statuses", None, None)
        self.all = []
        self.message_port_register_in(pmt.intern("in"))
        self.set_msg_handler(pmt.intern("in"), self.take)
    def take(self, message):
        self.all.append(pmt.to_python(message))

class commands(gr.basic_block):
    # Sends messages.
    def __init__(self):
        gr.basic_block.__init__(self, "commands", None, None)
        self.message_port_register_out(pmt.intern("out"))
    def send(self, key, value):
        self.message_port_pub(pmt.intern("out"), pmt.cons(pmt.intern(key), pmt.to_pmt(value)))

def wait(condition):
    limit = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.01)

result = None
"""
LEAVE = """
with open("result.json", "w") as out:
    json.dump(result, out)
sys.stdout.flush()
import os
os._exit(0)
"""
EPILOGUE = """
json.dump(result, open("result.json", "w"))
"""


def loudness(samples):
    """RMS of each 50 ms."""
    windows = numpy.asarray(samples, float)[:len(samples) // 400 * 400].reshape(-1, 400)
    return numpy.sqrt(numpy.mean(windows ** 2, axis=1))


def likeness(heard, said):
    """Correlation of the loudness of what is heard, shifted by up to 0.5 s and anywhere in what was said again and again."""
    a, b = loudness(heard), loudness(said)
    b = numpy.tile(b, len(a) // len(b) + 2)
    return max(numpy.corrcoef(a, b[n:n + len(a)])[0, 1] for n in range(len(b) - len(a)))


def statuses(output):
    """Status messages as a Message Debug prints them: a list of dictionaries of text."""
    found = []
    for line in output.splitlines():
        if line.startswith("((") and line.endswith("))"):
            pairs = (entry.split(" . ", 1) for entry in line[2:-2].split(") ("))
            found.append({name: value for name, value in pairs})
    return found


def write_wav(path, samples):
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(numpy.asarray(samples, "<i2").tobytes())


def read_wav(path):
    with wave.open(str(path)) as recording:
        assert (recording.getframerate(), recording.getnchannels(), recording.getsampwidth()) == (8000, 1, 2)
        return numpy.frombuffer(recording.readframes(recording.getnframes()), "<i2")


def read_recording():
    """Twelve seconds of one speaker: 150 blocks."""
    data = b""
    for path in sorted(SOUNDS.glob("demo-*.wav")):
        with wave.open(str(path)) as sound:
            assert sound.getframerate() == 8000 and sound.getsampwidth() == 2
            data += sound.readframes(sound.getnframes())
    samples = numpy.frombuffer(data, "<i2")[:150 * BLOCK]
    assert len(samples) == 150 * BLOCK, f"install asterisk-core-sounds-en-wav: little speech below {SOUNDS}"
    return samples
