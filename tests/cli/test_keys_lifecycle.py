# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key's life: made, sealed, shared, rolled, revoked, destroyed; and calls under it."""

import base64
import datetime
import os
import re
import shutil
import stat

import pytest
from conftest import BAD_USAGE, ENVIRONMENT_FAILED, NOTHING_HEARD, read_wav

SECRET, OTHER = "correct horse battery", "another passphrase"
TODAY = datetime.datetime.now(datetime.timezone.utc).date()


def lines(*secrets):
    return "".join(secret + "\n" for secret in secrets).encode()


def seal(program, name, secret=SECRET):
    return program("keys", "passphrase", name, "--passphrase-fd", 0, stdin=lines(secret))


def fingerprint(program, name, *secrets):
    more = ("--passphrase-fd", 0) if secrets else ()
    return program("keys", "fingerprint", name, *more, stdin=lines(*secrets)).stdout.decode().strip()


def states(program):
    return {line.split()[0]: line.split(maxsplit=2)[2] for line in program("keys", "list").stdout.decode().splitlines()}


def set_date(program, name, date):
    path = program.path(f"keys/{name}.key")
    path.write_text(re.sub("until .*", f"until {date}", path.read_text()))


def roll(program, name, *more):
    said = program("keys", "roll", name, *more).stdout.decode()
    return re.search(r"is now '([^']+)'", said).group(1)


def key_octets(program, name):
    return bytes.fromhex(re.search(rb"key: ([0-9a-f]{64})", program.octets(f"keys/{name}.key")).group(1).decode())


def members(program, *names):
    """Keyrings of others."""
    for name in names:
        program.path(name).mkdir(mode=0o700)
    return names


# Made, looked at

def test_every_command_says_what_it_did_and_what_is_next(program):
    for arguments in (["new", "a"], ["passphrase", "a"], ["export", "a", "a.out"], ["import", "a.out", "b", "--keyring", "other"],
                      ["roll", "a"], ["revoke", "a"], ["destroy", "a", "--yes"]):
        more = [] if arguments[0] in ("destroy", "new") else ["--passphrase-fd", 0]
        given = lines(SECRET, OTHER) if arguments[0] == "export" else lines(OTHER if arguments[0] == "import" else SECRET)
        done = program("keys", *arguments, *more, stdin=given)
        said = (done.stdout + done.stderr).decode()
        assert "'a'" in said or "a.key" in said or "'b'" in said
        assert "Next: " in said, said
        assert SECRET not in said and OTHER not in said


def test_words_are_the_same_fingerprint(keyed):
    words = keyed("keys", "fingerprint", "ours", "--words").stdout.decode().split()
    assert len(words) == 4 and words != keyed("keys", "fingerprint", "theirs", "--words").stdout.decode().split()
    letters = fingerprint(keyed, "ours")
    shown = keyed("keys", "show", "ours").stdout.decode()
    assert f"{letters} ({' '.join(words)})" in shown
    assert "state        send\n" in shown and "passphrase   no\n" in shown


def test_a_new_key_can_be_sealed_at_once(program):
    said = program("keys", "new", "team", "--sealed", "--passphrase-fd", 0, stdin=lines(SECRET)).stdout.decode()
    text = program.octets("keys/team.key").decode()
    assert "sealed: " in text and "\nkey: " not in text
    assert stat.S_IMODE(os.stat(program.path("keys/team.key")).st_mode) == 0o600
    assert fingerprint(program, "team", SECRET) in said
    shown = program("keys", "show", "team").stdout.decode()
    assert "passphrase   yes\n" in shown and fingerprint(program, "team", SECRET) not in shown
    assert states(program) == {"team": "send"}


def test_names_are_listed_without_opening_files(keyed):
    keyed.path("keys/ours.key").chmod(0o644)
    seal(keyed, "theirs")
    assert keyed("keys", "list", "--names").stdout == b"ours\ntheirs\n"
    assert b"keys new" in keyed("keys", "list", "--keyring", "none").stderr


# Sealed

