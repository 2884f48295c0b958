# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Device strings, sample rates, gains: nothing here opens a device."""

import math

import pytest
from gnuradio.securevoice.radio import plan


@pytest.mark.parametrize("name, family", [("rtl=0", "rtl"), ("rtl_tcp=127.0.0.1:1234", "rtl_tcp"), ("hackrf=0,bias_tx=1", "hackrf"),
                                          ("uhd,type=b200", "uhd"), ("soapy=0,driver=lime", "soapy"), ("plutosdr=ip:1.2.3.4", "plutosdr"),
                                          ("file=a.cf32,rate=2.4M,freq=433.5M", "file")])
def test_devices_are_known_by_their_first_word(name, family):
    assert plan.parse(name).family == family


@pytest.mark.parametrize("name", ["", "rtlsdr=0", "0", "foo,rtl=0", "file=", "file=a,rate=fast"])
def test_others_are_refused_with_a_sentence(name):
    with pytest.raises(plan.DeviceError, match="unknown device|needs a path|is a number"):
        plan.parse(name)


@pytest.mark.parametrize("text, value", [("433.5M", 433.5e6), ("240k", 240e3), ("1.2G", 1.2e9), ("48000", 48000), ("2e6", 2e6), ("240K", 240e3),
                                         (" -1.5k ", -1500), (".5", 0.5), (48000, 48000), (1.5, 1.5)])
def test_numbers_have_units(text, value):
    assert plan.number(text, "--freq") == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "M", "fast", "nan", "inf", "1 M M", "1e999", "0x10", "1_000", "1,5", "433,5M", "1e3k9", "--5", None, True, [1]])
def test_what_is_no_number_is_told(text):
    with pytest.raises(plan.DeviceError, match="--freq is a number"):
        plan.number(text, "--freq")


@pytest.mark.parametrize("device, good, bad", [
    ("rtl=0", (225001, 240e3, 300e3, 900001, 2.4e6, 3.2e6), (48e3, 225000, 300001, 900000, 3.3e6)), # librtlsdr's ranges
    ("rtl_tcp=x:1", (240e3, 1.024e6), (500e3,)),
    ("hackrf=0", (2e6, 2.4e6, 20e6), (1.9e6, 20.1e6, 240e3)),
    ("file=x", (12e3, 48e3, 2e6), (11999,))])
def test_rates_that_a_device_cannot_do_are_refused(device, good, bad):
    device = plan.parse(device)
    for rate in good:
        assert plan.choose_rate(device, rate) == rate
    for rate in bad:
        with pytest.raises(plan.DeviceError, match=f"cannot do {rate:.0f}"):
            plan.choose_rate(device, rate)


def test_usual_rates_are_possible_and_become_48_khz_by_simple_ratios():
    for name, family in plan.FAMILIES.items():
        if name != "file":
            rate = plan.choose_rate(plan.parse(f"{name}=0"))
            steps = plan.chain(rate)
            assert any(low <= rate <= high for low, high in family.rates)
            assert steps.up is not None and max(steps.up, steps.down) <= 125, name
    with pytest.raises(plan.DeviceError, match="sample rate of x"):
        plan.choose_rate(plan.parse("file=x"))


@pytest.mark.parametrize("rate", [12e3, 44100, 48e3, 96e3, 225001, 240e3, 250e3, 300e3, 1.024e6, 2e6, 2.048e6, 2.4e6, 3.2e6, 10e6, 20e6])
def test_steps_lead_to_48_khz(rate):
    steps = plan.chain(rate)
    assert steps.middle == pytest.approx(rate / steps.factor)
    assert steps.factor == 1 or steps.middle >= plan.SLOW_RATE # the first filter may be short
    assert steps.up is None or steps.middle * steps.up / steps.down == pytest.approx(plan.RATE, rel=1e-12)


def test_spike_and_leak_lie_beside_the_call():
    for rate in (225001, 240e3, 2e6, 2.4e6, 20e6):
        for beside in (plan.receive_offset(rate), plan.transmit_offset(rate)):
            assert plan.PASSBAND_HZ < beside < rate / 2 - plan.PASSBAND_HZ


HACKRF = {"RF": (0, 14, 14), "IF": (0, 40, 8), "BB": (0, 62, 2)}


@pytest.mark.parametrize("gain, chosen", [(0, (0, 0, 0)), (24, (24, 0, 0)), ("50", (40, 10, 0)), (102, (40, 62, 0)), (116, (40, 62, 14))])
def test_gain_is_given_to_the_stages_in_their_order(gain, chosen):
    assert plan.distribute_gain(gain, ("IF", "BB", "RF"), HACKRF) == dict(zip(("IF", "BB", "RF"), chosen))


def test_gain_is_never_more_than_asked_for():
    for gain in range(0, 117):
        got = sum(plan.distribute_gain(gain, ("IF", "BB", "RF"), HACKRF).values())
        assert gain - 14 < got <= gain


def test_stages_may_be_named():
    assert plan.distribute_gain("IF=24, BB=20", ("IF", "BB", "RF"), HACKRF) == {"IF": 24, "BB": 20}
    for wrong in ("XX=1", "IF=much", "lots", 117, -1, math.nan):
        with pytest.raises(plan.DeviceError):
            plan.distribute_gain(wrong, ("IF", "BB", "RF"), HACKRF)
