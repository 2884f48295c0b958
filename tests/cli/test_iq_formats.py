# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IQ as other programs have it: what tx writes is read by numpy, what numpy writes is heard by rx."""

import json
import os
import resource
import struct
import subprocess

import numpy
import pytest
from conftest import BAD_USAGE, ENVIRONMENT_FAILED, NOTHING_HEARD, PROGRAM, SHORT_BLOCKS, write_wav

RATE = 48000
TYPES = {"cf32": "<f4", "cs16": "<i2", "cs8": "i1", "cu8": "u1"}
DATATYPES = {"sigmf": ("cf32_le", "cf32"), "sigmf-ci16": ("ci16_le", "cs16"), "sigmf-ci8": ("ci8", "cs8"), "sigmf-cu8": ("cu8", "cu8")}
# format, name of the file
FILES = [(name, f"call.{name}") for name in (*TYPES, "wav")] + [("wav-float", "call.wav")] + [(name, "call.sigmf-meta") for name in DATATYPES]


def amplitudes(numbers, encoding):
    """Interleaved numbers as complex samples; the largest integers are the amplitude 2."""
    x = numpy.asarray(numbers, float)
    if encoding == "cu8":
        x = (x - 127.5) / 127.5 * 2
    elif encoding != "cf32":
        x = x / {"cs16": 32768, "cs8": 128}[encoding] * 2
    return x[::2] + 1j * x[1::2]


def numbers(iq, encoding, full_scale=2.0):
    x = numpy.column_stack([iq.real, iq.imag]).reshape(-1)
    if encoding == "cf32":
        return x.astype("<f4")
    if encoding == "cu8":
        return numpy.clip(numpy.round(x / full_scale * 127.5 + 127.5), 0, 255).astype("u1")
    limit = {"cs16": 32768, "cs8": 128}[encoding]
    return numpy.clip(numpy.round(x / full_scale * limit), -limit, limit - 1).astype(TYPES[encoding])


def chunks(octets):
    """Of a RIFF WAVE file, as Microsoft's and IBM's 'Multimedia Programming Interface and Data Specifications 1.0' has it."""
    assert octets[:4] == b"RIFF" and octets[8:12] == b"WAVE" and struct.unpack("<I", octets[4:8])[0] == len(octets) - 8
    found, at = {}, 12
    while at < len(octets):
        name, length = struct.unpack("<4sI", octets[at:at + 8])
        found[name] = octets[at + 8:at + 8 + length]
        at += 8 + length + length % 2
    return found


def read(program, form, name):
    """(samples, rate or None), by numpy and json alone."""
    octets = program.octets(name)
    if form in TYPES:
        return amplitudes(numpy.frombuffer(octets, TYPES[form]), form), None
    if form in DATATYPES:
        datatype, encoding = DATATYPES[form]
        meta = json.loads(octets)
        assert meta["global"]["core:datatype"] == datatype and meta["global"]["core:version"].startswith("1.")
        assert meta["captures"][0]["core:sample_start"] == 0 and meta["annotations"] == []
        return amplitudes(numpy.fromfile(program.path("call.sigmf-data"), TYPES[encoding]), encoding), meta["global"]["core:sample_rate"]
    found = chunks(octets)
    code, channels, rate, _, _, bits = struct.unpack("<HHIIHH", found[b"fmt "][:16])
    assert channels == 2 and (code, bits) == {"wav": (1, 16), "wav-float": (3, 32)}[form]
    encoding = "cs16" if form == "wav" else "cf32"
    return amplitudes(numpy.frombuffer(found[b"data"], TYPES[encoding]), encoding), rate


def write_sigmf(program, iq, datatype, encoding, name="call", **more):
    numbers(iq, encoding).tofile(program.path(f"{name}.sigmf-data"))
    meta = {"global": {"core:datatype": datatype, "core:version": "1.2.0", "core:sample_rate": RATE, **more},
            "captures": [{"core:sample_start": 0, "core:frequency": 144.8e6}], "annotations": []}
    program.path(f"{name}.sigmf-meta").write_text(json.dumps(meta))


def write(program, iq, form, name):
    if form in TYPES:
        numbers(iq, form).tofile(program.path(name))
    elif form in DATATYPES:
        write_sigmf(program, iq, *DATATYPES[form])
    elif form == "wav":
        write_wav(program.path(name), numbers(iq, "cs16"), rate=RATE, channels=2)
    else:
        body = numbers(iq, "cf32").tobytes()
        head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 2, RATE, RATE * 8, 8, 32) + b"data" + struct.pack("<I", len(body))
        program.path(name).write_bytes(b"RIFF" + struct.pack("<I", len(head) + len(body)) + head + body)