def test_a_passphrase_is_set_changed_and_removed(keyed):
    letters, plain = fingerprint(keyed, "ours"), keyed.octets("keys/ours.key")
    seal(keyed, "ours")
    assert fingerprint(keyed, "ours", SECRET) == letters
    keyed("keys", "passphrase", "ours", "--passphrase-fd", 0, stdin=lines(SECRET, OTHER))
    assert fingerprint(keyed, "ours", OTHER) == letters
    keyed.refuses("keys", "fingerprint", "ours", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="does not open", stdin=lines(SECRET))
    keyed.refuses("keys", "passphrase", "ours", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="does not open", stdin=lines(SECRET, OTHER))
    keyed("keys", "passphrase", "ours", "--remove", "--passphrase-fd", 0, stdin=lines(OTHER))
    assert keyed.octets("keys/ours.key") == plain


def test_passphrases_come_by_any_descriptor_but_not_by_arguments_or_environment(keyed):
    seal(keyed, "ours")
    reader, writer = os.pipe()
    os.write(writer, lines(SECRET))
    os.close(writer)
    keyed("keys", "fingerprint", "ours", "--passphrase-fd", reader, pass_fds=(reader,))
    os.close(reader)
    keyed.refuses("keys", "fingerprint", "ours", "--passphrase-fd", 77, code=ENVIRONMENT_FAILED, says="77")
    keyed.refuses("keys", "fingerprint", "ours", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="no further passphrase")
    for wrong in ("-1", "x", "99999"):
        keyed.refuses("keys", "fingerprint", "ours", "--passphrase-fd", wrong, code=BAD_USAGE, says="--passphrase-fd")
    for option in ("--passphrase", "--password"):
        keyed.refuses("keys", "fingerprint", "ours", option, SECRET, code=BAD_USAGE, says="--help")


def test_new_passphrases_have_a_least_length(keyed):
    before = keyed.octets("keys/ours.key")
    keyed.refuses("keys", "passphrase", "ours", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="too short", stdin=b"seven77\n")
    keyed.refuses("keys", "passphrase", "ours", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="too long", stdin=b"x" * 1025 + b"\n")
    assert keyed.octets("keys/ours.key") == before


def test_a_sealed_file_that_was_changed_is_refused(keyed):
    seal(keyed, "ours")
    path = keyed.path("keys/ours.key")
    text = path.read_text()
    for old, new in (("state: send", "state: revoked"), ("passes: 3", "passes: 1"), ("memory: 262144", "memory: 131072")):
        path.write_text(text.replace(old, new))
        assert path.read_text() != text
        keyed.refuses("keys", "fingerprint", "ours", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="does not open", stdin=lines(SECRET))
    path.write_text(text.replace("memory: 262144", "memory: 99999999"))
    keyed.refuses("keys", "fingerprint", "ours", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="out of bounds", stdin=lines(SECRET))
    path.write_text(text)
    path.rename(keyed.path("keys/renamed.key"))
    keyed.refuses("keys", "fingerprint", "renamed", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="'ours'", stdin=lines(SECRET))


# Shared

def test_an_exported_key_is_sealed_by_a_passphrase_of_its_own(keyed):
    octets = key_octets(keyed, "ours")
    keyed("keys", "export", "ours", "for-you", "--passphrase-fd", 0, stdin=lines(OTHER))
    text = keyed.octets("for-you")
    assert octets.hex().encode() not in text and stat.S_IMODE(os.stat(keyed.path("for-you")).st_mode) == 0o600
    keyed.path("for-you").chmod(0o644) # as it lands on a stick or in the mail
    keyed("keys", "import", "for-you", "--keyring", "other", "--passphrase-fd", 0, stdin=lines(OTHER))
    assert b"sealed: " in keyed.octets("other/ours.key")
    assert fingerprint(keyed, keyed.path("other/ours.key"), OTHER) == fingerprint(keyed, "ours")
    keyed("keys", "import", "for-you", "friends", "--keyring", "third", "--passphrase-fd", 0, stdin=lines(OTHER))
    assert fingerprint(keyed, keyed.path("third/friends.key"), OTHER) == fingerprint(keyed, "ours")
    # By standard output and input too, from a sealed key.
    seal(keyed, "ours")
    piped = keyed("keys", "export", "ours", "-", "--passphrase-fd", 0, stdin=lines(SECRET, OTHER)).stdout
    reader, writer = os.pipe()
    os.write(writer, lines(OTHER))
    os.close(writer)
    keyed("keys", "import", "-", "--keyring", "fourth", "--passphrase-fd", reader, stdin=piped, pass_fds=(reader,))
    os.close(reader)
    assert fingerprint(keyed, keyed.path("fourth/ours.key"), OTHER) == fingerprint(keyed, "ours", SECRET)


