#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""What devices there are, the sample rates they can do, and how their rate becomes 48 kHz. Nothing here touches a device."""

import dataclasses
import fractions
import math
import numbers
import re

from ..securevoice_python import number_from_text

RATE = 48000 # of the IQ between a device and the blocks, samples/s
PASSBAND_HZ = 14000 # beside the carrier, at that rate: a call (3), its offset (6), room
SLOW_RATE = 4 * RATE # a first filter takes megahertz down to no less than this


class DeviceError(RuntimeError):
    """A device cannot be used as asked: one sentence for the user."""


class NumberError(DeviceError, ValueError):
    """What should be a number is none: one sentence for the user."""


@dataclasses.dataclass(frozen=True)
class Family:
    """One family of devices: ranges of sample rates, the usual one, and what it can do."""

    rates: tuple
    usual: float
    transmits: bool = False
    corrects_ppm: bool = False # the driver does, frequency and rate. (HackRF's in gr-osmosdr has the other sign)
    stages: tuple = () # gain stages, the first ones are turned up first; empty: one gain
    receive_gain: object = None # unless told otherwise; None: automatic
    hint: str = ""


RTL = ((225001, 300000), (900001, 3200000))
HACKRF = Family(((2e6, 20e6),), 2.4e6, transmits=True, stages=("IF", "BB", "RF"), receive_gain="IF=24,BB=20,RF=0",
                hint="is it plugged in, and may this user open it?")
FAMILIES = {
    "rtl": Family(RTL, 240e3, corrects_ppm=True, hint="is it plugged in, and is the kernel's television driver unloaded (rmmod dvb_usb_rtl28xxu)?"),
    "rtl_tcp": Family(RTL, 240e3, corrects_ppm=True, hint="does rtl_tcp run there?"),
    "hackrf": HACKRF,
    "airspy": Family(((2.5e6, 10e6),), 2.5e6, receive_gain=30, hint="is it plugged in?"),
    "airspyhf": Family(((192e3, 912e3),), 768e3, hint="is it plugged in?"),
    "uhd": Family(((192e3, 61.44e6),), 480e3, transmits=True, receive_gain=40,
                  hint="does uhd_find_devices find it?"),
    "bladerf": Family(((160e3, 61.44e6),), 2.4e6, transmits=True, receive_gain=40, hint="is it plugged in?"),
    "plutosdr": Family(((2.084e6, 20e6),), 2.4e6, transmits=True, receive_gain=40,
                       hint="plutosdr=ip:192.168.2.1 names its address"),
    "soapy": Family(((48e3, 61.44e6),), 2.4e6, transmits=True, receive_gain=40,
                    hint="does SoapySDRUtil --find find it? soapy=0,driver=NAME chooses one"),
    "file": Family(((12e3, 20e6),), 0, transmits=True, hint="file=PATH,rate=HZ,freq=HZ,format=cf32|cs16|cs8|cu8 names an IQ file"),
}


@dataclasses.dataclass(frozen=True)
class Device:
    """A device string taken apart."""

    name: str # as the user gave it
    family: str
    arguments: dict

    @property
    def abilities(self):
        return FAMILIES[self.family]


FILE_OPTION = re.compile(r",\s*(rate|freq|format|repeat|throttle)=([^,]*)$")
SWITCHES = {"repeat": "again and again", "throttle": "at its own speed"}


def _parse_file(name):
    """
    file=PATH, then options. A path may hold anything, blanks, quotes, backslashes, commas and equals signs, too: options are taken from the
    end, each once, and what is left is the path.
    """
    arguments, left = {}, name[len("file="):]
    while (option := FILE_OPTION.search(left)) and option[1] not in arguments:
        arguments[option[1]] = option[2].strip()
        left = left[:option.start()]
    if not left:
        raise DeviceError("file= needs a path: file=PATH,rate=HZ,freq=HZ")
    if "\0" in left:
        raise DeviceError("no path has an octet of zeros in it")
    for key in ("rate", "freq"):
        if key in arguments:
            arguments[key] = str(number(arguments[key], f"{key}= of the device 'file'"))
    for key, meaning in SWITCHES.items():
        if arguments.get(key, "true") not in ("true", "false"):
            raise DeviceError(f"{key}= of the device 'file' ({meaning}) is true or false, not '{arguments[key]}'")
    return Device(name, "file", {"file": left, **arguments})


