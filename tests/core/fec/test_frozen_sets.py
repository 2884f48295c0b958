# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The tables of the polar codes are the same in the source, in the specification and out of the script, and are what section 4 says."""

import importlib.util
import pathlib
import subprocess
import sys

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "lib/core/fec/tools/make_frozen_sets.py"
VECTOR_SCRIPT = ROOT / "tests/tools/make_polar_vectors.py"
SPEC = ROOT / "docs/protocol.md"
VOICE_BITS = {"3200": 256, "2400": 192, "1600": 128, "1400": 112, "1300": 104, "1200": 96, "700C": 56}


def run(*arguments):
    return subprocess.run(
        [sys.executable, *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_source_is_what_the_script_makes():
    assert run(SCRIPT, "--cpp") == (ROOT / "lib/core/fec/frozen_sets.cc").read_text()


def test_specification_holds_what_the_script_makes():
    assert run(SCRIPT, "--markdown") in SPEC.read_text()


def test_encoder_vectors_are_what_the_specification_makes():
    assert run(VECTOR_SCRIPT, SPEC) == (ROOT / "tests/vectors/polar_encoder.txt").read_text()


@pytest.fixture(scope="module")
def bitmaps():
    return load(VECTOR_SCRIPT).read_bitmaps(SPEC.read_text())


def test_all_codes_are_there(bitmaps):
    assert list(bitmaps) == [*VOICE_BITS, "start"]


@pytest.mark.parametrize("name", VOICE_BITS)
def test_voice_block(bitmaps, name):
    info, piece = bitmaps[name]["info"], bitmaps[name]["piece"]
    assert info.size == piece.size == 1024
    assert info.sum() == VOICE_BITS[name] + 72
    assert piece.sum() == 32
    assert np.all(info[piece == 1] == 1)
    assert not info[:320].any()  # a punctured position can carry nothing


def test_start_frame(bitmaps):
    assert bitmaps["start"]["info"].size == 512
    assert bitmaps["start"]["info"].sum() == 176


def reliability_by_simulation(info, punctured, ec_n0, frames=2000):
    """Errors of each u[i] when all earlier ones are known, counted on the all-zero word: no Gaussian approximation in it."""
    generator = np.random.default_rng(20261)
    llr = 4 * ec_n0 + np.sqrt(8 * ec_n0) * generator.standard_normal((frames, info.size))
    llr[:, :punctured] = 0

    def errors(node):
        if node.shape[1] == 1:
            return [np.count_nonzero(node < 0) + 0.5 * np.count_nonzero(node == 0)]
        upper, lower = np.split(node, 2, axis=1)
        checks = np.sign(upper) * np.sign(lower) * np.minimum(abs(upper), abs(lower))
        return errors(checks) + errors(upper + lower)

    return np.array(errors(llr)) / frames


@pytest.mark.parametrize("name", [*VOICE_BITS, "start"])
def test_info_goes_where_errors_are_rare(bitmaps, name):
    """Simulated, independent of the construction: whatever is frozen is worse than what carries info when the piece is known."""
    info = bitmaps[name]["info"]
    others = info - bitmaps[name].get("piece", np.zeros_like(info))
    punctured = 0 if name == "start" else 320
    rate = reliability_by_simulation(info, punctured, others.sum() / (info.size - punctured))
    assert rate[info == 0].min() > 0.8 * rate[others == 1].max()  # 0.8: the count's own scatter
