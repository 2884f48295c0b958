# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IQ to symbols (docs/protocol.md, section 3): search, matched filter, time, phase, frequency. All data-aided."""

import numpy

BAUD = 4800
BLOCK = 384 # symbols
ROLL_OFF = 0.25
SPAN = 12 # symbols of the pulse, to each side
U = (1 + 1j) / numpy.sqrt(2)


def _signs(text):
    return numpy.array([1.0 if sign == "+" else -1.0 for sign in text.split()])


GOLAY_WORDS = U * _signs("+ + + - + + - +"), U * _signs("+ + + - - - + -")


def _start_frame():
    """Positions and values of the start frame's known symbols, and the positions of its data."""
    signs = [1.0 - 2.0 * int(bit) for bit in f"{0x74FC:016b}"]
    places = [8 * n for n in range(8)] + [64 + 40 * n + 32 for n in range(8)]
    positions = numpy.concatenate([place + numpy.arange(8) for place in places])
    values = numpy.concatenate([sign * GOLAY_WORDS[n % 2] for n, sign in enumerate(signs)])
    return positions, values, numpy.setdiff1d(numpy.arange(BLOCK), positions)


def _number_signs():
    m = [int(bit) for bit in f"{0xACE1:016b}"]
    while len(m) < 65535:
        m.append(sum(m[k - 16] for k in (0, 1, 2, 4, 6, 8, 9, 11, 12, 13, 14, 15)) % 2)
    return 1.0 - 2.0 * numpy.array(m[:65535])


START_POSITIONS, START_VALUES, START_DATA = _start_frame()
NUMBER_SIGNS = _number_signs()
SYNC_POSITIONS = numpy.arange(16)
PILOT_POSITIONS = 16 + 23 * numpy.arange(16) + 11
BLOCK_DATA = numpy.setdiff1d(numpy.arange(16, BLOCK), PILOT_POSITIONS)


def sync_word(number):
    s = NUMBER_SIGNS[[2 * number % 65535, (2 * number + 1) % 65535]]
    return numpy.concatenate([s[0] * GOLAY_WORDS[0], s[1] * GOLAY_WORDS[1]])


def pilots(mode):
    def sign(k):
        bent = (k & 1) * (k >> 1 & 1) + (k >> 2 & 1) * (k >> 3 & 1)
        return (-1) ** (bin(mode & k).count("1") + bent)
    return U * numpy.array([sign(k) for k in range(16)])


def pulse(t):
    """Root raised cosine of unit energy; t in symbols."""
    t = numpy.where(abs(abs(4 * ROLL_OFF * t) - 1) < 1e-9, t + 1e-6, t) # no division by zero; both limits exist
    t = numpy.where(abs(t) < 1e-9, 1e-6, t)
    above = numpy.sin(numpy.pi * t * (1 - ROLL_OFF)) + 4 * ROLL_OFF * t * numpy.cos(numpy.pi * t * (1 + ROLL_OFF))
    return above / (numpy.pi * t * (1 - (4 * ROLL_OFF * t) ** 2))


def llrs(symbols):
    """Of the QPSK bits in their order; positive for 0."""
    return numpy.stack([symbols.real, symbols.imag], axis=1).ravel()


