#!/usr/bin/python3
# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/vectors/key_files.json: key files of version 1 that can be used, and files that cannot (docs/protocol.md,
section 7).

    /usr/bin/python3 tests/tools/make_key_files.py > tests/vectors/key_files.json
"""

import hashlib
import json
import sys

KEY = hashlib.shake_256(b"gr-securevoice key files 1").digest(32).hex()
FIRST = "gr-securevoice key 1\n"
GOOD = {
    "lower-case digits": (f"{FIRST}key: {KEY}\n", KEY),
    "upper-case digits": (f"{FIRST}key: {KEY.upper()}\n", KEY),
    "all but one bit zero": (f"{FIRST}key: {'0' * 63}1\n", "0" * 63 + "1"),
}
BAD = {
    "a key of 32 zero octets": f"{FIRST}key: {'0' * 64}\n",
    "31 octets": f"{FIRST}key: {KEY[:62]}\n",
    "63 digits": f"{FIRST}key: {KEY[:63]}\n",
    "33 octets": f"{FIRST}key: {KEY}00\n",
    "no hexadecimal digit": f"{FIRST}key: {KEY[:63]}g\n",
    "spaces between the digits": f"{FIRST}key: {KEY[:32]} {KEY[32:]}\n",
    "no line feed at the end": f"{FIRST}key: {KEY}",
    "carriage returns": f"{FIRST}key: {KEY}\n".replace("\n", "\r\n"),
    "a third line": f"{FIRST}key: {KEY}\nnote: mine\n",
    "an empty third line": f"{FIRST}key: {KEY}\n\n",
    "two keys": f"{FIRST}key: {KEY}\nkey: {KEY}\n",
    "no key": FIRST,
    "no name of the field": f"{FIRST}{KEY}\n",
    "no space after the colon": f"{FIRST}key:{KEY}\n",
    "version 9": f"gr-securevoice key 9\nkey: {KEY}\n",
    "another first line": f"gr-securevoice key 10\nkey: {KEY}\n",
    "the lines exchanged": f"key: {KEY}\n{FIRST}",
    "an octet of zero at the end": f"{FIRST}key: {KEY}\n\0",
    "an empty file": "",
}


def make():
    files = [{"label": label, "octets": text.encode().hex(), "key": key} for label, (text, key) in GOOD.items()]
    files += [{"label": label, "octets": text.encode().hex(), "key": None} for label, text in BAD.items()]
    return {
        "provenance": {
            "tool": "tests/tools/make_key_files.py",
            "specification": "docs/protocol.md, section 7",
            "libraries": "hashlib (SHAKE256) of Python for the digits of the key",
            "rebuild": "/usr/bin/python3 tests/tools/make_key_files.py > tests/vectors/key_files.json",
        },
        "files": files,
    }


def text():
    return json.dumps(make(), indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
