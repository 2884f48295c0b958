#!/usr/bin/env python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
How weak a signal may be at best, and what secrecy costs of it: the normal approximation for the binary-input AWGN channel
(Polyanskiy, Poor, Verdu: Channel Coding Rate in the Finite Blocklength Regime, IEEE Trans. Inf. Theory 56(5), 2010, eq. 296),
n = 768 code bits in 80 ms, all symbols counted, 1 % of the blocks lost.

    apps/measure/finite_blocklength.py
"""
import numpy
from scipy import optimize, stats

BITS = 768             # of a block of 384 QPSK symbols, known ones included
RATE = BITS / 0.08     # bit/s on the air
LOSS = 0.01
CODECS = {"3200": 256, "2400": 192, "1600": 128, "1400": 112, "1300": 104, "1200": 96, "700C": 56} # voice bits a block
SECRECY = {"tag": 32, "signalling octet": 8}
NODES, WEIGHTS = numpy.polynomial.hermite_e.hermegauss(120)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def information(snr):
    """Mean and variance of the information density, bit; snr = amplitude^2 / variance of the noise in one dimension."""
    llr = 2 * snr + 2 * numpy.sqrt(snr) * NODES
    density = 1 - numpy.logaddexp(0, -llr) / numpy.log(2)
    mean = WEIGHTS @ density
    return mean, WEIGHTS @ (density - mean) ** 2


def cn0(bits, loss=LOSS):
    """C/N0 in dB-Hz at which the best code carries so many bits a block and loses this share of the blocks."""
    def surplus(db):
        capacity, dispersion = information(10 ** (db / 10))
        return BITS * capacity - numpy.sqrt(BITS * dispersion) * stats.norm.isf(loss) + numpy.log2(BITS) / 2 - bits
    snr_db = optimize.brentq(surplus, -20, 15)
    return snr_db - 10 * numpy.log10(2) + 10 * numpy.log10(RATE) # the noise in one dimension is N0 / 2


def main():
    cost = sum(SECRECY.values())
    print(f"C/N0 in dB-Hz, {LOSS:.0%} of the blocks lost; secrecy: {cost} bits a block ({', '.join(f'{k} {v}' for k, v in SECRECY.items())});")
    print("the header's 32 bits ride on places of the code that carry nothing, once it is known (decision 1)")
    print(f"{'codec':6} {'voice bits':>10} {'voice alone':>12} {'with a CRC-16':>14} {'with secrecy':>13} {'cost, dB':>9} {'against the CRC':>16}")
    for codec, voice in CODECS.items():
        alone, checked, secret = cn0(voice), cn0(voice + 16), cn0(voice + cost)
        print(f"{codec:6} {voice:10} {alone:12.2f} {checked:14.2f} {secret:13.2f} {secret - alone:9.2f} {secret - checked:16.2f}")


if __name__ == "__main__":
    main()
