#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
WAV files whose header is wrong about the length (the recorder was killed, or counted beyond 4 GiB in 32 bits) or about the frame, for
GNU Radio's reader, which would believe it. The rules are those of apps/io/wav_header.cc, so that `talk` sends what `tx` sends.
"""

import contextlib
import os
import shutil
import struct

MOST_LEFT_OVER = 1024 # octets behind the samples that are no chunks: tags of music players, a pad octet
UNKNOWN_SIZE = 0xFFFFFFFF # RF64: ds64 says it
LONGEST = 0xFFFFFFFF - 4096 # octets of samples that a header of 32 bits can tell


class _Header:
    """form: the chunk 'fmt '; data_at, data_said: octets before the samples, and of them, as the header has it; octets: what is really there."""

    def __init__(self, file):
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self.form, self.data_at, self.octets, self.data_said = b"", None, 0, 0
        kind = self._octets(0, 4)
        self.is_plain = kind == b"RIFF"
        if kind in (b"RIFF", b"RF64", b"BW64") and self._octets(8, 4) == b"WAVE":
            self._find()

    def _octets(self, at, count):
        self._file.seek(at)
        return self._file.read(count)

    def _number(self, at, form="<I"):
        octets = self._octets(at, struct.calcsize(form))
        return struct.unpack(form, octets)[0] if len(octets) == struct.calcsize(form) else 0

    def _find(self):
        at, long_size = 12, UNKNOWN_SIZE
        while at + 8 <= self._size:
            name, length = self._octets(at, 4), self._number(at + 4)
            if name == b"data":
                self.data_at = at + 8
                self.data_said = long_size if not self.is_plain and length == UNKNOWN_SIZE else length
                self._measure()
                return
            if name == b"fmt ":
                self.form = self._octets(at + 8, min(length, 64))
            if name == b"ds64":
                long_size = self._number(at + 16, "<Q")
            at += 8 + length + length % 2

    def _measure(self):
        there, said = self._size - self.data_at, self.data_said
        left, behind = there - min(there, said), self.data_at + said
        honest = 0 < said <= there and (self._are_chunks(behind) or self._are_chunks(behind + said % 2) or (left < MOST_LEFT_OVER and left < said))
        self.octets = said if honest else there

    def _are_chunks(self, at):
        while at + 8 <= self._size:
            if not all(32 <= octet < 127 for octet in self._octets(at, 4)):
                return False
            length = self._number(at + 4)
            at += 8 + length + length % 2
        return at <= self._size + 1

    @property
    def has_frame(self):
        """Whether it says how long a sample of all channels is."""
        return len(self.form) < 14 or struct.unpack_from("<H", self.form, 12)[0] > 0

    def whole(self):
        """A header that is right."""
        form = bytearray(self.form)
        if len(form) >= 16 and not self.has_frame:
            channels, bits = struct.unpack_from("<H", form, 2)[0], struct.unpack_from("<H", form, 14)[0]
            struct.pack_into("<H", form, 12, channels * ((bits + 7) // 8))
        parts = struct.pack("<4sI", b"fmt ", len(form)) + form + b"\0" * (len(form) % 2) + struct.pack("<4sI", b"data", self.octets)
        return struct.pack("<4sI4s", b"RIFF", 4 + len(parts) + self.octets, b"WAVE") + parts


@contextlib.contextmanager
def mended(path):
    """
    Context: gives (path, sentence). Of what is to be read in the place of the file: itself, and an empty sentence; or a copy in memory
    with a right header, and what was wrong where it was the length. Raises OSError.
    """
    with open(path, "rb") as file:
        header = _Header(file)
        length_is_right = header.octets == header.data_said
        if header.data_at is None or not header.form or header.octets == 0 or header.octets > LONGEST or (length_is_right and header.has_frame):
            yield path, ""
            return
        sentence = "" if length_is_right else (f"{path}: its header says {header.data_said} octets of samples, the file holds {header.octets}: "
                                               "all of these are read")
        with os.fdopen(os.memfd_create("speech", os.MFD_CLOEXEC), "wb") as copy:
            copy.write(header.whole())
            file.seek(header.data_at)
            shutil.copyfileobj(file, copy) # what stands behind the samples is read by nobody
            copy.flush()
            yield f"/proc/self/fd/{copy.fileno()}", sentence
