# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two stations talk over the link that two windows use."""

import contextlib
import socket

import pytest
from conftest import old_memory, wait_until
from gnuradio.securevoice.lamps import HeardLamps, sent_lamp
from gnuradio.securevoice.window.link import Link
from gnuradio.securevoice.window.settings import Settings
from gnuradio.securevoice.window.simulated_station import SimulatedStation


def free_ports():
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                two.bind(("127.0.0.1", port + 1))
                return port


class Person:
    """sent, heard: words of the lamps, each once in turn."""

    def __init__(self, keyring, folder, link):
        self.sent, self.heard, lamps = [], [], HeardLamps()
        settings = Settings(key="friends", keyring=keyring, state=old_memory(keyring, folder), simulate=True, audio="none", codec="1300",
                            allow_fm=True)
        self.station = SimulatedStation(settings, lambda status: self._note(self.sent, sent_lamp(status)),
                                        lambda status: self._note(self.heard, lamps.take(status)), link)

    @staticmethod
    def _note(words, lamp):
        if words[-1:] != [lamp.word]:
            words.append(lamp.word)

    def says_to(self, other, *kinds):
        """Secure, and then switched to these."""
        self.station.set_ptt(True)
        wait_until(lambda: other.heard[-1:] == ["SECURE"], "secure voice at the other station")
        for kind, word in kinds:
            self.station.set_kind(kind)
            wait_until(lambda word=word: other.heard[-1:] == [word], f"{word} at the other station")
        self.station.set_ptt(False)
        wait_until(lambda: other.heard[-1:] == ["ENDED"], "the call's end at the other station")
        assert "SECURE" in self.sent and "CLEAR" not in self.sent


def test_two_stations_talk_to_each_other(keyring, tmp_path):
    port = free_ports()
    first = Person(keyring, tmp_path / "first", Link(port))
    second = Person(keyring, tmp_path / "second", Link(port))
    for person in (first, second):
        person.station.start()
    first.says_to(second)
    second.says_to(first, ("fm", "ANALOG FM"), ("secure", "SECURE"))
    with pytest.raises(ValueError, match="both taken"):
        Link(port)
    for person in (first, second):
        person.station.stop()


def test_windows_that_begin_together_have_an_end_each():
    """Before either of them uses its port."""
    port = free_ports()
    first, second = Link(port), Link(port)
    assert (first.mine, first.other) == (second.other, second.mine) == (port, port + 1)
    with pytest.raises(ValueError, match="both taken"):
        Link(port)
    del first
    assert Link(port).mine == port


@pytest.mark.parametrize("port", [80, 65535, -1])
def test_ports_are_checked(port):
    with pytest.raises(ValueError, match="from 1024 to 65534"):
        Link(port)
