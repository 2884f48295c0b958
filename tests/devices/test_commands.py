# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""securevoice listen and talk, run as users run them."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy
import pytest
from conftest import SOURCE
from flowgraph_bench import BLOCK, read_recording, read_wav, write_wav

SERVER = SOURCE / "tests/tools/rtl_tcp_server.py"
LISTEN = ("listen", "--freq", "433.5M", "--key", "ours", "--out", "heard.wav", "--log", "log.jsonl", "--state", "other")
DEFECTS = ("--cn0", "45", "--crystal-ppm", "60", "--drift-ppm-per-minute", "1", "--dc", "0.02", "--iq-gain-db", "1", "--iq-phase-deg", "5")


def statuses(bench):
    path = bench.path("log.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")] if path.exists() else []


def wait(condition, process=None):
    limit = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        assert process is None or process.poll() is None, process.communicate()
        time.sleep(0.05)


class Running:
    """A program of the user's; ended at the latest with the test."""

    def __init__(self, bench, *arguments):
        self.process = subprocess.Popen([str(a) for a in arguments], cwd=bench.folder, env=bench.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self.process

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def interrupted(process):
    """Ctrl-C. Returns what it said."""
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    return said


def dongle(bench, *arguments):
    return Running(bench, sys.executable, SERVER, "call.cf32", "--frequency", "433.5e6", "--limit", "150", *arguments)


@pytest.mark.parametrize("rate, profile, told", [("240k", "narrow", ()), ("2M", "robust", ()), ("2.4M", "constant", ()),
                                                 ("240k", "4fsk", ("--profile", "4fsk"))])
def test_a_call_from_talk_to_listen(bench, rate, profile, told):
    bench.command_line("talk", "--device", f"file=air.cf32,rate={rate}", "--freq", "433.5M", "--key", "ours", "--in", "speech.wav", "--state",
                       "sender",
                       "--profile", profile)
    bench.command_line(*LISTEN, "--device", f"file=air.cf32,rate={rate},freq=433.5M", "--recorded", *told)
    last = statuses(bench)[-1]
    assert (last["state"], last["heard"], last["lost"], last["refused"]) == ("ended", 51, 0, 0)
    assert len(read_wav(bench.path("heard.wav"))) == 51 * BLOCK


def test_ctrl_c_ends_a_call_with_its_end_on_the_air(bench):
    write_wav(bench.path("speech.wav"), numpy.resize(read_recording(), 8000 * 3600))
    with Running(bench, bench.parts.program, "talk", "--device", "file=air.cf32,rate=48k", "--freq", "433.5M", "--key", "ours", "--in", "speech.wav",
                 "--state", "sender", "--lo-offset", "0") as talk:
        wait(lambda: bench.path("air.cf32").exists() and bench.path("air.cf32").stat().st_size > 10 * 48000 * 8, talk)
        assert "SENDING SECURE, ours" in interrupted(talk)
    assert bench.path("air.cf32").stat().st_size < 3600 * 48000 * 8 / 2
    bench.command_line(*LISTEN, "--device", "file=air.cf32,rate=48k,freq=433.5M", "--recorded")
    last = statuses(bench)[-1]
    assert last["state"] == "ended" and last["heard"] > 100 and last["lost"] == 0


def test_a_secure_call_through_a_poor_dongle(call):
    """gr-osmosdr's own rtl_tcp client; what the dongle was told is checked too."""
    with dongle(call, *DEFECTS, "--report", "dongle.json") as server:
        port = server.stdout.readline().strip()
        with Running(call, call.parts.program, *LISTEN, "--device", f"rtl_tcp=127.0.0.1:{port}", "--ppm", "55", "--gain", "33") as listen:
            wait(lambda: any(status["state"] == "ended" for status in statuses(call)), listen)
            said = interrupted(listen)
        server.wait(20)
    last = statuses(call)[-1]
    assert (last["heard"], last["lost"], last["refused"]) == (51, 0, 0)
    assert -3500 < min(s["offset_hz"] for s in statuses(call) if s["cn0"]) < -1500 # 5 ppm of 433.44 MHz are left
    assert said.splitlines()[1].startswith("SECURE, ours  C/N0 4") and "gr-osmosdr" not in said
    orders = dict(map(tuple, json.loads(call.path("dongle.json").read_text())["commands"]))
    # a step of the tuner
    assert orders[1] == 433440000 and orders[2] == 240000 and orders[5] == 55 and orders[3] == 1 and 320 < orders[4] <= 330


def test_a_dongle_that_was_lost_comes_back(call):
    """The server's signal waits for the client: no rule of time may hold."""
    with dongle(call, "--cn0", "45", "--connections", "9", "--close-after", "2", "--speed", "4") as server:
        port = server.stdout.readline().strip()
        with Running(call, call.parts.program, *LISTEN, "--recorded", "--device", f"rtl_tcp=127.0.0.1:{port}") as listen:
            wait(lambda: statuses(call) and statuses(call)[-1]["heard"] > 0 and statuses(call)[-1]["state"] == "ended", listen)
            said = interrupted(listen)
    assert "DEVICE LOST" in said
    assert statuses(call)[-1]["heard"] > 20 # the rest of the call, with its end


@pytest.mark.parametrize("arguments, code, says", [
    (("listen", "--device", "foo=1", "--key", "ours", "--out", "x.wav"), 1, "unknown device 'foo=1'"),
    (("listen", "--device", "rtl=0", "--key", "ours", "--out", "x.wav"), 1, "cannot open rtl=0"),
    (("listen", "--device", "rtl=0", "--rate", "500k", "--key", "ours", "--out", "x.wav"), 1, "cannot do 500000"),
    (("listen", "--device", "rtl=0", "--key", "nobody", "--out", "x.wav"), 1, "nobody"),
    (("listen", "--device", "rtl=0", "--out", "x.wav"), 2, "--no-key"),
    (("listen", "--device", "rtl=0", "--key", "ours", "--out", "no/x.wav"), 1, "cannot write no/x.wav"),
    (("listen", "--device", "rtl=0", "--key", "ours", "--audio", "nothing-here"), 1, "nothing-here"),
    (("talk", "--device", "rtl=0", "--key", "ours", "--in", "speech.wav"), 1, "can only receive"),
    (("talk", "--device", "hackrf=0", "--key", "ours", "--in", "speech.wav"), 1, "cannot open hackrf=0"),
    (("talk", "--device", "hackrf=0", "--in", "speech.wav"), 2, "--key NAME"),
    (("talk", "--device", "file=x,rate=48k", "--key", "ours", "--in", "nothing.wav"), 1, "no such WAV"),
    (("talk", "--device", "file=x,rate=48k", "--key", "ours", "--in", "speech.wav", "--codec", "9"), 2, "codec"),
    (("talk", "--device", "file=x,rate=48k", "--key", "ours", "--in", "speech.wav", "--profile", "wide"), 2, "there is no profile 'wide'"),
    (("listen", "--device", "file=speech.wav,rate=48k", "--key", "ours", "--out", "x.wav", "--profile", "wide"), 2, "there is no profile 'wide'"),
    (("listen", "--key", "ours"), 2, "name the radio with --device"),
    (("listen", "--device", "rtl=0", "--key", "ours", "--colour", "red"), 2, "unrecognized arguments: --colour red (see"),
    (("listen", "--device"), 2, "--device: expected one argument (see --help)"),
    (("listen", "--device", "rtl=0", "--key", "ours", "--ppm", "fast"), 2, "--ppm is a number"),
    (("listen", "--device", "rtl=0", "--key", "ours", "--rate", "fast"), 2, "--rate is a number"),
    (("listen", "--device", "rtl=0", "--key", "ours", "--lo-offset", "-50x"), 2, "not '-50x'"),
    (("talk", "--device", "hackrf=0", "--key", "ours", "--in", "speech.wav", "--deviation", "5 kHz"), 2, "--deviation is a number"),
    (("talk", "--device", "file=x.cf32,rate=48k", "--key", "ours", "--in", "speech.wav", "--deviation", "9k"), 2, "peak deviation"),
    (("window", "--simulate", "--cn0", "fast"), 2, "--cn0 is a number"),
    (("window", "--device", "foo=1", "--key", "ours"), 1, "unknown device 'foo=1'"),
    (("window", "--device", "rtl=0", "--tx-device", "rtl=0", "--key", "ours"), 1, "can only receive")])
def test_errors_are_one_sentence(bench, arguments, code, says):
    done = subprocess.run([str(bench.parts.program), *arguments, "--freq", "433.5M"], cwd=bench.folder, env=bench.environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"securevoice {arguments[0]}: ") and says.lower() in last.lower()
    assert "Traceback" not in done.stderr


def test_without_gr_osmosdr_the_package_is_named(bench):
    bench.path("hidden").mkdir()
    bench.path("hidden/osmosdr.py").write_text("raise ImportError\n")
    bench.environment["PYTHONPATH"] = f"{bench.path('hidden')}{os.pathsep}{bench.environment['PYTHONPATH']}"
    said = bench.command_line("listen", "--device", "rtl=0", "--freq", "433.5M", "--key", "ours", "--out", "x.wav", code=1)
    assert said.strip().splitlines()[-1] == "securevoice listen: gr-osmosdr is not installed: apt-get install gr-osmosdr"


@pytest.mark.parametrize("profile, beyond_db", [("narrow", -57), ("constant", -40)])
def test_what_a_hackrf_sends_keeps_its_channel_and_is_heard(bench, profile, beyond_db):
    """Eight bits as gr-osmosdr's sink makes them, tuned 40 kHz below. Beyond 12.5 kHz (docs/iq-files.md): rounding is 44 dB below a call
    over all 2 MHz."""
    bench.command_line("talk", "--device", "file=air.cf32,rate=2M,freq=433.46M", "--freq", "433.5M", "--key", "ours", "--in", "speech.wav", "--state",
                       "sender",
                       "--profile", profile)
    sent = numpy.fromfile(bench.path("air.cf32"), numpy.float32)
    assert abs(sent).max() < 1 # it would wrap
    eight_bits = numpy.trunc(sent * 127).astype(numpy.int8)
    x = (eight_bits.astype(numpy.float32) / 127).view(numpy.complex64)
    x.tofile(bench.path("air.cf32"))
    middle = x[len(x) // 4:len(x) // 4 + 2**21]
    power = abs(numpy.fft.fft(middle * numpy.hanning(len(middle)))) ** 2
    frequency = numpy.fft.fftfreq(len(middle), 1 / 2e6) - 40000
    call = power[abs(frequency) < 6250].sum()
    for side in (-1, 1): # the next channels, of 12.5 kHz
        assert 10 * numpy.log10(power[abs(frequency - side * 12500) < 6250].sum() / call) < beyond_db
    assert 10 * numpy.log10(power[abs(frequency) > 6250].sum() / call) < -38
    bench.command_line(*LISTEN, "--device", "file=air.cf32,rate=2M,freq=433.46M", "--recorded")
    assert (statuses(bench)[-1]["heard"], statuses(bench)[-1]["lost"]) == (51, 0)


def test_a_sealed_key_is_opened_by_a_passphrase_from_a_descriptor(bench):
    def run(*arguments, lines, code=0):
        done = subprocess.run([bench.parts.program, *arguments, "--passphrase-fd", "0"], cwd=bench.folder, env=bench.environment, input=lines,
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, done.stderr
        return done.stderr

    run("keys", "passphrase", "ours", lines="eight words of nonsense\n" * 2)
    talk = ("talk", "--device", "file=air.cf32,rate=48k", "--freq", "433.5M", "--key", "ours", "--in", "speech.wav", "--state", "sender")
    assert "does not open" in run(*talk, lines="eight words of nothing\n", code=1)
    assert "no further passphrase" in run(*talk, lines="", code=1)
    run(*talk, lines="eight words of nonsense\n")
    run(*LISTEN, "--device", "file=air.cf32,rate=48k,freq=433.5M", "--recorded", lines="eight words of nonsense\n")
    assert (statuses(bench)[-1]["heard"], statuses(bench)[-1]["lost"]) == (51, 0)
    done = subprocess.run([bench.parts.program, *talk, "--passphrase-fd", "4711"], cwd=bench.folder, env=bench.environment, capture_output=True,
                          text=True,
                          timeout=60, check=False)
    assert done.returncode == 2 and "from 0 to 1023" in done.stderr
