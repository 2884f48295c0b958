# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `from gnuradio import securevoice` gives."""

BLOCKS = ["voice_encoder", "seal", "modulator", "sidetone", "demodulator", "open", "voice_decoder",
          "securevoice_tx", "securevoice_rx", "securevoice_channel"]


def test_blocks_are_there_and_documented(bench):
    docs = bench.python(f"""
result = {{}}
for name in {BLOCKS}:
    block = getattr(securevoice, name)
    members = [getattr(block, m) for m in vars(block) if m.startswith("set_") or m == "zeroize"]
    make = [] if issubclass(block, gr.hier_block2) else [block.__init__]
    result[name] = [f.__doc__ for f in [block, *make, *members]]
""")
    for name, texts in docs.items():
        assert len(texts[0]) > 100, name
        for text in texts:
            assert text and "\\" not in text and not text.rstrip().endswith("-> None"), (name, text)
    assert "Raises ValueError" in docs["seal"][2]


def test_sizes_tell_records_apart(bench):
    sizes = bench.python("""
s = securevoice
result = [s.spoken_block_size(), s.coded_frame_size(), s.soft_frame_size(), s.heard_block_size()]
for f in (s.spoken_block_size, s.coded_frame_size, s.soft_frame_size, s.heard_block_size, s.codec_names, s.speech_rate):
    assert f.__doc__.count("\\n") > 1
""")
    assert len(set(sizes)) == 4
    assert all(size % 4096 == 0 for size in sizes) # so that GNU Radio's buffers are as short as they are asked to be


def test_buffers_between_the_blocks_are_short(bench):
    """What waits there is latency of the switch."""
    warnings = bench.python("""
top = gr.top_block()
tx, rx = securevoice.securevoice_tx("ours"), securevoice.securevoice_rx(["ours"])
top.connect(blocks.vector_source_f(speech(5)), tx, rx, blocks.null_sink(gr.sizeof_float))
top.run()
result = [tx._encoder.max_output_buffer(0), tx._seal.max_output_buffer(0)]
""")
    assert warnings == [4, 4]
    assert "warning" not in bench.output


def test_wrong_parameters_are_python_errors(bench):
    errors = bench.python("""
s = securevoice
result = []
for make in (lambda: s.voice_encoder("9600"), lambda: s.modulator(1), lambda: s.seal(""), lambda: s.securevoice_tx("ours", kind="toggle"),
             lambda: s.securevoice_tx("ours", kind="clear"), lambda: s.securevoice_rx(["ours", "ours"]),
             lambda: s.securevoice_tx("ours").set_kind("clear"), lambda: s.securevoice_tx("ours", allow_clear=True).set_kind("toggle"),
             lambda: s.securevoice_tx("nobody"), lambda: s.securevoice_rx("ours, nobody"), lambda: s.open(["/nowhere/x.key"])):
    try:
        make()
        result.append(["nothing", ""])
    except Exception as error:
        result.append([type(error).__name__, str(error)])
""")
    assert [kind for kind, _ in errors] == 8 * ["ValueError"] + 3 * ["RuntimeError"]
    for _, sentence in errors:
        assert len(sentence) > 20 and "\n" not in sentence


def test_parameters_of_a_wrong_type_are_answered_in_a_sentence(bench):
    """Of each block, each parameter with values of other types than its own: neither pybind11's table of signatures nor a crash; what was
    given is not repeated."""
    got = bench.python("""
import inspect
from gnuradio.securevoice.radio.sound import speech_input, speech_output
SECRET = "c2VjcmV0"
s = securevoice
blocks_of_cpp = [s.voice_encoder, s.seal, s.modulator, s.sidetone, s.demodulator, s.open, s.voice_decoder]
blocks_of_python = [s.securevoice_tx, s.securevoice_rx, s.securevoice_channel, s.simulated_link, s.shared_air, s.loss_curve,
                    s.half_duplex_station, s.status_line, speech_input]
needed = {s.seal: dict(key="ours"), s.open: dict(keys=["ours"]), s.securevoice_tx: dict(key="ours"), s.securevoice_rx: dict(keys="ours"),
          s.simulated_link: dict(key="ours"),
          s.loss_curve: dict(chains=1, values=[40]),
          s.half_duplex_station: dict(device="file=x.cf32", frequency=1e6, key="ours", keys="ours"), s.status_line: {},
          speech_input: dict(where="example")}
def parameters(block):
    if block in blocks_of_python:
        return list(inspect.signature(block.__init__).parameters)[1:]
    import re
    return [name for name in re.findall(r"(\\w+): ", block.__init__.__doc__.split(" -> ")[0]) if name != "self"]
def attempt(make, what):
    try:
        make()
        result["taken"].append(what)
    except Exception as error:
        result["said"].append([what, type(error).__name__, str(error)])
result = dict(taken=[], said=[], tried=0)
for block in blocks_of_cpp + blocks_of_python:
    for name in parameters(block):
        result["tried"] += 1
        for value in (None, b"c2VjcmV0", {SECRET: 1}, object()):
            attempt(lambda: block(**{**needed.get(block, {}), name: value}), f"{block.__name__} {name} {type(value).__name__}")
    attempt(lambda: block(**needed.get(block, {}), nonsense=1), f"{block.__name__} nonsense")
    attempt(lambda: block(*range(30)), f"{block.__name__} many")
for make, what in ((lambda: s.securevoice_tx("ours", codec=3200), "codec 3200"), (lambda: s.securevoice_tx("ours", sample_rate="48000"), "rate as text"),
                   (lambda: s.securevoice_rx(["ours", 1]), "keys"), (lambda: s.open("ours"), "text as a list"), (lambda: s.voice_encoder(ptt="False"), "bool as text"),
                   (lambda: s.securevoice_tx("ours", profile="wide"), "profile"), (lambda: s.securevoice_rx("ours", profile="wide"), "profile of rx"),
                   (lambda: s.demodulator(profile=1), "profile 1"), (lambda: s.shared_air(stations=1.5), "stations"), (lambda: speech_output(None), "output"),
                   (lambda: s.securevoice_tx("ours").set_kind(1), "kind"), (lambda: s.voice_encoder().set_ptt("yes"), "ptt"),
                   (lambda: s.demonstration_key(None), "key")):
    attempt(make, what)
import numpy as np
for make, what in ((lambda: s.modulator(np.float64(48000)), "np.float64"), (lambda: s.securevoice_channel(np.int64(48000), seed=np.int32(2)), "np.int"),
                   (lambda: s.voice_encoder(ptt=np.bool_(True)), "np.bool"), (lambda: s.securevoice_rx(("ours",)), "tuple"),
                   (lambda: s.open(keys=["ours"], secure_only=True), "names")):
    make()
""")
    assert got["taken"] == [] and got["tried"] > 60
    for what, kind, sentence in got["said"]:
        assert kind in ("TypeError", "ValueError") and "\n" not in sentence, (what, kind, sentence)
        assert 20 < len(sentence) < 400 and "incompatible" not in sentence and "c2VjcmV0" not in sentence, (what, sentence)
    said = {what: sentence for what, _, sentence in got["said"]}
    assert said["codec 3200"] == "the parameter codec of securevoice_tx is text, such as '3200', not of the type int"


