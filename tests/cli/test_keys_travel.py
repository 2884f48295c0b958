# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and passphrases as mailers, editors of Windows, QR codes, other file systems and wrong clocks leave them: the command's side."""

import re
import shutil
import subprocess

import pytest
from conftest import BAD_USAGE, ENVIRONMENT_FAILED, PROGRAM
from pseudo_terminal import PseudoTerminal

SECRET = "correct horse battery"


@pytest.fixture(name="sent")
def exported(program):
    """`friends`, and the text of its sealed export."""
    program("keys", "new", "friends")
    program("keys", "export", "friends", "k.key", "--passphrase-fd", 0, stdin=SECRET.encode() + b"\n")
    return program, program.octets("k.key")


def taken(program, source, passphrase=SECRET.encode() + b"\n", **options):
    """Takes it into another keyring and compares the fingerprint."""
    program.path("pass").write_bytes(passphrase)
    with open(program.path("pass"), "rb") as secret:
        said = program("keys", "import", source, "there", "--keyring", "other", "--passphrase-fd", secret.fileno(), pass_fds=[secret.fileno()],
                       **options)
    shutil.rmtree(program.path("other"))
    own = program("keys", "fingerprint", "friends").stdout.decode().strip()
    assert f"fingerprint {own} " in said.stdout.decode()


@pytest.mark.parametrize("change", [
    lambda t: b"\xef\xbb\xbf" + t, lambda t: t + b"\n", lambda t: b"\n" + t, lambda t: t.replace(b"\n", b" \n"), lambda t: t.replace(b"\n", b"\r\n"),
    lambda t: t.decode().replace("\n", "\r\n").encode("utf-16"), lambda t: b"Hi,\n\n> " + t[:-1].replace(b"\n", b"\n> ") + b"\n\n-- \nAnna\n"])
def test_a_key_that_travelled_is_taken(sent, change):
    program, text = sent
    program.path("way").write_bytes(change(text))
    taken(program, "way")
    taken(program, "-", stdin=change(text)) # the same through a pipe


@pytest.mark.parametrize("passphrase", [SECRET.encode() + b"\r\n", b"\xef\xbb\xbf" + SECRET.encode() + b"\r\n", SECRET.encode()])
def test_a_passphrase_file_of_windows_holds_what_is_typed(sent, passphrase):
    program, _ = sent
    taken(program, "k.key", passphrase)


def test_what_disturbs_is_told_and_nothing_is_stored(sent):
    program, text = sent
    program.path("two").write_bytes(text + b"\n" + text)
    program.refuses("keys", "import", "two", "there", "--keyring", "other", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED,
                    says=["line 10", "second key"])
    assert not program.path("other").exists()


def test_the_text_of_a_qr_code_is_taken_as_zbar_gives_it(sent):
    """zbarcam and zbarimg put the kind of the code before it, and a line feed behind it."""
    program, text = sent
    taken(program, "-", stdin=b"QR-Code:" + text + b"\n")
    taken(program, "-", stdin=text + b"\n") # --raw
    program("keys", "export", "friends", "plain.key", "--plain")
    digits = re.search(rb"key: ([0-9a-f]{64})", program.octets("plain.key")).group(1)
    taken(program, "-", stdin=b"QR-Code:" + digits + b"\n\n")


@pytest.mark.skipif(not shutil.which("qrencode") or not shutil.which("zbarimg"), reason="qrencode and zbar-tools are not installed")
def test_a_qr_code_goes_round(sent):
    program, text = sent
    subprocess.run(["qrencode", "-o", program.path("qr.png"), "-s", "6"], input=text, check=True)
    scanned = subprocess.run(["zbarimg", "-q", program.path("qr.png")], capture_output=True, check=True).stdout
    taken(program, "-", stdin=scanned)


def test_a_key_is_asked_for_and_typed_unseen(sent):
    program, text = sent
    with PseudoTerminal(program, "keys", "import", "-", "there", "--keyring", "other", typed_input=True) as user:
        user.wait_for("Ctrl-D: ")
        assert not user.echoes()
        user.type(text.decode().replace("\n", "\r") + "\r\x04")
        user.answer("Passphrase of key 'friends': ", SECRET)
        out, err, seen = user.end()
    assert "Took key 'there'" in out
    for secret in (SECRET, *text.decode().split()[-3:]):
        assert secret not in out + err + seen
    program("keys", "show", "there", "--keyring", "other")


def test_typing_a_key_can_be_broken_off(program):
    for keys in ("\x04", "gr-secure\x03"):
        with PseudoTerminal(program, "keys", "import", "-", "there", typed_input=True) as user:
            user.wait_for("Ctrl-D: ")
            user.type(keys)
            assert "broken off" in user.end(ENVIRONMENT_FAILED)[1]
    assert not program.path("keys").exists()


@pytest.mark.parametrize("name", ["group.key", "group.KEY", "-x", "--", "..", "a/../b", "x" * 300, "grün", ".key"])
def test_names_that_no_command_could_name_are_not_begun_with(program, name):
    done = subprocess.run(["securevoice", "keys", "new", "--", name], executable=PROGRAM, env=program.environment, capture_output=True, check=False,
                          timeout=60)
    assert done.returncode == BAD_USAGE and done.stderr.count(b"\n") == 1 and b"no name for a key" in done.stderr
    assert not program.path("keys").exists()


def test_names_that_differ_in_capitals_only(keyed):
    keyed.refuses("keys", "new", "OURS", code=ENVIRONMENT_FAILED, says=["'ours'", "capitals"])
    keyed("keys", "export", "theirs", "t.key", "--plain")
    keyed.refuses("keys", "import", "t.key", "Ours", "--keyring", "keys", code=ENVIRONMENT_FAILED, says="capitals")


@pytest.mark.parametrize("date", ["1970-01-01 00:01:00", "2024-06-01 12:00:00"])
def test_nothing_is_rolled_by_a_wrong_clock(keyed, date):
    before = keyed.octets("keys/ours.key")
    done = subprocess.run(["faketime", f"{date} UTC", PROGRAM, "keys", "roll", "ours"], env=keyed.environment, capture_output=True, check=False,
                          timeout=60)
    assert done.returncode == ENVIRONMENT_FAILED and done.stderr.count(b"\n") == 1
    assert date[:10].encode() in done.stderr and b"set the clock" in done.stderr
    assert keyed.octets("keys/ours.key") == before and keyed("keys", "list", "--names").stdout == b"ours\ntheirs\n"


def test_nothing_is_rolled_before_the_last_roll(keyed):
    """By the keys' own dates: the clock is right, a key says that it was rolled next month."""
    keyed("keys", "new", "ours-old-2100-01-01")
    keyed.refuses("keys", "roll", "ours", code=ENVIRONMENT_FAILED, says=["2100-01-01", "set the clock"])
    keyed("keys", "destroy", "ours-old-2100-01-01", "--yes")
    keyed("keys", "roll", "ours") # the control
