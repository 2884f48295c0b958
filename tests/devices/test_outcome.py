# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""With which code and sentence listen and talk end: as rx does."""

import signal

import pytest
from gnuradio.securevoice.radio.outcome import outcome
from test_commands import Running, statuses, wait

HEARD = {"state": "ended", "heard": 51}


@pytest.mark.parametrize("status, options, code, says", [
    ({}, {}, 3, "no signal of this system was found"),
    ({"state": "idle"}, dict(hiding=["--no-fm"]), 3, "what --no-fm may have left out is not counted"),
    ({"state": "idle"}, dict(no_key=True), 3, "what --no-key may have left out"),
    ({"state": "idle", "fm_refused": 30}, dict(hiding=["--secure-only"]), 3, "analog FM, which --secure-only leaves out"),
    ({"state": "encrypted, no key", "refused": 51}, {}, 3, "none of the keys given is the caller's (51 blocks were refused)"),
    ({"state": "encrypted, no key"}, dict(no_key=True), 3, "--no-key hears clear calls only"),
    ({"state": "replay refused", "reason": "heard before", "refused": 51}, {}, 3, "replay refused: heard before"),
    ({"state": "cut off"}, {}, 3, "nothing in it could be verified"),
    (HEARD, {}, 0, ""),
    ({"state": "idle", "fm_heard": 3}, {}, 0, ""),
    ({**HEARD, "refused": 7, "replayed": 2}, {}, 4, "warning: 7 blocks were refused, 2 of them replayed or delayed, 51 were played"),
    ({**HEARD, "refused": 7, "state": "delayed", "reason": "late"}, {}, 4, "(delayed: late)"),
    ({**HEARD, "refused": 7}, dict(no_key=True), 0, "")])
def test_the_table(status, options, code, says):
    got, sentence = outcome(status, **options)
    assert got == code and says in sentence and bool(sentence) == bool(says)


LISTEN = ("listen", "--freq", "433.5M", "--key", "ours", "--out", "heard.wav", "--log", "log.jsonl", "--recorded")


@pytest.fixture(name="air")
def make_air(bench):
    """With a call of each key."""
    for name in ("ours", "theirs"):
        bench.command_line("tx", "speech.wav", f"{name}.cf32", "--key", name)
    return bench


def test_nothing_heard_until_ctrl_c_is_no_success(air):
    with open(air.path("air.cf32"), "wb") as file:
        file.write(air.path("theirs.cf32").read_bytes())
        file.truncate(600 * 48000 * 8)
    with Running(air, air.parts.program, *LISTEN, "--no-fm", "--device", "file=air.cf32,rate=48k,freq=433.5M,throttle=true") as listen:
        wait(lambda: statuses(air) and statuses(air)[-1]["state"] == "encrypted, no key", listen)
        listen.send_signal(signal.SIGINT)
        _, said = listen.communicate(timeout=60)
    assert listen.returncode == 3, said
    assert "securevoice listen: nothing heard: encrypted, no key: none of the keys given is the caller's" in said
    assert said.strip().splitlines()[-1].startswith("securevoice listen: ended by Ctrl-C; nothing was heard")


def test_refused_blocks_have_their_code(air):
    listen = (*LISTEN, "--device", "file=air.cf32,rate=48k,freq=433.5M")
    ours, theirs = (air.path(f"{name}.cf32").read_bytes() for name in ("ours", "theirs"))
    air.path("air.cf32").write_bytes(ours)
    assert "were refused" not in air.command_line(*listen) # the control
    air.path("air.cf32").write_bytes(ours + theirs)
    said = air.command_line(*listen, code=4)
    assert f"warning: {statuses(air)[-1]['refused']} blocks were refused" in said and "51 were played" in said


def test_a_log_that_was_removed_is_made_again_and_that_is_said(air):
    air.path("air.cf32").write_bytes(air.path("ours.cf32").read_bytes())
    with Running(air, air.parts.program, *LISTEN, "--device", "file=air.cf32,rate=48k,freq=433.5M,throttle=true") as listen:
        wait(lambda: statuses(air) and statuses(air)[-1]["heard"] > 0, listen)
        air.path("log.jsonl").unlink()
        _, said = listen.communicate(timeout=60)
    assert listen.returncode == 0 and said.count("log.jsonl was removed while it was written: all that was written is in a new one") == 1, said
    assert statuses(air)[0]["heard"] == 0 and statuses(air)[-1]["heard"] == 51
