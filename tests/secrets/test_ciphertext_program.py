# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""22, of the command line: whatever options a call is sent with, it is ciphertext unless clear was asked for by its name."""

import re

import numpy
import pytest
from judge import assert_nobody_understands
from station import BAD_USAGE, BLOCK, RATE, Station, kinds

BLOCKS = 25 # of speech.wav
WAYS = [(), ("--codec", "700C"), ("--profile", "narrow"), ("--key", "keys/ours.key"), ("--keyring", "keys"), ("--passphrase-fd", 0),
        ("--lead-seconds", 0), ("--tail-seconds", 0.5), ("--switch", "1=secure"), ("--frames-out", "sent.c2"), ("--report", "sent.json"),
        ("--rate", 48000), ("--state", "state"), ("--deviation", 5000), ("--ctcss", 88.5)]
CLEAR = {"--clear", "--fm"} # and --switch with `clear` or `fm`
FLAGS = {"--no-emphasis"}   # without a value; nothing without --fm


@pytest.fixture(name="station")
def make_station(tmp_path, recording):
    return Station(tmp_path, recording[:BLOCKS * BLOCK])


def test_tx_has_no_options_but_those_tested_here(station):
    options = set(re.findall(r"^ +(?:-\w,)?(--[\w-]+)", station.program("tx", "--help").stdout.decode(), re.M))
    # formats: tests/cli/test_iq_formats.py
    assert options == {way[0] for way in WAYS if way} | {"--key", "--help", "--format", "--frequency"} | CLEAR | FLAGS


@pytest.mark.parametrize("output", ["sent.cf32", "-"])
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_option_encrypts(station, recording, way, output):
    options = {"--key": "ours", "--format": "cf32", "--rate": RATE, **dict([way] if way else [])}
    done = station.program("tx", "speech.wav", output, *[part for pair in options.items() for part in pair])
    iq = numpy.frombuffer(done.stdout, numpy.complex64) if output == "-" else station.air()
    assert_nobody_understands(iq, recording[:BLOCKS * BLOCK], station.keys["ours"], options.get("--codec", "3200"), BLOCKS + 1,
                              options["--rate"])


@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_flags_encrypt(station, recording, flag):
    station.program("tx", "speech.wav", "sent.cf32", "--rate", RATE, "--key", "ours", flag)
    assert_nobody_understands(station.air(), recording[:BLOCKS * BLOCK], station.keys["ours"], "3200", BLOCKS + 1, RATE)


@pytest.mark.parametrize("words", [(), ("--switch", "1=toggle"), ("--switch", "1=FM"), ("--fm=toggle",), ("--switch", "1=Clear"),
                                   ("--switch", "clear"), ("--switch", "1=clear "),
                                   ("--switch", "=clear"), ("--switch", "1=clear=secure"), ("--clear=toggle",), ("--kind", "clear"), ("--no-key",),
                                   ("--cle",), ("--allow-clear",)])
def test_malformed_requests_send_nothing(station, words):
    key = ("--key", "ours") if words else () # without any: what is missing is not replaced by clear
    done = station.program("tx", "speech.wav", "sent.cf32", *key, *words, code=BAD_USAGE)
    assert done.stderr.startswith(b"securevoice: ") and done.stdout == b""
    assert not station.path("sent.cf32").exists() and station.leftovers() == []


def test_clear_by_its_name_is_clear(station):
    """Else the tests before would prove nothing."""
    station.program("tx", "speech.wav", "sent.cf32", "--rate", RATE, "--key", "ours", "--clear")
    assert set(kinds(station.air())) == {"clear"}
    station.program("tx", "speech.wav", "sent.cf32", "--rate", RATE, "--key", "ours", "--switch", "1=clear")
    assert set(kinds(station.air())) == {"unreadable", "clear"}
