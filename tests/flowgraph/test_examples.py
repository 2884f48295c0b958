# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples: compiled by grcc, run without a display, as they stand or with files of the test."""

import dataclasses
import os
import shutil
import stat
import subprocess
import sys
import time

import numpy
import pytest
from PIL import Image

from flowgraph_bench import BLOCK, Bench, likeness, loudness, read_wav, statuses, write_wav


def test_every_example_is_tested(parts):
    assert sorted(p.stem for p in parts.examples.glob("*.grc")) == [
        "compare_modems", "file_receiver", "file_transmitter", "hackrf_transceiver", "hackrf_transmitter", "live_switch", "loopback_channel",
        "loopback_window", "rtlsdr_receiver",
        "two_stations"]


@pytest.fixture(name="example_speech")
def make_example_speech(parts):
    return read_wav(parts.modules / "gnuradio/securevoice/speech/example.wav")


@pytest.fixture(name="stranger")
def make_stranger(tmp_path, parts):
    """Somebody without keys, in a folder with a blank, with examples that nobody may write to, and with another Python first in PATH."""
    folder, examples = tmp_path / "a folder", tmp_path / "the examples"
    folder.mkdir()
    (folder / "compiled").mkdir()
    shutil.copytree(parts.examples, examples, ignore=shutil.ignore_patterns("*.py", "images"))
    examples.chmod(0o555)
    bench = Bench(folder, folder / "compiled", dataclasses.replace(parts, examples=examples))
    shutil.rmtree(folder / "keys")
    (folder / "scratch").mkdir()
    bench.environment["TMPDIR"] = str(folder / "scratch")
    yield bench
    examples.chmod(0o755)


def test_play(stranger, example_speech):
    """As they stand: without arguments, key, speech or sound card."""
    heard = stranger.call("loopback_channel")
    assert heard[-1]["state"] == "ended" and int(heard[-1]["heard"]) == len(example_speech) // BLOCK + 1 and heard[-1]["lost"] == "0"
    assert {status["key_name"] for status in heard if status["state"] == "secure"} == {"demonstration"}
    assert likeness(read_wav(stranger.path("heard.wav")), example_speech) > 0.8
    sent = stranger.call("file_transmitter")
    assert sent[-1]["state"] == "idle" and stat.S_IMODE(stranger.path("call.key").stat().st_mode) == 0o600
    stranger.path("heard.wav").unlink()
    heard = stranger.call("file_receiver")
    assert heard[-1]["state"] == "ended" and heard[-1]["lost"] == "0"
    assert likeness(read_wav(stranger.path("heard.wav")), example_speech) > 0.8
    assert not list(stranger.path("scratch").iterdir()), "keys were left behind"
    assert not stranger.path("keys").exists()


