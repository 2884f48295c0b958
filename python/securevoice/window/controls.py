#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Buttons: push-to-talk and the kind of voice."""

from PyQt5.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import QApplication, QGridLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

QUESTION = "Everybody can listen to your next words, until you let go of push-to-talk. Send in clear?"
QUESTION_MS = 10000 # a question that nobody answers goes away
REPEAT_MS = 60 # a key that comes back so soon was not let go: some keyboards repeat without saying so


class PushToTalk(QPushButton):
    """Talks while it is held."""

    def __init__(self, parent=None):
        super().__init__("PUSH TO TALK\nhold, or hold the space bar", parent)
        self.setMinimumHeight(76)
        self.setFocusPolicy(Qt.NoFocus) # the space bar is SpaceBar's
        self.setStyleSheet("QPushButton { font-size: 15px; font-weight: bold; border-radius: 8px; border: 2px solid #30363c;"
                           " background: #f4f6f8; color: #1b1f23; }"
                           "QPushButton:pressed { background: #30363c; color: white; }"
                           "QPushButton:disabled { color: #8a9096; border-color: #b8bec4; }")


class SpaceBar(QObject):
    """
    Of a window: holds a push-to-talk button down while the space bar is held and the window is in front. The return key presses the button that has
    the focus, which the space bar does elsewhere.
    """

    def __init__(self, window, button):
        super().__init__(window)
        self._window, self._button = window, button
        self._release = QTimer(self)
        self._release.setSingleShot(True)
        self._release.setInterval(REPEAT_MS)
        self._release.timeout.connect(lambda: self._set(False))
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched, event):
        kind = event.type()
        if kind == QEvent.WindowDeactivate and watched is self._window:
            self._set(False)
        if kind not in (QEvent.KeyPress, QEvent.KeyRelease) or not self._window.isActiveWindow():
            return False
        if event.key() == Qt.Key_Space:
            if kind == QEvent.KeyPress:
                self._release.stop()
                self._set(True)
            else:
                self._release.start()
            return True
        focus = QApplication.focusWidget()
        if event.key() in (Qt.Key_Return, Qt.Key_Enter) and kind == QEvent.KeyPress and isinstance(focus, QPushButton):
            focus.click()
            return True
        return False

    def _set(self, down):
        if down == self._button.isDown() or (down and not self._button.isEnabled()):
            return
        self._button.setDown(down)
        (self._button.pressed if down else self._button.released).emit()


class KindControl(QStackedWidget):
    """
    Asks for clear behind a question, and for secure without one. asked(kind). It shows what is asked for; the lamp what is sent. The question is no dialog: one would take
    the space bar away from who is talking.
    """

    asked = pyqtSignal(str)

    def __init__(self, allowed, parent=None):
        super().__init__(parent)
        self.button = QPushButton()
        self.button.setEnabled(allowed)
        self.button.setToolTip("" if allowed else "Clear is not allowed: start with --allow-clear")
        self.button.clicked.connect(self._on_click)
        plain = QWidget()
        layout = QVBoxLayout(plain)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        layout.addStretch(1)
        self.addWidget(plain)
        self.addWidget(self._question())
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(QUESTION_MS)
        self._patience.timeout.connect(lambda: self.setCurrentIndex(0))
        self.show_kind("secure")

    def _question(self):
        page = QWidget()
        self.yes, self.no = QPushButton("Send in clea&r"), QPushButton("Stay &secure")
        self.yes.setStyleSheet("color: white; background: #c00d1e; font-weight: bold; padding: 4px;")
        self.yes.clicked.connect(lambda: self._answer("clear"))
        self.no.clicked.connect(lambda: self._answer("secure"))
        text = QLabel(QUESTION)
        text.setWordWrap(True)
        layout = QGridLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(text, 0, 0, 1, 2)
        layout.addWidget(self.no, 1, 0)
        layout.addWidget(self.yes, 1, 1)
        return page

    def show_kind(self, kind):
        self.kind = kind
        self.setCurrentIndex(0)
        self.button.setText("&Back to secure" if kind == "clear" else "Switch to &clear ...")

    def _on_click(self):
        if self.kind == "clear":
            self.asked.emit("secure")
            return
        self.setCurrentIndex(1)
        self.no.setFocus()
        self._patience.start()

    def _answer(self, kind):
        self._patience.stop()
        self.setCurrentIndex(0)
        if kind == "clear":
            self.asked.emit("clear")
