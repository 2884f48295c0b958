# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Receptions of what must not be played (docs/protocol.md, 6.6 to 6.8), with the reason in the label."""

import air_crypto as air
import air_transmitter as tx
import numpy as np
from reception import Reception, flip, with_check

GROUP, UNKNOWN = "clear, from the group", "clear, unknown sender"
NO_KEY, REPLAY = "encrypted, no key", "replay refused"


def fields(block):
    return tuple(bytes.fromhex(block[name]) for name in ("piece", "body", "tag"))


def text_of(block):
    return bytes([block["signalling"]]) + bytes.fromhex(block["voice"])


# --- Headers ---


def other_key(call, key):
    r = Reception(f"{'a wrong key' if key else 'no key'}: nothing is played", call, key=key)
    r.start()
    r.blocks(0, 7, plays=None)
    r.blocks(7, 16, NO_KEY, plays=None)
    r.lost(NO_KEY)
    return r.done()


def start_only(call, what, header, unlike):
    """The true header comes from the first six blocks whose pieces are not the altered header's too; what is in them is
    played late. unlike: their indices."""
    r = Reception(f"{what} altered in the start frame alone: the pieces give the header", call)
    r.start(header, "pending" if header == with_check(header) else "idle")
    last = unlike[-1]
    r.blocks(0, last, "pending", plays=None)
    r.block(last, "secure", plays=[n - last for n in unlike])
    r.blocks(last + 1, 15)
    r.block(15, "ended", plays=0)
    r.lost("ended")
    return r.done()


def everywhere(call, what, header, cut=None):
    """In the start frame and in all pieces. cut: octets of the body that another codec has."""
    r = Reception(f"{what} altered in the start frame and in all pieces: no block of it opens", call)
    r.signal(header[12] >> 4)
    r.start(header)
    for n, block in enumerate(call["blocks"][:12]):
        _, body, tag = fields(block)
        r.altered(n, (air.piece(header, n), body[:cut], tag), NO_KEY if n >= 7 else None)
    r.lost(NO_KEY)
    return r.done()


def unreadable(call, what, header):
    r = Reception(f"{what}: no header is found", call)
    r.start(header, "idle")
    for n, block in enumerate(call["blocks"][:14]):
        _, body, tag = fields(block)
        r.altered(n, (air.piece(header, n), body, tag), "unreadable" if n >= 11 else "pending")
    r.lost("unreadable")
    return r.done()


def headers(call, sender):
    header = sender.header
    tag = with_check(flip(header, 8 * 16 + 5))
    time = with_check(flip(header, 8 * 13 + 3))
    profile = with_check(flip(header, 8 * 12))
    codec = with_check(flip(header, 8 * 12 + 3)) # 1300 becomes 1200
    version = tx.Sender(sender.key, sender.codec, sender.profile, sender.unix_time, sender.salt, version=2).header
    return [
        start_only(call, "htag", tag, [4, 5, 6, 7, 8, 9]), # words 8, 9 and 10
        start_only(call, "the codec", codec, [3, 5, 6, 7, 8, 9]), # words 6 and 10
        start_only(call, "hcheck", flip(header, 8 * 20), [0, 1, 2, 3, 4, 5]), # no header at all
        everywhere(call, "htag", tag),
        everywhere(call, "the masked time", time),
        everywhere(call, "the salt", with_check(flip(header, 7))),
        everywhere(call, "the profile", profile),
        everywhere(call, "the codec", codec, cut=air.text_octets(5)),
        unreadable(call, "hcheck altered", flip(header, 8 * 20)),
    ] + [
        unreadable(*of_version_2(call, sender), version),
        everywhere(of_version_2(call, sender)[0], "the version (2, with a check as of version 1): the keyed tag, not the "
                   "check,", with_check(version)),
    ]


def of_version_2(call, sender):
    """The call as a sender of version 2 would make it."""
    later = tx.Sender(sender.key, sender.codec, sender.profile, sender.unix_time, sender.salt, version=2)
    blocks = []
    for block in call["blocks"]:
        piece, body, tag = later.secure(block["number"], text_of(block))
        blocks.append({**block, "piece": piece.hex(), "body": body.hex(), "tag": tag.hex()})
    return {**call, "blocks": blocks}, "version 2"


