# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings as strangers have them: headers that lie, other depths, odd metadata, archives, names, levels, mirrored, tuned beside."""

import json
import struct
import tarfile
import time

import numpy
import pytest
from conftest import BAD_USAGE, BLOCKS_REFUSED, DOUBTFUL, ENVIRONMENT_FAILED, NOTHING_HEARD, write_wav
from test_iq_formats import RATE, heard, numbers, samples, write_sigmf

CHUNK = b"LIST" + struct.pack("<I", 4) + b"INFO"


def wav(body, said=None, coding=1, octets=2, channels=2, kind=b"RIFF", ds64=None, behind=b"", rate=RATE):
    said = len(body) if said is None else said
    head = b"WAVE" + (b"ds64" + struct.pack("<IQQQI", 28, 0, ds64, 0, 0) if ds64 is not None else b"")
    head += b"fmt " + struct.pack("<IHHIIHH", 16, coding, channels, rate, rate * octets * channels, octets * channels, 8 * octets)
    return kind + struct.pack("<I", min(said + len(head), 0xFFFFFFFF)) + head + b"data" + struct.pack("<I", said) + body + behind


@pytest.fixture(name="body")
def make_body(sent):
    return numbers(samples(sent), "cs16").tobytes()


@pytest.mark.parametrize("lie", [dict(said=0), dict(said=65536), dict(said=0xFFFFFFFF), dict(said=0x7FFFFFFF),
                                 dict(kind=b"RF64", said=0xFFFFFFFF, ds64=0),
                                 dict(kind=b"RF64", said=0xFFFFFFFF, ds64=1000), dict(kind=b"RF64", said=0xFFFFFFFF, ds64=2 ** 63),
                                 dict(kind=b"RF64", said=0xFFFFFFFF), dict(kind=b"BW64", said=0xFFFFFFFF, ds64=0)])
def test_wav_headers_that_lie_about_the_length(sent, body, lie):
    sent.path("air.wav").write_bytes(wav(body, **lie))
    assert heard(sent, "air.wav")["iq_seconds"] == pytest.approx(len(body) / 4 / RATE)
    said = sent("rx", "air.wav", "heard.wav", "--key", "ours").stderr
    assert b"warning: air.wav: its header says " in said and f"the file holds {len(body)}".encode() in said


@pytest.mark.parametrize("honest", [dict(), dict(behind=CHUNK), dict(behind=CHUNK * 3), dict(behind=b"TAG" + bytes(125)), dict(behind=b"x"),
                                    dict(kind=b"RF64", said=0xFFFFFFFF), dict(kind=b"BW64", said=0xFFFFFFFF)])
def test_wav_headers_that_do_not(sent, body, honest):
    if "kind" in honest:
        honest = dict(honest, ds64=len(body))
    sent.path("air.wav").write_bytes(wav(body, **honest))
    assert heard(sent, "air.wav")["iq_seconds"] == pytest.approx(len(body) / 4 / RATE)
    assert b"warning" not in sent("rx", "air.wav", "heard.wav", "--key", "ours").stderr


