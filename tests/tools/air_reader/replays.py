# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was heard before, and what is not from now (docs/protocol.md, 6.7)."""

import dataclasses

EPOCH, TIME_UNIT, SLOT = 1577836800, 4, 0.08
TOLERANCE, ASLEEP, AHEAD = 1, 5, 32
SAME_MOMENT, LOOK_BACK = 0.02, 32 # s, blocks
SECOND_LOOK = "a second look" # of this receiver, at what it accepted


@dataclasses.dataclass
class Heard:
    """What is kept of one transmission."""

    next: int = 0 # lowest number that may still be accepted
    late: float = None # s: least of own clock minus the time by the header; None: nothing was accepted
    closed: bool = False
    own: bool = False


class Memory:
    """Survives a receiver. since: when it began, s since 1970."""

    def __init__(self, since, own=()):
        self.since = since
        self.heard = {salt: Heard(own=True) for salt in own}


class Guard:
    """The rules of one receiver, under one key."""

    def __init__(self, memory, window):
        self._memory, self._window = memory, window
        self._heard, self._line, self._accepted = {}, {}, {} # of this receiver

    def _of(self, salt):
        if salt not in self._heard:
            self._heard[salt] = dataclasses.replace(self._memory.heard.get(salt, Heard()))
        return self._heard[salt]

    def reason(self, salt, start_time, number, now, at):
        """Why a block of the key's must not be accepted; "": it may. now: own clock; at: s, of the signal."""
        known = self._of(salt)
        if known.own:
            return "own"
        if (known.closed or number < known.next) and self._looks_again(salt, number, at):
            return SECOND_LOOK
        if known.closed:
            return "closed"
        if number < known.next:
            return "heard before"
        start = EPOCH + TIME_UNIT * start_time
        late = now - start - SLOT * number
        if salt in self._line:
            stalled = at - SLOT * number > self._line[salt] + TOLERANCE or late > known.late + ASLEEP
            return "late" if stalled else ""
        if late < -self._window:
            return "from the future"
        if known.late is None and start < self._memory.since:
            return "before the memory"
        if late > self._window:
            return "too old"
        if known.late is not None and late > known.late + TOLERANCE:
            return "late"
        return ""

    def _looks_again(self, salt, number, at):
        accepted = self._accepted.get(salt, [])[-LOOK_BACK:]
        if not accepted:
            return False
        other, then = min(reversed(accepted), key=lambda known: abs(known[0] - number))
        return abs(other - number) <= LOOK_BACK and abs(at - then - SLOT * (number - other)) < SAME_MOMENT

    def accept(self, salt, start_time, number, now, at):
        known = self._of(salt)
        late = now - (EPOCH + TIME_UNIT * start_time) - SLOT * number
        line = at - SLOT * number
        known.late = late if known.late is None else min(late, known.late)
        self._line[salt] = min(line, self._line.get(salt, line))
        self._accepted.setdefault(salt, []).append((number, at))
        known.next = number + 1
        stored = self._memory.heard.get(salt)
        if stored is None or known.next > stored.next:
            self._memory.heard[salt] = dataclasses.replace(known, next=known.next + AHEAD)

    def close(self, salt):
        self._of(salt).closed = True
        self._memory.heard.setdefault(salt, Heard()).closed = True
