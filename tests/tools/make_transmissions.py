#!/usr/bin/python3
# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/vectors/transmissions.json: whole transmissions down to the code bits, and what receivers do with them,
with those that must be refused.

    /usr/bin/python3 tests/tools/make_transmissions.py > tests/vectors/transmissions.json

Made from docs/protocol.md alone, with hashlib and NumPy; no code of the core is used. What is to be played, and the states,
are written here by hand, not computed.
"""

import hashlib
import json
import sys

import accepted_receptions
import air_crypto as air
import air_transmitter as tx
import refused_receptions
from air_reader import rules

TOOL_VERSION = 1
SEED = "gr-securevoice transmissions 1"
KEYS = ("ours", "theirs")
TIME = 1791000000 # s since 1970, of the first transmission


def octets(label, count):
    """Octets that depend on the seed and the label only."""
    return hashlib.shake_256(f"{SEED}|{label}".encode()).digest(count)


def key_of(name):
    return octets(f"key {name}", 32) if name else b""


def transmission(label, kinds, codec, *, profile=0, key="ours", first=0, announce=False, place=0):
    """What a sender puts on the air.

    kinds: "S" or "C" for each voice block. announce: the newest secure block before clear was spoken before the command, and
    says that clear follows. Without it this is somebody else's sender where clear follows secure: the core's sealer always says so.
    """
    by_core = announce or "SC" not in kinds
    random = b"" if key else octets(f"{label} keyless", 8)
    sender = tx.Sender(key_of(key), codec, profile, TIME + 100 * place, octets(f"{label} salt", 12), random)
    size = air.VOICE_BITS[codec] // 8
    blocks, commands = [], 0
    for index in range(len(kinds) + 2):
        spoken = index < len(kinds)
        kind = kinds[index] if spoken else kinds[-1]
        following = kinds[index + 1:index + 2]
        number = first + index
        hint = announce and kind == "S" and following == "C"
        signalling = tx.END * (index >= len(kinds) - 1) | tx.CLEAR_FOLLOWS * hint
        voice = octets(f"{label} voice {number}", size) if spoken else bytes(size)
        keyed = None if key else octets(f"{label} keyed {number}", 1)
        text = bytes([signalling]) + voice
        piece, body, tag = sender.secure(number, text) if kind == "S" else sender.clear(number, text, keyed)
        block = {
            "number": number,
            "kind": "secure" if kind == "S" else "clear",
            "signalling": signalling,
            "voice": voice.hex(),
            "piece": piece.hex(),
            "body": body.hex(),
            "tag": tag.hex(),
            "signs": tx.signs(number),
            "bits": tx.block_bits(codec, piece, body, tag),
        }
        if spoken and by_core: # what the sender's user does
            before = kinds[index - 1] if index else kind
            if hint:
                block["command"] = "clear"
            elif kind != before and not (announce and kind == "C"):
                block["command"] = "clear" if kind == "C" else "secure"
            commands += kind == "C" and before == "S"
            block["clear_commands"] = commands
        blocks.append(block)
    last = blocks[-1]["number"] + 1
    return {
        "label": label,
        "key": key,
        "codec": codec,
        "profile": profile,
        "mode": 8 * profile + codec,
        "unix_time": sender.unix_time,
        "salt": sender.salt.hex(),
        "keyless_random": random.hex(),
        "header": sender.header.hex(),
        "start_bits": tx.start_bits(sender.header),
        "blocks": blocks,
        "closing": {"number": last, "signs": tx.signs(last)},
    }, sender


def all_transmissions():
    """{label: (vector, sender)}"""
    made = [
        transmission(f"switched, {rate}", "SSSCCCCCSSS" if codec % 2 == 0 else "SSSCCCSSS", codec, profile=codec % 2,
                     announce=True, place=codec)
        for codec, rate in enumerate(tx.CODECS)
    ]
    made += [
        transmission("plain", "S" * 16, 4, place=10),
        transmission("other", "S" * 12, 4, place=10),
        transmission("switched without a word", "SSSCCCCSS", 5, profile=1, place=11),
        transmission("twice in clear", "SSSCCCSCCCS", 5, place=16),
        transmission("the group in clear", "CCCCCC", 6, place=12),
        transmission("without a key", "CCCCCC", 3, key=None, profile=1, place=13),
        transmission("far on", "S" * 8, 6, first=40000, place=14),
        transmission("the last numbers", "S" * 8, 1, first=65525, place=15),
    ]
    return {vector["label"]: (vector, sender) for vector, sender in made}


def make():
    transmissions = all_transmissions()
    return {
        "provenance": {
            "tool": "tests/tools/make_transmissions.py",
            "tool_version": TOOL_VERSION,
            "seed": SEED,
            "libraries": "hashlib (BLAKE2b, SHAKE256) of Python, NumPy (polar encoding as a matrix product); ChaCha20 and "
                         "GF(2^16) in plain Python (tests/tools/air_crypto.py); no code of the core",
            "specification": "docs/protocol.md, sections 3.2 and 4 to 6, Appendix A",
            "rebuild": "/usr/bin/python3 tests/tools/make_transmissions.py > tests/vectors/transmissions.json",
            "form": "octet strings are hexadecimal, code bits packed most significant bit first in the order of "
                    "transmission; keys are made up and protect nothing; fields: tests/vectors/README.md",
        },
        "keys": {name: key_of(name).hex() for name in KEYS},
        "states": rules.STATES,
        "transmissions": [vector for vector, _ in transmissions.values()],
        "receptions": accepted_receptions.make(transmissions) + refused_receptions.make(transmissions),
    }


def text():
    """A field, block or event per line."""
    def lines(value, depth):
        if depth == 0 or not isinstance(value, (dict, list)) or not value:
            return json.dumps(value)
        if isinstance(value, dict):
            inner = [f"{json.dumps(name)}: {lines(v, depth - 1)}" for name, v in value.items()]
            return "{\n" + ",\n".join(inner) + "\n}"
        return "[\n" + ",\n".join(lines(v, depth - 1) for v in value) + "\n]"
    return lines(make(), 4) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
