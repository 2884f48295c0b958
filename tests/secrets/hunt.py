# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for secrets: in texts and files, and in the memory of another process."""

import base64
import os

import numpy
from station import secrecy

PAGE = 4096


def forms_of_key(key):
    """Octets, as hexadecimal digits of both cases and as base64; any 16 characters of those, at steps of 16."""
    texts = [key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key)]
    return {key, *(text[n:n + 16] for text in texts for n in range(0, len(text) - 15, 16))}


def keys_of_call(key, header):
    """k_enc and k_mac, as docs/protocol.md has them."""
    message = header.context + header.start_time(key).to_bytes(8, "little")
    octets = secrecy.digest("voice-keys", key, 64, message)
    return octets[:32], octets[32:]


def forms_of_speech(samples):
    """64 samples in the middle of every other block, as 16 bit and as floats."""
    windows = [samples[n:n + 64] for n in range(288, len(samples) - 64, 1280)]
    loud = [w for w in windows if abs(w.astype(int)).max() > 200]
    assert len(loud) >= 5
    return {w.astype("<i2").tobytes() for w in loud} | {(w / 32768).astype("<f4").tobytes() for w in loud}


def found_in(octets, secrets):
    return [secret for secret in secrets if secret in octets]


def files_below(folder, but=()):
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and path not in but]


class Memory:
    """What a process can write to, as it is now, but for memory of its own program and libraries that cannot change."""

    def __init__(self, pid):
        self.areas = []
        mem = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        with open(f"/proc/{pid}/maps", encoding="ascii") as maps:
            for line in maps:
                span, access, *_ = line.split()
                if not access.startswith("rw"):
                    continue
                first, last = (int(part, 16) for part in span.split("-"))
                try:
                    area = numpy.frombuffer(os.pread(mem, last - first, first), numpy.uint8).reshape(-1, PAGE)
                except OSError:
                    continue # [vvar]; memory of a device
                self.areas.append(area[area.any(axis=1)].tobytes()) # most pages were never used
        os.close(mem)
        assert sum(map(len, self.areas)) > 100_000

    def count(self, secret):
        return sum(area.count(secret) for area in self.areas)

    def holds(self, secrets):
        """How many of the secrets are there, once or more often."""
        return sum(any(secret in area for area in self.areas) for secret in secrets)


def can_look_into(pid):
    try:
        os.close(os.open(f"/proc/{pid}/mem", os.O_RDONLY))
        return True
    except OSError:
        return False


def voice_fields(rows):
    """Rows of a block's voice bits as octets: what the vocoder's frames are in memory. Of silence there may be many."""
    packed = [numpy.packbits(row).tobytes() for row in rows]
    return {octets for octets in packed if packed.count(octets) == 1}