def parse(name):
    """
    A device string, such as "rtl=0", "uhd,type=b200" or "file=PATH,rate=HZ,freq=HZ,format=cs8,repeat=true,throttle=true". Raises
    DeviceError if no family of devices is in it.
    """
    if not isinstance(name, str):
        raise DeviceError(f"a device is a text such as rtl=0, not {name!r}")
    if name.startswith("file="):
        return _parse_file(name)
    if re.search(r"\s", re.sub(r"\\.|'[^']*'|,\s+", "", name.strip(), flags=re.S)):
        raise DeviceError(f"'{name}' has a blank in it, where gr-osmosdr begins with another device: name one device, and put what has blanks between ' and '")
    arguments = {}
    for part in name.split(","):
        key, _, value = part.strip().partition("=")
        if key:
            arguments[key] = value
    family = next(iter(arguments), "")
    if family not in FAMILIES:
        raise DeviceError(f"unknown device '{name}': it begins with one of {', '.join(FAMILIES)}, such as rtl=0")
    if family == "file":
        raise DeviceError("file= needs a path: file=PATH,rate=HZ,freq=HZ")
    return Device(name, family, arguments)


def number(text, what):
    """A number, or a text with one, in the grammar of all commands: k, M or G may stand behind it. Raises NumberError."""
    if isinstance(text, numbers.Real) and not isinstance(text, bool):
        text = repr(float(text))
    try:
        return number_from_text(text if isinstance(text, str) else type(text).__name__, what)
    except ValueError as e:
        raise NumberError(str(e)) from None


def choose_rate(device, wanted=None):
    """The sample rate to ask the device for, samples/s. Raises DeviceError if it cannot do the one wanted."""
    able = device.abilities
    if wanted is None and "rate" in device.arguments:
        wanted = float(device.arguments["rate"])
    if wanted is None:
        wanted = able.usual
    if not wanted:
        raise DeviceError(f"what is the sample rate of {device.arguments['file']}? Say file=PATH,rate=HZ,freq=HZ")
    if not any(low <= wanted <= high for low, high in able.rates):
        ranges = " or ".join(f"{low:.0f} to {high:.0f}" for low, high in able.rates)
        raise DeviceError(f"{device.family} cannot do {wanted:.0f} samples/s: choose {ranges}")
    return wanted


def receive_offset(rate):
    """How far beside the signal a receiver is tuned, Hz: its DC spike and 1/f noise are there; not so far that its filters begin."""
    return min(rate / 4, 200e3) if rate >= SLOW_RATE else 0.0


def transmit_offset(rate):
    """How far beside the signal a transmitter is tuned, Hz: little, since its leak lies there, and off the middle of channels."""
    return 40e3 if rate >= SLOW_RATE else 0.0


@dataclasses.dataclass(frozen=True)
class Chain:
    """Between a device's rate and RATE: a factor of whole number at the device, then a ratio; up / down is None if it is no simple one."""

    factor: int
    up: int
    down: int
    middle: float # rate between both, samples/s


def chain(rate):
    """How a rate becomes RATE, receiving; transmitting the other way round."""
    factors = range(max(1, int(rate // SLOW_RATE)), 0, -1)
    exact = rate == round(rate)
    # The simplest ratio that remains; of these the slowest.
    factor = min(factors, key=lambda f: (_ratio(rate, f).denominator, -f)) if exact and len(factors) < 1000 else factors[0]
    middle = rate / factor
    ratio = _ratio(rate, factor)
    simple = exact and max(ratio.numerator, ratio.denominator) <= 1000
    return Chain(factor, ratio.numerator if simple else None, ratio.denominator if simple else None, middle)


def _ratio(rate, factor):
    return fractions.Fraction(RATE * factor, round(rate))


def distribute_gain(gain, stages, ranges):
    """
    Gains of the stages, dB. gain: dB in all, given to the stages in their order, or text such as "IF=24,BB=20".
    ranges: name -> (low, high, step). Raises DeviceError.
    """
    names = [name for name in stages if name in ranges] or list(ranges)
    if isinstance(gain, str) and "=" in gain:
        chosen = {}
        for part in gain.split(","):
            name, _, value = part.strip().partition("=")
            if name not in ranges:
                raise DeviceError(f"the device has no gain '{name}': it has {', '.join(ranges) or 'none'}")
            chosen[name] = number(value, f"the gain {name}")
        return chosen
    left = number(gain, "the gain")
    most = sum(ranges[name][1] for name in names)
    if not sum(ranges[name][0] for name in names) <= left <= most:
        raise DeviceError(f"the gain of this device is up to {most:.0f} dB, not {left:.0f}")
    chosen = {}
    for n, name in enumerate(names):
        low, high, step = ranges[name]
        room = left - sum(ranges[later][0] for later in names[n + 1:])
        value = min(max(room, low), high)
        if step > 0:
            value = low + math.floor((value - low) / step + 1e-6) * step
        chosen[name] = value
        left -= value
    return chosen
