# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From statuses to lamps."""

import itertools
import pathlib
import re

import pytest
from gnuradio.securevoice.window.call_log import CallLog
from gnuradio.securevoice.window.figures import LossHistory
from gnuradio.securevoice.lamps import (CLEAR, CLEAR_UNKNOWN, CUT_OFF, DELAYED, ENDED, FAILED, FM, HEARD, NO_KEY, NO_SIGNAL, PENDING,
                                        REPLAY, SECURE, SENT, SILENT, STARTING, UNANNOUNCED, UNANNOUNCED_FM, UNKNOWN, UNREADABLE, WIPED,
                                        HeardLamps, heard_lamp, sent_lamp)

SOURCE = pathlib.Path(__file__).parents[2]


def test_every_state_of_the_protocol_has_a_lamp():
    table = (SOURCE / "docs/protocol.md").read_text(encoding="utf-8").split("### 6.8")[1].split("| state |")[1].split("\nA dot")[0]
    states = re.findall(r"^\| ([a-z ,]+) \|", table, re.M)
    assert len(states) >= 13
    assert set(states) <= set(HEARD)


def test_lamps_differ_by_word_and_by_shape():
    lamps = {lamp.word: lamp for lamp in [*HEARD.values(), *SENT.values(), UNANNOUNCED]}.values()
    for one, other in itertools.combinations(lamps, 2):
        assert one.shape != other.shape, (one, other)


@pytest.mark.parametrize("state, lamp", [
    ("idle", NO_SIGNAL), ("pending", PENDING), ("clear, from the group", CLEAR), ("clear, unknown sender", CLEAR_UNKNOWN), ("ended", ENDED),
    ("cut off", CUT_OFF), ("encrypted, no key", NO_KEY), ("unreadable", UNREADABLE), ("replay refused", REPLAY), ("delayed", DELAYED),
    ("fm", FM), ("fm, unannounced", UNANNOUNCED_FM), ("failed", FAILED), ("something new", UNKNOWN), (None, UNKNOWN)])
def test_heard(state, lamp):
    assert heard_lamp({"state": state}) == lamp


def test_secure_names_its_key():
    assert heard_lamp({"state": "secure", "key_name": "friends"}).detail == "key friends"
    lamp = heard_lamp({"state": "secure", "key_name": "friends", "old_key": True, "age": 31.4, "recording": True})
    assert (lamp.word, lamp.detail) == (SECURE.word, "OLD key friends, recording, 31 s old")


def test_clear_of_a_stranger_in_a_secure_call_is_unannounced():
    lamps = HeardLamps()
    unknown = [{"state": "clear, unknown sender", "time": time} for time in (10.0, 10.24, 10.48, 20.0)]
    lamps.take({"state": "secure", "time": 9.9})
    assert [lamps.take(status).word for status in unknown] == ["CLEAR", "CLEAR", UNANNOUNCED.word, UNANNOUNCED.word]
    assert lamps.take({"state": "secure", "time": 20.1}).word == SECURE.word
    assert lamps.take({"state": "ended", "time": 20.2}) == ENDED
    assert [lamps.take(status) for status in unknown] == 4 * [CLEAR_UNKNOWN] # a call of its own


def test_a_member_who_switches_is_not_unannounced():
    lamps = HeardLamps()
    lamps.take({"state": "secure", "time": 9.9})
    assert lamps.take({"state": "clear, unknown sender", "time": 10.0}) == CLEAR_UNKNOWN # his keyed octets are not known yet
    assert lamps.take({"state": "clear, from the group", "time": 10.1}) == CLEAR


@pytest.mark.parametrize("wanted", ["secure", "clear"])
def test_sent_is_what_left_and_not_what_was_asked_for(wanted):
    status = {"state": "sending", "sending": True, "wanted": wanted, "key_name": "friends"}
    assert sent_lamp({**status, "kind": "secure"}).word == "SECURE"
    assert sent_lamp({**status, "kind": "clear"}).word == "CLEAR"
    assert sent_lamp({**status, "kind": "none"}) == STARTING
    assert sent_lamp({**status, "kind": "clear", "sending": False, "state": "idle"}) == SILENT
    assert sent_lamp({**status, "state": "failed"}) == FAILED
    assert sent_lamp({**status, "state": "zeroized", "sending": False}) == WIPED


def test_losses_are_shares_between_statuses():
    history = LossHistory()
    for time, heard, lost in ((1, 10, 0), (2, 20, 0), (3, 25, 5), (4, 25, 5), (70, 26, 5)):
        history.take({"time": time, "heard": heard, "lost": lost})
    assert list(history.points) == [(70, 0.0)]
    history = LossHistory()
    for time, heard, lost in ((1, 10, 0), (2, 20, 0), (3, 25, 5), (4, 25, 5), (0, 0, 0)):
        history.take({"time": time, "heard": heard, "lost": lost})
    assert list(history.points) == [(2, 0.0), (3, 0.5)]


def test_a_call_is_one_line():
    calls = []
    log = CallLog(calls, "heard", (NO_SIGNAL.word, PENDING.word), (ENDED.word,))
    secure = heard_lamp({"state": "secure", "key_name": "friends"})
    for now, lamp in enumerate([NO_SIGNAL, PENDING, secure, CLEAR_UNKNOWN, CLEAR, secure, ENDED, ENDED, NO_KEY]):
        log.take(lamp, now)
    assert [call.text()[10:] for call in calls] == [
        "heard  SECURE (key friends) > CLEAR > SECURE (key friends)  4.0 s  ended", "heard  ENCRYPTED, NO KEY  0.0 s"]
