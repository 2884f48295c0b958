# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Code bits to IQ in all profiles (docs/protocol.md, 3), written from the document, apart from the reader."""

import dataclasses
import math

import numpy as np

U = np.exp(1j * np.pi / 4)


def signs(text):
    return np.array([1 if sign == "+" else -1 for sign in text])


@dataclasses.dataclass
class Words:
    """What distinguishes the known symbols of the two waveforms (3.6)."""
    first: np.ndarray # Golay words
    second: np.ndarray
    start: int # w0 ... w15
    products: tuple # of bits of k, whose sum is q(k)


LINEAR = Words(signs("+++-++-+") * U, signs("+++---+-") * U, 0x74FC, ((0, 1), (2, 3)))
CONSTANT = Words(signs("+++++--+") * U, signs("++--+-+-") * U, 0x1D20, ((0, 3), (1, 2), (2, 3)))
ROLL_OFF = 0.25
REACH = 16 # symbols of the pulse to each side
ROBUST_DEPTH = 8


def data_symbols(bits):
    """bits: hexadecimal octets"""
    b = np.unpackbits(np.frombuffer(bytes.fromhex(bits), np.uint8)).astype(float).reshape(-1, 2)
    return ((1 - 2 * b[:, 0]) + 1j * (1 - 2 * b[:, 1])) / np.sqrt(2)


def start_symbols(bits, words=LINEAR):
    data = data_symbols(bits).reshape(8, 32)
    known = [(-1) ** int(bit) * (words.first, words.second)[n % 2] for n, bit in enumerate(f"{words.start:016b}")]
    return np.concatenate(known[:8] + [part for n in range(8) for part in (data[n], known[8 + n])])


def number_signs(number):
    """s1 and s2 as "+-" (3.2)."""
    m = [int(bit) for bit in f"{0xACE1:016b}"]
    while len(m) < 65535:
        m.append(sum(m[len(m) - 16 + k] for k in (0, 1, 2, 4, 6, 8, 9, 11, 12, 13, 14, 15)) % 2)
    return "".join("+-"[m[(2 * number + n) % 65535]] for n in range(2))


def sync_symbols(text, words=LINEAR):
    """text: s1 and s2 as "+-"."""
    first, second = signs(text)
    return np.concatenate([first * words.first, second * words.second])


def pilot(mode, k, words=LINEAR):
    bits = [k >> n & 1 for n in range(4)]
    masked = [mode >> n & 1 & bit for n, bit in enumerate(bits)]
    return U * (-1) ** (sum(masked) + sum(bits[m] * bits[n] for m, n in words.products))


def block_symbols(mode, text, data, words=LINEAR):
    data = data.reshape(16, 22)
    groups = [np.concatenate([data[k, :11], [pilot(mode, k, words)], data[k, 11:]]) for k in range(16)]
    return np.concatenate([sync_symbols(text, words), *groups])


def pulse(per_symbol):
    """Root raised cosine from its closed form; time in symbols."""
    taps = []
    for n in range(-REACH * per_symbol, REACH * per_symbol + 1):
        t, a = n / per_symbol, ROLL_OFF
        if n == 0:
            taps.append(1 - a + 4 * a / np.pi)
        elif abs(abs(t) - 1 / (4 * a)) < 1e-12:
            angle = np.pi / (4 * a)
            taps.append(a / np.sqrt(2) * ((1 + 2 / np.pi) * np.sin(angle) + (1 - 2 / np.pi) * np.cos(angle)))
        else:
            above = np.sin(np.pi * t * (1 - a)) + 4 * a * t * np.cos(np.pi * t * (1 + a))
            taps.append(above / (np.pi * t * (1 - (4 * a * t) ** 2)))
    return np.array(taps)


def narrow_symbols(call, words=LINEAR):
    blocks = [block_symbols(call["mode"], block["signs"], data_symbols(block["bits"]), words) for block in call["blocks"]]
    return np.concatenate([start_symbols(call["start_bits"], words), *blocks, sync_symbols(call["closing"]["signs"], words)])


def robust_symbols(call):
    """3.5. The call begins with block 0."""
    blocks, start = [data_symbols(block["bits"]) for block in call["blocks"]], data_symbols(call["start_bits"])
    air = []
    for j in range(len(blocks) + ROBUST_DEPTH - 1):
        sources = [(m, j - m % ROBUST_DEPTH) for m in range(352)]
        data = np.array([blocks[block][m] if 0 <= block < len(blocks) else start[(m + 37 * j) % 256] for m, block in sources])
        air.append(block_symbols(call["mode"], number_signs(j), data))
    return np.concatenate([start_symbols(call["start_bits"]), *air, sync_symbols(number_signs(len(air)))])


def modulate(call, per_symbol):
    """IQ of a transmission as transmissions.json holds it, by the profile of its mode, with the pulse's beginning and end."""
    symbols = robust_symbols(call) if call["mode"] >= 8 else narrow_symbols(call)
    spread = np.zeros(len(symbols) * per_symbol, complex)
    spread[::per_symbol] = symbols
    return np.convolve(spread, pulse(per_symbol))


def gmsk_phase(v):
    """q(v) of 3.6; v: bits, of any shape."""
    k = 2 * np.pi * 0.2 / np.sqrt(np.log(2))
    tail = np.vectorize(lambda x: 0.5 * math.erfc(k * x / math.sqrt(2)))

    def e(x):
        return x * tail(x) - np.exp(-(k * x) ** 2 / 2) / (k * np.sqrt(2 * np.pi))

    def g(v):
        return e(v - 3) - e(v - 2)

    v = np.clip(v, 0, 5)
    zero, five = g(np.array([0.0, 5.0]))
    return (g(v) - zero) / (2 * (five - zero))


def modulate_constant(call, per_symbol):
    """The same transmission in the profile constant: a sender of narrow's and constant's calls differs in nothing else."""
    symbols = narrow_symbols(call, CONSTANT)
    x = np.sign(np.stack([symbols.real, symbols.imag], axis=1)).ravel()
    y = x * np.concatenate([[-1], x[:-1]])
    y[::2] *= -1
    before, behind = 8, 14 # bits: the rise; the last bits' pulses, then the fall
    t = np.arange(-before, len(y) + behind, 2 / per_symbol)
    # Bits whose pulse is over have turned the phase by pi / 2 each.
    n = np.floor(t).astype(int)
    padded = np.concatenate([np.zeros(before + 5), y, np.zeros(behind)])
    turned = np.concatenate([[0], np.cumsum(padded)])
    phase = turned[n + before + 1] / 2 # of the bits up to n - 5
    for back in range(5):
        phase = phase + padded[n - back + before + 5] * gmsk_phase(t - n + back)
    rise = (1 - np.cos(np.pi * np.clip(t + before, 0, 8) / 8)) / 2
    fall = (1 - np.cos(np.pi * np.clip(len(y) + behind - t, 0, 8) / 8)) / 2
    return rise * fall * np.exp(1j * np.pi * phase)
