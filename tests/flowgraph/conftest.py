# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source and build tree is what is tested here; an installation in ../install."""

import os
import pathlib

import pytest

from flowgraph_bench import Bench, Parts, read_recording, write_wav


@pytest.fixture(scope="session", name="parts")
def make_parts():
    return Parts(*(pathlib.Path(os.environ["SECUREVOICE_" + name]) for name in ("BIN", "MODULES", "GRC", "EXAMPLES")))


@pytest.fixture(scope="session", name="compiled")
def make_compiled(tmp_path_factory):
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture(name="bench")
def make_bench(tmp_path, compiled, parts):
    return Bench(tmp_path, compiled, parts)


@pytest.fixture(scope="session", name="recording")
def make_recording():
    return read_recording()


@pytest.fixture
def spoken(bench, recording):
    """With speech.wav."""
    write_wav(bench.path("speech.wav"), recording)
    return bench
