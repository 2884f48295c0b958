# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transmitter and receiver as hierarchical blocks."""

CALL = """
top = gr.top_block()
tx = securevoice.securevoice_tx("ours", codec=CODEC, sample_rate=RATE)
channel = securevoice.securevoice_channel(RATE, cn0_dbhz=CN0, offset_hz=OFFSET, clock_ppm=10, seed=1)
rx = securevoice.securevoice_rx(KEYS, RATE)
source, audio = blocks.vector_source_f(speech(100)), blocks.vector_sink_f()
sent, heard = statuses(), statuses()
top.connect(source, tx, channel, rx, audio)
top.msg_connect(tx, "status", sent, "in")
top.msg_connect(rx, "status", heard, "in")
top.run()
result = dict(audio=len(audio.data()), sent=sent.all, heard=heard.all)
"""


def call(bench, codec="3200", rate=48000, cn0=45, offset=500, keys='"ours"'):
    return bench.python(f"CODEC, RATE, CN0, OFFSET, KEYS = {codec!r}, {rate}, {cn0}, {offset}, {keys}\n" + CALL)


def test_statuses_say_what_was_sent_and_heard(bench):
    got = call(bench)
    assert got["audio"] == 101 * 640
    sent, heard = got["sent"], got["heard"]
    assert sent[-1] == dict(state="idle", sending=False, kind="none", wanted="secure", number=102, secure_blocks=103,
                            clear_blocks=0, key_name="ours")
    assert {s["kind"] for s in sent[1:-1]} == {"secure"}
    assert len(sent) <= 3 + 103 / 6
    talking = [s for s in heard if s["state"] == "secure"]
    assert len(talking) >= 10
    for status in talking:
        assert set(status) == {"state", "kind", "key_name", "codec", "heard", "refused", "lost", "cn0", "offset_hz", "time"}
        assert (status["kind"], status["key_name"], status["codec"]) == ("secure", "ours", "3200")
    for status in talking[2:]:
        assert abs(status["cn0"] - 45) < 1.5 and abs(status["offset_hz"] - 500) < 3
    # On each change, and at most every half second of signal.
    times = [s["time"] for s in talking]
    assert all(b - a >= 0.5 for a, b in zip(times[1:], times[2:]))
    assert heard[-1]["state"] == "ended" and heard[-1]["kind"] == "none"
    assert (heard[-1]["heard"], heard[-1]["lost"], heard[-1]["refused"]) == (101, 0, 0)


def test_several_keys_and_other_rates(bench):
    for codec, rate in (("700C", 24000), ("1300", 250000)):
        got = call(bench, codec, rate, keys='["theirs", "ours"]')
        assert got["audio"] == 101 * 640
        assert got["heard"][-1]["codec"] == codec


def test_wrong_key_hears_nothing(bench):
    for keys in ('"theirs"', '[]'):
        got = call(bench, keys=keys)
        assert got["audio"] == 0
        assert got["heard"][-1]["kind"] == "encrypted-no-key"
        assert {s["heard"] for s in got["heard"]} == {0}
        assert "secure" not in {s["kind"] for s in got["heard"]}


LIVE = """
top = gr.top_block()
tx = securevoice.securevoice_tx("ours", allow_clear=True, ptt=PTT)
rx = securevoice.securevoice_rx("ours")
heard, sent, conf = statuses(), statuses(), commands()
audio = blocks.vector_sink_f()
source = blocks.vector_source_f(speech(25), True)
top.connect(source, blocks.throttle(gr.sizeof_float, 80000), tx, rx, audio)
top.msg_connect(tx, "status", sent, "in")
top.msg_connect(rx, "status", heard, "in")
top.msg_connect(conf, "out", tx, "conf")
top.start()
"""
STOP = """
top.stop()
top.wait()
result = dict(sent=sent.all, heard=heard.all, audio=len(audio.data()))
"""


def test_push_to_talk(bench):
    """Three overs, by setter and by message; the receiver hears three."""
    got = bench.python("PTT = False\n" + LIVE + """
for over in range(3):
    tx.set_ptt(True) if over == 1 else conf.send("ptt", True)
    wait(lambda: sent.all and sent.all[-1]["sending"] and sent.all[-1]["number"] > 20)
    tx.set_ptt(False) if over == 0 else conf.send("ptt", False)
    wait(lambda: not sent.all[-1]["sending"])
""" + STOP)
    assert sum(s["state"] == "idle" for s in got["sent"]) == 3
    assert got["audio"] > 3 * 20 * 640
    assert got["heard"][-1]["lost"] == 0


def test_live_switch(bench):
    """By setter and by message; the receiver follows by itself."""
    got = bench.python("PTT = True\n" + LIVE + """
for n in range(3):
    tx.set_kind("clear") if n == 1 else conf.send("kind", "clear")
    wait(lambda: sent.all and sent.all[-1]["kind"] == "clear")
    wait(lambda: heard.all and heard.all[-1]["kind"] == "clear")
    conf.send("kind", "toggle")
    wait(lambda: any("error" in s for s in sent.all[-3:]))
    tx.set_kind("secure") if n == 0 else conf.send("kind", "secure")
    wait(lambda: sent.all[-1]["kind"] == "secure")
    wait(lambda: heard.all[-1]["kind"] == "secure")
""" + STOP)
    kinds = [s["kind"] for s in got["heard"] if s["kind"] != "none"]
    changes = [a for a, b in zip(kinds, kinds[1:] + [None]) if a != b]
    assert changes == ["secure", "clear", "secure", "clear", "secure", "clear", "secure"] or \
        changes == ["clear", "secure", "clear", "secure", "clear", "secure"]
    assert got["heard"][-1]["lost"] == got["heard"][-1]["refused"] == 0
    errors = [s["error"] for s in got["sent"] if "error" in s]
    assert len(errors) == 3 and all("toggle" in e for e in errors)
    assert bench.output.count("ignored") == 6 # once each by Voice Encoder and Seal


def test_no_key_in_messages_or_output(bench):
    got = call(bench)
    secret = bench.path("keys/ours.key").read_text().split()[-1]
    assert len(secret) >= 32
    assert secret not in str(got) + bench.output
