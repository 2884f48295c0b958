#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""What the commands listen and talk have in common."""

import contextlib
import gc
import json
import os
import signal
import sys

from ..called import called_word
from ..securevoice_python import harden_process, output_file
from .driver_messages import DriverMessages
from .live_line import LiveLine
from .plan import number

ENVIRONMENT_FAILED, BAD_USAGE, NOTHING_SENT = 1, 2, 3 # as in apps/commands.h


def frequencies(options):
    """Frequency, sample rate and offset tuning of a command line, Hz; the last two may be None."""
    return (number(options.freq, "--freq"), options.rate and number(options.rate, "--rate"),
            number(options.lo_offset, "--lo-offset") if options.lo_offset else None)


def read_numbers(options, *names):
    """The texts of these options become numbers. Raises ValueError."""
    for name in names:
        setattr(options, name, number(getattr(options, name), f"--{name.replace('_', '-')}"))


def refuse_same_outputs(*paths):
    """Raises ValueError if two of the paths lead to one file; empty ones, devices and pipes may."""
    files = [os.path.realpath(path) for path in paths if path]
    for n, path in enumerate(files):
        if path in files[:n] and (os.path.isfile(path) or not os.path.exists(path)):
            raise ValueError(f"{path} is named twice as an output: give each a file of its own")


class Display:
    """
    Driver messages, the live line and the log of statuses. log: path of the log, or None; not_over: files that it must not be written over.
    A log that cannot be written any more, and a terminal that is gone, end nothing: trouble says so.

    Raises ValueError or RuntimeError if the log cannot be written.
    """

    def __init__(self, text_of, log=None, not_over=()):
        self.messages = DriverMessages()
        self.newest = {}
        self.trouble = "" # of the log
        self._device = "" # trouble
        self._text_of = text_of
        self._line = None
        self._log = output_file(os.fsencode(log), [os.fsencode(other) for other in not_over]) if log else None

    def __enter__(self):
        self.messages.start()
        self._line = LiveLine(self.messages.terminal)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError, ValueError): # the terminal is gone
            self._line.end()
        self.messages.stop()
        if self.newest:
            self._write_log("") # it may have been removed since

    def _write_log(self, text):
        if not self._log or self.trouble:
            return
        try:
            self._log.write(text)
            self._log.publish()
        except (RuntimeError, ValueError) as e: # a key file may stand there by now
            self.trouble = str(e)

    def problem(self):
        """What befell the log, though all was written: a sentence, or empty."""
        return self._log.problem() if self._log else ""

    def on_status(self, status):
        self.newest = status
        counts = dict(overflows=self.messages.overflows, underflows=self.messages.underflows)
        self._write_log(json.dumps({**status, **counts}) + "\n")
        self._show()

    def on_device(self, trouble):
        self._device = trouble
        self._show()

    def _show(self):
        with contextlib.suppress(OSError, ValueError):
            self._line.show(self._text_of(self.newest, self.messages, self._device))

    def opening(self):
        """Context in which a device is opened."""
        return self.messages.while_opening()


ENDINGS = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM", signal.SIGHUP: "the end of its terminal (SIGHUP)"}


class Signals:
    """
    Ctrl-C, SIGTERM and the end of the terminal: the first one calls stop(), a second one ends the program at once. What was ignored from
    the start (nohup) stays ignored. While a device is opened they end the program at once, since a driver may not come back: nothing is
    lost by that, files are right at any moment. reason: what came, or empty.
    """

    def __init__(self):
        self.reason = ""
        self._stop = None
        self._heeded = [which for which in ENDINGS if which == signal.SIGINT or signal.getsignal(which) != signal.SIG_IGN]
        self._obey(signal.SIG_DFL)

    def _obey(self, handler):
        for which in self._heeded:
            signal.signal(which, handler)

    def _came(self, which, _frame):
        self.reason = ENDINGS[which]
        self._obey(signal.SIG_DFL)
        self._stop()

    def call(self, stop):
        """From here on."""
        self._stop = stop
        self._obey(self._came)

    @contextlib.contextmanager
    def at_once(self):
        """Context in which they end the program."""
        if self.reason or not self._stop:
            yield
            return
        self._obey(signal.SIG_DFL)
        try:
            yield
        finally:
            self._obey(self._came)


def say(name, sentence):
    """For the user; a terminal that is gone does not matter, nor to Python's own end, which flushes standard error."""
    try:
        print(f"{called_word()} {name}: {sentence}", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        sys.stderr = open(os.devnull, "w", encoding="utf-8") # pylint: disable=consider-using-with


def exit_code(name, run, options):
    """Runs a command; errors become sentences and exit codes."""
    try:
        harden_process()
        return run(options)
    except ValueError as e:
        code, sentence = BAD_USAGE, e
    except (RuntimeError, OSError) as e:
        code, sentence = ENVIRONMENT_FAILED, e
    except KeyboardInterrupt:
        code, sentence = 128 + signal.SIGINT, "ended by Ctrl-C"
    finally:
        gc.collect() # devices are closed by their destructors
    say(name, sentence)
    return code