def test_a_demonstration_key_is_nobody_elses(stranger):
    """It is made in a private place, another one each time, and is gone at the end, also after an interrupt; a key of one's own is left
    alone."""
    got = stranger.python("""
import os
first, second = securevoice.demonstration_key(), securevoice.demonstration_key()
def mode(path):
    return oct(os.stat(path).st_mode & 0o777)
securevoice.seal(first)
kept = securevoice.demonstration_key("", "kept.key")
text = open(kept).read()
result = dict(paths=[first, second], modes=[mode(first), mode(os.path.dirname(first)), mode(kept)], other=open(first).read() != open(second).read(),
              kept=kept, again=securevoice.demonstration_key("", "kept.key") == kept and open(kept).read() == text,
              own=[securevoice.demonstration_key(key) for key in ("ours", "./x.key")])
""")
    assert got["modes"] == ["0o600", "0o700", "0o600"] and got["other"] and got["again"]
    assert got["own"] == ["ours", "./x.key"] and got["kept"] == str(stranger.path("kept.key"))
    assert not any(os.path.exists(os.path.dirname(path)) for path in got["paths"])
    program = stranger.compile("live_switch")
    with subprocess.Popen([sys.executable, program], cwd=stranger.folder, env=stranger.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as live:
        assert any("demonstration" in line for line in live.stdout)
        assert list(stranger.path("scratch").iterdir())
        live.terminate()
        live.communicate(timeout=60)
    assert not list(stranger.path("scratch").iterdir())


def test_loopback_channel(spoken):
    heard = spoken.call("loopback_channel", wav_in="speech.wav", wav_out="heard.wav", key="ours", cn0=40, offset=-1500, clock_ppm=15)
    assert heard[-1]["state"] == "ended"
    assert int(heard[-1]["heard"]) == 151 and int(heard[-1]["lost"]) == 0
    assert float(heard[-1]["cn0"]) == pytest.approx(40, abs=1)
    assert float(heard[-1]["offset_hz"]) == pytest.approx(-1500, abs=3)
    sound = read_wav(spoken.path("heard.wav"))
    assert len(sound) == 151 * BLOCK
    assert numpy.sqrt(numpy.mean(sound.astype(float) ** 2)) > 300
    spoken.call("loopback_channel", wav_in="speech.wav", wav_out="noise.wav", key="ours", cn0=25)
    assert not spoken.path("noise.wav").exists()


def test_files_and_the_command_line(spoken):
    """What a flowgraph sends the command line hears, and the other way round."""
    sent = spoken.call("file_transmitter", wav_in="speech.wav", iq_out="call.cf32", key="ours", codec="1300")
    assert sent[-1]["secure_blocks"] == "153" and sent[-1]["state"] == "idle"
    spoken.command_line("rx", "call.cf32", "command.wav", "--key", "ours")
    heard = spoken.call("file_receiver", iq_in="call.cf32", wav_out="flowgraph.wav", keys="theirs,ours")
    assert heard[-1]["heard"] == "151" and heard[-1]["codec"] == "1300"
    assert len(read_wav(spoken.path("flowgraph.wav"))) == len(read_wav(spoken.path("command.wav"))) == 151 * BLOCK

    spoken.command_line("tx", "speech.wav", "other.cf32", "--key", "ours", "--codec", "2400")
    heard = spoken.call("file_receiver", iq_in="other.cf32", wav_out="flowgraph.wav", keys="ours")
    assert int(heard[-1]["heard"]) >= 150 and heard[-1]["codec"] == "2400"

    heard = spoken.call("file_receiver", iq_in="call.cf32", wav_out="nothing.wav", keys="theirs")
    assert not spoken.path("nothing.wav").exists() # without speech there is no file
    assert heard[-1]["kind"] == "encrypted-no-key"


def test_live_switch(spoken):
    """12 s in real time: to clear after 3 s, to FM after 5 s, back to secure after 8 s. Nothing is lost."""
    spoken.call("live_switch", wav_in="speech.wav", clear_at=3, fm_at=5, secure_at=8)
    all_statuses = statuses(spoken.output)
    heard = [s for s in all_statuses if "heard" in s]
    sent = [s for s in all_statuses if "wanted" in s]
    kinds = [s["kind"] for s in heard if s["kind"] != "none"]
    assert [a for a, b in zip(kinds, kinds[1:] + [None]) if a != b] == ["secure", "clear", "fm", "secure"]
    clear, secure, fm = (int(sent[-1][f"{kind}_blocks"]) for kind in ("clear", "secure", "fm"))
    # the second and third word of the end
    assert heard[-1]["lost"] == heard[-1]["refused"] == "0" and int(heard[-1]["heard"]) == clear + secure - 2
    assert 10 <= clear <= 40 and abs(int(heard[-1]["fm_heard"]) - fm) <= 1 and 20 <= fm <= 55
    assert clear + secure + fm == 152 # the way back from FM takes one


def test_loopback_window(spoken, example_speech):
    """Its controls are worked as a hand would: to clear and back, noise, a released key. The lines show what was heard and sent; all of it
    is in view."""
    displays = spoken.window("loopback_window", """
def note(*beginnings):
    until(lambda: all(shows(name).startswith(begin) for name, begin in zip(("sent", "heard"), beginnings)))
    result.append([shows("sent"), shows("heard")])
result = []
tb.resize(1000, 660) # what is left of 1024 x 768 beside a panel and a title
tb.show()
tb.start()
note("SENDING SECURE, demonstration", "SECURE, demonstration")
bars = [bar().isVisible() for bar in (tb.top_scroll.horizontalScrollBar, tb.top_scroll.verticalScrollBar)]
talk = tb.findChild(Qt.QCheckBox)
tb._voice_combo_box.setCurrentIndex(1)
note("SENDING CLEAR", "CLEAR, FROM THE GROUP")
tb._voice_combo_box.setCurrentIndex(0)
note("SENDING SECURE, demonstration", "SECURE, demonstration")
tb.set_offset(-3000)
until(lambda: "offset -30" in shows("heard") or "offset -29" in shows("heard"))
talk.click()
note("IDLE", "ENDED")
talk.click()
note("SENDING SECURE, demonstration", "SECURE, demonstration")
tb.set_cn0(30)
lost = lambda: int(shows("heard").split("lost ")[1].split()[0])
before = lost()
until(lambda: lost() > before or not shows("heard").startswith("SECURE"))
tb.stop(); tb.wait()
result.append(bars)
""")
    assert len(displays) == 6 and displays.pop() == [False, False]
    assert "clear 0" in displays[0][0] and "clear 0" not in displays[1][0]
    heard = read_wav(spoken.path("heard.wav"))
    assert len(heard) > 20 * BLOCK and loudness(heard).max() > 1000


def test_two_stations(spoken, example_speech):
    """25 s in real time: each hears the other's call, and not its own; each line says whose it is."""
    spoken.call("two_stations", talk_seconds=3)
    said = {who: [line.split(": ", 1)[1] for line in spoken.output.splitlines() if line.startswith(who + ": ")]
            for who in ("Anna sends", "Anna hears", "Ben sends", "Ben hears")}
    for name in ("Anna", "Ben"):
        # The one who speaks last may be cut off by the end of the 25 s where the machine is busy.
        heard = read_wav(spoken.path(f"{name.lower()}.wav"))
        assert 20 * BLOCK <= len(heard) <= 42 * BLOCK and likeness(heard, example_speech) > 0.6, name
        assert any(line.startswith("SENDING SECURE, demonstration") for line in said[name + " sends"])
        lines = said[name + " hears"]
        assert any(line.startswith("SECURE, demonstration") for line in lines) and any("REPLAY REFUSED" in line.upper() for line in lines)
        assert not any("CLEAR," in line for line in lines)


CURVES = {"narrow": (0, 0, 255), "robust": (255, 0, 0), "constant": (0, 128, 0), "bpsk": (0, 0, 0), "qpsk": (0, 255, 255), "gmsk": (255, 0, 255),
          "4fsk": (128, 0, 0)}


def heights(picture, colour):
    """Where a colour is in each column of a picture: rows from the top, not a number where it is nowhere."""
    there = numpy.all(numpy.abs(picture.astype(int) - colour) < 30, axis=2)
    rows = numpy.arange(len(picture))[:, None]
    return numpy.where(there.any(axis=0), (rows * there).sum(axis=0) / numpy.maximum(there.sum(axis=0), 1), numpy.nan)


def test_compare_modems(spoken):
    """
    Nothing much is lost where it begins, and much at 34 dB-Hz, where all but constant are far below their limit; gmsk and 4fsk are 7 dB
    worse. The picture shows what is in the table: a curve goes up as far as its losses say.
    """
    plot = spoken.window("compare_modems", """
import pathlib
tb.resize(1000, 660)
tb.show()
tb.start()
until(lambda: pathlib.Path("curves.csv").exists())
end = time.monotonic() + 2
until(lambda: time.monotonic() > end)
tb.grab().save("window.png")
canvas = next(w for w in tb.findChildren(Qt.QWidget) if w.metaObject().className() == "QwtPlotCanvas")
corner = canvas.mapTo(tb, Qt.QPoint(0, 0))
result = [corner.x(), corner.y(), canvas.width(), canvas.height()]
tb.stop(); tb.wait()
""", block_count=20, speed=8, csv="curves.csv")
    rows = numpy.loadtxt(spoken.path("curves.csv"), delimiter=",")
    narrow, robust, constant, bpsk, qpsk, gmsk, fsk = rows[:, 1:].T
    assert rows.shape == (9, 8) and list(rows[:, 0]) == [50, 48, 46, 44, 42, 40, 38, 36, 34]
    assert numpy.all((rows >= 0) & (rows <= 100)) and numpy.all(rows[0, 1:] < 10)
    for curve in (narrow, robust, bpsk, qpsk):
        assert numpy.all(curve[:6] < 15) and curve[-1] > 40
    assert numpy.all(constant[:6] < 15)
    for curve in (gmsk, fsk):
        assert numpy.all(curve[5:] > 40)

    x, y, width, height = plot
    picture = numpy.asarray(Image.open(spoken.path("window.png")).convert("RGB"))[y:y + height, x:x + width]
    for (name, colour), curve in zip(CURVES.items(), rows[:, 1:].T):
        drawn = heights(picture, colour)
        if curve.max() > 40:
            highest = 100 - 105 * numpy.nanmin(drawn) / height # the axis is from -5 to 100
            assert numpy.isfinite(drawn).sum() > 5 and abs(highest - curve.max()) < 25, (name, highest, curve)


def test_from_transmitter_to_receiver_by_device_files(spoken, recording):
    """A recording of what the one would give to its device, received live by another station."""
    write_wav(spoken.path("short.wav"), recording[:50 * BLOCK])
    spoken.path("silence.cf32").write_bytes(bytes(8 * 4800))
    spoken.command_line("rx", "silence.cf32", "silence.wav", "--key", "ours", "--live", "--state", "other", code=3)
    time.sleep(4 - time.time() % 4 + 0.1) # start times are told in steps of 4 s: the memory has to be older
    spoken.call("hackrf_transmitter", device="file=call.cf32,rate=240000", rate=240000, wav_in="short.wav", key="ours")
    assert "SENDING SECURE, ours" in spoken.output and "secure 53" in spoken.output
    spoken.environment["SECUREVOICE_STATE"] = str(spoken.path("other"))
    displays = spoken.window("rtlsdr_receiver", """
result = []
tb.start()
until(lambda: (result.append(shows("heard")) if shows("heard") not in result[-1:] else None) or shows("heard").startswith("ENDED"))
tb.stop(); tb.wait()
""", device="file=call.cf32,rate=240000", keys="ours", wav_out="heard.wav")
    assert displays[-1].startswith("ENDED"), displays
    assert len(read_wav(spoken.path("heard.wav"))) >= 50 * BLOCK


def test_hackrf_transceiver(spoken):
    """Pushed and released: a whole call is in the file that takes the transmitting device's place, and then it receives again."""
    spoken.path("silence.cf32").write_bytes(bytes(8 * 48000))
    devices = dict(device="file=silence.cf32,rate=48000,repeat=true,throttle=true", tx_device="file=call.cf32,rate=48000")
    states = spoken.window("hackrf_transceiver", """
result = []
def reach(text):
    until(lambda: shows("state").startswith(text))
    result.append(shows("state"))
tb.start()
button = tb.findChild(Qt.QPushButton)
reach("receiving")
button.pressed.emit()
reach("transmitting")
until(lambda: "secure 12" in shows("sent"))
result.append(shows("sent"))
button.released.emit()
reach("receiving")
tb.stop(); tb.wait()
""", rate=48000, wav_in="speech.wav", wav_out="none", key="ours", **devices)
    assert states[:2] == ["receiving", "transmitting"] and states[-1] == "receiving"
    assert states[2].startswith("SENDING SECURE, ours") and "clear 0" in states[2]
    spoken.command_line("rx", "call.cf32", "call.wav", "--key", "ours", "--rate", "48000", "--report", "report.json")
    assert '"state": "ended"' in spoken.path("report.json").read_text()
    assert len(read_wav(spoken.path("call.wav"))) >= 10 * BLOCK


@pytest.mark.parametrize("example, arguments", [
    ("hackrf_transceiver", dict(key="nobody", wav_in="speech.wav", wav_out="none")),
    ("two_stations", dict(key="nobody", wav_anna="speech.wav", wav_ben="speech.wav")),
    ("hackrf_transmitter", dict(key="nobody", wav_in="speech.wav", device="file=x.cf32,rate=240000")),
    ("loopback_channel", dict(wav_in="speech.wav", wav_out="x.wav", key="nobody")),
    ("file_transmitter", dict(wav_in="speech.wav", iq_out="x.cf32", key="nobody")),
    ("live_switch", dict(wav_in="speech.wav", wav_out="x.wav", key="nobody")),
    ("file_receiver", dict(iq_in="speech.wav", wav_out="x.wav", keys="ours,nobody"))])
def test_without_key_nothing_starts(spoken, example, arguments):
    spoken.call(example, code=1, **arguments)
    assert "nobody" in spoken.output.splitlines()[-1]
    sent = spoken.path("x.cf32")
    assert not sent.exists() or sent.stat().st_size == 0


def test_a_key_that_others_can_read_is_refused(spoken):
    spoken.path("keys/ours.key").chmod(0o644)
    spoken.call("file_transmitter", code=1, wav_in="speech.wav", iq_out="x.cf32", key="ours")
    assert "ours" in spoken.output.splitlines()[-1]
