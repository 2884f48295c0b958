#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""What a station is made from."""

from dataclasses import dataclass

FOUND_BY_THEMSELVES = ("narrow", "robust", "constant") # profiles; a receiver must be told of others


@dataclass
class Settings:
    """
    key: name of the key to send and hear with, "": none. other_key: in a simulation without a link, the key of the other station. state,
    other_state: folders of their replay memories. speech, output: WAV files instead of sound devices; audio: sound device, "none" for none.
    link: TCP port on 127.0.0.1 of a second window. sidetone: whether the sender hears a tone while he sends in clear or FM. ptt_timeout:
    longest call, s, or "off". device, tx_device: radios; with them frequency, gain, tx_gain, ppm and rate as in gnuradio.securevoice.radio.
    """

    key: str = ""
    other_key: str = ""
    keyring: str = ""
    state: str = ""
    other_state: str = ""
    codec: str = "3200"
    profile: str = "narrow"
    allow_clear: bool = False
    allow_fm: bool = False
    secure_only: bool = False
    simulate: bool = False
    link: int = 0
    cn0: float = 58.0
    offset: float = 300.0
    speech: str = ""
    output: str = ""
    audio: str = ""
    sidetone: bool = True
    ptt_timeout: str = "300"
    device: str = ""
    tx_device: str = ""
    frequency: float = 0.0
    rate: float = None
    gain: str = None
    tx_gain: str = None
    ppm: float = 0.0

    @property
    def told_profile(self):
        """What a receiver is told to listen for; "": whichever it finds."""
        return "" if self.profile in FOUND_BY_THEMSELVES else self.profile
