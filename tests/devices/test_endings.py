# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ends listen and talk: what was heard or sent until then is there, and a sentence says why."""

import os
import resource
import signal
import subprocess
import sys

import numpy
import pytest
from flowgraph_bench import BLOCK, read_wav, write_wav, read_recording
from test_commands import Running, statuses, wait

LISTEN = ("listen", "--freq", "433.5M", "--key", "ours", "--out", "heard.wav", "--log", "log.jsonl", "--recorded")
AIR = "file=air.cf32,rate=48k,freq=433.5M,throttle=true"
BACKWARDS = "import os, signal, sys; signal.signal(signal.{}, signal.{}); os.execvp(sys.argv[1], sys.argv[1:])"


@pytest.fixture(name="air")
def make_air(bench):
    """A call of 4.08 s, then silence without end."""
    bench.command_line("tx", "speech.wav", "call.cf32", "--key", "ours")
    call = numpy.fromfile(bench.path("call.cf32"), numpy.complex64)
    with open(bench.path("air.cf32"), "wb") as file:
        call.tofile(file)
        file.truncate(600 * 48000 * 8)
    return bench


def heard_some(bench):
    return statuses(bench) and statuses(bench)[-1]["heard"] >= 12


@pytest.mark.parametrize("which, says", [("SIGINT", "Ctrl-C"), ("SIGTERM", "SIGTERM"), ("SIGHUP", "terminal")])
def test_a_signal_in_mid_call_leaves_a_whole_file(air, which, says):
    with Running(air, air.parts.program, *LISTEN, "--device", AIR) as listen:
        wait(lambda: heard_some(air), listen)
        listen.send_signal(getattr(signal, which))
        _, said = listen.communicate(timeout=60)
    assert listen.returncode == 0, said
    heard = read_wav(air.path("heard.wav"))
    assert len(heard) == statuses(air)[-1]["heard"] * BLOCK # nothing that was decoded stayed in a buffer
    assert 12 * BLOCK <= len(heard) < 51 * BLOCK and heard.any()
    last = said.strip().splitlines()[-1]
    assert last.startswith("securevoice listen: ended by ") and says in last and f"{len(heard) / 8000:.2f} s" in last


def test_what_was_heard_can_be_played_at_any_moment(air):
    """Also after SIGKILL: nothing could be mended then."""
    with Running(air, air.parts.program, *LISTEN, "--device", AIR) as listen:
        wait(lambda: heard_some(air), listen)
        listen.kill()
        listen.communicate(timeout=60)
    assert len(read_wav(air.path("heard.wav"))) >= 10 * BLOCK
    assert not [name for name in os.listdir(air.folder) if name.startswith("heard.wav") and name != "heard.wav"]


def test_nohup_stays_in_force(air):
    with Running(air, sys.executable, "-c", BACKWARDS.format("SIGHUP", "SIG_IGN"), air.parts.program, *LISTEN, "--device", AIR) as listen:
        wait(lambda: heard_some(air), listen)
        listen.send_signal(signal.SIGHUP)
        before = statuses(air)[-1]["heard"]
        wait(lambda: statuses(air)[-1]["heard"] > before + 6, listen) # it goes on
        listen.send_signal(signal.SIGTERM)
        listen.communicate(timeout=60)
    assert listen.returncode == 0


def test_a_terminal_that_is_gone_ends_no_recording(air):
    """Its standard error breaks while it runs; then SIGTERM."""
    reading, writing = os.pipe()
    listen = subprocess.Popen([str(air.parts.program), *LISTEN, "--device", AIR], cwd=air.folder, env=air.environment, stdin=subprocess.DEVNULL,
                              stderr=writing)
    os.close(writing)
    try:
        wait(lambda: heard_some(air))
        os.close(reading)
        before = statuses(air)[-1]["heard"]
        wait(lambda: statuses(air)[-1]["heard"] > before + 6)
        listen.terminate()
        assert listen.wait(60) == 0
    finally:
        listen.kill()
        listen.wait()
    assert len(read_wav(air.path("heard.wav"))) == statuses(air)[-1]["heard"] * BLOCK


