# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections 2 and 5 to 7 of docs/protocol.md, written from that text alone: hashlib, and ChaCha20 and GF(2^16) in plain Python.

Nothing of the C++ core is used, so that the two check each other. It is slow and keeps no secret: for vectors only.
"""

import base64
import hashlib
import struct

VERSION = 1
VOICE_BITS = [256, 192, 128, 112, 104, 96, 56]  # by codec
EPOCH = 1577836800  # 2020-01-01T00:00:00Z
SECURE, CLEAR = 0x53, 0x43


def H(domain, key, size, message):
    return hashlib.blake2b(
        message, digest_size=size, key=key, salt=domain.ljust(16, b"\0"), person=b"gr-securevoice/1"
    ).digest()


# --- ChaCha20 (RFC 8439, section 2.3) ---


def _rotate(a, n):
    return (a << n | a >> (32 - n)) & 0xFFFFFFFF


def _quarter(s, a, b, c, d):
    s[a] = (s[a] + s[b]) & 0xFFFFFFFF
    s[d] = _rotate(s[d] ^ s[a], 16)
    s[c] = (s[c] + s[d]) & 0xFFFFFFFF
    s[b] = _rotate(s[b] ^ s[c], 12)
    s[a] = (s[a] + s[b]) & 0xFFFFFFFF
    s[d] = _rotate(s[d] ^ s[a], 8)
    s[c] = (s[c] + s[d]) & 0xFFFFFFFF
    s[b] = _rotate(s[b] ^ s[c], 7)


def chacha20_block(key, counter, nonce):
    start = list(struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key) + (counter,) + struct.unpack("<3I", nonce))
    s = list(start)
    for _ in range(10):
        for a, b, c, d in [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)]:
            _quarter(s, a, b, c, d)
        for a, b, c, d in [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]:
            _quarter(s, a, b, c, d)
    return struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(s, start)))


def stream(key, domain, number, codec):
    """6.1: as long as the text, padding bits zero. A text has 33 octets at most, so one ChaCha20 block is enough."""
    octets = chacha20_block(key, 0, domain + struct.pack("<Q", number))[: text_octets(codec)]
    return octets[:-1] + bytes([octets[-1] & last_octet_mask(codec)])


def text_octets(codec):
    return 1 + (VOICE_BITS[codec] + 7) // 8


def last_octet_mask(codec):
    used = VOICE_BITS[codec] % 8 or 8
    return 0xFF << (8 - used) & 0xFF


def xor(a, b):
    assert len(a) == len(b)
    return bytes(x ^ y for x, y in zip(a, b))


# --- GF(2^16) and pieces (5.1) ---


def multiply(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        b >>= 1
        a <<= 1
        if a & 0x10000:
            a ^= 0x1002D
    return product


def inverse(a):
    assert a
    result, exponent = 1, 65534
    while exponent:
        if exponent & 1:
            result = multiply(result, a)
        a = multiply(a, a)
        exponent >>= 1
    return result


def interpolate(points, place):
    """Value at `place` of the polynomial of least degree through {place: value}, in Lagrange's form."""
    total = 0
    for x, y in points.items():
        above, below = y, 1
        for other in points:
            if other != x:
                above = multiply(above, place ^ other)
                below = multiply(below, x ^ other)
        total ^= multiply(above, inverse(below))
    return total


def piece(header, number):
    points = dict(enumerate(struct.unpack(">11H", header)))
    j = number % 32768
    return struct.pack(">2H", interpolate(points, 2 * j), interpolate(points, 2 * j + 1))


def header_from_pieces(pieces):
    """From {number: piece} of six or more blocks."""
    points = {}
    for number, octets in pieces.items():
        j = number % 32768
        points[2 * j], points[2 * j + 1] = struct.unpack(">2H", octets)
    used = dict(list(points.items())[:11])
    assert len(used) == 11, "six pieces are needed"
    return struct.pack(">11H", *(interpolate(used, n) for n in range(11)))


