# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passphrases are typed unseen; QR codes and confirmations."""

import ctypes
import re
import signal
import time

import pytest
from conftest import BAD_USAGE, ENVIRONMENT_FAILED
from pseudo_terminal import PseudoTerminal

SECRET, OTHER = "correct horse battery", "another passphrase"


def key_octets(program, name):
    return re.search(rb"key: ([0-9a-f]{64})", program.octets(f"keys/{name}.key")).group(1).decode()


def seal(program, name, secret=SECRET):
    program("keys", "passphrase", name, "--passphrase-fd", 0, stdin=secret.encode() + b"\n")


def test_a_passphrase_is_typed_twice_and_never_shown(keyed):
    with PseudoTerminal(keyed, "keys", "passphrase", "ours") as user:
        user.answer("New passphrase for key 'ours': ", SECRET)
        seen = user.wait_for("The same again: ")
        assert seen.strip() == b"" and not user.echoes()
        user.type(SECRET + "\n")
        out, err, seen = user.end()
        assert SECRET not in out + err + seen and "sealed" in out
    text = keyed.octets("keys/ours.key")
    assert b"sealed: " in text and SECRET.encode() not in text
    with PseudoTerminal(keyed, "keys", "fingerprint", "ours") as user:
        user.answer("Passphrase of key 'ours': ", SECRET)
        out, err, seen = user.end()
        assert re.fullmatch(r"[A-Z2-7]{8}\n", out) and SECRET not in err + seen


def test_what_is_typed_can_be_mended(keyed):
    seal(keyed, "ours", "grün und blau")
    with PseudoTerminal(keyed, "keys", "fingerprint", "ours") as user:
        user.answer("Passphrase of key 'ours': ", "nonsense\x15grüö\x7f\x7fün\x08n und blau")
        user.end()


def test_two_that_differ_change_nothing(keyed):
    before = keyed.octets("keys/ours.key")
    with PseudoTerminal(keyed, "keys", "passphrase", "ours") as user:
        user.answer("New passphrase", SECRET)
        user.answer("The same again: ", SECRET + "x")
        assert "not the same" in user.end(ENVIRONMENT_FAILED)[1]
    with PseudoTerminal(keyed, "keys", "passphrase", "ours") as user:
        user.answer("New passphrase", "seven77")
        assert "too short" in user.end(ENVIRONMENT_FAILED)[1]
    assert keyed.octets("keys/ours.key") == before


@pytest.mark.parametrize("key", ["\x03", "\x04", "\x1c"])
def test_keys_that_break_off(keyed, key):
    with PseudoTerminal(keyed, "keys", "new", "fresh", "--sealed") as user:
        user.wait_for("New passphrase")
        assert not user.echoes()
        user.type(("" if key == "\x04" else SECRET) + key)
        assert "broken off" in user.end(ENVIRONMENT_FAILED)[1]
    assert not keyed.path("keys/fresh.key").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_leave_the_terminal_as_it_was(keyed, number):
    with PseudoTerminal(keyed, "keys", "new", "fresh", "--sealed") as user:
        user.wait_for("New passphrase")
        assert not user.echoes()
        user.process.send_signal(number)
        user.end(-number)
    assert not keyed.path("keys/fresh.key").exists()


def test_what_was_typed_before_the_prompt_does_not_count(keyed):
    seal(keyed, "ours")
    with PseudoTerminal(keyed, "keys", "fingerprint", "ours", typed_before="typed too early\n") as user:
        user.answer("Passphrase of key 'ours': ", SECRET)
        user.end()


def test_without_a_terminal_nobody_is_asked(keyed):
    seal(keyed, "ours")
    for arguments in (("keys", "fingerprint", "ours"), ("keys", "new", "fresh", "--sealed"), ("keys", "destroy", "ours"),
                      ("tx", "absent.wav", "out.cf32", "--key", "ours"), ("rx", "absent.cf32", "out.wav", "--key", "ours")):
        done = keyed(*arguments, code=ENVIRONMENT_FAILED, start_new_session=True)
        assert done.stdout == b"" and done.stderr.count(b"\n") == 1 and b"no terminal" in done.stderr
    assert keyed.path("keys/ours.key").exists() and not keyed.path("keys/fresh.key").exists()


