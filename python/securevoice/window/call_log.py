#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The list of calls, made from what was sent and heard, without Qt."""

import time
from dataclasses import dataclass, field

LONGEST = 500 # calls


@dataclass
class Call:
    """One line of the log. kinds: words and details of the lamps in their order."""

    direction: str
    begun: float
    kinds: list = field(default_factory=list)
    last: float = 0.0
    end: str = ""

    def text(self):
        clock = time.strftime("%H:%M:%S", time.localtime(self.begun))
        parts = [clock, self.direction, " > ".join(self._named(*kind) for kind in self.kinds), f"{max(0.0, self.last - self.begun):.1f} s", self.end]
        return "  ".join(part for part in parts if part)

    @staticmethod
    def _named(word, detail):
        return f"{word} ({detail})" if detail else word


class CallLog:
    """Give it every lamp of one direction in turn. quiet: words that are no call; ends: words that close one."""

    def __init__(self, calls, direction, quiet, ends=()):
        self.calls = calls
        self._direction, self._quiet, self._ends = direction, quiet, ends
        self._call = None

    def take(self, lamp, now=None):
        now = time.time() if now is None else now
        if lamp.word in self._ends or lamp.word in self._quiet:
            if self._call:
                self._call.last = now
                self._call.end = lamp.word.lower() if lamp.word in self._ends else ""
            self._call = None
            return
        if not self._call:
            self._call = Call(self._direction, now)
            self.calls.append(self._call)
            del self.calls[:-LONGEST]
        kinds = self._call.kinds
        if kinds and kinds[-1][0] == lamp.word:
            kinds.pop() # who speaks is known better now
        kinds.append((lamp.word, lamp.detail))
        self._call.last = now
