# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An installation below a temporary prefix, without help from the source and build tree."""

import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "flowgraph"))
from flowgraph_bench import BLOCK, Bench, Parts, read_recording, read_wav, write_wav # pylint: disable=wrong-import-position

SOURCE = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ["SECUREVOICE_BUILD"])


@pytest.fixture(scope="module", name="prefix")
def install(tmp_path_factory):
    prefix = tmp_path_factory.mktemp("prefix")
    subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
    return prefix


@pytest.fixture(name="bench")
def make_bench(prefix, tmp_path):
    parts = Parts(program=prefix / "bin/securevoice", modules=prefix / os.environ["SECUREVOICE_PYTHON_DIR"],
                  grc=prefix / "share/gnuradio/grc/blocks", examples=prefix / "share/gr-securevoice/examples")
    (tmp_path / "compiled").mkdir()
    bench = Bench(tmp_path, tmp_path / "compiled", parts)
    bench.environment.pop("LD_LIBRARY_PATH", None)
    return bench


def test_all_files_are_installed(prefix):
    installed = {path.name for path in prefix.rglob("*") if path.is_file()}
    for pattern in ("include/gnuradio/securevoice/*.h", "grc/*.yml", "examples/*.grc", "python/securevoice/*.py", "python/securevoice/radio/*.py",
                    "python/securevoice/window/*.py", "python/securevoice/speech/*", "apps/securevoice-*"):
        wanted = {path.name for path in SOURCE.glob(pattern)}
        assert wanted and wanted <= installed, pattern


def test_nothing_points_to_the_build_tree(prefix):
    for path in prefix.rglob("*"):
        if path.is_file():
            assert str(BUILD).encode() not in path.read_bytes(), path


def test_import_and_list_of_blocks(bench, prefix):
    got = bench.python("""
maps = open("/proc/self/maps").read()
result = dict(blocks=sorted(n for n in dir(securevoice) if isinstance(getattr(securevoice, n), type)), file=securevoice.__file__,
              libraries=sorted({line.split()[-1] for line in maps.splitlines() if "securevoice" in line}))
""")
    assert got["blocks"] == ["demodulator", "half_duplex_station", "loss_curve", "modulator", "open", "output_file", "seal", "securevoice_channel",
                             "securevoice_rx", "securevoice_tx", "shared_air", "sidetone", "simulated_link", "speech_recording", "status_line",
                             "typed_passphrase", "voice_decoder", "voice_encoder"]
    assert len(got["libraries"]) == 2
    for path in (got["file"], *got["libraries"]):
        assert path.startswith(str(prefix)), path


def test_examples_and_a_call(bench):
    """grcc compiles every example, and a call runs: flowgraph to flowgraph, and to the installed command line."""
    for example in bench.parts.examples.glob("*.grc"):
        assert bench.compile(example.stem).exists()
    write_wav(bench.path("speech.wav"), read_recording())
    heard = bench.call("loopback_channel", wav_in="speech.wav", wav_out="heard.wav", key="ours")
    assert heard[-1]["heard"] == "151" and heard[-1]["lost"] == "0"
    assert len(read_wav(bench.path("heard.wav"))) == 151 * BLOCK
    bench.call("file_transmitter", wav_in="speech.wav", iq_out="call.cf32", key="ours")
    bench.command_line("rx", "call.cf32", "command.wav", "--key", "ours")
    assert len(read_wav(bench.path("command.wav"))) == 151 * BLOCK


def test_a_program_of_somebody_else_builds(bench, prefix):
    """CMake's package, the headers and the library are what another module needs."""
    bench.path("CMakeLists.txt").write_text("""
cmake_minimum_required(VERSION 3.16)
project(somebody CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(Gnuradio "3.10" REQUIRED)
find_package(gnuradio-securevoice REQUIRED)
add_executable(somebody main.cc)
target_link_libraries(somebody gnuradio::gnuradio-securevoice)
""")
    headers = sorted(path.name for path in (SOURCE / "include/gnuradio/securevoice").glob("*.h"))
    bench.path("main.cc").write_text("".join(f"#include <gnuradio/securevoice/{header}>\n" for header in headers) + """
#include <iostream>
int main()
{
    std::cout << gr::securevoice::seal::make("ours")->name() << " " << gr::securevoice::codec_names().size() << std::endl;
}
""")
    bench.run("cmake", "-G", "Ninja", "-S", ".", "-B", "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    bench.run("cmake", "--build", "build")
    assert bench.run(bench.path("build/somebody")) == "seal 7\n"
