#!/usr/bin/python3
# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/vectors/crypto.json: every step of docs/protocol.md, sections 5 to 7, and blocks that must be refused.

    /usr/bin/python3 tests/tools/make_vectors.py > tests/vectors/crypto.json

Needs nothing but Python. The same version and seed give the same octets.
"""

import hashlib
import json
import struct
import sys

import air_crypto as air

TOOL_VERSION = 1
SEED = "gr-securevoice vectors 1"
NUMBERS = [0, 1, 77, 32768, 65534]
PIECE_NUMBERS = NUMBERS + [2, 4, 5, 6, 100, 32767, 32769, 40000]
NO_KEY = b""


def octets(label, count):
    """Octets that depend on the seed and the label only."""
    return hashlib.shake_256(f"{SEED}|{label}".encode()).digest(count)


def number(label, bits):
    return int.from_bytes(octets(label, 8), "little") >> (64 - bits)


def make_text(label, codec):
    raw = octets(label, air.text_octets(codec))
    return raw[:-1] + bytes([raw[-1] & air.last_octet_mask(codec)])


class Sender:
    """One transmission with all its intermediate values."""

    def __init__(self, label, key, codec, profile, unix_time):
        self.label, self.key, self.codec = label, key, codec
        inputs = {
            "random": octets(f"{label} random", 32),
            "wall_clock": unix_time * 10**9 + number(f"{label} ns", 29),
            "monotonic_clock": number(f"{label} monotonic", 50),
            "counter": number(f"{label} counter", 20),
            "process": number(f"{label} process", 22),
            "first_audio": octets(f"{label} audio", 32),
        }
        salt = air.make_salt(key, *inputs.values())
        ctx = air.context(salt, codec, profile)
        start = air.start_time(unix_time)
        self.k_white, self.k_check = air.clear_keys(ctx)
        self.values = {
            "label": label,
            "key": key.hex(),
            "codec": codec,
            "profile": profile,
            "unix_time": unix_time,
            "start_time": start,
            "salt_inputs": {name: v.hex() if isinstance(v, bytes) else v for name, v in inputs.items()},
            "salt": salt.hex(),
            "context": ctx.hex(),
            "clear_keys": (self.k_white + self.k_check).hex(),
        }
        if key:
            hk, k_head, mask = air.header_keys(key, ctx)
            self.k_enc, self.k_mac = air.voice_keys(key, ctx, start)
            time = air.time_field(codec, profile, start ^ mask)
            htag = air.header_tag(k_head, ctx, time)
            self.values["header_keys"] = hk.hex()
            self.values["mask"] = mask
            self.values["voice_keys"] = (self.k_enc + self.k_mac).hex()
        else:
            random = octets(f"{label} keyless", 8)  # time, then tag
            time = air.time_field(codec, profile, struct.unpack(">I", random[:4])[0] & 0x0FFFFFFF)
            htag = random[4:]
            self.values["keyless_random"] = random.hex()
        self.header = salt + time + htag + air.header_check(ctx, time, htag)
        self.values["header_tag"] = htag.hex()
        self.values["header"] = self.header.hex()
        self.values["pieces"] = [{"number": n, "piece": air.piece(self.header, n).hex()} for n in PIECE_NUMBERS]

    def block(self, n, kind):
        text = make_text(f"{self.label} text {n}", self.codec)
        piece = air.piece(self.header, n)
        if kind == "secure":
            stream = air.stream(self.k_enc, b"secv", n, self.codec)
            body = air.xor(text, stream)
            tag = air.block_tag(self.k_mac, n, piece, body)
        else:
            stream = air.stream(self.k_white, b"clrv", n, self.codec)
            body = air.xor(text, stream)
            check = air.clear_check(self.k_check, n, piece, body)
            if self.key:
                keyed = air.clear_keyed(self.k_mac, n, piece, body, check)
            else:
                keyed = octets(f"{self.label} keyed {n}", 1)
            tag = check + keyed
        return {
            "number": n,
            "kind": kind,
            "text": text.hex(),
            "stream": stream.hex(),
            "piece": piece.hex(),
            "body": body.hex(),
            "tag": tag.hex(),
        }


def flip(hex_octets, bit):
    raw = bytearray(bytes.fromhex(hex_octets))
    raw[bit // 8] ^= 0x80 >> bit % 8
    return raw.hex()


def refused(sender, other, blocks):
    """Altered blocks that a receiver of `sender`'s transmission must take neither as secure nor as clear."""
    out = []
    for block in blocks:
        for field in ("piece", "body"):
            bit = number(f"{sender.label} {block['number']} {field}", 16) % (4 * len(block[field]))
            if field == "body":
                bit %= 8 + air.VOICE_BITS[sender.codec]
            out.append({**block, field: flip(block[field], bit), "why": f"bit {bit} of the {field} is inverted"})
        bit = number(f"{sender.label} {block['number']} tag", 16) % 24
        out.append({**block, "tag": flip(block["tag"], bit), "why": f"bit {bit} of the tag is inverted"})
        out.append({**block, "number": (block["number"] + 1) % 65535, "why": "the number is another one"})
        out.append({**block, "tag": "00000000", "why": "the tag is zero"})
        out.append({**other.block(block["number"], block["kind"]), "why": "it is a block of another transmission"})
    return [{name: block[name] for name in ("why", "number", "piece", "body", "tag")} for block in out]


def transmission(label, key, codec, profile, unix_time, kinds):
    sender = Sender(label, key, codec, profile, unix_time)
    other = Sender(f"{label} other", key, codec, profile, unix_time + 4)
    blocks = [sender.block(n, kind) for n, kind in zip(NUMBERS, kinds)]
    return {**sender.values, "blocks": blocks, "refused": refused(sender, other, blocks)}


def make():
    keys = [octets(f"key {n}", 32) for n in range(2)]
    alternating = ["secure", "clear", "secure", "clear", "secure"]
    opposite = ["clear", "secure", "clear", "secure", "clear"]
    transmissions = [
        transmission(f"codec {codec}", keys[codec % 2], codec, codec % 2, 1790000000 + 1001 * codec, alternating)
        for codec in range(len(air.VOICE_BITS))
    ]
    transmissions.append(transmission("opposite kinds", keys[0], 0, 0, 1790100003, opposite))
    transmissions.append(transmission("opposite kinds, padded body", keys[1], 4, 1, 1790100003, opposite))
    transmissions.append(transmission("before the epoch", keys[0], 6, 0, 0, alternating))
    transmissions.append(transmission("without key", NO_KEY, 3, 0, 1790200001, ["clear"] * 5))
    return {
        "provenance": {
            "tool": "tests/tools/make_vectors.py",
            "tool_version": TOOL_VERSION,
            "seed": SEED,
            "specification": "docs/protocol.md, sections 5 to 7",
            "rebuild": "/usr/bin/python3 tests/tools/make_vectors.py > tests/vectors/crypto.json",
            "form": "octet strings are hexadecimal; integers are JSON numbers; keys are made up and protect nothing",
        },
        "keys": [
            {
                "key": key.hex(),
                "fingerprint": air.fingerprint(key),
                "file": f"gr-securevoice key 1\nkey: {key.hex()}\n",
            }
            for key in keys
        ],
        "transmissions": transmissions,
    }


def text():
    return json.dumps(make(), indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