def samples(program, name="sent.cf32"):
    return numpy.fromfile(program.path(name), numpy.complex64)


def heard(program, name, *options):
    """The secure call comes through bit by bit, and not without its key."""
    program("rx", name, "heard.wav", "--key", "ours", "--secure-only", "--frames-out", "heard.c2", "--report", "heard.json", *options)
    assert program.octets("heard.c2") == program.octets("sent.c2") != b""
    program("rx", name, "not.wav", "--no-key", *options, code=NOTHING_HEARD)
    return program.json("heard.json")


@pytest.mark.parametrize("form, name", FILES, ids=[form for form, _ in FILES])
def test_what_is_written_is_read_by_others_and_by_us(short, form, name):
    short("tx", "speech.wav", name, "--format", form, "--key", "ours", "--frames-out", "sent.c2")
    iq, rate = read(short, form, name)
    assert rate in (None, RATE)
    # A call has the power 1 (docs/protocol.md) between its silences of 0.2 s, which hold no octet but that nearest to zero.
    silence = RATE // 5
    assert abs(numpy.mean(numpy.abs(iq[silence:-silence]) ** 2) - 1) < 0.02
    assert numpy.abs(iq[:silence - 1]).max() < 2 ** 0.5 / 127
    report = heard(short, name)
    assert report["iq_seconds"] == pytest.approx(len(iq) / RATE) and "frequency_hz" not in report


@pytest.mark.parametrize("form, name", FILES, ids=[form for form, _ in FILES])
def test_what_others_write_is_heard(sent, form, name):
    iq = samples(sent)
    write(sent, iq, form, name)
    report = heard(sent, name)
    assert report["iq_seconds"] == pytest.approx(len(iq) / RATE)
    assert report.get("frequency_hz") == (144.8e6 if form in DATATYPES else None)


@pytest.mark.parametrize("form", ["cs8", "cu8"])
def test_dongles_with_dc_and_unequal_branches(sent, form):
    """A signal at a tenth of full scale; DC of 1.5 steps, Q louder by 0.5 dB and turned by 3 degrees: what cheap receivers have."""
    iq = samples(sent).astype(complex) * numpy.exp(2j * numpy.pi * 1500 / RATE * numpy.arange(len(samples(sent))))
    rng = numpy.random.default_rng(7)
    iq += rng.normal(0, 0.05, (len(iq), 2)) @ [1, 1j]
    turn = numpy.radians(3)
    uneven = iq.real + 1j * 10 ** (0.5 / 20) * (iq.imag * numpy.cos(turn) + iq.real * numpy.sin(turn))
    numbers(0.1 * uneven + (1.5 + 1.1j) / 127.5, form, full_scale=1).tofile(sent.path(f"dongle.{form}"))
    heard(sent, f"dongle.{form}")


@pytest.mark.parametrize("form, rate", [("cu8", 240000), ("cu8", 2400000), ("cs8", 2000000)])
def test_the_rates_of_dongles(short, form, rate):
    short("tx", "speech.wav", f"call.{form}", "--key", "ours", "--rate", rate, "--frames-out", "sent.c2")
    heard(short, f"call.{form}", "--rate", rate)


