# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How commands end: by a signal, into a pipe, with a request that makes no sense."""

import os
import signal
import subprocess
import time

import numpy
import pytest
from conftest import BAD_USAGE, BLOCK, PROGRAM, read_wav, write_wav


def wait(condition):
    limit = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.01)


def start(program, *arguments, **more):
    return subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=program.folder, env=program.environment, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


# Each waits for input that does not come.
WAITING = {
    "rx": ("rx", "-", "out", "--format", "cf32", "--no-key", "--recorded", "--report", "report.json", "--frames-out", "out.c2", "--symbols-out", "out.sym"),
    "channel": ("channel", "-", "out", "--format", "cf32", "--format-out", "cf32", "--rate", 48000),
}


@pytest.mark.parametrize("command", WAITING)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_leaves_no_file(program, command, number):
    outputs = [word for word in WAITING[command] if str(word).startswith(("out", "report"))]
    program.path("out").write_bytes(b"from before")
    running = start(program, *WAITING[command])
    wait(lambda: len(program.leftovers()) == len(outputs))
    running.send_signal(number)
    said, complaint = running.communicate(timeout=20)
    assert running.returncode == -number # which a shell shows as 128 + number
    assert program.leftovers() == [] and said == complaint == b""
    assert program.octets("out") == b"from before"
    assert not any(program.path(name).exists() for name in outputs[1:])


def test_a_signal_that_was_ignored_stays_ignored(program):
    running = start(program, *WAITING["channel"], preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) # as nohup does
    wait(program.leftovers)
    running.send_signal(signal.SIGHUP)
    samples = numpy.ones(100, numpy.complex64).tobytes()
    running.communicate(samples, timeout=20)
    assert running.returncode == 0 and program.octets("out") == samples


def test_a_reader_that_goes_leaves_no_file(spoken):
    """The pipe's signal too."""
    running = start(spoken, "tx", "speech.wav", "-", "--key", "ours", "--format", "cf32", "--report", "sent.json", "--frames-out", "sent.c2")
    running.stdout.close()
    running.stdin.close()
    assert running.wait(20) == -signal.SIGPIPE
    assert spoken.leftovers() == [] and not spoken.path("sent.json").exists()


def test_speech_goes_to_standard_output(spoken):
    """As samples alone: the same that the file holds."""
    spoken("tx", "speech.wav", "sent.cf32", "--key", "ours")
    spoken("rx", "sent.cf32", "heard.wav", "--key", "ours")
    piped = spoken("rx", "sent.cf32", "-", "--key", "ours").stdout
    assert len(piped) > 2 * 100 * BLOCK
    assert (numpy.frombuffer(piped, "<i2") == read_wav(spoken.path("heard.wav"))).all()
    assert (numpy.frombuffer(spoken("vocoder", "speech.wav", "-").stdout, "<i2") == vocoded(spoken)).all()
    assert not spoken.path("-").exists() and spoken.leftovers() == []


def vocoded(program):
    program("vocoder", "speech.wav", "vocoded.wav")
    return read_wav(program.path("vocoded.wav"))


def test_speech_is_not_written_to_a_terminal(spoken):
    spoken("tx", "speech.wav", "sent.cf32", "--key", "ours")
    ours, theirs = os.openpty()
    done = subprocess.run([PROGRAM, "rx", "sent.cf32", "-", "--key", "ours"], cwd=spoken.folder, env=spoken.environment, stdin=subprocess.DEVNULL,
                          stdout=theirs, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == BAD_USAGE and b"terminal" in done.stderr
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("command", [
    ("channel", "in", "out", "--rate", 48000, "--seed", -1), ("bench", "sensitivity", "--cn0", 40, "--seed", -1),
    ("bench", "sensitivity", "--cn0", 40, "--jobs", -2), ("bench", "sensitivity", "--cn0", 40, "--jobs", 1.5)])
def test_numbers_that_cannot_be_are_refused(program, command):
    program.path("in").write_bytes(bytes(800))
    program.refuses(*command, code=BAD_USAGE, says=[command[-2]])
    assert not program.path("out").exists()


@pytest.mark.parametrize("switches", ["12=clear", "1=clear,12.5=secure", "1000=secure"])
def test_a_switch_after_the_end_of_the_speech_is_refused(spoken, switches):
    spoken.refuses("tx", "speech.wav", "sent.cf32", "--key", "ours", "--switch", switches, code=BAD_USAGE,
                   says=[switches.split(",")[-1].split("=")[0] + " s would never be made", "12 s long"])
    assert not spoken.path("sent.cf32").exists()
    spoken("tx", "speech.wav", "sent.cf32", "--key", "ours", "--switch", "11.9=clear")


def test_the_counts_of_a_report_agree(spoken, speech):
    write_wav(spoken.path("speech.wav"), speech[:30 * BLOCK + 1])
    for options, secure in (((), 31), (("--clear",), 0), (("--switch", "0.8=clear,1.6=secure"), 21)):
        spoken("tx", "speech.wav", "sent.cf32", "--key", "ours", "--report", "sent.json", "--frames-out", "sent.c2", *options)
        report = spoken.json("sent.json")
        assert report["blocks_sent"] == report["secure_blocks"] + report["clear_blocks"] == len(spoken.octets("sent.c2")) / 32 == 31
        assert report["secure_blocks"] == secure
