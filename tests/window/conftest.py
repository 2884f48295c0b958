# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: fixtures."""

import gc
import os
import pathlib
import shutil
import subprocess
import sys
import time

import pytest

os.environ["PATH"] = f"{pathlib.Path(os.environ['SECUREVOICE_BIN']).parent}:{os.environ['PATH']}"
SOURCE = pathlib.Path(__file__).parents[2]
LIMIT = 60 # s until a state is missed


def wait_until(holds, what, turn=lambda: time.sleep(0.02)):
    """turn: what is done meanwhile."""
    limit = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < limit, f"missed: {what}"
        turn()


@pytest.fixture(scope="session", name="keyring")
def make_keyring(tmp_path_factory):
    """Its folder; beside it `memory`, a replay memory that began before any call."""
    from gnuradio.securevoice.window.keyring import make_key
    folder = tmp_path_factory.mktemp("window")
    keyring = str(folder / "keys")
    for name in ("friends", "strangers"):
        make_key(name, keyring)
    (folder / "silence.cf32").write_bytes(bytes(8 * 4800))
    subprocess.run([os.environ["SECUREVOICE_BIN"], "rx", folder / "silence.cf32", folder / "silence.wav", "--key", "friends", "--keyring", keyring,
                    "--live",
                    "--state", folder / "memory"], stderr=subprocess.DEVNULL, check=False)
    assert (folder / "memory").is_dir()
    time.sleep(4.2) # the start of a call is told in steps of 4 s
    return keyring


def old_memory(keyring, folder):
    """A copy of it, in a folder that is made."""
    return str(shutil.copytree(pathlib.Path(keyring).with_name("memory"), folder))


def pytest_sessionfinish():
    """Windows go before Qt does, in the thread of Qt."""
    if "user" in sys.modules:
        sys.modules["user"].ALIVE.clear()
        gc.collect()
