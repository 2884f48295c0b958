#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Two windows on one machine: IQ over TCP on 127.0.0.1."""

import socket

from gnuradio import gr, zeromq

HOST = "127.0.0.1"
WATERMARK = 100 # portions that wait for a slow reader
TIMEOUT_MS = 50


def _is_free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _claim(port):
    """
    A socket that stands for the port until it or the process goes; None if somebody else has it. Its name is taken in one step, and before
    the port is used: two windows that begin together both find the port free.
    """
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0gr-securevoice link {port}")
    except OSError:
        claim.close()
        return None
    if not _is_free(port):
        claim.close()
        return None
    return claim


class Link:
    """
    Whoever comes first sends on `port` and hears on the next one, the second the other way round; both are kept as long as this lives.
    sink(), source(): new blocks. Raises ValueError.
    """

    def __init__(self, port):
        if not 1024 <= port <= 65534:
            raise ValueError("the port of --link is from 1024 to 65534")
        for self.mine in (port, port + 1):
            self._claim = _claim(self.mine)
            if self._claim:
                break
        else:
            raise ValueError(f"ports {port} and {port + 1} are both taken: two windows talk there already; choose another --link")
        self.other = port + (self.mine == port)

    def sink(self):
        return zeromq.pub_sink(gr.sizeof_gr_complex, 1, f"tcp://{HOST}:{self.mine}", TIMEOUT_MS, False, WATERMARK)

    def source(self):
        return zeromq.sub_source(gr.sizeof_gr_complex, 1, f"tcp://{HOST}:{self.other}", TIMEOUT_MS, False, WATERMARK)
