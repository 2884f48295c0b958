#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A simulated channel."""

import math

from gnuradio import channels, gr

from .parameters import typed

PATHS = 16  # sinusoids of the fading simulator


class securevoice_channel(gr.hier_block2):
    """
    Simulated radio channel: fading, clock error, carrier offset and white noise, in this order. Made of GNU Radio's models.

    Input and output: complex baseband. Tags do not pass. The same seed gives the same channel.

    sample_rate: samples/s
    cn0_dbhz: signal power over noise density, dB-Hz; infinite: no noise. 40 is a good signal, 37.5 the limit of Codec2 3200 (1 % lost)
    signal_power: mean power of the signal while it is sent; the transmitter's is 1
    offset_hz: carrier offset, Hz, within half the sample rate
    clock_ppm: the sender's clock minus the receiver's, parts per million
    doppler_hz: maximum Doppler of flat fading, Hz; 0: no fading. A walker at 430 MHz has 2, a car 40
    rician_k_db: power of the direct path over the scattered ones, dB; -infinite: Rayleigh fading
    seed: of noise and fading, 0 ... 2^31 - 1

    Raises ValueError if a parameter is wrong.
    """

    @typed(seed=int)
    def __init__(self, sample_rate=48000, cn0_dbhz=math.inf, signal_power=1.0, offset_hz=0.0, clock_ppm=0.0, doppler_hz=0.0,
                 rician_k_db=-math.inf, seed=1):
        gr.hier_block2.__init__(self, "securevoice_channel", gr.io_signature(1, 1, gr.sizeof_gr_complex),
                                gr.io_signature(1, 1, gr.sizeof_gr_complex))
        self._check(sample_rate > 0, "the sample rate of a channel is above 0 samples/s")
        self._check(signal_power > 0, "the signal power of a channel is above 0")
        self._check(abs(clock_ppm) <= 1000, "the clock error of a channel is within 1000 ppm")
        self._check(0 <= doppler_hz < sample_rate / 2, "the Doppler of a channel is from 0 to half the sample rate")
        self._check(0 <= seed < 2**31, "the seed of a channel is from 0 to 2^31 - 1")
        self._sample_rate = sample_rate
        self._signal_power = signal_power

        self._model = channels.channel_model(
            noise_voltage=self._noise_voltage(cn0_dbhz), frequency_offset=self._frequency(offset_hz),
            epsilon=1 + 1e-6 * clock_ppm, taps=[1.0], noise_seed=seed, block_tags=True)
        parts = [self, self._model, self]
        if doppler_hz > 0:
            direct = rician_k_db > -math.inf
            k = 10 ** (rician_k_db / 10)
            parts.insert(1, channels.fading_model(PATHS, doppler_hz / sample_rate, direct, k, seed))
        self.connect(*parts)

    def set_cn0(self, cn0_dbhz):
        """Signal power over noise density from now on, dB-Hz."""
        self._model.set_noise_voltage(self._noise_voltage(cn0_dbhz))

    def set_offset(self, offset_hz):
        """Carrier offset from now on, Hz."""
        self._model.set_frequency_offset(self._frequency(offset_hz))

    def _noise_voltage(self, cn0_dbhz):
        # GNU Radio's noise voltage is the root of the complex noise's power: density times sample rate.
        self._check(cn0_dbhz > -math.inf, "the C/N0 of a channel is a number of dB-Hz")
        return math.sqrt(self._signal_power * self._sample_rate) * 10 ** (-cn0_dbhz / 20)

    def _frequency(self, offset_hz):
        self._check(abs(offset_hz) <= self._sample_rate / 2, "the carrier offset of a channel is within half the sample rate")
        return offset_hz / self._sample_rate

    @staticmethod
    def _check(holds, sentence):
        if not holds:
            raise ValueError(sentence)
