# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody in front of a window on Qt's offscreen platform."""

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from conftest import old_memory, wait_until # pylint: disable=wrong-import-position
from gnuradio.securevoice.window import main_window
from gnuradio.securevoice.window.settings import Settings
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

application = QApplication.instance() or QApplication(["test"])
ALIVE = [] # windows: Python must not delete them in whatever thread looks for garbage


class User:
    """Somebody in front of a window."""

    def __init__(self, keyring, folder, fresh=False, **settings):
        """fresh: the replay memories are new, and calls must wait."""
        own, other = (str(folder / name) if fresh else old_memory(keyring, folder / name) for name in ("own", "other"))
        chosen = Settings(**{**dict(key="friends", other_key="friends", keyring=keyring, state=own, simulate=True, other_state=other, audio="none",
                                    codec="1300", allow_clear=True), **settings})
        self.window = main_window.MainWindow(chosen, ["friends", "strangers"], None, time.monotonic() if fresh else None)
        ALIVE.append(self.window)
        self.heard = [] # word of the lamp and text of the note, with each status
        self.window.heard.connect(lambda _: self.heard.append((self.window.heard_lamp.lamp.word, self.window.note.text())))
        self.window.show()
        self.window.activateWindow()

    def sees(self, sent=None, heard=None):
        wait_until(lambda: (sent is None or self.window.sent_lamp.lamp.word == sent) and
                   (heard is None or self.window.heard_lamp.lamp.word == heard), f"sent {sent}, heard {heard}", lambda: QTest.qWait(20))

    def hears(self, *words):
        """These lamps in their order, since `heard` was cleared: none is missed, however late they are looked at."""
        def holds():
            seen = iter(self.heard)
            return all(any(word == shown for shown, _ in seen) for word in words)
        self.until(holds, f"heard {words}")

    def until(self, holds, what):
        wait_until(holds, what, lambda: QTest.qWait(20))

    def presses(self):
        self.until(lambda: self.window.ptt.isEnabled() and self.window.isActiveWindow(), "push-to-talk")
        QTest.keyPress(self.window, Qt.Key_Space)

    def lets_go(self):
        QTest.keyRelease(self.window, Qt.Key_Space)
        self.until(lambda: not self.window.ptt.isDown(), "push-to-talk is let go") # not at once: a keyboard may repeat

    def clicks(self, button):
        QTest.mouseClick(button, Qt.LeftButton)

    def switches_to(self, kind):
        self.clicks(self.window.kind.buttons[kind])
        self.clicks(self.window.kind.yes)

    def chooses(self, chooser, name):
        chooser.setCurrentIndex(chooser.findData(name))
