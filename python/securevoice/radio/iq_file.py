#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Files of integers as devices: what hackrf_transfer and rtl_sdr write and take. Floats are gr-osmosdr's own business."""

import os

from gnuradio import blocks, gr

from . import plan
from .plan import DeviceError

FLOATS = "cf32"
FORMATS = (FLOATS, "cs16", "cs8", "cu8")
EXTENSIONS = {".cs16": "cs16", ".ci16": "cs16", ".cs8": "cs8", ".ci8": "cs8", ".cu8": "cu8"}
ELSEWHERE = (".wav", ".sigmf-meta", ".sigmf-data")
ZERO = 127.5 # of cu8


def format_of(device):
    """One of FORMATS, by format= or by the name's extension. Raises DeviceError."""
    path = device.arguments["file"]
    extension = os.path.splitext(path)[1]
    if "format" not in device.arguments and extension in ELSEWHERE:
        raise DeviceError(f"{path} is no raw IQ: 'securevoice rx' and 'securevoice tx' know WAV and SigMF")
    chosen = device.arguments.get("format") or EXTENSIONS.get(extension, FLOATS)
    if chosen not in FORMATS:
        raise DeviceError(f"there is no IQ format '{chosen}' of a device 'file': choose one of {', '.join(FORMATS)}")
    return chosen


class iq_file_source(gr.hier_block2):
    """Complex, full scale 1. Raises DeviceError."""

    def __init__(self, device, encoding):
        gr.hier_block2.__init__(self, "iq_file_source", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_gr_complex))
        is_short = encoding == "cs16"
        try:
            file = blocks.file_source(gr.sizeof_short if is_short else gr.sizeof_char, device.arguments["file"], device.arguments.get("repeat") == "true")
        except RuntimeError:
            raise DeviceError(f"cannot read {device.arguments['file']}, or it is empty") from None
        if encoding == "cu8":
            pairs = blocks.float_to_complex()
            halves = blocks.deinterleave(gr.sizeof_float)
            self.connect(file, blocks.uchar_to_float(), blocks.add_const_ff(-ZERO), blocks.multiply_const_ff(1 / ZERO), halves)
            for part in range(2):
                self.connect((halves, part), (pairs, part))
        else:
            pairs = blocks.interleaved_short_to_complex(False, False, 32768.0) if is_short else blocks.interleaved_char_to_complex(False, 128.0)
            self.connect(file, pairs)
        self._throttle = None
        if device.arguments.get("throttle") == "true":
            self._throttle = blocks.throttle(gr.sizeof_gr_complex, plan.RATE)
        self.connect(*filter(None, (pairs, self._throttle, self)))

    def set_sample_rate(self, rate):
        if self._throttle:
            self._throttle.set_sample_rate(rate)
        return rate


class iq_file_sink(gr.hier_block2):
    """Takes complex, full scale 1. Raises DeviceError."""

    def __init__(self, device, encoding):
        gr.hier_block2.__init__(self, "iq_file_sink", gr.io_signature(1, 1, gr.sizeof_gr_complex), gr.io_signature(0, 0, 0))
        if encoding == "cu8":
            raise DeviceError("no radio sends cu8: write cf32, cs16 or cs8")
        is_short = encoding == "cs16"
        integers = blocks.complex_to_interleaved_short(False, 32767.0) if is_short else blocks.complex_to_interleaved_char(False, 127.0)
        try:
            file = blocks.file_sink(gr.sizeof_short if is_short else gr.sizeof_char, device.arguments["file"])
        except RuntimeError:
            raise DeviceError(f"cannot write {device.arguments['file']}") from None
        self.connect(self, integers, file)

    def set_sample_rate(self, rate):
        """A file takes any."""
        return rate
