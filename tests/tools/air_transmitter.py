# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transmissions down to the code bits, in the order of transmission (docs/protocol.md, sections 3.2 and 4 to 6).

Built on air_crypto.py and on the polar encoder of make_polar_vectors.py, both written from the document. Every octet that
a sender draws at random is given here, and every value can be altered on its way: what comes out need not be right.
"""

import pathlib

import air_crypto as air
import make_polar_vectors as polar
import numpy as np

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
BITMAPS = polar.read_bitmaps(DOCUMENT.read_text(encoding="utf-8"))
CODECS = ["3200", "2400", "1600", "1400", "1300", "1200", "700C"]
PUNCTURED = 320
END, CLEAR_FOLLOWS = 0x80, 0x40
PERIOD = 65535


def bits_of(octets):
    return np.unpackbits(np.frombuffer(octets, np.uint8)).astype(int)


def hex_of(bits):
    return np.packbits(np.asarray(bits, np.uint8)).tobytes().hex()


def _sequence():
    m = [int(b) for b in f"{0xACE1:016b}"]
    for n in range(PERIOD - 16):
        m.append(sum(m[n + k] for k in (0, 1, 2, 4, 6, 8, 9, 11, 12, 13, 14, 15)) % 2)
    return m


SEQUENCE = _sequence()


def signs(number):
    """s1 and s2 of 3.2, as "+-"."""
    return "".join("+-"[SEQUENCE[(2 * number + half) % PERIOD]] for half in (0, 1))


def start_bits(header):
    """512 code bits of the start frame, as hexadecimal octets."""
    return hex_of(polar.encode(BITMAPS["start"], 0, [], bits_of(header)))


def block_bits(codec, piece, body, tag):
    """704 code bits of a block, as hexadecimal octets."""
    assert (8 + air.VOICE_BITS[codec]) % 8 == 0 # no bit pads a body: all its octets are sent
    return hex_of(polar.encode(BITMAPS[CODECS[codec]], PUNCTURED, bits_of(piece), bits_of(body + tag)))


class Sender:
    """One transmission of a station.

    salt, random: 12 octets; those that a station without key draws for time and htag (8).
    version: another one than the air interface's is for transmissions that must be refused.
    """

    def __init__(self, key, codec, profile, unix_time, salt, random=b"", version=air.VERSION):
        self.key, self.codec, self.profile, self.unix_time, self.salt, self.random = (key, codec, profile, unix_time, salt,
                                                                                      random)
        self.ctx = salt + bytes([version, codec, profile])
        self.start_time = air.start_time(unix_time)
        self.k_white, self.k_check = air.clear_keys(self.ctx)
        if key:
            _, k_head, mask = air.header_keys(key, self.ctx)
            self.k_enc, self.k_mac = air.voice_keys(key, self.ctx, self.start_time)
            time = air.time_field(codec, profile, self.start_time ^ mask)
            htag = air.header_tag(k_head, self.ctx, time)
        else:
            time = air.time_field(codec, profile, int.from_bytes(random[:4], "big") & 0x0FFFFFFF)
            htag = random[4:8]
        self.header = salt + time + htag + air.header_check(self.ctx, time, htag)

    def secure(self, number, text, piece=None):
        """(piece, body, tag)"""
        piece = air.piece(self.header, number) if piece is None else piece
        body = air.xor(text, air.stream(self.k_enc, b"secv", number, self.codec))
        return piece, body, air.block_tag(self.k_mac, number, piece, body)

    def clear(self, number, text, keyed=None, piece=None):
        """(piece, body, tag); keyed: octet of a station without key, or a wrong one"""
        piece = air.piece(self.header, number) if piece is None else piece
        body = air.xor(text, air.stream(self.k_white, b"clrv", number, self.codec))
        check = air.clear_check(self.k_check, number, piece, body)
        if keyed is None:
            keyed = air.clear_keyed(self.k_mac, number, piece, body, check)
        return piece, body, check + keyed
