# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window itself, on Qt's offscreen platform, with a simulated channel in real time."""

import pathlib
import time
import wave

import numpy
import pytest
from gnuradio.securevoice.window import screens
from gnuradio.securevoice.window.armed import ARMED_SECONDS, Armed
from gnuradio.securevoice.lamps import RED
from gnuradio.securevoice.window.sounds import SAMPLE
from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QWidget
from user import User


@pytest.fixture(name="user")
def make_user(keyring, tmp_path):
    user = User(keyring, tmp_path)
    yield user
    user.window.close()


def test_a_call_with_a_switch_and_a_replay(user, tmp_path):
    user.sees("NOT SENDING", "NO SIGNAL")
    user.window.choose_file = lambda usual, pattern: str(tmp_path / usual)
    user.clicks(user.window.record.speech)
    user.clicks(user.window.record.iq)
    user.presses()
    user.sees("SECURE", "SECURE")
    assert user.window.heard_lamp.lamp.detail == "key friends"
    user.clicks(user.window.kind.buttons["clear"])
    assert user.window.kind.kind == "secure" # a question first
    user.clicks(user.window.kind.no)
    QTest.qWait(500)
    assert user.window.sent_lamp.lamp.word == "SECURE"
    user.switches_to("clear")
    user.sees("CLEAR", "CLEAR")
    user.clicks(user.window.kind.buttons["clear"]) # back
    user.sees("SECURE", "SECURE")
    user.switches_to("clear")
    user.sees("CLEAR", "CLEAR")
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")
    user.until(lambda: user.window.station.instruments.level("loudspeaker") == 0, "the silent loudspeaker")
    assert user.window.kind.kind == "secure"
    user.clicks(user.window.record.speech)
    user.clicks(user.window.record.iq)
    with wave.open(str(tmp_path / "heard.wav")) as file:
        speech = numpy.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert len(speech) > 8000 and numpy.abs(speech).max() > 1000
    assert len(numpy.fromfile(tmp_path / "heard.cf32", "<c8")) > 6 * len(speech)
    calls = [user.window.log.item(row).text() for row in range(user.window.log.count())]
    assert len(calls) == 2 and all("SECURE (key friends) > CLEAR > SECURE (key friends) > CLEAR" in call for call in calls), calls
    user.presses() # the next call is secure by itself
    user.sees("SECURE", "SECURE")
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")
    user.clicks(user.window.simulation.replay)
    user.sees("NOT SENDING", "REPLAY REFUSED")


def test_the_lamp_follows_the_air_and_not_the_control(user, monkeypatch):
    # The control says clear, but the command never reaches the sender.
    monkeypatch.setattr(user.window.station, "set_kind", lambda kind: None)
    user.presses()
    user.sees("SECURE", "SECURE")
    user.switches_to("clear")
    assert user.window.kind.kind == "clear"
    QTest.qWait(1000)
    assert (user.window.sent_lamp.lamp.word, user.window.heard_lamp.lamp.word) == ("SECURE", "SECURE")
    # The control says secure, but the sender was told otherwise by somebody else.
    user.clicks(user.window.kind.buttons["clear"])
    assert user.window.kind.kind == "secure"
    user.window.station.tx.set_kind("clear")
    user.sees("CLEAR", "CLEAR")
    assert user.window.kind.kind == "secure"
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")


