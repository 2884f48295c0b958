#!/usr/bin/python3
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the seeds of the fuzz targets: seeds/NAME/*, the same octets in every run. What the octets mean says fuzz_NAME.cc.

    make_seeds.py           writes them
    make_seeds.py --check   compares with those that are there; exit code 1 if they differ

Inputs that fuzzing found are kept beside them as seeds/NAME/found-*; this program leaves them alone.
"""

import hashlib
import json
import pathlib
import random
import struct
import sys

import nacl.bindings
import nacl.pwhash

FOLDER = pathlib.Path(__file__).resolve().parent / "seeds"
CODECS = 7
KEY = bytes((1 + 7 * n + 1) % 256 for n in range(32)) # tests/core/crypto/helpers.h: key_from(1)


def blake2b(domain, key, size, message):
    """docs/protocol.md, section 6."""
    return hashlib.blake2b(message, digest_size=size, key=key, salt=domain.ljust(16, b"\0"), person=b"gr-securevoice/1").digest()


def header(mode, time=12345, salt=bytes(range(12)), key=KEY):
    """docs/protocol.md, sections 5 and 6."""
    context = salt + bytes([1, mode % 8, mode // 8])
    keys = blake2b(b"header-keys", key, 64, context)
    mask = int.from_bytes(keys[32:36], "big") & 0xFFFFFFF
    octets = struct.pack(">I", mode << 28 | (time ^ mask))
    tag = blake2b(b"header-tag", keys[:32], 32, context + octets)[:4]
    check = blake2b(b"header-check", b"", 32, context + octets + tag)[:2]
    return salt + octets + tag + check


def floats(*values):
    return struct.pack(f"<{len(values)}f", *values)


def demodulator():
    """Sample rate, shape and length of the chunks; then the signal's parts."""
    whole = bytes([12, 0, 255]) # of the call, 27 chunks of 8 ms to the second
    silence = bytes([0, 60])
    for rate in range(10):
        yield f"rate-{rate}", bytes([rate, 0, 200, 1]) + silence + whole
    for shape in (1, 9, 17, 25, 3, 5):
        yield f"shape-{shape}", bytes([0, shape]) + bytes([77, 0, 1, 0, 255, 3, 48, 0])[:2 * (1 + shape // 8 % 4)] + silence + whole
    yield "late", bytes([0, 0, 100, 0]) + silence + bytes([12, 30, 255])
    yield "noise", bytes([0, 0, 100, 0, 2, 5, 12, 255, 2, 6, 12, 255])
    yield "offset", bytes([0, 0, 100, 0]) + silence + bytes([4, 0, 255, 20, 40])
    yield "cut-and-again", bytes([0, 0, 100, 0, 12, 0, 60, 0, 30, 12, 0, 90])
    yield "echo", bytes([0, 1, 33, 1]) + silence + whole + bytes([7, 100, 0, 30])
    for n in range(8):
        yield f"specks-{n}", bytes([0, n == 0, 200, 0]) + silence + whole + bytes([6 + 8 * n, 90, 0, 5, 0])
    yield "one-value", bytes([4, 0, 100, 0, 1 + 8 * 31]) + floats(1.0, 0.5) + bytes([0])
    fm = bytes([5, 140, 100, 20, 3])
    yield "fm", bytes([4, 1, 33, 1]) + fm
    yield "fm-not-followed", bytes([4, 32, 33, 1]) + fm
    yield "fm-and-back", bytes([0, 1, 33, 1]) + bytes([5, 60, 60, 20, 3]) + bytes([12, 0, 60])
    yield "fm-again-after-half-a-second", bytes([1, 0, 33, 1, 5, 30, 60, 20, 3, 0, 163, 0, 163, 0, 164, 5, 60, 60, 20, 5])
    yield "fm-of-nobody", bytes([4, 0, 33, 1]) + bytes([5, 140, 0, 20, 3])
    for n in (0, 1, 4): # no number, infinity, large
        yield f"fm-specks-{n}", bytes([4, 1, 200, 0]) + fm + bytes([6 + 8 * n, 90, 0, 5, 0])
    yield "samples", bytes([0, 0, 100, 0, 3, 200]) + random.Random(1).randbytes(400)


def frames():
    for keys in (0, 1, 5):
        yield f"patterns-{keys}", bytes([keys]) + b"".join(
            bytes([2 | 0x10, 4, 0, 3, 16]) + random.Random(n).randbytes(4) for n in range(20))
        yield f"noise-{keys}", bytes([keys]) + b"".join(bytes([2, 1, n]) + floats(4.0) for n in range(20))
    strange = [float("nan"), float("inf"), float("-inf"), 0.0, -0.0, 1e38, 1e-45]
    yield "one-value", bytes([1]) + b"".join(bytes([1 + n % 2, 2]) + floats(v) for n, v in enumerate(strange))
    yield "strange-estimates", bytes([1]) + bytes([2 | 0x40]) + struct.pack("<d3fB", float("nan"), *strange[:3], 1) + bytes([2]) + floats(1.0)
    yield "types", bytes([1]) + b"".join(bytes([what | 0x20, what % 4, 2]) + floats(-3.0) for what in range(8))
    yield "numbers", bytes([0]) + b"".join(bytes([2 | 0x80]) + struct.pack("<H", n) + bytes([2]) + floats(2.0) for n in (65534, 65535, 0, 32768))
    yield "unreadable", bytes([1]) + b"".join(bytes([2 | 0x40]) + struct.pack("<d3fB", n * 0.08, 50, 1, 0.9, 0) + bytes([1, n]) + floats(3.0)
                                              for n in range(20))


def chain():
    """Keys and list, codec, kinds of both calls; then a program."""
    all_frames = bytes([0xF0, 0xF0])
    for codec in range(CODECS):
        for plan in range(3):
            yield f"call-{codec}-{plan}", bytes([2, codec, plan, 0]) + all_frames
    for keys in (0, 1, 3, 6, 7, 10):
        yield f"keys-{keys}", bytes([keys, 4, 1, 0]) + all_frames
    late = bytes([10, 0, 0, 2, 5])
    for plan in range(3):
        yield f"late-{plan}", bytes([2, 4, plan, 0]) + late + all_frames
    for plan in range(3):
        yield f"live-{plan}", bytes([2 | 16, 4, plan, 0]) + all_frames
    yield "live-replayed", bytes([2 | 16, 4, 0, 0, 0xF0, 9, 2, 2, 0, 14, 0, 20, 0xF0])
    yield "zeroized", bytes([2, 4, 1, 0, 0x90, 0xFF, 0xF0])
    yield "replayed", bytes([2, 4, 0, 0, 0xF0, 2, 1, 0xF0])
    yield "repeated", bytes([2, 4, 0, 0, 0x50, 2, 4, 0, 2, 4, 0, 2, 4, 0, 15])
    yield "another-track", bytes([2, 4, 0, 0, 0xF0, 9, 2, 2, 0, 14, 0, 20, 0xF0])
    yield "echo-on-another-track", bytes([2, 4, 0, 0, 0x40, 9, 2, 14, 0, 5, 2, 0, 0x40, 0x40])
    yield "two-calls", bytes([2, 4, 0, 0, 0x50, 3, 2, 0, 9, 2, 0x50, 3, 9, 1, 0x50, 14, 0, 9, 3, 9, 2, 0x50])
    yield "secure-beside-clear", bytes([2, 4, 2, 0, 0x50, 3, 2, 0, 9, 2, 0xF0])
    yield "renumbered", bytes([2, 4, 0, 0, 0x50, 7, 9, 0, 0, 7, 255, 255, 0, 0x50])
    yield "spliced", bytes([2, 4, 1, 0, 0x50]) + bytes([12, 1, 3, 100, 1, 0]) * 5 + bytes([0x50])
    yield "flipped", bytes([2, 4, 0, 0, 0x50]) + bytes([4, 10, 0, 60, 0]) * 6 + bytes([0x50])
    yield "noisy", bytes([10, 4, 0, 0]) + b"".join(bytes([13, n, 40, 0]) for n in range(24))
    yield "no-number", bytes([2, 4, 0, 0, 0x30]) + bytes([5]) + floats(float("nan")) + bytes([0, 5]) + floats(float("inf")) + bytes([0x70])
    yield "values", bytes([2, 4, 0, 0, 0x30]) + bytes([6, 0, 0, 255]) + floats(1e30) + bytes([0, 8, 7, 11, 4, 0xF0])
    yield "lost-and-found", bytes([2, 4, 0, 0, 0x90, 15, 10, 0, 0, 0xF0])
    yield "holes", bytes([2, 4, 0, 0, 0x50, 2, 9, 0x20, 2, 20, 0xF0])


def slot():
    """Mode, list, frame; its number; then strokes over its bits."""
    for mode in range(14):
        for frame in range(4):
            if (mode + frame) % 2:
                yield f"mode-{mode}-{frame}", bytes([mode, mode % 6, frame, 0])
    yield "renumbered", bytes([0, 1, 1, 1, 5, 0])
    yield "flipped", bytes([0, 3, 1, 0]) + bytes([10, 0, 80, 1])
    yield "heavily", bytes([4, 5, 1, 0]) + b"".join(bytes([n * 40 % 256, n * 40 // 256, 12, 1]) for n in range(17))
    yield "strange", bytes([4, 3, 2, 0]) + b"".join(
        bytes([50, 0, 255, 0]) + floats(v) for v in (float("nan"), float("inf"), 1e-45))


def pieces(count, *bad):
    """Of numbers 0 ... count - 1, those of `bad` false."""
    return b"".join(bytes([n in bad, n]) for n in range(count))


def headers():
    for mode in (0, 4, 6, 7, 8, 12, 15):
        yield f"mode-{mode}", header(mode) + bytes([mode % 7]) + random.Random(mode).randbytes(42) + pieces(8)
    block = bytes([4]) + bytes(24)
    yield "bad-pieces", header(4) + block + pieces(16, 1, 2, 3, 7, 9)
    yield "too-many-bad", header(4) + block + pieces(9, 1, 2, 3, 7)
    yield "weights", header(4) + block + b"".join(bytes([4 | (n < 12), n]) + floats(w) for n,
                                                  w in enumerate([9.0] * 12 + [0.0, float("nan"), -1.0, 5.0, float("inf"), 1.0]))
    yield "same-index", header(4) + block + b"".join(bytes([2]) + struct.pack("<I", n * 32768) for n in range(6))
    yield "full", header(4) + block + pieces(40, *range(25))


def list_decoder():
    for code in range(8):
        yield f"word-{code}", bytes([code, 5, code]) + floats(4.0)
        yield f"piece-{code}", bytes([code, 16 + 3, code]) + floats(2.0) + bytes([40, 200, 3, 2, 90, 77, 90, 100])
    rng = random.Random(1)
    for size in (0, 2, 5, 7):
        yield f"noise-{size}", bytes([rng.randrange(8), 8 + size, 0]) + b"".join(bytes([2, rng.randrange(256)]) for _ in range(352))
    strange = (float("nan"), float("inf"), float("-inf"), 1e38, 1e-45, -0.0)
    yield "strange", bytes([0, 5, 3]) + floats(1.0) + b"".join(bytes([21]) + floats(strange[n % 6]) for n in range(100))
    yield "infinite", bytes([0, 5, 3]) + floats(float("inf"))


def voice():
    rng = random.Random(2)
    for codec in range(CODECS):
        play = 8 * codec | 4
        yield f"codec-{codec}", bytes([codec % 2]) + b"".join(bytes([play]) + rng.randbytes(32)
                                                              for _ in range(6)) + bytes([play + 1] * 4 + [play + 3, play + 1, play + 2])
        yield f"extremes-{codec}", bytes([0, play]) + bytes(32) + bytes([play]) + b"\xff" * 32
    yield "kinds", b"\1" + b"".join(bytes([n * 4 % 32]) + rng.randbytes(32) + bytes([1, 1, 1]) for n in range(8))


def key_files():
    digits = KEY.hex()
    yield "version-1", f"gr-securevoice key 1\nkey: {digits}\n"
    yield "upper-case", f"gr-securevoice key 1\nkey: {digits.upper()}\n"
    for name, state in (("send", "send"), ("until", "receive until 2026-12-07"), ("revoked", "revoked"), ("no-day", "receive until 2026-02-30")):
        yield f"version-2-{name}", f"gr-securevoice key 2\nstate: {state}\nkey: {digits}\n"
    yield "zeros", "gr-securevoice key 1\nkey: " + 64 * "0" + "\n"
    yield "two-keys", f"gr-securevoice key 1\nkey: {digits}\nkey: {digits}\n"
    yield "cut-off", f"gr-securevoice key 1\nkey: {digits}"
    yield "carriage-returns", f"gr-securevoice key 1\r\nkey: {digits}\r\n"
    yield "short", f"gr-securevoice key 1\nkey: {digits[:-2]}\n"
    yield "version-3", f"gr-securevoice key 3\nkey: {digits}\n"
    yield "sealed", sealed("friends", "send", 1, 8192)
    yield "sealed-zeros", sealed("friends", "send", 1, 8192, bytes(32))
    yield "sealed-dear", sealed("friends", "revoked", 1, 8192).replace("passes: 1\n", "passes: 99\n")


def sealed(name, state, passes, memory, key=KEY):
    """docs/keys.md: Argon2id and XChaCha20-Poly1305; the passphrase is that of fuzz_key_transfer.cc."""
    salt, nonce = bytes(range(16)), bytes(range(100, 124))
    wrapping = nacl.pwhash.argon2id.kdf(32, b"only for fuzzing", salt, opslimit=passes, memlimit=memory * 1024)
    bound = (f"gr-securevoice key 2\nname: {name}\nstate: {state}\npasses: {passes}\nmemory: {memory}\n"
             f"salt: {salt.hex()}\nnonce: {nonce.hex()}\n")
    box = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(key, bound.encode(), nonce, wrapping)
    return bound + f"sealed: {box.hex()}\n"


def key_text():
    for name, text in key_files():
        yield name, text.encode()


def key_transfer():
    """How it comes (0: standard input, 1: file, 2: keyring; 4: nobody to ask; 8: open to others), then its octets."""
    for name, text in key_files():
        for how in (0, 1, 2):
            yield f"{name}-{how}", bytes([how]) + text.encode()
    for how in (0, 1):
        yield f"hex-{how}", bytes([how]) + KEY.hex().encode() + b"\n"
        yield f"hex-zeros-{how}", bytes([how]) + 64 * b"0"
        yield f"base64-{how}", bytes([how]) + b"AgkQFx4lLDM6QUhPVl1ka3J5gIeOlZyjqrG4v8bN1Ns="
        yield f"base64-bare-{how}", bytes([how]) + b" AgkQFx4lLDM6QUhPVl1ka3J5gIeOlZyjqrG4v8bN1Ns\r\n"
        yield f"too-long-{how}", bytes([how]) + b"gr-securevoice key 1\n" + 4100 * b"x"
        yield f"full-{how}", bytes([how]) + b"gr-securevoice key 1\r\n" + 4074 * b"x"
        yield f"not-asked-{how}", bytes([how | 4]) + sealed("friends", "send", 1, 8192).encode()
    sent = sealed("friends", "send", 1, 8192)
    for name, text in (("mark", b"\xef\xbb\xbf" + sent.encode()), ("utf-16", sent.encode("utf-16")), ("big-endian", sent.encode("utf-16-be")),
                       ("quoted", b"Hi,\n\n> " + sent[:-1].replace("\n", "\n> ").encode() + b"\n\n-- \nAnna\n"),
                       ("zbarimg", b"QR-Code:" + sent.encode() + b"\n"),
                       ("wrapped", sent.replace("sealed: ", "sealed:\n")[:-40].encode() + b"\n" + sent[-40:].encode()),
                       ("coded", sent.replace(" ", "=20").encode()[:-30] + b"=\r\n" + sent[-30:].encode()), ("twice", (sent + "\n" + sent).encode()),
                       ("below", (sent + "expires: 2027-01-01\n").encode()), ("blanks", sent.replace(" ", "\u00a0").replace("\n", " \r").encode())):
        yield f"travelled-{name}", bytes([9]) + text
    yield "open-plain", bytes([9]) + dict(key_text())["version-1"]
    yield "open-sealed", bytes([9]) + dict(key_text())["sealed"]
    yield "open-in-keyring", bytes([10]) + dict(key_text())["version-1"]


def replay_memory():
    """What is stored; 'a': any octets follow, else records and then strokes over the file that they make."""
    store = bytes([1, 9, 5])
    records = bytes([20, 6]) + b"".join(bytes([n, n % 4, 10 * n, n]) for n in range(6))
    yield "good", b"g" + store + records
    yield "empty", b"a" + store
    yield "text", b"a" + store + b"svreplay" + 100 * b"x"
    yield "zeros", b"a" + store + bytes(640)
    yield "one-octet", b"g" + store + records + bytes([1, 70, 0, 255])
    yield "one-octet-mended", b"g" + store + records + bytes([5, 100, 0, 255])
    yield "cut-off", b"g" + store + records + bytes([2, 100, 0])
    for name, at, value in (("version", 8, 2), ("since-future", 16, 1 << 62), ("since-past", 16, 1 << 63), ("turn", 24, 1 << 62),
                            ("inserted-none", 32, 0), ("inserted-many", 32, 1 << 63), ("inserted-most", 32, (1 << 64) - 1),
                            ("inserted-ring", 32, 16384), ("sequence", 64 + 16, 77), ("late", 64 + 24, 1 << 63), ("next", 64 + 32, 1 << 20)):
        yield name, b"g" + store + records + bytes([4, at, 0]) + struct.pack("<Q", value)
    yield "same-record", b"g" + store + bytes([20, 4, 1, 4, 255, 255, 255, 255, 1, 1, 3, 0, 1, 1, 8, 9]) + bytes(20)


def short_texts():
    texts = ["send", "revoked", "receive until 2026-12-07", "receive until 9999-12-31", "receive until 1970-01-01", "2026-02-29",
             "2024-02-29", "0000-00-00", "1969-12-31", "3200", "700C", "narrow", "robust", "friends", ".hidden", "-x", "a/b", 65 * "a",
             "0=clear", "1.5=clear\n3=secure", "1e6=clear", "1e-300=secure", "nan=clear", "inf=clear", "0x1p3=clear", "2=clear\n1=secure", "=clear",
             "0=fm", "2=fm\n4=clear\n5=secure"]
    for n, text in enumerate(texts):
        yield f"{n:02}", text.encode()


def call_log():
    """Records of reports: frames (0x80 and more) and heard blocks (1 + how % 4 is the action)."""
    frame = bytes([0x81]) + floats(50.0, -120.0)
    started = bytes([0x85]) + floats(50.0, -120.0)
    play = bytes([4, 4])
    yield "call", started + play * 20 + bytes([6, 4])
    yield "late", frame + bytes([12, 4, 100, 0]) + play * 10 + bytes([5, 4]) * 4 + bytes([6, 4])
    yield "ended", started + play * 5 + bytes([5, 4]) * 3 + bytes([70, 4])
    yield "two-calls", started + play * 5 + bytes([6, 4]) + frame + bytes([12, 1, 200, 0]) + play * 3
    yield "kinds", started + play * 5 + bytes([0, 4]) * 5 + bytes([7, 4]) * 2 + play * 5
    fm = bytes([0, 255])
    yield "fm", started + play * 5 + (bytes([0xc0]) + floats(50.0, -120.0) + fm) * 5 + bytes([0xc1]) + floats(50.0, -120.0) + play * 5
    yield "numbers", started + bytes([12, 4, 254, 255]) + bytes([12, 4, 3, 0])
    yield "strange-estimates", bytes([0x85]) + floats(float("nan"), float("inf")) + play


def iq_file():
    """1: through a pipe; 2, 4, 6: integers; 8: WAV; 10: SigMF metadata."""
    for how in (0, 1):
        yield f"samples-{how}", bytes([how]) + floats(0.5, -0.5, 1.0, 0.0)
        yield f"strange-{how}", bytes([how]) + floats(float("nan"), float("inf"), -0.0, 1e-45)
        yield f"beyond-{how}", bytes([how]) + floats(0.5, -2e9)
        yield f"broken-{how}", bytes([how]) + floats(0.5, 0.5, 1.0) + b"x"
        yield f"wave-{how}", bytes([how]) + b"RIFF1234"
        yield f"empty-{how}", bytes([how])
        for encoding, octets in ((2, 4), (4, 2), (6, 2)):
            yield f"integers-{encoding}-{how}", bytes([how + encoding]) + bytes(range(0, 256, 3)) + bytes(-86 % octets) + b"\x80\x7f\0\xff"
            yield f"odd-{encoding}-{how}", bytes([how + encoding]) + bytes(9)
    rng = random.Random(4)
    two = wave(1, 2, 48000, 16, rng.randbytes(200))
    yield "wav-16", b"\x08" + two
    yield "wav-float", b"\x08" + wave(3, 2, 96000, 32, floats(0.5, -0.5, float("nan"), 1e38))
    yield "wav-extensible", b"\x08" + wave(0xFFFE, 2, 48000, 16, rng.randbytes(40))
    yield "wav-mono", b"\x08" + wave(1, 1, 48000, 16, rng.randbytes(40))
    yield "wav-24", b"\x08" + wave(1, 2, 48000, 24, rng.randbytes(60))
    yield "wav-empty", b"\x08" + wave(1, 2, 48000, 16, b"")
    yield "wav-cut-off", b"\x08" + two[:101]
    yield "wav-too-much-said", b"\x08" + two.replace(struct.pack("<I", 200), b"\xff\xff\xff\x7f")
    for name, text in recordings():
        yield f"sigmf-{name}", b"\x0a" + text.encode()


def recordings():
    plain = {"core:datatype": "ci16_le", "core:version": "1.0.0", "core:sample_rate": 2.4e6}
    def text(captures=None, **more):
        return json.dumps({"global": {**plain, **more},
                           "captures": [{"core:sample_start": 0, "core:frequency": 144.8e6}] if captures is None else captures})
    for datatype in ("cf32_le", "ci16_le", "ci8", "cu8", "cf32_be", "rf32_le"):
        yield datatype, text(**{"core:datatype": datatype})
    for name, key, value in (("rate-text", "core:sample_rate", "48000"), ("rate-zero", "core:sample_rate", 0),
                             ("rate-huge", "core:sample_rate", 1e308),
                             ("rate-integer", "core:sample_rate", 1 << 63), ("channels", "core:num_channels", 2), ("dataset", "core:dataset", "x"),
                             ("trailing", "core:trailing_bytes", 8)):
        yield name, text(**{key: value})
    yield "retuned", text(captures=[{"core:frequency": 1e8}, {"core:frequency": 2e8}])
    yield "header", text(captures=[{"core:header_bytes": 4}])
    yield "no-captures", text(captures=[])
    yield "captures-object", text(captures={})
    yield "deep", text(captures=[{"x": 0}]).replace('"x": 0', '"x": ' + 9000 * "[" + 9000 * "]")
    yield "no-global", "{}"
    yield "cut-off", text()[:-1]
    yield "overflow", text().replace("2400000.0", "1e999")


def wave(form, channels, rate, bits, samples):
    block = channels * bits // 8
    body = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, form, channels, rate, rate * block, block,
                                     bits) + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def speech_file():
    """'s': samples; any other first octet: a file."""
    rng = random.Random(3)
    yield "samples", b"s" + rng.randbytes(400)
    yield "pcm16", b"f" + wave(1, 1, 8000, 16, rng.randbytes(200))
    yield "stereo", b"f" + wave(1, 2, 44100, 16, rng.randbytes(400))
    yield "pcm8", b"f" + wave(1, 1, 16000, 8, rng.randbytes(200))
    yield "pcm24", b"f" + wave(1, 1, 48000, 24, rng.randbytes(300))
    yield "float", b"f" + wave(3, 1, 8000, 32, floats(0.5, -0.5, 2.0, float("nan"), float("inf"), 1e38))
    yield "mu-law", b"f" + wave(7, 1, 8000, 8, rng.randbytes(200))
    yield "slow", b"f" + wave(1, 1, 1999, 16, rng.randbytes(20))
    yield "fast", b"f" + wave(1, 1, 768000, 16, rng.randbytes(200))
    yield "empty", b"f" + wave(1, 1, 8000, 16, b"")
    yield "cut-off", b"f" + wave(1, 1, 8000, 16, rng.randbytes(200))[:100]
    yield "too-much-said", b"f" + wave(1, 1, 8000, 16, rng.randbytes(40)).replace(struct.pack("<I", 40), b"\xff\xff\xff\x7f")
    yield "au", b"f.snd" + struct.pack(">5I", 24, 60, 3, 8000, 1) + rng.randbytes(60)


def conf_message():
    """A tree: its first octet modulo 18 says what it is; symbols (0): 0 kind, 1 ptt, 2 secure, 3 clear."""
    kind, ptt, secure, clear = (bytes([0, n]) for n in range(4))
    true, false = b"\x81", b"\x03"
    pair, dictionary, two = b"\x08", b"\x0a", b"\x52"
    trees = {
        "secure": pair + kind + secure, "clear": pair + kind + clear, "pressed": pair + ptt + true, "released": pair + ptt + false,
        "dictionary": dictionary + kind + clear, "both": two + kind + secure + ptt + true, "nil": b"\x04", "symbol": secure,
        "unknown-kind": pair + kind + b"\0\4", "not-a-kind": pair + kind + true, "not-a-bool": pair + ptt + secure,
        "one-unknown": two + kind + secure + b"\0\4" + true, "list": b"\x0d" + kind + secure, "vector": b"\x0e" + kind,
        "tuple": b"\x0f" + kind + secure,
        "octets": b"\x10" + 16 * b"k", "number": pair + kind + b"\x06" + struct.pack("<d", float("nan")), "deep": pair * 6 + kind,
    }
    yield from trees.items()


MAKERS = {"demodulator": demodulator, "frames": frames, "chain": chain, "slot": slot, "header": headers, "list_decoder": list_decoder,
          "voice": voice, "key_text": key_text, "key_transfer": key_transfer, "replay_memory": replay_memory, "short_texts": short_texts,
          "call_log": call_log,
          "iq_file": iq_file, "speech_file": speech_file, "conf_message": conf_message}


def main():
    made = {f"{target}/{name}": octets for target, maker in MAKERS.items() for name, octets in maker()}
    there = {str(p.relative_to(FOLDER)): p for p in FOLDER.glob("*/*") if not p.name.startswith("found-")}
    if sys.argv[1:] == ["--check"]:
        wrong = [name for name in made.keys() | there.keys()
                 if name not in made or name not in there or there[name].read_bytes() != made[name]]
        for name in sorted(wrong):
            print(f"seeds/{name} is not what make_seeds.py makes")
        return 1 if wrong else 0
    for name in there.keys() - made.keys():
        there[name].unlink()
    for name, octets in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
    print(f"{len(made)} seeds, {sum(map(len, made.values()))} octets")
    return 0


if __name__ == "__main__":
    sys.exit(main())
