#!/usr/bin/env python3
# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the first call of an IQ file with nothing but docs/protocol.md: see air_reader/__init__.py."""

import argparse
import dataclasses
import json
import pathlib
import re
import sys

import numpy
from air_reader import coding, document, secrecy, waveform

EPOCH = 1577836800 # 2020-01-01T00:00:00Z
TIME_UNIT = 4 # seconds
GONE = 4 # blocks without pilots: the call is over


@dataclasses.dataclass(frozen=True)
class Block:
    number: int
    kind: str # secure, clear; unreadable: no check fits
    voice: bytes # as c2enc would write it; None if unreadable
    signalling: int # None if unreadable
    keyed_ok: bool # clear: the keyed octet fits our key
    piece: bytes # as it was heard, not as it is known
    piece_ok: bool # it is the header's
    body: bytes
    tag: bytes


@dataclasses.dataclass(frozen=True)
class Call:
    header: secrecy.Header
    codec: document.Codec
    start_time: int # seconds since 1970, or None without the key
    late_entry: bool
    first_symbol: float # of block 0, or of the first block heard; seconds in the file
    frequency: float # Hz
    number_by_signs: int # of the first block, by the number signs alone; None with fewer than 8 blocks
    blocks: list
    closed: bool # by the closing sync word

    def voice_blocks(self):
        """Those that carry speech: of those with END the first one."""
        ended = False
        for block in self.blocks:
            if block.voice is None:
                continue
            end = bool(block.signalling & secrecy.END)
            if not end or (not ended and any(block.voice)):
                yield block
            ended = ended or end

    def frames(self):
        """As the codec's encoder would write them, from the first block read to the last one; zeros for those between
        that could not be."""
        voices = {block.number: block.voice for block in self.voice_blocks()}
        silence = bytes(self.codec.frames * (-(-self.codec.frame_bits // 8)))
        return b"".join(voices.get(n, silence) for n in range(min(voices), max(voices) + 1)) if voices else b""


def _codec_of(mode):
    """The codec of a mode; None where there is none."""
    profile, codec = divmod(mode, 8)
    return document.CODECS.get(codec) if profile in (0, 1) else None


def _read_start(samples, time, frequency):
    """The header in a start frame, or None."""
    fit = waveform.Fit(samples.symbols(time, frequency, waveform.START_POSITIONS), waveform.START_POSITIONS,
                       waveform.START_VALUES, 4, 0.5)
    data = fit.equalise(samples.symbols(time, frequency, waveform.START_DATA), waveform.START_DATA)
    _, bits = coding.decode(waveform.llrs(data), document.START_CODE)
    header = secrecy.Header(secrecy.pack(bits))
    return header if header.check_fits() and _codec_of(header.mode) else None


def _soft_signs(samples, time, frequency, fit):
    """s1 and s2 of a block, weighted; fit: of its pilots alone."""
    sync = fit.equalise(samples.symbols(time, frequency, waveform.SYNC_POSITIONS), waveform.SYNC_POSITIONS)
    return [(sync[8 * n:8 * n + 8] * word.conj()).real.sum() for n, word in enumerate(waveform.GOLAY_WORDS)]


class Heard:
    """A block on the air, before anything is known about its content."""

    def __init__(self, samples, time, frequency, number, mode):
        known = numpy.concatenate([waveform.SYNC_POSITIONS, waveform.PILOT_POSITIONS, waveform.BLOCK +
                                   waveform.SYNC_POSITIONS])
        values = numpy.concatenate([waveform.sync_word(number), waveform.pilots(mode), waveform.sync_word(number + 1)])
        self.time, self.frequency = waveform.align(samples, time, frequency, known, values, 8, 1, 0.2)
        fit = waveform.Fit(samples.symbols(self.time, frequency, known), known, values, 8, 1)
        pilots = waveform.Fit(samples.symbols(self.time, self.frequency, waveform.PILOT_POSITIONS),
                              waveform.PILOT_POSITIONS, waveform.pilots(mode), 4, 1)
        self.number, self.match, self.power = number, pilots.match, pilots.power
        data = fit.equalise(samples.symbols(self.time, frequency, waveform.BLOCK_DATA), waveform.BLOCK_DATA)
        self.llrs = waveform.llrs(data)
        self.signs = _soft_signs(samples, self.time, self.frequency, pilots)


def _hear_blocks(samples, time, frequency, number, mode):
    """All blocks from this one on, and the number, time and frequency where the closing sync word belongs."""
    heard, missed, loudest = [], 0, 0.0
    length = waveform.BLOCK * samples.per_symbol
    after = number, time, frequency
    while missed < GONE and time + length <= len(samples.iq) + samples.per_symbol:
        block = Heard(samples, time, frequency, number, mode)
        number += 1
        loudest = max(loudest, block.power)
        if block.match > 0.4 and block.power > 0.05 * loudest:
            heard.append(block)
            missed = 0
            time += 0.3 * (block.time - time) # of a clock's error little per block, of noise little too
            frequency += 0.3 * (block.frequency - frequency)
            after = number, time + length, frequency
        else:
            missed += 1
        time += length
    return heard, after


def _is_closed(samples, number, time, frequency, power):
    fit = waveform.Fit(samples.symbols(time, frequency, waveform.SYNC_POSITIONS), waveform.SYNC_POSITIONS,
                       waveform.sync_word(number), 8, 1)
    return bool(fit.match > 0.5 and fit.power > 0.05 * power)


def _number(signs):
    """The number of the first of these blocks in a row: the best of all by the number signs; None for fewer than 8."""
    if len(signs) < 8:
        return None
    numbers = numpy.arange(65535)
    agreement = sum(soft * waveform.NUMBER_SIGNS[(2 * (numbers + k) + half) % 65535]
                    for k, pair in enumerate(signs) for half, soft in enumerate(pair))
    return int(agreement.argmax())


def _enter_late(samples):
    """(time, frequency, number, mode) of the first block of a call that is under way; None without any."""
    found = waveform.find_blocks(samples)
    if found is None:
        return None
    time, frequency = found
    times = waveform.block_times(samples, time, 16)
    at = waveform.PILOT_POSITIONS
    received = numpy.array([samples.symbols(t, frequency, at) for t in times])
    best = 0, None, None
    for off in numpy.arange(-60, 61, 2): # far from 104 Hz, at which one mode's pilots look like another's
        turned = received * numpy.exp(-2j * numpy.pi / waveform.BAUD * off * at)
        for mode in filter(_codec_of, range(16)):
            best = max(best, ((abs(turned @ waveform.pilots(mode).conj()) ** 2).sum(), mode, frequency + off))
    _, mode, frequency = best
    if mode is None:
        return None
    fits = [waveform.Fit(samples.symbols(t, frequency, at), at, waveform.pilots(mode), 4, 0.5) for t in times]
    active = [n for n, fit in enumerate(fits) if fit.match > 0.4]
    if not active:
        return None
    first = active[0]
    number = _number([_soft_signs(samples, times[n], frequency, fits[n]) for n in range(first, active[-1] + 1)])
    return None if number is None else (times[first], frequency, number, mode)


def _header_from_pieces(heard, mode):
    """From any six blocks in a row; None where no six of them fit together."""
    code = _codec_of(mode).code
    pieces = [(block.number, secrecy.pack(coding.decode(block.llrs, code)[0])) for block in heard[:50]]
    for first in range(len(pieces) - 5):
        header = secrecy.Header(coding.header_of(dict(pieces[first:first + 6])))
        if header.check_fits() and header.mode == mode:
            return header
    return None


def _open(heard, header, codec, session):
    expected = coding.piece_of(header.octets, heard.number)
    piece, bits = coding.decode(heard.llrs, codec.code)
    piece = secrecy.pack(piece)
    opened = None
    for known in (False, True):
        if known: # a receiver that knows the header decodes better
            _, bits = coding.decode(heard.llrs, codec.code, secrecy.unpack(expected))
        body, tag = secrecy.pack(bits[:-32]), secrecy.pack(bits[-32:])
        opened = session(heard.number, expected, body, tag)
        if opened:
            break
    common = {"number": heard.number, "piece": piece, "piece_ok": piece == expected, "body": body, "tag": tag}
    if opened is None:
        return Block(kind="unreadable", voice=None, signalling=None, keyed_ok=False, **common)
    voice = b"".join(secrecy.pack(frame) for frame in opened.voice.reshape(codec.frames, codec.frame_bits))
    return Block(kind=opened.kind, voice=voice, signalling=opened.signalling, keyed_ok=opened.keyed_fits, **common)


def read_call(iq, rate, key=None):
    """The first call in the IQ samples; None where there is none.

    iq: complex; rate: Hz, a multiple of 4800; key: 32 octets, or None for a listener without one.
    """
    if key is not None and len(key) != 32:
        raise ValueError(f"a key has 32 octets, not {len(key)}")
    samples = waveform.Samples(iq, rate)
    header, late = None, False
    for time, frequency in waveform.find_starts(samples):
        header = _read_start(samples, time, frequency)
        if header:
            time, number, mode = time + waveform.BLOCK * samples.per_symbol, 0, header.mode
            break
    if header is None:
        entry = _enter_late(samples)
        if entry is None:
            return None
        late = True
        time, frequency, number, mode = entry
    heard, after = _hear_blocks(samples, time, frequency, number, mode)
    header = header or _header_from_pieces(heard, mode)
    if header is None or not heard:
        return None
    codec = _codec_of(mode)
    session = secrecy.Session(header, key, codec.voice_bits)
    start = None if session.start_time is None else EPOCH + TIME_UNIT * session.start_time
    in_a_row = [block.signs for n, block in enumerate(heard) if block.number == heard[0].number + n]
    return Call(header=header, codec=codec, start_time=start, late_entry=late, first_symbol=float(time) / rate,
                frequency=float(frequency), number_by_signs=_number(in_a_row[:32]),
                blocks=[_open(block, header, codec, session) for block in heard],
                closed=_is_closed(samples, *after, heard[-1].power))


def read_key(path):
    """A key file: docs/protocol.md, section 7."""
    found = re.fullmatch(rb"gr-securevoice key 1\nkey: ([0-9A-Fa-f]{64})\n", pathlib.Path(path).read_bytes())
    if not found:
        raise ValueError(f"{path} is no key file of version 1.")
    key = bytes.fromhex(found[1].decode("ascii"))
    if not any(key):
        raise ValueError(f"{path}: a key of zeros is none.")
    return key


def describe(call):
    """For JSON."""
    header = call.header
    return {
        "header": header.octets.hex(), "salt": header.salt.hex(), "mode": header.mode, "codec": call.codec.name,
        "masked_time": header.masked_time, "start_time": call.start_time, "late_entry": call.late_entry,
        "first_symbol_s": call.first_symbol, "frequency_hz": call.frequency, "number_by_signs": call.number_by_signs,
        "closed": call.closed,
        "blocks": [{"number": b.number, "kind": b.kind, "signalling": b.signalling, "keyed_ok": b.keyed_ok,
                    "piece_ok": b.piece_ok} for b in call.blocks],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("iq", metavar="IN.cf32", help="complex float samples")
    parser.add_argument("--key-file", help="of the call; without it only clear blocks can be read")
    parser.add_argument("--rate", type=int, default=48000, help="Hz, a multiple of 4800 (default: %(default)s)")
    parser.add_argument("--frames-out", help="where to write the Codec2 frames, as c2enc would")
    parser.add_argument("--json", action="store_true", help="describe the call on standard output")
    options = parser.parse_args()
    key = read_key(options.key_file) if options.key_file else None
    call = read_call(numpy.fromfile(options.iq, numpy.complex64), options.rate, key)
    if call is None:
        print("No call was found.", file=sys.stderr)
        return 3
    if options.frames_out:
        pathlib.Path(options.frames_out).write_bytes(call.frames())
    if options.json:
        print(json.dumps(describe(call), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