def test_recordings_are_private_and_written_over_no_key_and_no_input(keyring, tmp_path):
    speech = tmp_path / "speech.wav"
    speech.write_bytes(SAMPLE.read_bytes())
    user = User(keyring, tmp_path, speech=str(speech))
    window, key = user.window, pathlib.Path(keyring) / "friends.key"
    for path, before in ((speech, speech.read_bytes()), (key, key.read_bytes()), (tmp_path / "no/where.wav", None)):
        window.choose_file = lambda usual, pattern, path=path: str(path)
        for button in (window.record.speech, window.record.iq):
            user.clicks(button)
            assert not button.isChecked() and window.note.text().startswith("\u26a0"), path
        assert before is None or path.read_bytes() == before
    paths = {window.record.speech: tmp_path / "heard.wav", window.record.iq: tmp_path / "heard.cf32"}
    for button, path in paths.items():
        window.choose_file = lambda usual, pattern, path=path: str(path)
        user.clicks(button)
    user.presses()
    user.sees("SECURE", "SECURE")
    user.until(lambda: all(path.exists() for path in paths.values()), "both files")
    with wave.open(str(paths[window.record.speech])) as file: # while it is written
        assert file.getnframes() * 2 <= paths[window.record.speech].stat().st_size - 44
    assert {path.stat().st_mode & 0o777 for path in paths.values()} == {0o600}
    user.lets_go()
    window.close()


def test_a_full_disk_ends_the_recording_and_not_the_call(user):
    window = user.window
    window.choose_file = lambda usual, pattern: "/dev/full"
    user.clicks(window.record.iq)
    user.until(lambda: not window.record.iq.isChecked(), "the button that comes up")
    assert "the recording has ended" in window.note.text()
    user.presses()
    user.sees("SECURE", "SECURE")
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")


def test_push_to_talk_shows_what_it_would_send(user):
    window = user.window
    user.sees("NOT SENDING", "NO SIGNAL")
    assert window.ptt.kind == "secure" and "CLEAR" not in window.ptt.text()
    user.switches_to("clear") # not while talking
    assert window.ptt.kind == "clear" and "CLEAR" in window.ptt.text() and RED in window.ptt.styleSheet()
    user.clicks(window.kind.buttons["clear"]) # and back
    user.until(lambda: window.ptt.kind == "secure", "the button without clear")
    assert RED not in window.ptt.styleSheet()
    user.presses()
    user.sees("SECURE", "SECURE")
    window.station.tx.set_kind("clear") # by somebody else, behind the control's back
    user.sees("CLEAR", "CLEAR")
    assert (window.ptt.kind, window.kind.kind) == ("clear", "secure")
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")
    user.until(lambda: window.ptt.kind == "secure", "the button without clear")


def test_what_was_asked_for_lapses():
    now = [0.0]
    armed = Armed(lambda: now[0])
    armed.ask("clear")
    now[0] = ARMED_SECONDS
    assert armed.kind == armed.press() == "clear"
    now[0] += 100
    assert armed.kind == "clear" # while it is held
    armed.release()
    assert armed.kind == armed.press() == "secure"
    armed.release()
    armed.ask("fm")
    now[0] += ARMED_SECONDS + 0.1
    assert armed.kind == armed.press() == "secure"


def test_clear_that_nobody_uses_is_shown_no_more(user):
    user.sees("NOT SENDING", "NO SIGNAL")
    user.switches_to("clear")
    asked = time.monotonic()
    user.until(lambda: user.window.ptt.kind == "secure", "the button without clear")
    assert time.monotonic() - asked > ARMED_SECONDS - 1 and user.window.kind.kind == "secure"
    user.presses() # at once
    user.sees("SECURE", "SECURE")
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")
    assert all("CLEAR" not in word for word, _ in user.heard)


def test_keys_while_the_space_bar_is_held(user):
    window, kind = user.window, user.window.kind
    user.presses()
    user.sees("SECURE", "SECURE")
    for key in (Qt.Key_W, Qt.Key_C, Qt.Key_T):
        QTest.keyClick(window, key, Qt.AltModifier)
    assert "Wipe" in window.wipe.text() and kind.currentIndex() == 0 and window.sidetone.isChecked() and window.ptt.isDown()
    QTest.keyClick(window, Qt.Key_F2)
    assert kind.currentIndex() == 1 and kind.no.hasFocus()
    QTest.keyClick(window, Qt.Key_Escape)
    assert kind.currentIndex() == 0 and kind.kind == "secure"
    QTest.keyClick(window, Qt.Key_F2)
    QTest.keyClick(kind.no, Qt.Key_Tab)
    assert kind.yes.hasFocus()
    QTest.keyClick(kind.yes, Qt.Key_Return)
    user.sees("CLEAR", "CLEAR")
    QTest.keyClick(window, Qt.Key_F2)
    user.sees("SECURE", "SECURE")
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")
    QTest.keyClick(window, Qt.Key_W, Qt.AltModifier) # when it is not held they work
    user.sees("KEYS WIPED")


