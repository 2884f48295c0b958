# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/protocol.md holds as tables: the modes (section 2) and the info sets (Appendix A), read out of its text."""

import dataclasses
import pathlib
import re

import numpy

DOCUMENT = pathlib.Path(__file__).resolve().parents[3] / "docs" / "protocol.md"
PUNCTURED, SENT = 320, 704 # of a voice block's 1024 code bits (section 4)


@dataclasses.dataclass(frozen=True)
class Code:
    """One polar code: length N, the first `punctured` bits of x not sent; bool arrays over u."""

    info: numpy.ndarray
    piece: numpy.ndarray
    punctured: int


@dataclasses.dataclass(frozen=True)
class Codec:
    number: int
    name: str # the Codec2 rate
    frames: int # in a block
    frame_bits: int
    code: Code

    @property
    def voice_bits(self):
        return self.frames * self.frame_bits


def _bitmap(text):
    digits = "".join(text.split())
    return numpy.array([int(bit) for digit in digits for bit in f"{int(digit, 16):04b}"], bool)


def _code(appendix, heading, punctured):
    """The bitmaps below `### heading`: a name in backquotes, then lines indented by four."""
    section = re.search(rf"^### {re.escape(heading)}\n(.*?)(?=^#|\Z)", appendix, re.M | re.S).group(1)
    maps = {name: _bitmap(digits) for name, digits in re.findall(r"^`(\w+)`:\n\n((?:    [0-9a-f]+\n)+)", section, re.M)}
    return Code(maps["info"], maps.get("piece", numpy.zeros_like(maps["info"])), punctured)


def _read():
    text = DOCUMENT.read_text(encoding="utf-8")
    appendix = text[text.index("## Appendix A"):] + "\n"
    codecs = {}
    for row in re.findall(r"^\| (\d) \| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", text, re.M):
        number, frames, bits, voice, info = (int(row[column]) for column in (0, 2, 3, 4, 5))
        codec = Codec(number, row[1], frames, bits, _code(appendix, f"Codec2 {row[1]}", PUNCTURED))
        assert (codec.voice_bits, codec.code.info.sum(), codec.code.piece.sum()) == (voice, info, 32), row
        assert len(codec.code.info) == PUNCTURED + SENT and not (codec.code.piece & ~codec.code.info).any(), row
        codecs[number] = codec
    start = _code(appendix, "Start frame", 0)
    assert (len(start.info), start.info.sum()) == (512, 176)
    return codecs, start


CODECS, START_CODE = _read()
