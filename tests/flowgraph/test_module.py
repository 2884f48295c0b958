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
result["tones"] = [heard(clear(), securevoice.securevoice_rx("ours", recorded=True)), heard(clear(), securevoice.securevoice_rx("ours", clear_tones=False, recorded=True)),
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
