# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sound files of every kind that libsndfile writes: Python's own modules know WAV of integers alone."""

import ctypes

import numpy

WAV, AIFF, AU, W64, FLAC, CAF, OGG, WAVEX, RF64 = 0x010000, 0x020000, 0x030000, 0x0B0000, 0x170000, 0x180000, 0x200000, 0x130000, 0x220000
S8, S16, S24, S32, U8, FLOAT, DOUBLE = range(1, 8)
ULAW, ALAW, IMA_ADPCM, MS_ADPCM, GSM610, VORBIS, OPUS = 0x10, 0x11, 0x12, 0x13, 0x20, 0x60, 0x64
WRITE = 0x20


class Info(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), ("samplerate", ctypes.c_int), ("channels", ctypes.c_int), ("format", ctypes.c_int),
                ("sections", ctypes.c_int), ("seekable", ctypes.c_int)]


LIBRARY = ctypes.CDLL("libsndfile.so.1")
LIBRARY.sf_open.restype = ctypes.c_void_p
LIBRARY.sf_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(Info)]
LIBRARY.sf_writef_float.restype = ctypes.c_int64
LIBRARY.sf_writef_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
LIBRARY.sf_close.argtypes = [ctypes.c_void_p]


def write(path, samples, rate, form):
    """samples: floats, full scale 1, one row for each frame."""
    samples = numpy.ascontiguousarray(samples, numpy.float32)
    info = Info(samplerate=rate, channels=samples.shape[1], format=form)
    file = LIBRARY.sf_open(str(path).encode(), WRITE, ctypes.byref(info))
    assert file, f"libsndfile cannot write {form:#x} at {rate} samples/s with {samples.shape[1]} channels"
    written = LIBRARY.sf_writef_float(file, samples.ctypes.data, len(samples))
    LIBRARY.sf_close(file)
    assert written == len(samples)
