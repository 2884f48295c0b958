# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What drivers write to standard error is counted, dropped or shown."""

import os

from gnuradio.securevoice.radio.driver_messages import DriverMessages


def test_signs_are_counted_and_nothing_else():
    messages = DriverMessages()
    assert messages.take("OOO") == "" and messages.take("U") == "" and messages.take("UO\n") == ""
    assert messages.take("aUaU") == "" # the sound card has nothing to play
    assert messages.take("Using HackRF One\nOverrun? No.\n") == "Using HackRF One\nOverrun? No.\n"
    assert (messages.overflows, messages.underflows) == (4, 2)


def test_the_process_itself(capfd):
    with DriverMessages() as messages:
        messages.opening(True)
        os.write(2, b"a driver introduces itself\n")
        messages.opening(False)
        os.write(2, b"OO")
        messages.opening(True) # waits until it was read
        messages.opening(False)
        os.write(2, b"something is wrong\n")
        messages.opening(True)
        assert messages.overflows == 2
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "something is wrong\nafterwards\n"
