#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
Half duplex: when a device is stopped, started and retuned, so that every call leaves with its end. Nothing here touches a device: a driver
is told what to do, and answers with done() or lost().
"""

import enum

KINDS = ("secure", "clear", "fm")


def checked(kind):
    """The kind. Raises ValueError if it is none of KINDS."""
    if kind not in KINDS:
        raise ValueError(f"a call is secure, clear or fm, not '{kind}'")
    return kind


class State(enum.Enum):
    """What the station does."""

    RECEIVING = "receiving"
    TO_TRANSMIT = "switching to transmit"
    TRANSMITTING = "transmitting"
    DRAINING = "draining"
    TO_RECEIVE = "switching to receive"
    LOST = "device lost"

    @property
    def at_rest(self):
        """Whether nothing is on its way."""
        return self in (State.RECEIVING, State.LOST)


class HalfDuplex:
    """
    The driver's calls, each with a ticket that its answer done(ticket) bears:
        stop(ticket)             stop receiving or transmitting
        receive(ticket)          tune and start receiving
        transmit(ticket)         tune and start transmitting; nothing is sent yet
        begin(kind)              the call begins, in one of KINDS. Not answered; ValueError if it is refused
        change(kind)             the call goes on in this kind. Not answered; ValueError if it is refused
        finish(ticket)           the call ends: answered when its end and the silence behind it have left the device
        reopen(ticket)           open the device that was lost; answered when it is there, else lost()
    A call begins in the kind that was asked for when it was pressed, or since by change(). After a loss the key must be pressed anew; after
    a call that ended by itself it must be released before. An answer that does not come in time
    counts as a loss. on_change(state, reason) is called at each change.
    """

    ANSWER_SECONDS = 5.0
    # speech may be behind its release by 4 s in the flowgraph and 2 s before it; then come the silence and the device's buffers
    FINISH_SECONDS = 15.0
    RETRY_SECONDS = 1.0

    def __init__(self, driver, now=0.0, on_change=lambda state, reason: None):
        self._driver = driver
        self._on_change = on_change
        self._kind = None # of the call that is wanted; None: receive
        self._held = False # pressed, though its call has ended by itself
        self._ticket = 0
        self._due = now # the answer, or the next attempt
        self._now = now
        self._doing = None
        self.state = State.TO_RECEIVE
        self._ask("receive")

    def press(self, kind):
        """Push-to-talk. While it is pressed nothing changes."""
        checked(kind)
        if self._kind is not None or self._held or self.state is State.LOST:
            return
        self._kind = kind
        if self.state is State.RECEIVING:
            self._enter(State.TO_TRANSMIT)
            self._ask("stop")

    def change(self, kind):
        """The call that is wanted or being sent goes on in one of KINDS; without one, nothing changes."""
        if self._kind is None or self.state is State.LOST:
            return
        self._kind = checked(kind)
        if self.state is State.TRANSMITTING:
            try:
                self._driver.change(kind)
            except ValueError as e:
                self._enter(self.state, str(e))

    def release(self):
        """The call ends, or is not begun."""
        self._held = False
        self._finish()

    def ended(self):
        """The call has ended by itself: its speech is over, its keys were wiped, or push-to-talk timed out."""
        self._held = self._held or self._kind is not None
        self._finish()

    def _finish(self):
        self._kind = None
        if self.state is State.TRANSMITTING:
            self._enter(State.DRAINING)
            self._ask("finish")

    def lost(self, reason="device lost", ticket=None):
        """The device is gone, or did not come back. ticket: of the request that failed; None: by itself."""
        if ticket not in (None, self._ticket):
            return
        self._kind = None
        self._ticket += 1 # older answers mean nothing any more
        self._doing = None
        self._due = self._now + self.RETRY_SECONDS
        self._enter(State.LOST, reason)

    def done(self, ticket):
        """The driver has done what it was asked for. Answers to older requests are ignored."""
        if ticket != self._ticket or self._doing is None:
            return
        done, self._doing = self._doing, None
        if done == "transmit" and self._kind is not None:
            self._begin()
        elif done == "receive" and self._kind is None:
            self._enter(State.RECEIVING)
        elif done in ("stop", "reopen"):
            self._ask("receive" if self._kind is None else "transmit")
        else: # drained, or the key has moved meanwhile
            self._enter(State.TO_RECEIVE if self._kind is None else State.TO_TRANSMIT)
            self._ask("stop")

    def tick(self, now):
        """To be called several times a second; now: s, of any clock that only grows."""
        self._now = now
        if now < self._due:
            return
        if self.state is State.LOST and self._doing is None:
            self._ask("reopen")
        elif self._doing is not None:
            self.lost("the device does not answer")

    def _begin(self):
        try:
            self._driver.begin(self._kind)
        except ValueError as e:
            self._kind = None
            self._enter(State.TO_RECEIVE, str(e))
            self._ask("stop")
        else:
            self._enter(State.TRANSMITTING)

    def _ask(self, what):
        self._ticket += 1
        self._doing = what
        self._due = self._now + (self.FINISH_SECONDS if what == "finish" else self.ANSWER_SECONDS)
        if what == "receive":
            self._enter(State.TO_RECEIVE)
        elif what == "transmit":
            self._enter(State.TO_TRANSMIT)
        getattr(self._driver, what)(self._ticket)

    def _enter(self, state, reason=""):
        if state is not self.state or reason:
            self.state = state
            self._on_change(state, reason)
