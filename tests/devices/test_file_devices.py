# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""File devices as they are named: any character, extensions of other systems, and what must not be written over."""

import os
import shutil

import numpy
import pytest
from flowgraph_bench import BLOCK, read_wav
from gnuradio.securevoice.radio import plan

ODD = ["my call.cf32", "it's.cf32", 'a "b".cf32', "back\\slash.cf32", "a,b.cf32", "a=b,c=d.cf32", "Ärger ☎.cf32", "two\nlines.cf32", "-dash.cf32",
       "#;$HOME`.cf32"]
TALK = ("talk", "--freq", "433.5M", "--key", "ours", "--in", "speech.wav")
LISTEN = ("listen", "--freq", "433.5M", "--key", "ours", "--recorded")


@pytest.mark.parametrize("path", [*ODD, "x,rate=1.cf32"])
def test_a_path_may_hold_anything(path):
    device = plan.parse(f"file={path},rate=48k, freq=1M,format=cs8,repeat=true,throttle=false")
    assert device.arguments == {"file": path, "rate": "48000.0", "freq": "1000000.0", "format": "cs8", "repeat": "true", "throttle": "false"}
    if path in ODD: # the other one needs an option behind it
        assert plan.parse(f"file={path}").arguments["file"] == path


@pytest.mark.parametrize("name, says", [("file=a,rate=fast", "is a number"), ("file=a,repeat=maybe", "true or false"),
                                        ("file=,rate=48k", "needs a path"), ("file", "needs a path"),
                                        (5, "is a text"), (None, "is a text"), ("file=a\0b", "zeros"), ("rtl=0 rtl=1", "name one device"),
                                        ("soapy=0,driver=x,label=My SDR", "name one device")])
def test_what_is_no_device_is_a_sentence(name, says):
    with pytest.raises(plan.DeviceError, match=says):
        plan.parse(name)


@pytest.mark.parametrize("name", ["soapy=0,driver=x,label='My SDR'", "uhd, type=b200", " rtl=0 "])
def test_blanks_where_they_belong_are_taken(name):
    assert plan.parse(name).family in name


def test_calls_through_files_with_odd_names(bench):
    """What gr-osmosdr would split, empty or not find; neighbours with the parts of the names stay as they are."""
    for name in ("my", "call", "it", "a", "b", "back", "slash.cf32"):
        bench.path(name).write_text("precious")
    for name in ODD[:7]:
        bench.command_line(*TALK, "--device", f"file={name},rate=48k", "--state", "sender")
        assert numpy.fromfile(bench.path(name), numpy.complex64).any()
        bench.command_line(*LISTEN, "--device", f"file={name},rate=48k", "--out", "heard.wav")
        assert len(read_wav(bench.path("heard.wav"))) == 51 * BLOCK
        bench.path("heard.wav").unlink()
    for name in ("my", "call", "it", "a", "b", "back", "slash.cf32"):
        assert bench.path(name).read_text() == "precious"


@pytest.mark.parametrize("extension, given", [(".CS8", ""), (".Cu8", ""), (".CF32", ""), (".iq", ",format=CS8")])
def test_names_of_other_systems(bench, extension, given):
    kind = (given.partition("=")[2] or extension[1:]).lower()
    bench.command_line("tx", "speech.wav", "call." + kind, "--key", "ours", "--rate", "240000")
    bench.path("call." + kind).rename(bench.path("CALL" + extension))
    bench.command_line(*LISTEN, "--device", f"file=CALL{extension},rate=240k{given}", "--out", "heard.wav")
    assert len(read_wav(bench.path("heard.wav"))) == 51 * BLOCK


def test_what_talk_writes_is_what_the_name_says(bench):
    bench.command_line(*TALK, "--device", "file=OUT.CS8,rate=240k")
    bench.command_line(*TALK, "--device", "file=out.cf32,rate=240k")
    assert bench.path("out.cf32").stat().st_size == pytest.approx(4 * bench.path("OUT.CS8").stat().st_size, rel=0.05)
    said = bench.command_line(*TALK, "--device", "file=out,rate=240k")
    assert "assumed of out: its samples are cf32" in said and bench.path("out").stat().st_size == pytest.approx(bench.path("out.cf32").stat().st_size, rel=0.05)
    said = bench.command_line(*TALK, "--device", "file=out.iq,rate=240k", code=1)
    assert "does not tell the format" in said and not bench.path("out.iq").exists()


