# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why rx has heard nothing: the option that left out what is there is named, and no other reason."""

import pytest
from conftest import BAD_USAGE, NOTHING_HEARD, write_wav

SENT = {"secure": ("--key", "ours"), "clear": ("--clear",), "fm": ("--fm",), "tone": ("--fm", "--ctcss", "88.5")}


@pytest.fixture(name="air")
def make_air(keyed, speech):
    """With one call of each kind, 2 s long."""
    write_wav(keyed.path("speech.wav"), speech[:16000])
    for name, options in SENT.items():
        keyed("tx", "speech.wav", f"{name}.cf32", *options)
    keyed.path("silence.cf32").write_bytes(bytes(8 * 48000))
    return keyed


def why(air, name, *options):
    said = air("rx", f"{name}.cf32", "o.wav", "--rate", 48000, *options, code=NOTHING_HEARD).stderr.decode()
    assert said.startswith("securevoice: nothing heard: ") and said.count("\n") == 1, said
    return said.removeprefix("securevoice: nothing heard: ")


@pytest.mark.parametrize("name, options, without, says", [
    ("clear", ("--key", "ours", "--secure-only"), ("--key", "ours"), "--secure-only leaves out the clear voice"),
    ("fm", ("--key", "ours", "--secure-only"), ("--key", "ours"), "analog FM, which --secure-only leaves out"),
    ("fm", ("--no-key", "--no-fm"), ("--no-key",), "--no-fm leaves out the FM"),
    ("secure", ("--no-key",), ("--key", "ours"), "--no-key hears clear calls only"),
    ("tone", ("--no-key", "--ctcss", "107.2"), ("--no-key", "--ctcss", "88.5"), "--ctcss 107.2 leaves out the FM without this tone"),
    ("secure", ("--key", "ours", "--profile", "robust"), ("--key", "ours", "--profile", "narrow"), "--profile robust leaves out the waveform"),
    ("clear", ("--key", "ours", "--secure-only", "--profile", "robust"), ("--key", "ours"), "--secure-only and --profile robust leave out what is there")])
def test_the_option_that_hides_it_is_named(air, name, options, without, says):
    said = why(air, name, *options)
    assert says in said and not any(other in said for other in ("--rate", "--unannounced-fm", "none of the keys", "carrier", "--tune", "could be verified")), said
    air("rx", f"{name}.cf32", "o.wav", "--rate", 48000, *without) # the control


def test_options_that_hide_nothing_are_not_blamed(air):
    for options in (("--no-key", "--no-fm"), ("--key", "ours", "--secure-only", "--profile", "robust", "--ctcss", "100")):
        said = why(air, "silence", *options)
        assert "no signal of this system" in said and "leave" not in said
    assert "--secure-only" not in why(air, "secure", "--key", "theirs", "--secure-only") # the key is the reason


def test_what_a_pipe_brought_cannot_be_looked_at_again(air):
    done = air("rx", "-", "o.wav", "--rate", 48000, "--format", "cf32", "--no-key", "--no-fm", stdin=air.octets("fm.cf32"), code=NOTHING_HEARD)
    assert b"; what --no-fm may have left out is not counted" in done.stderr
    done = air("rx", "-", "o.wav", "--rate", 48000, "--format", "cf32", "--no-key", stdin=bytes(80000), code=NOTHING_HEARD)
    assert b"left out" not in done.stderr


@pytest.mark.parametrize("typed, meant", [("Rx", "rx"), ("TX", "tx"), ("Vocoder", "vocoder"), ("KEYS", "keys")])
def test_a_command_in_capitals_is_recognised(air, typed, meant):
    air.refuses(typed, code=BAD_USAGE, says=f"did you mean '{meant}'?")
