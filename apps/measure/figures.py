# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of what `securevoice bench` measured: one function for each measurement, from its JSON to a matplotlib figure."""
import json
import math
import pathlib

import matplotlib
matplotlib.use("Agg")
from matplotlib import figure, ticker

import finite_blocklength

PEERS = json.loads((pathlib.Path(__file__).parent / "peers.json").read_text(encoding="utf-8"))["curves"]
COLOURS = ["#0b5394", "#b45f06", "#38761d", "#741b47", "#134f5c", "#7f6000", "#990000"]
STYLES = {"narrow": "-", "robust": "--", "constant": "-."}
LOWEST_LOSS = 1e-4


def axes(title, xlabel, ylabel):
    drawn = figure.Figure(figsize=(9, 5.5), layout="constrained")
    ax = drawn.add_subplot(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.grid(True, which="both", linewidth=0.4, alpha=0.5)
    return drawn, ax


def legend_of(ax):
    ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)


def conditions(report):
    """What is not the usual white noise, for a curve's name."""
    said = []
    if report.get("kind") == "clear":
        said.append("clear")
    if report.get("doppler_hz"):
        k = report.get("rician_k_db")
        said.append(f"{'Rayleigh' if k is None else f'Rician K = {k:g} dB'}, {report['doppler_hz']:g} Hz")
    return f" ({', '.join(said)})" if said else ""


def sensitivity(reports):
    """Loss over C/N0 of one or more curves, with the finite-blocklength bound and the peers that use the same vocoder."""
    drawn, ax = axes("Voice blocks lost, finding the call included", "C/N0, dB-Hz", "share of the blocks lost")
    codecs = list(dict.fromkeys(r["codec"] for r in reports))
    for peer in PEERS:
        if peer["codec"] in codecs:
            points = [(x, y) for x, y in zip(peer["cn0_dbhz"], peer["loss"]) if y > 0]
            ax.plot(*zip(*points), color="0.6", linewidth=1, marker=".", markersize=3, label=f"{peer['name']} ({peer['codec']}, in clear)")
    losses = [10 ** (-n / 4) for n in range(2, 13)]
    for codec in codecs:
        colour = COLOURS[codecs.index(codec) % len(COLOURS)]
        voice = finite_blocklength.CODECS[codec]
        ax.plot([finite_blocklength.cn0(voice, loss) for loss in losses], losses, color=colour, linestyle=":",
                label=f"bound, {codec}: best code, voice alone")
    for report in reports:
        points = report["points"]
        loss = [p["loss"] if p["loss"] > 0 else math.nan for p in points]
        errors = [[p["loss"] - max(p["loss_low"], LOWEST_LOSS / 10) if p["loss"] > 0 else 0 for p in points],
                  [p["loss_high"] - p["loss"] if p["loss"] > 0 else 0 for p in points]]
        ax.errorbar([p["cn0_dbhz"] for p in points], loss, yerr=errors, capsize=2, marker="o", markersize=4,
                    color=COLOURS[codecs.index(report["codec"]) % len(COLOURS)], linestyle=STYLES.get(report["profile"], (0, (1, 2))),
                    label=f"{report['profile']} {report['codec']}{conditions(report)}")
    ax.set_yscale("log")
    ax.set_ylim(LOWEST_LOSS, 1)
    ax.axhline(0.01, color="0.3", linewidth=0.7)
    legend_of(ax)
    return drawn


def jam(reports):
    report, = reports
    drawn, ax = axes(f"Voice lost to pulses {report['over_signal_db']:g} dB above the signal ({report['profile']} {report['codec']}, {report['cn0_dbhz']:g} dB-Hz)",
                     "share of the time that is jammed, %", "share of the voice lost, %")
    names = list(dict.fromkeys(p["jammer"] for p in report["points"]))
    for n, name in enumerate(names):
        points = [p for p in report["points"] if p["jammer"] == name]
        ax.plot([100 * p["duty"] for p in points], [100 * p["loss"] for p in points], marker="o", markersize=3, linewidth=1,
                color=COLOURS[n % len(COLOURS)], linestyle=["-", "--", ":"][n // len(COLOURS) % 3], label=name)
    duties = sorted({p["duty"] for p in report["points"]})
    worst = [max(p["loss"] for p in report["points"] if p["duty"] == d) for d in duties]
    ax.plot([100 * d for d in duties], [100 * w for w in worst], color="black", linewidth=2.5, label="best jammer")
    ax.axhline(50, color="0.3", linewidth=0.7)
    ax.axvline(3.7, color="0.6", linestyle="--", linewidth=1, label="P25: half of the speech")
    ax.set_ylim(-2, 102)
    legend_of(ax)
    return drawn


def acquire(reports):
    drawn, ax = axes("First voice of a call", "from its start, or from when one joins, s", "share of the calls heard by then")
    for n, (report, p) in enumerate((r, p) for r in reports for p in r["points"]):
        times = sorted(p["first_voice_s"])
        ax.step([0, *times, max([report["listen_seconds"], *times])],
                [0, *[(k + 1) / p["calls"] for k in range(len(times))], len(times) / p["calls"]], where="post",
                color=COLOURS[n % len(COLOURS)], label=f"{report['profile']} {report['codec']}, {p['entry']}, {p['cn0_dbhz']:g} dB-Hz")
    ax.set_ylim(0, 1.02)
    ax.set_xlim(0, max(r["listen_seconds"] for r in reports))
    legend_of(ax)
    return drawn


def stacked(title, xlabel, rows, parts):
    """Bars of named parts: rows are (name, {part: value})."""
    drawn, ax = axes(title, xlabel, "")
    left = [0.0] * len(rows)
    for n, part in enumerate(parts):
        values = [row[1].get(part, 0) for row in rows]
        ax.barh([row[0] for row in rows], values, left=left, color=COLOURS[n % len(COLOURS)], label=part)
        left = [a + b for a, b in zip(left, values)]
    ax.invert_yaxis()
    legend_of(ax)
    return drawn


def latency(reports):
    rows = [(f"{p['profile']} {p['codec']}", {"blocks, air, filters": p["chain_ms"], "vocoder": p["vocoder_ms"]}) for r in reports
            for p in r["points"]]
    return stacked("Delay from microphone to loudspeaker, without sound card", "ms", rows, ["blocks, air, filters", "vocoder"])


def cpu(reports):
    report, = reports
    stages = list(report["receiver_call_stages"])
    rows = [("transmitter", {"transmitter": 100 * report["transmitter"]})]
    for name, key in (("receiver with a call", "receiver_call_stages"), ("receiver on noise", "receiver_noise_stages")):
        rows.append((name, {stage: 100 * share for stage, share in report[key].items()}))
    drawn = stacked("Share of a core", "%", rows, ["transmitter", *stages])
    drawn.axes[0].xaxis.set_minor_locator(ticker.AutoMinorLocator())
    return drawn


KINDS = {"sensitivity": sensitivity, "jam": jam, "acquire": acquire, "latency": latency, "cpu": cpu}


def picture(report):
    """The figure of a bench's JSON, or of a sweep's: several sensitivities."""
    if report["bench"] == "sweep":
        return sensitivity(report["curves"])
    return KINDS[report["bench"]]([report])