@pytest.fixture(name="fm_user")
def make_fm_user(keyring, tmp_path):
    user = User(keyring, tmp_path, allow_clear=False, allow_fm=True)
    yield user
    user.window.close()


def test_a_call_that_is_fm_in_between(fm_user):
    user, kind, loudspeaker = fm_user, fm_user.window.kind, fm_user.window.station.instruments
    assert not kind.buttons["clear"].isEnabled()
    user.presses()
    user.sees("SECURE", "SECURE")
    user.clicks(kind.buttons["fm"])
    assert kind.kind == "secure" # a question first
    user.clicks(kind.yes)
    user.sees("ANALOG FM", "ANALOG FM")
    assert kind.kind == "fm"
    user.until(lambda: loudspeaker.level("loudspeaker") > 0.01, "sound")
    user.clicks(kind.buttons["fm"]) # back
    user.sees("SECURE", "SECURE")
    user.window.station.tx.set_kind("fm") # by somebody else: the lamp says what leaves, the control what was asked for
    user.sees("ANALOG FM", "ANALOG FM")
    assert kind.kind == "secure"
    user.switches_to("fm")
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")
    assert kind.kind == "secure"
    user.hears("SECURE", "ANALOG FM", "SECURE", "ANALOG FM", "ENDED")
    user.heard.clear()
    user.presses() # the next call is secure by itself
    user.sees("SECURE", "SECURE")
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")
    assert all("FM" not in word for word, _ in user.heard), user.heard
    calls = [user.window.log.item(row).text() for row in range(user.window.log.count())]
    assert "sent  SECURE (key friends) > ANALOG FM > SECURE (key friends) > ANALOG FM" in calls[0], calls


def test_fm_is_heard_on_the_channel_that_the_simulation_begins_with(fm_user):
    user, loudspeaker = fm_user, fm_user.window.station.instruments
    user.sees("NOT SENDING", "NO SIGNAL")
    user.switches_to("fm") # from the first word on
    assert user.window.ptt.kind == "fm" and "FM" in user.window.ptt.text()
    user.presses()
    user.sees("ANALOG FM", "ANALOG FM")
    user.until(lambda: loudspeaker.level("loudspeaker") > 0.01, "sound")
    user.lets_go()
    user.sees("NOT SENDING", "NO SIGNAL")


def test_another_key_hears_nothing(user):
    user.chooses(user.window.simulation.other, "strangers")
    user.presses()
    user.sees("SECURE", "ENCRYPTED, NO KEY")
    user.lets_go()
    user.sees("NOT SENDING")
    words = user.window.keys.words.text()
    user.chooses(user.window.keys.chooser, "strangers")
    assert len(words.split()) == 4 and words != user.window.keys.words.text()
    user.presses()
    user.sees("SECURE", "SECURE")
    assert user.window.heard_lamp.lamp.detail == "key strangers"
    user.clicks(user.window.wipe) # in mid-call
    user.sees("KEYS WIPED")
    user.lets_go()


