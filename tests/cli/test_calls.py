# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
import subprocess

import numpy
import pytest
from conftest import BAD_USAGE, BLOCK, BLOCKS_REFUSED, ENVIRONMENT_FAILED, NOTHING_HEARD, PROGRAM, read_wav, write_wav

FRAME_OCTETS = {"3200": 32, "2400": 24, "1600": 16, "1400": 14, "1300": 14, "1200": 12, "700C": 8} # of one block
EASY = ["--rate", 48000, "--cn0", 50, "--offset", -700, "--clock-ppm", 8]


def send(program, *options, rate=48000, channel=EASY):
    program("tx", "speech.wav", "sent.cf32", "--rate", rate, "--frames-out", "sent.c2", "--report", "sent.json", *options)
    program("channel", "sent.cf32", "air.cf32", *channel)


def hear(program, *options, code=0, air="air.cf32"):
    for name in ("heard.wav", "heard.c2"): # where nothing is heard, they would stay
        program.path(name).unlink(missing_ok=True)
    program("rx", air, "heard.wav", "--report", "heard.json", "--frames-out", "heard.c2", *options, code=code)
    return program.json("heard.json")


def heard_nothing(program):
    report = program.json("heard.json")
    return len(read_wav(program.path("heard.wav"))) == 0 and report["blocks_played"] == 0 and program.octets("heard.c2") == b""


