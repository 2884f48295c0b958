#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The program: settings, temporary stations of a simulation, the Qt application."""

import contextlib
import os
import tempfile
import time

from PyQt5.QtWidgets import QApplication

from .. import demodulator, voice_encoder
from ..called import quoted_command
from ..radio import DriverMessages
from ..radio.plan import RATE, DeviceError
from . import keyring
from .boxes import CN0_RANGE, OFFSET_RANGE, OFFSET_STEP
from .link import Link
from .main_window import MainWindow
from .signals import Signals

TRIAL_KEYS = ("friends", "strangers") # of who tries the window without any key of his own


def check(settings):
    """Of what a window is made of, what is wrong whatever happens later. Raises ValueError."""
    voice_encoder(settings.codec)
    demodulator(RATE, profile=settings.profile)
    if settings.simulate:
        for name, value, span, unit in (("--cn0", settings.cn0, CN0_RANGE, "dB-Hz"),
                                        ("--offset", settings.offset, [OFFSET_STEP * end for end in OFFSET_RANGE], "Hz")):
            if not span[0] <= value <= span[1]:
                raise ValueError(f"{name} is from {span[0]} to {span[1]} {unit}, not {value:g}")


@contextlib.contextmanager
def prepared(settings):
    """
    Fills in what a simulation needs: replay memories of its own, and keys that live as long as the window where the user has none. Gives
    the names of the keys, and when new memories were made, or None.
    """
    with contextlib.ExitStack() as stack:
        since = None
        if settings.simulate:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="securevoice-window-"))
            settings.state = settings.state or os.path.join(folder, "own")
            settings.other_state = settings.other_state or os.path.join(folder, "other")
            if not all(map(os.path.isdir, [settings.state] if settings.link else [settings.state, settings.other_state])):
                since = time.monotonic()
            if not settings.keyring and not settings.key and not settings.link and not keyring.key_names():
                settings.keyring = os.path.join(folder, "keys")
                for name in TRIAL_KEYS:
                    keyring.make_key(name, settings.keyring)
        names = keyring.key_names(settings.keyring)
        if settings.key and settings.key not in names:
            known = ", ".join(names) or f"none: {quoted_command('keys new NAME')} makes one"
            raise ValueError(f"there is no key {settings.key!r} in the keyring (there are: {known})")
        settings.key = settings.key or (names[0] if names else "")
        settings.other_key = settings.other_key or settings.key
        yield names, since


def run(settings):
    """Until the window is closed. Raises ValueError or RuntimeError."""
    check(settings)
    link = Link(settings.link) if settings.link else None
    messages = None if settings.simulate else DriverMessages()
    with messages or contextlib.nullcontext(), prepared(settings) as (names, since):
        application = QApplication.instance() or QApplication(["securevoice"])
        application.setStyle("Fusion")
        signals = Signals(lambda: (application.closeAllWindows(), application.quit())) # dialogs, too
        window = MainWindow(settings, names, link, since, messages)
        signals.setParent(window)
        if isinstance(window.failure, DeviceError): # what was named is not there
            window.close()
            raise window.failure
        window.show()
        return application.exec_()