class Samples:
    """IQ at a rate; times are in samples, frequencies in Hz."""

    def __init__(self, iq, rate):
        if rate % BAUD or rate < 2 * BAUD:
            raise ValueError(f"the sample rate must be a multiple of {BAUD} Hz, at least twice that: {rate}")
        self.iq = numpy.nan_to_num(numpy.asarray(iq, numpy.complex128))
        self.rate = rate
        self.per_symbol = rate // BAUD

    def symbols(self, time, frequency, positions):
        """Matched filter outputs at the symbol positions of a block that begins at `time`."""
        centres = time + numpy.asarray(positions) * self.per_symbol
        reach = SPAN * self.per_symbol
        at = numpy.floor(centres).astype(int)[:, None] + numpy.arange(-reach, reach + 1)
        values = numpy.where((at >= 0) & (at < len(self.iq)), self.iq[numpy.clip(at, 0, len(self.iq) - 1)], 0)
        values = values * numpy.exp(-2j * numpy.pi * frequency / self.rate * at)
        return (values * pulse((at - centres[:, None]) / self.per_symbol)).sum(axis=1) / self.per_symbol

    def filtered(self):
        """Matched filter outputs at all samples."""
        if not len(self.iq):
            return self.iq
        reach = SPAN * self.per_symbol
        taps = pulse(numpy.arange(-reach, reach + 1) / self.per_symbol) / self.per_symbol
        return numpy.convolve(self.iq, taps)[reach:reach + len(self.iq)]


class Fit:
    """One-tap channel of a stretch of known symbols: amplitude, phase and a frequency beside the assumed one."""

    def __init__(self, received, positions, values, width, resolution):
        z = received * values.conj()
        offsets = numpy.arange(-width, width + resolution / 2, resolution)
        sums = numpy.exp(-2j * numpy.pi / BAUD * numpy.outer(offsets, positions)) @ z
        best = abs(sums).argmax()
        self.offset = offsets[best]
        if 0 < best < len(offsets) - 1:
            self.offset += resolution * _vertex(abs(sums[best - 1:best + 2]) ** 2)
        self._gain = (z * numpy.exp(-2j * numpy.pi / BAUD * self.offset * positions)).sum() / (abs(values) ** 2).sum()
        self.power = abs(self._gain) ** 2
        energy = (abs(received) ** 2).mean()
        self.match = self.power / energy if energy else 0.0 # 1: nothing but the known symbols

    def equalise(self, received, positions):
        channel = self._gain * numpy.exp(2j * numpy.pi / BAUD * self.offset * positions)
        return received * channel.conj() / max(self.power, 1e-30)


def _vertex(three):
    """Where the parabola through three neighbours has its peak, in steps from the middle one."""
    before, middle, after = three
    bend = before - 2 * middle + after
    return float(numpy.clip(0.5 * (before - after) / bend, -1, 1)) if bend < 0 else 0.0


def align(samples, time, frequency, positions, values, width, resolution, step):
    """Improves time and frequency by known symbols. Returns (time, frequency)."""
    fits = [Fit(samples.symbols(time + shift * samples.per_symbol, frequency, positions), positions, values, width,
                resolution) for shift in (-step, 0, step)]
    return (time + step * samples.per_symbol * _vertex([fit.power for fit in fits]), frequency + fits[1].offset)


