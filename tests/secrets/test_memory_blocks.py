# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""25, in GNU Radio: the key and the speech are looked for in messages, tags, output, files, exceptions and in the memory of the
process, which another process reads."""

import os
import re
import subprocess
import sys
import time

import pytest
from hunt import Memory, can_look_into, files_below, forms_of_key, forms_of_speech, found_in, keys_of_call, voice_fields
from judge import c2enc
from station import ABORTED, BLOCK, EPILOGUE, PRELUDE, RATE, independent_reader, kinds

# A call from the transmitter to a receiver. What the script prints as a line beginning with "at " is a stage: it waits there
# until it is looked at.
CALL = f"""
def stage(name):
    print("at", name, flush=True)
    sys.stdin.readline()

def call(repeat):
    # Of the parts, not of securevoice_tx and securevoice_rx: a hierarchical block in Python stays to the end of the process.
    top = gr.top_block()
    encode, tx, modulate = securevoice.voice_encoder(), securevoice.seal("ours"), securevoice.modulator({RATE})
    demodulate, rx, decode = securevoice.demodulator({RATE}), securevoice.open(["ours"], recorded=True), securevoice.voice_decoder()
    speech = blocks.wavfile_source("speech.wav", repeat)
    top.connect(speech, *([blocks.throttle(gr.sizeof_float, 40000)] if repeat else []), encode, tx, modulate, demodulate, rx, decode,
                blocks.null_sink(gr.sizeof_float))
    top.connect(modulate, blocks.file_sink(gr.sizeof_gr_complex, "sent.cf32"))
    sent, heard = blocks.message_debug(), blocks.message_debug() # and so does any block in Python
    top.msg_connect(tx, "status", sent, "store")
    top.msg_connect(rx, "status", heard, "store")
    return top, (encode, tx, modulate, rx, decode), sent, heard
"""


class Flowgraph:
    """A running script; at each of its stages something is done."""

    def __init__(self, station, code):
        script = station.path("script.py")
        script.write_text(PRELUDE + CALL + code + EPILOGUE)
        self.process = subprocess.Popen([sys.executable, script], cwd=station.folder, env=station.environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.said = b""
        if not can_look_into(self.process.pid):
            self.process.kill()
            self.process.communicate()
            pytest.skip("this user may not look into the memory of processes of its own")

    def memory_at(self, stage):
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            line = self.process.stdout.readline()
            self.said += line
            if line == f"at {stage}\n".encode():
                memory = Memory(self.process.pid)
                self.process.stdin.write(b"\n")
                self.process.stdin.flush()
                return memory
            assert line, self.said.decode()
        raise AssertionError(self.said.decode())

    def end(self):
        said, _ = self.process.communicate(timeout=60)
        self.said += said
        assert self.process.returncode == 0, self.said.decode()


def secrets_of(station, recording):
    call = independent_reader.read_call(station.air(), RATE, station.keys["ours"])
    return keys_of_call(station.keys["ours"], call.header), voice_fields(c2enc(call.codec, recording)[::2])


def figures(name, memory, key, of_call, voice, samples):
    """One line for docs/memory.md (pytest -s shows it)."""
    print(f"{name}: key {memory.count(key)}, keys of the call {sum(map(memory.count, of_call))}, voice fields {memory.holds(voice)} of "
          f"{len(voice)}, windows of samples {memory.holds(samples)} of {len(samples)}")


def test_memory_of_a_call_that_ended(station, recording):
    """The keys of the call are gone when it stops; the key and what the vocoder made of the speech when the flowgraph is gone.
    What GNU Radio keeps in its own buffers until then: docs/memory.md."""
    flowgraph = Flowgraph(station, """
import gc
top, parts, sent, heard = call(repeat=False)
top.start()
top.wait()
stage("end of the input")
del top, parts, sent, heard
gc.collect()
stage("gone")
""")
    ended, gone = (flowgraph.memory_at(name) for name in ("end of the input", "gone"))
    flowgraph.end()
    speech = recording[:50 * BLOCK]
    of_call, voice = secrets_of(station, speech)
    key, samples = station.keys["ours"], forms_of_speech(speech)
    for name, memory in (("end of the input", ended), ("gone", gone)):
        figures(name, memory, key, of_call, voice, samples)
        assert memory.holds(forms_of_key(key) - {key}) == 0 # never as text
    assert ended.count(key) == 2 # the transmitter's and the receiver's: the hunt finds what is there
    assert ended.holds(of_call) == 0 and ended.holds(voice) <= 4 # of 25; GNU Radio's buffers hold four blocks or a few more
    assert gone.count(key) == 0 and gone.holds(of_call) == 0 and gone.holds(voice) == 0


def test_memory_after_zeroize_in_mid_call(station, recording):
    flowgraph = Flowgraph(station, """
