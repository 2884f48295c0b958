# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How commands end: by a signal, into a pipe, with a request that makes no sense."""

import fcntl
import os
import resource
import shutil
import signal
import struct
import subprocess
import termios
import threading
import time
import tty

import numpy
import pytest
from conftest import BAD_USAGE, BLOCK, ENVIRONMENT_FAILED, NOTHING_HEARD, PROGRAM, read_wav, write_wav


def wait(condition):
    limit = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.01)


def usual_signals():
    """Whatever the tests were started by: a shell's background job ignores two of them."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def start(program, *arguments, **more):
    more.setdefault("preexec_fn", usual_signals)
    return subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=program.folder, env=program.environment, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


RX = ("rx", "-", "heard.wav", "--format", "cf32", "--key", "ours", "--recorded", "--rate", 48000, "--report", "heard.json", "--frames-out",
      "heard.c2")


def taken(running):
    """Whether the program has read all that its standard input had."""
    waiting = struct.unpack("i", fcntl.ioctl(running.stdin, termios.FIONREAD, bytes(4)))[0]
    return waiting == 0


def feed(running, octets):
    running.stdin.write(octets)
    running.stdin.flush()
    wait(lambda: taken(running))


@pytest.fixture
def call(spoken):
    """With the first 6 s of a secure call of 12 s."""
    spoken("tx", "speech.wav", "sent.cf32", "--key", "ours")
    for name in ("heard.wav", "heard.json", "heard.c2"):
        spoken.path(name).write_bytes(b"from before")
    return spoken.octets("sent.cf32")[:6 * 48000 * 8]


def hear(program, call, **more):
    running = start(program, *RX, **more)
    feed(running, call)
    wait(lambda: program.path("heard.wav").stat().st_size > 5 * 16000)
    return running


def check_heard(program, whole=True):
    """What was heard can be played, and nothing is left over."""
    assert program.leftovers() == []
    speech = read_wav(program.path("heard.wav"))
    assert len(speech) >= 5 * 8000 and numpy.abs(speech).max() > 1000
    assert len(program.octets("heard.c2")) >= 60 * 32
    if whole:
        assert program.json("heard.json")["blocks_played"] * BLOCK <= len(speech)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_live_input_and_what_was_heard_stays(spoken, call, number):
    running = hear(spoken, call)
    running.send_signal(number)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 0 # the usual end of what has none
    name = {signal.SIGINT: b"Ctrl-C", signal.SIGTERM: b"SIGTERM", signal.SIGHUP: b"SIGHUP"}[number]
    assert said.startswith(b"securevoice: heard ") and b"ended by " + name in said
    check_heard(spoken)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGQUIT])
def test_what_was_heard_stays_however_hard_the_end(spoken, call, number):
    running = hear(spoken, call)
    running.send_signal(number)
    running.communicate(timeout=20)
    assert running.returncode == -number
    check_heard(spoken, whole=False)
    assert spoken.octets("heard.json") == b"from before"


def test_a_signal_before_anything_is_heard_touches_nothing(spoken, call):
    running = start(spoken, *RX)
    feed(running, bytes(8 * 4800))
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == NOTHING_HEARD and b"nothing heard" in said
    assert spoken.octets("heard.wav") == spoken.octets("heard.c2") == b"from before" and spoken.leftovers() == []


def test_a_second_signal_ends_at_once(spoken, call):
    """Nobody takes the speech: the first cannot be obeyed."""
    running = start(spoken, *(word if word != "heard.wav" else "-" for word in RX))
    feeder = threading.Thread(target=running.stdin.write, args=(call,))
    feeder.start()
    wait(lambda: struct.unpack("i", fcntl.ioctl(running.stdout, termios.FIONREAD, bytes(4)))[0] > 50000)
    time.sleep(1)
    running.send_signal(signal.SIGINT)
    time.sleep(0.7)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == -signal.SIGINT
    feeder_end(feeder, running)


def feeder_end(feeder, running):
    running.stdout.close()
    feeder.join(20)
    assert not feeder.is_alive()
    try:
        running.stdin.close()
    except BrokenPipeError:
        pass
    running.stderr.close()


def test_a_file_that_a_signal_breaks_off(spoken, call):
    """Finished as far as it came, and the program ends by the signal, as who called it expects."""
    with open(spoken.path("long.cf32"), "wb") as out:
        for _ in range(40):
            out.write(call)
    running = start(spoken, "rx", "long.cf32", *RX[2:3], *RX[5:])
    wait(lambda: spoken.path("heard.wav").stat().st_size > 5 * 16000)
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=20)
    assert running.returncode == -signal.SIGTERM and b"ended by SIGTERM" in said
    check_heard(spoken)


def test_a_pipe_that_ends_within_a_sample(spoken, call):
    done = spoken(*RX, stdin=call[:-3])
    assert b"warning: standard input ends within a sample: its last 5 octets are left out" in done.stderr
    check_heard(spoken)
    assert b"warning" not in spoken(*RX, stdin=call).stderr


def test_a_read_error(spoken, call):
    """A terminal line that goes gives an error where a pipe has an end."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    running = subprocess.Popen([PROGRAM, *map(str, RX)], cwd=spoken.folder, env=spoken.environment, stdin=ours, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    os.close(ours)
    view = memoryview(call)
    while view:
        view = view[os.write(theirs, view[:4096]):]
    wait(lambda: spoken.path("heard.wav").stat().st_size > 5 * 16000)
    os.close(theirs)
    _, said = running.communicate(timeout=20)
    assert running.returncode == ENVIRONMENT_FAILED and b"cannot read standard input: Input/output error; what came before" in said
    check_heard(spoken)


