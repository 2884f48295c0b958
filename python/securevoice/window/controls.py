#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Buttons: push-to-talk and the kind of voice."""

from dataclasses import dataclass

from PyQt5.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QPushButton, QShortcut, QStackedWidget, QVBoxLayout, QWidget

from ..lamps import AMBER, RED
from .passphrase_field import PassphraseField

QUESTION_MS = 10000 # a question that nobody answers goes away
REPEAT_MS = 60 # a key that comes back so soon was not let go: some keyboards repeat without saying so


@dataclass(frozen=True)
class OpenVoice:
    """How a kind of voice that others can hear is asked for. option: of the program, that allows it; key: without Alt, so that it works
    while the space bar is held."""

    switch: str
    key: int
    option: str
    question: str
    answer: str
    stay: str
    push: str
    colour: str
    pressed: str


OPEN = {
    "clear": OpenVoice("Switch to &clear (F2)", Qt.Key_F2, "--allow-clear",
                       "Everybody can listen to your next words, until you let go of push-to-talk. Send in clear?",
                       "Send in clea&r", "&Stay in clear", "PUSH TO TALK IN CLEAR\neverybody can listen", RED, "#8a0a16"),
    "fm": OpenVoice("Switch to &FM (F3)", Qt.Key_F3, "--allow-fm",
                    "Every radio hears your next words, until you let go of push-to-talk. Send FM?",
                    "Send F&M", "&Stay in FM", "PUSH TO TALK IN FM\nevery radio hears it", AMBER, "#7a3d00"),
}


class PushToTalk(QPushButton):
    """Talks while it is held, and says in word and colour what would leave."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setMinimumHeight(76)
        self.setFocusPolicy(Qt.NoFocus) # the space bar is SpaceBar's
        self.kind = None
        self.show_kind("secure")

    def show_kind(self, kind):
        """What the next press sends."""
        if kind == self.kind:
            return
        self.kind, voice = kind, OPEN.get(kind)
        self.setText(voice.push if voice else "PUSH TO TALK\nhold, or hold the space bar")
        ground, ink, pressed = (voice.colour, "white", voice.pressed) if voice else ("#f4f6f8", "#1b1f23", "#30363c")
        self.setStyleSheet("QPushButton { font-size: 15px; font-weight: bold; border-radius: 8px; border: 2px solid #30363c;"
                           f" background: {ground}; color: {ink}; }}"
                           f"QPushButton:pressed {{ background: {pressed}; color: white; }}"
                           "QPushButton:disabled { color: #8a9096; border-color: #b8bec4; }")


class SpaceBar(QObject):
    """
    Of a window: holds a push-to-talk button down while the space bar is held and the window is in front, but where a passphrase is typed.
    The return key presses the button that has the focus, which the space bar does elsewhere. While the button is down, nothing obeys Alt:
    with the space bar it is the window manager's.
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
        if kind == QEvent.Shortcut:
            return self._button.isDown() and bool(event.key()[0] & Qt.AltModifier)
        focus = QApplication.focusWidget()
        if kind not in (QEvent.KeyPress, QEvent.KeyRelease) or not self._window.isActiveWindow() or isinstance(focus, PassphraseField):
            return False
        if event.key() == Qt.Key_Space:
            if kind == QEvent.KeyPress:
                self._release.stop()
                self._set(True)
            else:
                self._release.start()
            return True
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
    Asks for clear and for FM behind a question, and for secure without one. asked(kind). It shows what is asked for; the lamp what is sent.
    The question is no dialog: one would take the space bar away from who is talking.

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
            QShortcut(OPEN[kind].key, self, button.click)
        escape = QShortcut(Qt.Key_Escape, self, lambda: self._answer(False))
        escape.setEnabled(False) # elsewhere it is for others
        self.currentChanged.connect(lambda page: escape.setEnabled(page == 1))
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
        QWidget.setTabOrder(self.no, self.yes)
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
            button.setText(f"&Back to secure ({QKeySequence(OPEN[name].key).toString()})" if name == kind else OPEN[name].switch)

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
