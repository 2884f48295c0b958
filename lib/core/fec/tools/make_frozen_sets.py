#!/usr/bin/env python3
#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Makes the info sets of the polar codes (docs/protocol.md, section 4 and Appendix A).

    make_frozen_sets.py --cpp    > lib/core/fec/frozen_sets.cc
    make_frozen_sets.py --markdown   (the tables of Appendix A)

Gaussian approximation (Chung, Richardson, Urbanke 2001; Trifonov 2012) for the real puncturing: every code bit is a Gaussian
LLR of variance twice its mean, a punctured one has the mean 0. Piece and other info positions are nested: the piece takes the
least reliable 32 of the info positions.
"""

import argparse
import math

import numpy as np

CODECS = {"3200": 256, "2400": 192, "1600": 128, "1400": 112, "1300": 104, "1200": 96, "700C": 56}
BLOCK_LENGTH, BLOCK_PUNCTURED = 1024, 320
START_LENGTH, START_INFO = 512, 176
PIECE_BITS = 32
SIGNALLING_AND_TAG_BITS = 8 + 32
# Design point: Ec/N0 of a code bit [dB] = 10 log10(info bits / code bits) + offset. Info bits of a voice block: without the piece,
# which is known in the steady state. -1 gave the lowest block error rates with 32 paths (flat within 0.03 dB from -2 to +1).
DESIGN_OFFSET_DB = -1.0


class CheckNode:
    """Mean LLR behind a check node, by phi(m) = 1 - E[tanh(z / 2)], z normal with mean m and variance 2 m."""

    def __init__(self):
        self.log_mean = np.linspace(math.log(1e-9), math.log(1e4), 6001)
        self.log_phi = np.empty_like(self.log_mean)
        self.log_complement = np.empty_like(self.log_mean) # of 1 - phi
        # With z = 2 sqrt(m) y: phi = exp(-m/4) / sqrt(pi) * integral of exp(-y^2) / cosh(a), a = sqrt(m) y, and 1 - phi
        # the same with tanh(a) sinh(a) in place of 1 / cosh(a). Both integrands are even, smooth and positive.
        for k, m in enumerate(np.exp(self.log_mean)):
            scale = math.sqrt(m)
            step = 0.02 / max(1.0, scale / 4)
            y = np.arange(0.0, min(8.0, 80.0 / scale), step)
            weight = np.full(y.size, 2 * step / math.sqrt(math.pi))
            weight[0] /= 2
            self.log_phi[k] = math.log(np.sum(weight * np.exp(-y * y) / np.cosh(scale * y))) - m / 4
            if m < 20:
                integrand = np.exp(-y * y) * np.tanh(scale * y) * np.sinh(scale * y)
                self.log_complement[k] = math.log(np.sum(weight * integrand)) - m / 4
            else:
                self.log_complement[k] = math.log1p(-math.exp(self.log_phi[k]))

    def __call__(self, a, b):
        out = np.zeros_like(a)
        alive = (a > 0) & (b > 0)
        la, lb = np.log(a[alive]), np.log(b[alive])
        complement = self._complement(la) + self._complement(lb)
        pa, pb = self._phi(la), self._phi(lb)
        high, low = np.maximum(pa, pb), np.minimum(pa, pb)
        # phi_out = phi_a + phi_b - phi_a phi_b
        phi = high + np.log1p(np.exp(low - high) * (1 - np.exp(high)))
        weak = np.interp(complement, self.log_complement, self.log_mean)
        strong = np.interp(-phi, -self.log_phi, self.log_mean)
        out[alive] = np.exp(np.where(complement < math.log(0.5), weak, strong))
        return out

    def _phi(self, log_mean):
        return np.interp(log_mean, self.log_mean, self.log_phi)

    def _complement(self, log_mean):
        return np.interp(log_mean, self.log_mean, self.log_complement)


CHECK_NODE = CheckNode()


def bit_channels(channel):
    """Mean LLR of each u[i] under successive cancellation, from those of the code bits."""
    if channel.size == 1:
        return channel
    upper, lower = np.split(channel, 2)
    return np.concatenate([bit_channels(CHECK_NODE(upper, lower)), bit_channels(upper + lower)])


def ranking(length, punctured, info, offset_db):
    """Positions, most reliable first."""
    sent = length - punctured
    ec_n0 = info / sent * 10 ** (offset_db / 10)
    channel = np.full(length, 4 * ec_n0)
    channel[:punctured] = 0
    mean = bit_channels(channel)
    # Rounded, so that the last digits of a machine's arithmetic decide nothing; ties go to the higher position.
    return sorted(range(length), key=lambda i: (-float(f"{mean[i]:.8e}"), -i))


def bitmap(length, positions):
    """Hexadecimal; the most significant bit of the first digit is position 0."""
    bits = ["0"] * length
    for i in positions:
        bits[i] = "1"
    return f"{int(''.join(bits), 2):0{length // 4}x}"


def make_sets():
    """[(name, length, {what: bitmap})] of all codes, voice blocks first."""
    sets = []
    for name, voice in CODECS.items():
        others = voice + SIGNALLING_AND_TAG_BITS
        best = ranking(BLOCK_LENGTH, BLOCK_PUNCTURED, others, DESIGN_OFFSET_DB)
        sets.append((name, {"info": bitmap(BLOCK_LENGTH, best[: others + PIECE_BITS]),
                            "piece": bitmap(BLOCK_LENGTH, best[others : others + PIECE_BITS])}))
    best = ranking(START_LENGTH, 0, START_INFO, DESIGN_OFFSET_DB)
    sets.append(("start", {"info": bitmap(START_LENGTH, best[:START_INFO])}))
    return sets


def lines(digits, width=64):
    return [digits[k : k + width] for k in range(0, len(digits), width)]


def as_cpp(sets):
    def literal(digits):
        return "\n".join(f'        "{line}"' for line in lines(digits))

    out = ["/*", " * Copyright 2026 The gr-securevoice authors", " *", " * SPDX-License-Identifier: GPL-3.0-or-later",
           " *", " * Made by tools/make_frozen_sets.py --cpp; the same tables stand in docs/protocol.md,", " * Appendix A.", " */", "",
           "// clang-format off", '#include "core/fec/frozen_sets.h"', "", "namespace securevoice {", "",
           "const std::array<block_bitmaps, codec_count> block_info_sets{ {"]
    for name, tables in sets[:-1]:
        out += [f"    {{ // {name}", literal(tables["info"]) + ",", literal(tables["piece"]) + " },"]
    out += ["} };", "", "const char* const start_info_set =", literal(sets[-1][1]["info"]) + ";", "",
            "} // namespace securevoice"]
    return "\n".join(out) + "\n"


def as_markdown(sets):
    out = []
    for name, tables in sets:
        title = "Start frame" if name == "start" else f"Codec2 {name}"
        out.append(f"### {title}")
        for what, digits in tables.items():
            out += [f"`{what}`:", ""] + [f"    {line}" for line in lines(digits)] + [""]
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument("--cpp", action="store_true", help="print frozen_sets.cc")
    form.add_argument("--markdown", action="store_true", help="print the tables of Appendix A")
    chosen = parser.parse_args()
    sets = make_sets()
    print(as_cpp(sets) if chosen.cpp else as_markdown(sets), end="")


if __name__ == "__main__":
    main()
