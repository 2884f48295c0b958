#!/usr/bin/env python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Makes tests/vectors/polar_encoder.txt from docs/protocol.md alone: section 4 and the bitmaps of Appendix A.

    make_polar_vectors.py docs/protocol.md > tests/vectors/polar_encoder.txt

The code word is computed as the product of the info word and the generator matrix, the Kronecker power of [1 0; 1 1].
"""

import functools
import hashlib
import re
import sys

import numpy as np

NAMES = ["3200", "2400", "1600", "1400", "1300", "1200", "700C", "start"]
WORDS_PER_CODE = 4


def read_bitmaps(text):
    """{code: {"info" or "piece": array of 0 and 1}} from Appendix A."""
    appendix = text[text.index("## Appendix A") :]
    codes = {}
    for section in appendix.split("### ")[1:]:
        title = section.splitlines()[0].strip()
        name = "start" if title == "Start frame" else title.replace("Codec2 ", "")
        codes[name] = {}
        for what, block in re.findall(r"`(info|piece)`:\n\n((?:    [0-9a-f]+\n)+)", section):
            digits = "".join(block.split())
            codes[name][what] = np.array([int(b) for d in digits for b in f"{int(d, 16):04b}"])
    return codes


@functools.lru_cache
def generator_matrix(length):
    matrix = np.array([[1]])
    while matrix.shape[0] < length:
        matrix = np.kron(matrix, np.array([[1, 0], [1, 1]]))
    return matrix


def interleave(bits):
    state = 1
    for last in range(len(bits) - 1, 0, -1):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        chosen = ((state >> 16) * (last + 1)) >> 16
        bits[last], bits[chosen] = bits[chosen], bits[last]
    return np.array(bits)


def encode(bitmaps, punctured, piece, others):
    info = bitmaps["info"].copy()
    u = np.zeros(info.size, dtype=int)
    if "piece" in bitmaps:
        u[bitmaps["piece"] == 1] = piece
        info -= bitmaps["piece"]
    u[info == 1] = others
    sent = (u @ generator_matrix(info.size) % 2)[punctured:]
    return interleave(list(sent))


def random_bits(label, count):
    octets = hashlib.shake_256(label.encode()).digest((count + 7) // 8)
    return np.unpackbits(np.frombuffer(octets, dtype=np.uint8))[:count].astype(int)


def as_text(bits):
    return "".join(map(str, bits)) if len(bits) else "-"


def main():
    with open(sys.argv[1], encoding="utf-8") as spec:
        codes = read_bitmaps(spec.read())
    print("# Polar encoder: code, piece bits, other info bits, transmitted bits. Made by tests/tools/make_polar_vectors.py from")
    print("# docs/protocol.md; the info bits are SHAKE256 of a label.")
    for name in NAMES:
        bitmaps = codes[name]
        punctured = 0 if name == "start" else 320
        pieces = int(bitmaps["piece"].sum()) if "piece" in bitmaps else 0
        for k in range(WORDS_PER_CODE):
            piece = random_bits(f"piece {name} {k}", pieces)
            others = random_bits(f"others {name} {k}", int(bitmaps["info"].sum()) - pieces)
            print(name, as_text(piece), as_text(others), as_text(encode(bitmaps, punctured, piece, others)))


if __name__ == "__main__":
    main()
