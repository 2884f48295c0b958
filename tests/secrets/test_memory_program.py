# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""25, of the command line: the key, the passphrase and the speech are looked for wherever they could have been left."""

import fcntl
import os
import resource
import signal
import subprocess
import termios
import time

import pytest
from hunt import Memory, can_look_into, files_below, forms_of_key, forms_of_speech, found_in, keys_of_call
from station import ABORTED, ENVIRONMENT_FAILED, PROGRAM, RATE, independent_reader

PASSPHRASE = b"Zwiebelkuchen-4711-Fahrrad"


@pytest.fixture(name="sealed")
def make_sealed(station):
    """With a temporary folder of its own, and `sealed.key`: the key `ours` under a passphrase."""
    station.path("tmp").mkdir()
    station.environment.update(TMPDIR=str(station.path("tmp")), TMP=str(station.path("tmp")))
    station.program("keys", "export", "ours", "copy.key", "--passphrase-fd", 0, stdin=PASSPHRASE + b"\n")
    station.program("keys", "import", "copy.key", "sealed", "--keyring", "other", "--passphrase-fd", 0, stdin=PASSPHRASE + b"\n")
    return station


def nowhere(station, said, secrets, but=()):
    """Not in what was printed, and in no file of the station but those named and the plain keys."""
    own = [station.path(f"keys/{name}.key") for name in ("ours", "theirs")]
    assert found_in(said, secrets) == []
    for path in files_below(station.folder, [*own, *map(station.path, but)]):
        assert found_in(path.read_bytes(), secrets) == [], path


def test_nothing_is_left_of_a_call(sealed, recording):
    said = b""
    use = ("--key", "sealed", "--keyring", "other", "--passphrase-fd", 0, "--rate", RATE)
    for arguments in (("tx", "speech.wav", "sent.cf32", *use, "--report", "sent.json"),
                      ("rx", "sent.cf32", "heard.wav", *use, "--report", "heard.json"),
                      ("eavesdrop", "sent.cf32", "over.wav", "--rate", RATE, "--report", "over.json"), ("keys", "list"),
                      ("keys", "show", "sealed", "--keyring", "other")):
        needs = PASSPHRASE + b"\n" if "--passphrase-fd" in arguments else b""
        done = sealed.run(PROGRAM, *arguments, stdin=needs)
        assert done.returncode == 0, done.stderr
        said += done.stdout + done.stderr
    call = independent_reader.read_call(sealed.air(), RATE, sealed.keys["ours"])
    secrets = forms_of_key(sealed.keys["ours"]) | {PASSPHRASE, *keys_of_call(sealed.keys["ours"], call.header)}
    nowhere(sealed, said, secrets)
    # The speech: in no file but those it was read from and written to.
    voice = {block.voice for block in call.blocks[:40] if any(block.voice)}
    assert len(voice) > 20
    nowhere(sealed, said, voice | forms_of_speech(recording[:50 * 640]), ["speech.wav"])
    assert list(sealed.path("tmp").iterdir()) == [] and sealed.leftovers() == []


def test_the_hunt_finds_what_is_there(station, recording):
    assert found_in(station.path("keys/ours.key").read_bytes(), forms_of_key(station.keys["ours"]))
    assert found_in(station.path("speech.wav").read_bytes(), forms_of_speech(recording[:50 * 640]))


@pytest.mark.parametrize("spoil", [lambda t: t[:-9], lambda t: t[:-2] + "g\n", lambda t: t + "note: x\n", lambda t: t.replace("key 1", "key 7"),
                                   lambda t: t.replace("key: ", "kex: "), lambda t: t.replace("\n", "\r\n"), lambda t: t * 2, lambda t: " " + t,
                                   lambda t: t.replace("key: ", "key: aa")])
def test_a_sentence_about_a_broken_key_file_holds_none_of_it(station, spoil):
    path = station.path("keys/ours.key")
    path.write_text(spoil(path.read_text()), newline="")
    digits = station.keys["ours"].hex().encode()
    for arguments in (("tx", "speech.wav", "no.cf32", "--key", "ours"), ("rx", "speech.wav", "no.wav", "--key", "ours"), ("keys", "show", "ours"),
                      ("keys", "import", "keys/ours.key", "again")):
        done = station.run(PROGRAM, *arguments)
        assert done.returncode == ENVIRONMENT_FAILED or arguments[1] == "import" # which mends line ends
        assert not any(digits[n:n + 6] in done.stdout + done.stderr for n in range(len(digits) - 5))


def receive(station, *more, limits=None):
    """A receiver with its key loaded, waiting for IQ."""
    running = subprocess.Popen([PROGRAM, "rx", "-", "heard.wav", "--format", "cf32", "--recorded", "--rate", str(RATE), *more], cwd=station.folder,
                               env=station.environment,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limits)
    return running


