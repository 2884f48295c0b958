#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Figures of a receiver over time, without Qt."""

import collections

SECONDS = 60


class LossHistory:
    """Share of blocks lost between two statuses, for the last minute. points: (receiver's time in s, share)."""

    def __init__(self):
        self.points = collections.deque()
        self._before = None

    def take(self, status):
        now = (status.get("time", 0.0), status.get("heard", 0), status.get("lost", 0))
        before, self._before = self._before, now
        if before is None or now[1] < before[1] or now[2] < before[2]: # another receiver
            return
        heard, lost = now[1] - before[1], now[2] - before[2]
        if heard + lost:
            self.points.append((now[0], lost / (heard + lost)))
        while self.points and self.points[0][0] < now[0] - SECONDS:
            self.points.popleft()

    @property
    def now(self):
        return self._before[0] if self._before else 0.0