@pytest.mark.parametrize("codec", FRAME_OCTETS)
def test_every_codec_arrives_bit_by_bit(spoken, codec, speech):
    send(spoken, "--key", "ours", "--codec", codec)
    report = hear(spoken, "--key", "ours")
    sent = spoken.octets("sent.c2")
    blocks = len(sent) // FRAME_OCTETS[codec]
    assert blocks in (150, 151) # a last block of silence may carry the end
    assert spoken.octets("heard.c2") == sent
    assert report["blocks_sent_or_expected"] == report["blocks_played"] == spoken.json("sent.json")["blocks_sent"] == blocks
    assert report["blocks_lost"] == report["blocks_refused"] == 0 and report["lost_blocks"] == []
    assert (report["state"], report["codec"], report["key_name"], report["late_entry"]) == ("ended", codec, "ours", False)
    assert [s["kind"] for s in report["segments"]] == ["secure"]
    assert abs(report["offset_estimate_hz"] + 700) < 5 and abs(report["cn0_estimate"] - 50) < 1.5
    # The sender's frames are those of c2enc, the sound that of c2dec.
    raw = spoken.path("speech.raw")
    raw.write_bytes(speech.astype("<i2").tobytes())
    spoken_frames = subprocess.run(["c2enc", codec, raw, "-"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    assert sent.startswith(spoken_frames) and len(spoken_frames) == 150 * FRAME_OCTETS[codec]
    sound = subprocess.run(["c2dec", codec, "-", "-"], input=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    assert read_wav(spoken.path("heard.wav")).tobytes() == sound


def test_without_the_key_there_is_no_sound_and_the_reason_is_told(spoken):
    send(spoken, "--key", "ours")
    for options in (["--key", "theirs"], ["--no-key"]):
        done = spoken("rx", "air.cf32", "heard.wav", "--report", "heard.json", "--frames-out", "heard.c2", *options,
                      code=NOTHING_HEARD)
        assert b"encrypted, no key" in done.stderr and done.stderr.count(b"\n") == 1
        assert heard_nothing(spoken)
        assert spoken.json("heard.json")["state"] == "encrypted, no key"


def test_one_of_several_keys_fits(spoken):
    send(spoken, "--key", "theirs")
    report = hear(spoken, "--key", "ours", "--key", "theirs")
    assert report["key_name"] == "theirs" and report["blocks_lost"] == 0


def test_a_key_can_be_a_path(spoken):
    send(spoken, "--key", spoken.path("keys/ours.key"))
    assert hear(spoken, "--key", spoken.path("keys/ours.key"))["blocks_lost"] == 0


def test_clear_call_is_heard_by_all_but_those_who_refuse_it(spoken):
    send(spoken, "--clear", "--key", "ours")
    for options in (["--key", "ours"], ["--key", "theirs"], ["--no-key"]):
        report = hear(spoken, *options)
        assert {s["kind"] for s in report["segments"]} == {"clear"}
        assert spoken.octets("heard.c2") == spoken.octets("sent.c2")
    hear(spoken, "--key", "ours", "--secure-only", code=NOTHING_HEARD)
    assert heard_nothing(spoken)


def test_clear_call_without_any_key(spoken):
    send(spoken, "--clear")
    assert hear(spoken, "--no-key")["blocks_lost"] == 0


def test_two_calls_with_one_key_share_nothing(spoken):
    spoken("tx", "speech.wav", "first.cf32", "--key", "ours")
    spoken("tx", "speech.wav", "second.cf32", "--key", "ours")
    first, second = (numpy.fromfile(spoken.path(f"{n}.cf32"), numpy.complex64) for n in ("first", "second"))
    assert len(first) == len(second)
    start = 48000 * 2
    first, second = first[start:-start], second[start:-start]
    alike = abs(numpy.vdot(first, second)) / (numpy.linalg.norm(first) * numpy.linalg.norm(second))
    # The known symbols (a twelfth) are alike up to their signs of number and mode, which agree; the rest is at random.
    assert alike < 32 / 384 + 0.03


def test_switching_in_mid_call(spoken):
    send(spoken, "--key", "ours", "--switch", "3.02=clear,6.5=secure", "--switch", "9=clear")
    report = hear(spoken, "--key", "ours")
    assert report["blocks_lost"] == 0 and spoken.octets("heard.c2") == spoken.octets("sent.c2")
    sent = spoken.json("sent.json")["segments"]
    assert [s["kind"] for s in sent] == ["secure", "clear", "secure", "clear"]
    # `clear` holds from the first block captured after the command, `secure` from the block that is being spoken.
    assert [s["start"] for s in sent] == [0, 3.04, 6.48, 9.04]
    lead = report["segments"][0]["start"]
    assert [(s["kind"], round(s["start"] - lead, 2)) for s in report["segments"]] == [(s["kind"], s["start"]) for s in sent]
    # Somebody without the key hears the clear parts alone.
    report = hear(spoken, "--no-key")
    assert {s["kind"] for s in report["segments"]} == {"clear"}
    heard = numpy.array(list(spoken.octets("heard.c2"))).reshape(-1, 32)
    frames = numpy.array(list(spoken.octets("sent.c2"))).reshape(-1, 32)
    for block in frames[:38]:
        assert not (heard == block).all(axis=1).any()


def test_late_entry_plays_what_was_sent(spoken):
    send(spoken, "--key", "ours")
    air = numpy.fromfile(spoken.path("air.cf32"), numpy.complex64)
    air[int(48000 * 4.123):].tofile(spoken.path("late.cf32"))
    report = hear(spoken, "--key", "ours", air="late.cf32")
    first = report["calls"][0]["first_block"]
    assert report["late_entry"] and report["blocks_lost"] == 0
    assert 48 <= first <= 48 + 13 # about a second
    assert spoken.octets("heard.c2") == spoken.octets("sent.c2")[first * 32:]


def test_lost_blocks_are_zeros_in_place_and_listed(spoken):
    send(spoken, "--key", "ours")
    air = numpy.fromfile(spoken.path("air.cf32"), numpy.complex64)
    air[48000 * 5:48000 * 5 + 24000] = 0 # six blocks and a bit
    air.tofile(spoken.path("cut.cf32"))
    report = hear(spoken, "--key", "ours", air="cut.cf32")
    heard = numpy.frombuffer(spoken.octets("heard.c2"), numpy.uint8).reshape(-1, 32)
    sent = numpy.frombuffer(spoken.octets("sent.c2"), numpy.uint8).reshape(-1, 32)
    assert heard.shape == sent.shape
    lost = report["lost_blocks"]
    # Of a block that is cut off the header's piece may still be read: refused, for its tag does not fit.
    assert 6 <= len(lost) <= 9 and report["blocks_lost"] + report["blocks_refused"] == len(lost)
    assert report["blocks_played"] + len(lost) == report["blocks_sent_or_expected"] == len(sent)
    assert (heard[lost] == 0).all()
    kept = numpy.setdiff1d(numpy.arange(len(sent)), lost)
    assert (heard[kept] == sent[kept]).all()
    # Each slot has its 80 ms of sound, lost or not.
    assert len(read_wav(spoken.path("heard.wav"))) == len(sent) * BLOCK


def test_noise_alone_is_not_heard(keyed):
    rng = numpy.random.default_rng(1)
    noise = rng.standard_normal(2 * 48000 * 20).astype(numpy.float32)
    noise.tofile(keyed.path("noise.cf32"))
    hear(keyed, "--key", "ours", air="noise.cf32", code=NOTHING_HEARD)
    assert heard_nothing(keyed)


def test_exact_zeros_are_not_heard(keyed):
    numpy.zeros(48000, numpy.complex64).tofile(keyed.path("zeros.cf32"))
    done = keyed("rx", "zeros.cf32", "heard.wav", "--key", "ours", code=NOTHING_HEARD)
    assert b"no signal" in done.stderr


@pytest.mark.parametrize("rate", [12000, 19200, 250000])
def test_other_sample_rates(spoken, rate):
    write_wav(spoken.path("speech.wav"), read_wav(spoken.path("speech.wav"))[:40 * BLOCK])
    send(spoken, "--key", "ours", rate=rate, channel=["--rate", rate, "--cn0", 55, "--offset", 300])
    hear(spoken, "--key", "ours", "--rate", rate)
    assert spoken.octets("heard.c2") == spoken.octets("sent.c2")


def test_the_receiver_finds_the_profile_robust_by_itself(spoken):
    send(spoken, "--key", "ours", "--profile", "robust", "--codec", "1300", "--switch", "3=clear,6=secure",
         channel=["--rate", 48000, "--cn0", 45, "--offset", -5500])
    report = hear(spoken, "--key", "ours")
    assert report["blocks_lost"] == 0 and not report["calls"][0].get("cut_off")
    # From the first block to the last, which the interleaver holds back for half a second.
    assert spoken.octets("heard.c2") == spoken.octets("sent.c2") != b""


def test_pipes_carry_iq(spoken):
    command = (f"'{PROGRAM}' tx speech.wav - --format cf32 --key ours --frames-out sent.c2 | '{PROGRAM}' channel - - --format cf32 --format-out cf32 --rate 48000 --cn0 50 | "
               f"'{PROGRAM}' rx - heard.wav --format cf32 --key ours --recorded --frames-out heard.c2")
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=spoken.folder, env=spoken.environment, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.startswith(b"securevoice: heard 12.1 s secure by ours ") and done.stderr.count(b"\n") == 1
    assert spoken.octets("heard.c2") == spoken.octets("sent.c2") != b""


@pytest.mark.parametrize("options, code, says", [
    ([], BAD_USAGE, "--key"),
    (["--key", "nobody"], ENVIRONMENT_FAILED, "nobody"),
    (["--key", "ours", "--codec", "9600"], BAD_USAGE, ["9600", "3200", "700C"]),
    (["--key", "ours", "--profile", "wide"], BAD_USAGE, ["wide", "narrow"]),
    (["--key", "ours", "--rate", "100"], BAD_USAGE, "12000"),
    (["--key", "ours", "--rate", "1e12"], BAD_USAGE, "rate"),
    (["--key", "ours", "--rate", "nan"], BAD_USAGE, "rate"),
    (["--key", "ours", "--rate", "fast"], BAD_USAGE, "fast"),
    (["--key", "ours", "--switch", "3=off"], BAD_USAGE, "3=off"),
    (["--key", "ours", "--switch", "soon=clear"], BAD_USAGE, "soon=clear"),
    (["--key", "ours", "--switch", "-1=clear"], BAD_USAGE, "-1=clear"),
    (["--key", "ours", "--switch", "3=clear,2=secure"], BAD_USAGE, "ascend"),
    (["--clear", "--switch", "1=secure"], BAD_USAGE, "key"),
    (["--key", "ours", "--lead-seconds", "-1"], BAD_USAGE, "silence"),
    (["--key", "ours", "--lead-seconds", "nan"], BAD_USAGE, "number"),
    (["--key", "ours", "--toggle"], BAD_USAGE, "--toggle"),
])
def test_tx_refuses(spoken, options, code, says):
    spoken.refuses("tx", "speech.wav", "sent.cf32", *options, code=code, says=says)
    assert not spoken.path("sent.cf32").exists() and spoken.leftovers() == []


@pytest.mark.parametrize("options, code, says", [
    ([], BAD_USAGE, ["--key", "--no-key"]),
    (["--key", "ours", "--no-key"], BAD_USAGE, "--no-key"),
    (["--no-key", "--secure-only"], BAD_USAGE, "--secure-only"),
    (["--key", "nobody"], ENVIRONMENT_FAILED, "nobody"),
    (["--key", "ours", "--key", "ours"], BAD_USAGE, "same key"),
    (["--key", "ours", "--rate", "100"], BAD_USAGE, "12000"),
    (["--key", "ours", "--rate", "inf"], BAD_USAGE, "rate"),
])
def test_rx_refuses(keyed, options, code, says):
    numpy.zeros(1000, numpy.complex64).tofile(keyed.path("air.cf32"))
    keyed.refuses("rx", "air.cf32", "heard.wav", *options, code=code, says=says)
    assert not keyed.path("heard.wav").exists() and keyed.leftovers() == []


@pytest.mark.parametrize("profile", ["narrow", "robust", "constant"])
def test_missing_samples_cost_their_block_and_one_more_at_most(spoken, profile):
    send(spoken, "--key", "ours", "--codec", "1300", "--profile", profile)
    whole = numpy.fromfile(spoken.path("air.cf32"), numpy.complex64)
    assert hear(spoken, "--key", "ours")["blocks_lost"] == 0
    sent = spoken.json("sent.json")["blocks_sent"]
    for missing in ([10], [10] * 11, [1000, -20, -1000, 5]): # a second apart; below zero: they come twice
        pieces, begin = [], 0
        for n, count in enumerate(missing, 1):
            pieces.append(whole[begin:48000 * n])
            begin = 48000 * n + count
        numpy.concatenate([*pieces, whole[begin:]]).tofile(spoken.path("holes.cf32"))
        report = hear(spoken, "--key", "ours", air="holes.cf32")
        assert report["blocks_played"] + report["blocks_lost"] == report["blocks_sent_or_expected"] == sent
        assert report["blocks_lost"] <= 2 * len(missing) and report["blocks_refused"] == 0
        assert len(report["calls"]) == 1 and report["state"] == "ended"
        assert report["audio_seconds"] <= BLOCK * sent / 8000 + 1e-6


def test_an_attack_that_is_over_is_in_the_report(spoken):
    """Five seconds of another call's blocks, of the same numbers, in the middle of ours, which goes on to its end."""
    whole = {}
    for key in ("theirs", "ours"):
        send(spoken, "--key", key)
        whole[key] = numpy.fromfile(spoken.path("sent.cf32"), numpy.complex64)
    mixed = whole["ours"].copy()
    mixed[40 * 3840:105 * 3840] = whole["theirs"][40 * 3840:105 * 3840]
    for iq, attacked in ((whole["ours"], False), (mixed, True)):
        iq.tofile(spoken.path("sent.cf32"))
        spoken("channel", "sent.cf32", "air.cf32", *EASY)
        report = hear(spoken, "--key", "ours", "--no-fm", code=BLOCKS_REFUSED if attacked else 0)
        assert (report["state"], report["interference"]) == ("ended", attacked)
        assert report["blocks_played"] >= 75