@pytest.mark.parametrize("depth", ["8", "24", "32", "float", "double"])
@pytest.mark.parametrize("said", [None, 0])
def test_wav_of_any_depth(sent, depth, said):
    iq = numpy.column_stack([samples(sent).real, samples(sent).imag]).reshape(-1) / 2
    coding, octets = {"float": (3, 4), "double": (3, 8)}.get(depth, (1, int(depth) // 8 if depth.isdigit() else 0))
    if coding == 3:
        body = (2 * iq).astype(f"<f{octets}").tobytes()
    elif depth == "8":
        body = numpy.clip(numpy.round(iq * 127 + 128), 0, 255).astype("u1").tobytes()
    else:
        whole = numpy.round(iq * (2 ** 31 - 1)).astype("<i4")
        body = whole.tobytes() if depth == "32" else whole.view("u1").reshape(-1, 4)[:, 1:].tobytes()
    sent.path("air.wav").write_bytes(wav(body, said=said, coding=coding, octets=octets))
    heard(sent, "air.wav")


def test_sigmf_as_some_programs_write_it(sent):
    iq = samples(sent)
    for more in ({"core:sample_rate": "48000"}, {"core:sample_rate": " 48e3 "}, {"core:datatype": "CF32_LE"}, {"core:num_channels": None}, {"core:dataset": None},
                 {"core:author": None, "core:geolocation": float("nan"), "x": [float("inf"), -float("inf")], "y": 'a "NaN" \\'}):
        write_sigmf(sent, iq, "cf32_le", "cf32", **more)
        heard(sent, "call.sigmf-meta")
    meta = json.loads(sent.path("call.sigmf-meta").read_text())
    for captures in (None, [], [{"core:sample_start": 0, "core:frequency": None}], [{"core:frequency": "144800000"}]):
        sent.path("call.sigmf-meta").write_text(json.dumps(dict(meta, captures=captures)))
        assert heard(sent, "call.sigmf-data").get("frequency_hz") == (144.8e6 if captures and captures[0]["core:frequency"] else None)


def test_names_in_capitals(sent):
    iq = samples(sent)
    for form in ("cs16", "cs8", "cu8", "cf32"):
        numbers(iq, form).tofile(sent.path(f"AIR.{form.upper()}"))
        heard(sent, f"AIR.{form.upper()}")
    write_sigmf(sent, iq, "cf32_le", "cf32")
    for name in ("meta", "data"):
        sent.path(f"call.sigmf-{name}").rename(sent.path(f"CALL.SIGMF-{name.upper()}"))
    heard(sent, "CALL.SIGMF-DATA")
    sent.path("AIR.WAV").write_bytes(wav(numbers(iq, "cs16").tobytes()))
    heard(sent, "AIR.WAV")


def archive(program, *names, form=tarfile.PAX_FORMAT, folder="recording/"):
    with tarfile.open(program.path("air.sigmf"), "w", format=form) as out:
        for name in names:
            out.add(program.path(name), folder + name)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_sigmf_archives(sent, form):
    write_sigmf(sent, samples(sent), "ci16_le", "cs16")
    for names in (("call.sigmf-data", "call.sigmf-meta"), ("call.sigmf-meta", "call.sigmf-data")):
        archive(sent, *names, form=form)
        assert heard(sent, "air.sigmf")["frequency_hz"] == 144.8e6
    if form != tarfile.USTAR_FORMAT:
        archive(sent, "call.sigmf-meta", "call.sigmf-data", form=form, folder=f"{'long' * 40}/")
        heard(sent, "air.sigmf")
    before = sent.octets("air.sigmf")
    sent.refuses("channel", "air.sigmf", "air.sigmf", code=BAD_USAGE, says="same file")
    sent.path("air.sigmf").write_bytes(before[:len(before) * 2 // 3])
    assert b"cut off" in sent("rx", "air.sigmf", "o.wav", "--key", "ours").stderr


def test_archives_as_macos_packs_them(sent):
    """Beside each file another one with its attributes; and two names that differ are said."""
    write_sigmf(sent, samples(sent), "ci16_le", "cs16")
    for name in ("._call.sigmf-meta", "._call.sigmf-data"):
        sent.path(name).write_bytes(b"\x00\x05\x16\x07" + bytes(159))
    archive(sent, "._call.sigmf-meta", "call.sigmf-meta", "._call.sigmf-data", "call.sigmf-data")
    heard(sent, "air.sigmf")
    assert b"warning" not in sent("rx", "air.sigmf", "o.wav", "--key", "ours").stderr
    sent.path("call.sigmf-meta").rename(sent.path("other.sigmf-meta"))
    archive(sent, "other.sigmf-meta", "call.sigmf-data")
    heard(sent, "air.sigmf")
    assert b"its metadata are other.sigmf-meta and its samples call.sigmf-data" in sent("rx", "air.sigmf", "o.wav", "--key", "ours").stderr
    sent.refuses("rx", "other.sigmf-meta", "o.wav", "--key", "ours", code=ENVIRONMENT_FAILED, says="put other.sigmf-data beside it")


def test_archives_that_are_none(sent):
    write_sigmf(sent, samples(sent), "ci16_le", "cs16")
    write_sigmf(sent, samples(sent), "ci16_le", "cs16", name="more")
    def no(says, code=ENVIRONMENT_FAILED):
        sent.refuses("rx", "air.sigmf", "o.wav", "--key", "ours", code=code, says=says)
        assert not sent.path("o.wav").exists()
    archive(sent, "call.sigmf-meta")
    no("no recording")
    archive(sent, "call.sigmf-meta", "call.sigmf-data", "more.sigmf-meta")
    no(["several", "tar -xf"])
    archive(sent, "call.sigmf-meta", "call.sigmf-data")
    octets = sent.octets("air.sigmf")
    for broken in (b"", b"text" * 1000, bytes(10240), b"\x1f\x8b" + octets, octets[:1100], octets[:8] + b"X" + octets[9:]):
        sent.path("air.sigmf").write_bytes(broken)
        sent("rx", "air.sigmf", "o.wav", "--key", "ours", code=ENVIRONMENT_FAILED)
    sent.path("air.sigmf").unlink()
    no("air.sigmf")
    sent("tx", "speech.wav", "out.sigmf", "--key", "ours", code=BAD_USAGE)
    assert not sent.path("out.sigmf").exists()


def test_surplus_octets(sent):
    for form in ("cf32", "cs16", "cs8", "cu8"):
        sent.path(f"air.{form}").write_bytes(numbers(samples(sent), form).tobytes() + b"x")
        heard(sent, f"air.{form}")
        assert b"ends within a sample: its last octet is left out" in sent("rx", f"air.{form}", "o.wav", "--key", "ours").stderr


@pytest.mark.parametrize("level", [1e-30, 1e-9, 1e-3, 1e3, 1e6, 1e9])
def test_levels_of_any_size(sent, level):
    (samples(sent) * numpy.float32(level)).astype(numpy.complex64).tofile(sent.path("air.cf32"))
    heard(sent, "air.cf32")


@pytest.mark.parametrize("form, steps", [("cs16", 2), ("cs16", 20), ("cs8", 2), ("cu8", 2)])
def test_integers_of_a_few_steps(sent, form, steps):
    full = {"cs16": 32768, "cs8": 128, "cu8": 127.5}[form]
    numbers(samples(sent), form, full_scale=1.8 * full / steps).tofile(sent.path(f"air.{form}"))
    heard(sent, f"air.{form}")


def test_i_and_q_exchanged(sent):
    numpy.conj(samples(sent)).tofile(sent.path("air.cf32"))
    heard(sent, "air.cf32", "--swap-iq") # any constant turn of the phase is the same
    sent.refuses("rx", "air.cf32", "o.wav", "--key", "ours", code=NOTHING_HEARD, says=["nothing heard", "use --swap-iq"])
    sent.refuses("rx", "sent.cf32", "o.wav", "--key", "ours", "--swap-iq", code=NOTHING_HEARD, says=["nothing heard", "leave out --swap-iq"])
    numpy.zeros(RATE, numpy.complex64).tofile(sent.path("air.cf32"))
    assert b"swap" not in sent("rx", "air.cf32", "o.wav", "--key", "ours", code=NOTHING_HEARD).stderr


def test_tuned_beside(short):
    rate, beside = 240000, 60000
    short("tx", "speech.wav", "sent.cf32", "--key", "ours", "--rate", rate, "--frames-out", "sent.c2")
    iq = samples(short)
    iq = (iq * numpy.exp(2j * numpy.pi * beside / rate * numpy.arange(len(iq)))).astype(numpy.complex64)
    gqrx = f"gqrx_20261129_101010_446000000_{rate}_fc.raw"
    iq.tofile(short.path("air.cf32"))
    iq.tofile(short.path(gqrx))
    numbers(iq, "cu8").tofile(short.path("g001_446M_240k.cu8"))
    numbers(iq, "cs8").tofile(short.path("baseband_446000000Hz_10-10-10_29-11-2026.cs8"))
    heard(short, "air.cf32", "--rate", rate, "--tune", beside)
    for name, more in ((gqrx, ()), ("g001_446M_240k.cu8", ()), ("baseband_446000000Hz_10-10-10_29-11-2026.cs8", ("--rate", rate))):
        for hz in (beside, 446060000):
            assert heard(short, name, "--tune", hz, *more)["frequency_hz"] == 446e6
    short.refuses("rx", "air.cf32", "o.wav", "--key", "ours", "--rate", rate, "--tune", 446060000, code=BAD_USAGE,
                  says=["--tune", "air.cf32", "frequency"])
    short.refuses("rx", gqrx, "o.wav", "--key", "ours", "--tune", 447e6, code=BAD_USAGE, says=["--tune", gqrx, "445880000 to 446120000"])


def test_a_rate_in_the_name_can_be_contradicted(sent):
    """And what is written under such a name says so, unless the file itself tells its rate."""
    wrong, right = "g001_446M_240k.cf32", "g001_446M_48k.cf32"
    said = sent("tx", "speech.wav", wrong, "--key", "ours").stderr
    assert b"warning: the name g001_446M_240k.cf32 says 240000 samples/s, and 48000 are written" in said
    sent.path(wrong).write_bytes(sent.octets("sent.cf32"))
    heard(sent, wrong, "--rate", RATE)
    note = b"warning: the name g001_446M_240k.cf32 says 240000 samples/s, --rate says 48000: this was taken"
    assert note in sent("rx", wrong, "o.wav", "--key", "ours", "--rate", RATE).stderr
    assert note not in sent("rx", wrong, "o.wav", "--key", "ours", code=None).stderr # as the name says
    assert b"warning" not in sent("tx", "speech.wav", right, "--key", "ours").stderr
    assert b"warning" not in sent("rx", right, "o.wav", "--key", "ours").stderr
    assert b"warning" not in sent("tx", "speech.wav", "g001_446M_240k.wav", "--key", "ours").stderr
    said = sent("tx", "speech.wav", "gqrx_20261129_101010_446000000_48000_fc.raw", "--key", "ours", "--format", "cs16").stderr
    assert b"says that the samples are cf32, and cs16 is written" in said
    write_sigmf(sent, samples(sent), "cf32_le", "cf32")
    sent.refuses("rx", "call.sigmf-meta", "o.wav", "--key", "ours", "--rate", 96000, code=BAD_USAGE, says="leave --rate out") # the file itself


def test_formats_in_capitals(sent):
    heard(sent, "sent.cf32", "--format", "CF32")
    sent.refuses("rx", "sent.cf32", "o.wav", "--key", "ours", "--format", "F32", code=BAD_USAGE, says=["no IQ format 'F32'", "cf32"])


def test_wav_that_does_not_say_how_long_a_sample_is(sent, body):
    octets = bytearray(wav(body))
    at = octets.index(b"fmt ") + 8 + 12
    octets[at:at + 2] = bytes(2)
    sent.path("air.wav").write_bytes(octets)
    heard(sent, "air.wav")
    octets[at + 2:at + 4] = bytes(2) # nor of how many bits
    sent.path("air.wav").write_bytes(octets)
    sent("rx", "air.wav", "o.wav", "--key", "ours", code=ENVIRONMENT_FAILED)


def test_a_rate_that_was_assumed_is_said(short):
    short("tx", "speech.wav", "call.cu8", "--key", "ours", "--rate", 240000)
    done = short("rx", "call.cu8", "o.wav", "--key", "ours", code=None)
    assert done.returncode in (NOTHING_HEARD, DOUBTFUL) and b"assumed 48000 samples/s" in done.stderr
    assert b"assumed" not in short("rx", "call.cu8", "o.wav", "--key", "ours", "--rate", 240000).stderr
    short("tx", "speech.wav", "fm.cf32", "--fm")
    assert b"assumed 48000 samples/s" in short("rx", "fm.cf32", "o.wav", "--no-key", code=DOUBTFUL).stderr
    short("rx", "fm.cf32", "o.wav", "--no-key", "--rate", RATE)


@pytest.mark.parametrize("db, hz", [(0, 0), (10, 0), (20, 0), (3, 300), (10, -1500)])
def test_a_call_is_heard_beside_a_carrier(sent, db, hz):
    """DC of a receiver that was tuned upon the call, or somebody's carrier: the call is heard, and nothing else."""
    call = samples(sent)
    call += 10 ** (db / 20) * numpy.exp(2j * numpy.pi * (hz / RATE * numpy.arange(len(call)) % 1))
    call.astype(numpy.complex64).tofile(sent.path("air.cf32"))
    sent("rx", "air.cf32", "o.wav", "--key", "ours", "--rate", RATE, "--report", "r.json")
    report = json.loads(sent.octets("r.json"))
    assert report["blocks_played"] >= 19 and report["fm_seconds"] == 0 # of 21


def test_a_carrier_in_the_middle_is_said(sent):
    """Where nothing is understood. FM has a carrier of its own, which is not meant."""
    noise = numpy.random.default_rng(1).normal(0, 3 ** 0.5 / 2 ** 0.5, 2 * 2 * RATE).astype("f4").view("c8") # too much of it for FM
    (noise + numpy.float32(1)).tofile(sent.path("air.cf32"))
    assert b"carrier stands in the very middle" in sent("rx", "air.cf32", "o.wav", "--key", "ours", "--rate", RATE, code=NOTHING_HEARD).stderr
    sent("tx", "speech.wav", "fm.cf32", "--fm")
    done = sent("rx", "fm.cf32", "o.wav", "--no-key", "--rate", RATE)
    assert b"FM" in done.stderr and b"carrier" not in done.stderr


def test_what_was_heard_is_said(sent):
    def said(name, *options, code=0):
        return sent("rx", name, "o.wav", "--rate", RATE, *options, code=code).stderr.decode()
    line = said("sent.cf32", "--key", "ours", "--key", "theirs")
    assert line.startswith("securevoice: heard 1.7 s secure by ours (at 0.") and line.count("\n") == 1
    assert "; 0 of 21 blocks lost; C/N0 " in line and "a recording of 20" in line
    sent("tx", "speech.wav", "clear.cf32", "--clear")
    assert "1.7 s in CLEAR (at 0." in said("clear.cf32", "--key", "ours")
    sent("tx", "speech.wav", "fm.cf32", "--fm")
    assert " s FM (clear) (at 0." in said("fm.cf32", "--key", "ours")
    sent("tx", "speech.wav", "theirs.cf32", "--key", "theirs")
    sent.path("both.cf32").write_bytes(sent.octets("sent.cf32") + sent.octets("theirs.cf32") + sent.octets("clear.cf32"))
    line = said("both.cf32", "--key", "ours", "--key", "theirs")
    assert "1.7 s secure by ours" in line and "1.7 s secure by theirs" in line and "1.7 s in CLEAR" in line and "warning" not in line
    line = said("both.cf32", "--key", "ours", "--secure-only", code=BLOCKS_REFUSED)
    assert "warning: " in line and "blocks were refused, 21 were played" in line
    line = said("theirs.cf32", "--key", "ours", code=NOTHING_HEARD)
    assert "encrypted, no key" in line and "blocks were refused" in line and line.count("\n") == 1


def test_a_replay_is_never_a_success(sent):
    """Live: the same call twice, of which the second is refused."""
    silence = bytes(8 * RATE // 2)
    sent("rx", "-", "o.wav", "--key", "ours", "--format", "cf32", "--rate", RATE, stdin=silence, code=NOTHING_HEARD) # its memory begins
    time.sleep(4 - time.time() % 4 + 0.1) # start times are told in steps of 4 s
    sent("tx", "speech.wav", "now.cf32", "--key", "ours", "--state", "sender")
    both = sent.octets("now.cf32") + silence * 6 + sent.octets("now.cf32")
    done = sent("rx", "-", "o.wav", "--key", "ours", "--format", "cf32", "--rate", RATE, stdin=both, code=BLOCKS_REFUSED)
    assert b"1.7 s secure by ours" in done.stderr and b"replay" in done.stderr
    done = sent("rx", "-", "o.wav", "--key", "ours", "--format", "cf32", "--rate", RATE, stdin=sent.octets("now.cf32"), code=NOTHING_HEARD)
    assert b"replay refused" in done.stderr


def test_a_call_that_is_lost_and_found_again_is_one(sent, speech):
    write_wav(sent.path("speech.wav"), speech)
    sent("tx", "speech.wav", "long.cf32", "--key", "ours")
    iq = samples(sent, "long.cf32")
    iq[4 * RATE:7 * RATE] = 0
    iq.tofile(sent.path("hole.cf32"))
    sent("rx", "hole.cf32", "o.wav", "--key", "ours", "--report", "r.json", "--frames-out", "hole.c2")
    report = sent.json("r.json")
    assert len(report["calls"]) == 1 and report["calls"][0]["blocks"] == 151
    assert report["blocks_played"] + report["blocks_lost"] == 151 and report["blocks_lost"] > 30
    assert len(sent.octets("hole.c2")) == 151 * 32
