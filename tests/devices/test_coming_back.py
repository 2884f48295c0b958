# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that end, by themselves or within a sample, and come back: the next call is heard whole."""

import pytest

LISTEN = """
from gnuradio.securevoice.radio import plan
from gnuradio.securevoice.radio.listening import Listening

class Dongle(gr.hier_block2):
    # A call, then the end of the stream, as of a device that is pulled out.
    def __init__(self, path, cut):
        gr.hier_block2.__init__(self, "dongle", gr.io_signature(0, 0, 0), gr.io_signature(1, 1, 8))
        zeros = numpy.zeros(24000, numpy.complex64)
        iq = numpy.concatenate([zeros, numpy.fromfile(path, numpy.complex64)[:cut], zeros[:0 if cut else None]])
        self.parts = blocks.vector_source_c(iq.tolist()), blocks.throttle(8, 4 * 48000)
        self.connect(*self.parts, self)
        self.device = plan.parse("rtl=0")
    def samples(self):
        return self.parts[1].nitems_written(0)
    def release(self):
        pass

plugged, heard, device = list(PLUGGED), [], []
def open_device():
    if not plugged:
        listening.stop()
        raise plan.DeviceError("pulled out for good")
    return Dongle(*plugged.pop(0))
sink = blocks.vector_sink_f()
listening = Listening(open_device, sink, "ours", heard.append, device.append, recorded=True)
listening.run()
result = dict(heard=[heard[-1][name] for name in ("heard", "lost", "refused", "replayed")], speech=len(sink.data()), losses=listening.losses, device=device,
              times=[status["time"] for status in heard], state=heard[-1]["state"])
"""


@pytest.fixture(name="calls")
def make_calls(bench):
    for n in range(3):
        bench.command_line("tx", "speech.wav", f"call{n}.cf32", "--key", "ours", "--state", "sender")
    return bench


def listened(bench, *plugged):
    return bench.python(LISTEN.replace("PLUGGED", repr(plugged)))


def test_each_call_after_a_device_came_back_is_heard(calls):
    got = listened(calls, ("call0.cf32", None), ("call1.cf32", None), ("call2.cf32", None))
    assert got["heard"] == [153, 0, 0, 0] and got["speech"] == 153 * 640 and got["losses"] == 3
    assert got["times"] == sorted(got["times"]) # one time line: its rules go on
    assert got["device"][0] == "device lost" and "" in got["device"] and got["device"][-1] == "device lost: pulled out for good"


@pytest.mark.parametrize("cut", [1, 24000, 96001])
def test_a_device_that_went_in_mid_call_leaves_nothing_behind(calls, cut):
    """What came of the first call is heard, the second one whole."""
    got = listened(calls, ("call0.cf32", cut), ("call1.cf32", None))
    assert got["heard"][0] == got["speech"] // 640
    assert 51 + cut // 3840 - 5 <= got["heard"][0] <= 51 + cut // 3840 # the demodulator looks some blocks ahead
    assert got["state"] == "ended" and got["heard"][1:] == [0, 0, 0]


def test_a_flowgraph_is_run_again_after_the_end_of_its_input(calls):
    got = calls.python("""
source, rx, sink, status = blocks.vector_source_c([]), securevoice.securevoice_rx("ours", recorded=True), blocks.vector_sink_f(), statuses()
top = gr.top_block()
top.connect(source, rx, sink)
top.msg_connect(rx, "status", status, "in")
result = []
for n in range(3):
    source.set_data(numpy.fromfile(f"call{n}.cf32", numpy.complex64).tolist())
    source.rewind()
    top.run()
    result.append([len(sink.data()) // 640, status.all[-1]["heard"], status.all[-1]["state"]])
""")
    assert got == [[51, 51, "ended"], [102, 102, "ended"], [153, 153, "ended"]]
