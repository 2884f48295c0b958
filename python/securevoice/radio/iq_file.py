#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Files of IQ as devices: what hackrf_transfer, rtl_sdr and GNU Radio write and take. gr-osmosdr's own would split their names at blanks
and quotes."""

import os
import stat

import numpy
from gnuradio import blocks, gr

from ..called import quoted_command
from ..securevoice_python import output_file
from . import plan
from .plan import DeviceError

FLOATS = "cf32"
FORMATS = (FLOATS, "cs16", "cs8", "cu8")
SAMPLE_OCTETS = {"cf32": 8, "cs16": 4, "cs8": 2, "cu8": 2}
# as `rx` and `tx` know them
EXTENSIONS = {".cf32": FLOATS, ".cfile": FLOATS, ".cs16": "cs16", ".ci16": "cs16", ".cs8": "cs8", ".ci8": "cs8", ".cu8": "cu8"}
ELSEWHERE = (".wav", ".sigmf-meta", ".sigmf-data", ".sigmf")
ZERO = 127.5 # of cu8
END_OF_STREAM = -1 # as gr.WORK_DONE, which a sync_block of Python may not return: it is no number


def format_of(device):
    """One of FORMATS: by format=, by the extension, in capitals too, or floats where the name has none. Raises DeviceError."""
    path = device.arguments["file"]
    extension = os.path.splitext(path)[1].lower()
    chosen = device.arguments.get("format", "").lower()
    if chosen:
        if chosen not in FORMATS:
            raise DeviceError(f"there is no IQ format '{chosen}' of a device 'file': choose one of {', '.join(FORMATS)}")
        return chosen
    if extension in ELSEWHERE:
        raise DeviceError(f"{path} is no raw IQ: {quoted_command('rx')} and {quoted_command('tx')} know WAV and SigMF")
    if extension and extension not in EXTENSIONS:
        raise DeviceError(f"the name {path} does not tell the format of the IQ: let it end in one of {', '.join(EXTENSIONS)}, or name the format: "
                          f"file=PATH,rate=HZ,format={'|'.join(FORMATS)}")
    return EXTENSIONS.get(extension, FLOATS)


def assumed(device, frequency):
    """What of a file device nobody has said: a sentence, or empty."""
    if device.family != "file":
        return ""
    path = device.arguments["file"]
    guesses = []
    if "format" not in device.arguments and not os.path.splitext(path)[1]:
        guesses.append(f"its samples are {FLOATS} (32-bit floats; else say format=)")
    if "freq" not in device.arguments:
        guesses.append(f"{frequency / 1e6:.6f} MHz are in its middle (else say freq=)")
    return f"assumed of {path}: {', and '.join(guesses)}" if guesses else ""


def _refuse_unreadable(path, encoding):
    """Raises DeviceError with the reason."""
    try:
        status = os.stat(path)
        if stat.S_ISREG(status.st_mode):
            os.close(os.open(path, os.O_RDONLY))
    except FileNotFoundError:
        raise DeviceError(f"cannot read {path}: there is no such file") from None
    except OSError as e:
        raise DeviceError(f"cannot read {path}: {e.strerror}") from None
    if not stat.S_ISREG(status.st_mode):
        raise DeviceError(f"cannot read {path}: a device 'file' is a file with an end; pipes are read by {quoted_command('rx -')}")
    if status.st_size < SAMPLE_OCTETS[encoding]:
        raise DeviceError(f"cannot read {path}: it is empty")


def from_unsigned(parts_of, octets):
    """Connects, within a hierarchical block, a source of octets as rtl_sdr makes them to what is returned: a block that gives complex, full
    scale 1."""
    pairs, halves = blocks.float_to_complex(), blocks.deinterleave(gr.sizeof_float)
    parts_of.connect(octets, blocks.uchar_to_float(), blocks.add_const_ff(-ZERO), blocks.multiply_const_ff(1 / ZERO), halves)
    for part in range(2):
        parts_of.connect((halves, part), (pairs, part))
    return pairs


class iq_file_source(gr.hier_block2):
    """Complex, full scale 1. Raises DeviceError."""

    def __init__(self, device, encoding):
        gr.hier_block2.__init__(self, "iq_file_source", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_gr_complex))
        path = device.arguments["file"]
        _refuse_unreadable(path, encoding)
        item = {FLOATS: gr.sizeof_gr_complex, "cs16": gr.sizeof_short}.get(encoding, gr.sizeof_char)
        try:
            file = blocks.file_source(item, os.fsencode(path), device.arguments.get("repeat") == "true")
        except RuntimeError:
            raise DeviceError(f"cannot read {path}") from None
        if encoding == "cu8":
            pairs = from_unsigned(self, file)
        elif encoding == FLOATS:
            pairs = file
        else:
            pairs = blocks.interleaved_short_to_complex(False, False,
                                                        32768.0) if encoding == "cs16" else blocks.interleaved_char_to_complex(False, 128.0)
            self.connect(file, pairs)
        self._throttle = None
        if device.arguments.get("throttle") == "true":
            self._throttle = blocks.throttle(gr.sizeof_gr_complex, plan.RATE)
        self.connect(*filter(None, (pairs, self._throttle, self)))

    def set_sample_rate(self, rate):
        if self._throttle:
            self._throttle.set_sample_rate(rate)
        return rate


class _octet_writer(gr.sync_block):
    """
    Items of one type to a file as they are, which is there from the first of them on. trouble: a sentence once nothing more can be written;
    the stream ends then.
    """

    def __init__(self, path, items, not_over):
        gr.sync_block.__init__(self, "octet_writer", [items], None)
        self._file = output_file(os.fsencode(path), [os.fsencode(other) for other in not_over], False)
        self._is_there = False
        self.trouble = ""

    def work(self, input_items, _output_items):
        return len(input_items[0]) if self._try(input_items[0].tobytes()) else END_OF_STREAM

    def stop(self):
        if self._is_there:
            self._try()
        return True

    def problem(self):
        return self._file.problem()

    def _try(self, octets=b""):
        try:
            self._file.write(octets)
            if not octets or not self._is_there:
                self._file.publish()
                self._is_there = True
        except (RuntimeError, ValueError) as e:
            self.trouble = str(e)
        return not self.trouble


class iq_file_sink(gr.hier_block2):
    """
    Takes complex, full scale 1. not_over: files that are never written over. trouble(): a sentence once nothing more can be written. Raises
    DeviceError, or ValueError where an input or a key file would be lost.
    """

    def __init__(self, device, encoding, not_over=()):
        gr.hier_block2.__init__(self, "iq_file_sink", gr.io_signature(1, 1, gr.sizeof_gr_complex), gr.io_signature(0, 0, 0))
        if encoding == "cu8":
            raise DeviceError("no radio sends cu8: write cf32, cs16 or cs8")
        if "repeat" in device.arguments:
            raise DeviceError("repeat= is for files that are read")
        items = {"cs16": numpy.int16, "cs8": numpy.int8}.get(encoding, numpy.complex64)
        try:
            self._writer = _octet_writer(device.arguments["file"], items, not_over)
        except RuntimeError as e:
            raise DeviceError(str(e)) from None
        parts = {"cs16": lambda: [blocks.complex_to_interleaved_short(False, 32767.0)],
                 "cs8": lambda: [blocks.complex_to_interleaved_char(False, 127.0)]}
        self.connect(self, *parts.get(encoding, list)(), self._writer)

    def trouble(self):
        return self._writer.trouble

    def problem(self):
        """What befell the file, though all was written: a sentence, or empty."""
        return self._writer.problem()

    def set_sample_rate(self, rate):
        """A file takes any."""
        return rate
