#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Shapes of the lamps, in a square of 100 x 100: each can be told from the others without its colour."""

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QPainterPath, QPolygonF

ALL = QRectF(0, 0, 100, 100)


def _polygon(*points):
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(*point) for point in points]))
    path.closeSubpath()
    return path


def _rounded(x, y, width, height, radius=6):
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, y, width, height), radius, radius)
    return path


def _ellipse(x, y, width, height):
    path = QPainterPath()
    path.addEllipse(QRectF(x, y, width, height))
    return path


def _ring(outer=46, inner=32):
    return _ellipse(50 - outer, 50 - outer, 2 * outer, 2 * outer).subtracted(_ellipse(50 - inner, 50 - inner, 2 * inner, 2 * inner))


def _lock():
    shackle = _rounded(26, 4, 48, 70, 24).subtracted(_rounded(39, 17, 22, 60, 11))
    return shackle.united(_rounded(14, 44, 72, 52)).subtracted(_ellipse(42, 57, 16, 16)).subtracted(_rounded(47, 66, 6, 18, 2))


def _exclaimed(path, top=30):
    return path.subtracted(_rounded(45, top, 10, 32, 4)).subtracted(_ellipse(44, top + 37, 12, 12))


def _key():
    bow = _ellipse(2, 28, 44, 44).subtracted(_ellipse(13, 39, 22, 22))
    return bow.united(_rounded(42, 44, 56, 12, 3)).united(_rounded(70, 50, 10, 22, 2)).united(_rounded(86, 50, 10, 18, 2))


def _loop():
    return _ring(44, 29).subtracted(_polygon((50, 50), (104, 20), (104, 60))).united(_polygon((66, 38), (100, 38), (88, 64)))


def _clock():
    return _ring(46, 36).united(_rounded(46, 22, 8, 32, 3)).united(_rounded(46, 46, 28, 8, 3))


def _wave():
    def bend(up):
        return _ring(26, 12).intersected(_rounded(0, 0 if up else 50, 100, 50, 0))

    halves = bend(True).translated(-22, 0).united(bend(False).translated(16, 0))
    return halves.united(_rounded(2, 44, 14, 12, 2)).united(_rounded(78, 44, 14, 12, 2))


def _half():
    return _ring(46, 38).united(_ellipse(4, 4, 92, 92).intersected(_rounded(4, 4, 46, 92, 0)))


def _cross():
    return _rounded(42, 0, 16, 100).united(_rounded(0, 42, 100, 16))


def _unplugged():
    plug = _rounded(0, 30, 34, 40).united(_rounded(30, 38, 14, 7, 2)).united(_rounded(30, 55, 14, 7, 2))
    return plug.united(_rounded(62, 24, 38, 52).subtracted(_rounded(56, 36, 22, 11, 2)).subtracted(_rounded(56, 53, 22, 11, 2)))


SHAPES = {
    "lock": _lock(),
    "triangle": _exclaimed(_polygon((50, 4), (98, 94), (2, 94)), 36),
    "octagon": _exclaimed(_polygon((30, 2), (70, 2), (98, 30), (98, 70), (70, 98), (30, 98), (2, 70), (2, 30)), 22),
    "hexagon": _exclaimed(_polygon((25, 6), (75, 6), (99, 50), (75, 94), (25, 94), (1, 50)), 22),
    "wave": _wave(),
    "key": _key(),
    "loop": _loop(),
    "clock": _clock(),
    "square": _rounded(10, 10, 80, 80).subtracted(_rounded(22, 22, 56, 56, 3)).united(_rounded(32, 45, 36, 10, 3)),
    "half": _half(),
    "bar": _rounded(8, 40, 84, 20),
    "broken": _rounded(2, 40, 36, 20).united(_rounded(62, 40, 36, 20)).united(_polygon((46, 20), (56, 20), (52, 80), (42, 80))),
    "ring": _ring(),
    "dots": _ellipse(2, 38, 24, 24).united(_ellipse(38, 38, 24, 24)).united(_ellipse(74, 38, 24, 24)),
    "cross": _cross(),
    "unplugged": _unplugged(),
}


def draw(painter, shape, square, colour):
    painter.save()
    painter.translate(square.topLeft())
    painter.scale(square.width() / ALL.width(), square.height() / ALL.height())
    if shape == "cross":
        painter.translate(50, -20)
        painter.rotate(45)
    painter.setPen(Qt.NoPen)
    painter.setBrush(colour)
    painter.drawPath(SHAPES[shape])
    painter.restore()
