#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A lamp nobody can overlook."""

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFont, QPainter
from PyQt5.QtWidgets import QSizePolicy, QWidget

from . import lamp_shapes

MARGIN = 16


class LampWidget(QWidget):
    """title: whose lamp it is. Shape, word, detail and meaning in white on the lamp's colour."""

    def __init__(self, title, lamp, parent=None):
        super().__init__(parent)
        self._title = title
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
        self.show_lamp(lamp)

    def show_lamp(self, lamp):
        self.lamp = lamp
        text = f"{self._title}: {lamp.word}. {lamp.detail + '. ' if lamp.detail else ''}{lamp.meaning}"
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self):
        return QSize(460, 132)

    def minimumSizeHint(self):
        return QSize(360, 132)

    def paintEvent(self, _event):
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setPen(Qt.NoPen)
        painter.setBrush(QColor(self.lamp.colour))
        painter.drawRoundedRect(self.rect(), 10, 10)
        white = QColor("white")
        side = 84
        lamp_shapes.draw(painter, self.lamp.shape, QRectF(MARGIN, (self.height() - side) / 2, side, side), white)
        left = 2 * MARGIN + side
        width = self.width() - left - MARGIN
        painter.setPen(white)
        self._text(painter, self._title, QRectF(left, 10, width, 20), 10, False)
        self._text(painter, self.lamp.word, QRectF(left, 28, width, 48), 30, True)
        self._text(painter, self.lamp.detail, QRectF(left, 76, width, 20), 11, True)
        self._text(painter, self.lamp.meaning, QRectF(left, 96, width, 30), 9, False)

    @staticmethod
    def _text(painter, text, room, points, bold):
        """In one or two lines, smaller where the room is too narrow."""
        font = QFont(painter.font())
        font.setBold(bold)
        while points > 7:
            font.setPointSize(points)
            painter.setFont(font)
            needed = painter.boundingRect(room, Qt.AlignLeft | Qt.AlignVCenter | Qt.TextWordWrap, text)
            if needed.width() <= room.width() and needed.height() <= room.height():
                break
            points -= 1
        painter.drawText(room, Qt.AlignLeft | Qt.AlignVCenter | Qt.TextWordWrap, text)
