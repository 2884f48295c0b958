# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a reception is written down in tests/vectors/transmissions.json: what arrives at a receiver, and what it has to do."""

import air_crypto as air
import air_transmitter as tx

SLOT = 0.08


class Reception:
    """One receiver from its start on. Each event says what is played now and the state that follows.

    call: whose clock and times the receiver shares. off: s that the receiver's clock is ahead of the sender's.
    """

    def __init__(self, label, call, *, key="ours", off=0.3, since=-3600, secure_only=False, own=()):
        first = call["blocks"][0]["number"]
        sent = call["unix_time"]
        self.call, self._mode = call, call["mode"]
        self._at, self._state, self._track = 1.0, "idle", 1
        self.events = []
        self.vector = {
            "label": label,
            "receiver": {
                "key": key,
                "clock": round(sent + SLOT * first + off - self._at, 2),
                "memory_since": sent + since,
                "sent_itself": [other["salt"] for other in own],
                "secure_only": secure_only,
            },
            "events": self.events,
        }

    def _event(self, what, plays, state, **more):
        self._state = state or self._state
        self.events.append({"what": what, "at": round(self._at, 2), "track": self._track, **more, "plays": plays,
                            "state": self._state})
        self._at += SLOT

    def start(self, header=None, state="pending", bits=None):
        """The call's start frame, or another one."""
        frame = {"of": self.call["label"]} if header is None and bits is None else {"bits": bits or tx.start_bits(header)}
        self._event("start", [], state, **frame)

    def block(self, index, state=None, plays=None):
        """A block of the call as it was sent; plays: how many events back what is played now begins, 0 for itself."""
        self._event("block", self._span(plays), state, of=self.call["label"], block=index)

    def blocks(self, first, last, state=None, plays=0):
        for index in range(first, last):
            self.block(index, state, plays)

    def altered(self, number, fields, state=None, plays=None, bits=None, **content):
        """Another block: (piece, body, tag), or code bits."""
        if bits is None:
            bits = tx.block_bits(self._mode % 8, *fields)
        self._event("block", self._span(plays), state, mode=self._mode, number=number, bits=bits, **content)

    def _span(self, plays):
        """0: this event; -2: it and the two before; None: nothing; a list: these, counted from this one."""
        at = len(self.events)
        if plays is None:
            return []
        return [at + n for n in (range(plays, 1) if isinstance(plays, int) else plays)]

    def signal(self, mode):
        """The mode that the pilots name from here on."""
        self._mode = mode

    def lost(self, state):
        self._event("lost", [], state)
        self._track += 1

    def restart(self):
        self._event("restart", [], "idle")

    def beside(self, fields=None, number=None, **content):
        """On another signal, in the slot of the newest event: a copy of the start frame, or a block. Nothing is played."""
        what = "start" if fields is None else "block"
        frame = {"of": self.call["label"]} if fields is None else {
            "mode": self._mode, "number": number, "bits": tx.block_bits(self._mode % 8, *fields)}
        self.events.append({"what": what, "at": round(self._at - SLOT / 2, 2), "track": self._track + 1, **frame, **content,
                            "plays": [], "state": self._state})

    def sleep(self, seconds):
        """The host sleeps: its clock goes on, its samples do not."""
        self._event("sleep", [], None, seconds=seconds)
        self._at -= SLOT

    def pause(self, seconds):
        self._at += seconds

    def done(self, reason=""):
        self.vector["reason"] = reason
        return self.vector


def with_check(header, version=air.VERSION):
    """The header with the public check that fits it."""
    mode = header[12] >> 4
    ctx = header[:12] + bytes([version, mode % 8, mode // 8])
    return header[:20] + air.header_check(ctx, header[12:16], header[16:20])


def flip(octets, bit):
    raw = bytearray(octets)
    raw[bit // 8] ^= 0x80 >> bit % 8
    return bytes(raw)
