# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later

import math

import numpy
import pytest

from conftest import BLOCK_SECONDS, CODECS, run, samples_in

# dB-Hz at which at least 99 % of the blocks must play
REACH = {"3200": 39.0, "2400": 38.0, "1600": 36.5, "1400": 36.2, "1300": 36.0, "1200": 35.8, "700C": 34.0}


@pytest.mark.parametrize("codec", CODECS)
def test_99_percent_of_120_s_of_speech_plays_and_every_frame_is_the_one_sent(call, codec):
    call.send(codec).channel(REACH[codec], offset=1500, ppm=15).receive("alpha")
    report = call.report
    sent, heard = call.frames("sent.c2"), call.frames("heard.c2")
    assert len(sent) == report["blocks_sent_or_expected"] >= 120 / BLOCK_SECONDS
    assert report["blocks_played"] >= 0.99 * len(sent)
    assert report["blocks_played"] + len(report["lost_blocks"]) == len(sent)
    played = numpy.setdiff1d(numpy.arange(len(sent)), report["lost_blocks"])
    assert (sent[played] == heard[played]).all()
    assert report["state"] == "ended" and report["key_name"] == "alpha"
    assert {s["kind"] for s in report["segments"]} == {"secure"}
    assert abs(report["cn0_estimate"] - REACH[codec]) < 1
    assert abs(report["offset_estimate_hz"] - 1500) < 5


@pytest.mark.parametrize("keys", ((), ("beta",)))
def test_without_the_key_there_is_no_sample_and_the_state_says_why(call, keys):
    call.send().channel(45, offset=-700, ppm=5)
    done = call.receive(*keys, check=False)
    assert done.returncode == 3
    assert "encrypted, no key" in done.stderr
    assert samples_in(call.wav) == 0
    assert call.report["state"] == "encrypted, no key"
    assert call.report["blocks_played"] == 0 and call.report["key_name"] == ""


def equal_bits(a, b):
    """Share of equal bits, and how far five sigma of chance reach."""
    n = min(len(a), len(b))
    equal = numpy.unpackbits(~(a[:n] ^ b[:n])).mean()
    return equal, 5 * 0.5 / math.sqrt(n * a.shape[1] * 8)


def test_an_eavesdropper_shares_no_more_than_chance_with_the_speech(call):
    call.send().channel(60)
    run("eavesdrop", call.received, call.folder / "noise.wav", "--frames-out", call.folder / "noise.c2")
    sent, noise = call.frames("sent.c2"), call.frames("noise.c2")
    assert len(noise) >= len(sent) - 1  # the eavesdropper really demodulates
    share, bound = equal_bits(sent, noise)
    assert abs(share - 0.5) < bound


def test_an_eavesdropper_of_a_clear_call_gets_it_all(call):
    # The control of the test above: the same tool, the same channel, no encryption.
    call.send("3200", "--clear").channel(60)
    run("eavesdrop", call.received, call.folder / "speech.wav", "--frames-out", call.folder / "speech.c2")
    sent, heard = call.frames("sent.c2"), call.frames("speech.c2")
    assert (sent == heard[: len(sent)]).all()


def test_two_calls_with_the_same_key_and_speech_share_nothing(call):
    bits = []
    for name in ("one.c2", "two.c2"):
        call.send().channel(60)
        run("eavesdrop", call.received, call.folder / "x.wav", "--frames-out", call.folder / name)
        bits.append(call.frames(name))
    share, bound = equal_bits(*bits)
    assert abs(share - 0.5) < bound


def test_switching_every_two_seconds_loses_nothing(call):
    switches = [f"{t}={'clear' if t % 4 == 2 else 'secure'}" for t in range(2, 120, 2)]
    call.send("3200", "--switch", ",".join(switches)).channel(45, offset=400, ppm=8).receive("alpha")
    sent, heard = call.frames("sent.c2"), call.frames("heard.c2")
    assert call.report["lost_blocks"] == [] and (sent == heard[: len(sent)]).all()
    kinds = [s["kind"] for s in call.report["segments"]]
    assert kinds == ["secure", "clear"] * 30
    assert kinds == [s["kind"] for s in call.report_sent["segments"]]
    origin = call.report["segments"][0]["start"]
    for heard_part, sent_part in zip(call.report["segments"], call.report_sent["segments"]):
        assert abs(heard_part["start"] - origin - sent_part["start"]) < 0.005
    for n, part in enumerate(call.report_sent["segments"]):
        # At 2 n s a block ends exactly: secure takes effect with the very next block, which announces clear before that begins.
        announced = 0.08 if part["kind"] == "clear" else 0
        assert part["start"] == pytest.approx(2.0 * n + announced, abs=1e-6)


def test_who_joins_at_random_hears_the_call_within_a_second(call):
    call.send().channel(42, offset=-900, ppm=10)
    iq = numpy.fromfile(call.received, "<c8")
    rng = numpy.random.default_rng(1)
    cut_file = call.folder / "cut.cf32"
    in_time = 0
    for cut in rng.uniform(1, 110, 20):
        begin = int(cut * 48000)
        for seconds in (1, 2):
            iq[begin : begin + seconds * 48000].tofile(cut_file)
            call.receive("alpha", path=cut_file, check=False)
            if call.report["blocks_played"]:
                assert call.report["late_entry"]
                in_time += seconds == 1
                break
        else:
            pytest.fail(f"nothing heard 2 s after the cut at {cut} s")
    # One cut in some 200 takes longer: three misses of 20 would be one run in 10^4.
    assert in_time >= 18


def test_ten_minutes_of_noise_are_silent(call):
    numpy.zeros(600 * 48000, "<c8").tofile(call.sent)
    call.channel(40, seed=5)
    done = call.receive("alpha", check=False)
    assert done.returncode == 3
    assert samples_in(call.wav) == 0
    assert call.report["blocks_played"] == 0 and call.report["segments"] == []
    assert call.report["state"] in ("idle", "pending")