def _windows(filtered, per_symbol, length):
    """(first sample, windows of symbols) for times two or more to the symbol, in parts that fit into memory."""
    step = max(1, per_symbol // 2)
    for phase in range(0, per_symbol, step):
        symbols = filtered[phase::per_symbol]
        if len(symbols) < length:
            continue
        windows = numpy.lib.stride_tricks.sliding_window_view(symbols, length)
        for first in range(0, len(windows), 8192):
            yield phase + first * per_symbol, windows[first:first + 8192]


def find_starts(samples):
    """(time, frequency) of everything like the 64 known symbols at the head of a start frame, in order of time."""
    known = START_VALUES[:64].conj()
    filtered = samples.filtered()
    match, bins, energy = (numpy.zeros(len(filtered)) for _ in range(3))
    for first, windows in _windows(filtered, samples.per_symbol, 64):
        spectra = abs(numpy.fft.fft(windows * known, 256)) ** 2
        at = slice(first, first + len(windows) * samples.per_symbol, samples.per_symbol)
        energy[at] = (abs(windows) ** 2).sum(axis=1)
        bins[at], match[at] = spectra.argmax(axis=1), spectra.max(axis=1) / 64
    if not energy.any():
        return []
    match /= numpy.maximum(energy, 0.05 * energy.max()) # the tails of filters are no signal
    found, at = [], 0
    while True:
        over = numpy.flatnonzero(match[at:] > 0.4)
        if not len(over):
            return found
        first = at + over[0]
        best = first + match[first:first + BLOCK // 2 * samples.per_symbol].argmax()
        frequency = numpy.fft.fftfreq(256, 1 / BAUD)[int(bins[best])]
        found.append(_refine_start(samples, float(best), frequency))
        at = best + BLOCK // 2 * samples.per_symbol


def _refine_start(samples, time, frequency):
    head = slice(0, 64)
    for _ in range(3):
        time, frequency = align(samples, time, frequency, START_POSITIONS[head], START_VALUES[head], 20, 2, 0.25)
    for _ in range(2):
        time, frequency = align(samples, time, frequency, START_POSITIONS, START_VALUES, 8, 0.5, 0.2)
    return time, frequency


def find_blocks(samples):
    """(time of a block, frequency) of a call whose start is missing, found by its Golay words; None without any.

    The block period is folded over 16 periods: short enough for a clock that is some 10 ppm off.
    """
    length = BLOCK * samples.per_symbol
    filtered = samples.filtered()
    floor = 0.05 * 16 * (abs(filtered) ** 2).max(initial=0)
    for begin in range(0, len(filtered), 8 * length):
        part = filtered[begin:begin + 16 * length + 16 * samples.per_symbol]
        found = _fold(part, samples.per_symbol, length, floor)
        if found:
            return _refine_blocks(samples, begin + found[0], found[1])
    return None


def _fold(filtered, per_symbol, length, floor):
    periods = (len(filtered) - 16 * per_symbol) // length # whose sync words lie in this part
    if periods < 1 or floor == 0:
        return None
    spectra, energy = numpy.zeros((length, 64)), numpy.full(length, floor * periods)
    for first, windows in _windows(filtered, per_symbol, 16):
        at = first + numpy.arange(len(windows)) * per_symbol
        windows, at = windows[at < periods * length], at[at < periods * length] % length
        for half, word in zip((windows[:, :8], windows[:, 8:]), GOLAY_WORDS):
            numpy.add.at(spectra, at, abs(numpy.fft.fft(half * word.conj(), 64)) ** 2)
        numpy.add.at(energy, at, (abs(windows) ** 2).sum(axis=1))
    match = spectra / (8 * energy)[:, None]
    time, peak = divmod(int(match.argmax()), 64)
    if match[time, peak] < 0.5:
        return None
    near = match[time].take([peak - 1, peak, peak + 1], mode="wrap")
    return float(time), numpy.fft.fftfreq(64, 1 / BAUD)[peak] + BAUD / 64 * _vertex(near)


def block_times(samples, time, count):
    """Up to `count` times of blocks that lie in the file whole, from the first one at or after `time`."""
    length = BLOCK * samples.per_symbol
    times = time + length * numpy.arange(count)
    return times[(times >= 0) & (times + length <= len(samples.iq))]


def _refine_blocks(samples, time, frequency):
    """By the Golay words of 16 blocks, whose signs are not known."""
    times = block_times(samples, time, 16)

    def power(at, off):
        turn = numpy.exp(-2j * numpy.pi / BAUD * off * numpy.arange(8))
        received = numpy.array([samples.symbols(t + at * samples.per_symbol, frequency, SYNC_POSITIONS) for t in times])
        return sum((abs(received[:, 8 * n:8 * n + 8] @ (turn * word.conj())) ** 2).sum()
                   for n, word in enumerate(GOLAY_WORDS))

    for _ in range(2):
        time += 0.25 * samples.per_symbol * _vertex([power(at, 0) for at in (-0.25, 0, 0.25)])
        times = block_times(samples, time, 16)
        frequency += 40 * _vertex([power(0, off) for off in (-40, 0, 40)])
    return time, frequency
