# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands to a running transmitter count from the moment they are given, whatever the radio does and whatever was commanded before."""

import wave

import numpy
from flowgraph_bench import BLOCK

LIVE = """
import threading, time

class Microphone(gr.sync_block):
    # 10 ms at a time, in real time, catching up after stalls: a loud voice as long as it is secret.
    def __init__(self):
        gr.sync_block.__init__(self, "microphone", None, [numpy.float32])
        self.n, self.secret, self.begin = 0, True, None
    def work(self, _inputs, outputs):
        out = outputs[0]
        count = min(len(out), 80)
        self.begin = self.begin or time.monotonic()
        time.sleep(max(0, self.begin + self.n / 8000 - time.monotonic()))
        t = (self.n + numpy.arange(count)) / 8000
        out[:count] = 0.5 * numpy.sign(numpy.sin(2 * numpy.pi * 150 * t)) if self.secret else 0
        self.n += count
        return count

class Radio(gr.sync_block):
    # Takes samples in real time or slower, begins late, or stalls once after 2 s.
    def __init__(self, late, stall, pace):
        gr.sync_block.__init__(self, "radio", [numpy.complex64], None)
        self.late, self.stall, self.rate = late, stall, 48000 * pace
        self.n, self.begin, self.kept = 0, None, []
    def work(self, inputs, _outputs):
        taken = inputs[0][:480]
        if self.begin is None:
            time.sleep(self.late)
            self.begin = time.monotonic()
        if self.stall and time.monotonic() - self.begin > 2:
            time.sleep(self.stall)
            self.stall, self.begin = 0, time.monotonic() - self.n / self.rate
        time.sleep(max(0, self.begin + self.n / self.rate - time.monotonic()))
        self.kept.append(numpy.array(taken))
        self.n += len(taken)
        return len(taken)

def talk(number, late, stall, pace, refused):
    top, conf, sent = gr.top_block(), commands(), statuses()
    tx = securevoice.securevoice_tx("ours", allow_clear=True)
    microphone, radio = Microphone(), Radio(late, stall, pace)
    top.connect(microphone, tx, radio)
    top.msg_connect(conf, "out", tx, "conf")
    top.msg_connect(tx, "status", sent, "in")
    top.start()
    time.sleep(1)
    if refused:
        conf.send("kind", "fm")
    time.sleep(4)
    conf.send("kind", "clear")
    microphone.secret = False
    time.sleep(9)
    top.stop()
    top.wait()
    numpy.concatenate(radio.kept + [numpy.zeros(9600, numpy.complex64)]).astype(numpy.complex64).tofile(f"air{number}.cf32")
    result[number] = dict(clear=sent.all[-1]["clear_blocks"], errors=[s["error"] for s in sent.all if "error" in s])

result = [None] * len(CASES)
threads = [threading.Thread(target=talk, args=(n, *case)) for n, case in enumerate(CASES)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_no_speech_from_before_a_command_is_heard_without_a_key(bench):
    """In clear nothing is loud but the first block of a tone that warns of it, and its second."""
    cases = [(0, 0, 1, False), (2, 0, 1, False), (0, 2.5, 1, False), (0, 0, 0.8, False), (0, 0, 1, True)]
    got = bench.python(f"CASES = {cases}\n" + LIVE)
    for n, (case, said) in enumerate(zip(cases, got)):
        assert said["clear"] > 5, (case, got) # the control: it was obeyed
        assert len(said["errors"]) == case[-1] and all("allow_fm" in error for error in said["errors"]), case
        bench.command_line("rx", f"air{n}.cf32", "heard.wav", "--no-key")
        with wave.open(str(bench.path("heard.wav"))) as recording:
            heard = numpy.frombuffer(recording.readframes(recording.getnframes()), "<i2").astype(float)
        blocks = heard[:len(heard) // BLOCK * BLOCK].reshape(-1, BLOCK)
        loud = numpy.flatnonzero(numpy.sqrt(numpy.mean(blocks**2, axis=1)) > 2000)
        assert len(blocks) > 5 and set(loud) <= {0, 1} | {n + k for n in range(37, len(blocks), 37) for k in (0, 1, 2, 3)}, (case, loud)
