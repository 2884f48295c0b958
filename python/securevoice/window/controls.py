#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Buttons: push-to-talk and the kind of voice."""

from dataclasses import dataclass

from PyQt5.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from .lamps import AMBER, RED

QUESTION_MS = 10000 # a question that nobody answers goes away
REPEAT_MS = 60 # a key that comes back so soon was not let go: some keyboards repeat without saying so


@dataclass(frozen=True)
class OpenVoice:
    """How a kind of voice that others can hear is asked for. option: of the program, that allows it."""

    switch: str
    option: str
    question: str
    answer: str
    stay: str
    colour: str


OPEN = {
    "clear": OpenVoice("Switch to &clear ...", "--allow-clear",
                       "Everybody can listen to your next words, until you let go of push-to-talk. Send in clear?",
                       "Send in clea&r", "&Stay in clear", RED),
    "fm": OpenVoice("Switch to &FM ...", "--allow-fm",
                    "Every radio hears your next words, until you let go of push-to-talk. Send FM?",
                    "Send F&M", "&Stay in FM", AMBER),
}


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
    Asks for clear and for FM behind a question, and for secure without one. asked(kind). It shows what is asked for; the lamp what is sent. The question is no dialog: one would take
    the space bar away from who is talking.

    allowed: whether, by kind.
    """

    asked = pyqtSignal(str)

    def __init__(self, allowed, parent=None):
        super().__init__(parent)
        self.buttons = {kind: QPushButton() for kind in OPEN}
        plain = QWidget()
        row, layout = QHBoxLayout(), QVBoxLayout(plain)
        for kind, button in self.buttons.items():
            button.setEnabled(allowed[kind])
            button.setToolTip("" if allowed[kind] else f"Not allowed: start with {OPEN[kind].option}")
            button.clicked.connect(lambda _, kind=kind: self._on_click(kind))
            row.addWidget(button)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
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
        self._text, self.yes, self.no = QLabel(), QPushButton(), QPushButton()
        self.yes.clicked.connect(lambda: self._answer(True))
        self.no.clicked.connect(lambda: self._answer(False))
        self._text.setWordWrap(True)
        layout = QGridLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._text, 0, 0, 1, 2)
        layout.addWidget(self.no, 1, 0)
        layout.addWidget(self.yes, 1, 1)
        self._ask_about("clear", "secure")
        return page

    def _ask_about(self, kind, now):
        self._in_question = kind
        self._text.setText(OPEN[kind].question)
        self.yes.setText(OPEN[kind].answer)
        self.yes.setStyleSheet(f"color: white; background: {OPEN[kind].colour}; font-weight: bold; padding: 4px;")
        self.no.setText(OPEN[now].stay if now in OPEN else "&Stay secure")

    def show_kind(self, kind):
        self.kind = kind
        self.setCurrentIndex(0)
        for name, button in self.buttons.items():
            button.setText("&Back to secure" if name == kind else OPEN[name].switch)

    def _on_click(self, kind):
        if self.kind == kind:
            self.asked.emit("secure")
            return
        self._ask_about(kind, self.kind)
        self.setCurrentIndex(1)
        self.no.setFocus()
        self._patience.start()

    def _answer(self, agreed):
        self._patience.stop()
        self.setCurrentIndex(0)
        if agreed:
            self.asked.emit(self._in_question)
