#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Small displays: levels and losses."""

import math

from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPolygonF
from PyQt5.QtWidgets import QWidget

from .figures import SECONDS

FLOOR_DB, HOT_DB = -60, -9 # RMS below full scale
INK, GRID, BAR, HOT = "#30363c", "#d0d5da", "#2a78b8", "#c00d1e"


class LevelMeter(QWidget):
    """RMS, in dB below full scale."""

    def __init__(self, title, parent=None):
        super().__init__(parent)
        self._title, self._db = title, FLOOR_DB
        self.setFixedHeight(20)

    def show_level(self, rms):
        self._db = max(FLOOR_DB, 20 * math.log10(rms)) if rms > 0 else FLOOR_DB
        text = f"{self._db:.0f} dB" if self._db > FLOOR_DB else "silent"
        self.setAccessibleName(f"{self._title}: {text}")
        self.update()

    def paintEvent(self, _event):
        painter = QPainter(self)
        painter.setPen(QColor(INK))
        painter.drawText(QRectF(0, 0, 92, self.height()), Qt.AlignVCenter, self._title)
        room = QRectF(94, 4, self.width() - 154, self.height() - 8)
        painter.fillRect(room, QColor(GRID))
        share = (self._db - FLOOR_DB) / -FLOOR_DB
        painter.fillRect(QRectF(room.topLeft(), QPointF(room.left() + share * room.width(), room.bottom())),
                         QColor(HOT if self._db > HOT_DB else BAR))
        text = f"{self._db:.0f} dB" if self._db > FLOOR_DB else "silent"
        painter.drawText(QRectF(self.width() - 56, 0, 56, self.height()), Qt.AlignRight | Qt.AlignVCenter, text)


class LossPlot(QWidget):
    """Share of blocks lost over the last minute, of a LossHistory."""

    def __init__(self, history, parent=None):
        super().__init__(parent)
        self.history = history
        self.setAccessibleName("Lost blocks over the last minute")

    def sizeHint(self):
        return QSize(300, 110)

    def paintEvent(self, _event):
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        room = QRectF(56, 8, self.width() - 78, self.height() - 32)
        painter.fillRect(room, QColor("white"))
        for share in (0, 0.5, 1):
            y = room.bottom() - share * room.height()
            painter.setPen(QColor(GRID))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(QColor(INK))
            painter.drawText(QRectF(0, y - 8, 44, 16), Qt.AlignRight | Qt.AlignVCenter, f"{100 * share:.0f} %")
        for seconds in (60, 40, 20, 0):
            x = room.right() - seconds / SECONDS * room.width()
            painter.drawText(QRectF(x - 30, room.bottom() + 2, 60, 16), Qt.AlignCenter, f"-{seconds} s" if seconds else "now")
        now = self.history.now
        places = [QPointF(room.right() - (now - time) / SECONDS * room.width(), room.bottom() - share * room.height())
                  for time, share in self.history.points if time <= now] # others are an earlier receiver's
        painter.setPen(QColor(BAR))
        painter.setBrush(QColor(BAR))
        painter.drawPolyline(QPolygonF(places))
        for place in places:
            painter.drawEllipse(place, 2, 2)