def test_a_plain_key_is_exported_only_when_asked_for(keyed):
    keyed.refuses("keys", "export", "ours", code=BAD_USAGE, says="--qr")
    keyed.refuses("keys", "export", "ours", "out", "--qr", code=BAD_USAGE, says="one of them")
    keyed("keys", "export", "ours", "out", "--plain")
    assert keyed.octets("out") == keyed.octets("keys/ours.key") and stat.S_IMODE(os.stat(keyed.path("out")).st_mode) == 0o600
    assert keyed("keys", "export", "ours", "-", "--plain").stdout == keyed.octets("keys/ours.key")
    keyed.refuses("keys", "export", "ours", "out", "--plain", code=ENVIRONMENT_FAILED, says="not overwritten")
    keyed.path("link").symlink_to("elsewhere")
    keyed.refuses("keys", "export", "ours", "link", "--plain", code=ENVIRONMENT_FAILED, says="link")
    assert not keyed.path("elsewhere").exists()


def test_keys_are_imported_in_every_form(keyed):
    octets, letters = key_octets(keyed, "ours"), fingerprint(keyed, "ours")
    forms = [octets.hex(), octets.hex().upper() + "\n", base64.b64encode(octets).decode(), base64.urlsafe_b64encode(octets).decode().rstrip("="),
             keyed.octets("keys/ours.key").decode(), keyed.octets("keys/ours.key").decode().strip(), # as from a QR code
             keyed.octets("keys/ours.key").decode().replace("\n", "\r\n")]
    for n, form in enumerate(forms):
        keyed("keys", "import", "-", f"k{n}", "--keyring", f"ring{n}", stdin=form.encode())
        assert keyed.octets(f"ring{n}/k{n}.key") == keyed.octets("keys/ours.key")
        assert fingerprint(keyed, keyed.path(f"ring{n}/k{n}.key")) == letters
    keyed("keys", "import", "-", "late", "--keyring", "sealed", "--sealed", "--passphrase-fd", 0, code=BAD_USAGE, stdin=forms[0].encode())
    shutil.copy(keyed.path("keys/ours.key"), keyed.path("in.key"))
    keyed("keys", "import", "in.key", "--keyring", "sealed", "--sealed", "--passphrase-fd", 0, stdin=lines(SECRET))
    assert fingerprint(keyed, keyed.path("sealed/in.key"), SECRET) == letters


def test_what_is_no_key_or_there_already_is_not_imported(keyed):
    octets = key_octets(keyed, "ours")
    for wrong in (b"", b"hello", octets.hex()[1:].encode(), octets[:16].hex().encode(), b"0" * 64, b"x" * 10000, bytes(range(1, 33))):
        keyed.refuses("keys", "import", "-", "fresh", code=ENVIRONMENT_FAILED, says="", stdin=wrong)
    keyed.refuses("keys", "import", "-", "theirs", code=ENVIRONMENT_FAILED, says="theirs", stdin=bytes(range(32)).hex().encode())
    keyed.refuses("keys", "import", "-", code=BAD_USAGE, says="name", stdin=bytes(range(32)).hex().encode())
    keyed.refuses("keys", "import", "-", "../up", code=BAD_USAGE, says="no name", stdin=bytes(range(32)).hex().encode())
    assert sorted(states(keyed)) == ["ours", "theirs"]


