#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Where the passphrase of a sealed key is typed and used: never as text in this process's Python or Qt."""

import threading

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from .. import needs_passphrase, typed_passphrase

DOTS = 24 # that are shown at most


def is_sealed(name, keyring):
    """Whether a key has to be opened before it can be used. A key with another fault is none: who uses it is told."""
    try:
        return bool(name) and needs_passphrase(name, keyring)
    except RuntimeError:
        return False


class PassphraseField(QLabel):
    """
    Takes the keyboard like a line edit, which would keep the text: each character goes to guarded memory at once, and a dot is shown for
    it. entered(): the return key. A clipboard is open to every program, so nothing can be pasted.
    """

    entered = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.passphrase = typed_passphrase()
        self.setAccessibleName("Passphrase")
        self.setFocusPolicy(Qt.StrongFocus)
        self.setAttribute(Qt.WA_InputMethodEnabled)
        self.setInputMethodHints(Qt.ImhHiddenText | Qt.ImhSensitiveData | Qt.ImhNoPredictiveText)
        self.setFrameShape(QFrame.StyledPanel)
        self.setStyleSheet("QLabel { background: white; padding: 3px; } QLabel:focus { border: 2px solid #0b4f8a; }")
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Fixed)

    def show_dots(self):
        self.setText("\u2022" * min(DOTS, len(self.passphrase)))

    def keyPressEvent(self, event):
        if event.key() in (Qt.Key_Return, Qt.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key_Backspace:
            self.passphrase.remove_last()
        elif event.key() == Qt.Key_Escape:
            self.passphrase.clear()
        elif event.text().isprintable() and event.text() and not event.modifiers() & (Qt.ControlModifier | Qt.AltModifier):
            self.passphrase.append(event.text())
        else:
            event.ignore() # tab, shortcuts
        self.show_dots()

    def inputMethodEvent(self, event):
        """Of keyboards that compose characters."""
        self.passphrase.append(event.commitString())
        self.show_dots()
        event.accept()

    def wipe(self):
        self.passphrase.clear()
        self.show_dots()


class PassphraseBox(QWidget):
    """
    Asks for the passphrase of one key at a time, beside everything else that goes on. done(name, sentence): it is open, or why not; the key
    is opened in another thread, because Argon2id is slow on purpose.
    """

    done = pyqtSignal(str, str)

    def __init__(self, keyring, parent=None):
        super().__init__(parent)
        self._keyring, self._name, self._thread = keyring, "", None
        self.prompt, self.field, self.button = QLabel(), PassphraseField(), QPushButton("Open")
        self.prompt.setWordWrap(True)
        row, layout = QHBoxLayout(), QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        layout.addWidget(self.prompt)
        layout.addLayout(row)
        self.field.entered.connect(self._open)
        self.button.clicked.connect(self._open)
        self.done.connect(self._end)

    def ask(self, name):
        self._name = name
        self.prompt.setText(f"Passphrase of key '{name}':")
        self.field.wipe()
        self._allow(self._thread is None)
        self.field.setFocus()

    def _allow(self, yes):
        self.field.setEnabled(yes)
        self.button.setEnabled(yes)

    def _open(self):
        if self._thread or not len(self.field.passphrase):
            return
        self._allow(False)
        self.prompt.setText(f"Opening key '{self._name}' ...")
        self._thread = threading.Thread(target=self._open_key, args=(self._name,))
        self._thread.start()

    def _open_key(self, name):
        """In another thread: the field is at rest meanwhile."""
        sentence = ""
        try:
            self.field.passphrase.open_key(name, self._keyring)
        except RuntimeError as e:
            sentence = str(e)
        self.done.emit(name, sentence)

    def _end(self, _name, _sentence):
        self.finish()
        self.ask(self._name)

    def finish(self):
        """Waits for a key that is being opened, and wipes what was typed."""
        if self._thread:
            self._thread.join()
            self._thread = None
        self.field.wipe()