top, parts, sent, heard = call(repeat=True)
top.start()
number = lambda m, name: pmt.to_python(m.get_message(m.num_messages() - 1)).get(name)
wait(lambda: sent.num_messages() and number(sent, "number") > 30)
wait(lambda: heard.num_messages() and number(heard, "kind") == "secure")
stage("in mid-call")
encode, tx, _, rx, _ = parts
tx.zeroize()
encode.zeroize()
rx.zeroize()
wait(lambda: number(sent, "state") == "zeroized" and number(heard, "kind") != "secure")
time.sleep(0.3)
stage("zeroized")
top.stop()
top.wait()
stage("stopped")
""")
    calling, zeroized, stopped = (flowgraph.memory_at(name) for name in ("in mid-call", "zeroized", "stopped"))
    flowgraph.end()
    speech = recording[:50 * BLOCK]
    of_call, voice = secrets_of(station, speech)
    key, samples = station.keys["ours"], forms_of_speech(speech)
    for name, memory in (("in mid-call", calling), ("zeroized", zeroized), ("stopped", stopped)):
        figures(name, memory, key, of_call, voice, samples)
    assert calling.count(key) == 2 and calling.holds(of_call) == 2
    for memory in (zeroized, stopped):
        assert memory.count(key) == 0 and memory.holds(of_call) == 0
    sent = kinds(station.air(), key)
    assert set(sent) == {"secure"} # 21: what left before it


def test_messages_tags_and_output_hold_no_secret(station, recording):
    got, said = station.python("""
class tags(gr.sync_block):
    # Keeps the text of all tags.
    def __init__(self, item):
        gr.sync_block.__init__(self, "tags", [item], None)
        self.all = []
    def work(self, input_items, output_items):
        for tag in self.get_tags_in_window(0, 0, len(input_items[0])):
            self.all.append(" ".join(map(pmt.write_string, (tag.key, tag.value, tag.srcid))))
        return len(input_items[0])
""" + CALL + """
top, parts, sent, heard = call(repeat=False)
(encode, tx, modulate, rx, decode) = parts
on_air, at_ear, symbols = tags(numpy.complex64), tags(numpy.float32), blocks.message_debug()
top.connect(modulate, on_air)
top.connect(decode, at_ear)
top.msg_connect(tx, "status", symbols, "print")
top.msg_connect(rx, "status", symbols, "print")
top.run()
result = [[pmt.write_string(m.get_message(n)) for m in (sent, heard) for n in range(m.num_messages())], on_air.all, at_ear.all]
""")
    messages, on_air, at_ear = got
    assert len(messages) > 10 and len(on_air) >= 2
    speech = recording[:50 * BLOCK]
    of_call, voice = secrets_of(station, speech)
    key = station.keys["ours"]
    texts = "\n".join([*messages, *on_air, *at_ear, said])
    forms = forms_of_key(key) | set(of_call) | voice
    assert found_in(texts.encode(), forms | {octets.hex().encode() for octets in forms}) == []
    numbers = [octets for octets in forms if " ".join(map(str, octets[:6])) in texts] # as PMT writes vectors
    assert numbers == []
    # Nor in the folders: home with GNU Radio's settings, state, keyring but for the keys themselves.
    plain = [station.path(f"keys/{name}.key") for name in ("ours", "theirs")]
    for path in files_below(station.folder, [*plain, station.path("speech.wav")]):
        assert found_in(path.read_bytes(), forms | forms_of_speech(speech)) == [], path


def test_no_buffer_stays_in_shared_memory(station):
    _, said = station.python(CALL + """
import os
top = call(repeat=False)[0]
top.run()
print("process", os.getpid())
""")
    number = said.split("process ")[1].split()[0]
    assert [name for name in os.listdir("/dev/shm") if f"-{number}-" in name] == []


def test_a_saved_flowgraph_holds_the_name_of_a_key_and_not_the_key(station):
    """And what is made of it."""
    example = os.path.join(os.environ["SECUREVOICE_EXAMPLES"], "file_transmitter.grc")
    with open(example, encoding="utf-8") as text:
        unnamed = text.read()
    saved = re.sub(r"(?<=- name: key\n)((?:.*\n)*?    value: ).*", r"""\1'"ours"'""", unnamed, count=1) # the parameter of that name
    assert saved != unnamed
    station.path("saved.grc").write_text(saved)
    station.python("""
from gnuradio.grc.core.platform import Platform
platform = Platform(version=gr.version(), version_parts=(gr.major_version(), gr.api_version(), gr.minor_version()), prefs=gr.prefs())
platform.build_library()
graph = platform.make_flow_graph("saved.grc")
graph.rewrite()
graph.validate()
platform.save_flow_graph("again.grc", graph)
""")
    compiled = station.run("grcc", "-o", ".", "again.grc")
    assert compiled.returncode == 0, compiled.stdout
    assert "ours" in station.path("again.grc").read_text()
    plain = [station.path(f"keys/{name}.key") for name in ("ours", "theirs")]
    for path in files_below(station.folder, plain):
        assert found_in(path.read_bytes(), forms_of_key(station.keys["ours"])) == [], path


def test_a_core_file_of_a_flowgraph_holds_no_key(station):
    """Blocks do not switch core files off for a process that is not theirs; but the memory of keys is left out of them."""
    script = station.path("script.py")
    script.write_text(PRELUDE + CALL + """
import os, resource
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
top, parts, sent, heard = call(repeat=True)
top.start()
wait(lambda: sent.num_messages() > 8 and heard.num_messages() > 3)
os.abort()
""")
    done = station.run(sys.executable, script)
    assert done.returncode == ABORTED, done.stderr
    cores = [path for path in station.folder.iterdir() if path.name.startswith("core")]
    if not cores:
        pytest.skip("this system writes no core files here")
    of_call = keys_of_call(station.keys["ours"], independent_reader.read_call(station.air(), RATE, station.keys["ours"]).header)
    for path in cores:
        octets = path.read_bytes()
        path.unlink() # some 200 MB
        assert b"speech.wav" in octets and found_in(octets, forms_of_key(station.keys["ours"]) | set(of_call)) == []