def test_a_key_that_is_here_already_is_told_by_its_name_and_nothing_is_changed(keyed):
    keyed("keys", "export", "ours", "k.key", "--passphrase-fd", 0, stdin=lines(SECRET))
    before = keyed.octets("keys/ours.key"), keyed.octets("keys/theirs.key")
    for name in ("fresh", "ours", "theirs"): # "theirs" is another key's, and stays so
        said = keyed("keys", "import", "k.key", name, "--sealed", "--passphrase-fd", 0, stdin=lines(SECRET)).stdout.decode()
        assert said.startswith("That key is already here as 'ours', state 'send', fingerprint ") and said.endswith("; nothing was changed.\n")
    assert "as 'ours'" in keyed("keys", "import", "k.key", "--passphrase-fd", 0, stdin=lines(SECRET)).stdout.decode()
    assert (keyed.octets("keys/ours.key"), keyed.octets("keys/theirs.key")) == before and sorted(states(keyed)) == ["ours", "theirs"]

    # in another state it does not come back
    keyed("keys", "revoke", "ours")
    for name in ("fresh", "ours"):
        keyed.refuses("keys", "import", "k.key", name, "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="'ours'", stdin=lines(SECRET))
    assert states(keyed)["ours"] == "revoked"
    # the control: where it is not, it is stored
    keyed("keys", "destroy", "ours", "--yes")
    assert b"Took key 'fresh'" in keyed("keys", "import", "k.key", "fresh", "--passphrase-fd", 0, stdin=lines(SECRET)).stdout
    assert sorted(states(keyed)) == ["fresh", "theirs"]


def test_plain_keys_that_others_may_have_read_are_not_imported(keyed):
    path = keyed.path("in.key")
    path.write_text(bytes(range(32)).hex())
    for bits in (0o644, 0o640, 0o604):
        path.chmod(bits)
        keyed.refuses("keys", "import", "in.key", code=ENVIRONMENT_FAILED, says=["in.key", "600"])
    path.chmod(0o600)
    keyed.path("link.key").symlink_to(path)
    keyed.refuses("keys", "import", "link.key", code=ENVIRONMENT_FAILED, says="symbolic link")
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
        keyed.refuses("keys", "import", "in.key", code=ENVIRONMENT_FAILED, says="another user")


@pytest.mark.parametrize("command", ["passphrase", "roll", "revoke", "destroy"])
def test_files_that_are_linked_or_of_others_are_not_changed(keyed, command):
    path = keyed.path("keys/theirs.key")
    more = ("--yes",) if command == "destroy" else ()
    keyed.path("keys/link.key").symlink_to(path)
    before = path.read_bytes()
    keyed.refuses("keys", command, "link", *more, code=ENVIRONMENT_FAILED, says="symbolic link", stdin=lines(SECRET))
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
        keyed.refuses("keys", command, "theirs", *more, code=ENVIRONMENT_FAILED, says="another user", stdin=lines(SECRET))
    assert path.read_bytes() == before


# Rolled, revoked, destroyed

def test_a_roll_keeps_the_old_key_for_receiving(keyed):
    before = fingerprint(keyed, "ours")
    old = roll(keyed, "ours")
    assert old == f"ours-old-{TODAY}"
    assert fingerprint(keyed, old) == before != fingerprint(keyed, "ours")
    until = TODAY + datetime.timedelta(days=14)
    assert states(keyed) == {"ours": "send", "theirs": "send", old: f"receive until {until} (14 more days)"}
    again = roll(keyed, "ours", "--until", TODAY)
    assert again == f"{old}.2" and states(keyed)[again] == f"receive until {TODAY} (today)"
    for until in ("2020-01-01", TODAY - datetime.timedelta(days=1), "soon", "2030-02-30", "30"):
        keyed.refuses("keys", "roll", "ours", "--until", until, code=BAD_USAGE, says="--until")
    keyed.refuses("keys", "roll", old, code=ENVIRONMENT_FAILED, says="no key to send with")
    assert len(states(keyed)) == 4


def test_the_others_take_a_rolled_key_with_roll_import(keyed):
    members(keyed, "member")
    shutil.copy(keyed.path("keys/ours.key"), keyed.path("member/ours.key"))
    roll(keyed, "ours")
    keyed("keys", "export", "ours", "new", "--passphrase-fd", 0, stdin=lines(OTHER))
    said = keyed("keys", "roll", "ours", "--keyring", "member", "--import", "new", "--passphrase-fd", 0, stdin=lines(OTHER))
    assert b"compare" in said.stdout
    assert fingerprint(keyed, keyed.path("member/ours.key")) == fingerprint(keyed, "ours")
    assert fingerprint(keyed, keyed.path(f"member/ours-old-{TODAY}.key")) == fingerprint(keyed, f"ours-old-{TODAY}")
    keyed.refuses("keys", "roll", "ours", "--import", "new", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="already", stdin=lines(OTHER))


def test_a_sealed_key_stays_sealed_when_it_is_rolled_or_revoked(keyed):
    seal(keyed, "ours")
    keyed("keys", "roll", "ours", "--passphrase-fd", 0, stdin=lines(SECRET))
    old = f"ours-old-{TODAY}"
    for name in ("ours", old):
        assert b"sealed: " in keyed.octets(f"keys/{name}.key")
    assert fingerprint(keyed, "ours", SECRET) != fingerprint(keyed, old, SECRET)
    keyed("keys", "revoke", old, "--passphrase-fd", 0, stdin=lines(SECRET))
    assert b"sealed: " in keyed.octets(f"keys/{old}.key") and states(keyed)[old] == "revoked"


def test_a_revoked_key_is_not_handed_on_and_does_not_come_back(keyed):
    octets = key_octets(keyed, "ours")
    keyed("keys", "revoke", "ours")
    assert states(keyed)["ours"] == "revoked"
    assert b"already" in keyed("keys", "revoke", "ours").stdout
    keyed.refuses("keys", "export", "ours", "out", "--plain", code=ENVIRONMENT_FAILED, says="revoked")
    keyed.refuses("keys", "roll", "ours", code=ENVIRONMENT_FAILED, says="revoked")
    keyed.refuses("keys", "import", "-", "again", code=ENVIRONMENT_FAILED, says="'ours'", stdin=octets.hex().encode())


def test_a_destroyed_key_is_overwritten(keyed):
    path, kept = keyed.path("keys/ours.key"), keyed.path("kept")
    kept.hardlink_to(path)
    before = kept.read_bytes()
    said = keyed("keys", "destroy", "ours", "--yes").stdout.decode()
    assert "random octets" in said and "Copies that others have" in said
    assert not path.exists()
    after = kept.read_bytes()
    assert len(after) == len(before) and not any(before[n:n + 6] in after for n in range(len(before) - 5))
    keyed.refuses("keys", "destroy", "ours", "--yes", code=ENVIRONMENT_FAILED, says="no key 'ours'")
    keyed.path("keys/theirs.key").write_text("damaged")
    keyed("keys", "destroy", "theirs", "--yes")
    keyed.path("copy.txt").write_text(bytes(range(32)).hex())
    keyed("keys", "destroy", "./copy.txt", "--yes")
    keyed.path("film.wav").write_bytes(bytes(5000))
    keyed.refuses("keys", "destroy", "./film.wav", "--yes", code=ENVIRONMENT_FAILED, says="too long")
    assert keyed.octets("film.wav") == bytes(5000)


def test_no_command_shows_a_key(program):
    """Whatever is done with them, but for an export in plain."""
    said, keys = b"", []

    def do(*arguments, code=0, stdin=b""):
        nonlocal said
        for path in program.path("keys").glob("*.key"):
            keys.extend(re.findall(rb"^key: (.*)$", path.read_bytes(), re.MULTILINE))
        done = program("keys", *arguments, code=code, stdin=stdin)
        said += done.stdout + done.stderr

    do("new", "a")
    do("show", "a")
    do("list")
    do("fingerprint", "a", "--words")
    do("roll", "a")
    do("export", "a", "out", "--plain")
    do("import", "out", "b") # it is here already
    do("import", "out", "b", "--keyring", "ring")
    do("passphrase", "a", "--passphrase-fd", 0, stdin=lines(SECRET))
    do("passphrase", "a", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, stdin=lines(OTHER))
    do("export", "a", "out2", "--passphrase-fd", 0, stdin=lines(SECRET, OTHER))
    do("revoke", f"a-old-{TODAY}")
    do("destroy", f"a-old-{TODAY}", "--yes")
    assert len(set(keys)) == 2 and said.count(b"\n") > 20
    for secret in [bytes.fromhex(key.decode()) for key in set(keys)]:
        for form in (secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret), secret):
            assert not any(form[n:n + 8] in said for n in range(len(form) - 7))
    assert SECRET.encode() not in said and OTHER.encode() not in said


