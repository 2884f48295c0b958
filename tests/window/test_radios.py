# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window with radios: an rtl_tcp server of numbers to receive from, gr-osmosdr's files to send to, one device both ways."""

import json
import os
import subprocess
import sys
import threading
import types
import wave
import weakref

import numpy
import pytest
from conftest import SOURCE
from gnuradio.securevoice import radio
from gnuradio.securevoice.window import radio_station
from gnuradio.securevoice.window.sounds import SAMPLE
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from test_link import free_ports
from user import User

FREQUENCY = 433.5e6
SERVER = SOURCE / "tests/tools/rtl_tcp_server.py"


def program(*arguments, code=0):
    done = subprocess.run([os.environ["SECUREVOICE_BIN"], *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr


class Operator(User):
    """With radios instead of a simulated channel."""

    def __init__(self, keyring, folder, **settings):
        super().__init__(keyring, folder, **{**dict(simulate=False, speech=str(SAMPLE), tx_device=f"file={folder / 'sent.cf32'},rate=240k",
                                                    frequency=FREQUENCY), **settings})
        self._keyring, self._folder, self._sent = keyring, folder, []
        self.window.sent.connect(self._sent.append)

    def says(self, word):
        """Some blocks, which leave as the lamp shows."""
        self.sees(word, "NOT LISTENING")
        name = f"{word.split()[-1].lower()}_blocks"
        before = self._sent[-1][name]
        self.until(lambda: self._sent[-1][name] >= before + 6, "more blocks")
        assert self.window.sent_lamp.lamp.word == word

    def what_left(self):
        """The newest call, as another receiver hears it: state, kinds, blocks lost."""
        report = self._folder / "report.json"
        program("rx", self._folder / "sent.cf32", self._folder / "x.wav", "--key", "friends", "--keyring", self._keyring, "--rate", 240000,
                "--report", report)
        told = json.loads(report.read_text())
        return told["state"], [segment["kind"] for segment in told["segments"]], told["blocks_lost"]

    def note(self):
        return self.window.note.text()


@pytest.fixture(name="make_operator")
def make_operators(keyring, tmp_path):
    made = []

    def make(**settings):
        made.append(Operator(keyring, tmp_path, **settings))
        return made[-1]

    yield make
    for operator in made:
        operator.window.close()


def numbered_dongle(port, *arguments):
    return subprocess.Popen([sys.executable, SERVER, "call.cf32", "--frequency", str(FREQUENCY), "--port", str(port), "--cn0", "45", "--speed", "1",
                             *arguments], stdout=subprocess.PIPE)


def test_a_dongle_and_a_transmitter(make_operator, keyring, tmp_path, monkeypatch):
    """The dongle is missing, comes, gives a call, is left alone for an own call, is lost."""
    monkeypatch.chdir(tmp_path)
    port = free_ports()
    operator = make_operator(device=f"rtl_tcp=127.0.0.1:{port}")
    operator.sees("NO RADIO", "NO RADIO")
    assert "does rtl_tcp run there?" in operator.note()
    with wave.open(str(SAMPLE)) as voice, wave.open("speech.wav", "wb") as two_seconds:
        two_seconds.setparams(voice.getparams())
        two_seconds.writeframes(voice.readframes(16000))
    program("tx", "speech.wav", "call.cf32", "--key", "friends", "--keyring", keyring, "--state", "sender", "--lead-seconds", "1")
    server = numbered_dongle(port, "--connections", "9")
    try:
        operator.hears("SECURE", "ENDED")
        assert "rtl_tcp" not in operator.note()
        operator.presses()
        operator.says("SECURE")
        operator.switches_to("clear")
        operator.says("CLEAR")
        operator.lets_go()
        operator.sees("NOT SENDING", "NO SIGNAL")
        assert operator.window.kind.kind == "secure"
        assert operator.what_left() == ("ended", ["secure", "clear"], 0)
    finally:
        server.kill()
        server.wait()
    operator.sees("NO RADIO", "NO RADIO")
    QTest.keyPress(operator.window, Qt.Key_Space)
    QTest.qWait(300)
    operator.lets_go()
    assert operator.window.sent_lamp.lamp.word == "NO RADIO" and "rtl_tcp" in operator.note()


def test_a_rate_that_the_radio_cannot_do_is_a_sentence(make_operator):
    operator = make_operator(device="rtl_tcp=127.0.0.1:1", rate=500e3)
    operator.sees("NO RADIO", "NO RADIO")
    assert "rtl_tcp cannot do 500000 samples/s" in operator.note()
    operator.window.close()
    operator.window.close() # again, as a signal may: nothing happens


@pytest.fixture(name="hackrf")
def make_hackrf(tmp_path, monkeypatch):
    """One device both ways, made of files: who opens it while it is open is refused, as a HackRF does. ready: until then it waits to
    transmit."""
    ends, ready = [], threading.Event()
    ready.set()

    def opened(open_end, name, *arguments, **options):
        if options:
            ready.wait()
        if any(end() for end in ends):
            raise radio.DeviceError("cannot open hackrf=0: it is busy")
        end = open_end(name, *arguments, **options)
        ends.append(weakref.ref(end))
        return end

    silence = tmp_path / "silence.cf32"
    numpy.zeros(48000, numpy.complex64).tofile(silence)
    monkeypatch.setattr(radio_station, "open_receiver", lambda name, *rest: opened(
        radio.open_receiver, f"file={silence},rate=240k,freq={FREQUENCY},repeat=true,throttle=true", *rest))
    monkeypatch.setattr(radio_station, "open_transmitter", lambda name, *rest, **options: opened(
        radio.open_transmitter, f"file={tmp_path / 'sent.cf32'},rate=240k", *rest, **options))
    return types.SimpleNamespace(settings=dict(device="hackrf=0", tx_device="hackrf=0"), ready=ready)


def test_one_device_both_ways(make_operator, hackrf, tmp_path):
    operator = make_operator(output=str(tmp_path / "ear.wav"), allow_fm=True, **hackrf.settings)
    operator.sees("NOT SENDING", "NO SIGNAL")
    operator.switches_to("clear") # before the call
    operator.presses()
    operator.says("CLEAR")
    operator.clicks(operator.window.kind.buttons["clear"]) # and back
    operator.says("SECURE")
    operator.lets_go()
    operator.sees("NOT SENDING", "NO SIGNAL")
    state, kinds, lost = operator.what_left()
    assert (state, kinds[-2:], lost) == ("ended", ["clear", "secure"], 0)
    with_tone = round(8000 * operator.window.station.instruments.loudspeaker.seconds)

    operator.window.sidetone.setChecked(False)
    operator.switches_to("clear")
    operator.presses()
    operator.says("CLEAR")
    operator.lets_go()
    operator.sees("NOT SENDING", "NO SIGNAL")
    without_tone = round(8000 * operator.window.station.instruments.loudspeaker.seconds)

    hackrf.ready.clear()
    operator.switches_to("clear")
    operator.presses()
    operator.sees("STARTING", "NOT LISTENING")
    operator.clicks(operator.window.kind.buttons["clear"]) # taken back while the device is being switched
    hackrf.ready.set()
    operator.says("SECURE")
    operator.lets_go()
    operator.sees("NOT SENDING", "NO SIGNAL")
    assert operator.what_left() == ("ended", ["secure"], 0)

    operator.switches_to("fm")
    operator.presses()
    operator.says("ANALOG FM")
    operator.clicks(operator.window.kind.buttons["fm"]) # and back
    operator.says("SECURE")
    operator.switches_to("fm")
    operator.says("ANALOG FM")
    operator.lets_go()
    operator.sees("NOT SENDING", "NO SIGNAL")
    assert operator.window.kind.kind == "secure"
    state, kinds, lost = operator.what_left()
    assert (kinds, lost) == (["fm", "secure", "fm"], 0), state

    operator.presses() # let go at once: nothing hangs
    operator.lets_go()
    operator.sees("NOT SENDING", "NO SIGNAL")
    operator.window.close()
    check_tone(tmp_path / "ear.wav", with_tone, without_tone)


def check_tone(path, begin, end):
    """Two pips over clear in what a sender hears, before `begin`; nothing up to `end`."""
    with wave.open(str(path)) as file:
        ear = numpy.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    pips = ear[numpy.flatnonzero(ear)[0]:][:1200]
    for at, frequency in ((0, 1000), (720, 1500)): # 60 ms each, 30 ms between
        spectrum = abs(numpy.fft.rfft(pips[at:at + 480] * numpy.hanning(480)))
        assert numpy.argmax(spectrum) * 8000 / 480 == pytest.approx(frequency, abs=20)
    assert end > begin + 6 * 640 and not ear[begin:end].any()


def test_a_device_that_is_unplugged_in_a_call_comes_back(make_operator, hackrf):
    operator = make_operator(**hackrf.settings)
    operator.presses()
    operator.says("SECURE")
    operator.window.station._transceiver.top(True).stop() # as a driver does
    operator.sees("NO RADIO", "NO RADIO")
    assert "was lost" in operator.note()
    operator.sees("NOT SENDING", "NO SIGNAL")
    assert "was lost" not in operator.note()
    operator.lets_go()
    operator.presses() # a call of its own
    operator.says("SECURE")
    operator.clicks(operator.window.wipe) # in mid-call
    operator.sees("KEYS WIPED", "NO SIGNAL")
    operator.lets_go()
    operator.presses()
    operator.until(lambda: "the keys were wiped" in operator.note(), "the sentence")
    operator.lets_go()
    operator.sees("KEYS WIPED", "NO SIGNAL")
    assert "the keys were wiped" in operator.note() # until the next call
