#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""What the commands listen and talk have in common."""

import gc
import json
import signal
import sys

from .driver_messages import DriverMessages
from .live_line import LiveLine
from .plan import number

ENVIRONMENT_FAILED, BAD_USAGE, NOTHING_HEARD = 1, 2, 3 # as in apps/commands.h


def frequencies(options):
    """Frequency, sample rate and offset tuning of a command line, Hz; the last two may be None."""
    return (number(options.freq, "--freq"), options.rate and number(options.rate, "--rate"),
            number(options.lo_offset, "--lo-offset") if options.lo_offset else None)


class Display:
    """Driver messages, the live line and the log of statuses."""

    def __init__(self, text_of, log=None):
        self.messages = DriverMessages()
        self.newest = {}
        self.trouble = "" # of the device
        self._text_of = text_of
        self._line = None
        self._log = open(log, "w", encoding="utf-8") if log else None

    def __enter__(self):
        self.messages.start()
        self._line = LiveLine(self.messages.terminal)
        return self

    def __exit__(self, *_):
        self._line.end()
        self.messages.stop()
        if self._log:
            self._log.close()

    def on_status(self, status):
        self.newest = status
        if self._log:
            counts = dict(overflows=self.messages.overflows, underflows=self.messages.underflows)
            self._log.write(json.dumps({**status, **counts}) + "\n")
            self._log.flush()
        self._show()

    def on_device(self, trouble):
        self.trouble = trouble
        self._show()

    def _show(self):
        self._line.show(self._text_of(self.newest, self.messages, self.trouble))

    def opening(self):
        """Context in which a device is opened."""
        return self.messages.while_opening()


def on_signals(stop):
    """Ctrl-C and SIGTERM call stop()."""
    for which in (signal.SIGINT, signal.SIGTERM):
        signal.signal(which, lambda *_: stop())


def exit_code(name, run, options):
    """Runs a command; errors become sentences and exit codes."""
    try:
        return run(options)
    except ValueError as e:
        code, sentence = BAD_USAGE, e
    except (RuntimeError, OSError) as e:
        code, sentence = ENVIRONMENT_FAILED, e
    finally:
        gc.collect() # devices are closed by their destructors
    print(f"securevoice {name}: {sentence}", file=sys.stderr)
    return code
