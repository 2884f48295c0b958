# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""22: every constructor, default of Companion, setter and message of the blocks, with known speech, looked at by the
independent reader: what leaves is ciphertext unless clear was allowed and asked for by its name.
"""

import os
import pathlib
import sys

import numpy
import pytest
import yaml
from judge import assert_nobody_understands
from station import BLOCK, RATE, Station, kinds

CODECS = ["3200", "2400", "1600", "1400", "1300", "1200", "700C"]
BLOCKS = 25 # of speech.wav

SIGNATURES = {
    "securevoice_tx": ["key", "codec", "profile", "sample_rate", "kind", "allow_clear", "ptt", "keyring", "state", "allow_fm",
                       "deviation_hz", "emphasis", "ctcss_hz", "ptt_timeout"],
    "voice_encoder": ["codec", "ptt", "begin_in_fm", "ptt_timeout"],
    "seal": ["key", "codec", "profile", "kind", "allow_clear", "keyring", "state", "allow_fm"],
    "modulator": ["sample_rate", "deviation_hz", "emphasis", "ctcss_hz"],
}
# Everything that the constructor takes; what is not named has its default.
WAYS = [dict(codec=codec) for codec in CODECS] + [
    dict(), dict(profile="narrow"), dict(kind="secure"), dict(allow_clear=False), dict(allow_clear=True),
    dict(allow_clear=True, kind="secure"), dict(ptt=True), dict(keyring="keys"), dict(key="keys/ours.key"), dict(state="state"),
    dict(allow_fm=True), dict(deviation_hz=5000), dict(emphasis=False), dict(ctcss_hz=88.5),
    dict(ptt_timeout="off")]

SEND = f"""
def send(make, act=lambda parts: None):
    # make() gives a chain of blocks from speech to IQ.
    top = gr.top_block()
    parts = make()
    top.connect(blocks.wavfile_source("speech.wav"), *parts, blocks.file_sink(gr.sizeof_gr_complex, "sent.cf32"))
    act(parts)
    top.run()

def whole(key="ours", sample_rate={RATE}, **options):
    return [securevoice.securevoice_tx(key, sample_rate=sample_rate, **options)]

def single(key="ours", codec="3200", ptt=True, sample_rate={RATE}, **options):
    fm = {{name: options.pop(name) for name in ("deviation_hz", "emphasis", "ctcss_hz") if name in options}}
    timeout = options.pop("ptt_timeout", "300")
    return [securevoice.voice_encoder(codec, ptt, ptt_timeout=timeout), securevoice.seal(key, codec, **options),
            securevoice.modulator(sample_rate, **fm)]
"""


@pytest.fixture(name="station")
def make_station(tmp_path, recording):
    return Station(tmp_path, recording[:BLOCKS * BLOCK])


def test_the_constructors_have_no_arguments_but_those_tested_here(station):
    got, _ = station.python(f"""
import inspect, re
def arguments(name):
    made = getattr(securevoice, name)
    if inspect.isclass(made) and issubclass(made, gr.hier_block2):
        return list(inspect.signature(made).parameters)
    return re.findall(r"(\\w+): ", re.search(r"\\((.*)\\) ->", made.__init__.__doc__).group(1))[1:]
result = {{name: arguments(name) for name in {list(SIGNATURES)}}}
result["public"] = sorted(n for n in dir(securevoice.securevoice_tx) if n.startswith("set_") and n not in dir(gr.hier_block2))
""")
    assert got.pop("public") == ["set_kind", "set_ptt"]
    assert got == SIGNATURES
    used = {name for way in WAYS for name in way} | {"key", "sample_rate"}
    assert used == set(SIGNATURES["securevoice_tx"])


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("chain", ["whole", "single"])
def test_every_constructor_encrypts(station, recording, chain, way):
    station.python(SEND + f"send(lambda: {chain}(**{way}))\n")
    assert_nobody_understands(station.air(), recording[:BLOCKS * BLOCK], station.keys["ours"], way.get("codec", "3200"), BLOCKS + 1)


def test_only_clear_by_name_and_permission_is_clear(station):
    """What the test before would see if something were sent in clear."""
    station.python(SEND + 'send(lambda: whole(allow_clear=True, kind="clear"))\n')
    assert set(kinds(station.air())) == {"clear"}
    got, _ = station.python(SEND + """
result = []
for options in (dict(kind="clear"), dict(kind="clear", key=""), dict(key=""), dict(key="", allow_clear=True), dict(kind="toggle", allow_clear=True),
                dict(kind="Clear", allow_clear=True), dict(kind="", allow_clear=True)):
    for make in (whole, single):
        try:
            make(**options)
            result.append("taken")
        except ValueError as error:
            result.append(str(error))
