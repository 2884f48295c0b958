# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's picture: the signal on the air, what was sent and heard, and what each listener's loudspeaker gave."""

import dataclasses
import io

import matplotlib
import numpy as np

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402 (the backend has to be chosen first)
from matplotlib.patches import Rectangle  # noqa: E402
from PIL import Image  # noqa: E402

INK, GREY, PAPER = "#1c2733", "#5b6875", "#ffffff"
TRACE, BAND = "#1f5fa8", "#dbe7f5"
MARK = "#b5331c"
KINDS = {"secure": ("#1d7a5a", "SECURE"), "clear": ("#c9452c", "CLEAR")}
SPEECH_RATE = 8000
STYLE = {
    "font.family": "DejaVu Sans", "font.size": 10, "axes.titlesize": 11, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "axes.edgecolor": GREY, "axes.labelcolor": INK, "text.color": INK, "xtick.color": GREY, "ytick.color": GREY,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "figure.facecolor": PAPER,
}


@dataclasses.dataclass
class Row:
    """A loudspeaker: its samples begin at `begin` s of the speech."""
    title: str
    note: str
    begin: float = 0
    silences: list = dataclasses.field(default_factory=list) # (start, end, words) where nothing comes out
    samples: np.ndarray = None # 16 bit, 8 kHz


def power_spectrum(iq, rate, size=1024):
    """Welch's method: mean periodogram of half-overlapping Hann windows. Returns Hz and dB."""
    window = np.hanning(size)
    count = (len(iq) - size) // (size // 2)
    total = np.zeros(size)
    for k in range(count):
        chunk = iq[k * size // 2:k * size // 2 + size]
        total += np.abs(np.fft.fft(chunk * window)) ** 2
    power = np.fft.fftshift(total) / (count * rate * np.sum(window ** 2))
    return np.fft.fftshift(np.fft.fftfreq(size, 1 / rate)), 10 * np.log10(power + 1e-30)


def spectrogram(samples, seconds, columns=620, size=256):
    """dB below full scale; 31 Hz rows up to 4 kHz, `columns` columns over `seconds`."""
    padded = np.zeros(int(seconds * SPEECH_RATE) + size)
    padded[:min(len(samples), len(padded))] = samples[:len(padded)]
    starts = np.linspace(0, len(padded) - size, columns).astype(int)
    chunks = padded[starts[:, None] + np.arange(size)] * np.hanning(size) / 32768
    return 20 * np.log10(np.abs(np.fft.rfft(chunks)) / (size / 4) + 1e-7).T


def occupied_band(iq, rate, share=0.99):
    """Lower and upper edge, Hz: half of what is not in `share` of the power lies outside of either (ITU-R SM.328)."""
    frequency, level = power_spectrum(iq, rate)
    below = np.cumsum(10 ** (level / 10))
    below /= below[-1]
    return np.interp([(1 - share) / 2, (1 + share) / 2], below, frequency)


def draw_spectrum(axes, sent_iq, air_iq, rate, offset_hz):
    low, high = occupied_band(sent_iq, rate) + offset_hz
    frequency, level = power_spectrum(air_iq, rate)
    level = level - np.median(level[(frequency < 2 * low - high) | (frequency > 2 * high - low)])
    shown = np.abs(frequency) <= 12e3
    top = max(level[shown]) + 3.5
    axes.axvspan(low / 1e3, high / 1e3, color=BAND, lw=0)
    axes.plot(frequency[shown] / 1e3, level[shown], color=TRACE, lw=1.3)
    axes.plot((0, 0), (-0.6, top), color=GREY, lw=0.8, ls=(0, (4, 3)))
    axes.text(-0.15, top - 0.3, "tuned", ha="right", va="top", color=GREY, fontsize=9)
    axes.plot(2 * [offset_hz / 1e3], (-0.6, top), color=MARK, lw=1)
    axes.text(offset_hz / 1e3 + 0.15, top - 0.3, f"carrier {offset_hz:+.0f} Hz", ha="left", va="top", color=MARK, fontsize=9)
    axes.annotate("", (low / 1e3, -1), (high / 1e3, -1),
                  arrowprops={"arrowstyle": "<->", "color": INK, "lw": 0.9, "shrinkA": 0, "shrinkB": 0})
    axes.text(offset_hz / 1e3, -1.25, f"{(high - low) / 1e3:.1f} kHz hold 99 % of the power", ha="center", va="top", fontsize=9)
    axes.set(xlim=(-12, 12), ylim=(-2.6, top), xlabel="kHz from the tuned frequency", ylabel="dB over the noise")
    axes.set_title("On the air: power spectrum of the received signal")


def draw_constellation(axes, symbols):
    limit = 2.4
    axes.hexbin(symbols.real, symbols.imag, gridsize=70, extent=(-limit, limit, -limit, limit), cmap="Blues", mincnt=1, lw=0)
    ideal = np.array([1, -1]) / np.sqrt(2)
    for re in ideal:
        axes.plot([re, re], ideal, ls="", marker="+", ms=11, mew=1.6, color=MARK)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1),
             xlabel="in phase", ylabel="quadrature")
    axes.axhline(0, color=GREY, lw=0.6)
    axes.axvline(0, color=GREY, lw=0.6)
    axes.set_title("Data symbols, equalised")