def wait_for_input(running):
    """Until it has taken a sample: all keys are loaded then."""
    running.stdin.write(bytes(8))
    running.stdin.flush()
    limit = time.monotonic() + 30
    while fcntl.ioctl(running.stdin, termios.FIONREAD, bytes(4)) != bytes(4):
        assert running.poll() is None and time.monotonic() < limit
        time.sleep(0.01)


def any_core():
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def cores(folder):
    return [path for path in folder.iterdir() if path.name.startswith("core")]


def test_no_core_file_is_written(station):
    """Whatever the limits, and however it ends; the commands with a random source that fails end by abort()."""
    try:
        any_core()
    except (OSError, ValueError):
        pytest.skip("this user may not raise the limit of core files")
    for number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT, signal.SIGBUS):
        running = receive(station, "--key", "ours", limits=any_core)
        wait_for_input(running)
        with open(f"/proc/{running.pid}/limits", encoding="ascii") as limits:
            assert [line.split()[4:6] for line in limits if line.startswith("Max core file size")] == [["0", "0"]]
        running.send_signal(number)
        running.communicate(timeout=20)
        assert running.returncode == -number and cores(station.folder) == []
        assert station.leftovers() == []
    station.program("tx", "speech.wav", "sent.cf32", "--key", "ours", faults="random_gone", code=ABORTED, preexec_fn=any_core)
    assert cores(station.folder) == []


def test_a_program_that_cannot_switch_core_files_off_refuses(station):
    """prctl() is refused by a filter of system calls; and so the key is not loaded."""
    done = station.program("tx", "speech.wav", "sent.cf32", "--key", "ours", faults="prctl", code=ENVIRONMENT_FAILED)
    assert b"core dumps cannot be switched off" in done.stderr and not station.path("sent.cf32").exists()


def test_while_it_runs_the_key_is_in_one_place_and_the_passphrase_in_none(sealed):
    running = receive(sealed, "--key", "sealed", "--keyring", "other", "--passphrase-fd", "0")
    try:
        running.stdin.write(PASSPHRASE + b"\n")
        running.stdin.flush()
        wait_for_input(running)
        for name in ("cmdline", "environ"):
            with open(f"/proc/{running.pid}/{name}", "rb") as told:
                try:
                    assert found_in(told.read(), {PASSPHRASE} | forms_of_key(sealed.keys["ours"])) == []
                except PermissionError:
                    pass # for a process that hides itself, only root may ask
        if not can_look_into(running.pid):
            assert os.geteuid() != 0 # others of the same user may not look into its memory
            return
        memory = Memory(running.pid)
        assert memory.count(sealed.keys["ours"]) == 1
        assert memory.holds({PASSPHRASE} | forms_of_key(sealed.keys["ours"]) - {sealed.keys["ours"]}) == 0
    finally:
        running.kill()
        running.communicate()


def test_a_receiver_keeps_no_voice(station):
    """Of a call that it heard, and wrote the frames of, a few of the newest voice fields: what is being worked on."""
    station.program("tx", "speech.wav", "sent.cf32", "--key", "ours", "--rate", RATE)
    call = independent_reader.read_call(station.air(), RATE, station.keys["ours"])
    voice = {block.voice for block in call.blocks if any(block.voice)}
    running = receive(station, "--key", "ours", "--frames-out", "heard.c2")
    try:
        running.stdin.write(station.path("sent.cf32").read_bytes())
        wait_for_input(running)
        wait_for(lambda: len(station.path("heard.c2").read_bytes()) >= 32 * (len(voice) - 2))
        if not can_look_into(running.pid):
            assert os.geteuid() != 0
            return
        found = Memory(running.pid).holds(voice)
        print(f"{found} of {len(voice)} voice fields")
        assert found <= 4
    finally:
        running.kill()
        running.communicate()
    assert len(station.path("heard.wav").read_bytes()) > 1000


def wait_for(condition):
    limit = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.mark.parametrize("command", [("tx", "speech.wav", "sent.cf32"), ("rx", "sent.cf32", "heard.wav")])
def test_memory_that_cannot_be_locked_is_told(station, command):
    station.program("tx", "speech.wav", "sent.cf32", "--key", "ours")
    done = station.program(*command, "--key", "ours", faults="sodium_mlock")
    said = done.stderr.splitlines() # the warning, once; then what `rx` heard
    assert b"not locked in memory" in said[0] and len(said) == (2 if command[0] == "rx" else 1)
    assert b"locked" not in station.program(*command, "--key", "ours").stderr