""")
    assert len(got) == 14
    for sentence in got:
        assert sentence != "taken" and len(sentence) > 20


SETTERS = ['p[0].set_kind("secure")', 'p[0].set_ptt(True)', 'p[0].set_ptt(True); p[0].set_kind("secure")']


@pytest.mark.parametrize("call", SETTERS)
def test_setters_that_do_not_ask_for_clear_change_nothing(station, recording, call):
    station.python(SEND + f"""
def act(p):
    {call}
send(lambda: whole(allow_clear=True, ptt={"set_ptt" not in call}), act)
""")
    assert_nobody_understands(station.air(), recording[:BLOCKS * BLOCK], station.keys["ours"], blocks=BLOCKS + 1)


# A station that speaks for as long as it takes; act() is called while it does.
LIVE = """
def live(tx, act, seal=None):
    top = gr.top_block()
    sent = statuses()
    top.connect(blocks.wavfile_source("speech.wav", True), blocks.throttle(gr.sizeof_float, 80000), *tx,
                blocks.file_sink(gr.sizeof_gr_complex, "sent.cf32"))
    top.msg_connect(seal or tx[0], "status", sent, "in")
    def spoken(more):
        number = sent.all[-1]["number"]
        wait(lambda: sent.all[-1]["number"] >= number + more)
    top.start()
    wait(lambda: sent.all and sent.all[-1]["sending"])
    spoken(6)
    act(sent, spoken)
    spoken(6)
    top.stop()
    top.wait()
    return sent.all

class commands(gr.basic_block):
    def __init__(self):
        gr.basic_block.__init__(self, "commands", None, None)
        self.message_port_register_out(pmt.intern("out"))
    def send(self, message):
        self.message_port_pub(pmt.intern("out"), message)
S, N = pmt.intern, pmt.from_long
KIND, CLEAR = S("kind"), S("clear")
"""

MALFORMED = """
def of(*pairs):
    d = pmt.make_dict()
    for key, value in pairs:
        d = pmt.dict_add(d, key, value)
    return d
malformed = [
    pmt.cons(KIND, S("toggle")), pmt.cons(KIND, S("CLEAR")), pmt.cons(KIND, S("clear ")), pmt.cons(KIND, S("")), pmt.cons(KIND, S("none")),
    pmt.cons(KIND, pmt.PMT_T), pmt.cons(KIND, pmt.PMT_F), pmt.cons(KIND, pmt.PMT_NIL), pmt.cons(KIND, N(0)), pmt.cons(KIND, N(2)),
    pmt.cons(KIND, pmt.from_double(float("nan"))), pmt.cons(KIND, pmt.init_u8vector(5, list(b"clear"))), pmt.cons(KIND, pmt.cons(CLEAR, CLEAR)),
    pmt.cons(S("Kind"), CLEAR), pmt.cons(S("voice"), CLEAR), pmt.cons(CLEAR, KIND), pmt.cons(CLEAR, pmt.PMT_T), pmt.cons(S("toggle"), pmt.PMT_T),
    pmt.cons(N(1), CLEAR), pmt.cons(pmt.PMT_NIL, CLEAR), pmt.cons(pmt.cons(KIND, CLEAR), CLEAR),
    CLEAR, S("toggle"), KIND, pmt.PMT_T, pmt.PMT_NIL, pmt.PMT_EOF, N(1), pmt.from_double(1.0), pmt.init_f32vector(2, [1, 2]),
    pmt.list2(KIND, CLEAR), pmt.to_pmt(["kind", "clear"]), pmt.to_pmt(("kind", "clear")), pmt.make_dict(),
    of((KIND, S("toggle"))), of((S("allow_clear"), pmt.PMT_T), (KIND, CLEAR)), of((KIND, CLEAR), (S("ptt"), N(1))), of((KIND, CLEAR), (S("x"), N(1))),
    of((KIND, of((KIND, CLEAR)))), of((S("allow_clear"), pmt.PMT_T)), of((S("key"), S("theirs"))), of((S("ptt"), S("False"))),
    pmt.cons(of((KIND, CLEAR)), pmt.init_u8vector(5, list(b"clear"))), pmt.cons(S("ptt"), N(0)), pmt.cons(S("ptt"), S("clear")),
    pmt.cons(S("zeroize"), pmt.PMT_F), pmt.cons(S("zeroize"), CLEAR), pmt.cons(S("zeroize"), N(1)), of((S("zeroize"), pmt.PMT_T), (KIND, CLEAR)),
]
"""


@pytest.mark.parametrize("allow_clear", [False, True])
def test_malformed_messages_change_nothing(station, recording, allow_clear):
    got, said = station.python(LIVE + MALFORMED + f"""
