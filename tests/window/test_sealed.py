# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that a passphrase seals are asked for in the window."""

import pathlib
import shutil
import subprocess

import pytest
from gnuradio.securevoice.window.passphrase_field import DOTS
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QInputMethodEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication
from user import User

PASSPHRASE = "four words and blanks"


def seal(keyring, name):
    subprocess.run(["securevoice", "keys", "passphrase", name, "--keyring", keyring, "--passphrase-fd", "0"], input=2 * f"{PASSPHRASE}\n", text=True,
                   capture_output=True, check=True)


@pytest.fixture(name="sealed", scope="module")
def make_sealed(keyring):
    """A keyring of which `friends` is sealed, beside the memory of the other one."""
    folder = shutil.copytree(keyring, pathlib.Path(keyring).with_name("sealed"))
    seal(folder, "friends")
    return str(folder)


class Owner(User):
    """Of a sealed key."""

    def is_asked(self, name):
        box = self.window.keys.passphrase
        self.until(lambda: box.field.hasFocus() and box.field.isEnabled() and name in box.prompt.text(), f"the question for {name}")
        self.sees("KEY SEALED", "KEY SEALED")
        assert box.field.text() == "" and not self.window.ptt.isEnabled() and QApplication.activeModalWidget() is None

    def types(self, passphrase):
        field = self.window.keys.passphrase.field
        QTest.keyClicks(field, passphrase)
        assert field.text() == "\u2022" * min(len(passphrase), DOTS)
        QTest.keyClick(field, Qt.Key_Return)
        assert field.text() == "" or not field.isEnabled()

    def talks(self):
        self.presses()
        self.sees("SECURE", "SECURE")
        self.lets_go()
        self.sees("NOT SENDING", "ENDED")


@pytest.fixture(name="owner")
def make_owner(sealed, tmp_path):
    owner = Owner(sealed, tmp_path)
    yield owner
    owner.window.close()


def test_a_sealed_key_is_asked_for_once_and_again_after_it_was_wiped(owner):
    box = owner.window.keys.passphrase
    owner.is_asked("friends")
    owner.types("four words and none")
    assert box._thread and not box.field.isEnabled() # it is opened beside the window
    owner.until(lambda: "does not open" in owner.window.note.text(), "the sentence")
    owner.is_asked("friends")
    QTest.keyClicks(box.field, "wrong")
    for _ in range(9):
        QTest.keyClick(box.field, Qt.Key_Backspace)
    owner.types(PASSPHRASE)
    owner.sees("NOT SENDING", "NO SIGNAL")
    assert not owner.window.note.text().startswith("\u26a0") and len(owner.window.keys.words.text().split()) == 4
    owner.talks() # sender and receiver both have it
    owner.chooses(owner.window.keys.chooser, "strangers")
    owner.chooses(owner.window.keys.chooser, "friends")
    owner.sees("NOT SENDING", "NO SIGNAL")
    assert not box.isVisible()

    owner.presses()
    owner.sees("SECURE", "SECURE")
    owner.clicks(owner.window.wipe)
    owner.sees("KEYS WIPED")
    owner.lets_go()
    owner.clicks(owner.window.wipe) # it says: load the keys again
    owner.is_asked("friends")
    owner.types(PASSPHRASE)
    owner.sees("NOT SENDING", "NO SIGNAL")
    owner.talks()


def test_keys_that_are_not_sealed_are_loaded_again_at_once(keyring, tmp_path):
    owner = Owner(keyring, tmp_path)
    owner.talks()
    owner.clicks(owner.window.wipe)
    owner.sees("KEYS WIPED")
    assert "Load" in owner.window.wipe.text()
    owner.clicks(owner.window.wipe)
    owner.talks()
    assert "Wipe" in owner.window.wipe.text()
    owner.window.close()


def test_another_key_can_be_chosen_instead(owner):
    owner.is_asked("friends")
    owner.chooses(owner.window.keys.chooser, "strangers")
    owner.sees("NOT SENDING", "NO SIGNAL")
    assert not owner.window.keys.passphrase.isVisible()
    owner.chooses(owner.window.simulation.other, "friends")
    owner.is_asked("friends")


def test_the_field_keeps_no_text(owner):
    owner.is_asked("friends")
    field = owner.window.keys.passphrase.field
    composed = QInputMethodEvent()
    composed.setCommitString("\u00e9")
    QApplication.sendEvent(field, composed)
    QApplication.clipboard().setText("from elsewhere")
    QTest.keyClick(field, Qt.Key_V, Qt.ControlModifier)
    assert (field.text(), len(field.passphrase)) == ("\u2022", 1)
    QTest.keyClicks(field, 2000 * "x")
    assert len(field.passphrase) == 1023 and len(field.text()) == DOTS # 1024 octets
    QTest.keyClick(field, Qt.Key_Escape)
    assert (field.text(), len(field.passphrase)) == ("", 0)


def test_a_key_whose_file_has_changed_is_asked_for_again(keyring, sealed, tmp_path):
    folder = shutil.copytree(sealed, pathlib.Path(keyring).with_name("changed"))
    owner = Owner(str(folder), tmp_path)
    owner.is_asked("friends")
    owner.types(PASSPHRASE)
    owner.sees("NOT SENDING", "NO SIGNAL")
    shutil.copy(folder / "friends.key", folder / "copy.key") # as an editor does
    (folder / "copy.key").replace(folder / "friends.key")
    owner.chooses(owner.window.keys.chooser, "strangers")
    owner.chooses(owner.window.keys.chooser, "friends")
    owner.is_asked("friends")
    owner.window.close()
