#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Talks and listens with one device that can do only one of both at a time, such as a HackRF."""

import gc
import queue
import threading
import time

from gnuradio import gr

from ..securevoice_rx import securevoice_rx
from ..securevoice_tx import securevoice_tx
from .flowgraph_run import FlowgraphRun
from .half_duplex import HalfDuplex
from .plan import RATE, DeviceError
from .status_tap import status_tap

STEP_SECONDS = 0.05
NOTHING_SECONDS = 1.0 # released before anything was sent: there is no end to wait for


class _Driver:
    """What HalfDuplex asks for, with flowgraphs. Its answers wait in `answers` until the thread that asked comes for them."""

    def __init__(self, station):
        self._station = station
        self.answers = []
        self.end = None # the device, one way or the other
        self.run = None
        self._ending = None # ticket and time
        self.sends = False

    def _switch(self, ticket, open_device, sends):
        try:
            self.end, self.sends = open_device(), sends
            self._station.connect(self.end, sends)
            self.run = FlowgraphRun(self._station.top(sends), self.end)
            self.answers.append((ticket, None))
        except (DeviceError, RuntimeError) as e:
            self.close()
            self.answers.append((ticket, str(e)))

    def close(self):
        """Lets go of the device."""
        trouble = None
        if self.run is not None and not self.run.over():
            try:
                self.run.stop()
            except DeviceError as e:
                trouble = str(e)
        if self.end is not None:
            self._station.disconnect(self.end, self.sends)
        self.run = self.end = self._ending = None
        gc.collect() # a device is closed by its destructor, before it is opened again
        return trouble

    def stop(self, ticket):
        self.answers.append((ticket, self.close()))

    def receive(self, ticket):
        self._switch(ticket, self._station.open_receiver, False)

    def transmit(self, ticket):
        self._switch(ticket, self._station.open_transmitter, True)

    def begin(self, kind):
        self._station.tx.set_kind(kind)
        self._station.sent = False
        self._station.tx.set_ptt(True)

    def finish(self, ticket):
        self._station.tx.set_ptt(False)
        self._ending = (ticket, time.monotonic())

    def reopen(self, ticket):
        self.answers.append((ticket, self.close()))

    def look(self):
        """Whether a call has left, or the device is gone: None, or (ticket or None, trouble or None)."""
        if self.run is None:
            return None
        over = self.run.over()
        if self._ending is not None:
            ticket, since = self._ending
            if self.end.left() or (over and self.end.whole()) or (not self._station.sent and time.monotonic() - since > NOTHING_SECONDS):
                self._ending = None
                return ticket, None
        if over:
            return None, "device lost"
        if self.run.silent() and (self._station.sent or not self.sends):
            return None, "the device takes no more samples" if self.sends else "the device gives no samples"
        return None


class Transceiver:
    """
    open_receiver(), open_transmitter(): make the ends (radio.open_receiver; radio.open_transmitter with once=True); source, output: blocks that give
    and take speech; on_state(State, reason), on_heard(dictionary), on_sent(dictionary): called from other threads. transmit, receive: other arguments
    of securevoice_tx and securevoice_rx.

    start() begins to receive; press(kind) and release() are push-to-talk, from any thread; stop() ends all, a call with its end.
    """

    def __init__(self, open_receiver, open_transmitter, source, output, key, keys, on_state, on_heard=lambda status: None,
                 on_sent=lambda status: None, transmit=None, receive=None):
        self.open_receiver, self.open_transmitter = open_receiver, open_transmitter
        self.tx = securevoice_tx(key, sample_rate=RATE, ptt=False, **(transmit or {}))
        self.rx = securevoice_rx(keys, RATE, **(receive or {}))
        self.sent = False # anything of the newest call
        self._on_state, self._on_sent = on_state, on_sent
        self._tops = {False: gr.top_block("transceiver, receiving"), True: gr.top_block("transceiver, transmitting")}
        self._taps = status_tap(on_heard), status_tap(self._take_sent)
        self._tops[False].connect(self.rx, output)
        self._tops[False].msg_connect(self.rx, "status", self._taps[0], "in")
        self._tops[True].connect(source, self.tx)
        self._tops[True].msg_connect(self.tx, "status", self._taps[1], "in")
        self._keys = queue.Queue() # presses and releases
        self._thread = None
        self._leave = False
        self.state = None

    def _take_sent(self, status):
        self.sent = self.sent or bool(status["sending"])
        self._on_sent(status)

    def top(self, sends):
        return self._tops[sends]

    def connect(self, end, sends):
        """The device becomes part of a flowgraph."""
        if sends:
            self._tops[True].connect(self.tx, end)
        else:
            self._tops[False].connect(end, self.rx)

    def disconnect(self, end, sends):
        if sends:
            self._tops[True].disconnect(self.tx, end)
        else:
            self._tops[False].disconnect(end, self.rx)

    def start(self):
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def press(self, kind="secure"):
        """Push-to-talk. Raises ValueError for another kind than "secure" and "clear"."""
        if kind not in ("secure", "clear"):
            raise ValueError(f"a call is secure or clear, not '{kind}'")
        self._keys.put(kind)

    def release(self):
        self._keys.put(None)

    def stop(self, seconds=30.0):
        """A call that is being sent ends properly."""
        self._leave = True
        self.release()
        if self._thread:
            self._thread.join(seconds)

    def _changed(self, state, reason):
        self.state = state
        self._on_state(state, reason)

    def _work(self):
        driver = _Driver(self)
        machine = HalfDuplex(driver, time.monotonic(), self._changed)
        while not (self._leave and self._keys.empty() and machine.state.at_rest):
            self._obey(machine)
            machine.tick(time.monotonic())
            seen = driver.look()
            if seen is not None:
                driver.answers.append(seen)
            while driver.answers:
                ticket, trouble = driver.answers.pop(0)
                if trouble is None:
                    machine.done(ticket)
                else:
                    machine.lost(trouble, ticket)
        driver.close()

    def _obey(self, machine):
        try:
            kind = self._keys.get(timeout=STEP_SECONDS)
        except queue.Empty:
            return
        if kind is None:
            machine.release()
        else:
            machine.press(kind)
