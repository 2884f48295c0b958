#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
From status messages to lamps, without Qt. A lamp says what was sent or heard, never what was asked for: only `kind` and
`state` of the blocks' reports are looked at, `wanted` is not.
"""

from dataclasses import dataclass, replace

GREEN, RED, AMBER, VIOLET, BLUE, GREY = "#0b7a33", "#c00d1e", "#b35900", "#6a1b9a", "#0b4f8a", "#3d434a"


@dataclass(frozen=True)
class Lamp:
    """word: in capitals; shape: a name of lamp_shapes; meaning: one sentence; detail: such as the key's name."""

    word: str
    shape: str
    colour: str
    meaning: str
    detail: str = ""


SECURE = Lamp("SECURE", "lock", GREEN, "Encrypted, and verified block by block.")
CLEAR = Lamp("CLEAR", "triangle", RED, "Everybody can listen. From somebody who holds the key.")
CLEAR_UNKNOWN = Lamp("CLEAR", "triangle", RED, "Everybody can listen. The sender is unknown.", "unknown sender")
UNANNOUNCED = Lamp("UNANNOUNCED CLEAR", "octagon", RED, "Clear voice of an unknown sender inside a secure call.")
FM = Lamp("ANALOG FM", "wave", AMBER, "Every radio hears it, and anybody can make it.")
UNANNOUNCED_FM = Lamp("UNANNOUNCED FM", "hexagon", AMBER, "FM over a secure call, or soon after one, which the call did not announce. It is muted.")
NO_KEY = Lamp("ENCRYPTED, NO KEY", "key", AMBER, "A call that none of your keys opens.")
REPLAY = Lamp("REPLAY REFUSED", "loop", VIOLET, "Heard or sent before: somebody plays a recording. It is not played.")
DELAYED = Lamp("DELAYED, REFUSED", "clock", VIOLET, "A call of another time: it is not played. Check the clocks.")
UNREADABLE = Lamp("UNREADABLE", "square", AMBER, "A signal whose header cannot be read.")
PENDING = Lamp("SIGNAL", "half", BLUE, "A signal; nothing is verified yet.")
ENDED = Lamp("ENDED", "bar", GREY, "The call was ended by its sender.")
CUT_OFF = Lamp("CUT OFF", "broken", AMBER, "The call stopped without its end: it may go on unheard.")
NO_SIGNAL = Lamp("NO SIGNAL", "ring", GREY, "Nothing is heard.")
DEAF = Lamp("NOT LISTENING", "ring", GREY, "The radio sends or is being switched: nothing can be heard.")
NO_RADIO = Lamp("NO RADIO", "unplugged", AMBER, "Nothing is sent or heard. The sentence below says why.")
SILENT = Lamp("NOT SENDING", "ring", GREY, "Nothing is sent.")
STARTING = Lamp("STARTING", "half", BLUE, "Push-to-talk is pressed; no block has left yet.")
FAILED = Lamp("FAILED", "cross", AMBER, "It stopped by an error.")
WIPED = Lamp("KEYS WIPED", "cross", AMBER, "Nothing secure can be sent or heard.")
UNKNOWN = Lamp("UNKNOWN STATE", "cross", AMBER, "The receiver reports what this window does not know.")
SENT_SECURE = replace(SECURE, meaning="Your voice leaves encrypted.")
SENT_CLEAR = replace(CLEAR, meaning="Your voice leaves in clear: everybody can listen.")
SENT_FM = replace(FM, meaning="Your voice leaves as FM: every radio hears it.")

PROOF_SECONDS = 0.4 # from the first clear block of a member until his keyed octets show who he is, with room for losses

# By `state` of the receiver (protocol.md, 6.8).
HEARD = {
    "idle": NO_SIGNAL,
    "pending": PENDING,
    "secure": SECURE,
    "clear, from the group": CLEAR,
    "clear, unknown sender": CLEAR_UNKNOWN,
    "ended": ENDED,
    "cut off": CUT_OFF,
    "encrypted, no key": NO_KEY,
    "unreadable": UNREADABLE,
    "replay refused": REPLAY,
    "delayed": DELAYED,
    "fm": FM,
    "fm, unannounced": UNANNOUNCED_FM,
    "failed": FAILED,
}

# By `kind` of the newest block that was sent.
SENT = {"secure": SENT_SECURE, "clear": SENT_CLEAR, "fm": SENT_FM}

# By what a radio does (radio.half_duplex.State), for what is sent and heard; None: the blocks' reports say.
RADIO = {
    "receiving": (SILENT, NO_SIGNAL),
    "switching to transmit": (STARTING, DEAF),
    "transmitting": (None, DEAF),
    "draining": (None, DEAF),
    "switching to receive": (SILENT, DEAF),
    "device lost": (NO_RADIO, NO_RADIO),
}


def heard_lamp(status, secure_call=False):
    """Lamp for a receiver's status. secure_call: a secure call was heard before, and nobody of the group announced this clear voice."""
    lamp = HEARD.get(status.get("state"), UNKNOWN)
    if lamp is CLEAR_UNKNOWN and secure_call:
        lamp = UNANNOUNCED
    details = [lamp.detail] if lamp.detail else []
    if lamp is SECURE:
        details.append(("OLD key " if status.get("old_key") else "key ") + status.get("key_name", ""))
    if status.get("recording") and lamp is not NO_SIGNAL:
        details.append("recording")
    if "age" in status:
        details.append(f"{status['age']:.0f} s old")
    return replace(lamp, detail=", ".join(details))


class HeardLamps:
    """heard_lamp() for statuses in turn."""

    def __init__(self):
        self._secure_call = False
        self._unknown_since = None # receiver's time

    def take(self, status):
        state = status.get("state")
        if state != "clear, unknown sender":
            self._unknown_since = None
            self._secure_call = state == "secure"
            return heard_lamp(status)
        now = status.get("time", 0.0)
        if self._unknown_since is None:
            self._unknown_since = now
        return heard_lamp(status, self._secure_call and now - self._unknown_since >= PROOF_SECONDS)


def sent_lamp(status):
    """Lamp for a sender's status."""
    if status.get("state") == "failed":
        return FAILED
    if status.get("sending"):
        lamp = SENT.get(status.get("kind"), STARTING)
        return replace(lamp, detail="key " + status["key_name"]) if lamp is SENT_SECURE and status.get("key_name") else lamp
    return WIPED if status.get("state") == "zeroized" else SILENT