def powers(iq, rate):
    """Of 256 Hz wide bins, from a Blackman-Harris window: (frequencies, powers), their sum is the mean power."""
    size = rate // 256
    n = numpy.arange(size)
    window = sum(a * numpy.cos(2 * numpy.pi * k * n / size) for k, a in enumerate((0.35875, -0.48829, 0.14128, -0.01168)))
    frames = iq[:len(iq) // size * size].reshape(-1, size)
    spectrum = numpy.mean(numpy.abs(numpy.fft.fft(frames * window, axis=1)) ** 2, axis=0) / size / numpy.sum(window ** 2)
    return numpy.fft.fftfreq(size, 1 / rate), spectrum


@pytest.mark.parametrize("profile", ["narrow", "robust", "constant"])
def test_a_transmitter_of_8_bits_keeps_its_channel(short, profile):
    """2 MS/s for hackrf_transfer. The steps' noise is 2 / 12 / 64^2, which is 43.9 dB below the call, spread over 2 MHz."""
    rate = 2000000
    done = short("tx", "speech.wav", "call.cs8", "--key", "ours", "--profile", profile, "--rate", rate)
    assert done.stderr == b"" # nothing clipped
    octets = numpy.fromfile(short.path("call.cs8"), "i1").astype(int)
    assert 50 < octets.max() <= 127 and -128 < octets.min() < -50
    iq = amplitudes(octets, "cs8")[int(0.25 * rate):int(-0.25 * rate)]
    assert numpy.abs(iq).max() < 2 # a turn of the phase would not clip it either
    frequency, power = powers(iq, rate)
    assert abs(power.sum() - 1) < 0.02
    def beyond(least, most=rate):
        return 10 * numpy.log10(power[(abs(frequency) > least) & (abs(frequency) <= most)].sum() / power.sum())
    # Without rounding: -66 beyond 6.25 kHz, nearly all of it beside the channel; -42.8 for the constant envelope.
    assert beyond(6250) < (-43 if profile != "constant" else -39.5)
    assert beyond(6250, 18750) < (-58 if profile != "constant" else -41.5)
    assert beyond(18750) < -43
    # No image of the interpolation stands out: the noise has 7812 bins, -83 each on the mean.
    far = power[abs(frequency) > 30000]
    assert 10 * numpy.log10(far.max() / power.sum()) < -72


@pytest.mark.parametrize("form, name", FILES, ids=[form for form, _ in FILES])
def test_what_is_beyond_full_scale_is_clipped_and_told(program, form, name):
    ramp = numpy.array([0.5, 1.9, 2.5, -2.5j, 100 - 100j, -1.9 - 1.9j, float("inf"), complex(float("nan"), 0.25)], numpy.complex64)
    ramp.tofile(program.path("ramp.cf32"))
    done = program("channel", "ramp.cf32", name, "--rate", RATE, "--format-out", form)
    iq, _ = read(program, form, name)
    if form in ("cf32", "wav-float", "sigmf"):
        assert done.stderr == b"" and (iq[:6] == ramp[:6]).all()
        return
    assert done.stderr.startswith(b"securevoice: warning: 5 of 8 samples were beyond the full scale of ") and done.stderr.count(b"\n") == 1
    clear = numpy.array([0.5, 1.9, 2, -2j, 2 - 2j, -1.9 - 1.9j, 2, 0.25j])
    assert numpy.abs(iq - clear).max() < 0.025 # also no wrap to the other sign


def test_channel_goes_between_formats(sent):
    sent("channel", "sent.cf32", "air.cs8", "--rate", RATE, "--cn0", 55, "--offset", 700)
    sent("channel", "air.cs8", "air.sigmf-meta", "--rate", RATE)
    sent("channel", "air.sigmf-data", "air.wav", "--cn0", 55) # which says its rate
    assert heard(sent, "air.wav")["iq_seconds"] == pytest.approx(len(samples(sent)) / RATE)
    sent("eavesdrop", "air.sigmf-meta", "over.wav", "--report", "over.json")
    assert sent.json("over.json")["calls"][0]["blocks"] >= SHORT_BLOCKS


def test_a_file_says_its_rate(short):
    for name in ("call.wav", "call.sigmf-meta"):
        short("tx", "speech.wav", name, "--key", "ours", "--rate", 96000, "--frames-out", "sent.c2")
        heard(short, name)
        heard(short, name, "--rate", 96000)
        for command in (("rx", name, "out.wav", "--key", "ours"), ("eavesdrop", name, "out.wav"), ("channel", name, "out.cf32")):
            short.refuses(*command, "--rate", 48000, code=BAD_USAGE, says=[name, "96000", "48000", "--rate"])
    assert not list(short.folder.glob("out.*")) and short.leftovers() == []


def test_sigmf_says_its_frequency(short):
    short("tx", "speech.wav", "call.sigmf-data", "--key", "ours", "--frequency", "446.00625e6", "--frames-out", "sent.c2")
    assert short.json("call.sigmf-meta")["captures"][0]["core:frequency"] == 446006250
    assert heard(short, "call.sigmf-meta")["frequency_hz"] == 446006250
    short.refuses("tx", "speech.wav", "call.cs8", "--key", "ours", "--frequency", 1e8, code=BAD_USAGE, says=["SigMF", "--frequency"])
    assert not short.path("call.cs8").exists()


def test_pipes_carry_integers(short):
    command = (f"'{PROGRAM}' tx speech.wav - --format cs8 --rate 240000 --key ours --frames-out sent.c2 | "
               f"'{PROGRAM}' channel - - --format cs8 --format-out cu8 --rate 240000 | "
               f"'{PROGRAM}' rx - heard.wav --format cu8 --rate 240000 --key ours --recorded --frames-out heard.c2")
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=short.folder, env=short.environment, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    assert (done.returncode, done.stdout) == (0, b"") and done.stderr.startswith(b"securevoice: heard 1.7 s secure by ours ")
    assert short.octets("heard.c2") == short.octets("sent.c2") != b""


@pytest.mark.parametrize("name, options, says", [
    ("call.raw", [], ["call.raw", ".cs8", "--format"]),
    ("call", [], ["call", "--format"]),
    ("call.cs8", ["--format", "mp3"], ["mp3", "cf32", "sigmf"]),
    ("-", [], ["standard", "--format"]),
    ("-", ["--format", "wav"], ["wav", "file"]),
    ("-", ["--format", "sigmf"], ["sigmf", "file"]),
    ("call.cs8", ["--format", "sigmf"], ["call.cs8", ".sigmf-meta"]),
])
def test_formats_that_cannot_be(short, name, options, says):
    short.path("call.raw").write_bytes(bytes(80))
    short.refuses("tx", "speech.wav", name, "--key", "ours", *options, code=BAD_USAGE, says=says)
    short.refuses("rx", name, "out.wav", "--key", "ours", *options, code=BAD_USAGE, says=says)
    short.refuses("eavesdrop", name, "out.wav", *options, code=BAD_USAGE, says=says)
    short.refuses("channel", name, "out.cf32", "--rate", RATE, *options, code=BAD_USAGE, says=says)
    options = ["--format-out"] + options[1:] if options else []
    short.refuses("channel", "call.raw", name, "--format", "cs8", "--rate", RATE, *options, code=BAD_USAGE, says=says)
    assert short.octets("call.raw") == bytes(80) and not list(short.folder.glob("out.*")) and short.leftovers() == []


def refused(program, name, says, *options, code=ENVIRONMENT_FAILED):
    program.refuses("rx", name, "out.wav", "--key", "ours", *options, code=code, says=says)
    assert not program.path("out.wav").exists() and program.leftovers() == []


@pytest.mark.parametrize("form", TYPES)
def test_raw_files_that_are_none(keyed, form):
    each = 2 * numpy.dtype(TYPES[form]).itemsize
    name = f"air.{form}"
    refused(keyed, name, [name])
    keyed.path(name).write_bytes(b"")
    refused(keyed, name, [name, "empty"])
    keyed.path(name).write_bytes(bytes(each - 1))
    refused(keyed, name, [name, "less than one sample"])
    os.mkdir(keyed.path(f"folder.{form}"))
    refused(keyed, f"folder.{form}", "folder")


def test_wav_files_that_hold_no_iq(keyed):
    for channels, says in ((1, "one channel"), (3, "3 channels")):
        write_wav(keyed.path("air.wav"), numpy.zeros(300), rate=RATE, channels=channels)
        refused(keyed, "air.wav", ["air.wav", says, "I left and Q right"])
    write_wav(keyed.path("air.wav"), [], rate=RATE, channels=2)
    refused(keyed, "air.wav", ["air.wav", "empty"])
    for octets in (b"", b"RIFF", bytes(1000)):
        keyed.path("air.wav").write_bytes(octets)
        refused(keyed, "air.wav", "air.wav")
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 7, 2, RATE, 2 * RATE, 2, 8) + b"data" + struct.pack("<I", 600)
    keyed.path("air.wav").write_bytes(b"RIFF" + struct.pack("<I", len(head) + 600) + head + bytes(600))
    refused(keyed, "air.wav", ["air.wav", "compressed"]) # mu-law
    write_wav(keyed.path("air.wav"), numpy.zeros(300), rate=RATE, channels=2)
    refused(keyed, "air.wav", ["cf32", "--format wav"], "--format", "wav-float")
    os.mkfifo(keyed.path("pipe.wav"))
    refused(keyed, "pipe.wav", ["pipe.wav", "cf32"], code=BAD_USAGE)
    refused(keyed, "absent.wav", "absent.wav")


