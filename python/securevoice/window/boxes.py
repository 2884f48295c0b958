#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Groups of controls at the window's left side."""

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QComboBox, QFormLayout, QGroupBox, QHBoxLayout, QLabel, QPushButton, QSlider, QStackedWidget, QVBoxLayout

from .keyring import fingerprint_words
from .passphrase_field import PassphraseBox

NO_KEY = "(no key)"
CN0_RANGE, OFFSET_RANGE, OFFSET_STEP = (28, 60), (-50, 50), 100 # dB-Hz; steps of Hz


def _chooser(names, chosen):
    box = QComboBox()
    for name in names:
        box.addItem(name, name)
    box.addItem(NO_KEY, "")
    box.setCurrentIndex(max(0, box.findData(chosen)))
    return box


class KeyBox(QGroupBox):
    """Key chooser with the fingerprint's words, or the passphrase that is asked for. chosen(name)."""

    chosen = pyqtSignal(str)

    def __init__(self, names, key, keyring, parent=None):
        super().__init__("Key", parent)
        self._keyring = keyring
        self.chooser = _chooser(names, key)
        self.chooser.setAccessibleName("Key")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setToolTip("Compare these words aloud: whoever has the same words has the same key")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 6)
        layout.addWidget(self.chooser)
        self.passphrase = PassphraseBox(keyring)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.words)
        self._pages.addWidget(self.passphrase)
        layout.addWidget(self._pages)
        self.chooser.currentIndexChanged.connect(self._on_change)
        self.show_words()

    def _on_change(self):
        self.chosen.emit(self.chooser.currentData())

    def ask(self, name):
        """For the passphrase of a key. It stands there until another key is chosen or this one is open."""
        self._pages.setCurrentWidget(self.passphrase)
        self.passphrase.ask(name)

    def show_words(self):
        self._pages.setCurrentWidget(self.words)
        name = self.chooser.currentData()
        self.words.setText(fingerprint_words(name, self._keyring) if name else "only clear calls are heard, nothing secure is sent")


class SimulationBox(QGroupBox):
    """The channel's sliders; without a link also the other station's key and the attacker. cn0(dB-Hz), offset(Hz), other_key(name),
    replay()."""

    cn0 = pyqtSignal(float)
    offset = pyqtSignal(float)
    other_key = pyqtSignal(str)

    def __init__(self, settings, names, linked, parent=None):
        super().__init__("Simulated channel", parent)
        form = QFormLayout(self)
        form.setContentsMargins(8, 4, 8, 6)
        form.setVerticalSpacing(4)
        self.cn0_slider = self._slider(form, "C/N0", CN0_RANGE, settings.cn0, 1, "dB-Hz", self.cn0)
        self.offset_slider = self._slider(form, "Offset", OFFSET_RANGE, settings.offset, OFFSET_STEP, "Hz", self.offset)
        self.replay = QPushButton("Play the last call &again, as an attacker")
        if linked:
            self.replay.hide()
            return
        self.other = _chooser(names, settings.other_key)
        self.other.setAccessibleName("Key of the other station")
        self.other.currentIndexChanged.connect(lambda: self.other_key.emit(self.other.currentData()))
        form.addRow("Other has", self.other)
        form.addRow(self.replay)

    def follow(self, name):
        """Shows another key of the other station without asking for it."""
        self.other.blockSignals(True)
        self.other.setCurrentIndex(max(0, self.other.findData(name)))
        self.other.blockSignals(False)

    @staticmethod
    def _slider(form, title, span, value, step, unit, changed):
        slider, label = QSlider(Qt.Horizontal), QLabel()
        slider.setAccessibleName(title)
        slider.setRange(*span)
        label.setFixedWidth(76)
        label.setAlignment(Qt.AlignRight | Qt.AlignVCenter)

        def show(steps):
            label.setText(f"{steps * step} {unit}")
            changed.emit(float(steps * step))

        slider.valueChanged.connect(show)
        slider.setValue(round(value / step))
        show(slider.value())
        row = QHBoxLayout()
        row.addWidget(slider)
        row.addWidget(label)
        form.addRow(title, row)
        return slider


class RecordBox(QGroupBox):
    """Two buttons that stay down while they record."""

    def __init__(self, parent=None):
        super().__init__("Record", parent)
        self.speech, self.iq = QPushButton("S&peech (WAV)"), QPushButton("&IQ (cf32)")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 6)
        for button in (self.speech, self.iq):
            button.setCheckable(True)
            layout.addWidget(button)
