# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of text say what the lamps say, in every state with whatever else a status tells."""

import contextlib
import io
import itertools
import os
import types

import pmt
import pytest
from conftest import wait_until
from gnuradio import blocks, gr
from gnuradio.securevoice import status_line
from gnuradio.securevoice.lamps import ALARM, DATED, HEARD, REFUSED, SECURE, HeardLamps, duration, heard_lamp, line, sent_lamp, sentences
from gnuradio.securevoice.radio.live_line import LiveLine, heard_text, sent_text

DRIVER = types.SimpleNamespace(overflows=0, underflows=0)
STATES = (*HEARD, "of a later version", None)
TEXTS = {"secure": "secure, friends"} # what a receiver's own text may be
KINDS = ("secure", "clear", "none")
KEYS = (("friends", False), ("friends", True))
AGES = ({"age": 5.0}, {"age": 224.3}, {"age": -250.0}, {"age": 11.0, "later_than_usual": 254.0})
REASONS = ("", "it was sent too long ago by its sender's clock")
TROUBLES = ({}, {"clock_problem": "this computer's clock says 1970: set it"}, {"memory_problem": "the memory of replays '/x' cannot be written"})


def table():
    """Every status, and whether a secure call was heard before."""
    for state, kind, (key, old), age, recording, reason, trouble, alarm, before in itertools.product(
            STATES, KINDS, KEYS, AGES, (False, True), REASONS, TROUBLES, (False, True), (False, True)):
        status = {"state": state, "text": TEXTS.get(state, str(state)), "kind": kind, "key_name": key, "old_key": old, "recording": recording,
                  "interference": alarm,
                  "time": 99.0, **age, **trouble}
        yield {**status, "reason": reason} if reason else status, before


def lamps_before(secure_call):
    lamps = HeardLamps()
    if secure_call:
        lamps.take({"state": "secure", "key_name": "friends", "time": 90.0})
        lamps.take({"state": "clear, unknown sender", "time": 90.1})
    return lamps


def test_a_line_says_all_that_the_lamp_shows_and_nothing_else():
    words = {lamp.word for lamp in HEARD.values()}
    for status, before in table():
        lamp = lamps_before(before).take(status)
        shown = heard_text(status, DRIVER, lamps=lamps_before(before))
        assert shown.state == line(lamp) and shown.state.startswith(lamp.word), (status, shown)
        for part in filter(None, (*lamp.details, lamp.age)):
            assert part.removeprefix("key ") in shown.state, (status, shown)
        assert shown.sentences == sentences(lamp, status)
        assert all(text in shown for text in (shown.state, *shown.sentences))
        assert not any(shown.state.startswith(word) for word in words if not lamp.word.startswith(word)), (status, shown)


def test_what_is_known_is_in_the_line():
    for status, _ in table():
        shown, lamp = heard_text(status, DRIVER), heard_lamp(status)
        said = {name: name in shown for name in ("s old", "ahead", "later than usual", "recording", ALARM, "Not played", *status.values())
                if isinstance(name, str)}
        dated = HEARD.get(status["state"]) in DATED
        assert said["s old"] == (dated and status.get("age", 0) > 10), (status, shown)
        assert said["ahead"] == (dated and status.get("age", 0) < -10), (status, shown)
        assert said["later than usual"] == (dated and "later_than_usual" in status), (status, shown)
        assert said["recording"] == (status["recording"] and status["state"] != "idle"), (status, shown)
        assert said[ALARM] == status["interference"] and said["Not played"] == (lamp.word in (refused.word for refused in REFUSED))
        if said["Not played"] and "reason" in status:
            assert said[status["reason"]], (status, shown)
        assert all(status[name] in shown for name in ("clock_problem", "memory_problem") if name in status), (status, shown)


def test_secure_is_said_of_the_state_secure_alone_and_never_of_an_unknown_sender():
    secure = 0
    for status, before in table():
        shown = heard_text(status, DRIVER, lamps=lamps_before(before))
        assert shown.startswith("SECURE") == (status["state"] == "secure"), (status, shown)
        assert not (shown.startswith("SECURE") and "unknown" in shown), (status, shown)
        secure += shown.startswith("SECURE")
    assert secure == len(list(table())) / len(STATES)


def test_a_call_held_back_and_a_stranger_in_a_secure_call():
    """As they read once: 'SECURE, alpha' and 'SECURE unknown sender'."""
    held_back = {"state": "secure", "text": "secure, alpha", "kind": "secure", "key_name": "alpha", "age": 224.2, "heard": 12, "cn0": 45.0,
                 "offset_hz": 0.0}
    assert heard_text(held_back, DRIVER) == "SECURE, alpha, 224 s old  C/N0 45.0 dB-Hz  offset +0 Hz  heard 12  lost 0  refused 0"
    lamps = HeardLamps()
    forged = {"state": "clear, unknown sender", "text": "clear, unknown sender", "kind": "secure", "time": 10.0}
    said = [heard_text(status, DRIVER, lamps=lamps).state for status in (held_back, forged, {**forged, "time": 11.0}, held_back)]
    assert said == ["SECURE, alpha, 224 s old", "CLEAR, unknown sender", "UNANNOUNCED CLEAR", "SECURE, alpha, 224 s old"]