tx = securevoice.securevoice_tx("ours", sample_rate={RATE}, allow_clear={allow_clear})
def act(sent, spoken):
    refused = lambda: sum("error" in s for s in sent.all)
    for n, message in enumerate(malformed):
        tx._encoder._post(S("conf"), message)
        tx._seal._post(S("conf"), message)
        wait(lambda: refused() == n + 1)
result = [live([tx], act), len(malformed)]
""")
    statuses, count = got
    assert sum("error" in status for status in statuses) == count >= 40
    assert said.count("message on 'conf' ignored") == 2 * count # Voice Encoder and Seal
    assert {status["wanted"] for status in statuses} == {"secure"} and {status["clear_blocks"] for status in statuses} == {0}
    assert_nobody_understands(station.air(), numpy.resize(recording[:BLOCKS * BLOCK], 1000 * BLOCK), station.keys["ours"])


@pytest.mark.parametrize("message", ['pmt.cons(KIND, S("toggle"))', 'pmt.cons(KIND, S("secure"))'])
def test_messages_on_their_way_through_the_port_of_the_transmitter(station, message):
    station.python(LIVE + f"""
tx, conf = securevoice.securevoice_tx("ours", sample_rate={RATE}, allow_clear=True), commands()
connect = gr.top_block.start
def start(top):
    top.msg_connect(conf, "out", tx, "conf")
    connect(top)
gr.top_block.start = start
live([tx], lambda sent, spoken: [(conf.send({message}), spoken(2)) for _ in range(5)])
""")
    assert set(kinds(station.air(), station.keys["ours"])) == {"secure"} and set(kinds(station.air())) == {"unreadable"}


# Commands that are right, where clear is not allowed or only one of the two blocks hears of it.
ONE_SIDED = {
    "not allowed": ("False", "[encoder, seal]"),
    "Seal alone": ("True", "[seal]"),
    "Voice Encoder alone": ("True", "[encoder]"),
}


@pytest.mark.parametrize("case", ONE_SIDED)
def test_clear_that_is_not_permitted_or_not_agreed_is_not_sent(station, case):
    allow_clear, blocks = ONE_SIDED[case]
    got, _ = station.python(LIVE + f"""
encoder, seal = securevoice.voice_encoder("3200"), securevoice.seal("ours", allow_clear={allow_clear})
def command():
    for block in {blocks}:
        block._post(S("conf"), pmt.cons(KIND, CLEAR))
def act(sent, spoken):
    command()
    spoken(60)
result = live([encoder, seal, securevoice.modulator({RATE})], act, seal)
""")
    assert {status["clear_blocks"] for status in got} == {0}
    assert set(kinds(station.air(), station.keys["ours"])) == {"secure"} and set(kinds(station.air())) == {"unreadable"}


@pytest.mark.parametrize("order", ["encoder, seal", "seal, encoder", "seal, seal, encoder", "encoder, encoder, seal"])
def test_commands_to_both_are_obeyed(station, order):
    """Else the tests before would prove nothing. Whichever hears first or twice: what is sent in clear was spoken after both did."""
    station.python(LIVE + f"""
tx = securevoice.securevoice_tx("ours", sample_rate={RATE}, allow_clear=True)
encoder, seal = tx._encoder, tx._seal
def act(sent, spoken):
    for block in ({order}):
        block._post(S("conf"), pmt.cons(KIND, CLEAR))
    wait(lambda: sent.all[-1]["clear_blocks"] >= 8)
live([tx], act)
""")
    assert set(kinds(station.air())) == {"unreadable", "clear"}


# Companion

DEFAULTS = """
import yaml
from gnuradio.grc.core.platform import Platform
platform = Platform(version=gr.version(), version_parts=(gr.major_version(), gr.api_version(), gr.minor_version()), prefs=gr.prefs())
platform.build_library()

