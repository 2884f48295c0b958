#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The window: lamps above, controls at the left, what is on the air at the right."""

import contextlib
import math
import time

from PyQt5.QtCore import Qt, QTimer, pyqtSignal
from PyQt5.QtWidgets import (QCheckBox, QFileDialog, QFormLayout, QGridLayout, QGroupBox, QHBoxLayout, QLabel, QListWidget, QMainWindow, QPushButton,
                             QVBoxLayout, QWidget)

from .. import forget_opened_keys
from ..lamps import CUT_OFF, ENDED, FAILED, NO_SIGNAL, PENDING, SILENT, STARTING, UNREADABLE, HeardLamps, sent_lamp, sentences
from . import screens
from .boxes import KeyBox, RecordBox, SimulationBox
from .call_log import CallLog
from .controls import KindControl, PushToTalk, SpaceBar
from .figures import LossHistory
from .lamp_widget import LampWidget
from .lamps import DEAF, NO_RADIO, RADIO, SEALED
from .meters import LevelMeter, LossPlot
from .passphrase_field import is_sealed
from .radio_station import RadioStation
from .simulated_station import SimulatedStation

REFRESH_MS = 100
LATE_SECONDS = 0.5 # of a status
SIDE = 330 # pixels
STRETCH = (5, 2, 2)
NEW_MEMORY_SECONDS = 4.2 # calls that began before a replay memory did are refused; the start of a call is told in steps of 4 s


def _group(title, widget):
    group = QGroupBox(title)
    layout = QVBoxLayout(group)
    layout.setContentsMargins(6, 4, 6, 6)
    layout.addWidget(widget)
    return group


