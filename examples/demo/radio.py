# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call that goes from secure voice to FM and back, and what an ordinary FM radio makes of it."""

import dataclasses
import json

import numpy as np

from call import IQ_RATE, KEY
from judge import SIGMAS, SWITCH_TOLERANCE, Line
from program import read_iq, read_speech

CHANNEL_HZ = 5500 # on each side: 2.5 kHz of deviation and 3 kHz of voice
WINDOW = 400      # samples of speech, 50 ms, whose loudness is compared


@dataclasses.dataclass
class FmCall:
    sent: dict
    heard: dict
    speech: np.ndarray # what the receiver with the key plays
    radio: np.ndarray  # what an ordinary radio plays


def ordinary_radio(iq, rate=IQ_RATE):
    """A discriminator and a de-emphasis, in numpy alone: speech of 8000 samples/s, from the first sample of the IQ on."""
    spectrum, f = np.fft.fft(iq), np.fft.fftfreq(len(iq), 1 / rate)
    spectrum[abs(f) > CHANNEL_HZ] = 0
    carrier = np.fft.ifft(spectrum)
    hertz = np.append(np.angle(carrier[1:] * carrier[:-1].conj()) * rate / (2 * np.pi), 0)
    voice, f = np.fft.rfft(hertz), np.fft.rfftfreq(len(hertz), 1 / rate)
    voice[(f < 300) | (f > 3000)] = 0
    voice /= np.sqrt(1 + (2 * np.pi * f * 750e-6) ** 2)
    sound = np.fft.irfft(voice, len(hertz))[::int(rate / 8000)]
    return np.clip(sound * 32767 / 1000, -32767, 32767).astype("<i2")


def make(program, speech, codec, cn0_dbhz, offset_hz, seed, switches):
    program("tx", speech, "fm.sent.cf32", "--key", KEY, "--codec", codec, "--rate", IQ_RATE, "--switch", ",".join(switches), "--report",
            "fm.sent.json")
    program("channel", "fm.sent.cf32", "fm.air.cf32", "--rate", IQ_RATE, "--cn0", cn0_dbhz, "--offset", offset_hz, "--seed", seed)
    program("rx", "fm.air.cf32", "fm.holder.wav", "--key", KEY, "--rate", IQ_RATE, "--report", "fm.holder.json", receives=True)
    folder = program.folder
    return FmCall(json.loads((folder / "fm.sent.json").read_text()), json.loads((folder / "fm.holder.json").read_text()),
                  read_speech(folder / "fm.holder.wav"), ordinary_radio(read_iq(folder / "fm.air.cf32")))


def _loudness(samples):
    samples = samples[:len(samples) // WINDOW * WINDOW].astype(float)
    return np.sqrt(np.mean(samples.reshape(-1, WINDOW) ** 2, axis=1))


def _likeness(call, speech, late, kind):
    """Correlation of the radio's loudness with the speech's, where this kind was sent, and how far from 0 chance takes it."""
    own, radio = _loudness(speech), _loudness(call.radio[int(late * 8000):])
    place = (np.arange(min(len(own), len(radio))) + 0.5) * WINDOW / 8000
    at = np.any([(s["start"] + 0.2 < place) & (place < s["end"] - 0.2) for s in call.sent["segments"] if s["kind"] == kind], axis=0)
    return np.corrcoef(own[:len(at)][at], radio[:len(at)][at])[0, 1], SIGMAS / np.sqrt(at.sum())


def judge(call, speech):
    sent, heard = call.sent["segments"], call.heard["segments"]
    same = [s["kind"] for s in sent] == [s["kind"] for s in heard]
    late = heard[0]["start"] - sent[0]["start"] if heard else 0.0
    off = max((abs(h[e] - late - s[e]) for s, h in zip(sent, heard) for e in ("start", "end")), default=0.0)
    fm, _ = _likeness(call, speech, late, "fm")
    secure, chance = _likeness(call, speech, late, "secure")
    return [
        Line("FM call, heard with the key", ", ".join(s["kind"] for s in heard) + f": times right to {1000 * off:.0f} ms",
             same and off < SWITCH_TOLERANCE),
        Line("FM call, ordinary radio, FM", f"loudness like the speech's: correlation {fm:.2f}", fm > 0.7),
        Line("FM call, ordinary radio, secure", f"correlation {secure:+.2f} (chance: 0 ± {chance:.2f})", abs(secure) < chance),
    ]
