#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
An RTL-SDR behind rtl_tcp. gr-osmosdr's client waits for ever for a server that accepts and says nothing, and reads for ever from a
connection that was closed; this one tells both.
"""

import os
import socket
import struct

from gnuradio import blocks, gr

from .iq_file import from_unsigned
from .plan import DeviceError

PORT = 1234
ANSWER_SECONDS = 4 # until a server has said what it is; it opens its dongle before it listens
GREETING = struct.Struct(">4sII") # "RTL0", tuner, number of gains
COMMAND = struct.Struct(">BI")
FREQUENCY, SAMPLE_RATE, GAIN_MODE, GAIN, PPM = range(1, 6)
OPTIONS = {"direct_samp": 9, "offset_tune": 10, "bias": 14} # of the device string, as gr-osmosdr names them, and their commands
IGNORED = ("psize",) # gr-osmosdr's, of its buffers
# gains, dB; librtlsdr takes its nearest step
TUNERS = {1: (-1, 42), 2: (-9.9, 19.7), 3: (-9.9, 19.7), 4: (0, 0), 5: (0, 49.6), 6: (0, 49.6)}
UNKNOWN_TUNER = (0, 50)


def address_of(text):
    """Host and port of HOST:PORT, [::1]:PORT or HOST. Raises DeviceError."""
    host, separator, port = text.rpartition(":")
    if not separator or text.endswith("]"):
        host, port = text, str(PORT)
    if not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65536:
        raise DeviceError(f"rtl_tcp=HOST:PORT names a server, such as rtl_tcp=127.0.0.1:{PORT}, not '{text}'")
    return host.strip("[]") or "127.0.0.1", int(port)


class rtl_tcp_source(gr.hier_block2):
    """Complex, full scale 1; ends when the server goes. Raises DeviceError."""

    def __init__(self, device):
        gr.hier_block2.__init__(self, "rtl_tcp_source", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_gr_complex))
        address = address_of(device.arguments["rtl_tcp"])
        settings = {key: value for key, value in device.arguments.items() if key not in ("rtl_tcp", *IGNORED)}
        for key, value in settings.items():
            if key not in OPTIONS:
                raise DeviceError(f"rtl_tcp= has no option '{key}': it has {', '.join(OPTIONS)}")
            if value not in ("0", "1", "2"):
                raise DeviceError(f"{key}= of rtl_tcp is 0, 1 or 2, not '{value}'")
        try:
            self._connection = socket.create_connection(address, ANSWER_SECONDS)
            self._tuner = self._greeted(device.name)
        except TimeoutError:
            raise DeviceError(f"cannot open {device.name}: nobody says anything there for {ANSWER_SECONDS} s (is it rtl_tcp, with a dongle, and does it serve "
                              "nobody else?)") from None
        except (OSError, UnicodeError) as e:
            raise DeviceError(f"cannot open {device.name}: {getattr(e, 'strerror', None) or e} ({device.abilities.hint})") from None
        self._connection.settimeout(None)
        octets = blocks.file_descriptor_source(gr.sizeof_char, os.dup(self._connection.fileno()), False)
        self.connect(from_unsigned(self, octets), self)
        for key, value in settings.items():
            self._tell(OPTIONS[key], int(value))

    def _greeted(self, name):
        """The tuner's number."""
        greeting = b""
        while len(greeting) < GREETING.size:
            more = self._connection.recv(GREETING.size - len(greeting))
            if not more:
                raise DeviceError(f"cannot open {name}: the server hung up (does it serve somebody else?)")
            greeting += more
        word, tuner, _ = GREETING.unpack(greeting)
        if word != b"RTL0":
            raise DeviceError(f"cannot open {name}: what answers there is no rtl_tcp")
        return tuner

    def _tell(self, command, value):
        try:
            self._connection.sendall(COMMAND.pack(command, value & 0xffffffff))
        except OSError:
            pass # the stream ends, which is how a lost server is told

    def set_sample_rate(self, rate):
        self._tell(SAMPLE_RATE, round(rate))
        return float(round(rate))

    def set_center_freq(self, frequency):
        """Raises DeviceError for what no tuner reaches."""
        if not 0 <= frequency < 2**32:
            raise DeviceError(f"no RTL-SDR reaches {frequency:.0f} Hz")
        self._tell(FREQUENCY, round(frequency))
        return float(round(frequency))

    def set_freq_corr(self, ppm):
        self._tell(PPM, round(ppm))

    def set_gain_mode(self, automatic):
        self._tell(GAIN_MODE, 0 if automatic else 1)

    def gain_ranges(self):
        return {"LNA": (*TUNERS.get(self._tuner, UNKNOWN_TUNER), 0.1)}

    def set_gain(self, gain, _name):
        self._tell(GAIN, round(10 * gain))

    def release(self):
        """Ends the stream, from any thread."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass # it has ended
