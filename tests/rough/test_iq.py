# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IQ: raw files and WAV of any kind, level and name; damaged ones as far as they go, or refused."""

import damage
import numpy
import pytest
import sound_files as sf
from conftest import OLD

RATE = 48000
FULL_SCALE = 2 # amplitude that the largest integer stands for


def raw(iq, encoding, level=1.0):
    """Octets of a raw file."""
    flat = (level * iq).astype(numpy.complex64).view(numpy.float32)
    if encoding == "cf32":
        return flat.astype("<f4").tobytes()
    if encoding == "cs16":
        return numpy.clip(numpy.rint(flat / FULL_SCALE * 32768), -32768, 32767).astype("<i2").tobytes()
    if encoding == "cs8":
        return numpy.clip(numpy.rint(flat / FULL_SCALE * 128), -128, 127).astype("i1").tobytes()
    return numpy.clip(numpy.rint(flat / FULL_SCALE * 127.5 + 127.5), 0, 255).astype("u1").tobytes()


EXTENSIONS = {"cf32": ("cf32", "cfile", "CF32", "Cfile"), "cs16": ("cs16", "ci16", "CS16"), "cs8": ("cs8", "ci8", "CS8"), "cu8": ("cu8", "CU8")}


@damage.cases("unusual", 60)
def test_unusual_raw_files_are_heard(station, call, case):
    """Names, levels, surplus octets, silence around the call."""
    rng = damage.seed_of(case)
    encoding = rng.choice(tuple(EXTENSIONS))
    level = rng.choice((1e-3, 1.0, 1.9, 1e3)) if encoding == "cf32" else rng.choice((0.1, 1.0, 1.4))
    around = numpy.zeros(rng.choice((0, 0, 1000, 20000)), numpy.complex64)
    octets = raw(numpy.concatenate((around, call.iq, around)), encoding, level) + rng.randbytes(rng.choice((0, 0, 1)))
    told = rng.random() < 0.3 # by --format, and named anyhow
    name = rng.choice(damage.NAMES).format(f"call-{case}",
                                           "." + (rng.choice(("iq", "raw", "bin", "IQ", "dat")) if told else rng.choice(EXTENSIONS[encoding])))
    station.path(name).write_bytes(octets)
    done, heard = call.judged(name, *(("--format", encoding) if told else ()))
    assert done.returncode == 0 and heard == call.whole, done.what
    station.path(name).unlink()


@damage.cases("damaged", 110)
def test_damaged_raw_files(station, call, case):
    rng = damage.seed_of(case)
    encoding = rng.choice(tuple(EXTENSIONS))
    name = "bad." + encoding
    station.path(name).write_bytes(damage.damaged(raw(call.iq, encoding), rng))
    call.judged(name)


@damage.cases("piped", 20)
def test_damaged_raw_files_through_a_pipe(station, call, case):
    rng = damage.seed_of(case)
    encoding = rng.choice(tuple(EXTENSIONS))
    station.path("piped").write_bytes(damage.damaged(raw(call.iq, encoding), rng))
    with open(station.path("piped"), "rb") as stdin:
        call.judged("-", "--format", encoding, stdin=stdin)


@damage.cases("cut", 12)
def test_a_recording_that_was_cut_is_heard_as_far_as_it_goes(station, call, case):
    """Also within a sample."""
    rng = damage.seed_of(case)
    encoding = rng.choice(tuple(EXTENSIONS))
    octets = raw(call.iq, encoding)
    share = rng.uniform(0.5, 0.95)
    station.path("cut." + encoding).write_bytes(octets[:int(len(octets) * share)])
    done, heard = call.judged("cut." + encoding)
    assert done.returncode == 0 and heard >= (call.whole + 2) * share - 4, done.what


@damage.each(("nan", "infinite", "huge", "denormal", "half"))
def test_floats_that_are_no_samples(station, call, case):
    iq = call.iq.copy()
    middle = len(iq) // 2
    iq[middle:middle + 10] = {"nan": numpy.nan, "infinite": numpy.inf, "huge": 3e38, "denormal": 1e-40, "half": 0}[case]
    if case == "half":
        iq[:middle] = 0
    iq.tofile(station.path("floats.cf32"))
    call.judged("floats.cf32")


@damage.cases("else", 30)
def test_what_is_no_iq_is_not_heard(station, call, case):
    rng = damage.seed_of(case)
    name = "else." + rng.choice(("cf32", "cs16", "cs8", "cu8", "wav", "WAV", "sigmf-meta", "sigmf", "iq", "mp3"))
    station.path(name).write_bytes(damage.something_else(rng))
    done, heard = call.judged(name)
    assert done.returncode != 0 and heard == 0, done.what


