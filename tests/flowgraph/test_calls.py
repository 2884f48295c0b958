# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transmitter and receiver as hierarchical blocks."""

from flowgraph_bench import BLOCK

CALL = """
top = gr.top_block()
tx = securevoice.securevoice_tx("ours", codec=CODEC, sample_rate=RATE)
channel = securevoice.securevoice_channel(RATE, cn0_dbhz=CN0, offset_hz=OFFSET, clock_ppm=10, seed=1)
rx = securevoice.securevoice_rx(KEYS, RATE, recorded=True)
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
                            clear_blocks=0, fm_blocks=0, key_name="ours")
    assert {s["kind"] for s in sent[1:-1]} == {"secure"}
    assert len(sent) <= 3 + 103 / 6
    talking = [s for s in heard if s["state"] == "secure"]
    assert len(talking) >= 10
    for status in talking:
        assert set(status) == {"state", "text", "kind", "key_name", "old_key", "codec", "heard", "refused", "replayed", "lost", "fm_heard",
                               "fm_refused", "interference",
                               "recording", "sent", "cn0", "offset_hz", "time"}
        assert status["text"] == "secure, ours" and status["recording"] is True
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
rx = securevoice.securevoice_rx("ours", recorded=True)
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


SIDETONE = """
top = gr.top_block()
tx = securevoice.securevoice_tx("ours", kind=KIND, allow_clear=True)
rx = securevoice.securevoice_rx("ours", recorded=True)
audio, tone, sent = blocks.vector_sink_f(), blocks.vector_sink_f(), statuses()
top.connect(blocks.vector_source_f([0.0] * 70 * 640), tx, rx, audio)
top.connect((tx, 1), tone)
top.msg_connect(tx, "status", sent, "in")
top.run()
result = dict(sent=sent.all[-1], tone=[float(x) for x in tone.data()], heard=[float(x) for x in audio.data()])
"""


def loud(sound):
    """Runs of 80 ms with a tone in them, of silence sent."""
    return {n // BLOCK for n, x in enumerate(sound) if abs(x) > 0.1}


def test_both_sides_hear_clear(bench):
    """The sender at its start and after 5 s, the receiver after 3 s: 37.5 blocks."""
    got = bench.python("KIND = 'clear'\n" + SIDETONE)
    assert len(got["tone"]) == got["sent"]["clear_blocks"] * BLOCK
    assert loud(got["tone"]) == {0, 1, 62, 63, 64}
    first = min(loud(got["heard"]))
    assert {n - first for n in loud(got["heard"])} == {0, 1, 37, 38, 39}


def test_nobody_hears_a_tone_in_secure(bench):
    got = bench.python("KIND = 'secure'\n" + SIDETONE)
    assert len(got["tone"]) == got["sent"]["secure_blocks"] * BLOCK
    assert not any(got["tone"])
    assert loud(got["heard"]) == set()


def test_zeroize(bench):
    """By message and by method: the call ends, and no later one begins."""
    for how in ('conf.send("zeroize", True)', "tx.zeroize()"):
        got = bench.python("PTT = True\n" + LIVE + f"""
wait(lambda: sent.all and sent.all[-1]["number"] > 20)
{how}
wait(lambda: sent.all[-1]["state"] == "zeroized")
tx.set_ptt(True)
wait(lambda: "error" in sent.all[-1])
try:
    tx.set_kind("secure")
except RuntimeError as error:
    sent.all.append(dict(sent.all[-1], refusal=str(error)))
""" + STOP)
        last = got["sent"][-1]
        assert last["state"] == "zeroized" and not last["sending"] and last["key_name"] == ""
        assert last["error"] == last["refusal"] == "the keys were wiped: load them again"
        assert last["clear_blocks"] == 0
        assert len({s["secure_blocks"] for s in got["sent"] if s["state"] == "zeroized"}) == 1


def test_zeroized_receiver_falls_silent(bench):
    """What waits in buffers still leaves: a few blocks of the sixty that are sent afterwards."""
    got = bench.python("PTT = True\n" + LIVE + """
wait(lambda: len(audio.data()) > 20 * 640)
rx.zeroize()
number = sent.all[-1]["number"]
wait(lambda: sent.all[-1]["number"] > number + 60)
""" + STOP)
    assert got["heard"][-1]["kind"] != "secure"
    assert got["audio"] < 20 * 640 + 40 * 640


def test_no_key_in_messages_or_output(bench):
    got = call(bench)
    secret = bench.path("keys/ours.key").read_text().split()[-1]
    assert len(secret) >= 32
    assert secret not in str(got) + bench.output
