# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal with somebody at it who reads and types."""

import fcntl
import os
import select
import struct
import subprocess
import termios
import time

from conftest import PROGRAM


class PseudoTerminal:
    """The program with a terminal of its own; its standard output is a pipe unless `drawing`, its standard input nothing unless
    `typed_input`."""

    def __init__(self, program, *arguments, drawing=False, columns=120, typed_before="", typed_input=False):
        self.master, self.slave = os.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
        self.shown = b""
        self.type(typed_before)
        self.process = subprocess.Popen( # pylint: disable=consider-using-with
            [PROGRAM, *map(str, arguments)], cwd=program.folder, env=program.environment, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0), stdin=self.slave if typed_input else subprocess.DEVNULL,
            stdout=self.slave if drawing else subprocess.PIPE, stderr=subprocess.PIPE)

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def read(self, seconds=0.0):
        if select.select([self.master], [], [], seconds)[0]:
            self.shown += os.read(self.master, 65536)

    def wait_for(self, words):
        """Reads until the words were shown after what was waited for before."""
        end = time.monotonic() + 60
        while words.encode() not in self.shown:
            assert time.monotonic() < end and self.process.poll() is None, f"no '{words}': {self.shown} {self.rest()}"
            self.read(0.1)
        before, _, self.shown = self.shown.partition(words.encode())
        return before

    def type(self, text):
        os.write(self.master, text.encode())

    def answer(self, prompt, text):
        """Types a secret where it must not be shown."""
        self.wait_for(prompt)
        assert not self.echoes(), "the terminal shows what is typed"
        self.type(text + "\r")

    def rest(self):
        out, err = self.process.communicate(timeout=60)
        return (out or b"").decode(), err.decode()

    def end(self, code=0):
        """The program's output and errors, and what its user saw since the last prompt."""
        out, err = self.rest()
        self.read(0.2)
        assert self.process.returncode == code, (self.process.returncode, out, err, self.shown)
        assert self.echoes(), "the terminal's echo is still off"
        return out, err, self.shown.decode()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        os.close(self.master)
        os.close(self.slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