def save(name, *chain):
    # speech.wav -> chain with the defaults of Companion -> sent.cf32
    graph = platform.make_flow_graph()
    graph.options_block.params["id"].set_value(name)
    graph.options_block.params["generate_options"].set_value("no_gui")
    graph.options_block.params["run_options"].set_value("run")
    rate = graph.new_block("variable")
    rate.params["id"].set_value("samp_rate")
    rate.params["value"].set_value("RATE")
    made = []
    for key in ("blocks_wavfile_source", *chain, "blocks_file_sink"):
        made.append(graph.new_block(key))
        made[-1].params["id"].set_value("part_" + key)
    made[0].params["file"].set_value("speech.wav")
    made[0].params["repeat"].set_value("False")
    made[-1].params["file"].set_value("sent.cf32")
    graph.rewrite()
    for a, b in zip(made, made[1:]):
        graph.connect([p for p in a.sources if p.domain == "stream"][0], [p for p in b.sinks if p.domain == "stream"][0])
    graph.rewrite()
    graph.validate()
    assert graph.is_valid(), list(graph.iter_error_messages())
    platform.save_flow_graph(name + ".grc", graph)
""".replace("RATE", str(RATE))
CHAINS = {"defaults_whole": ["securevoice_tx"], "defaults_pieces": ["securevoice_voice_encoder", "securevoice_seal", "securevoice_modulator"]}


@pytest.mark.parametrize("name", CHAINS)
def test_the_defaults_of_companion_encrypt(station, recording, name):
    station.python(DEFAULTS + f"save({name!r}, *{CHAINS[name]})\n")
    compiled = station.run("grcc", "-o", ".", f"{name}.grc")
    assert compiled.returncode == 0, compiled.stdout
    station.program("keys", "new", "friends") # Companion's default
    done = station.run(sys.executable, f"{name}.py")
    assert done.returncode == 0, done.stderr
    key = station.path("keys/friends.key").read_text().split()[-1]
    assert_nobody_understands(station.air(), recording[:BLOCKS * BLOCK], bytes.fromhex(key), blocks=BLOCKS + 1)


EXAMPLES = sorted(pathlib.Path(os.environ["SECUREVOICE_EXAMPLES"]).glob("*.grc"))
LINK = "securevoice_simulated_link" # whoever uses it has no choice of kind
SENDING = {"securevoice_tx", "securevoice_seal", "securevoice_half_duplex_station", LINK}


def flowgraph(path):
    return yaml.safe_load(path.read_text())


def senders(path):
    return [block for block in flowgraph(path)["blocks"] if block["id"] in SENDING]


TRANSMITTERS = [path for path in EXAMPLES if senders(path)]
# Without a window, a radio or a microphone: what leaves them is looked at. tests/flowgraph/test_examples.py hears what the others send.
BY_FILE = [path for path in TRANSMITTERS if all(text in path.read_text() for text in ("no_gui", "name: transmitter\n", "name: wav_in\n")) and
           "securevoice_sdr" not in path.read_text()]


def test_there_are_examples_that_transmit():
    assert len(TRANSMITTERS) >= 8 and len(BY_FILE) >= 3


@pytest.mark.parametrize("path", TRANSMITTERS, ids=lambda path: path.stem)
def test_every_example_begins_secure(path):
    """By itself, or by the variable that its control sets."""
    variables = {block["name"]: str(block["parameters"].get("value")).strip("\'\"") for block in flowgraph(path)["blocks"]}
    for block in senders(path):
        if block["id"] == LINK:
            assert "kind" not in block["parameters"] and "allow_clear" not in block["parameters"]
            continue
        kind = block["parameters"]["kind"].strip("\'\"")
        assert variables.get(kind, kind) == "secure", block["name"]


@pytest.mark.parametrize("path", BY_FILE, ids=lambda path: path.stem)
def test_the_defaults_of_every_example_encrypt(station, recording, path):
    """What its block `transmitter` gives out; an example that switches to clear or FM does so later than this speech ends."""
    compiled = station.run("grcc", "-o", ".", path)
    assert compiled.returncode == 0, compiled.stdout
    station.program("keys", "new", "friends")
    station.python(f"""
import importlib, inspect
sys.path.insert(0, ".")
made = getattr(importlib.import_module({path.stem!r}), {path.stem!r})
later = {{name: 1000 for name in ("clear_at", "fm_at", "secure_at") if name in inspect.signature(made).parameters}}
top = made(key="friends", wav_in="speech.wav", **later)
top.connect(top.transmitter, blocks.file_sink(gr.sizeof_gr_complex, "looked_at.cf32"))
top.start()
top.wait()
""")
    key = station.path("keys/friends.key").read_text().split()[-1]
    assert_nobody_understands(station.air("looked_at.cf32"), recording[:BLOCKS * BLOCK], bytes.fromhex(key), blocks=BLOCKS + 1, rate=48000)
