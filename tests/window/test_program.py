# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program on a real X server: two windows talk to each other, driven by the keyboard, seen as pixels."""

import os
import subprocess
import sys

import numpy
import pytest
from conftest import SOURCE, old_memory, wait_until
from gnuradio.securevoice.lamps import GREEN
from test_link import free_ports

SCREEN = (1024, 768)


class Screen:
    """An X server whose pixels are a file in the form of xwd, and that is there for the next one, too, when nobody is left (-noreset)."""

    def __init__(self, folder, *options):
        self._folder = folder
        reading, writing = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "%dx%dx24" % SCREEN, "-fbdir", str(folder), "-noreset",
                                        *options],
                                       pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.display = ":" + answer.readline().strip()

    def share(self, colour):
        """Of the pixels, with one colour "#rrggbb"."""
        octets = (self._folder / "Xvfb_screen0").read_bytes()
        header = numpy.frombuffer(octets[:100], ">u4")
        pixels = numpy.frombuffer(octets, "<u4", offset=int(header[0] + 12 * header[19]), count=SCREEN[0] * SCREEN[1])
        return numpy.mean(pixels & 0xFFFFFF == int(colour[1:], 16))

    def tool(self, *arguments):
        done = subprocess.run(["xdotool", *arguments], env={**os.environ, "DISPLAY": self.display}, capture_output=True, text=True, check=False)
        return done.stdout.split()