# Calls

@pytest.fixture
def called(spoken):
    """With a call under `ours` in sent.cf32."""
    spoken("tx", "speech.wav", "sent.cf32", "--key", "ours")
    return spoken


def hears(program, key, *more, stdin=b""):
    program("rx", "sent.cf32", "heard.wav", "--key", key, *more, stdin=stdin)
    return len(read_wav(program.path("heard.wav")))


def test_an_old_key_hears_until_its_date_and_never_sends(called):
    old = roll(called, "ours")
    assert hears(called, old) > 8000
    called("rx", "sent.cf32", "not.wav", "--key", "ours", code=NOTHING_HEARD)
    called.refuses("tx", "speech.wav", "reply.cf32", "--key", old, code=ENVIRONMENT_FAILED, says=["no key to send with", old])
    set_date(called, old, TODAY)
    assert hears(called, old) > 8000
    set_date(called, old, TODAY - datetime.timedelta(days=2)) # two: midnight may pass
    called.refuses("rx", "sent.cf32", "late.wav", "--key", old, code=ENVIRONMENT_FAILED, says=["receiving until", old])
    called.refuses("tx", "speech.wav", "reply.cf32", "--key", old, code=ENVIRONMENT_FAILED, says="no key to send with")
    for name in ("reply.cf32", "late.wav"):
        assert not called.path(name).exists()