# --- Blocks ---


def every_second(call, label, alter, states=("secure", "ended")):
    """Even blocks are altered and not played, odd ones are as they were sent."""
    r = Reception(label, call)
    r.start()
    for n in range(16):
        if n % 2:
            r.block(n, states[n == 15], plays=0)
        else:
            r.altered(n, alter(n, call["blocks"][n]))
    r.lost(states[1])
    return r.done()


def far_bits(codec, first, count):
    """Which of these bits of body | tag change 96 code bits or more: no decoder takes that for noise and mends it."""
    code = tx.BITMAPS[tx.CODECS[codec]]
    places = np.flatnonzero(code["info"] - code["piece"])[first:first + count]
    sent = tx.polar.generator_matrix(len(code["info"]))[:, tx.PUNCTURED:]
    return [n for n, place in enumerate(places) if sent[place].sum() >= 96]


def flipped(call, sender):
    voice = air.VOICE_BITS[sender.codec]

    def one_bit(field, first, count, offset=0):
        places = far_bits(sender.codec, first, count)
        def alter(n, block):
            parts = list(fields(block))
            parts[field] = flip(parts[field], offset + places[n // 2 * 5 % len(places)])
            return parts
        return alter

    def other_piece(n, block):
        return sender.secure(n, text_of(block), flip(bytes.fromhex(block["piece"]), 7 * n % 32))

    return [
        every_second(call, "one bit of the tag altered", one_bit(2, 8 + voice, 32)),
        every_second(call, "one bit of the voice altered", one_bit(1, 8, voice, 8)),
        every_second(call, "one bit of the signalling altered", one_bit(1, 0, 8)),
        every_second(call, "one bit of the piece altered, with a tag of the altered one", other_piece),
    ]


def wrong_domains(call, sender):
    def message(kind, n, piece, body):
        return bytes([kind]) + n.to_bytes(4, "little") + piece + body

    def secure_as_clear(n, block):
        piece, body, _ = fields(block)
        check = air.clear_check(sender.k_check, n, piece, body)
        return piece, body, check + air.H(b"block-tag", sender.k_mac, 32, message(air.SECURE, n, piece, body))[:1]

    def kind_octet(n, block):
        piece, body, _ = fields(block)
        return piece, body, air.H(b"block-tag", sender.k_mac, 32, message(air.CLEAR, n, piece, body))[:4]

    def domain(n, block):
        piece, body, _ = fields(block)
        return piece, body, air.H(b"clear-keyed", sender.k_mac, 32, message(air.SECURE, n, piece, body))[:4]

    def key_of_cipher(n, block):
        piece, body, _ = fields(block)
        return piece, body, air.H(b"block-tag", sender.k_enc, 32, message(air.SECURE, n, piece, body))[:4]

    def clear_as_secure(n, block):
        piece, body, tag = sender.clear(n, text_of(block))
        check = air.H(b"clear-check", sender.k_check, 32, message(air.SECURE, n, piece, body))[:3]
        return piece, body, check + tag[3:]

    return [
        every_second(call, "secure body under a clear check", secure_as_clear),
        every_second(call, "secure block with the tag of the kind clear", kind_octet),
        every_second(call, "secure block with a tag of the domain clear-keyed", domain),
        every_second(call, "secure block with a tag under the cipher's key", key_of_cipher),
        every_second(call, "clear block with a check of the kind secure", clear_as_secure),
    ]


def moved(call, other):
    header = bytes.fromhex(call["header"])
    r = Reception("blocks moved to other numbers, as they are and with the piece that belongs there; a number twice", call)
    r.start()
    r.blocks(0, 4, "secure")
    r.altered(4, None, bits=call["blocks"][3]["bits"])
    r.blocks(5, 8)
    r.altered(8, (air.piece(header, 8), *fields(call["blocks"][7])[1:]))
    r.block(9, plays=0)
    r.altered(10, (air.piece(header, 10), *fields(call["blocks"][12])[1:]))
    r.block(11, plays=0)
    r.block(11)
    r.block(9)
    r.blocks(12, 15)
    r.block(15, "ended", plays=0)
    r.lost("ended")
    spliced = Reception("blocks of another transmission under the same key, as they are and with this one's pieces", call)
    spliced.start()
    spliced.blocks(0, 4, "secure")
    spliced.altered(4, None, bits=other["blocks"][4]["bits"])
    spliced.blocks(5, 9)
    spliced.altered(9, (air.piece(header, 9), *fields(other["blocks"][9])[1:]))
    spliced.blocks(10, 15)
    spliced.block(15, "ended", plays=0)
    spliced.lost("ended")
    return [r.done(), spliced.done()]


def bad_clear(call):
    """Of the group's call in clear."""
    places = far_bits(call["codec"], 8 + air.VOICE_BITS[call["codec"]], 24)

    def check(n, block):
        piece, body, tag = fields(block)
        return piece, body, flip(tag, places[n % len(places)])

    def keyed(block):
        piece, body, tag = fields(block)
        return piece, body, tag[:3] + bytes([tag[3] ^ 0x55])

    r = Reception("every second clear check wrong: those blocks are not played", call)
    r.start()
    r.altered(0, check(0, call["blocks"][0]))
    r.block(1)
    r.altered(2, check(2, call["blocks"][2]))
    r.block(3, UNKNOWN, plays=[-2, 0])
    r.altered(4, check(4, call["blocks"][4]))
    r.block(5, "ended", plays=0)
    r.lost("ended")
    k = Reception("the keyed octet wrong in all clear blocks: never from the group", call)
    k.start()
    for n, block in enumerate(call["blocks"][:6]):
        state = ("ended" if n == 5 else UNKNOWN) if n else None
        k.altered(n, keyed(block), state, {0: None, 1: -1}.get(n, 0), kind="clear", voice=block["voice"])
    k.lost("ended")
    return [r.done(), k.done()]


def forged_end(call, sender):
    """By anybody: clear blocks need no key."""
    def end(n):
        return sender.clear(n, bytes([tx.END]) + bytes(air.VOICE_BITS[sender.codec] // 8), keyed=b"\x5a")

    r = Reception("END forged in clear blocks in the middle of a secure call: nothing ends", call)
    r.start()
    r.blocks(0, 6, "secure")
    r.altered(6, end(6))
    r.blocks(7, 10)
    r.altered(10, end(10))
    r.altered(11, end(11), UNKNOWN) # two checks are said, and not heard
    r.blocks(12, 15, "secure")
    r.block(15, "ended", plays=0)
    r.lost("ended")
    return r.done()


def no_such_number(call, sender):
    text = b"\0" + b"\x77" * (air.VOICE_BITS[sender.codec] // 8)
    r = Reception("number 65535, with a good tag and with a good clear check", call)
    r.blocks(0, 5, "pending", plays=None)
    r.blocks(5, 7, "secure")
    r.altered(65535, sender.secure(65535, text))
    r.altered(65535, sender.clear(65535, text))
    r.altered(65535, sender.clear(65535, text))
    r.lost("cut off")
    return r.done()


# --- Replays ---


def hear_all(r):
    r.start()
    r.blocks(0, 15, "secure")
    r.block(15, "ended", plays=0)
    r.blocks(16, 18, plays=None)
    r.lost("ended")


def replayed(call):
    closed = Reception("the whole call again", call)
    hear_all(closed)
    closed.pause(5)
    closed.start()
    closed.blocks(0, 18, REPLAY, plays=None)
    closed.lost(REPLAY)

    restarted = Reception("the whole call again, by a receiver that was started again in between", call)
    hear_all(restarted)
    restarted.restart()
    restarted.start()
    restarted.blocks(0, 18, REPLAY, plays=None)
    restarted.lost(REPLAY)

    cut = Reception("a call without END again, and more of it: what was heard is a replay, what was not comes too late", call)
    cut.start()
    cut.blocks(0, 10, "secure")
    cut.lost("cut off")
    cut.pause(2)
    cut.start()
    cut.blocks(0, 10, REPLAY, plays=None)
    cut.blocks(10, 18, "delayed", plays=None)
    cut.lost("delayed")

    ahead = Reception("a call without END again, after a restart: the memory is ahead of what was heard", call)
    ahead.start()
    ahead.blocks(0, 10, "secure")
    ahead.restart()
    ahead.start()
    ahead.blocks(0, 18, REPLAY, plays=None)
    ahead.lost(REPLAY)
    return [closed.done("closed"), restarted.done("closed"), cut.done("late"), ahead.done("heard before")]


def clear_replayed(call):
    def twice(label):
        r = Reception(label, call)
        r.start()
        r.block(0)
        r.block(1, UNKNOWN, plays=-1)
        r.blocks(2, 5, GROUP)
        r.block(5, "ended", plays=0)
        r.lost("ended")
        r.pause(5)
        r.start()
        r.block(0, REPLAY)
        return r

    whole = twice("the group's call in clear again: clear voice, but nobody's")
    whole.block(1, UNKNOWN, plays=-1)
    whole.blocks(2, 5)
    whole.block(5, "ended", plays=0)
    whole.lost("ended")
    one = twice("one block of it again: it was heard before, for END in clear closes no salt")
    one.lost(REPLAY)
    return [whole.done(), one.done("heard before")]


def delayed_tail(call):
    r = Reception("the second half of a call, 30 s late", call)
    r.start()
    r.blocks(0, 8, "secure")
    r.lost("cut off")
    r.pause(30)
    r.blocks(8, 18, "delayed", plays=None) # its header is known
    r.lost("delayed")
    return r.done("late")


def host_asleep(call):
    r = Reception("the receiver's host sleeps for 10 s within a call: what comes then was sent long ago", call)
    r.start()
    r.blocks(0, 2, "secure")
    r.sleep(10)
    r.blocks(2, 14, plays=None)
    r.block(14, "cut off")
    r.blocks(15, 18, "delayed", plays=None)
    r.lost("delayed")
    return r.done("late")


def one_tag_only(call):
    places = far_bits(call["codec"], 8 + air.VOICE_BITS[call["codec"]], 32)
    r = Reception("entered late with six good pieces and one good tag: it waits for a second one", call)
    for n in range(5):
        piece, body, tag = fields(call["blocks"][n])
        r.altered(n, (piece, body, flip(tag, places[n])), "pending")
    r.block(5)
    r.block(6, "secure", plays=-1)
    r.blocks(7, 9)
    r.lost("cut off")
    return r.done()


def clear_beside(call, sender):
    """By anybody, on a signal of its own."""
    r = Reception("clear voice of anybody under the header of the secure call that is heard, by another signal", call)
    r.start()
    r.beside()
    for n in range(15):
        r.block(n, "secure", plays=0)
        r.beside(sender.clear(n, b"\0" + b"\x66" * (air.VOICE_BITS[sender.codec] // 8), keyed=b"\x5a"), n)
    return r.done()


def at_another_time(call, label, state, reason, **receiver):
    r = Reception(label, call, **receiver)
    r.start()
    r.blocks(0, 18, state, plays=None)
    r.lost(state)
    return r.done(reason)


def make(transmissions):
    plain, sender = transmissions["plain"]
    group, _ = transmissions["the group in clear"]
    return [
        other_key(plain, "theirs"),
        other_key(plain, None),
        *headers(plain, sender),
        *flipped(plain, sender),
        *wrong_domains(plain, sender),
        *moved(plain, transmissions["other"][0]),
        *bad_clear(group),
        forged_end(plain, sender),
        no_such_number(*transmissions["the last numbers"]),
        *replayed(plain),
        *clear_replayed(group),
        delayed_tail(plain),
        host_asleep(plain),
        one_tag_only(plain),
        clear_beside(plain, sender),
        at_another_time(plain, "a reflection: this station sent the call itself", REPLAY, "own", own=[plain]),
        at_another_time(plain, "the call began before the memory did", REPLAY, "before the memory", off=30, since=10),
        at_another_time(plain, "sent 400 s ago", "delayed", "too old", off=400),
        at_another_time(plain, "from a clock that is 400 s ahead", REPLAY, "from the future", off=-400),
    ]
