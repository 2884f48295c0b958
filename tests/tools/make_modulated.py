#!/usr/bin/python3
# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/vectors/modulated: transmissions of make_transmissions.py as IQ without noise, and modulated.json, which says
what is in them.

    /usr/bin/python3 tests/tools/make_modulated.py tests/vectors/modulated
"""

import json
import pathlib
import sys

import air_crypto as air
import air_modulator
import air_transmitter as tx
import make_transmissions
import numpy as np
from refused_receptions import fields, flip

PER_SYMBOL = 3
PEAK = 120 # of 127
FRAMES = [4, 4, 2, 2, 2, 2, 2] # in a block, by codec


def with_bad_tags(call):
    """Each block's tag with its last bit inverted."""
    blocks = []
    for block in call["blocks"]:
        piece, body, tag = fields(block)
        blocks.append({**block, "bits": tx.block_bits(call["codec"], piece, body, flip(tag, 31))})
    return {**call, "blocks": blocks}


def frames_of(call):
    """As c2enc writes them: a frame's bits begin a new octet."""
    out = b""
    for block in call["blocks"][:-2]: # the last two repeat END
        bits = tx.bits_of(bytes.fromhex(block["voice"])).reshape(FRAMES[call["codec"]], -1)
        out += b"".join(np.packbits(frame.astype(np.uint8)).tobytes() for frame in bits)
    assert air.VOICE_BITS[call["codec"]] == bits.size
    return out.hex()


def samples(call, profile):
    """Real and imaginary parts in turn, rounded to eight bits."""
    modulate = air_modulator.modulate_constant if profile == "constant" else air_modulator.modulate
    iq = modulate(call, PER_SYMBOL)
    parts = np.stack([iq.real, iq.imag], axis=1)
    return np.rint(parts * PEAK / abs(parts).max()).astype(np.int8)


def make():
    """(description, {file: samples})"""
    calls = {label: vector for label, (vector, _) in make_transmissions.all_transmissions().items()}
    files = {
        "switched-3200": (calls["switched, 3200"], "narrow"),
        "switched-700C": (calls["switched, 700C"], "narrow"),
        "bad-tags-1300": (with_bad_tags(calls["other"]), "narrow"),
        "robust-2400": (calls["switched, 2400"], "robust"),
        "constant-3200": (calls["switched, 3200"], "constant"),
    }

    def kinds(name, call):
        return ["unreadable" if "bad" in name else block["kind"] for block in call["blocks"]]

    description = {
        "provenance": {
            "tool": "tests/tools/make_modulated.py",
            "tool_version": 2,
            "libraries": "NumPy; the transmissions are those of transmissions.json",
            "specification": "docs/protocol.md, section 3",
            "rebuild": "/usr/bin/python3 tests/tools/make_modulated.py tests/vectors/modulated",
        },
        "rate": 4800 * PER_SYMBOL,
        "files": {
            name: {"of": call["label"], "profile": profile, "key": call["key"], "kinds": kinds(name, call),
                   "frames": "" if "bad" in name else frames_of(call)}
            for name, (call, profile) in files.items()
        },
    }
    return description, {name: samples(*file) for name, file in files.items()}


def main():
    folder = pathlib.Path(sys.argv[1])
    description, files = make()
    folder.mkdir(exist_ok=True)
    for name, iq in files.items():
        (folder / f"{name}.ci8").write_bytes(iq.tobytes())
    (folder / "modulated.json").write_text(json.dumps(description, indent=1) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
