# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What GNU Radio Companion makes of the GRC files: looked at by its own library."""

import json
import sys

import pytest
import yaml

BLOCKS = ["voice_encoder", "seal", "modulator", "demodulator", "open", "voice_decoder", "sidetone", "tx", "rx", "channel", "shared_air", "sdr_source",
          "sdr_sink", "speech_input", "speech_output", "status_line", "half_duplex_station", "loss_curve", "simulated_link",
          "demonstration_key"]

COMPANION = """
import json, sys
from gnuradio import gr
from gnuradio.grc.core.platform import Platform
from gnuradio.grc.core import Messages

said = []
Messages.register_messenger(said.append)
platform = Platform(version=gr.version(), version_parts=(gr.major_version(), gr.api_version(), gr.minor_version()),
                    prefs=gr.prefs())
platform.build_library()

def flowgraph(block_id, **parameters):
    # One block alone, with values for its parameters.
    graph = platform.make_flow_graph()
    graph.options_block.params["generate_options"].set_value("no_gui")
    block = graph.new_block(block_id)
    for name, value in parameters.items():
        block.params[name].set_value(value)
    graph.rewrite()
    graph.validate()
    return graph, block

def complaints(graph):
    return [text for _, text in graph.iter_error_messages()]
"""


@pytest.fixture(name="companion")
def make_companion(bench):
    def run(code, *arguments):
        script = bench.path("companion.py")
        script.write_text(COMPANION + code + '\njson.dump(result, open("companion.json", "w"))\n')
        bench.output = bench.run(sys.executable, script, *arguments)
        return json.loads(bench.path("companion.json").read_text())
    return run


def test_blocks_load_with_labels_and_documentation(companion):
    got = companion(f"""
result = {{name: dict(label=b.label, category=b.category, doc=b.documentation.get("", ""), parameters=[p["label"] for p in b.parameters_data if "label" in p])
          for name in {BLOCKS} for b in [platform.blocks["securevoice_" + name]]}}
result["said"] = "".join(m for m in said if "securevoice" in m)
""")
    assert got.pop("said") == ""
    for name, block in got.items():
        assert block["category"] == ["SecureVoice"] + (["Parts"] if name in BLOCKS[:7] else []), name
        assert len(block["doc"]) > 100, name
        assert all(label and label[0].isupper() for label in block["parameters"]), name
        for label in block["parameters"]:
            if label not in ("Affinity", "Comment", "Block Alias", "Min Output Buffer", "Max Output Buffer", "ID"):
                assert label.split(" (")[0] in block["doc"] or label in ("Profile", "Signal Power", "Fading", "Seed"), (name, label)


def test_lists_offer_what_the_core_has(bench, companion):
    codecs = bench.python("result = securevoice.codec_names()")
    offered = companion("""
result = [p["options"] for b in platform.blocks.values() if b.key.startswith("securevoice_")
          for p in b.parameters_data if p["id"] == "codec"]
""")
    assert len(offered) == 5 and all(options == codecs for options in offered)


def test_ports_ask_for_the_sizes(companion, bench):
    sizes = bench.python("""
s = securevoice
result = dict(voice_encoder=[1, s.spoken_block_size()], seal=[s.spoken_block_size(), s.coded_frame_size()], modulator=[s.coded_frame_size(), 1],
              demodulator=[1, s.soft_frame_size()], open=[s.soft_frame_size(), s.heard_block_size()], voice_decoder=[s.heard_block_size(), 1],
              sidetone=[s.coded_frame_size(), 1])
""")
    ports = companion(f"""
result = {{}}
for name in {BLOCKS[:7]}:
    graph, block = flowgraph("securevoice_" + name)
    result[name] = [[p.vlen for p in side if p.domain == "stream"][0] for side in (block.sinks, block.sources)]
""")
    assert ports == sizes


def test_defaults_are_the_safe_ones(companion):
    """Nothing is sent in clear, and clear is warned of, unless somebody says so. Looked for in each block that there is."""
    safe = dict(allow_clear="False", secure_only="False", kind="secure", clear_tones="True", allow_fm="False", unannounced_fm="False")
    got = companion(f"""
result = [[b.key, p["id"], p["default"]] for b in platform.blocks.values() if b.key.startswith("securevoice_")
          for p in b.parameters_data if p["id"] in {list(safe)}]
""")
    assert {(key, name) for key, name, _ in got} == {
        ("securevoice_seal", "allow_clear"), ("securevoice_tx", "allow_clear"), ("securevoice_half_duplex_station", "allow_clear"),
        ("securevoice_half_duplex_station", "kind"), ("securevoice_open", "secure_only"),
        ("securevoice_rx", "secure_only"), ("securevoice_seal", "kind"), ("securevoice_tx", "kind"), ("securevoice_voice_encoder", "kind"),
        ("securevoice_voice_decoder", "clear_tones"), ("securevoice_rx", "clear_tones"), ("securevoice_seal", "allow_fm"),
        ("securevoice_tx", "allow_fm"), ("securevoice_half_duplex_station", "allow_fm"), ("securevoice_open", "unannounced_fm"),
        ("securevoice_rx", "unannounced_fm")}
    for key, name, default in got:
        assert default == safe[name], (key, name)


