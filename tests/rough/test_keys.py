# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and passphrases through mailers, editors and other systems: taken as they were, or refused in a sentence. A key is never taken for
another one."""

import base64
import hashlib
import os
import re

import damage
from nacl import bindings

KEY = hashlib.shake_256(b"rough files").digest(32)
PASSPHRASE = "correct horse battery"
HEX = KEY.hex()
PLAIN = f"gr-securevoice key 1\nkey: {HEX}\n"
RECEIVE = f"gr-securevoice key 2\nstate: receive until 2099-12-31\nkey: {HEX}\n"


def sealed(name="friends", passphrase=PASSPHRASE):
    """Under the least memory that is taken: a try costs some milliseconds."""
    salt, nonce = bytes(range(16)), bytes(range(24))
    bound = f"gr-securevoice key 2\nname: {name}\nstate: send\npasses: 1\nmemory: 8192\nsalt: {salt.hex()}\nnonce: {nonce.hex()}\n"
    wrap = bindings.crypto_pwhash_alg(32, passphrase.encode(), salt, 1, 8192 * 1024, bindings.crypto_pwhash_ALG_ARGON2ID13)
    return bound + "sealed: " + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(KEY, bound.encode(), nonce, wrap).hex() + "\n"


FORMS = {"plain": PLAIN, "receive": RECEIVE, "hex": HEX + "\n", "base64": base64.b64encode(KEY).decode() + "\n", "sealed": sealed()}

# What mailers, editors and people do, one for each line: the key is whole.
HARMLESS = {
    "nothing": lambda t: t,
    "a mark of the order of octets": lambda t: "\ufeff" + t,
    "line ends of Windows": lambda t: t.replace("\n", "\r\n"),
    "an empty line before": lambda t: "\n" + t,
    "empty lines behind": lambda t: t + "\n\n\n",
    "empty lines between": lambda t: t.replace("\n", "\n\n"),
    "blanks at line ends": lambda t: t.replace("\n", "  \n"),
    "tabs at line ends": lambda t: t.replace("\n", "\t\n"),
    "no line feed at the end": lambda t: t.rstrip("\n"),
    "a mail's quotes": lambda t: "".join("> " + line for line in t.splitlines(True)),
    "a signature": lambda t: t + "-- \nZoë\nzoe@example.org\n",
    "Windows and a mark": lambda t: "\ufeff" + t.replace("\n", "\r\n"),
    "quotes and Windows": lambda t: "".join("> " + line for line in t.splitlines(True)).replace("\n", "\r\n"),
}
# Others: taken or refused.
OTHERS = {
    "a greeting above": lambda t: "Hello,\nhere is the key:\n\n" + t,
    "capitals": str.upper,
    "UTF-16": lambda t: t.encode("utf-16"),
    "line ends of old Macintoshes": lambda t: t.replace("\n", "\r"),
    "hard blanks": lambda t: t.replace(" ", "\u00a0"),
    "quoted printable": lambda t: t.replace("\n", "=\n", 1),
    "broken lines": lambda t: re.sub("(.{60})", "\\1\n", t),
    "groups of digits": lambda t: re.sub("([0-9a-f]{8})", "\\1 ", t),
    "twice": lambda t: t + t,
    "HTML": lambda t: "<html><body><pre>" + t + "</pre></body></html>",
    "marks of no width": lambda t: t.replace("key", "k\u200bey"),
    "octets of zero": lambda t: t + "\0" * 100,
    "very long": lambda t: t + "x" * 5_000_000,
}


def take(station, octets, *more, how="file", passphrase=PASSPHRASE.encode() + b"\n", name="taken.key"):
    """keys import under the name `taken`. Returns (result, whether it was taken); what is taken is in the file."""
    ring = station.path("ring")
    for old in ring.glob("*") if ring.is_dir() else ():
        old.unlink()
    path = station.path(name)
    path.write_bytes(octets)
    path.chmod(0o600)
    before = path.read_bytes()
    secret, other_end = os.pipe()
    os.write(other_end, passphrase[:60000])
    os.close(other_end)
    options = {"pass_fds": (secret,)}
    if how == "input":
        options["input"] = octets
        options["stdin"] = None
    try:
        done = station.judged("keys", "import", "-" if how == "input" else f"./{name}", "taken", "--keyring", "ring", "--passphrase-fd", secret,
                              *more, **options)
    finally:
        os.close(secret)
    assert path.read_bytes() == before, f"the file is another one: {done.what}"
    files = list(ring.glob("*")) if ring.is_dir() else []
    if done.returncode != 0:
        assert files == [], f"refused, and something is in the keyring: {done.what}"
        return done, False
    assert [p.name for p in files] == ["taken.key"] and files[0].stat().st_mode & 0o777 == 0o600, done.what
    return done, True


def key_taken(station, passphrase=PASSPHRASE):
    """The key under the name `taken`, by way of an export."""
    secret, other_end = os.pipe()
    os.write(other_end, passphrase.encode() + b"\n")
    os.close(other_end)
    try:
        text = station.does("keys", "export", "taken", "-", "--plain", "--keyring", "ring", "--passphrase-fd", secret,
                            pass_fds=(secret,)).stdout.decode()
    finally:
        os.close(secret)
    return bytes.fromhex(re.search("key: ([0-9a-f]{64})", text).group(1))


@damage.each([f"{form}, {how}, {way}" for form in FORMS for n, how in enumerate(HARMLESS) for way in (("file", "input") if n < 5 else ("file",))])
def test_what_travelled_is_taken(station, case):
    form, how, way = case.split(", ")
    done, taken = take(station, HARMLESS[how](FORMS[form]).encode(), how=way)
    assert taken and key_taken(station) == KEY, done.what


# which is a key, but another one
@damage.each([f"{form}, {how}" for form in FORMS for how in OTHERS if (form, how) != ("base64", "capitals")])
def test_what_suffered_more_is_right_or_refused(station, case):
    form, _, how = case.partition(", ")
    octets = OTHERS[how](FORMS[form])
    done, taken = take(station, octets if isinstance(octets, bytes) else octets.encode())
    if taken:
        assert key_taken(station) == KEY, f"another key: {done.what}"


def digits_in(octets):
    return re.sub(rb"[\s>]|\xef\xbb\xbf", b"", octets)


@damage.cases("damaged", 100)
def test_damaged_keys_are_right_or_refused(station, case):
    """A plain key has no checksum: what is taken stands in the file, digit for digit. A sealed one cannot become another."""
    rng = damage.seed_of(case)
    form = rng.choice(tuple(FORMS))
    octets = damage.damaged(FORMS[form].encode(), rng)
    done, taken = take(station, octets, how=rng.choice(("file", "input")))
    if taken:
        key = key_taken(station)
        stands_there = key.hex().encode() in digits_in(octets).lower() or base64.b64encode(key).rstrip(b"=") in digits_in(octets)
        assert key == KEY if form == "sealed" else stands_there, f"another key: {done.what}"


@damage.cases("else", 20)
def test_what_is_no_key_is_refused(station, case):
    rng = damage.seed_of(case)
    done, taken = take(station, damage.something_else(rng))
    assert not taken, done.what


@damage.cases("in-a-keyring", 20)
def test_damaged_files_in_a_keyring(station, case):
    """They disturb nobody but their own key; `list` and `show` say what they are."""
    rng = damage.seed_of(case)
    ring = station.path("damaged-ring")
    ring.mkdir(mode=0o700, exist_ok=True)
    for name, text in (("good", PLAIN), ("bad", damage.damaged(FORMS[rng.choice(("plain", "receive", "sealed"))].encode(), rng).decode("latin1"))):
        (ring / f"{name}.key").write_bytes(text.encode("latin1"))
        (ring / f"{name}.key").chmod(0o600)
    before = (ring / "bad.key").read_bytes()
    station.judged("keys", "list", "--keyring", ring)
    station.judged("keys", "show", "bad", "--keyring", ring)
    station.judged("keys", "fingerprint", "bad", "--keyring", ring)
    done = station.judged("keys", "fingerprint", "good", "--keyring", ring)
    assert done.returncode == 0 or "hold the same key" in done.said, done.what
    assert (ring / "bad.key").read_bytes() == before


NAMES = ("friends", "a.key", "group.key", ".hidden", "..", ".", "-x", "--plain", "a/b", "../up", "a b", "zoë", "鍵", "a\nb", "a\tb", "x" * 64,
         "x" * 255, "x" * 5000, "",
         " ", "CON", "key", "-", "~", "*", "%s%n", "a;b", "$(id)", "'", '"', "\\")


@damage.each(range(len(NAMES)), ids=[repr(name)[:20] for name in NAMES[::damage.EVERY]])
def test_names_of_keys(station, case):
    """A name that is taken can be used; all others are refused."""
    name = NAMES[case]
    ring = station.path(f"names-{case}")
    done = station.judged("keys", "new", "--keyring", ring, "--", name)
    if done.returncode == 0:
        used = station.judged("keys", "fingerprint", "--keyring", ring, "--", name)
        assert used.returncode == 0, f"made, and of no use: {used.what}"
    else:
        assert not ring.exists() or not list(ring.iterdir()), f"refused, and something is there: {done.what}"


# What is read from --passphrase-fd, and whether it is the passphrase.
PASSPHRASES = {
    "a line": (PASSPHRASE.encode() + b"\n", True), "no line feed": (PASSPHRASE.encode(), True),
    "a line of Windows": (PASSPHRASE.encode() + b"\r\n", True),
    "more lines": (PASSPHRASE.encode() + b"\nanother\n\n", True), "empty lines behind": (PASSPHRASE.encode() + b"\n\n\n", True),
    "a mark of the order of octets": (b"\xef\xbb\xbf" + PASSPHRASE.encode() + b"\r\n", True),
    "nothing": (b"", False), "an empty line": (b"\n", False), "an empty line of Windows": (b"\r\n", False),
    "another": (b"correct horse batteri\n", False),
    "the beginning": (b"correct\n", False), "more": (PASSPHRASE.encode() + b"!\n", False), "capitals": (PASSPHRASE.upper().encode() + b"\n", False),
    "UTF-16": (PASSPHRASE.encode("utf-16"), False), "an octet of zero": (b"correct\0horse battery\n", False), "long": (b"x" * 60000 + b"\n", False),
    "long without end": (b"x" * 60000, False), "no UTF-8": (b"\xff\xfe\xfd" * 9 + b"\n", False), "octets of zero": (bytes(2000), False),
}


@damage.each(PASSPHRASES)
def test_passphrases(station, case):
    octets, right = PASSPHRASES[case]
    done, taken = take(station, FORMS["sealed"].encode(), passphrase=octets)
    assert taken == right, done.what
    if taken:
        assert key_taken(station) == KEY


@damage.cases("damaged-passphrase", 30)
def test_damaged_passphrases(station, case):
    """It opens what it is, and nothing else does."""
    rng = damage.seed_of(case)
    octets = damage.damaged(PASSPHRASE.encode() + b"\n", rng)
    done, taken = take(station, FORMS["sealed"].encode(), passphrase=octets)
    first = octets.removeprefix(b"\xef\xbb\xbf").split(b"\n")[0].rstrip(b"\r ")
    assert not taken or first == PASSPHRASE.encode(), done.what
