# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""tx, channel, eavesdrop, vocoder and keys: the old file or the new one, whole, and never a lost key."""

import os
import shutil
import signal
import time

import pytest
from conftest import BLOCK, OLD, SIGNALS, ended, is_private, moments, seed_of, wav_samples

COMMANDS = {
    "tx": (("tx", "speech.wav", "out.cf32", "--key", "ours", "--report", "out.json", "--frames-out", "out.c2"), ("out.cf32", "out.json", "out.c2")),
    "channel": (("channel", "call.cf32", "out.cf32", "--rate", "48000", "--seed", "1"), ("out.cf32",)),
    "eavesdrop": (("eavesdrop", "call.cf32", "out.wav"), ("out.wav",)),
    "vocoder": (("vocoder", "speech.wav", "out.wav", "--frames-out", "out.c2"), ("out.wav", "out.c2")),
}
PRIVATE = {"tx": ("out.json", "out.c2"), "eavesdrop": ("out.wav",), "vocoder": ("out.wav", "out.c2")}


@pytest.fixture(scope="module", name="durations")
def make_durations(call):
    """How long each command takes, s."""
    taken = {}
    for name, (command, _) in COMMANDS.items():
        begin = time.monotonic()
        call.station.does(*command)
        taken[name] = time.monotonic() - begin
    return taken


def check_outputs(call, name):
    """Each output is what it was, or whole."""
    for output in COMMANDS[name][1]:
        path = call.station.path(output)
        octets = path.read_bytes()
        if octets == OLD:
            continue
        if output in PRIVATE.get(name, ()):
            assert is_private(path), f"{output} can be read by others"
        if output.endswith(".wav"):
            assert len(wav_samples(path)) > 0
        elif output == "out.json":
            assert octets.rstrip().endswith(b"}")
        elif output == "out.c2":
            assert len(octets) % 32 == 0
        elif name == "tx":
            call.station.does("rx", output, "back.wav", "--key", "ours")
            assert len(wav_samples(call.station.path("back.wav"))) >= 4 * BLOCK
        else:
            assert len(octets) % 8 == 0 and len(octets) > 0


@pytest.mark.parametrize("name", COMMANDS)
@moments()
def test_a_signal_leaves_the_old_file_or_a_whole_one(call, durations, name, number, moment):
    for output in COMMANDS[name][1]:
        call.station.path(output).write_bytes(OLD)
    running = call.station.start(*COMMANDS[name][0])
    time.sleep(seed_of(name, number, moment).uniform(0, 1.1) * durations[name])
    running.send_signal(number)
    ended(running)
    check_outputs(call, name)
    assert call.station.leftovers() == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_folder_is_removed(call, durations, name):
    """Stopped meanwhile, so that it happens in the middle. It is made again, or a sentence says what is lost."""
    call.station.does(*COMMANDS[name][0])
    folder = call.station.path("away")
    folder.mkdir()
    running = call.station.start(*(f"away/{word}" if word.startswith("out.") else word for word in COMMANDS[name][0]))
    time.sleep(0.5 * durations[name])
    running.send_signal(signal.SIGSTOP)
    # On a loaded computer it may have written all before that, and then does not look again.
    written = all((folder / output).exists() and
                  (folder / output).stat().st_size >= call.station.path(output).stat().st_size for output in COMMANDS[name][1])
    shutil.rmtree(folder)
    running.send_signal(signal.SIGCONT)
    code, said = ended(running)
    if code == 0 and not written:
        for output in COMMANDS[name][1]:
            assert (folder / output).stat().st_size > 0, said
    elif code != 0:
        assert said.startswith("securevoice"), said
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_disk_is_full(call, small_disk, name):
    """The old file is there still."""
    (small_disk / "rest").write_bytes(bytes(36000))
    for output in COMMANDS[name][1]:
        (small_disk / output).write_bytes(OLD)
    running = call.station.start(*(str(small_disk / word) if word.startswith("out.") else word for word in COMMANDS[name][0]))
    code, said = ended(running)
    assert code == 1 and ("space" in said or "full" in said), said
    octets = (small_disk / COMMANDS[name][1][0]).read_bytes()
    assert octets == OLD or octets.startswith(b"RIFF"), said
    assert not list(small_disk.glob("*.part-*"))


def passphrase(*lines):
    """A descriptor that gives these lines."""
    ours, theirs = os.pipe()
    os.write(theirs, "".join(line + "\n" for line in lines).encode())
    os.close(theirs)
    return ours


# What is done to the key `mine` (sealed: half a second for each passphrase).
CHANGES = {
    "new": (("keys", "new", "fresh", "--sealed"), 1),
    "export": (("keys", "export", "mine", "copy/mine.key"), 2),
    "passphrase": (("keys", "passphrase", "mine"), 2),
    "roll": (("keys", "roll", "mine"), 2),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("number", SIGNALS, ids=lambda s: s.name)
def test_no_key_is_lost(station, name, number):
    """Whenever it ends: `mine` is there, by this name or as an old one, and what is new is whole."""
    rng = seed_of("keys", name, number)
    ring = station.path("ring")
    shutil.rmtree(ring, ignore_errors=True)
    shutil.rmtree(station.path("copy"), ignore_errors=True)
    station.path("copy").mkdir()
    station.does("keys", "new", "mine", "--keyring", ring)
    before = station.does("keys", "fingerprint", "mine", "--keyring", ring).stdout
    words, lines = CHANGES[name]
    secret = passphrase(*["a passphrase of ours"] * lines)
    running = station.start(*words, "--keyring", ring, "--passphrase-fd", secret, pass_fds=(secret,))
    time.sleep(rng.uniform(0, 1.0))
    running.send_signal(number)
    ended(running)
    os.close(secret)
    found = set()
    for path in [*ring.glob("*"), *station.path("copy").glob("*")]:
        assert path.suffix == ".key" and is_private(path), path
        secret = passphrase("a passphrase of ours", "a passphrase of ours")
        found.add(station.does("keys", "fingerprint", path, "--keyring", ring, "--passphrase-fd", secret, pass_fds=(secret,)).stdout.split(b"\n")[0])
        os.close(secret)
    assert before.split(b"\n")[0] in found


def test_a_key_on_a_full_disk(station, small_disk):
    """It is refused, and nothing half-made stays."""
    (small_disk / "rest").write_bytes(bytes(48 * 1024))
    for words in (("keys", "new", "fresh", "--keyring", small_disk / "ring"), ("keys", "export", "ours", small_disk / "copy.key", "--plain")):
        code, said = ended(station.start(*words))
        assert code == 1 and said.startswith("securevoice"), said
    assert not list(small_disk.rglob("*.key*"))
