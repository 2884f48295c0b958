#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""What sound devices there are, by the names that GNU Radio's ALSA blocks take."""

import ctypes
import ctypes.util
import sys

CAPTURE, PLAYBACK = "Input", "Output" # as ALSA says it; a device that says nothing does both


def sound_devices(direction):
    """Names and descriptions, as a list of pairs; empty without ALSA or devices."""
    path = ctypes.util.find_library("asound")
    if not path:
        return []
    alsa, libc = ctypes.CDLL(path), ctypes.CDLL(None)
    alsa.snd_device_name_get_hint.restype = ctypes.c_void_p
    alsa.snd_device_name_get_hint.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    libc.free.argtypes = [ctypes.c_void_p]
    hints = ctypes.POINTER(ctypes.c_void_p)()
    if alsa.snd_device_name_hint(-1, b"pcm", ctypes.byref(hints)) != 0:
        return []

    def word(hint, what):
        address = alsa.snd_device_name_get_hint(hint, what)
        if not address:
            return ""
        text = ctypes.string_at(address).decode(errors="replace")
        libc.free(address)
        return " ".join(text.split())

    found, n = [], 0
    while hints[n]:
        if word(hints[n], b"IOID") in ("", direction):
            found.append((word(hints[n], b"NAME"), word(hints[n], b"DESC")))
        n += 1
    alsa.snd_device_name_free_hint(hints)
    return [(name, described) for name, described in found if name and name != "null"]


def list_sound_devices(direction):
    """Writes them to standard output. Raises RuntimeError if there is none."""
    found = sound_devices(direction)
    if not found:
        raise RuntimeError("no sound device is there: ALSA knows of none (is one plugged in, and may this user use it?)")
    width = max(len(name) for name, _ in found)
    for name, described in found:
        sys.stdout.write(f"{name:{width}}  {described}\n")