def test_the_end_of_a_recording_is_said(air):
    said = air.command_line(*LISTEN, "--device", "file=call.cf32,rate=48k")
    assert "call.cf32 is over; heard.wav holds 4.08 s of what was heard" in said
    assert "assumed of call.cf32: 433.500000 MHz are in its middle" in said
    air.path("silence.cf32").write_bytes(bytes(48000 * 8))
    air.path("heard.wav").write_text("precious")
    said = air.command_line(*LISTEN, "--device", "file=silence.cf32,rate=48k,freq=433.5M", code=3)
    assert "nothing was heard, heard.wav is not written" in said and "assumed" not in said
    assert air.path("heard.wav").read_text() == "precious"


@pytest.mark.parametrize("which", ["SIGTERM", "SIGHUP"])
def test_talk_ends_its_call_on_the_air(bench, which):
    write_wav(bench.path("speech.wav"), numpy.resize(read_recording(), 8000 * 3600))
    with Running(bench, bench.parts.program, "talk", "--device", "file=sent.cf32,rate=48k", "--freq", "433.5M", "--key", "ours", "--in",
                 "speech.wav") as talk:
        wait(lambda: bench.path("sent.cf32").exists() and bench.path("sent.cf32").stat().st_size > 10 * 48000 * 8, talk)
        talk.send_signal(getattr(signal, which))
        _, said = talk.communicate(timeout=60)
    assert talk.returncode == 0 and "of the call were sent, with its end" in said, said
    bench.command_line(*LISTEN, "--device", "file=sent.cf32,rate=48k,freq=433.5M")
    last = statuses(bench)[-1]
    assert last["state"] == "ended" and last["heard"] > 100 and last["lost"] == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("command, device", [("listen", "file=call.cf32,rate=48k"), ("talk", "file=/dev/full,rate=48k,format=cf32")])
def test_a_full_disk_is_a_sentence(air, command, device):
    where = ("--out", "/dev/full", "--recorded") if command == "listen" else ("--in", "speech.wav")
    said = air.command_line(command, "--freq", "433.5M", "--key", "ours", *where, "--device", device, code=1)
    assert said.strip().splitlines()[-1].startswith(f"securevoice {command}: cannot write /dev/full: No space left on device") and "Traceback" not in said


def limited(octets):
    """What a disk with so much room does, for the program that is started."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (octets, octets))
    return limit


def test_what_fits_on_the_disk_can_be_played(air):
    done = subprocess.run([str(air.parts.program), "listen", "--freq", "433.5M", "--key", "ours", "--out", "heard.wav", "--recorded", "--device",
                           "file=call.cf32,rate=48k"],
                          cwd=air.folder, env=air.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False,
                          preexec_fn=limited(40000))
    assert done.returncode == 1 and "cannot write heard.wav" in done.stderr and "Traceback" not in done.stderr, done.stderr
    heard = read_wav(air.path("heard.wav"))
    assert 10000 < len(heard) <= 20000 and heard.any()


def test_a_log_that_cannot_be_written_ends_no_recording(air):
    said = air.command_line("listen", "--freq", "433.5M", "--key", "ours", "--out", "heard.wav", "--log", "/dev/full", "--recorded", "--device",
                            "file=call.cf32,rate=48k",
                            code=1)
    assert "the log is not whole: cannot write /dev/full" in said.splitlines()[-1]
    assert len(read_wav(air.path("heard.wav"))) == 51 * BLOCK


def test_no_core_file_can_hold_speech(air):
    """What the running program may write, as /proc shows it; a Python that was not hardened is the control."""
    def core_limit(process):
        with open(f"/proc/{process.pid}/limits", encoding="ascii") as limits:
            return next(line for line in limits if line.startswith("Max core file size")).split()[4:6]

    with Running(air, air.parts.program, *LISTEN, "--device", AIR) as listen:
        wait(lambda: heard_some(air), listen)
        assert core_limit(listen) == ["0", "0"]
        listen.terminate()
        listen.communicate(timeout=60)
    got = air.python("""
import resource
before = resource.getrlimit(resource.RLIMIT_CORE)
securevoice.harden_process()
result = [before[1], resource.getrlimit(resource.RLIMIT_CORE)]
""")
    assert got[0] != 0 and got[1] == [0, 0]
