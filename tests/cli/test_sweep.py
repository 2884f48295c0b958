# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweeps on one machine and over a Dask cluster, and what the pictures show."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys

import pytest
from conftest import PROGRAM

APPS = pathlib.Path(__file__).parents[2] / "apps"
sys.path.insert(0, str(APPS / "measure"))
import figures # noqa: E402
import finite_blocklength # noqa: E402

POINTS = ["--codec", "700C", "--cn0", "26:40:7", "--seconds", "4", "--seed", "5", "--program", PROGRAM]


def sweep(*arguments, code=0):
    done = subprocess.run([APPS / "securevoice-sweep", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=240,
                          check=False)
    assert done.returncode == code, done.stderr
    return done


@contextlib.contextmanager
def cluster(folder):
    """A scheduler and two workers on loopback, gone at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
             "env": dict(os.environ, HOME=str(folder), DASK_DISTRIBUTED__WORKER__DAEMON="False")}
    port = address.rsplit(":", 1)[1]
    with contextlib.ExitStack() as stack:
        def start(*command):
            process = subprocess.Popen(["/usr/bin/python3", "-m", *command], **quiet)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        for name in "ab":
            start("distributed.cli.dask_worker", address, "--name", name, "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard", "--no-nanny",
                  "--death-timeout", "60")
        yield address


def measured(report):
    """What does not depend on the keys, which are random: how much was sent where."""
    return [(c["codec"], p["cn0_dbhz"], p["calls"], p["blocks_sent"]) for c in report["curves"] for p in c["points"]]


def test_two_dask_workers_measure_what_one_machine_does(tmp_path):
    here = json.loads(sweep(*POINTS, "--json").stdout)
    with cluster(tmp_path) as address:
        from distributed import Client
        with Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            there = json.loads(sweep(*POINTS, "--json", "--scheduler", address).stdout)
    assert measured(there) == measured(here) and len(measured(here)) == 3
    # 5 dB from the limit on both sides: a call in between is heard or missed as a whole, by its key.
    for report in here, there:
        weak, _, strong = (p["loss"] for p in report["curves"][0]["points"])
        assert weak > 0.9 and strong < 0.1


def test_no_cluster_is_said_in_one_sentence():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0)) # nobody listens
        done = subprocess.run([APPS / "securevoice-sweep", *POINTS, "--scheduler", f"tcp://127.0.0.1:{closed.getsockname()[1]}"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    assert done.returncode != 0 and "no Dask scheduler" in done.stderr.splitlines()[-1]


def test_table_and_threshold():
    lines = sweep("--codec", "700C", "--cn0", "30,36", "--seconds", "4", "--program", PROGRAM).stdout.splitlines()
    assert lines[0] == "narrow 700C" and lines[1].split()[0] == "30.00" and lines[-1].endswith("not between these points")


def test_bench_options_pass_through():
    report = json.loads(sweep("--codec", "1300", "--cn0", "45", "--seconds", "2", "--json", "--program", PROGRAM, "--", "--fading", "10").stdout)
    assert report["curves"][0]["doppler_hz"] == 10


@pytest.mark.parametrize("arguments", [["sensitivity", "--cn0", "33,36", "--codec", "700C", "--seconds", "2"],
                                       ["jam", "--codec", "700C", "--duty", "0", "--seconds", "1"],
                                       ["latency", "--profile", "narrow", "--codec", "3200", "--calls", "1"],
                                       ["acquire", "--cn0", "45", "--calls", "2"], ["cpu", "--seconds", "2"]])
def test_each_bench_draws_its_picture(program, arguments):
    program.environment["PATH"] = f"{APPS}:{program.environment['PATH']}"
    program("bench", *arguments, "--plot", "picture.png")
    assert program.octets("picture.png")[:8] == b"\x89PNG\r\n\x1a\n"


def test_without_a_plotter_the_table_stands_and_a_sentence_says_what_is_missing(program):
    program.environment["PATH"] = "/usr/bin:/bin"
    done = program("bench", "jam", "--codec", "700C", "--duty", "0", "--seconds", "1", "--plot", "x.png", code=1)
    assert b"none of these takes half" in done.stdout
    assert "securevoice-plot" in done.stderr.decode() and done.stderr.decode().count("\n") == 1


def test_picture_shows_the_curve_the_bound_and_the_peers_of_the_same_vocoder():
    points = [{"cn0_dbhz": 37 + n / 2, "loss": loss, "loss_low": loss / 2, "loss_high": loss * 2} for n, loss in enumerate((0.1, 0.01, 0))]
    report = {"bench": "sensitivity", "profile": "narrow", "codec": "3200", "points": points}
    ax = figures.picture(report).axes[0]
    lines = {line.get_label(): line for line in ax.get_lines()}
    names = [text for text in ax.get_legend_handles_labels()[1]]
    assert "narrow 3200" in names and sum("M17" in name for name in names) == 4 and not any("FreeDV" in name for name in names)
    bound = lines["bound, 3200: best code, voice alone"]
    at_one_percent = [x for x, y in zip(bound.get_xdata(), bound.get_ydata()) if abs(y - 0.01) < 1e-6]
    assert at_one_percent == [pytest.approx(finite_blocklength.cn0(256))] and 35.4 < at_one_percent[0] < 35.6


def test_plot_refuses_what_is_no_result(tmp_path):
    done = subprocess.run([APPS / "securevoice-plot", "--output", tmp_path / "x.png"], input='{"bench": "tea"}', stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE,
                          text=True, timeout=60, check=False)
    assert done.returncode != 0 and done.stderr.count("\n") == 1 and "--json" in done.stderr


def drawn(name, folder, result):
    return subprocess.run([APPS / "securevoice-plot", "--output", name], input=result, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          cwd=folder, timeout=60, check=False)


def test_a_picture_takes_the_place_of_an_older_one_and_of_nothing_else(tmp_path):
    result = json.dumps({"bench": "sensitivity", "profile": "narrow", "codec": "3200",
                         "points": [{"cn0_dbhz": 37 + n, "loss": 0.1 / 9**n, "loss_low": 0.05 / 9**n, "loss_high": 0.2 / 9**n} for n in range(3)]})
    picture = tmp_path / "x.png"
    for old in (None, b"", b"\x89PNG an older one"):
        if old is not None:
            picture.write_bytes(old)
        assert drawn("x.png", tmp_path, result).returncode == 0
        assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    precious = tmp_path / "notes.png"
    precious.write_text("a key, or the result of a night\n")
    done = drawn("notes.png", tmp_path, result)
    assert done.returncode != 0 and "no picture" in done.stderr and done.stderr.count("\n") == 1
    assert precious.read_text() == "a key, or the result of a night\n"
    # what cannot be written leaves what there was, and nothing beside it
    done = drawn("x.tea", tmp_path, result)
    assert done.returncode != 0 and done.stderr.count("\n") == 1 and "x.tea" in done.stderr
    done = drawn("no/x.png", tmp_path, result)
    assert done.returncode != 0 and done.stderr.count("\n") == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["notes.png", "x.png"]
