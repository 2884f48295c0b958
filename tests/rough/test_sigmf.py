# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SigMF recordings: metadata by other programs and by hand, damaged pairs, archives."""

import copy
import io
import json
import tarfile

import damage
import numpy

GOOD = {"global": {"core:datatype": "cf32_le", "core:sample_rate": 48000.0, "core:version": "1.0.0", "core:num_channels": 1},
        "captures": [{"core:sample_start": 0, "core:frequency": 433.5e6}], "annotations": []}


def changed(*path, to):
    """The good metadata with one entry that is another; to=None: left out."""
    meta = copy.deepcopy(GOOD)
    inner = meta
    for key in path[:-1]:
        inner = inner[key]
    if to is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return meta


# Written by other programs in other ways, and right.
UNUSUAL = {
    "one line": json.dumps(GOOD),
    "line ends of Windows": json.dumps(GOOD, indent=2).replace("\n", "\r\n"),
    "a mark of the order of octets": "\ufeff" + json.dumps(GOOD),
    "blanks around": "\n\n  " + json.dumps(GOOD) + "\n\n",
    "a whole rate": json.dumps(changed("global", "core:sample_rate", to=48000)),
    "a rate with an exponent": json.dumps(GOOD).replace("48000.0", "4.8e4"),
    "no version": json.dumps(changed("global", "core:version", to=None)),
    "no number of channels": json.dumps(changed("global", "core:num_channels", to=None)),
    "no captures": json.dumps(changed("captures", to=[])),
    "no annotations": json.dumps(changed("annotations", to=None)),
    "no frequency": json.dumps(changed("captures", 0, "core:frequency", to=None)),
    "other entries": json.dumps({**GOOD, "mine": {"a": [1, None, "ä"]},
                                 "global": {**GOOD["global"], "core:author": "Zoë <z@example.org>", "core:hw": "RTL"}}),
    "annotations": json.dumps(changed("annotations", to=[{"core:sample_start": 100, "core:sample_count": 5, "core:label": "call"}])),
    "many captures": json.dumps(changed("captures", to=[{"core:sample_start": n, "core:frequency": 433e6} for n in range(500)])),
    "escapes": json.dumps(GOOD).replace("core:datatype", "core\\u003adatatype"),
}

# Values that are no such thing.
STRANGE = ("null", "true", '"48000"', '"fast"', "-1", "0", "1e999", "NaN", "Infinity", "[]", "{}", '""', "1e-300", "9" * 400, "48000,", '"\\ud800"',
           '"\\u0000"')
ENTRIES = ("core:datatype", "core:sample_rate", "core:num_channels", "core:version", "core:frequency", "core:sample_start")
# In the place of the whole.
INSTEAD = {
    "a list": "[]", "null": "null", "a number": "7", "text": '"global"', "nothing": "", "a brace": "{", "no global": '{"captures": []}',
    "global is a list": '{"global": []}',
    "captures are text": json.dumps({**GOOD, "captures": "all"}), "a capture is a number": json.dumps({**GOOD, "captures": [7]}),
    "depth": "[" * 200000, "depth within": json.dumps(GOOD)[:-1] + ', "x": ' + "[" * 50000 + "]" * 50000 + "}",
    "another file": json.dumps(changed("global", "core:dataset", to="x.bin")),
    "two channels": json.dumps(changed("global", "core:num_channels", to=2)),
    "octets behind": json.dumps(changed("global", "core:trailing_bytes", to=4)),
    "headers": json.dumps(changed("captures", 0, "core:header_bytes", to=16)),
    "real samples": json.dumps(changed("global", "core:datatype", to="rf32_le")),
    "other order of octets": json.dumps(changed("global", "core:datatype", to="cf32_be")),
    "long name": json.dumps(changed("global", "core:datatype", to="x" * 100000)),
    "UTF-16": json.dumps(GOOD).encode("utf-16"), "no UTF-8": json.dumps(GOOD).encode() .replace(b"1.0.0", b"\xff\xfe\x80"),
    "comments": "// mine\n" + json.dumps(GOOD),
    "a comma too many": json.dumps(GOOD).replace("]}", "],}"), "single quotes": json.dumps(GOOD).replace('"', "'"),
}


def write_pair(station, call, meta, name="rec", data=None):
    station.path(name + ".sigmf-meta").write_bytes(meta if isinstance(meta, bytes) else meta.encode())
    station.path(name + ".sigmf-data").write_bytes(call.iq.tobytes() if data is None else data)
    return name + ".sigmf-meta"


