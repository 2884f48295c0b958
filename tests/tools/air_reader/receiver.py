# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A live receiver from code bits to what is played (docs/protocol.md, sections 4 to 6): with a clock, a memory of replays
and late entry. Good signals only: the decoder keeps one path."""

import dataclasses

import numpy

from . import coding, document, replays, rules, secrecy

BLOCKS = 65535 # numbers 0 ... 65534
WAITING = 11 # blocks kept until the header is known
UNREADABLE_AFTER = 12 # blocks
FLOOR = 0.5 # s of silence, then another call may be heard
SAME_BLOCK = 0.01 # s by which the times of one block differ between signals
REMEMBERED = 60 # s after its newest block, then a call's header is forgotten
SAME_CALL = 1 # s of silence, then clear by another signal may be the call that was heard


@dataclasses.dataclass
class Block:
    """ident: what the caller calls it."""

    ident: object
    mode: int
    number: int
    at: float # s
    llr: numpy.ndarray
    started: bool # its start frame was heard


class Signal:
    def __init__(self):
        self.transmissions, self.pieces, self.waiting = [], {}, []
        self.started, self.blocks = False, 0

    def shown(self):
        """(state, reason)"""
        if not self.transmissions:
            state = "idle"
            if self.blocks:
                state = rules.STATES[state]["signal"]
            if self.blocks >= UNREADABLE_AFTER:
                state = rules.STATES[state]["unread"]
            return state, ""
        first = [t for t in self.transmissions if t.live] or [t for t in self.transmissions if t.state != "pending"]
        t = first[0] if first else self.transmissions[-1]
        return t.state, t.reason if t.state in ("replay refused", "delayed") else ""


def _codec_of(mode):
    profile, codec = divmod(mode, 8)
    return document.CODECS.get(codec) if profile in (0, 1) else None


class Receiver:
    """key: 32 octets or None. clock: s since 1970 when `at` is 0."""

    def __init__(self, key, clock, memory, window=300, secure_only=False):
        self._key, self._clock, self._secure_only = key, clock, secure_only
        self._guard = replays.Guard(memory, window)
        self._signals, self._past = {}, ("idle", "")
        self._floor = None # (header, kind, when it was last heard, track)
        self._played = -1e9 # when anything was last heard
        self._known = {} # by header: when the call was last heard
        self.asleep = 0 # s that the clock went on without samples

    def shown(self):
        """(state, reason) of the signal that is heard, else of the newest, else of the last one that came to something."""
        if self._floor and self._floor[3] in self._signals:
            return self._signals[self._floor[3]].shown()
        return self._signals[max(self._signals)].shown() if self._signals else self._past

    def _add(self, signal, header, from_start_frame):
        session = secrecy.Session(header, self._key, _codec_of(header.mode).voice_bits)
        signal.transmissions.append(rules.Transmission(header, session, from_start_frame, self._secure_only))
        return signal.transmissions[-1]

    def start(self, track, llr):
        signal = self._signals.setdefault(track, Signal())
        signal.started = True
        header = secrecy.Header(secrecy.pack(coding.decode(llr, document.START_CODE)[1]))
        if header.check_fits() and _codec_of(header.mode):
            self._add(signal, header, True)

    def block(self, track, ident, mode, number, at, llr):
        """idents of the blocks played now."""
        signal = self._signals.setdefault(track, Signal())
        signal.blocks += 1
        block = Block(ident, mode, number, at, llr, signal.started)
        signal.transmissions.sort(key=lambda t: not t.live) # the call that is heard comes first
        for t in signal.transmissions:
            opened = self._open(t, block)
            if opened:
                played = self._tell(t, block, opened, track)
                for other in signal.transmissions:
                    if other is not t:
                        other.nothing()
                return played
        piece = secrecy.pack(coding.decode(llr, _codec_of(mode).code)[0])
        ours = [t for t in signal.transmissions if coding.piece_of(t.header.octets, number) == piece][:1]
        for t in signal.transmissions:
            (t.unfit if t in ours else t.nothing)()
        self._drop_floor()
        if ours:
            return []
        known = [header for header, then in self._known.items()
                 if at - then < REMEMBERED and coding.piece_of(header.octets, number) == piece]
        if known:
            signal.waiting.append(block)
            return self._enter(signal, known[0], track)
        return self._look_for_header(signal, block, piece, track)

    def lost(self, track):
        signal = self._signals.pop(track)
        for t in signal.transmissions:
            t.gone()
        last = signal.shown()
        if last[0] == "pending":
            last = rules.STATES[last[0]]["silence"], ""
        if last[0] not in ("idle", "unreadable") or self._past[0] == "idle":
            self._past = last
        self._drop_floor()

    def _open(self, t, block):
        if block.number >= BLOCKS:
            return None
        code = _codec_of(t.header.mode).code
        piece = coding.piece_of(t.header.octets, block.number)
        bits = coding.decode(block.llr, code, secrecy.unpack(piece))[1]
        return t.session(block.number, piece, secrecy.pack(bits[:-32]), secrecy.pack(bits[-32:]))

    def _may_speak(self, t, kind, at, track):
        """One call at a time (6.6, rule 9)."""
        if kind == "clear" and at < self._played + SAME_BLOCK:
            return False
        if self._floor is None or (self._floor[0], self._floor[3]) == (t.header, track):
            return True
        header, heard, when, _ = self._floor
        if header == t.header:
            return kind == "secure" or at - when > (FLOOR if heard == "clear" else SAME_CALL)
        silent = at - when > FLOOR
        return silent or heard == "clear" if kind == "secure" else silent and heard == "clear"

    def _reason(self, t, block, opened):
        if not t.has_key or (opened.kind == "clear" and not opened.keyed_fits):
            return ""
        return self._guard.reason(t.header.salt, t.session.start_time, block.number, self._clock + self.asleep + block.at, block.at)

    def _tell(self, t, block, opened, track):
        reason = self._reason(t, block, opened)
        def accept():
            self._guard.accept(t.header.salt, t.session.start_time, block.number, self._clock + self.asleep + block.at, block.at)
        usable = t.has_key and not reason
        if usable and opened.kind == "secure":
            accept()
        played = t.opened(block.ident, block.number, opened, reason, self._may_speak(t, opened.kind, block.at, track))
        if usable and opened.keyed_fits and t.state == "clear, from the group":
            accept()
        if played and (t.trusted or not t.has_key):
            self._known[t.header] = block.at
        if t.closed:
            self._known.pop(t.header, None)
        if t.closed and t.has_key and opened.kind == "secure":
            self._guard.close(t.header.salt)
        if played:
            self._floor = t.header, opened.kind, block.at, track
            self._played = max(self._played, block.at)
        self._drop_floor()
        return played

    def _drop_floor(self):
        live = [t.header for signal in self._signals.values() for t in signal.transmissions if t.live]
        if self._floor and self._floor[0] not in live:
            self._floor = None

    def _look_for_header(self, signal, block, piece, track):
        """Late entry, from six blocks whose pieces fit together (5.1)."""
        signal.pieces[block.number] = piece
        signal.waiting = (signal.waiting + [block])[-WAITING:]
        newest = dict(list(signal.pieces.items())[-6:])
        if len(newest) < 6:
            return []
        header = secrecy.Header(coding.header_of(newest))
        if any(coding.piece_of(header.octets, n) != p for n, p in newest.items()) or not header.check_fits():
            return []
        if not _codec_of(header.mode) or header in [t.header for t in signal.transmissions]:
            return []
        return self._enter(signal, header, track)

    def _enter(self, signal, header, track):
        """The header is known: what waited for it."""
        t = self._add(signal, header, False)
        waiting, signal.waiting, signal.pieces = signal.waiting, [], {}
        played = []
        for early in waiting:
            opened = self._open(t, early)
            if opened and (early.started or early is waiting[-1]):
                played += self._tell(t, early, opened, track)
            elif opened and opened.kind == "secure" and self._reason(t, early, opened) in ("", replays.SECOND_LOOK):
                t.unlock(early.number)
        return played
