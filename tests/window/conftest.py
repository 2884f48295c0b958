# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: fixtures."""

import gc
import os
import pathlib
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
    from gnuradio.securevoice.window.keyring import make_key
    folder = str(tmp_path_factory.mktemp("window") / "keys")
    for name in ("friends", "strangers"):
        make_key(name, folder)
    return folder


def pytest_sessionfinish():
    """Windows go before Qt does, in the thread of Qt."""
    if "user" in sys.modules:
        sys.modules["user"].ALIVE.clear()
        gc.collect()
