# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the attacks."""

import pytest
from station import Station, read_recording


@pytest.fixture(scope="session")
def recording():
    return read_recording()


@pytest.fixture
def station(tmp_path, recording):
    return Station(tmp_path, recording[:50 * 640])
