# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Header, keys and blocks (docs/protocol.md, sections 5 and 6)."""

import dataclasses
import hashlib

import numpy

VERSION = 1
END, CLEAR_FOLLOWS = 0x80, 0x40


def digest(domain, key, length, message):
    return hashlib.blake2b(message, digest_size=length, key=key, salt=domain.encode().ljust(16, b"\0"),
                           person=b"gr-securevoice/1").digest()


def chacha20(key, nonce, length):
    """RFC 8439, block counter from 0."""
    stream = b""
    for counter in range(-(-length // 64)):
        start = numpy.frombuffer(b"expand 32-byte k" + key + counter.to_bytes(4, "little") + nonce, "<u4")
        s = start.copy().reshape(4, 4)
        for _ in range(10):
            for turn in (0, 1): # the four columns at once, then the four diagonals
                a, b, c, d = (numpy.roll(s[row], -turn * row) for row in range(4))
                for x, y in ((16, 12), (8, 7)):
                    a = a + b
                    d = (d ^ a) << x | (d ^ a) >> (32 - x)
                    c = c + d
                    b = (b ^ c) << y | (b ^ c) >> (32 - y)
                s = numpy.array([numpy.roll(row, turn * n) for n, row in enumerate((a, b, c, d))], "<u4")
        stream += (s.ravel() + start).astype("<u4").tobytes()
    return stream[:length]


def pack(bits):
    return numpy.packbits(numpy.asarray(bits, bool)).tobytes()


def unpack(octets, count=None):
    return numpy.unpackbits(numpy.frombuffer(octets, numpy.uint8), count=count).astype(bool)


def _xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


@dataclasses.dataclass(frozen=True)
class Header:
    octets: bytes # 22

    @property
    def salt(self):
        return self.octets[:12]

    @property
    def mode(self):
        return self.octets[12] >> 4

    @property
    def masked_time(self):
        return int.from_bytes(self.octets[12:16], "big") & 0xFFFFFFF

    @property
    def tag(self):
        return self.octets[16:20]

    @property
    def context(self):
        profile, codec = divmod(self.mode, 8)
        return self.salt + bytes([VERSION, codec, profile])

    def check_fits(self):
        return self.octets[20:] == digest("header-check", b"", 32, self.context + self.octets[12:20])[:2]

    def start_time(self, key):
        """In units of 4 s since 2020, or None where the header is not of this key."""
        keys = digest("header-keys", key, 64, self.context)
        if self.tag != digest("header-tag", keys[:32], 32, self.context + self.octets[12:16])[:4]:
            return None
        return self.masked_time ^ (int.from_bytes(keys[32:36], "big") & 0xFFFFFFF)


@dataclasses.dataclass(frozen=True)
class Opened:
    kind: str # secure, clear
    signalling: int
    voice: numpy.ndarray # bits
    keyed_fits: bool # clear: whether the keyed octet is the key's


class Session:
    """Opens the blocks of one transmission; without a key, or with a wrong one, the clear ones."""

    def __init__(self, header, key, voice_bits):
        self._voice_bits = voice_bits
        self._white, self._check = self._halves(digest("clear-keys", b"", 64, header.context))
        self.start_time = None if key is None else header.start_time(key)
        self._encryption = self._mac = None
        if self.start_time is not None:
            message = header.context + self.start_time.to_bytes(8, "little")
            self._encryption, self._mac = self._halves(digest("voice-keys", key, 64, message))

    @staticmethod
    def _halves(octets):
        return octets[:32], octets[32:]

    def _text(self, body, key, domain, number):
        stream = chacha20(key, domain + number.to_bytes(8, "little"), len(body))
        bits = unpack(_xor(body, stream), 8 + self._voice_bits)
        return int(numpy.packbits(bits[:8])[0]), bits[8:]

    def __call__(self, number, piece, body, tag):
        """Opened, or None where no check fits. body: octets, the last one padded with zeros; tag: the 4 octets."""
        message = number.to_bytes(4, "little") + piece + body
        if self._mac and tag == digest("block-tag", self._mac, 32, b"\x53" + message)[:4]:
            return Opened("secure", *self._text(body, self._encryption, b"secv", number), False)
        message = b"\x43" + message
        if tag[:3] == digest("clear-check", self._check, 32, message)[:3]:
            keyed = bool(self._mac) and tag[3:] == digest("clear-keyed", self._mac, 32, message + tag[:3])[:1]
            return Opened("clear", *self._text(body, self._white, b"clrv", number), keyed)
        return None