def test_clear_is_off_and_tones_are_on_by_default(bench):
    """Of the constructors, by what they do; the hierarchical blocks hand on what they are given."""
    got = bench.python("""
import inspect
result = dict(signatures={name: {p: v.default for p, v in inspect.signature(getattr(securevoice, name).__init__).parameters.items()
                                 if v.default is not inspect.Parameter.empty}
                          for name in ("securevoice_tx", "securevoice_rx")}, refused=[], tones=[])
for block in (securevoice.seal("ours"), securevoice.securevoice_tx("ours")):
    try:
        block.set_kind("clear")
    except ValueError as error:
        result["refused"].append(str(error))

def heard(tx, rx):
    top, audio = gr.top_block(), blocks.vector_sink_f()
    top.connect(blocks.vector_source_f([0.0] * 30 * 640), tx, rx, audio)
    top.run()
    return float(max(audio.data(), default=0))
def clear(): # silence in clear: what is heard is the tone
    return securevoice.securevoice_tx("ours", kind="clear", allow_clear=True)
result["tones"] = [heard(clear(), securevoice.securevoice_rx("ours", recorded=True)),
                   heard(clear(), securevoice.securevoice_rx("ours", clear_tones=False, recorded=True)),
                   heard(clear(), securevoice.securevoice_rx("ours", secure_only=True, recorded=True)),
                   heard(securevoice.securevoice_tx("ours"), securevoice.securevoice_rx("ours", recorded=True))]
""")
    assert got["signatures"]["securevoice_tx"]["allow_clear"] is False
    assert got["signatures"]["securevoice_tx"]["kind"] == "secure"
    assert got["signatures"]["securevoice_rx"]["secure_only"] is False
    assert got["signatures"]["securevoice_rx"]["clear_tones"] is True
    assert len(got["refused"]) == 2 and all("allow_clear" in sentence for sentence in got["refused"])
    assert got["tones"][0] > 0.2
    assert max(got["tones"][1:]) < 0.05


def test_keys_as_a_list_or_with_commas(bench):
    assert bench.python("""
result = [securevoice.key_names(k) for k in ("ours", " ours,theirs ", "", ["ours", "theirs"], [], "a,,b,")]
""") == [["ours"], ["ours", "theirs"], [], ["ours", "theirs"], [], ["a", "b"]]


def test_buffers_in_files_are_refused(bench):
    """GNU Radio can keep what is between two blocks in a file: speech in clear would be on the disk."""
    preference = bench.path(".gnuradio/prefs/vmcircbuf_default_factory")
    preference.parent.mkdir(parents=True)
    code = """
result = []
for make in (securevoice.voice_encoder, lambda: securevoice.seal("ours"), lambda: securevoice.open(["ours"]), securevoice.voice_decoder,
             lambda: securevoice.securevoice_tx("ours"), lambda: securevoice.securevoice_rx("ours")):
    try:
        make()
        result.append("taken")
    except RuntimeError as error:
        result.append(str(error))
"""
    preference.write_text("gr::vmcircbuf_mmap_tmpfile_factory")
    for sentence in bench.python(code):
        assert "vmcircbuf_default_factory" in sentence
    for memory in ("gr::vmcircbuf_sysv_shm_factory", "gr::vmcircbuf_mmap_shm_open_factory"):
        preference.write_text(memory)
        assert set(bench.python(code)) == {"taken"}


def test_keys_in_memory_that_is_not_locked_are_warned_of(bench):
    """As a process that may lock no memory: once for each block that loads a key."""
    code = """
securevoice.seal("ours")
securevoice.securevoice_tx("ours")
"""
    bench.python(code)
    assert "not locked" not in bench.output
    bench.python("""
import ctypes, resource
CAP_IPC_LOCK = 14
class user_header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]
class user_data(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]
header, data = user_header(0x20080522, 0), (user_data * 2)()
libc = ctypes.CDLL(None)
assert libc.capget(ctypes.byref(header), data) == 0
data[0].effective &= ~(1 << CAP_IPC_LOCK)
assert libc.capset(ctypes.byref(header), data) == 0
resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
""" + code)
    assert bench.output.count("not locked") == 2