def test_wav_has_whole_rates(short):
    short.refuses("tx", "speech.wav", "call.wav", "--key", "ours", "--rate", 48000.5, code=BAD_USAGE, says=["WAV", "--rate"])
    assert not short.path("call.wav").exists() and short.leftovers() == []


def test_recordings_that_cannot_be_read(keyed):
    iq = numpy.zeros(1000, complex)
    def broken(says, text=None, datatype="cf32_le", code=ENVIRONMENT_FAILED, **more):
        write_sigmf(keyed, iq, datatype, "cf32", name="air", **more)
        if text is not None:
            keyed.path("air.sigmf-meta").write_text(text)
        refused(keyed, "air.sigmf-data", says, code=code)
    for text in ("", "{", "[1, 2", '{"global": {"core:datatype": "ci8"', "\xff\xfe", "{" * 100000):
        broken(["air.sigmf-meta", "JSON"], text)
    for text in ("[]", "3", "{}", '{"global": []}'):
        broken(["air.sigmf-meta", "global"], text)
    broken("core:datatype", '{"global": {}}')
    broken("core:datatype", '{"global": {"core:datatype": 3}}')
    for datatype in ("cf32_be", "rf32_le", "cf64_le", "ci8_le", "ri8", "nonsense\n"):
        broken(["core:datatype", json.dumps(datatype), "cf32_le, ci16_le, ci8, cu8"], datatype=datatype)
    for rate in ("fast", "48000 Hz", "inf", [], True):
        broken("core:sample_rate", **{"core:sample_rate": rate})
    broken(["core:sample_rate", "--rate"], code=BAD_USAGE, **{"core:sample_rate": None})
    for rate in (0, -48000):
        broken(["core:sample_rate", "above zero"], **{"core:sample_rate": rate})
    broken("channels", **{"core:num_channels": 2})
    broken("core:dataset", **{"core:dataset": "elsewhere"})
    broken("octets behind", **{"core:trailing_bytes": 8})
    broken("captures", '{"global": {"core:datatype": "ci8"}, "captures": {}}')
    broken("capture", '{"global": {"core:datatype": "ci8"}, "captures": [3]}')
    broken("headers", '{"global": {"core:datatype": "ci8"}, "captures": [{"core:header_bytes": 4}]}')
    broken("core:frequency", '{"global": {"core:datatype": "ci8"}, "captures": [{"core:frequency": "high"}]}')
    broken(["air.sigmf-meta", "core:sample_rate", "--rate"], '{"global": {"core:datatype": "ci8"}}', code=BAD_USAGE)