@damage.each([f"{told}-as-{true}" for told in EXTENSIONS for true in EXTENSIONS if told != true])
def test_another_format_than_it_has(station, call, case):
    told, true = case.split("-as-")
    station.path("mistaken").write_bytes(raw(call.iq, true))
    call.judged("mistaken", "--format", told)


WAVES = {"16": sf.WAV | sf.S16, "float": sf.WAV | sf.FLOAT, "extensible": sf.WAVEX | sf.S16, "extensible-float": sf.WAVEX | sf.FLOAT,
         "rf64": sf.RF64 | sf.S16}
OTHER_WAVES = {"8": sf.WAV | sf.U8, "24": sf.WAV | sf.S24, "32": sf.WAV | sf.S32, "double": sf.WAV | sf.DOUBLE, "law": sf.WAV | sf.ULAW,
               "w64": sf.W64 | sf.S16,
               "aiff": sf.AIFF | sf.S16, "flac": sf.FLAC | sf.S16}


def write_wave(path, iq, form):
    sf.write(path, (iq / FULL_SCALE).view(numpy.float32).reshape(-1, 2), RATE, form)


@damage.cases("wave", 20)
def test_unusual_wav_files_are_heard(station, call, case):
    rng = damage.seed_of(case)
    name = damage.odd_name(rng, "call.wav")
    write_wave(station.path(name), call.iq, rng.choice(tuple(WAVES.values())))
    done, heard = call.judged(name)
    assert done.returncode == 0 and heard == call.whole, done.what


@damage.each(OTHER_WAVES)
def test_other_depths_are_heard_or_refused(station, call, case):
    write_wave(station.path("depth.wav"), call.iq, OTHER_WAVES[case])
    done, heard = call.judged("depth.wav")
    assert heard in (0, call.whole), f"a part: {done.what}"


@damage.each([f"{kind}-{length}" for kind in ("16", "float") for length in ("0", "less", "more", "most")])
def test_a_wav_header_that_lies_about_the_length(station, call, case):
    """All of it is heard, or a sentence says what is wrong: never a part in silence."""
    kind, length = case.split("-")
    write_wave(station.path("lie.wav"), call.iq, WAVES[kind])
    octets = bytearray(station.path("lie.wav").read_bytes())
    at = octets.index(b"data") + 4
    true = len(octets) - at - 4
    octets[at:at + 4] = {"0": 0, "less": true // 2 // 8 * 8, "more": true + 800000, "most": 0xFFFFFFFF}[length].to_bytes(4, "little")
    station.path("lie.wav").write_bytes(octets)
    done, heard = call.judged("lie.wav")
    assert heard == call.whole or any(word in done.said
                                      for word in ("length", "header", "longer", "shorter", "cut")), f"a part in silence: {done.what}"


@damage.cases("damaged-wave", 60)
def test_damaged_wav_files(station, call, case):
    rng = damage.seed_of(case)
    write_wave(station.path("bad.wav"), call.iq, rng.choice((*WAVES.values(), *OTHER_WAVES.values())))
    station.path("bad.wav").write_bytes(damage.damaged(station.path("bad.wav").read_bytes(), rng))
    call.judged("bad.wav")


@damage.cases("others", 24)
def test_other_commands_read_the_same(station, call, case):
    """channel and eavesdrop."""
    rng = damage.seed_of(case)
    encoding = rng.choice((*EXTENSIONS, "wav"))
    name = "other." + encoding
    if encoding == "wav":
        write_wave(station.path(name), call.iq, WAVES["16"])
        octets = station.path(name).read_bytes()
    else:
        octets = raw(call.iq, encoding)
    station.path(name).write_bytes(damage.damaged(octets, rng))
    command, out = rng.choice((("channel", "out.cf32"), ("eavesdrop", "out.wav")))
    station.path(out).write_bytes(OLD)
    options = ("--rate", RATE) if command == "channel" and encoding != "wav" else ()
    done = station.judged(command, name, out, *options, outputs=[out])
    if done.returncode == 0:
        assert station.path(out).read_bytes() != OLD and station.path(out).stat().st_size > 44, f"success with nothing: {done.what}"


def test_a_mirrored_call_is_no_success(station, call):
    """I and Q exchanged: nothing is heard, unless it is asked for."""
    call.iq.conj().tofile(station.path("mirror.cf32"))
    done, heard = call.judged("mirror.cf32")
    assert done.returncode != 0 and heard == 0, done.what


@pytest.mark.parametrize("key", ["theirs", None])
def test_nothing_without_the_key(station, call, key):
    """The control of all of the above: it is the key that hears."""
    if key:
        station.does("keys", "new", key)
    done, heard = call.judged("call.cf32", key=key)
    assert done.returncode != 0 and heard == 0, done.what
    done, heard = call.judged("call.cf32")
    assert done.returncode == 0 and heard == call.whole, done.what
