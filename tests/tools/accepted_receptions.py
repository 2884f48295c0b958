# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Receptions of calls as they were sent, or harmed by chance only (docs/protocol.md, 6.6 to 6.8)."""

import hashlib

import air_crypto as air
import air_transmitter as tx
import numpy as np
from reception import Reception

GROUP, UNKNOWN = "clear, from the group", "clear, unknown sender"


def switched(call):
    """Secure, announced clear, secure."""
    r = Reception(f"{call['label']}: heard whole", call)
    spoken = [block["kind"] for block in call["blocks"]]
    last_clear = max(n for n, kind in enumerate(spoken) if kind == "clear")
    r.start()
    r.blocks(0, 3, "secure")
    r.block(3, "secure") # one check is not enough
    r.block(4, UNKNOWN, plays=-1)
    r.blocks(5, last_clear + 1, GROUP) # three keyed octets are
    n = last_clear + 1
    if n - 3 >= 4: # so many slots without a tag: relock
        r.block(n, GROUP)
        r.block(n + 1, "secure", plays=-1)
    else:
        r.blocks(n, n + 2, "secure")
    r.block(n + 2, "ended", plays=0)
    r.blocks(n + 3, n + 5, plays=None)
    r.lost("ended")
    return r.done()


def stranger(call, key):
    r = Reception(f"{call['label']}: heard {'with another key' if key else 'without a key'}", call, key=key)
    r.start()
    r.blocks(0, 4, plays=None)
    r.block(4, UNKNOWN, plays=-1)
    r.blocks(5, 8)
    r.blocks(8, 13, plays=None) # secure, END too
    r.lost("cut off")
    return r.done()


def secure_only(call):
    r = Reception(f"{call['label']}: heard by a station that wants no clear voice", call, secure_only=True)
    r.start()
    r.blocks(0, 3, "secure")
    r.blocks(3, 9, plays=None)
    r.block(9, plays=-1)
    r.block(10, "ended", plays=0)
    r.lost("ended")
    return r.done()


def without_a_word(call):
    r = Reception("clear that no secure block announced waits for three keyed octets", call)
    r.start()
    r.blocks(0, 3, "secure")
    r.block(3)
    r.block(4, UNKNOWN)
    r.block(5, GROUP, plays=-2)
    r.block(6, plays=0)
    r.block(7)
    r.block(8, "ended", plays=-1)
    r.blocks(9, 11, plays=None)
    r.lost("ended")
    return r.done()


def twice_clear(call):
    r = Reception("keyed octets from before a secure block count no more", call)
    r.start()
    r.blocks(0, 3, "secure")
    for first in (3, 7):
        r.block(first)
        r.block(first + 1, UNKNOWN)
        r.block(first + 2, GROUP, plays=-2)
        r.block(first + 3, "secure" if first == 3 else "ended", plays=0)
    r.lost("ended")
    return r.done()


def in_clear(call, key, state, label):
    r = Reception(f"{call['label']}: {label}", call, key=key)
    r.start()
    r.block(0)
    r.block(1, UNKNOWN, plays=-1)
    r.blocks(2, 5, state)
    r.block(5, "ended", plays=0)
    r.blocks(6, 8, plays=None)
    r.lost("ended")
    return r.done()


def entered_late(call):
    """Six blocks give the header; their tags unlock, the newest is played."""
    r = Reception(f"{call['label']}: entered late", call)
    r.blocks(0, 5, "pending", plays=None)
    r.blocks(5, 7, "secure")
    r.block(7, "ended", plays=0)
    r.blocks(8, 10, plays=None)
    r.lost("ended")
    return r.done()


def last_block_lost(call):
    r = Reception("the last voice block is lost: END comes with the next one", call)
    r.start()
    r.blocks(0, 15, "secure")
    r.block(16, "ended")
    r.block(17)
    r.lost("ended")
    return r.done()


def reserved_bits(call, sender):
    r = Reception("a receiver ignores the signalling bits that mean nothing yet", call)
    r.start()
    r.blocks(0, 3, "secure")
    voice = call["blocks"][3]["voice"]
    r.altered(3, sender.secure(3, b"\x3f" + bytes.fromhex(voice)), plays=0, kind="secure", voice=voice)
    r.blocks(4, 6)
    r.lost("cut off")
    return r.done()


def with_errors(bits, label, count):
    """Code bits of which some are inverted."""
    flat = tx.bits_of(bytes.fromhex(bits))
    seed = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")
    flat[np.random.Generator(np.random.PCG64(seed)).choice(len(flat), count, replace=False)] ^= 1
    return tx.hex_of(flat)