def test_secure_cannot_be_had_after_a_wipe_and_clear_is_asked_for_anew(user):
    window = user.window
    user.clicks(window.wipe)
    user.sees("KEYS WIPED")
    user.switches_to("clear")
    window.kind.asked.emit("secure") # back: refused, in a sentence
    assert "load them again" in window.trouble
    assert window.kind.kind == window.station.armed() == "secure"
    user.switches_to("clear")
    window.station._armed._asked -= ARMED_SECONDS + 1 # nobody used it
    user.presses()
    QTest.qWait(500)
    assert window.station.armed() == "secure"
    user.sees("KEYS WIPED")
    user.lets_go()
    assert "CLEAR" not in [word for word, _ in user.heard]
    user.switches_to("clear") # in time it is sent
    user.presses()
    user.sees("CLEAR", "CLEAR")
    user.lets_go()


def test_without_a_key_nothing_is_sent(user):
    user.chooses(user.window.keys.chooser, "")
    assert user.window.sent_lamp.lamp.word == "FAILED"
    assert "key" in user.window.note.text()
    assert not user.window.ptt.isEnabled()
    QTest.keyPress(user.window, Qt.Key_Space)
    QTest.qWait(500)
    assert (user.window.sent_lamp.lamp.word, user.window.heard_lamp.lamp.word) == ("FAILED", "NO SIGNAL")


def test_a_plain_modem_is_heard_where_it_is_named(keyring, tmp_path):
    user = User(keyring, tmp_path, profile="bpsk", offset=0)
    user.presses()
    user.sees("SECURE", "SECURE")
    user.lets_go()
    user.sees("NOT SENDING", "ENDED")
    user.window.close()


def test_push_to_talk_waits_while_the_memories_are_new(keyring, tmp_path):
    user = User(keyring, tmp_path, fresh=True)
    QTest.qWait(200)
    assert not user.window.ptt.isEnabled()
    user.presses()
    user.sees("SECURE", "SECURE")
    user.lets_go()
    user.window.close()


def test_a_key_that_cannot_be_used_is_a_sentence(keyring, tmp_path):
    user = User(keyring, tmp_path, key="lost", other_key="lost")
    assert user.window.sent_lamp.lamp.word == "FAILED"
    assert "lost" in user.window.note.text() and not user.window.ptt.isEnabled()
    user.window.close()


@pytest.mark.parametrize("kind, option", [("clear", "--allow-clear"), ("fm", "--allow-fm")])
def test_open_voice_is_not_offered_unless_allowed(keyring, tmp_path, kind, option):
    user = User(keyring, tmp_path, **{"allow_clear": True, "allow_fm": True, f"allow_{kind}": False})
    button = user.window.kind.buttons[kind]
    user.clicks(button)
    assert not button.isEnabled() and option in button.toolTip() and not user.window.kind.yes.isVisible()
    with pytest.raises(ValueError, match="not allowed"):
        user.window.station.set_kind(kind)
    user.window.close()


class Screen(QWidget):
    """Counts the pictures that are drawn."""

    drawn = 0

    def customEvent(self, event):
        self.drawn += event.type() == screens.PICTURE


@pytest.mark.parametrize("late, drawn", [(0, 100), (1, 0)])
def test_lamps_do_not_wait_behind_pictures(user, late, drawn):
    screen = Screen()
    user.window._screens.append(screen)
    for _ in range(100):
        QApplication.postEvent(screen, QEvent(screens.PICTURE))
    user.window.heard.emit({"state": "idle", "told": time.monotonic() - late})
    QApplication.sendPostedEvents(screen)
    assert screen.drawn == drawn


def test_nothing_overlaps_at_1024_by_768(user):
    user.window.resize(1024, 768)
    QTest.qWait(200)
    whole = user.window.rect()
    widgets = [user.window.sent_lamp, user.window.heard_lamp, user.window.note, user.window.ptt, user.window.kind, user.window.keys,
               *user.window.levels.values(), user.window.simulation, user.window.record, user.window.wipe, user.window.losses, user.window.log]
    places = [widget.rect().translated(widget.mapTo(user.window, widget.rect().topLeft())) for widget in widgets]
    for number, place in enumerate(places):
        assert whole.contains(place), widgets[number]
        assert not any(place.intersects(other) for other in places[:number]), widgets[number]