def test_a_full_disk(spoken, call):
    limit = (60000, resource.RLIM_INFINITY) # octets of a file
    done = spoken(*RX, stdin=call, code=ENVIRONMENT_FAILED, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert done.stderr.startswith(b"securevoice: cannot write heard.wav: ") and done.stderr.count(b"\n") == 1
    assert len(read_wav(spoken.path("heard.wav"))) == (60000 - 44) // 2 and spoken.leftovers() == []


def test_the_folder_is_removed_while_recording(spoken, call):
    spoken.path("disk").mkdir()
    running = start(spoken, *(f"disk/{word}" if str(word).startswith("heard") else word for word in RX))
    feed(running, call)
    wait(lambda: spoken.path("disk/heard.wav").exists() and spoken.path("disk/heard.wav").stat().st_size > 5 * 16000)
    shutil.rmtree(spoken.path("disk"))
    rest = spoken.octets("sent.cf32")[len(call):]
    _, said = running.communicate(rest, timeout=60)
    assert running.returncode == 0, said
    for name in (b"heard.wav", b"heard.c2"):
        assert said.count(b"disk/" + name + b" was removed while it was written: all that was written is in ") == 1, said
    assert len(read_wav(spoken.path("disk/heard.wav"))) >= 150 * BLOCK
    assert spoken.json("disk/heard.json")["blocks_played"] == 151 and len(spoken.octets("disk/heard.c2")) >= 150 * 32


def test_channel_ends_with_its_live_input(program):
    samples = numpy.ones(100, numpy.complex64).tobytes()
    for first, code in ((samples, 0), (b"", ENVIRONMENT_FAILED)):
        program.path("out").write_bytes(b"from before")
        running = start(program, "channel", "-", "out", "--format", "cf32", "--format-out", "cf32", "--rate", 48000)
        feed(running, first)
        wait(lambda: catches(running, signal.SIGHUP))
        time.sleep(0.3)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
        assert running.returncode == code and program.leftovers() == []
        assert program.octets("out") == (first or b"from before")


def catches(running, number):
    with open(f"/proc/{running.pid}/status", encoding="ascii") as status:
        caught = next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt"))
    return caught >> (number - 1) & 1


def test_a_signal_leaves_no_half_call(spoken):
    """What can be made again comes whole or not at all."""
    write_wav(spoken.path("long.wav"), numpy.tile(read_wav(spoken.path("speech.wav")), 50))
    for command in (("tx", "long.wav", "out", "--format", "cf32", "--key", "ours", "--report", "sent.json"), ("vocoder", "long.wav", "out")):
        spoken.path("out").write_bytes(b"from before")
        running = start(spoken, *command)
        wait(spoken.leftovers)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=20)
        assert running.returncode == -signal.SIGTERM
        assert spoken.octets("out") == b"from before" and spoken.leftovers() == [] and not spoken.path("sent.json").exists()


def test_a_signal_that_was_ignored_stays_ignored(program):
    running = start(program, "channel", "-", "out", "--format", "cf32", "--format-out", "cf32", "--rate", 48000,
                    preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) # as nohup does
    wait(lambda: catches(running, signal.SIGTERM))
    running.send_signal(signal.SIGHUP)
    samples = numpy.ones(100, numpy.complex64).tobytes()
    running.communicate(samples, timeout=20)
    assert running.returncode == 0 and program.octets("out") == samples


def test_a_live_call_is_heard_as_it_comes(spoken, call):
    """Of a slow pipe not more than 80 ms are waited for: at 12 kS/s, too."""
    spoken("tx", "speech.wav", "slow.cf32", "--key", "ours", "--rate", 12000)
    octets = spoken.octets("slow.cf32")
    running = start(spoken, *(12000 if word == 48000 else word for word in RX))
    chunk = 12000 * 8 // 25 # 40 ms
    heard = 0
    for at in range(0, 3 * 12000 * 8, chunk):
        feed(running, octets[at:at + chunk])
    wait(lambda: spoken.path("heard.wav").stat().st_size > 16000) # before the input is over
    heard = spoken.path("heard.wav").stat().st_size / 16000
    running.communicate(octets[3 * 12000 * 8:], timeout=60)
    assert running.returncode == 0 and heard > 1 and spoken.json("heard.json")["blocks_played"] == 151


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
    for options, secure in (((), 31), (("--clear",), 0), (("--switch", "0.79=clear,1.6=secure"), 21)):
        spoken("tx", "speech.wav", "sent.cf32", "--key", "ours", "--report", "sent.json", "--frames-out", "sent.c2", *options)
        report = spoken.json("sent.json")
        assert report["blocks_sent"] == report["secure_blocks"] + report["clear_blocks"] == len(spoken.octets("sent.c2")) / 32 == 31
        assert report["secure_blocks"] == secure