def draw_timeline(axes, sent, heard, seconds):
    for y, segments in ((1, sent), (0, heard)):
        for segment in segments:
            colour, word = KINDS[segment.kind]
            width = segment.end - segment.start
            axes.add_patch(Rectangle((segment.start, y - 0.4), width, 0.8, facecolor=colour, edgecolor=PAPER, lw=1.2,
                                     hatch="////" if segment.kind == "clear" else None))
            axes.text(segment.start + width / 2, y, f"{word}  {segment.start:.2f} – {segment.end:.2f} s", color=PAPER,
                      ha="center", va="center", fontsize=9, fontweight="bold",
                      bbox={"facecolor": colour, "edgecolor": "none", "pad": 1.5})
    axes.set(xlim=(0, seconds), ylim=(-0.55, 1.55), yticks=(1, 0), yticklabels=("sent", "heard"))
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelbottom=False, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title("The call: kind of each block, as sent and as the holder of the key heard it")


def draw_row(axes, row, boundaries, seconds, limits):
    samples = np.zeros(int(seconds * SPEECH_RATE))
    first = round(row.begin * SPEECH_RATE)
    count = min(len(row.samples), len(samples) - first)
    samples[first:first + count] = row.samples[:count]
    axes.imshow(spectrogram(samples, seconds), origin="lower", aspect="auto", cmap="magma", vmin=limits[0], vmax=limits[1],
                extent=(0, seconds, 0, 4), interpolation="nearest")
    for t in boundaries:
        axes.axvline(t, color=PAPER, lw=1, ls=(0, (3, 3)), alpha=0.9)
    for start, end, words in row.silences:
        axes.text((start + end) / 2, 2, words, color="#c9d1d9", ha="center", va="center", fontsize=10)
    axes.set(xlim=(0, seconds), ylim=(0, 4), yticks=(0, 2), ylabel="kHz")
    axes.tick_params(axis="x", labelbottom=False)
    axes.set_title(row.title, pad=3)
    axes.text(1, 1.035, row.note, transform=axes.transAxes, ha="right", va="bottom", color=GREY, fontsize=9.5)


def draw(path, *, title, subtitle, sent_iq, air_iq, rate, offset_hz, symbols, sent, heard, rows, seconds):
    """Writes the PNG. `rows` stand above each other over one time axis of `seconds` s."""
    with pyplot.rc_context(STYLE):
        figure = pyplot.figure(figsize=(12.8, 13.2), dpi=110)
        outer = figure.add_gridspec(2, 1, height_ratios=(1, 2.75), left=0.062, right=0.982, top=0.925, bottom=0.04, hspace=0.16)
        upper = outer[0].subgridspec(1, 2, width_ratios=(2.15, 1), wspace=0.16)
        lower = outer[1].subgridspec(1 + len(rows), 1, height_ratios=[0.62] + [1] * len(rows), hspace=0.34)
        figure.text(0.062, 0.978, title, fontsize=17, fontweight="bold", va="center")
        figure.text(0.062, 0.956, subtitle, fontsize=10.5, color=GREY, va="center")

        draw_spectrum(figure.add_subplot(upper[0]), sent_iq, air_iq, rate, offset_hz)
        draw_constellation(figure.add_subplot(upper[1]), symbols)
        draw_timeline(figure.add_subplot(lower[0]), sent, heard, seconds)
        boundaries = [segment.start for segment in sent[1:]]
        for k, row in enumerate(rows):
            axes = figure.add_subplot(lower[k + 1])
            draw_row(axes, row, boundaries, seconds, (-90, -25))
        axes.tick_params(axis="x", labelbottom=True)
        axes.set_xlabel("s of speech", labelpad=2)

        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        pyplot.close(figure)
    # A palette of 256 colours makes the file a third as long, and nobody sees it.
    Image.open(buffer).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