def test_recordings_of_which_something_is_missing(keyed):
    write_sigmf(keyed, numpy.zeros(1000, complex), "ci16_le", "cs16", name="air")
    data = keyed.path("air.sigmf-data")
    refused(keyed, "air.sigmf-meta", ["cs16", "cs8"], "--format", "sigmf-ci8")
    data.write_bytes(b"")
    refused(keyed, "air.sigmf-meta", ["air.sigmf-data", "empty"])
    data.unlink()
    refused(keyed, "air.sigmf-meta", ["air.sigmf-meta", "air.sigmf-data", "beside"])
    keyed.path("air.sigmf-meta").unlink()
    data.write_bytes(bytes(4000))
    refused(keyed, "air.sigmf-data", "air.sigmf-meta")
    keyed.path("folder.sigmf-meta").mkdir()
    refused(keyed, "folder.sigmf-meta", "folder.sigmf-meta")


def test_a_pair_is_never_overwritten_by_its_reader(sent):
    write_sigmf(sent, samples(sent), "cf32_le", "cf32")
    before = sent.octets("call.sigmf-meta"), sent.octets("call.sigmf-data")
    sent.refuses("channel", "call.sigmf-meta", "call.sigmf-data", code=BAD_USAGE, says="same file")
    for output in ("call.sigmf-meta", "call.sigmf-data"):
        other = "call.sigmf-data" if output == "call.sigmf-meta" else "call.sigmf-meta"
        sent.refuses("rx", other, "out.wav", "--key", "ours", "--report", output, code=BAD_USAGE, says="same file")
        sent.refuses("eavesdrop", other, output, code=BAD_USAGE, says="same file")
        sent.refuses("tx", "speech.wav", other, "--key", "ours", "--report", output, code=BAD_USAGE, says=["two outputs", output])
    assert (sent.octets("call.sigmf-meta"), sent.octets("call.sigmf-data")) == before


@pytest.mark.parametrize("name", ["call.wav", "call.sigmf-meta"])
def test_what_fails_leaves_no_half_file(sent, name):
    """The disk is full after the output was begun."""
    sent.path(name).write_bytes(b"from before")
    limit = (10000, resource.RLIM_INFINITY) # octets of a file
    done = sent("channel", "sent.cf32", name, "--rate", RATE, code=ENVIRONMENT_FAILED,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert done.stderr.startswith(b"securevoice: cannot write ") and done.stderr.count(b"\n") == 1
    assert sent.octets(name) == b"from before" and len(list(sent.folder.glob("call.*"))) == 1 and sent.leftovers() == []