def test_wrong_values_are_marked(companion):
    """An assertion names what is right in a sentence."""
    wrong = [("tx", dict(codec="9600"), "Codec2 rate"), ("tx", dict(profile="wide"), "profile"), ("rx", dict(profile="wide"), "profile"),
             ("simulated_link", dict(profile="wide"), "profile"),
             ("simulated_link", dict(codec="9600"), "Codec2 rate"), ("tx", dict(kind="toggle"), "secure, clear or fm"),
             ("tx", dict(kind="clear"), "allowed"), ("tx", dict(kind="fm"), "FM has to be allowed"),
             ("rx", dict(deviation_hz="9000"), "peak deviation"), ("tx", dict(allow_fm="True", profile="robust"), "robust"),
             ("tx", dict(key=""), "needs a key"), ("tx", dict(sample_rate="8000"), "12000"), ("seal", dict(kind="clear"), "allowed"),
             ("voice_encoder", dict(codec="1"), "Codec2 rate"), ("modulator", dict(sample_rate="1"), "12000"),
             ("rx", dict(max_offset_hz="1e6"), "half the sample rate"), ("demodulator", dict(sample_rate="100e6"), "12000"),
             ("channel", dict(offset_hz="1e6"), "half the sample rate"), ("channel", dict(signal_power="0"), "above 0"),
             ("channel", dict(clock_ppm="1e4"), "1000 ppm"), ("channel", dict(seed="-1"), "seed"),
             ("channel", dict(fading="rayleigh", doppler_hz="0"), "Doppler"), ("shared_air", dict(stations="0"), "one station or more"),
             ("sdr_source", dict(device=""), "device string"), ("sdr_source", dict(frequency="0"), "above 0 Hz"),
             ("half_duplex_station", dict(kind="fm"), "FM has to be allowed"), ("half_duplex_station", dict(ctcss_hz="10"), "CTCSS"),
             ("sdr_sink", dict(level="0.9"), "at most 0.5"), ("sdr_sink", dict(ppm="5000"), "1000 ppm")]
    got = companion(f"""
result = []
for name, parameters, _ in {wrong}:
    right = dict(sample_rate="48000") if "sample_rate" in platform.blocks["securevoice_" + name].parameters_data.__str__() else {{}}
    clean, _block = flowgraph("securevoice_" + name, **right)
    graph, _block = flowgraph("securevoice_" + name, **{{**right, **parameters}})
    result.append([[m for m in complaints(g) if "Assertion" in m] for g in (clean, graph)])
""")
    for (name, parameters, words), (clean, marked) in zip(wrong, got):
        assert clean == [], name
        assert len(marked) == 1 and words in marked[0], (name, parameters, marked)


def test_callbacks_exist(bench, companion):
    callbacks = companion("""
result = [[b.key, c] for b in platform.blocks.values() if b.key.startswith("securevoice_") for c in b.templates.get("callbacks", [])]
""")
    assert len(callbacks) == 11
    names = [[key.replace("securevoice_", "", 1), call.split("(")[0]] for key, call in callbacks]
    assert all(bench.python(f"""
result = [hasattr(getattr(securevoice, key, None) or getattr(securevoice, "securevoice_" + key), call) for key, call in {names}]
"""))


def test_examples_open_without_a_complaint(companion, parts):
    examples = sorted(str(p) for p in parts.examples.glob("*.grc"))
    got = companion("""
result = []
for path in sys.argv[1:]:
    graph = platform.make_flow_graph(path)
    graph.rewrite()
    graph.validate()
    result.append(dict(complaints=complaints(graph), valid=graph.is_valid(), dummies=[b.name for b in graph.blocks if b.is_dummy_block],
                       loose=[b.name for b in graph.blocks if not b.enabled], said=[m for m in said if "rror" in m or "arning" in m]))
""", *examples)
    assert len(got) == len(examples) >= 8
    for example, found in zip(examples, got):
        assert found == dict(complaints=[], valid=True, dummies=[], loose=[], said=[]), example


def test_examples_hold_no_paths_or_keys(parts):
    for example in parts.examples.glob("*.grc"):
        text = example.read_text()
        data = yaml.safe_load(text)
        assert "/home" not in text and "/root" not in text and "/tmp" not in text
        assert data["options"]["parameters"]["generate_options"] in ("no_gui", "qt_gui")
        assert data["options"]["parameters"]["id"] == example.stem
        for block in data["blocks"]:
            if block["id"] in ("securevoice_tx", "securevoice_rx"):
                assert block["parameters"]["keyring"] == ""


def test_the_order_of_the_list_names_every_block(parts):
    """A block that securevoice.tree.yml leaves out would lie apart from the others."""
    tree = yaml.safe_load((parts.grc / "securevoice.tree.yml").read_text())["[SecureVoice]"]
    listed = [entry for entry in tree if isinstance(entry, str)] + next(entry["Parts"] for entry in tree if isinstance(entry, dict))
    assert sorted(listed) == sorted(path.name.split(".")[0] for path in parts.grc.glob("*.block.yml"))


def test_every_example_has_its_picture(parts):
    """As docs/images and examples/images are looked at in the browser: small, and named in the README."""
    readme = (parts.examples / "README.md").read_text()
    for example in parts.examples.glob("*.grc"):
        picture = parts.examples / "images" / f"{example.stem}.png"
        assert f"images/{picture.name}" in readme and picture.stat().st_size < 150000, example


def test_companion_itself_opens_the_examples(bench, parts):
    """The program as a user starts it, on a display without screen: it says what it loads and nothing else."""
    examples = sorted(parts.examples.glob("*.grc"))
    said = bench.companion(examples)
    assert said.count("Loading: ") == said.count(">>> Done") == len(examples), said
    for word in ("Error", "Warning: ", "missing", "Traceback"):
        assert word not in said, said