# --- Keys of a transmission, header (5, 6) ---


def context(salt, codec, profile):
    return salt + bytes([VERSION, codec, profile])


def make_salt(key, random, wall, monotonic, counter, process, audio):
    return H(b"salt", key, 32, random + struct.pack("<4Q", wall, monotonic, counter, process) + audio)[:12]


def start_time(unix_time):
    return (unix_time - EPOCH) // 4 % 2**28


def header_keys(key, ctx):
    hk = H(b"header-keys", key, 64, ctx)
    return hk, hk[:32], struct.unpack(">I", hk[32:36])[0] & 0x0FFFFFFF


def voice_keys(key, ctx, start):
    vk = H(b"voice-keys", key, 64, ctx + struct.pack("<Q", start))
    return vk[:32], vk[32:]


def clear_keys(ctx):
    ck = H(b"clear-keys", b"", 64, ctx)
    return ck[:32], ck[32:]


def time_field(codec, profile, masked):
    return struct.pack(">I", (8 * profile + codec) << 28 | masked)


def header_tag(k_head, ctx, time):
    return H(b"header-tag", k_head, 32, ctx + time)[:4]


def header_check(ctx, time, htag):
    return H(b"header-check", b"", 32, ctx + time + htag)[:2]


# --- Blocks (6.2, 6.3) ---


def block_tag(k_mac, number, piece_octets, body):
    return H(b"block-tag", k_mac, 32, bytes([SECURE]) + struct.pack("<I", number) + piece_octets + body)[:4]


def clear_check(k_check, number, piece_octets, body):
    return H(b"clear-check", k_check, 32, bytes([CLEAR]) + struct.pack("<I", number) + piece_octets + body)[:3]


def clear_keyed(k_mac, number, piece_octets, body, check):
    return H(b"clear-keyed", k_mac, 32, bytes([CLEAR]) + struct.pack("<I", number) + piece_octets + body + check)[:1]


# --- Keys on disk (7) ---


def fingerprint(key):
    return base64.b32encode(H(b"fingerprint", key, 32, b"")[:5]).decode()


# --- A receiver ---


class Receiver:
    """Opens what is on the air of one transmission; `key` is empty for a station without one."""

    def __init__(self, header, key=b""):
        self.salt, time, self.htag, check = header[:12], header[12:16], header[16:20], header[20:22]
        mode = time[0] >> 4
        self.profile, self.codec = divmod(mode, 8)
        if self.codec >= len(VOICE_BITS):
            raise ValueError("no such mode")
        self.ctx = context(self.salt, self.codec, self.profile)
        if header_check(self.ctx, time, self.htag) != check:
            raise ValueError("the public check of the header does not fit")
        self.k_white, self.k_check = clear_keys(self.ctx)
        self.key_fits = False
        if key:
            _, k_head, mask = header_keys(key, self.ctx)
            self.key_fits = header_tag(k_head, self.ctx, time) == self.htag
            self.start = (struct.unpack(">I", time)[0] & 0x0FFFFFFF) ^ mask
            self.k_enc, self.k_mac = voice_keys(key, self.ctx, self.start)

    def open(self, number, piece_octets, body, tag):
        """(kind, text) of a block: 'secure', 'clear from the group', 'clear'; (None, None) if nothing fits."""
        if self.key_fits and block_tag(self.k_mac, number, piece_octets, body) == tag:
            return "secure", xor(body, stream(self.k_enc, b"secv", number, self.codec))
        if clear_check(self.k_check, number, piece_octets, body) != tag[:3]:
            return None, None
        ours = self.key_fits and clear_keyed(self.k_mac, number, piece_octets, body, tag[:3]) == tag[3:]
        text = xor(body, stream(self.k_white, b"clrv", number, self.codec))
        return "clear from the group" if ours else "clear", text
