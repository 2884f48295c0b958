# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged and unusual files, made from good ones: a case's name is its seed, so that it is the same in every run."""

import os
import random
import zlib

import pytest

EVERY = int(os.environ.get("SECUREVOICE_ROUGH_EVERY", "1")) # 1: all cases, 6: every sixth

# Names that people and systems give to files; {} is the name without its extension, then the extension with its dot.
NAMES = ("{}{}", "{} with blanks{}", "{}'s \"best\"{}", "{}\\{}", "{}.of.monday{}", "{}ÄÖÜ-обед-夕{}", "-{}{}", "{}%20$HOME*?{}", "{},rate=1{}",
         "{}\t{}", "#{}{}", "{}" + "x" * 180 + "{}")


def seed_of(text):
    """A generator of random numbers, the same for the same text."""
    return random.Random(zlib.crc32(text.encode()))


def cases(kind, count):
    """Decorator: the test gets `case`, `count` names of cases of a kind, each a seed."""
    return pytest.mark.parametrize("case", [f"{kind}-{n}" for n in range(0, count, EVERY)])


def each(names, **options):
    """Decorator: the test gets `case`, each of the names."""
    return pytest.mark.parametrize("case", list(names)[::EVERY], **options)


def odd_name(rng, name):
    """Another name for a file; its extension stays, now and then in capitals."""
    stem, dot, extension = name.rpartition(".")
    extension = rng.choice((extension, extension, extension.upper(), extension.capitalize()))
    return rng.choice(NAMES).format(stem, dot + extension)


def cut(octets, rng):
    return octets[:rng.choice((0, 1, rng.randrange(64), rng.randrange(len(octets)), len(octets) - 1, len(octets) - rng.randrange(1, 16)))]


def cut_in_front(octets, rng):
    return octets[rng.choice((1, rng.randrange(1, 64), rng.randrange(1, len(octets) + 1))):]


def padded(octets, rng):
    return octets + rng.choice((b"\0", b"\n", b"\xff", rng.randbytes(1), bytes(rng.randrange(5000)), rng.randbytes(rng.randrange(5000))))


def padded_in_front(octets, rng):
    return rng.choice((b"\0", b"\n", b"\xef\xbb\xbf", b"\xff\xfe", bytes(rng.randrange(1, 600)), rng.randbytes(rng.randrange(1, 600)))) + octets


def bad_octets(octets, rng):
    changed = bytearray(octets)
    for _ in range(rng.choice((1, 2, 10, 100))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def bad_beginning(octets, rng):
    """Octets of the first 64, where headers are."""
    changed = bytearray(octets)
    for _ in range(rng.choice((1, 1, 2, 4))):
        changed[rng.randrange(min(64, len(changed)))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    return bytes(changed)


def hole(octets, rng):
    first = rng.randrange(len(octets))
    return octets[:first] + octets[first + rng.choice((1, 2, 3, 4, 511, 4096)):]


def twice(octets, _rng):
    return octets + octets


def zeros_within(octets, rng):
    """A block that a disk gave back empty."""
    first = rng.randrange(len(octets))
    length = min(len(octets) - first, rng.choice((1, 512, 4096, 65536)))
    return octets[:first] + bytes(length) + octets[first + length:]


def text_mode(octets, rng):
    """Through a transfer as text: line ends."""
    return octets.replace(b"\n", b"\r\n") if rng.random() < 0.5 else octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def swapped(octets, rng):
    """The other order of octets."""
    width = rng.choice((2, 4))
    whole = len(octets) // width * width
    return b"".join(octets[n:n + width][::-1] for n in range(0, whole, width)) + octets[whole:]


DAMAGES = (cut, cut, cut_in_front, padded, padded_in_front, bad_octets, bad_beginning, bad_beginning, hole, twice, zeros_within, text_mode, swapped)


def damaged(octets, rng):
    """One damage, now and then two."""
    for _ in range(rng.choice((1, 1, 1, 2))):
        if octets:
            octets = rng.choice(DAMAGES)(octets, rng)
    return octets


def something_else(rng):
    """What is no file of ours at all."""
    return rng.choice((b"", b"\0", bytes(40000), b"\xff" * 40000, b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n" * 50,
                       b"\x89PNG\r\n\x1a\n" + rng.randbytes(8000), b"PK\x03\x04" + rng.randbytes(8000), b"\x7fELF" + rng.randbytes(8000),
                       b"RIFF" + rng.randbytes(8000), b"RIFF\x24\0\0\0WAVEfmt " + rng.randbytes(100), b"OggS" + rng.randbytes(8000),
                       b"fLaC" + rng.randbytes(8000), b"ID3" + rng.randbytes(8000), "ä€".encode("utf-16") * 2000, b'{"global": {}}'))