def test_devices_that_are_no_files_are_told(bench):
    os.mkfifo(bench.path("pipe.cf32"))
    bench.path("folder.cf32").mkdir()
    bench.path("short.cf32").write_bytes(bytes(7))
    for name, says in [("pipe.cf32", "a file with an end"), ("folder.cf32", "a file with an end"), ("short.cf32", "it is empty"),
                       ("none.cf32", "there is no such file"),
                       ("call.iq", "does not tell the format"), ("call.SigMF-Meta", "is no raw IQ")]:
        said = bench.command_line(*LISTEN, "--device", f"file={name},rate=48k", "--out", "heard.wav", code=1)
        assert said.strip().splitlines()[-1].startswith("securevoice listen: ") and says in said and "Traceback" not in said, said
    said = bench.command_line(*LISTEN, "--device", "file=short.cf32", "--out", "heard.wav", code=1)
    assert "what is the sample rate of short.cf32" in said


@pytest.fixture(name="files")
def make_files(bench):
    bench.command_line("tx", "speech.wav", "call.cf32", "--key", "ours")
    shutil.copy(bench.path("keys/ours.key"), bench.path("group.key"))
    bench.path("old.wav").write_text("precious")
    bench.path("linked.cf32").symlink_to("call.cf32")
    return bench


@pytest.mark.parametrize("arguments, survivor", [
    ((*LISTEN[:-1], "--key", "nobody", "--device", "file=call.cf32,rate=48k", "--out", "old.wav"), "old.wav"),
    ((*LISTEN, "--device", "file=none.cf32,rate=48k", "--out", "old.wav"), "old.wav"),
    ((*LISTEN, "--device", "file=call.cf32,rate=fast", "--out", "old.wav"), "old.wav"),
    ((*LISTEN, "--device", "file=call.cf32,rate=48k", "--out", "old.wav", "--profile", "wide"), "old.wav"),
    ((*LISTEN, "--device", "file=none.cf32,rate=48k", "--out", "x.wav", "--log", "old.wav"), "old.wav"),
    ((*LISTEN, "--device", "file=call.cf32,rate=48k", "--out", "call.cf32"), "call.cf32"),
    ((*LISTEN, "--device", "file=call.cf32,rate=48k", "--out", "linked.cf32"), "call.cf32"),
    ((*LISTEN, "--device", "file=linked.cf32,rate=48k", "--out", "x.wav", "--log", "call.cf32"), "call.cf32"),
    ((*LISTEN, "--device", "file=call.cf32,rate=48k", "--out", "group.key"), "group.key"),
    ((*LISTEN, "--device", "file=call.cf32,rate=48k", "--out", "x.wav", "--log", "group.key"), "group.key"),
    ((*LISTEN, "--device", "file=call.cf32,rate=48k", "--out", "old.wav", "--log", "old.wav"), "old.wav"),
    ((*TALK, "--device", "file=group.key,rate=48k"), "group.key"),
    ((*TALK, "--device", "file=group.key,rate=48k,format=cf32"), "group.key"),
    ((*TALK, "--device", "file=speech.wav,rate=48k,format=cf32"), "speech.wav"),
    ((*TALK, "--device", "file=x.cf32,rate=48k", "--log", "speech.wav"), "speech.wav"),
    ((*TALK, "--device", "file=old.wav,rate=48k,format=cf32", "--codec", "9"), "old.wav"),
    ((*TALK[:-2], "--in", "none.wav", "--device", "file=old.wav,rate=48k,format=cf32"), "old.wav")])
def test_a_slip_costs_no_file(files, arguments, survivor):
    before = files.path(survivor).read_bytes()
    done = files.run("sh", "-c", '"$@"; test $? -gt 0 -a $? -lt 3', "sh", files.parts.program, *arguments)
    assert "Traceback" not in done
    assert files.path(survivor).read_bytes() == before


def test_without_a_slip_the_old_file_is_replaced(files):
    """The control; and what is heard is for its owner's eyes."""
    files.command_line(*LISTEN, "--device", "file=call.cf32,rate=48k", "--out", "old.wav", "--log", "log.jsonl")
    assert len(read_wav(files.path("old.wav"))) == 51 * BLOCK
    for name in ("old.wav", "log.jsonl"):
        assert files.path(name).stat().st_mode & 0o777 == 0o600
    files.command_line(*TALK, "--device", "file=old.wav,rate=48k,format=cf32")
    assert files.path("old.wav").stat().st_size > 4 * 48000 * 8
