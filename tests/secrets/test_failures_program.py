# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""21: what a transmitter needs is missing or fails. No sample leaves it, the reason is said, nothing is sent in clear.

Unusable key files: tests/cli/test_keys_lifecycle.py.
"""

import numpy
import pytest
from station import ABORTED, ENVIRONMENT_FAILED, RATE, kinds

CALLS = {
    "usual": ("--key", "ours"),
    "clear with a key": ("--key", "ours", "--clear"),
    "clear without a key": ("--clear",),
    "switching": ("--key", "ours", "--switch", "1=clear,2=secure"),
}
RATES = 7 # Codec2 is made for each rate, to see whether the library has it; then for the transmitter, then for the call
# Fault, exit code, the words in which it is told.
FAULTS = {
    "sodium_init": (ENVIRONMENT_FAILED, "libsodium cannot start"),
    "random_gone": (ABORTED, "random source"),
    "random_zero": (ENVIRONMENT_FAILED, "random source gives zeros"),
    "codec2_create=1": (ENVIRONMENT_FAILED, "libcodec2 has no rate"),
    f"codec2_create={RATES + 1}": (ENVIRONMENT_FAILED, "memory"),
    f"codec2_create={RATES + 2}": (ENVIRONMENT_FAILED, "memory"),
    "codec2_encode=1": (ENVIRONMENT_FAILED, "the vocoder has failed"),
    "codec2_encode=7": (ENVIRONMENT_FAILED, "the vocoder has failed"),
}


def assert_one_sentence(done, words):
    said = done.stderr.decode()
    assert said.startswith("securevoice: ") and said.count("\n") == 1 and words in said, said


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", FAULTS)
def test_what_fails_at_the_start_gives_no_sample(station, fault, call):
    code, words = FAULTS[fault]
    for output in ("sent.cf32", "-"):
        done = station.program("tx", "speech.wav", output, "--format", "cf32", "--rate", RATE, "--lead-seconds", 0, *CALLS[call], "--report",
                               "sent.json",
                               "--frames-out", "sent.c2", faults=fault, code=code)
        assert_one_sentence(done, words)
        assert done.stdout == b""
    for name in ("sent.cf32", "sent.json", "sent.c2"):
        assert not station.path(name).exists()
    assert station.leftovers() == []


@pytest.mark.parametrize("fault, words", [("codec2_encode=150", "the vocoder has failed"), (f"codec2_create={RATES + 3}", "memory")])
def test_a_failure_in_mid_call_ends_it(station, fault, words):
    """Into a pipe, where samples are gone once they are written. Codec2 is made once more at the switch to clear."""
    done = station.program("tx", "speech.wav", "-", "--format", "cf32", "--rate", RATE, "--key", "ours", "--switch", "3=clear", faults=fault,
                           code=ENVIRONMENT_FAILED)
    assert_one_sentence(done, words)
    sent = numpy.frombuffer(done.stdout, numpy.complex64)
    assert len(sent) < 4.2 * RATE # of 4 s of speech with silence before and after it
    heard = kinds(sent, station.keys["ours"])
    assert set(heard) == {"secure"} and 20 <= len(heard) <= 38


def test_a_fault_that_is_not_asked_for_changes_nothing(station):
    """The library of faults lets all else pass."""
    station.program("tx", "speech.wav", "sent.cf32", "--rate", RATE, "--key", "ours", faults="none")
    assert set(kinds(station.air(), station.keys["ours"])) == {"secure"}


@pytest.mark.parametrize("fault", ["sodium_init", "random_gone", "random_zero"])
def test_no_key_is_made_of_bad_random_octets(station, fault):
    code, words = {"sodium_init": (ENVIRONMENT_FAILED, "libsodium cannot start"), "random_gone": (ABORTED, "random source"),
                   "random_zero": (ENVIRONMENT_FAILED, "random source")}[fault]
    before = sorted(station.path("keys").iterdir())
    done = station.program("keys", "new", "another", faults=fault, code=code)
    assert_one_sentence(done, words)
    assert sorted(station.path("keys").iterdir()) == before


@pytest.mark.parametrize("fault", ["sodium_init", "codec2_create=1"])
def test_a_receiver_that_cannot_work_plays_nothing(station, fault):
    station.program("tx", "speech.wav", "sent.cf32", "--rate", RATE, "--key", "ours")
    done = station.program("rx", "sent.cf32", "heard.wav", "--rate", RATE, "--key", "ours", faults=fault, code=ENVIRONMENT_FAILED)
    assert_one_sentence(done, FAULTS[fault][1])
    assert not station.path("heard.wav").exists() and station.leftovers() == []
