#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The window's lamps: those of what is sent and heard (gnuradio.securevoice.lamps), of its radio and of its key."""

from ..lamps import AMBER, GREY, NO_SIGNAL, SILENT, STARTING, Lamp

DEAF = Lamp("NOT LISTENING", "ring", GREY, "The radio sends or is being switched: nothing can be heard.")
NO_RADIO = Lamp("NO RADIO", "unplugged", AMBER, "Nothing is sent or heard. The sentence below says why.")

SEALED = Lamp("KEY SEALED", "dots", AMBER, "Nothing is sent or heard before its passphrase is typed.")

# By what a radio does (radio.half_duplex.State), for what is sent and heard; None: the blocks' reports say.
RADIO = {
    "receiving": (SILENT, NO_SIGNAL),
    "switching to transmit": (STARTING, DEAF),
    "transmitting": (None, DEAF),
    "draining": (None, DEAF),
    "switching to receive": (SILENT, DEAF),
    "device lost": (NO_RADIO, NO_RADIO),
}
