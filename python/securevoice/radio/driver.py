#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The devices themselves: gr-osmosdr's source and sink; gr-iio for the PlutoSDR, which gr-osmosdr does not know, iq_file for files,
rtl_tcp."""

from .iq_file import format_of, iq_file_sink, iq_file_source
from .plan import DeviceError, distribute_gain, parse
from .rtl_tcp import rtl_tcp_source

PLUTO_BUFFER = 32768 # samples
HACKRF_BUFFERS = 4 # of 131072 samples; gr-osmosdr's 15 would keep a tail for a second
FURTHEST = 0.05 # a rate further off than this is refused; what is nearer is resampled


def _osmosdr():
    try:
        import osmosdr # pylint: disable=import-outside-toplevel
    except ImportError as e:
        raise DeviceError("gr-osmosdr is not installed: apt-get install gr-osmosdr") from e
    return osmosdr


def _arguments(device):
    """The device string for gr-osmosdr."""
    arguments = dict(device.arguments)
    if device.family == "hackrf":
        arguments.setdefault("buffers", str(HACKRF_BUFFERS))
    return ",".join(f"{key}={value}" if value else key for key, value in arguments.items())


def _open(device, make):
    try:
        return make()
    except RuntimeError as e:
        reason = " ".join(str(e).split())
        raise DeviceError(f"cannot open {device.name}: {reason} ({device.abilities.hint})") from None


class _Pluto:
    """gr-iio's blocks with the few calls of gr-osmosdr's that are used here."""

    def __init__(self, block, receives):
        self.block = block
        self._receives = receives
        self._rate = 0
        self._frequency = 0

    def set_sample_rate(self, rate):
        self.block.set_samplerate(int(rate))
        self.block.set_bandwidth(int(0.8 * rate))
        self._rate = int(rate)
        return self._rate

    def set_center_freq(self, frequency):
        self.block.set_frequency(int(frequency))
        self._frequency = int(frequency)
        return self._frequency

    def set_gain_mode(self, automatic):
        if self._receives:
            self.block.set_gain_mode(0, "slow_attack" if automatic else "manual")

    def get_gain_names(self):
        return ["RF"]

    def set_gain(self, gain, _name):
        if self._receives:
            self.block.set_gain(0, gain)
        else:
            self.block.set_attenuation(0, 89.75 - gain)


def open_source(name):
    """A device to receive with: (Device, block, controls). Raises DeviceError."""
    device = parse(name)
    if device.family == "plutosdr":
        from gnuradio import iio # pylint: disable=import-outside-toplevel
        uri = device.arguments["plutosdr"] or "ip:192.168.2.1"
        block = _open(device, lambda: iio.fmcomms2_source_fc32(uri, [True, True], PLUTO_BUFFER))
        return device, block, _Pluto(block, True)
    if device.family == "file":
        block = iq_file_source(device, format_of(device))
        return device, block, block
    if device.family == "rtl_tcp":
        block = rtl_tcp_source(device)
        return device, block, block
    osmosdr = _osmosdr()
    block = _open(device, lambda: osmosdr.source(_arguments(device)))
    return device, block, block


def refuse_receivers(name):
    """Raises DeviceError if the device cannot transmit."""
    device = parse(name)
    if not device.abilities.transmits:
        raise DeviceError(f"{device.family} can only receive: transmit with hackrf=0, uhd, plutosdr, bladerf, soapy or file=PATH,rate=HZ")


def open_sink(name, not_over=()):
    """A device to transmit with: (Device, block, controls). not_over: inputs that a device 'file' never writes over. Raises DeviceError,
    ValueError."""
    device = parse(name)
    if device.family == "plutosdr":
        from gnuradio import iio # pylint: disable=import-outside-toplevel
        uri = device.arguments["plutosdr"] or "ip:192.168.2.1"
        block = _open(device, lambda: iio.fmcomms2_sink_fc32(uri, [True, True], PLUTO_BUFFER, False))
        return device, block, _Pluto(block, False)
    if device.family == "file":
        block = iq_file_sink(device, format_of(device), not_over)
        return device, block, block
    osmosdr = _osmosdr()
    block = _open(device, lambda: osmosdr.sink(_arguments(device)))
    return device, block, block


def set_rate(device, controls, rate):
    """Sets the sample rate. Returns what the device does, samples/s. Raises DeviceError."""
    try:
        actual = controls.set_sample_rate(rate)
    except RuntimeError as e:
        raise DeviceError(f"{device.name} refuses {rate:.0f} samples/s: {' '.join(str(e).split())}") from None
    if device.family == "file":
        return rate
    if not abs(actual - rate) <= FURTHEST * rate:
        raise DeviceError(f"{device.name} refuses {rate:.0f} samples/s and offers {actual:.0f}: choose another with --rate")
    return actual


def set_ppm(device, controls, ppm):
    """Sets the clock's error. Returns the factor for frequencies that remains to be applied."""
    if device.abilities.corrects_ppm and ppm == round(ppm):
        controls.set_freq_corr(ppm)
        return 1.0
    return 1 / (1 + 1e-6 * ppm)


def set_gain(device, controls, gain):
    """gain: dB in all, "NAME=dB,NAME=dB", or None: automatic."""
    if device.family == "file":
        return
    if gain is None:
        controls.set_gain_mode(True)
        return
    controls.set_gain_mode(False)
    for name, value in distribute_gain(gain, device.abilities.stages, _gain_ranges(device, controls)).items():
        controls.set_gain(value, name)


def _gain_ranges(device, controls):
    if device.family == "plutosdr":
        return {"RF": (0, 71, 1)}
    if device.family == "rtl_tcp":
        return controls.gain_ranges()
    ranges = {}
    for name in controls.get_gain_names():
        span = controls.get_gain_range(name)
        ranges[name] = (span.start(), span.stop(), span.step())
    return ranges
