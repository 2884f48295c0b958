# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way to write files, from Python; its rules are tested in tests/core/files."""

from flowgraph_bench import read_wav


def test_speech_can_be_played_at_any_moment(bench):
    found = bench.python("""
out = securevoice.speech_recording("heard.wav")
import os, wave
def heard():
    with wave.open("heard.wav") as w:
        return w.getnframes()
before = os.path.exists("heard.wav")
result = [before]
out.write(numpy.zeros(100, numpy.float32)); result.append(heard())
out.write(numpy.full(3, 0.5)); result.append(heard())
out.write(numpy.array([7, -7], numpy.int16)); result.append(heard())
result += [out.samples(), out.problem(), oct(os.stat("heard.wav").st_mode & 0o777)]
out.close()
for wrong in (numpy.zeros(1, numpy.int32), "text"):
    try:
        out.write(wrong)
    except TypeError:
        result.append("TypeError")
try:
    out.write(numpy.zeros(1))
except RuntimeError as e:
    result.append(str(e))
result.append(out.samples())
""")
    assert found[:7] == [False, 100, 103, 105, 105, "", "0o600"]
    assert found[7:9] == ["TypeError", "TypeError"] and "closed" in found[9] and found[10] == 105
    assert list(read_wav(bench.path("heard.wav"))[-5:]) == [16384, 16384, 16384, 7, -7]


def test_text_comes_whole_or_line_by_line(bench):
    bench.path("log").write_text("old\n")
    assert bench.python("""
out = securevoice.output_file("log")
out.write("ein Wört\\n")
result = [open("log").read()]
out.publish()
out.write(b"two\\n")
os_file = open(out.fileno(), "a", closefd=False); os_file.write("three\\n"); os_file.flush()
out.publish()
result.append(open("log").read())
""") == ["old\n", "ein Wört\ntwo\nthree\n"]


def test_what_is_never_written_over(bench):
    bench.path("input").write_text("precious")
    assert bench.python("""
result = []
for make in (lambda: securevoice.speech_recording("keys/ours.key"), lambda: securevoice.output_file("keys/ours.key"),
             lambda: securevoice.speech_recording("input", ["input"]), lambda: securevoice.output_file("input", not_over=["input"]),
             lambda: securevoice.check_output("input", ["input"]), lambda: securevoice.check_output("keys/ours.key"),
             lambda: securevoice.speech_recording("nowhere/heard.wav"), lambda: securevoice.check_output("input")):
    try:
        result.append(type(make()).__name__)
    except (ValueError, RuntimeError) as e:
        result.append(type(e).__name__)
""") == ["ValueError"] * 6 + ["RuntimeError", "NoneType"]
    assert bench.path("input").read_text() == "precious"