def test_a_revoked_key_neither_sends_nor_hears(called):
    called("keys", "revoke", "ours")
    called.refuses("tx", "speech.wav", "reply.cf32", "--key", "ours", code=ENVIRONMENT_FAILED, says=["no key to send with", "revoked"])
    called.refuses("rx", "sent.cf32", "heard.wav", "--key", "ours", code=ENVIRONMENT_FAILED, says=["nothing can be received", "revoked"])
    for name in ("reply.cf32", "heard.wav"):
        assert not called.path(name).exists()


def test_sealed_keys_send_and_hear(called):
    seal(called, "ours")
    assert hears(called, "ours", "--passphrase-fd", 0, stdin=lines(SECRET)) > 8000
    called("tx", "speech.wav", "sent.cf32", "--key", "ours", "--passphrase-fd", 0, stdin=lines(SECRET))
    assert hears(called, "ours", "--passphrase-fd", 0, stdin=lines(SECRET)) > 8000
    for command in (("tx", "speech.wav", "no.cf32"), ("rx", "sent.cf32", "no.wav")):
        called.refuses(*command, "--key", "ours", "--passphrase-fd", 0, code=ENVIRONMENT_FAILED, says="does not open", stdin=lines(OTHER))
        assert not called.path(command[2]).exists()


def spoil(program, how):
    """Makes `ours` unusable and gives the words with which it is refused, and what standard input holds."""
    path = program.path("keys/ours.key")
    if how == "no key":
        path.unlink()
        return "no key 'ours'", b""
    if how == "mode 0644":
        path.chmod(0o644)
        return "chmod 600", b""
    if how == "symlink":
        path.rename(program.path("keys/real.key"))
        path.symlink_to("real.key")
        return "symbolic link", b""
    if how == "wrong passphrase":
        seal(program, "ours")
        return "does not open", lines(OTHER)
    if how == "no passphrase":
        seal(program, "ours")
        return "no further passphrase", b""
    if how == "zero key":
        path.write_text(f"gr-securevoice key 1\nkey: {'0' * 64}\n")
        return "zeros", b""
    path.write_bytes(path.read_bytes()[:-20])
    return "cut off", b""


@pytest.mark.parametrize("how", ["no key", "mode 0644", "symlink", "wrong passphrase", "no passphrase", "zero key", "cut off"])
def test_a_key_that_cannot_be_used_gives_no_sample_and_no_clear_block(called, how):
    words, given = spoil(called, how)
    key = ("--key", "ours", "--passphrase-fd", 0)
    for command in (("tx", "speech.wav", "no.cf32"), ("tx", "speech.wav", "no.cf32", "--clear"),
                    ("tx", "speech.wav", "no.cf32", "--switch", "1=clear"), ("tx", "speech.wav", "-", "--format", "cf32"),
                    ("rx", "sent.cf32", "no.wav")):
        called.refuses(*command, *key, code=ENVIRONMENT_FAILED, says=words, stdin=given)
    assert not called.path("no.cf32").exists() and not called.path("no.wav").exists()
