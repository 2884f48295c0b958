# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Code bits to IQ in the profile narrow (docs/protocol.md, 3.1 to 3.4), written from the document, apart from the reader."""

import numpy as np

U = np.exp(1j * np.pi / 4)
A = np.array([1, 1, 1, -1, 1, 1, -1, 1]) * U
B = np.array([1, 1, 1, -1, -1, -1, 1, -1]) * U
START_SIGNS = [1 - 2 * int(bit) for bit in f"{0x74FC:016b}"]
ROLL_OFF = 0.25
REACH = 16 # symbols of the pulse to each side


def data_symbols(bits):
    """bits: hexadecimal octets"""
    b = np.unpackbits(np.frombuffer(bytes.fromhex(bits), np.uint8)).astype(float).reshape(-1, 2)
    return ((1 - 2 * b[:, 0]) + 1j * (1 - 2 * b[:, 1])) / np.sqrt(2)


def start_symbols(bits):
    data = data_symbols(bits).reshape(8, 32)
    words = [sign * (A, B)[n % 2] for n, sign in enumerate(START_SIGNS)]
    return np.concatenate(words[:8] + [part for n in range(8) for part in (data[n], words[8 + n])])


def sync_symbols(signs):
    """signs: s1 and s2 as "+-"."""
    first, second = (1 if sign == "+" else -1 for sign in signs)
    return np.concatenate([first * A, second * B])


def pilot(mode, k):
    bits = [k >> n & 1 for n in range(4)]
    masked = [mode >> n & 1 & bit for n, bit in enumerate(bits)]
    return U * (-1) ** (sum(masked) + bits[0] * bits[1] + bits[2] * bits[3])


def block_symbols(mode, signs, bits):
    data = data_symbols(bits).reshape(16, 22)
    groups = [np.concatenate([data[k, :11], [pilot(mode, k)], data[k, 11:]]) for k in range(16)]
    return np.concatenate([sync_symbols(signs), *groups])


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


def modulate(call, per_symbol):
    """IQ of a transmission as transmissions.json holds it, with the pulse's beginning and end."""
    blocks = [block_symbols(call["mode"], block["signs"], block["bits"]) for block in call["blocks"]]
    symbols = np.concatenate([start_symbols(call["start_bits"]), *blocks, sync_symbols(call["closing"]["signs"])])
    spread = np.zeros(len(symbols) * per_symbol, complex)
    spread[::per_symbol] = symbols
    return np.convolve(spread, pulse(per_symbol))
