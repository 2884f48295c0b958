# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Channels are kept: the spectrum by numpy alone."""

import pathlib
import sys

import pytest
from conftest import PROGRAM

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tools"))
import spectrum # noqa: E402


@pytest.mark.parametrize("profile, occupied, neighbour, limit", [("narrow", 6000, "next_6250_db", -60), ("constant", 10000, "next_12500_db", -45)])
def test_occupied_bandwidth_and_adjacent_channel(tmp_path, profile, occupied, neighbour, limit):
    got = spectrum.measure(spectrum.call(PROGRAM, profile, tmp_path))
    assert got["occupied_hz"] <= occupied and got[neighbour] <= limit
    if profile == "constant":
        assert got["peak_to_mean_db"] < 0.05
