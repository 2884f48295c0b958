# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What interrupts the window's recordings leaves them whole: signals, and a folder that goes (a full disk: test_window)."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import wave

import numpy
import pytest
from conftest import old_memory
from gnuradio.securevoice.window.tape import tape
from user import User

TOLD_TO_END = """
import os, pathlib, sys
from PyQt5.QtCore import QTimer
from gnuradio.securevoice.window import application, main_window
from gnuradio.securevoice.window.settings import Settings

number, folder, keyring, own, other = int(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:]

class Window(main_window.MainWindow):
    def show(self):
        super().show()
        self.choose_file = lambda usual, pattern: str(folder / usual)
        self.record.speech.click()
        self.record.iq.click()
        self.talk()

    def talk(self):
        if self.ptt.isEnabled():
            self.station.set_ptt(True)
            self.tell()
        else:
            QTimer.singleShot(20, self.talk)

    def tell(self):
        paths = (folder / "heard.wav", folder / "heard.cf32")
        if all(path.exists() and path.stat().st_size > 4000 for path in paths):
            os.kill(os.getpid(), number)
        else:
            QTimer.singleShot(20, self.tell)

application.MainWindow = Window
sys.exit(application.run(Settings(audio="none", state=own, other_state=other, key="friends", keyring=keyring, simulate=True)))
"""


def samples_of(path):
    """Of a whole WAV file: its header says what is there."""
    with wave.open(str(path)) as sound:
        count = len(sound.readframes(sound.getnframes())) // 2
        assert count == sound.getnframes() and path.stat().st_size - 2 * count < 200
    return count


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda s: s.name)
def test_a_signal_leaves_whole_recordings(keyring, tmp_path, number):
    (tmp_path / "heard").mkdir()
    memories = [old_memory(keyring, tmp_path / name) for name in ("own", "other")]
    done = subprocess.run([sys.executable, "-c", TOLD_TO_END, str(int(number)), tmp_path / "heard", keyring, *memories],
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, timeout=120, check=False,
                          preexec_fn=lambda: signal.signal(number, signal.SIG_DFL)) # whoever runs the tests may ignore it, as nohup does
    assert done.returncode == 0, done.stderr
    assert samples_of(tmp_path / "heard/heard.wav") > 2000
    assert (tmp_path / "heard/heard.cf32").stat().st_size % 8 == 0
    assert sorted(os.listdir(tmp_path / "heard")) == ["heard.cf32", "heard.wav"]


def test_a_folder_that_goes_takes_nothing_along(keyring, tmp_path):
    user = User(keyring, tmp_path)
    window = user.window

    def are_longer_than(octets):
        return lambda: all(path.exists() and path.stat().st_size > least for path, least in zip(paths, octets))

    for removed in (False, True): # the control first
        folder = tmp_path / f"removed-{removed}"
        folder.mkdir()
        paths = [folder / name for name in ("heard.wav", "heard.cf32")]
        window.choose_file = lambda usual, pattern, folder=folder: str(folder / usual)
        user.clicks(window.record.speech)
        user.clicks(window.record.iq)
        user.presses()
        user.until(are_longer_than([4000, 4000]), "both recordings")
        before = [path.stat().st_size for path in paths]
        if removed:
            shutil.rmtree(folder)
        user.until(are_longer_than(before), "what was recorded before, and more")
        user.lets_go()
        user.sees("NOT SENDING", "ENDED")
        for button, path in ((window.record.speech, paths[0]), (window.record.iq, paths[1])):
            user.clicks(button)
            assert (f"the folder of {path} was removed while it was written" in window.note.text()
                    or f"{path} was removed while it was written" in window.note.text()) == removed, window.note.text()
        assert samples_of(paths[0]) > 2000 and paths[1].stat().st_size % 8 == 0
    window.close()


def test_a_key_file_that_came_meanwhile_stays(keyring, tmp_path):
    """And the recording says so, instead of ending its flowgraph's thread."""
    path, key = tmp_path / "heard.cf32", (pathlib.Path(keyring) / "friends.key").read_bytes()
    recorder = tape(numpy.complex64)
    recorder.record(str(path))
    path.write_bytes(key)
    assert recorder.work([numpy.zeros(100, numpy.complex64)], []) == 100
    assert not recorder.recording() and "it is a key file" in recorder.trouble
    assert path.read_bytes() == key
