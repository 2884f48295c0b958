# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
import ctypes
import os
import re
import resource
import stat

import pytest
from conftest import BAD_USAGE, ENVIRONMENT_FAILED

FINGERPRINT = re.compile(r"[A-Z2-7]{8}")


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_new_key_is_private_and_its_octets_are_not_printed(program):
    said = program("keys", "new", "friends")
    key_file = program.path("keys") / "friends.key"
    assert mode(key_file) == 0o600 and mode(key_file.parent) == 0o700
    assert FINGERPRINT.search(said.stdout.decode())
    said = [said, program("keys", "list"), program("keys", "fingerprint", "friends")]
    output = b"".join(s.stdout + s.stderr for s in said).decode()
    secret_words = [word for line in key_file.read_text().splitlines() for word in line.split() if len(word) > 30]
    assert secret_words
    assert not any(word in output for word in secret_words)


def test_fingerprint_is_the_same_everywhere(keyed):
    ours = keyed("keys", "fingerprint", "ours").stdout.decode().strip()
    assert FINGERPRINT.fullmatch(ours)
    assert keyed("keys", "fingerprint", keyed.path("keys") / "ours.key").stdout.decode().strip() == ours
    lines = keyed("keys", "list").stdout.decode().split("\n")
    assert [line.split()[0] for line in lines if line] == ["ours", "theirs"]
    assert lines[0].split()[1] == ours and lines[1].split()[1] != ours


def test_a_key_is_never_overwritten(keyed):
    before = keyed.octets("keys/ours.key")
    keyed.refuses("keys", "new", "ours", code=ENVIRONMENT_FAILED, says="ours")
    assert keyed.octets("keys/ours.key") == before


@pytest.mark.parametrize("name", ["", ".hidden", "../up", "a/b", "a b", "ä", "x" * 65, "a\n", "a.key/"])
def test_names_that_are_no_names_are_refused(program, name):
    program.refuses("keys", "new", name, code=BAD_USAGE, says="no name")
    assert not program.path("keys").exists()


@pytest.mark.parametrize("bits", [0o644, 0o640, 0o606, 0o660])
def test_a_key_that_others_can_read_is_refused(keyed, bits):
    keyed.path("keys/ours.key").chmod(bits)
    keyed.refuses("keys", "fingerprint", "ours", code=ENVIRONMENT_FAILED, says=["ours.key", "600"])
    listed = keyed("keys", "list", code=ENVIRONMENT_FAILED)
    assert b"theirs" in listed.stdout and b"ours  " not in listed.stdout
    assert b"ours.key" in listed.stderr


def test_a_symbolic_link_is_refused(keyed):
    keyed.path("keys/link.key").symlink_to(keyed.path("keys/ours.key"))
    keyed.refuses("keys", "fingerprint", "link", code=ENVIRONMENT_FAILED, says="link")


def test_a_missing_key_is_named(keyed):
    keyed.refuses("keys", "fingerprint", "nobody", code=ENVIRONMENT_FAILED, says="nobody")


def test_keyring_option_goes_before_the_environment(program):
    program("keys", "new", "here", "--keyring", program.path("elsewhere"))
    assert program.path("elsewhere/here.key").exists()
    assert program("keys", "list").stdout == b""
    assert program("keys", "list", "--keyring", program.path("elsewhere")).stdout.startswith(b"here  ")


def test_default_keyring_is_below_home(program):
    del program.environment["SECUREVOICE_KEYRING"]
    program.environment.pop("XDG_CONFIG_HOME", None)
    program("keys", "new", "plain")
    assert program.path(".config/gr-securevoice/keys/plain.key").exists()


def test_keys_in_memory_that_is_not_locked_are_warned_of(spoken):
    """As a process that may lock no memory: one sentence, from each command that has a key in memory."""
    def without_locking():
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
        ctypes.CDLL(None).prctl(24, 14) # PR_CAPBSET_DROP, CAP_IPC_LOCK: a limit does not bind root

    commands = [("keys", "new", "fresh"), ("keys", "fingerprint", "ours"), ("keys", "list"), ("tx", "speech.wav", "call.cf32", "--key", "ours"),
                ("rx", "call.cf32", "heard.wav", "--key", "ours")]
    for command in commands:
        said = spoken(*command, preexec_fn=without_locking).stderr
        assert (b"not locked" in said, said.count(b"warning: ")) == (True, 1), command
    spoken("keys", "destroy", "fresh", "--yes")
    for command in commands:
        assert b"not locked" not in spoken(*command).stderr, command