@pytest.fixture(name="windows")
def make_windows(keyring, tmp_path):
    port, screens, programs = free_ports(), [], []

    def start(name):
        (tmp_path / name).mkdir()
        screen = Screen(tmp_path / name)
        screens.append(screen)
        environment = {**os.environ, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb", "PATH": f"{SOURCE / 'apps'}:{os.environ['PATH']}"}
        program = subprocess.Popen(
            [os.environ["SECUREVOICE_BIN"], "window", "--simulate", "--link", str(port), "--key", "friends", "--keyring", keyring, "--audio", "none",
             "--state", old_memory(keyring, tmp_path / name / "memory")], env=environment, stderr=subprocess.PIPE, text=True)
        programs.append(program)

        def shown():
            assert program.poll() is None, program.communicate()
            return screen.tool("search", "--onlyvisible", "--name", "SecureVoice")
        wait_until(shown, "the window")

    try:
        for name in ("first", "second"):
            start(name)
        yield screens, programs
    finally:
        for process in [*programs, *(screen.server for screen in screens)]:
            process.terminate()
            process.wait(30)


def test_two_windows_talk_to_each_other(windows):
    (first, second), programs = windows
    window = first.tool("search", "--onlyvisible", "--name", "SecureVoice")[-1]
    assert first.share(GREEN) == second.share(GREEN) == 0

    def holds_the_space_bar():
        first.tool("windowfocus", window)
        first.tool("keydown", "space")
        return first.share(GREEN) > 0.03

    wait_until(holds_the_space_bar, "the sender's green lamp")
    wait_until(lambda: second.share(GREEN) > 0.03, "the hearer's green lamp")
    first.tool("keyup", "space")
    wait_until(lambda: first.share(GREEN) == second.share(GREEN) == 0, "the end of the call")
    programs[0].terminate()
    assert programs[0].wait(30) == 0


TOLD_TO_END = """
import os, signal, sys
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication
from gnuradio.securevoice.window import application, main_window
from gnuradio.securevoice.window.settings import Settings

def tell():
    os.kill(os.getpid(), signal.SIGTERM)

def tell_in_dialog():
    QTimer.singleShot(50, tell if QApplication.activeModalWidget() else tell_in_dialog)

class Window(main_window.MainWindow):
    def tell_without_radio(self):
        QTimer.singleShot(50, tell if self.heard_lamp.lamp.word == "NO RADIO" else self.tell_without_radio)

    def show(self):
        super().show()
        if sys.argv[1] == "before the loop runs":
            tell()
        elif sys.argv[1] == "without its radio":
            self.tell_without_radio()
        else:
            tell_in_dialog()
            QTimer.singleShot(0, self.record.speech.click)

application.MainWindow = Window
radio = dict(device="rtl_tcp=127.0.0.1:1", frequency=433.5e6) if sys.argv[1] == "without its radio" else dict(simulate=True)
sys.exit(application.run(Settings(audio="none", state=sys.argv[2], key="friends", keyring=sys.argv[3], **radio)))
"""


@pytest.mark.parametrize("when", ["before the loop runs", "in a dialog", "without its radio"])
def test_who_is_told_to_end_ends(keyring, tmp_path, when):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", TOLD_TO_END, when, tmp_path, keyring], env=environment, capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert "gr-osmosdr" not in done.stderr # what drivers say while they are opened


def window_of(environment, *arguments, folder=None):
    """What the program says in an environment in which it cannot go on."""
    environment = {**environment, "PATH": f"{SOURCE / 'apps'}:{environment['PATH']}"}
    return subprocess.run([os.environ["SECUREVOICE_BIN"], "window", *arguments], env=environment, cwd=folder, capture_output=True, text=True,
                          timeout=60, check=False)


def without_screen():
    return {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XAUTHORITY")}


@pytest.mark.parametrize("called, word", [("securevoice", "securevoice"), ("./gr-securevoice", "gr-securevoice")])
def test_without_a_screen_there_is_a_sentence(called, word):
    """What it tells the user to run can be run as he ran this."""
    done = window_of({**without_screen(), "SECUREVOICE_CALLED_AS": called}, "--simulate")
    assert done.returncode == 1
    assert done.stderr == (f"{word} window: there is no screen (DISPLAY is not set): '{called} listen' and '{called} talk' work "
                           "without one\n")


@pytest.mark.parametrize("screen, why", [
    ({"DISPLAY": ":4777"}, "could not connect to display :4777"), ({"DISPLAY": "nonsense"}, "could not connect to display nonsense"),
    ({"WAYLAND_DISPLAY": "nowhere"}, "could not connect to display"), ({"WAYLAND_DISPLAY": "nowhere", "QT_QPA_PLATFORM": "wayland"}, "wayland"),
    ({"QT_QPA_PLATFORM": "nonsense"}, 'Could not find the Qt platform plugin "nonsense"'), ({"QT_QPA_PLATFORM": "linuxfb"}, "framebuffer"),
    ({"QT_QPA_PLATFORM": "eglfs"}, "Could not find DRM device")])
def test_a_screen_that_is_not_there_is_a_sentence(screen, why):
    done = window_of({**without_screen(), **screen}, "--simulate")
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("securevoice window: no window can be shown (") and why in done.stderr
    assert all(f"{name}={value}" in done.stderr for name, value in screen.items())


def test_a_screen_that_does_not_let_us_in_is_a_sentence(tmp_path):
    (tmp_path / "authority").write_bytes(bytes.fromhex("ffff00000000") + b"\x00\x12MIT-MAGIC-COOKIE-1\x00\x10" + bytes(16))
    screen = Screen(tmp_path, "-auth", str(tmp_path / "authority"))
    try:
        wrong = {**without_screen(), "DISPLAY": screen.display, "XAUTHORITY": str(tmp_path / "none")}
        done = window_of(wrong, "--simulate")
        assert done.returncode == 1 and done.stderr.count("\n") == 1 and "uthoriz" in done.stderr and "XAUTHORITY=" in done.stderr, done.stderr
    finally:
        screen.server.terminate()
        screen.server.wait(30)


def test_without_pyqt5_there_is_a_sentence(tmp_path):
    (tmp_path / "PyQt5").mkdir()
    (tmp_path / "PyQt5/__init__.py").write_text("raise ImportError('No module named PyQt5')\n")
    done = window_of({**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ['PYTHONPATH']}"}, "--simulate")
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "PyQt5" in done.stderr, done.stderr


@pytest.mark.parametrize("arguments, code", [
    (["--device", "foo=1", "--freq", "1M"], 1), (["--device", "rtl=0", "--freq", "abc"], 2), (["--device", "rtl=0", "--freq", "nan"], 2),
    (["--device", "rtl=0", "--freq", "1M", "--rate", "fast"], 2), (["--simulate", "--freq", "abc"], 2), (["--simulate", "--gain", "x"], 2),
    (["--simulate", "--cn0", "nan"], 2), (["--simulate", "--cn0", "90"], 2), (["--simulate", "--offset", "1e9"], 2),
    (["--simulate", "--codec", "9600"], 2),
    (["--simulate", "--profile", "wide"], 2), (["--simulate", "--link", "80"], 2), (["--simulate", "--key", "../friends"], 2),
    (["--simulate", "--key", " "], 2),
    (["--simulate", "--key", "fri\nends"], 2), (["--simulate", "--in", "nothing.wav"], 1), (["--simulate", "--out", "no/where.wav"], 1),
    (["--simulate", "--audio", "nowhere"], 1)])
def test_parameters_of_a_wrong_kind_are_sentences(keyring, tmp_path, arguments, code):
    done = window_of({**os.environ, "QT_QPA_PLATFORM": "offscreen"}, *arguments, "--keyring", keyring, folder=tmp_path)
    # Qt's own, of an account without a session
    said = [line for line in done.stderr.splitlines() if not line.startswith(("QStandardPaths", "This plugin"))]
    assert done.returncode == code and said[-1].startswith("securevoice window: ") and "Traceback" not in done.stderr, done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments, sentence", [
    ([], "say --simulate, or name a radio"), (["--device", "rtl=0"], "needs the frequency"),
    (["--device", "rtl=0", "--freq", "1M", "--link", "5555"], "--link needs"),
    (["--simulate", "--key", "nobody"], "there is no key 'nobody'")])
def test_wrong_arguments_are_sentences(keyring, arguments, sentence):
    done = window_of({**os.environ, "QT_QPA_PLATFORM": "offscreen"}, *arguments, "--keyring", keyring)
    assert done.returncode == 2 and sentence in done.stderr and done.stderr.count("\n") == 1, done.stderr
