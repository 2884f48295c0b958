# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""rx: what was heard until the interruption is a whole recording, for its owner's eyes."""

import contextlib
import json
import resource
import shutil
import signal
import subprocess

import pytest
from conftest import BLOCK, FRAME, OLD, PROGRAM, ended, is_private, moments, seed_of, wait_for

OCTETS_PER_BLOCK = 48000 * 8 * 8 // 100 # 80 ms of cf32
LATE = 12 # blocks: start frame, those that wait for the next ones, a pipe's 64 KiB


def start(call, *more, out="heard.wav"):
    """rx, live from a pipe, with all outputs; what was there before is there."""
    for name in (out, "heard.c2", "heard.json"):
        call.station.path(name).write_bytes(OLD)
    return call.station.start("rx", "-", out, "--key", "ours", "--no-fm", "--format", "cf32", "--recorded", "--frames-out", "heard.c2", "--report",
                              "heard.json", *more,
                              stdin=subprocess.PIPE)


def feed(running, octets):
    """As far as they are taken: it may have ended by itself."""
    try:
        running.stdin.write(octets)
        running.stdin.flush()
    except BrokenPipeError:
        pass


def end_of_feed(running):
    with contextlib.suppress(BrokenPipeError):
        running.stdin.close()
    running.stdin = None


@moments()
def test_a_signal_ends_the_recording_and_keeps_it(call, number, moment):
    rng = seed_of("rx", number, moment)
    fed = rng.randrange(len(call.octets))
    running = start(call)
    feed(running, call.octets[:fed])
    running.send_signal(number)
    running.stdin = None # open still, as a live receiver's is
    code, said = ended(running)
    least = fed / OCTETS_PER_BLOCK - LATE
    path = call.station.path("heard.wav")
    if path.read_bytes() == OLD:
        assert least <= 0, f"{least:.0f} blocks and more were lost: exit code {code}, said: {said}"
    else:
        assert call.begins_with("heard.wav") >= least, said
        assert is_private(path)
        frames = call.station.path("heard.c2")
        assert is_private(frames) and (frames.stat().st_size % FRAME == 0 or frames.read_bytes() == OLD)
        certain = max(0, frames.stat().st_size - 4 * FRAME)
        assert frames.read_bytes()[:certain] == call.frames[:certain]
        assert json.loads(call.station.path("heard.json").read_text())["blocks_played"] > 0 and is_private(call.station.path("heard.json"))
        assert said.startswith("securevoice"), "nothing says why it ended"
    assert call.station.leftovers() == []


@pytest.mark.parametrize("moment", range(3))
def test_even_a_kill_leaves_a_recording_that_plays(call, moment):
    rng = seed_of("kill", moment)
    fed = rng.randrange(len(call.octets) // 2, len(call.octets))
    running = start(call)
    feed(running, call.octets[:fed])
    wait_for(lambda: call.station.path("heard.wav").read_bytes() != OLD, "a recording")
    running.kill()
    running.stdin = None
    running.communicate(timeout=60)
    assert call.begins_with("heard.wav") > 0
    for name in call.station.leftovers():
        call.station.path(name).unlink()


def test_the_feeder_goes_within_a_sample(call):
    running = start(call)
    feed(running, call.octets[:-200003])
    end_of_feed(running)
    _, said = ended(running, well=True)
    assert call.begins_with("heard.wav") >= (len(call.octets) - 200003) / OCTETS_PER_BLOCK - LATE and "within a sample" in said, said


def test_without_an_interruption(call):
    """The control: all of it."""
    running = start(call)
    feed(running, call.octets)
    end_of_feed(running)
    ended(running, well=True)
    assert call.begins_with("heard.wav") * BLOCK == len(call.samples) and call.station.path("heard.c2").read_bytes() == call.frames


@pytest.mark.parametrize("moment", range(3))
def test_the_folder_is_removed(call, moment):
    """The recording is made again, or a sentence says that it is lost."""
    rng = seed_of("folder", moment)
    folder = call.station.path("away")
    folder.mkdir()
    running = start(call, out="away/heard.wav")
    fed = rng.randrange(len(call.octets))
    feed(running, call.octets[:fed])
    shutil.rmtree(folder)
    feed(running, call.octets[fed:])
    end_of_feed(running)
    code, said = ended(running)
    if (folder / "heard.wav").exists():
        assert call.begins_with("away/heard.wav") * BLOCK == len(call.samples), said
    else:
        assert code == 1 and "heard.wav" in said, said
    shutil.rmtree(folder, ignore_errors=True)


def test_the_disk_is_full(call, small_disk):
    """What was heard until then plays; a sentence and the exit code say that there was more."""
    running = start(call, out=small_disk / "heard.wav")
    feed(running, call.octets)
    end_of_feed(running)
    code, said = ended(running)
    assert code == 1 and ("space" in said or "full" in said), said
    assert call.begins_with(small_disk / "heard.wav") >= 20, said


def test_a_full_disk_keeps_the_old_file(call, small_disk):
    """There is not even room for a header."""
    (small_disk / "rest").write_bytes(bytes(40000))
    (small_disk / "heard.wav").write_bytes(bytes(4000))
    before = (small_disk / "heard.wav").read_bytes()
    done = call.station.does("tx", "speech.wav", small_disk / "heard.wav", "--key", "ours", "--format", "cf32", code=1)
    assert b"space" in done.stderr or b"full" in done.stderr
    assert (small_disk / "heard.wav").read_bytes() == before
    assert sorted(p.name for p in small_disk.iterdir()) == ["heard.wav", "rest"]


def test_the_limit_of_size(call):
    """As a full disk: ulimit -f."""
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (40000, 40000))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    call.station.path("heard.wav").write_bytes(OLD)
    done = subprocess.run([PROGRAM, "rx", "call.cf32", "heard.wav", "--key", "ours"], cwd=call.station.folder,
                          env=call.station.environment, stderr=subprocess.PIPE, preexec_fn=limited, timeout=60, check=False)
    assert done.returncode == 1 and b"heard.wav" in done.stderr, done.stderr
    assert call.begins_with("heard.wav") >= 20
    assert call.station.leftovers() == []