@damage.each(UNUSUAL)
def test_unusual_metadata_are_read(station, call, case):
    done, heard = call.judged(write_pair(station, call, UNUSUAL[case]))
    assert done.returncode == 0 and heard == call.whole, done.what


@damage.each([f"{entry} = {value[:20]}" for entry in ENTRIES for value in STRANGE])
def test_strange_values(station, call, case):
    entry, _, shown = case.partition(" = ")
    value, = (value for value in STRANGE if value[:20] == shown)
    text = json.dumps(GOOD)
    old = json.dumps(GOOD["captures"][0].get(entry, GOOD["global"].get(entry)))
    call.judged(write_pair(station, call, text.replace(f'"{entry}": {old}', f'"{entry}": {value}')))


@damage.each(INSTEAD)
def test_what_is_no_plain_recording(station, call, case):
    done, heard = call.judged(write_pair(station, call, INSTEAD[case]))
    assert heard in (0, call.whole), f"a part: {done.what}"
    if heard:
        assert case in ("depth within", "no UTF-8", "comments"), f"something else was read: {done.what}"


@damage.cases("damaged", 60)
def test_damaged_recordings(station, call, case):
    rng = damage.seed_of(case)
    meta, data = json.dumps(GOOD, indent=rng.choice((None, 4))).encode(), call.iq.tobytes()
    if rng.random() < 0.7:
        meta = damage.damaged(meta, rng)
    else:
        data = damage.damaged(data, rng)
    call.judged(write_pair(station, call, meta, data=data))


@damage.cases("named", 12)
def test_names(station, call, case):
    rng = damage.seed_of(case)
    base = rng.choice(damage.NAMES[:-1]).format("rec", "")
    write_pair(station, call, json.dumps(GOOD), base)
    done, heard = call.judged(base + rng.choice((".sigmf-meta", ".sigmf-data")))
    assert done.returncode == 0 and heard == call.whole, done.what


@damage.each(("no data", "no metadata", "empty data", "data are a folder", "capitals"))
def test_half_a_pair(station, call, case):
    name = "half-" + case.replace(" ", "-")
    write_pair(station, call, json.dumps(GOOD), name)
    meta, data = station.path(name + ".sigmf-meta"), station.path(name + ".sigmf-data")
    asked = meta.name
    if case == "no metadata":
        meta.unlink()
        asked = data.name
    elif case == "capitals":
        meta.rename(station.path(name + ".SIGMF-META"))
        data.rename(station.path(name + ".SIGMF-DATA"))
        asked = name + ".SIGMF-META"
    else:
        data.unlink()
        if case == "empty data":
            data.touch()
        elif case == "data are a folder":
            data.mkdir()
    done, heard = call.judged(asked)
    assert heard == (call.whole if case == "capitals" and done.returncode == 0 else 0), done.what


@damage.each(("whole", "in a folder", "cut", "empty", "without data", "pointing elsewhere", "two recordings"))
def test_archives(station, call, case):
    """Read, or refused with a sentence; nothing is written beside them."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        def add(name, octets):
            about = tarfile.TarInfo({"in a folder": "rec/", "pointing elsewhere": "../../"}.get(case, "") + name)
            about.size = len(octets)
            archive.addfile(about, io.BytesIO(octets))
        for name in ("rec", "other") if case == "two recordings" else ("rec",):
            add(name + ".sigmf-meta", json.dumps(GOOD).encode())
            if case != "without data":
                add(name + ".sigmf-data", call.iq.tobytes())
    octets = packed.getvalue()
    station.path("rec.sigmf").write_bytes({"cut": octets[:5000], "empty": b""}.get(case, octets))
    for name in ("rec.sigmf-meta", "rec.sigmf-data"):
        station.path(name).unlink(missing_ok=True)
    before = {str(p) for p in station.folder.parent.rglob("*")}
    done, heard = call.judged("rec.sigmf")
    assert heard in (0, call.whole), done.what
    assert not [p for p in station.folder.parent.rglob("*.sigmf-*") if str(p) not in before]


def test_good_ones_are_heard(station, call):
    """The control."""
    done, heard = call.judged(write_pair(station, call, json.dumps(GOOD)))
    assert done.returncode == 0 and heard == call.whole, done.what
    numpy.zeros_like(call.iq).tofile(station.path("rec.sigmf-data"))
    done, heard = call.judged("rec.sigmf-meta")
    assert done.returncode == 3 and heard == 0, done.what