@pytest.mark.parametrize("seconds, text", [(10.6, "11 s"), (999, "999 s"), (1500, "25 min"), (18000, "5 h"), (3 * 86400, "3 days"),
                                           (1.77e9, "56 years")])
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_lines_of_a_sender_are_those_of_its_lamp():
    for state, sending, kind, wanted, key in itertools.product(("idle", "sending", "failed", "zeroized"), (False, True), (*KINDS, "fm"),
                                                               ("secure", "clear", "fm"), ("", "friends")):
        status = {"state": state, "sending": sending, "kind": kind, "wanted": wanted, "key_name": key, "error": "the reason"}
        shown, lamp = sent_text(status, DRIVER), sent_lamp(status)
        assert shown.state == line(lamp) and "the reason" in shown
        assert shown.startswith("SENDING SECURE") == (lamp.word == SECURE.word) == (sending and kind == "secure" and state != "failed")
        assert ("CLEAR" in shown, "FM" in shown) == ("CLEAR" in lamp.word, "FM" in lamp.word)


def lines_of(statuses, stream):
    live, lamps = LiveLine(stream), HeardLamps()
    for status in statuses:
        live.show(heard_text(status, DRIVER, lamps=lamps))
    live.end()


SECURE_NOW = {"state": "secure", "key_name": "alpha"}
REFUSED_NOW = {"state": "delayed", "key_name": "alpha", "reason": "it was sent too long ago by its sender's clock"}


def test_a_log_has_a_line_for_each_change_and_each_sentence_once():
    log = io.StringIO()
    lines_of([SECURE_NOW, {**SECURE_NOW, "heard": 6}, {**SECURE_NOW, "age": 31.0}, {**SECURE_NOW, "age": 32.0}, {**SECURE_NOW, "recording": True},
              REFUSED_NOW,
              {**REFUSED_NOW, "refused": 3}, {**REFUSED_NOW, "reason": "it came later than the blocks before it"}], log)
    figures = "  heard 0  lost 0  refused 0"
    assert log.getvalue().splitlines() == ["SECURE, alpha" + figures, "SECURE, alpha, 31 s old" + figures, "SECURE, alpha, recording" + figures,
                                           "DELAYED, REFUSED" + figures,
                                           "Not played: it was sent too long ago by its sender's clock", "DELAYED, REFUSED" + figures,
                                           "Not played: it came later than the blocks before it"]


def test_a_terminal_keeps_whole_sentences():
    master, slave = os.openpty()
    with os.fdopen(slave, "w") as terminal:
        lines_of([SECURE_NOW, REFUSED_NOW, REFUSED_NOW,
                  {**REFUSED_NOW, "memory_problem": "the memory of replays cannot be written, " + 9 * "nowhere " + "at all"}], terminal)
    with os.fdopen(master, "rb", buffering=0) as reading, contextlib.suppress(OSError): # at its end
        said = b""
        while True:
            said += reading.read(65536)
    said = said.decode()
    assert said.count("Not played") == 1 and "at all\r\n" in said
    assert said.splitlines()[-1].split("\033[K")[-1].startswith("DELAYED, REFUSED")


def test_the_status_line_of_companion_says_the_same():
    top, shown, sink = gr.top_block(), status_line(), blocks.message_debug()
    top.msg_connect(shown, "line", sink, "store")
    statuses = [{**SECURE_NOW, "age": 224.0, "time": 1.0},
                *({"state": "clear, unknown sender", "kind": "secure", "time": time} for time in (2.0, 3.0)), REFUSED_NOW,
                {"wanted": "clear", "sending": True, "kind": "secure", "key_name": "alpha"}]
    for status in statuses:
        shown.to_basic_block()._post(pmt.intern("status"), pmt.to_pmt(status))
    top.start()
    wait_until(lambda: sink.num_messages() == len(statuses), "all lines")
    top.stop()
    top.wait()
    said = [str(pmt.to_python(sink.get_message(number))) for number in range(sink.num_messages())]
    lamps = HeardLamps()
    assert said == [str(heard_text(status, DRIVER, lamps=lamps)) for status in statuses[:-1]] + [str(sent_text(statuses[-1], DRIVER))]
    assert said[0].startswith("SECURE, alpha, 224 s old  ") and said[2].startswith("UNANNOUNCED CLEAR  ") and "too long ago" in said[3]
