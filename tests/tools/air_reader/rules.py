# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of one transmission is heard, and what is said of it (docs/protocol.md, 6.6 and 6.8). The table of states is read
out of the document."""

import re

from . import document, replays, secrecy

# 6.6, in slots
RELOCK_AFTER, RELOCK_WITHIN = 4, 8
CLEAR_SLOTS, CHECKS_NEEDED, KEYED_NEEDED = 4, 2, 3
ALIVE = CUT_OFF = 12
NO_KEY_AFTER = 8

LIVE = ("secure", "clear, from the group", "clear, unknown sender")


def _read_table():
    """{state: {event: state}}"""
    text = document.DOCUMENT.read_text(encoding="utf-8")
    table = re.search(r"^\| state \| signal \|.*?\n\n", text, re.M | re.S).group()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line]
    events, states = rows[0][1:], [row[0] for row in rows[2:]]

    def named(cell, now):
        if cell == ".":
            return now
        fits = [state for state in states if state == cell] or [state for state in states if cell in state]
        assert len(fits) == 1, cell
        return fits[0]

    return {row[0]: {event: named(cell, row[0]) for event, cell in zip(events, row[1:])} for row in rows[2:]}


STATES = _read_table()


class Transmission:
    """One header that was heard.

    session: a secrecy.Session. from_start_frame: the header came in the start frame. Blocks are told by any value that the caller
    likes; the methods return those that are played now.
    """

    def __init__(self, header, session, from_start_frame, secure_only):
        self.header, self.session, self.secure_only = header, session, secure_only
        self.has_key = session.start_time is not None
        self.state = STATES["idle"]["signal"]
        self.closed = False
        self.reason = "" # why the replay rules refused the newest block
        self._unverified = 0 if from_start_frame else RELOCK_AFTER
        self._newest = self._newest_unknown = -1
        self._secure = False # a tag fitted once
        self._clear_follows = False
        self._checks, self._keyed = [], [] # of slots, of clear blocks; newest last
        self._held, self._left = [], {} # (kind, block); slots that a kind's first block still waits
        self._silent = self._strange = 0

    @property
    def trusted(self):
        return self._secure or self.state == "clear, from the group"

    @property
    def live(self):
        return self.state in LIVE

    def on(self, event):
        self.state = STATES[self.state][event]

    def unlock(self, number):
        """An earlier block, too old to be played, has a tag that fits."""
        self._unverified, self._newest = 0, max(self._newest, number)

    def opened(self, block, number, opened, reason, may_speak):
        """A slot that a tag or check fits. reason: what the replay rules have against it."""
        secure = opened.kind == "secure"
        end = bool(opened.signalling & secrecy.END)
        repeated = number <= self._newest or (not secure and number <= self._newest_unknown)
        if reason == replays.SECOND_LOOK and not repeated and (secure or opened.keyed_fits):
            self.nothing()
            self._unverified = 0 if secure else self._unverified
            return []
        if self.state == "ended" and (self.closed or end):
            return []
        self._strange = 0
        if reason and reason != replays.SECOND_LOOK and (secure or opened.keyed_fits):
            self.reason = reason
            self.on("delay" if reason in ("too old", "late") else "replay")
        if repeated or not may_speak or (secure and reason) or (not secure and self.secure_only):
            self.nothing()
            return []
        if secure:
            return self._secure_block(block, number, opened)
        return self._clear_block(block, number, opened, opened.keyed_fits and not reason)

    def _secure_block(self, block, number, opened):
        second = "secure" in self._left
        if not second:
            self._give_up("clear")
        locked = second or self._unverified < RELOCK_AFTER
        self._secure, self._clear_follows = True, bool(opened.signalling & secrecy.CLEAR_FOLLOWS)
        self._unverified, self._checks, self._keyed = 0, [], []
        if not locked:
            self._hold(block, number, "secure", RELOCK_WITHIN - 1)
            return []
        played = self._play(block, number, opened, "secure")
        if opened.signalling & secrecy.END:
            self.closed = True
            self.on("END")
        return played

    def _clear_block(self, block, number, opened, ours):
        self._checks.append(True)
        self._keyed.append(ours)
        self._unverified += 1
        checked = sum(self._checks[-CLEAR_SLOTS:]) >= CHECKS_NEEDED
        group = sum(self._keyed[-CLEAR_SLOTS:]) >= KEYED_NEEDED
        alive = self._secure and self._unverified <= ALIVE
        if checked and (group or self._clear_follows or not alive):
            played = self._play(block, number, opened, "group" if group else "unknown")
            if opened.signalling & secrecy.END:
                self.closed = not self.has_key or (ours and group and not self._secure)
                self.on("END")
            return played
        if checked:
            self.on("unknown")
        self._fall_silent()
        self._hold(block, number, "clear", CLEAR_SLOTS - 1)
        return []

    def _play(self, block, number, opened, event):
        voice = bool(opened.voice.any()) or not opened.signalling & secrecy.END
        played = [held for kind, held in self._held if kind == opened.kind] + ([block] if voice else [])
        self._held, self._left, self._silent = [], {}, 0
        newest = number if voice else number - 1
        if event == "unknown" and self.has_key:
            self._newest_unknown = newest
        else:
            self._newest = newest
        self.on(event)
        return played

    def _hold(self, block, number, kind, slots):
        self._slot_passes()
        self._left.setdefault(kind, slots)
        self._held.append((kind, block))
        if kind == "secure" or not self.has_key:
            self._newest = max(self._newest, number)
        else:
            self._newest_unknown = max(self._newest_unknown, number)

    def _slot_passes(self):
        for kind in list(self._left):
            self._left[kind] -= 1
            if self._left[kind] < 0:
                self._give_up(kind)

    def _give_up(self, kind):
        self._held = [held for held in self._held if held[0] != kind]
        self._left.pop(kind, None)

    def _fall_silent(self):
        if self.live:
            self._silent += 1
            if self._silent > CUT_OFF:
                self._held, self._left = [], {}
                self.on("silence")

    def nothing(self):
        """A slot of which nothing is played."""
        if self.state == "ended":
            return
        self._unverified += 1
        self._checks.append(False)
        self._fall_silent()
        self._slot_passes()

    def unfit(self):
        """A slot that was read well (its piece is ours), and neither tag nor check fits."""
        self.nothing()
        if self.state != "ended" and not self.has_key:
            self._strange += 1
            if self._strange >= NO_KEY_AFTER:
                self.on("foreign")

    def gone(self):
        """The signal is."""
        self._held, self._left = [], {}
        self.on("silence")
