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
from .half_duplex import HalfDuplex, checked
from .plan import RATE, DeviceError
from .status_tap import status_tap

STEP_SECONDS = 0.05
NOTHING_SECONDS = 3.0 # released before anything was sent: there is no end to wait for. A short call may be behind its press by 2 s


class _Driver:
    """What HalfDuplex asks for, with flowgraphs. Its answers wait in `answers` until the thread that asked comes for them."""

    def __init__(self, station):
        self._station = station
        self.answers = []
        self.end = None # the device, one way or the other
        self.run = None
        self._ending = None # ticket and time
        self.sends = False
        self._stuck = False # the driver

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
        """Lets go of the device. Returns a sentence if its driver does not: its thread still uses the flowgraph, which stays until it is
        asked again."""
        if self.run is not None and not self.run.over():
            try:
                self.run.stop()
            except DeviceError as e:
                self._stuck = True
                return str(e)
        self._stuck = False
        if self.end is not None:
            if self.sends:
                self._station.tx.set_ptt(False) # a call that was lost does not go on with the next one
            self._station.disconnect(self.end, self.sends)
        self.run = self.end = self._ending = None
        gc.collect() # a device is closed by its destructor, before it is opened again
        return None

    def stop(self, ticket):
        self.answers.append((ticket, self.close()))

    def receive(self, ticket):
        self._switch(ticket, self._station.open_receiver, False)

    def transmit(self, ticket):
        self._switch(ticket, self._station.open_transmitter, True)

    def begin(self, kind):
        self.change(kind)
        self._station.sent = False
        self._station.tx.set_ptt(True)

    def change(self, kind):
        try:
            self._station.tx.set_kind(kind)
        except RuntimeError as e: # the keys were wiped
            raise ValueError(str(e)) from None

    def finish(self, ticket):
        self._station.tx.set_ptt(False)
        self._ending = (ticket, time.monotonic())

    def reopen(self, ticket):
        self.answers.append((ticket, self.close()))

    def look(self):
        """Whether a call has left, or the device is gone: None, or (ticket or None, trouble or None)."""
        if self.run is None or self._stuck:
            return None
        over = self.run.over()
        if self._ending is not None:
            ticket, since = self._ending
            if self.end.left() or (over and self.end.whole()) or (not self._station.sent and time.monotonic() - since > NOTHING_SECONDS):
                self._ending = None
                return ticket, None
        name = self.end.device.name
        if over:
            return None, self.close() or f"{name} was lost"
        if self.run.silent(self._station.sent or not self.sends): # a press may wait for its first sample for seconds
            return None, self.close() or f"{name} {'takes no more' if self.sends else 'gives no'} samples"
        return None

    def ended_by_itself(self):
        """Whether a call has left whole that nobody has released: the speech is over, or the keys were wiped."""
        return self.run is not None and self.sends and self._ending is None and self.run.over() and self.end.whole()


class Transceiver:
    """
    open_receiver(), open_transmitter(): make the ends (radio.open_receiver; radio.open_transmitter with once=True), open_transmitter may be
    None: it only listens; source, output: blocks that give and take speech; on_state(State, reason), on_heard(dictionary),
    on_sent(dictionary): called from other threads. transmit, receive: other arguments of securevoice_tx and securevoice_rx. monitor: block
    that takes the IQ received, or None.

    start() begins to receive; press(kind), change(kind) and release() are push-to-talk, from any thread; stop() ends all, a call with its
    end.
    """

    def __init__(self, open_receiver, open_transmitter, source, output, key, keys, on_state, on_heard=lambda status: None,
                 on_sent=lambda status: None, transmit=None, receive=None, monitor=None):
        self.open_receiver, self.open_transmitter = open_receiver, open_transmitter
        self.rx = securevoice_rx(keys, RATE, **(receive or {}))
        self.sent = False # anything of the newest call
        self._on_state, self._on_sent = on_state, on_sent
        self._monitor = monitor
        self._sound = source, output # Python blocks do not live by a connection alone
        self._tops = {False: gr.top_block("transceiver, receiving"), True: gr.top_block("transceiver, transmitting")}
        self._taps = status_tap(on_heard), status_tap(self._take_sent)
        self._tops[False].connect(self.rx, output)
        self._tops[False].msg_connect(self.rx, "status", self._taps[0], "in")
        self.tx = None
        if open_transmitter:
            self.tx = securevoice_tx(key, sample_rate=RATE, ptt=False, **(transmit or {}))
            self._tops[True].connect(source, self.tx)
            self._tops[True].msg_connect(self.tx, "status", self._taps[1], "in")
        self._keys = queue.Queue() # methods of HalfDuplex with their arguments
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
        for one, other in self._joints(end, sends):
            self._tops[sends].connect(one, other)

    def disconnect(self, end, sends):
        for one, other in self._joints(end, sends):
            self._tops[sends].disconnect(one, other)

    def _joints(self, end, sends):
        if sends:
            return [(self.tx, end)]
        return [(end, block) for block in (self.rx, self._monitor) if block]

    def start(self):
        self._leave = False # a run before this one was stopped
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def press(self, kind="secure"):
        """Push-to-talk. Raises ValueError for another kind than "secure", "clear" and "fm"."""
        self._keys.put((HalfDuplex.press, checked(kind)))

    def change(self, kind):
        """The call that is wanted or being sent goes on in this kind. Raises ValueError as press() does."""
        self._keys.put((HalfDuplex.change, checked(kind)))

    def release(self):
        self._keys.put((HalfDuplex.release,))

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
            self._obey(machine, STEP_SECONDS)
            machine.tick(time.monotonic())
            if driver.ended_by_itself():
                machine.ended()
            seen = driver.look()
            if seen is not None:
                driver.answers.append(seen)
            while driver.answers:
                ticket, trouble = driver.answers.pop(0)
                self._obey(machine) # what was asked for while the device was switched
                if trouble is None:
                    machine.done(ticket)
                else:
                    machine.lost(trouble, ticket)
        driver.close()

    def _obey(self, machine, seconds=0.0):
        """All that was asked for so far; waits so long for something."""
        try:
            while True:
                method, *arguments = self._keys.get(timeout=seconds) if seconds else self._keys.get_nowait()
                if self.tx:
                    method(machine, *arguments)
                seconds = 0.0
        except queue.Empty:
            pass
