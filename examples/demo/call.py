# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call over the simulated channel, and what each listener makes of it."""

import dataclasses
import json
import pathlib

import numpy as np

from program import read_speech

IQ_RATE = 48000 # samples/s
BLOCK = 640     # samples of speech in a block: 80 ms
KEY, OTHER_KEY = "group", "stranger"


@dataclasses.dataclass
class Channel:
    cn0_dbhz: float = 40.0
    offset_hz: float = 800.0
    clock_ppm: float = 10.0


@dataclasses.dataclass
class Segment:
    """A stretch of blocks of one kind. Times in s of speech."""
    start: float
    end: float
    kind: str


@dataclasses.dataclass
class Listener:
    """What one listener got: speech, Codec2 frames of the blocks in place (a row each), the program's report."""
    speech: np.ndarray
    frames: np.ndarray
    report: dict

    @property
    def first(self):
        """Number of the block that `frames` begins with."""
        return self.report["calls"][0]["first_block"] if self.report["calls"] else 0

    @property
    def played(self):
        """Numbers of the blocks played."""
        return self.first + np.setdiff1d(np.arange(len(self.frames)), self.report.get("lost_blocks", []))

    @property
    def begin(self):
        """Second of the speech that the first sample belongs to."""
        return (self.played[0] if len(self.played) else 0) * BLOCK / 8000

    @property
    def segments(self):
        """The report's segments, brought from the time of the IQ to the time of the speech."""
        if not self.report["segments"]:
            return []
        late = self.report["segments"][0]["start"] - self.begin
        return [Segment(s["start"] - late, s["end"] - late, s["kind"]) for s in self.report["segments"]]


@dataclasses.dataclass
class Call:
    sent: list # of Segments
    sent_report: dict
    sent_frames: np.ndarray
    sent_iq: pathlib.Path
    air_iq: pathlib.Path
    symbols: pathlib.Path
    holder: Listener
    wrong_key: Listener
    eavesdropper: Listener

    @property
    def secure_blocks(self):
        """Numbers of the blocks that were sent secure."""
        number = np.arange(len(self.sent_frames))
        middle = (number + 0.5) * BLOCK / 8000
        return number[np.any([(s.start < middle) & (middle < s.end) for s in self.sent if s.kind == "secure"], axis=0)]


def make(program, name, speech, codec, channel, seed, switches=()):
    """Sends the WAV file `speech` and listens with the key, with another key and without any."""
    folder = program.folder
    sent_iq, air_iq, symbols = f"{name}.sent.cf32", f"{name}.air.cf32", f"{name}.symbols.cf32"
    program("tx", speech, sent_iq, "--key", KEY, "--codec", codec, "--rate", IQ_RATE, "--frames-out", f"{name}.sent.c2",
            "--report", f"{name}.sent.json", *(("--switch", ",".join(switches)) if switches else ()))
    program("channel", sent_iq, air_iq, "--rate", IQ_RATE, "--cn0", channel.cn0_dbhz, "--offset", channel.offset_hz,
            "--clock-ppm", channel.clock_ppm, "--seed", seed)
    sent_report = json.loads((folder / f"{name}.sent.json").read_text())
    sent_octets = np.fromfile(folder / f"{name}.sent.c2", np.uint8)
    octets_in_block = len(sent_octets) // sent_report["blocks_sent"]

    def listen(who, command, *options):
        speech, frames, report = (f"{name}.{who}.{kind}" for kind in ("wav", "c2", "json"))
        program(command, air_iq, speech, *options, "--rate", IQ_RATE, "--frames-out", frames, "--report", report,
                receives=True)
        heard = json.loads((folder / report).read_text())
        # Only one call was made; what a receiver may take for another one does not count.
        rows = heard["calls"][0]["blocks"] if heard["calls"] else 0
        octets = np.fromfile(folder / frames, np.uint8)
        rows = min(rows, len(octets) // octets_in_block)
        return Listener(read_speech(folder / speech), octets[:rows * octets_in_block].reshape(rows, octets_in_block), heard)

    return Call(
        sent=[Segment(**s) for s in sent_report["segments"]],
        sent_report=sent_report,
        sent_frames=sent_octets.reshape(-1, octets_in_block),
        sent_iq=folder / sent_iq,
        air_iq=folder / air_iq,
        symbols=folder / symbols,
        holder=listen("holder", "rx", "--key", KEY, "--symbols-out", symbols),
        wrong_key=listen("wrong_key", "rx", "--key", OTHER_KEY),
        eavesdropper=listen("eavesdropper", "eavesdrop"))