def test_a_wrong_passphrase_is_one_sentence(keyed):
    seal(keyed, "ours")
    with PseudoTerminal(keyed, "keys", "fingerprint", "ours") as user:
        user.answer("Passphrase of key 'ours': ", OTHER)
        out, err, seen = user.end(ENVIRONMENT_FAILED)
        assert out == "" and err.count("\n") == 1 and "does not open" in err and OTHER not in err + seen


def test_destroying_is_confirmed_by_the_name(keyed):
    for answer, code in (("theirs", ENVIRONMENT_FAILED), ("", ENVIRONMENT_FAILED), ("ours", 0)):
        assert keyed.path("keys/ours.key").exists()
        with PseudoTerminal(keyed, "keys", "destroy", "ours") as user:
            user.wait_for("to destroy it: ")
            assert user.echoes()
            user.type(answer + "\n")
            _, _, seen = user.end(code)
            assert answer in seen # what is typed here is shown: the tests above would see it too
    assert not keyed.path("keys/ours.key").exists() and keyed.path("keys/theirs.key").exists()


class Symbol(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("width", ctypes.c_int), ("data", ctypes.POINTER(ctypes.c_ubyte))]


def drawn(screen):
    """The modules on the screen, without the quiet zone."""
    rows = []
    for line in re.findall("\x1b\\[30;107m([ ▀▄█]+)\x1b\\[0m", screen):
        rows += [[c in "▀█" for c in line], [c in "▄█" for c in line]]
    assert len({len(row) for row in rows}) == 1
    width = len(rows[0])
    for edge in (rows[:4], rows[width - 4:], [row[:4] for row in rows], [row[-4:] for row in rows]):
        assert not any(module for row in edge for module in row), "no quiet zone"
    return [row[4:-4] for row in rows[4:width - 4]]


def encoded(text):
    library = ctypes.CDLL("libqrencode.so.4")
    library.QRcode_encodeData.restype = ctypes.POINTER(Symbol)
    code = library.QRcode_encodeData(len(text), text, 0, 1).contents # 1: level M
    return [[bool(code.data[y * code.width + x] & 1) for x in range(code.width)] for y in range(code.width)]


def test_a_qr_code_holds_the_key_file(keyed):
    with PseudoTerminal(keyed, "keys", "export", "ours", "--qr", "--plain", drawing=True) as user:
        while user.process.poll() is None:
            user.read(0.05)
        _, err, seen = user.end()
    assert drawn(seen) == encoded(keyed.octets("keys/ours.key"))
    assert "NOT sealed" in err and key_octets(keyed, "ours") not in err + seen


def test_a_sealed_qr_code_is_the_default_and_holds_no_key(keyed):
    with PseudoTerminal(keyed, "keys", "export", "ours", "--qr", drawing=True) as user:
        user.answer("New passphrase for key 'ours': ", SECRET)
        user.answer("The same again: ", SECRET)
        end = time.monotonic() + 60
        while user.process.poll() is None and time.monotonic() < end:
            user.read(0.05)
        _, err, seen = user.end()
    assert len(drawn(seen)) > len(encoded(keyed.octets("keys/ours.key"))) # a longer text
    assert SECRET not in err + seen


def test_a_qr_code_needs_a_terminal_that_is_wide_enough(keyed):
    keyed.refuses("keys", "export", "ours", "--qr", "--plain", code=BAD_USAGE, says="terminal")
    with PseudoTerminal(keyed, "keys", "export", "ours", "--qr", "--plain", drawing=True, columns=40) as user:
        _, err, seen = user.end(ENVIRONMENT_FAILED)
        assert "40" in err and "█" not in seen
