# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`rx` follows from secure voice to FM and back, and says so."""

import numpy
import pytest
from conftest import BAD_USAGE, BLOCKS_REFUSED, NOTHING_HEARD, read_wav

RATE = 48000


def on_air(program, *options, name="air.cf32", cn0=55):
    program("tx", "speech.wav", "sent.cf32", "--report", "sent.json", *options)
    program("channel", "sent.cf32", name, "--rate", RATE, "--cn0", cn0, "--offset", 600)


def hear(program, *options, air="air.cf32", code=0):
    done = program("rx", air, "heard.wav", "--report", "heard.json", "--frames-out", "heard.c2", "--rate", 48000, *options, code=code)
    return program.json("heard.json"), done.stderr.decode()


def envelope(speech):
    return numpy.sqrt(numpy.mean(speech[:len(speech) // 160 * 160].reshape(-1, 160).astype(float) ** 2, axis=1))


def test_a_call_that_switches_is_followed(spoken, speech):
    on_air(spoken, "--key", "ours", "--switch", "4=fm,8=secure")
    report, _ = hear(spoken, "--key", "ours")
    sent, heard = spoken.json("sent.json"), report["segments"]
    assert [s["kind"] for s in heard] == [s["kind"] for s in sent["segments"]] == ["secure", "fm", "secure"]
    late = heard[0]["start"]
    for mine, his in zip(heard, sent["segments"]):
        assert abs(mine["start"] - late - his["start"]) < 0.1 and abs(mine["end"] - late - his["end"]) < 0.1
    assert report["fm_seconds"] == pytest.approx(0.08 * sent["fm_blocks"]) and report["fm_refused_seconds"] == 0
    assert report["blocks_played"] == sent["secure_blocks"] and report["blocks_lost"] == 0
    assert (report["state"], report["kind"]) == ("ended", "secure")
    # One stretch of speech, each part where it was spoken: in FM the speech itself, by its loudness.
    sound = read_wav(spoken.path("heard.wav"))
    assert abs(len(sound) - len(speech)) <= 1280
    middle = slice(5 * 50, 7 * 50)
    assert numpy.corrcoef(envelope(sound)[middle], envelope(speech)[middle])[0, 1] > 0.8
    # Codec2 frames are of the digital blocks alone.
    assert len(spoken.octets("heard.c2")) == 32 * sent["secure_blocks"]


def test_who_has_no_key_hears_the_fm_alone(spoken):
    on_air(spoken, "--key", "ours", "--switch", "4=fm,8=secure")
    for who, code in ((["--key", "theirs"], BLOCKS_REFUSED), (["--no-key"], 0)):
        report, _ = hear(spoken, *who, code=code)
        assert [s["kind"] for s in report["segments"]] == ["fm"]
        # To whom nobody announced it, FM begins when somebody speaks in it.
        sent = 0.08 * spoken.json("sent.json")["fm_blocks"]
        assert sent - 0.5 < report["fm_seconds"] <= sent
        assert report["blocks_played"] == 0


def test_who_wants_none_hears_none(spoken):
    on_air(spoken, "--key", "ours", "--switch", "4=fm,8=secure")
    for options in (["--secure-only"], ["--no-fm"]):
        report, _ = hear(spoken, "--key", "ours", *options)
        assert {s["kind"] for s in report["segments"]} == {"secure"} and report["fm_seconds"] == 0
    spoken.refuses("rx", "air.cf32", "heard.wav", "--key", "ours", "--no-fm", "--unannounced-fm", code=BAD_USAGE, says="not both")
    spoken.refuses("rx", "air.cf32", "heard.wav", "--key", "ours", "--deviation", "7000", code=BAD_USAGE, says="peak deviation")


def test_fm_behind_a_secure_call_is_muted_unless_wanted(spoken):
    on_air(spoken, "--key", "ours", name="secure.cf32")
    on_air(spoken, "--fm", name="fm.cf32")
    spoken.path("air.cf32").write_bytes(spoken.octets("secure.cf32") + spoken.octets("fm.cf32"))
    report, said = hear(spoken, "--key", "ours")
    assert [s["kind"] for s in report["segments"]] == ["secure"]
    assert report["fm_seconds"] == 0 and report["fm_refused_seconds"] > 11
    assert f"; {report['fm_refused_seconds']:.1f} s of FM not played (--unannounced-fm plays" in said
    _, said = hear(spoken, "--key", "ours", "--secure-only")
    assert "s of FM not played; C/N0" in said # as he wanted
    report, said = hear(spoken, "--key", "ours", "--unannounced-fm")
    assert "not played" not in said
    assert [s["kind"] for s in report["segments"]] == ["secure", "fm"] and report["fm_seconds"] > 11
    report, _ = hear(spoken, "--key", "ours", air="fm.cf32") # an ordinary radio, with nothing before it
    assert [s["kind"] for s in report["segments"]] == ["fm"] and report["kind"] == "fm" and report["key_name"] == ""


def test_a_ctcss_squelch_wants_its_tone(spoken):
    on_air(spoken, "--fm", "--ctcss", "88.5")
    report, _ = hear(spoken, "--no-key", "--ctcss", "88.5")
    assert report["fm_seconds"] > 11
    _, sentence = hear(spoken, "--no-key", "--ctcss", "107.2", code=NOTHING_HEARD)
    assert "nothing heard" in sentence
