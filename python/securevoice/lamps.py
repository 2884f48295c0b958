#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""
From status messages to what is shown, without Qt: lamps, their lines of text for terminals, and the sentences beside them. They say what
was sent or heard, never what was asked for: of the blocks' reports only `state` and, of a sender, `kind` choose a lamp; `wanted` is not
looked at. The lamp is all that a line is made of.
"""

from dataclasses import dataclass, replace

GREEN, RED, AMBER, VIOLET, BLUE, GREY = "#0b7a33", "#c00d1e", "#b35900", "#6a1b9a", "#0b4f8a", "#3d434a"


@dataclass(frozen=True)
class Lamp:
    """
    word: in capitals; shape: a name of window.lamp_shapes; meaning: one sentence; details: such as the key's name; age: of what was heard,
    in words; said: how a line of text begins, where it is not the word.
    """

    word: str
    shape: str
    colour: str
    meaning: str
    details: tuple = ()
    age: str = ""
    said: str = ""

    @property
    def detail(self):
        """The details and the age in one line."""
        return ", ".join(filter(None, (*self.details, self.age)))


SECURE = Lamp("SECURE", "lock", GREEN, "Encrypted, and verified block by block.")
CLEAR = Lamp("CLEAR", "triangle", RED, "Everybody can listen. From somebody who holds the key.", said="CLEAR, FROM THE GROUP")
CLEAR_UNKNOWN = Lamp("CLEAR", "triangle", RED, "Everybody can listen. The sender is unknown.", ("unknown sender",))
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
SILENT = Lamp("NOT SENDING", "ring", GREY, "Nothing is sent.", said="IDLE")
STARTING = Lamp("STARTING", "half", BLUE, "Push-to-talk is pressed; no block has left yet.")
FAILED = Lamp("FAILED", "cross", AMBER, "It stopped by an error.")
WIPED = Lamp("KEYS WIPED", "cross", AMBER, "Nothing secure can be sent or heard.")
UNKNOWN = Lamp("UNKNOWN STATE", "cross", AMBER, "The receiver reports what this display does not know.")
SENT_SECURE = replace(SECURE, meaning="Your voice leaves encrypted.", said="SENDING SECURE")
SENT_CLEAR = replace(CLEAR, meaning="Your voice leaves in clear: everybody can listen.", said="SENDING CLEAR")
SENT_FM = replace(FM, meaning="Your voice leaves as FM: every radio hears it.", said="SENDING ANALOG FM")

PROOF_SECONDS = 0.4 # from the first clear block of a member until his keyed octets show who he is, with room for losses
AGE_SHOWN = 10 # s, in both directions: clocks that are set by hand, and the 4 s in which starts are told, are less
SECONDS_SHOWN = 1000 # up to here ages are told in seconds

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
# Of these a holder of the key has told when they were sent.
DATED = (SECURE, CLEAR, ENDED, CUT_OFF, REPLAY, DELAYED)
REFUSED = (REPLAY, DELAYED)

# By `kind` of the newest block that was sent.
SENT = {"secure": SENT_SECURE, "clear": SENT_CLEAR, "fm": SENT_FM}

ALARM = "INTERFERENCE OR ATTACK: half of the blocks are disturbed. Stay secure; change the frequency or the place."


def duration(seconds):
    """A time for people: "31 s", "25 min", "5 h", "3 days", "56 years"."""
    if seconds < SECONDS_SHOWN:
        return f"{seconds:.0f} s"
    for unit, length, most in (("min", 60, 120), ("h", 3600, 48), ("days", 86400, 730)):
        if seconds < most * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds / (365.25 * 86400):.0f} years"


def age_text(status):
    """How old what was heard is by its sender's clock, which may be wrong, and how much later it came than that sender's calls do. Empty
    where both are usual."""
    age, later = status.get("age", 0.0), status.get("later_than_usual", 0.0)
    said = []
    if abs(age) > AGE_SHOWN:
        said.append(f"{duration(age)} old" if age > 0 else f"sender's clock {duration(-age)} ahead")
    if later > AGE_SHOWN:
        said.append(f"{duration(later)} later than usual")
    return ", ".join(said)


def heard_lamp(status, secure_call=False):
    """Lamp for a receiver's status. secure_call: a secure call was heard before, and nobody of the group announced this clear voice."""
    lamp = HEARD.get(status.get("state"), UNKNOWN)
    dated = lamp in DATED
    if lamp is CLEAR_UNKNOWN and secure_call:
        lamp = UNANNOUNCED
    details = list(lamp.details)
    if lamp is SECURE:
        details.append(("OLD key " if status.get("old_key") else "key ") + str(status.get("key_name", "")))
    if status.get("recording") and lamp is not NO_SIGNAL:
        details.append("recording")
    return replace(lamp, details=tuple(details), age=age_text(status) if dated else "")


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
        return replace(lamp, details=("key " + status["key_name"],)) if lamp is SENT_SECURE and status.get("key_name") else lamp
    return WIPED if status.get("state") == "zeroized" else SILENT


def line(lamp):
    """A lamp as text, such as "SECURE, friends, 31 s old": all that it shows, and nothing else."""
    return ", ".join(filter(None, (lamp.said or lamp.word, lamp.detail.removeprefix("key "))))


def sentences(lamp, status):
    """
    What the user should know beside a lamp, the most pressing first: of the signal, an error, why a call is refused, the clocks, the memory
    of replays. status: of a receiver or sender.
    """
    said = [ALARM] if status.get("interference") else []
    if status.get("error"):
        said.append(str(status["error"]))
    if lamp.word in (refused.word for refused in REFUSED):
        said.append("Not played: " + str(status.get("reason") or "the receiver gives no reason"))
    return said + [str(status[name]) for name in ("clock_problem", "memory_problem") if status.get(name)]
