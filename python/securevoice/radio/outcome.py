#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""How a reception ended: the sentence and the exit code, as `rx` has them (apps/command_rx.cc, docs/iq-files.md)."""

HEARD, NOTHING_HEARD, BLOCKS_REFUSED = 0, 3, 4 # as in apps/commands.h

WHY = {
    "idle": "no signal of this system was found (right --freq, right --ppm, enough --gain?)",
    "encrypted, no key": "encrypted, no key: none of the keys given is the caller's",
    "unreadable": "a signal of this system is there, but too weak or damaged to be read",
    "fm, unannounced": "analog FM that no secure call announced; --unannounced-fm plays it",
    "fm": "analog FM beside a call that had not ended",
}
UNVERIFIED = "something like a signal was found, but nothing in it could be verified"
WITHOUT_KEY = "encrypted, no key: --no-key hears clear calls only; name the caller's key with --key"


def _why_nothing(status, no_key, hiding):
    state = status.get("state", "idle")
    if state in ("replay refused", "delayed"):
        return f"{state}: {status.get('reason', '')}"
    if state == "encrypted, no key":
        return WITHOUT_KEY if no_key else WHY[state]
    if "--secure-only" in hiding and status.get("fm_refused"):
        return "analog FM, which --secure-only leaves out"
    why = WHY.get(state, UNVERIFIED)
    names = hiding + ["--no-key"] * no_key
    return why + (f"; what {' and '.join(names)} may have left out is not counted" if names else "")


def outcome(status, no_key=False, hiding=()):
    """
    (exit code, sentence or empty) of the newest status of a receiver, {} if there was none. no_key: it was to hear clear calls only;
    hiding: other options that leave something out, as they were given.
    """
    refused = status.get("refused", 0)
    if not status.get("heard") and not status.get("fm_heard"):
        return NOTHING_HEARD, f"nothing heard: {_why_nothing(status, no_key, list(hiding))}" + (f" ({refused} blocks were refused)" if refused else "")
    if not refused or no_key: # without a key, what is secure is not asked for
        return HEARD, ""
    said = f"warning: {refused} blocks were refused"
    if status.get("replayed"):
        said += f", {status['replayed']} of them replayed or delayed"
    if status.get("reason"):
        said += f" ({status['state']}: {status['reason']})"
    elif status.get("interference"):
        said += " (interference or an attack)"
    return BLOCKS_REFUSED, said + (f", {status['heard']} were played" if status.get("heard") else "")