class MainWindow(QMainWindow):
    """
    settings: Settings; names: of the keys in the keyring; link: Link or None; memory_since: time.monotonic() when new replay memories were
    made; messages: DriverMessages of radios, or None.
    """

    sent = pyqtSignal(dict)
    heard = pyqtSignal(dict)
    radio = pyqtSignal(object, str) # State, sentence

    def __init__(self, settings, names, link=None, memory_since=None, messages=None):
        super().__init__()
        self.settings, self._link, self._messages = settings, link, messages
        self._memory_since, self._memories_are_made = memory_since, False
        self._sending = False
        self.station, self.failure = None, None # why there is no station: an exception
        self.trouble = ""
        self._heard_said = [] # beside the lamp of what is heard
        self.calls = []
        self._lamps = HeardLamps()
        self._make_logs()
        self._build(names)
        self.sent.connect(self.on_sent)
        self.heard.connect(self.on_heard)
        self.radio.connect(self.on_radio)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._refresh)
        self._timer.start(REFRESH_MS)
        self.restart()

    def _make_logs(self):
        quiet = (NO_SIGNAL.word, DEAF.word, NO_RADIO.word, PENDING.word, SILENT.word, STARTING.word, UNREADABLE.word)
        self._sent_log = CallLog(self.calls, "sent", quiet)
        self._heard_log = CallLog(self.calls, "heard", quiet, (ENDED.word, CUT_OFF.word, FAILED.word))

    def _build(self, names):
        self.setWindowTitle("SecureVoice" + (" - simulated channel" if self.settings.simulate else ""))
        self.sent_lamp, self.heard_lamp = LampWidget("YOU SEND", SILENT), LampWidget("YOU HEAR", NO_SIGNAL)
        if self.settings.simulate and not self._link:
            self.heard_lamp = LampWidget("THE OTHER STATION HEARS", NO_SIGNAL)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(24)
        self.note.setContentsMargins(8, 2, 8, 2)
        lamps = QHBoxLayout()
        lamps.addWidget(self.sent_lamp)
        lamps.addWidget(self.heard_lamp)
        body = QHBoxLayout()
        body.addLayout(self._controls(names))
        body.addLayout(self._displays(), 1)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addLayout(lamps)
        layout.addWidget(self.note)
        layout.addLayout(body, 1)
        self.setCentralWidget(whole)
        self.resize(1008, 730)

    def _controls(self, names):
        self.ptt = PushToTalk()
        self.ptt.pressed.connect(lambda: self._press(True))
        self.ptt.released.connect(lambda: self._press(False))
        self._space_bar = SpaceBar(self, self.ptt)
        self.kind = KindControl({"clear": self.settings.allow_clear, "fm": self.settings.allow_fm})
        self.kind.asked.connect(self._ask_kind)
        self.keys = KeyBox(names, self.settings.key, self.settings.keyring)
        self.keys.chosen.connect(self._change_key)
        self.keys.passphrase.done.connect(self._key_opened)
        self.levels = {"microphone": LevelMeter("Microphone"), "loudspeaker": LevelMeter("Loudspeaker")}
        self.sidetone = QCheckBox("&Tone while I send in clear or FM")
        self.sidetone.setChecked(self.settings.sidetone)
        self.sidetone.toggled.connect(self._change_sidetone)
        self.record = RecordBox()
        self.record.speech.toggled.connect(lambda on: self._record(on, self.record.speech, "ear", "WAV (*.wav)", "heard.wav"))
        self.record.iq.toggled.connect(lambda on: self._record(on, self.record.iq, "eye", "IQ, 48 kHz (*.cf32)", "heard.cf32"))
        self.wipe = QPushButton()
        self.wipe.clicked.connect(self._wipe_or_load)
        side = QWidget()
        side.setFixedWidth(SIDE)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.ptt, self.kind, self.keys, *self.levels.values(), self.sidetone):
            layout.addWidget(widget)
        if self.settings.simulate:
            layout.addWidget(self._simulation(names))
        layout.addWidget(self.record)
        layout.addWidget(self.wipe)
        layout.addStretch(1)
        column = QVBoxLayout()
        column.addWidget(side)
        return column

    def _simulation(self, names):
        self.simulation = SimulationBox(self.settings, names, self._link is not None)
        self.simulation.cn0.connect(self._change_cn0)
        self.simulation.offset.connect(self._change_offset)
        self.simulation.other_key.connect(self._change_other_key)
        self.simulation.replay.clicked.connect(self._replay)
        return self.simulation

    def _displays(self):
        self._waterfall, waterfall = screens.make_waterfall(self.settings.simulate)
        self._constellation, constellation = screens.make_constellation()
        self._screens = [waterfall, constellation]
        for screen, width in zip(self._screens, (300, 200)):
            screen.setMinimumSize(width, 150)
            screen.setFocusPolicy(Qt.NoFocus)
        self.losses = LossPlot(LossHistory())
        self.log = QListWidget()
        self.log.setAccessibleName("Calls")
        names = ("C/N0", "Offset", "Heard", "Lost", "Refused") + (("Driver",) if self._messages else ())
        self.figures = {name: QLabel("-") for name in names}
        figures = QWidget()
        form = QFormLayout(figures)
        form.setContentsMargins(4, 0, 4, 0)
        form.setVerticalSpacing(2)
        for name, label in self.figures.items():
            label.setAlignment(Qt.AlignRight)
            form.addRow(name, label)
        grid = QGridLayout()
        grid.addWidget(_group("Waterfall, 48 kHz wide", waterfall), 0, 0)
        grid.addWidget(_group("Constellation", constellation), 0, 1)
        grid.addWidget(_group("Lost blocks", self.losses), 1, 0)
        grid.addWidget(_group("Receiver", figures), 1, 1)
        grid.addWidget(_group("Calls", self.log), 2, 0, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        for row, stretch in enumerate(STRETCH):
            grid.setRowStretch(row, stretch)
        return grid

    # The station

    def restart(self):
        """A new station with the settings of now. Where it cannot be made, nothing is sent, and the sentence is shown; a sealed key is
        asked for first."""
        self.close_station()
        self._lamps = HeardLamps()
        self._radio_lamps = (SILENT, NO_SIGNAL) if self.settings.simulate else RADIO["switching to receive"]
        self.sent_lamp.show_lamp(self._radio_lamps[0])
        self.heard_lamp.show_lamp(self._radio_lamps[1])
        self.trouble, self._heard_said, self.failure = "", [], None
        self._show_wiped(False)
        sealed = self._sealed_key()
        if sealed:
            self.sent_lamp.show_lamp(SEALED)
            self.heard_lamp.show_lamp(SEALED)
            self.keys.ask(sealed)
        else:
            self.keys.show_words()
            self._start_station()
        self._show_note()
        self._allow_talking()

    def _start_station(self):
        try:
            self.station = self._make_station()
            self.station.start()
            # by the first station, which may have waited for a passphrase
            if self._memory_since is not None and not self._memories_are_made:
                self._memory_since, self._memories_are_made = time.monotonic(), True
        except (ValueError, RuntimeError) as e:
            self.station, self.failure = None, e
            self.trouble = " ".join(str(e).split())
            self.sent_lamp.show_lamp(FAILED)

    def _sealed_key(self):
        """Name of the next key whose passphrase is needed; "": none."""
        names = [self.settings.key] + [self.settings.other_key] * (self.settings.simulate and not self._link)
        return next((name for name in names if is_sealed(name, self.settings.keyring)), "")

    def _key_opened(self, _name, sentence):
        if not sentence:
            self.restart()
            self.setFocus() # the space bar is push-to-talk again
            return
        self.trouble = sentence
        self._show_note()

    @staticmethod
    def _telling(to):
        """In the flowgraph's thread: a status, and when it was told."""
        return lambda status: to.emit({**status, "told": time.monotonic()})

    def _catch_up(self, status):
        """Lamps first: where the machine is too slow, they must not wait behind pictures."""
        if time.monotonic() - status.get("told", math.inf) > LATE_SECONDS:
            screens.drop_pictures(self._screens)

    def _make_station(self):
        tell = self._telling(self.sent), self._telling(self.heard)
        if self.settings.simulate:
            return SimulatedStation(self.settings, *tell, self._link, self._waterfall, self._constellation)
        opening = {"opening": self._messages.while_opening} if self._messages else {}
        return RadioStation(self.settings, *tell, self.radio.emit, waterfall=self._waterfall,
                            constellation=self._constellation, **opening)

    def close_station(self):
        self.ptt.setDown(False)
        self._sending = False
        for button in (self.record.speech, self.record.iq):
            button.setChecked(False)
        if self.station:
            self.station.stop()
            self.station = None
        self.kind.show_kind("secure")

    def closeEvent(self, event):
        self._timer.stop()
        with contextlib.suppress(TypeError): # closed before
            self.keys.passphrase.done.disconnect()
        self.keys.passphrase.finish()
        self.close_station()
        forget_opened_keys()
        event.accept()

    def _allow_talking(self):
        new = self._memory_since is not None and time.monotonic() - self._memory_since < NEW_MEMORY_SECONDS
        able = self.station is not None and self.station.can_send()
        self.ptt.setEnabled(able and not new)
        if able and new:
            QTimer.singleShot(100, self._allow_talking)

    def _show_note(self):
        said = [*self._heard_said, *filter(None, [self.trouble])]
        text = "\n".join("\u26a0 " + sentence for sentence in said) or "; ".join(self.station.instruments.remarks if self.station else [])
        if self.station and not self.station.can_send() and not text:
            text = "Listening only: sending needs a key and a radio (--tx-device)"
        self.note.setText(text)
        self.note.setStyleSheet("background: #b35900; color: white; font-weight: bold; border-radius: 4px;" if said else "color: #30363c;")

    # What the user asks for

    def _press(self, pressed):
        if self.station and self.station.can_send():
            self.station.set_ptt(pressed)

    def _ask_kind(self, kind):
        if not self.station or not self.station.can_send():
            return
        try:
            self.station.set_kind(kind)
        except ValueError as e:
            self.trouble = str(e)
            self._show_note()
            if kind != "secure": # which takes back what waits even where it is refused
                return
        self.kind.show_kind(kind)
        self._show_armed()

    def _change_key(self, name):
        if self.settings.other_key == self.settings.key: # they talk to each other, until somebody chooses otherwise
            self.settings.other_key = name
            if self.settings.simulate and not self._link:
                self.simulation.follow(name)
        self.settings.key = name
        self.restart()

    def _change_other_key(self, name):
        self.settings.other_key = name
        self.restart()

    def _change_sidetone(self, heard):
        self.settings.sidetone = heard
        if self.station:
            self.station.instruments.set_sidetone(heard)

    def _change_cn0(self, value):
        self.settings.cn0 = value
        if self.station:
            self.station.channel.set_cn0(value)

    def _change_offset(self, value):
        self.settings.offset = value
        if self.station:
            self.station.channel.set_offset(value)

    def _replay(self):
        if self.station and not self.station.air.replay():
            self.note.setText("There is no call yet that could be played again: talk first")

    def _wipe_or_load(self):
        if self._wiped:
            self.restart()
            return
        self.keys.passphrase.finish()
        forget_opened_keys()
        if self.station:
            self.station.wipe_keys()
        self._show_wiped(True)

    def _show_wiped(self, wiped):
        self._wiped = wiped
        self.wipe.setText("&Load the keys again" if wiped else "&Wipe the keys now")

    def _record(self, on, button, part, pattern, usual):
        if not self.station:
            button.setChecked(False)
            return
        recorder = getattr(self.station.instruments, part).tape
        if not on:
            recorder.finish()
            if recorder.trouble:
                self.trouble = recorder.trouble
                self._show_note()
            return
        path = self.choose_file(usual, pattern)
        try:
            if path:
                recorder.record(path)
        except (ValueError, RuntimeError) as e:
            self.trouble = str(e)
            self._show_note()
        button.setChecked(recorder.recording())

    def choose_file(self, usual, pattern):
        return QFileDialog.getSaveFileName(self, "Record", usual, pattern)[0]

    # What the blocks say

    def on_sent(self, status):
        self._catch_up(status)
        if not self.station or self._radio_lamps[0] is NO_RADIO: # its last words
            return
        lamp = sent_lamp(status)
        self.sent_lamp.show_lamp(lamp)
        self._sent_log.take(lamp)
        # Push-to-talk released, or armed for too long: the sender itself is back to secure.
        over = self._sending and not status.get("sending")
        self._sending = bool(status.get("sending"))
        if self.kind.kind != "secure" and not self._sending and (over or status.get("wanted") == "secure"):
            self.kind.show_kind("secure")
        self._show_armed()
        self.trouble = str(status.get("error", ""))
        self._show_note()
        self._show_calls()

    def on_heard(self, status):
        self._catch_up(status)
        if not self.station or self._radio_lamps[1] is not NO_SIGNAL: # what was heard before the radio began to send
            return
        lamp = self._lamps.take(status)
        self.heard_lamp.show_lamp(lamp)
        self._heard_log.take(lamp)
        self.losses.history.take(status)
        self.losses.update()
        self._show_figures(status)
        self._heard_said = sentences(lamp, status)
        self._show_note()
        self._show_calls()

    def on_radio(self, state, sentence):
        if not self.station:
            return
        sent, heard = self._radio_lamps = RADIO[state.value]
        if sent:
            self.sent_lamp.show_lamp(sent)
            self._sent_log.take(sent)
            self._sending = False
        self._lamps, self._heard_said = HeardLamps(), []
        self.heard_lamp.show_lamp(heard)
        self._heard_log.take(heard)
        if sentence or heard is NO_SIGNAL:
            self.trouble = sentence
        self._show_note()
        self._show_calls()

    def _show_figures(self, status):
        heard, lost = status.get("heard", 0), status.get("lost", 0)
        share = f" ({100 * lost / (heard + lost):.1f} %)" if heard + lost else ""
        signal = status.get("cn0", 0) > 0
        self.figures["C/N0"].setText(f"{status['cn0']:.1f} dB-Hz" if signal else "-")
        self.figures["Offset"].setText(f"{status['offset_hz']:+.0f} Hz" if signal else "-")
        self.figures["Heard"].setText(f"{heard} blocks")
        self.figures["Lost"].setText(f"{lost} blocks{share}")
        if self._messages:
            self.figures["Driver"].setText(f"overflows {self._messages.overflows}, underflows {self._messages.underflows}")
        self.figures["Refused"].setText(f"{status.get('refused', 0)} blocks, replayed {status.get('replayed', 0)}")

    def _show_calls(self):
        lines = [call.text() for call in self.calls]
        for number, line in enumerate(lines):
            if number >= self.log.count():
                self.log.addItem(line)
                self.log.scrollToBottom()
            elif self.log.item(number).text() != line:
                self.log.item(number).setText(line)

    def _refresh(self):
        for name, meter in self.levels.items():
            meter.show_level(self.station.instruments.level(name) if self.station else 0.0)
        if self.kind.kind != "secure" and self.station and not self.station.kind_holds():
            self.kind.show_kind("secure")
        self._show_armed()
        if self.station:
            self._show_tapes()

    def _show_tapes(self):
        """A button comes up where its recording ended by itself."""
        for button, part in ((self.record.speech, "ear"), (self.record.iq, "eye")):
            recorder = getattr(self.station.instruments, part).tape
            if button.isChecked() and recorder.trouble:
                self.trouble = recorder.trouble
                button.setChecked(False)
                self._show_note()

    def _show_armed(self):
        """On the button: what it would send, whoever asked for it."""
        armed = self.kind.kind
        if armed == "secure" and self.station:
            armed = self.station.armed()
        self.ptt.show_kind(armed)
