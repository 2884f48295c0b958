# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interleaver and polar code (docs/protocol.md, section 4) and the pieces of the header (5.1)."""

import numpy

POLYNOMIAL = 0x1002D # y^16 + y^5 + y^3 + y^2 + 1
HEADER_WORDS = 11


def polar_encode(u):
    """x[j] is the sum of all u[i] with (i & j) == j."""
    x = numpy.array(u, bool)
    step = 1
    while step < len(x):
        pairs = x.reshape(-1, 2, step)
        pairs[:, 0] ^= pairs[:, 1]
        step *= 2
    return x


def _cancel(llr, known, values, u):
    """Successive cancellation of one node: fills u, returns the node's x. A positive LLR speaks for 0."""
    if known.all():
        u[:] = values
        return polar_encode(values)
    if not known.any(): # as exact as going down: the hard decisions are a code word
        x = llr < 0
        u[:] = polar_encode(x)
        return x
    half = len(llr) // 2
    upper, lower = llr[:half], llr[half:]
    sums = numpy.sign(upper) * numpy.sign(lower) * numpy.minimum(abs(upper), abs(lower))
    first = _cancel(sums, known[:half], values[:half], u[:half])
    second = _cancel(lower + numpy.where(first, -upper, upper), known[half:], values[half:], u[half:])
    return numpy.concatenate([first ^ second, second])


def _order(count):
    """Which code bit the k-th transmitted one is (section 4)."""
    order, r = numpy.arange(count), 1
    for n in reversed(range(1, count)):
        r = (1664525 * r + 1013904223) % 2**32
        other = r // 65536 * (n + 1) // 65536
        order[[n, other]] = order[[other, n]]
    return order


def decode(llr, code, piece=None):
    """The info bits of what was sent.

    llr: of the transmitted bits in their order. piece: its 32 bits where the header is known.
    Returns (piece bits, the other info bits in ascending order).
    """
    x = numpy.zeros(len(code.info))
    x[code.punctured + _order(len(llr))] = llr
    known, values, u = ~code.info, numpy.zeros(len(x), bool), numpy.empty(len(x), bool)
    if piece is not None:
        known = known | code.piece
        values[code.piece] = piece
    _cancel(x, known, values, u)
    return u[code.piece], u[code.info & ~code.piece]


def _multiply(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x10000:
            a ^= POLYNOMIAL
        b >>= 1
    return product


def _power(a, exponent):
    result = 1
    while exponent:
        if exponent & 1:
            result = _multiply(result, a)
        a, exponent = _multiply(a, a), exponent >> 1
    return result


def evaluate(points, at):
    """P(at) for the polynomial of least degree through points = {n: P(n)} (Lagrange)."""
    if at in points:
        return points[at]
    total = 0
    for n, value in points.items():
        above, below = value, 1
        for other in points:
            if other != n:
                above, below = _multiply(above, at ^ other), _multiply(below, n ^ other)
        total ^= _multiply(above, _power(below, 0xFFFE))
    return total


def piece_points(number):
    j = number % 32768
    return 2 * j, 2 * j + 1


def piece_of(header, number):
    """The 4 octets of the header's piece in a block."""
    words = {n: int.from_bytes(header[2 * n:2 * n + 2], "big") for n in range(HEADER_WORDS)}
    return b"".join(evaluate(words, at).to_bytes(2, "big") for at in piece_points(number))


def header_of(pieces):
    """The header from {block number: piece} of six or more blocks, of which just enough words are used."""
    points = {}
    for number, piece in pieces.items():
        for at, octets in zip(piece_points(number), (piece[:2], piece[2:])):
            points[at] = int.from_bytes(octets, "big")
    points = dict(list(points.items())[:HEADER_WORDS])
    assert len(points) == HEADER_WORDS, "six different blocks are needed"
    return b"".join(evaluate(points, n).to_bytes(2, "big") for n in range(HEADER_WORDS))
