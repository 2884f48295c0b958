# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transceiver's flowgraphs on gr-osmosdr's files: what it hears, what it sends, and that calls leave whole."""

CODE = """
from gnuradio.securevoice import radio
from gnuradio.securevoice.radio.half_duplex import State
from gnuradio.securevoice.radio.transceiver import Transceiver

states, heard, sent, opened = [], [], [], []
air = "file=silence.cf32,rate=48k,freq=433.5M,repeat=true,throttle=true"

def note(state, reason):
    states.append(state.value)
    print(f"{time.monotonic():.2f}", state.value, reason, flush=True)

def open_transmitter():
    opened.append(f"sent{len(opened)}.cf32")
    return radio.open_transmitter(f"file={opened[-1]},rate=48k", 433.5e6, once=True)

numpy.zeros(48000, numpy.complex64).tofile("silence.cf32")
source, pace = blocks.vector_source_f(speech(50).tolist(), True), blocks.throttle(gr.sizeof_float, 8000)
both = gr.hier_block2("speech", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, gr.sizeof_float))
both.connect(source, pace, both)
station = Transceiver(lambda: radio.open_receiver(air, 433.5e6), open_transmitter, both, blocks.null_sink(gr.sizeof_float), "ours", ["ours"],
                      note, heard.append, sent.append, transmit=dict(allow_clear=True, state="sender"),
                      receive=dict(state="receiver"))
station.start()
for kind in ("secure", "clear", "both"):
    wait(lambda: station.state is State.RECEIVING)
    station.press("secure" if kind == "both" else kind)
    wait(lambda: station.sent and sent[-1]["secure_blocks"] + sent[-1]["clear_blocks"] > 5)
    if kind == "both":
        station.change("clear")
        before = sent[-1]["clear_blocks"]
        wait(lambda: sent[-1]["clear_blocks"] > before + 5)
    station.release()
    wait(lambda: station.state is State.RECEIVING)
    station.sent = False
    sent.append(dict(sent[-1], secure_blocks=0, clear_blocks=0))
station.press("secure") # and let go at once: nothing is sent, nothing hangs
station.release()
wait(lambda: station.state is State.RECEIVING)
station.stop()
station.state, station.sent = None, False
station.start() # as a flowgraph that is run again does
wait(lambda: station.state is State.RECEIVING)
station.press("secure")
wait(lambda: station.sent)
station.release()
wait(lambda: station.state is State.RECEIVING)
station.stop()
result = dict(states=states, opened=opened)
"""


def test_calls_leave_whole_each_in_its_kind(bench):
    got = bench.python(CODE)
    assert got["states"][:6] == ["receiving", "switching to transmit", "transmitting", "draining", "switching to receive", "receiving"]
    assert got["states"][-1] == "receiving" and "device lost" not in got["states"]
    for name, kind in zip(got["opened"], ("secure", "clear", "clear")):
        bench.command_line("rx", name, "heard.wav", "--key", "ours", "--rate", "48000", "--report", "report.json")
        report = bench.path("report.json").read_text()
        assert '"state": "ended"' in report
        assert f'"kind": "{kind}"' in report
    assert '"kind": "secure"' in report # and clear


STATION = """
numpy.zeros(48000, numpy.complex64).tofile("silence.cf32")
station = securevoice.half_duplex_station(
    "file=silence.cf32,rate=48k,freq=433.5M,repeat=true,throttle=true", 433.5e6, "ours", "ours", "file=sent.cf32,rate=48k",
    microphone="speech.wav", loudspeaker="none.wav", allow_fm=True)
sent, states = statuses(), statuses()
top = gr.top_block()
top.msg_connect(station, "sent", sent, "in")
top.msg_connect(station, "state", states, "in")
top.start()
wait(lambda: states.all and states.all[-1] == "receiving")
station.set_ptt(True)
for kind, count in (("secure", "secure_blocks"), ("fm", "fm_blocks"), ("secure", "secure_blocks")):
    station.set_kind(kind)
    before = sent.all[-1][count] if sent.all else 0
    wait(lambda: sent.all and sent.all[-1][count] > before + 8)
station.set_ptt(False)
wait(lambda: states.all[-1] == "receiving")
top.stop()
top.wait()
result = sent.all[-1]
"""


def test_a_half_duplex_station_sends_fm_in_the_middle_of_a_call(bench):
    got = bench.python(STATION)
    assert got["fm_blocks"] > 8 and got["secure_blocks"] > 16 and got["clear_blocks"] == 0
    bench.command_line("rx", "sent.cf32", "heard.wav", "--key", "ours", "--rate", "48000", "--report", "report.json")
    report = bench.path("report.json").read_text()
    assert '"kind": "fm"' in report and '"kind": "secure"' in report and "unannounced" not in report


def test_a_half_duplex_station_sends_fm_only_where_it_is_allowed(bench):
    refused = bench.python("""
try:
    securevoice.half_duplex_station("file=silence.cf32,rate=48k,freq=433.5M", 433.5e6, "ours", "ours", "file=sent.cf32,rate=48k",
                                    microphone="speech.wav", loudspeaker="none.wav", kind="both")
except ValueError as error:
    result = str(error)
""")
    assert refused == "a call is secure, clear or fm, not 'both'"
    got = bench.python(STATION.replace("allow_fm=True", "allow_fm=False").replace("sent.all[-1][count]", "sent.all[-1]['secure_blocks']"))
    assert got["fm_blocks"] == 0 and got["secure_blocks"] > 24
