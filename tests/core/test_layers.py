# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core's layers are those of the table in docs/architecture.md: who includes whom, without circles."""

from pathlib import Path
import re

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "lib" / "core"
ROW = re.compile(r"^\| `lib/core/([\w/]+)` \|[^|]*\|([^|]*)\|$", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s*"(?:core/)?([\w/.]+)"', re.MULTILINE)


def allowed_layers(table):
    """Layer -> the layers that it may include, by the table's rows, in their order."""
    layers = {}
    for layer, cell in ROW.findall(table):
        names = {name.strip() for name in re.sub(r"\([^)]*\)", "", cell).split(",")} - {"-"}
        layers[layer] = set(layers) if names == {"all of these"} else names
    return layers


def layer_of(path, layers):
    """The innermost folder that has a row."""
    return next((str(p) for p in Path(path).parents if str(p) in layers), None)


def offences(sources, layers):
    """Includes that the table does not allow, of (path from lib/core, text)."""
    found = []
    for path, text in sources:
        own = layer_of(path, layers)
        for included in INCLUDE.findall(text):
            other = layer_of(included, layers)
            if other != own and other not in layers[own]:
                found.append(f"{path} ({own}) includes {included} ({other})")
    return found


LAYERS = allowed_layers((ROOT / "docs" / "architecture.md").read_text())
SOURCES = [(str(p.relative_to(CORE)), p.read_text()) for end in ("*.h", "*.cc") for p in sorted(CORE.rglob(end))]


def test_every_folder_has_a_row():
    assert len(SOURCES) > 200
    without = sorted({str(Path(path).parent) for path, _ in SOURCES if not layer_of(path, LAYERS)})
    assert not without
    assert not [layer for layer in LAYERS if not (CORE / layer).is_dir()]
    assert not {other for others in LAYERS.values() for other in others} - set(LAYERS)


def test_no_include_beyond_the_table():
    assert not offences(SOURCES, LAYERS)


def test_details_are_of_their_own_folder():
    """What is in detail/ is included from the folder around it alone."""
    told = [(path, included) for path, text in SOURCES for included in INCLUDE.findall(text) if "/detail/" in included]
    assert len(told) > 20
    assert not [f"{path} includes {included}" for path, included in told if not path.startswith(included.split("detail/")[0])]


def test_no_circle():
    """Each layer stands on those whose rows are above its own."""
    above = list(LAYERS)
    for n, layer in enumerate(above):
        assert LAYERS[layer] <= set(above[:n]), layer


@pytest.mark.parametrize("path, line", [
    ("modem/front/front_end.cc", '#include "core/modem/track/tracker.h"'),
    ("modem/track/tracker.cc", '#include "core/modem/demodulator.h"'),
    ("fec/encoder.cc", '#include "core/crypto/hash.h"'),
    ("protocol/mode.h", '#  include "core/text/number.h"'),
    ("modem/waveform/pulse.cc", '#include "core/nowhere/there.h"'),
])
def test_a_layer_that_reaches_up_is_told(path, line):
    assert offences([(path, line)], LAYERS)
