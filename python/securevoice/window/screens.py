#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""GNU Radio's Qt sinks."""

from gnuradio import qtgui
from gnuradio.fft import window
from PyQt5 import sip
from PyQt5.QtCore import QCoreApplication
from PyQt5.QtWidgets import QWidget

from ..radio.plan import RATE

BINS, SYMBOLS = 1024, 512
PICTURE = 10005 # qtgui's SpectrumUpdateEventType, of all its sinks
SIMULATED_DB, DEVICE_DB = (-30, -5), (-110, -30) # of the darkest and brightest colour, per bin


def drop_pictures(widgets):
    """Of these screens, what waits to be drawn."""
    for widget in widgets:
        QCoreApplication.removePostedEvents(widget, PICTURE)


def make_waterfall(simulated):
    """Block and widget."""
    block = qtgui.waterfall_sink_c(BINS, window.WIN_BLACKMAN_hARRIS, 0, RATE, "", 1, None)
    block.set_update_time(0.1)
    block.set_intensity_range(*(SIMULATED_DB if simulated else DEVICE_DB))
    block.enable_axis_labels(False)
    return block, sip.wrapinstance(block.qwidget(), QWidget)


def make_constellation():
    """Block (symbols come by messages) and widget."""
    block = qtgui.const_sink_c(SYMBOLS, "", 0, None)
    block.set_update_time(0.1)
    block.set_x_axis(-2, 2)
    block.set_y_axis(-2, 2)
    block.enable_autoscale(False)
    block.disable_legend()
    block.enable_grid(True)
    block.enable_axis_labels(False)
    block.set_line_color(0, "blue")
    return block, sip.wrapinstance(block.qwidget(), QWidget)
