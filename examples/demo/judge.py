# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of the demo's calls. Each judgement is a line of the table, with its verdict."""

import dataclasses
import math

import numpy as np

LEAST_PLAYED = 0.99
SWITCH_TOLERANCE = 0.1 # s between the command and the first block of the new kind
SIGMAS = 5             # chance stays within five standard deviations but once in 1.7 million runs


@dataclasses.dataclass
class Line:
    what: str
    value: str
    good: object = None # True, False, or None for a figure that is not judged

    def __post_init__(self):
        self.good = None if self.good is None else bool(self.good) # not numpy's


def percent(share, digits):
    return f"{100 * share:.{digits}f} %"


def equal_bits(a, b):
    """Share of equal bits of two arrays of octets, and how far from one half chance takes it."""
    different = np.unpackbits(a ^ b)
    return 1 - different.mean(), SIGMAS * 0.5 / math.sqrt(different.size)


def overlap(a, b, numbers):
    """Octets of these blocks, of two listeners' or senders' frames (rows by number), as far as both have them."""
    numbers = numbers[numbers < min(len(a), len(b))]
    return a[numbers], b[numbers]


def in_place(listener):
    """The listener's frames with rows by number."""
    return np.vstack([np.zeros((listener.first, listener.frames.shape[1]), np.uint8), listener.frames])


def share(what, a, b, numbers):
    a, b = overlap(a, b, numbers)
    if a.size == 0:
        return 0.0, Line(what, "no bits to compare", False)
    equal, bound = equal_bits(a, b)
    return equal, Line(what, f"{percent(equal, 2)} (chance: 50 ± {percent(bound, 2)} of {a.size * 8} bits)", abs(equal - 0.5) < bound)


def blocks(call):
    report, sent = call.holder.report, len(call.sent_frames)
    played = call.holder.played
    same = np.array_equal(in_place(call.holder)[played], call.sent_frames[played]) if max(played, default=0) < sent else False
    return [
        Line("blocks sent", f"{sent} ({len(call.secure_blocks)} secure, {sent - len(call.secure_blocks)} clear)"),
        Line("voice bits in a block", f"{call.sent_frames.shape[1] * 8} (80 ms)"),
        Line("blocks played", f"{report['blocks_played']} ({percent(report['blocks_played'] / sent, 1)})",
             report["blocks_played"] >= LEAST_PLAYED * sent and report["blocks_played"] == len(played)),
        Line("blocks lost, refused", f"{report['blocks_lost']}, {report['blocks_refused']}"),
        Line("Codec2 frames played", "are those that were sent" if same else "differ from those that were sent", same),
    ]


def switches(call, asked):
    """Each switch happens when it was asked for, and the receiver follows in the same block."""
    expected = ["secure"] + [kind for _, kind in asked]
    lines = []
    for who, segments in (("sent", call.sent), ("heard", call.holder.segments)):
        good = [s.kind for s in segments] == expected and all(
            abs(s.start - t) <= SWITCH_TOLERANCE for s, (t, _) in zip(segments[1:], asked))
        lines.append(Line(f"kinds {who}", ", ".join(f"{s.kind} from {s.start:.2f} s" for s in segments), good))
    together = len(call.sent) == len(call.holder.segments) and all(
        abs(a.start - b.start) < 0.04 for a, b in zip(call.sent[1:], call.holder.segments[1:]))
    lines[-1].good = lines[-1].good and together
    return lines


def estimates(call, channel):
    cn0, offset = call.holder.report["cn0_estimate"], call.holder.report["offset_estimate_hz"]
    if cn0 is None:
        return [Line("C/N0 and carrier offset", "no signal", False)]
    return [
        Line("C/N0", f"set {channel.cn0_dbhz:.1f}, estimated {cn0:.1f} dB-Hz", abs(cn0 - channel.cn0_dbhz) < 1),
        Line("carrier offset", f"set {channel.offset_hz:+.0f}, estimated {offset:+.1f} Hz", abs(offset - channel.offset_hz) < 10),
    ]


def wrong_key(call, secure_call):
    """Of a call that is secure throughout: nothing. Of the other: what was sent in clear, which is for everybody."""
    nothing = secure_call.wrong_key
    heard = call.wrong_key.played
    secrets = np.intersect1d(heard, call.secure_blocks).size
    return [
        Line("wrong key, secure call", f"{len(nothing.speech)} samples; '{nothing.report['state']}'",
             len(nothing.speech) == 0 and nothing.report["blocks_played"] == 0 and nothing.report["state"] == "encrypted, no key"),
        Line("wrong key, this call", f"{secrets} of {len(call.secure_blocks)} secure blocks, {len(heard) - secrets} clear ones",
             secrets == 0),
    ]


def eavesdropper(call, secure_call):
    secure, sent = call.secure_blocks, call.sent_frames
    equal, line = share("eavesdropper, right bits", in_place(call.eavesdropper), sent, secure)
    _, twice = share("second call, equal bits", in_place(call.eavesdropper), in_place(secure_call.eavesdropper), secure)
    return equal, [line, twice]
