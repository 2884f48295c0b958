# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers in the place of rtl_tcp that are silent, rude or gone: a sentence within seconds, never a wait for ever."""

import socket
import struct
import threading
import time

import numpy
import pytest
from gnuradio import blocks, gr
from gnuradio.securevoice import radio
from gnuradio.securevoice.radio import rtl_tcp
from gnuradio.securevoice.radio.flowgraph_run import FlowgraphRun

FREQUENCY = 433.5e6
GREETING = struct.pack(">4sII", b"RTL0", 5, 29)


class Server:
    """Accepts one client and does with it what it is told, in a thread of its own."""

    def __init__(self, behave):
        self._behave = behave
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.name = f"rtl_tcp=127.0.0.1:{self._socket.getsockname()[1]}"
        self._over = threading.Event()
        self.commands = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        client, _ = self._socket.accept()
        with client:
            self._behave(client, self)
            self._over.wait(60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._over.set()
        self._socket.close()


def take_commands(client, server, count):
    pending = b""
    while len(server.commands) < count:
        received = client.recv(4096)
        if not received:
            return
        pending += received
        while len(pending) >= 5:
            server.commands.append(struct.unpack(">BI", pending[:5]))
            pending = pending[5:]


@pytest.mark.parametrize("behave, says", [
    (lambda client, _: None, "nobody says anything there"),
    (lambda client, _: client.sendall(GREETING[:7]), "nobody says anything there"),
    (lambda client, _: client.close(), "the server hung up"),
    (lambda client, _: client.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), "is no rtl_tcp")])
def test_what_is_no_rtl_tcp_is_told(monkeypatch, behave, says):
    monkeypatch.setattr(rtl_tcp, "ANSWER_SECONDS", 0.5)
    started = time.monotonic()
    with Server(behave) as server, pytest.raises(radio.DeviceError, match=says):
        radio.open_receiver(server.name, FREQUENCY)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("name, says", [
    ("rtl_tcp=127.0.0.1:none", "names a server"), ("rtl_tcp=127.0.0.1:99999", "names a server"), ("rtl_tcp=127.0.0.1:", "names a server"),
    ("rtl_tcp=no.such.host.invalid:1", "cannot open"), ("rtl_tcp=a..b:1", "cannot open"),
    ("rtl_tcp=127.0.0.1:1,colour=red", "has no option 'colour'"),
    ("rtl_tcp=127.0.0.1:1,bias=yes", "is 0, 1 or 2")])
def test_odd_addresses_and_options_are_told(name, says):
    with pytest.raises(radio.DeviceError, match=says):
        radio.open_receiver(name, FREQUENCY)


@pytest.mark.parametrize("text, address", [("", ("127.0.0.1", 1234)), ("host", ("host", 1234)), ("host:1", ("host", 1)), ("[::1]:7", ("::1", 7)),
                                           ("[::1]", ("::1", 1234))])
def test_addresses(text, address):
    assert rtl_tcp.address_of(text) == address


def test_a_server_that_falls_silent_lets_go():
    """Its samples stop after 0.1 s; stop() does not wait for more of them. The control: those 0.1 s came."""
    octets = bytes([255, 128, 128, 255, 0, 128, 128, 0]) * 6000 # a carrier where the call would be, a quarter of the rate above
    with Server(lambda client, _: client.sendall(GREETING + octets)) as server:
        end, sink, top = radio.open_receiver(server.name, FREQUENCY), blocks.vector_sink_c(), gr.top_block()
        top.connect(end, sink)
        run = FlowgraphRun(top, end)
        while len(sink.data()) < 4000 and not run.over():
            time.sleep(0.02)
        started = time.monotonic()
        run.stop()
        assert run.over() and time.monotonic() - started < 4
    assert abs(numpy.array(sink.data())).max() > 0.9


def test_the_server_is_told_everything():
    with Server(lambda client, server: (client.sendall(GREETING), take_commands(client, server, 6))) as server:
        end = radio.open_receiver(server.name + ",bias=1,psize=16384", FREQUENCY, 1.024e6, "20", -3)
        limit = time.monotonic() + 20
        while len(server.commands) < 6 and time.monotonic() < limit:
            time.sleep(0.02)
        assert end.sample_rate == 1024000
    assert dict(server.commands) == {14: 1, 2: 1024000, 5: 2**32 - 3, 1: 433300000, 3: 1, 4: 200}