def channel_errors(call):
    r = Reception("20 code bits of each frame are wrong", call)
    r.start(bits=with_errors(call["start_bits"], "start", 20))
    for n, block in enumerate(call["blocks"]):
        r.altered(block["number"], None, "secure" if n < 15 else "ended", 0 if n < 16 else None,
                  with_errors(block["bits"], f"block {n}", 20), kind=block["kind"], voice=block["voice"])
    r.lost("ended")
    return r.done()


def noise(r, call, number, state=None):
    """A code word that nobody sent."""
    octets = hashlib.shake_256(f"noise {call['label']} {number}".encode()).digest(4 + 1 + air.VOICE_BITS[call["codec"]] // 8 + 4)
    r.altered(number, (octets[:4], octets[4:-4], octets[-4:]), state)


def fade(call):
    r = Reception("after five slots without a tag the next block waits for a second one", call)
    r.start()
    r.blocks(0, 5, "secure")
    for number in range(5, 10):
        noise(r, call, number)
    r.block(10)
    r.block(11, plays=-1)
    r.blocks(12, 15)
    r.block(15, "ended", plays=0)
    r.lost("ended")
    return r.done()


def held_in_a_fade(call, sender):
    """Whoever knows the header can make clear blocks, and takes no block from the call by that."""
    def forged(n):
        return sender.clear(n, bytes(1 + air.VOICE_BITS[sender.codec] // 8), keyed=b"\x5a")

    r = Reception("a block that waits for a second one is not given up for clear voice of anybody", call)
    r.start()
    r.blocks(0, 5, "secure")
    for number in range(5, 10):
        noise(r, call, number)
    r.block(10)
    r.altered(11, forged(11))
    r.altered(12, forged(12), UNKNOWN) # two checks are said, and not heard
    r.block(13, "secure", plays=[-3, 0])
    r.block(14, plays=0)
    r.block(15, "ended", plays=0)
    r.lost("ended")
    return r.done()


def found_anew(call):
    r = Reception("the signal is lost and found anew: its header is known, and one block's tag and the next one's are enough", call)
    r.start()
    r.blocks(0, 5, "secure")
    r.lost("cut off")
    r.block(7, "pending")
    r.block(8, "secure", plays=-1)
    r.blocks(9, 15)
    r.block(15, "ended", plays=0)
    r.lost("ended")
    return r.done()


def first_words(call, key, state):
    """Its start frame could not be read."""
    r = Reception(f"{call['label']}: its header comes in pieces, heard {'with its' if key else 'without a'} key", call, key=key)
    r.start(state="idle", bits=tx.hex_of(np.random.Generator(np.random.PCG64(12)).integers(0, 2, 512, dtype=np.uint8)))
    r.blocks(0, 5, "pending", plays=None)
    r.block(5, state, plays=-5)
    r.lost(state)
    return r.done()


def cut_off(call):
    r = Reception("cut off with the 13th slot in which nothing is played; END still ends the call", call)
    r.start()
    r.blocks(0, 2, "secure")
    for number in range(2, 14):
        noise(r, call, number)
    noise(r, call, 14, "cut off")
    r.block(15)
    r.block(16, "ended", plays=[-1])
    r.lost("ended")
    return r.done()


def make(transmissions):
    calls = {label: vector for label, (vector, _) in transmissions.items()}
    plain, sender = transmissions["plain"]
    rates = [calls[f"switched, {rate}"] for rate in tx.CODECS]
    return [
        *map(switched, rates),
        stranger(rates[0], None),
        stranger(rates[6], "theirs"),
        secure_only(rates[2]),
        without_a_word(calls["switched without a word"]),
        twice_clear(calls["twice in clear"]),
        in_clear(calls["the group in clear"], "ours", GROUP, "heard with its key"),
        in_clear(calls["the group in clear"], None, UNKNOWN, "heard without a key"),
        in_clear(calls["without a key"], "ours", UNKNOWN, "heard with a key"),
        in_clear(calls["without a key"], None, UNKNOWN, "heard without a key"),
        entered_late(calls["far on"]),
        entered_late(calls["the last numbers"]),
        last_block_lost(plain),
        reserved_bits(plain, sender),
        channel_errors(plain),
        fade(plain),
        held_in_a_fade(plain, sender),
        found_anew(plain),
        first_words(calls["the group in clear"], "ours", "ended"),
        first_words(calls["without a key"], None, "ended"),
        cut_off(plain),
    ]
