# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""21, in GNU Radio: what a transmitter needs is missing or fails, before or in a call. The flowgraph does not start or no
sample leaves it from then on; the reason is said; nothing is sent in clear.
"""

import pytest
from station import ABORTED, RATE, kinds

RATES = 7 # Codec2 is made for each rate, to see whether the library has it; then for the transmitter, the call, the switch
# FAULTS is read at each call, so a fault can begin at any time.
TRANSMIT = f"""
import os
def transmit(key, **options):
    top = gr.top_block()
    tx = securevoice.securevoice_tx(key, sample_rate={RATE}, **options)
    speech, air, sent = blocks.wavfile_source("speech.wav"), blocks.file_sink(gr.sizeof_gr_complex, "sent.cf32"), statuses()
    top.connect(speech, tx, air)
    top.msg_connect(tx, "status", sent, "in")
    os.environ["FAULTS"] = sys.argv[1] # from here on
    top.run()
    return sent.all
"""
KINDS = [dict(), dict(kind="clear", allow_clear=True), dict(allow_clear=True)]


@pytest.mark.parametrize("options", KINDS, ids=str)
def test_a_key_that_cannot_be_used_is_an_error_of_the_constructor(station, options):
    def refused(words):
        got, _ = station.python(TRANSMIT + f"""
try:
    transmit("ours", **{options})
except RuntimeError as error:
    result = str(error)
""", "none")
        assert words in got and "\n" not in got
        assert not station.path("sent.cf32").exists()
    path, real = station.path("keys/ours.key"), station.path("keys/real.key")
    path.chmod(0o644)
    refused("chmod 600")
    path.chmod(0o600)
    path.rename(real)
    refused("no key 'ours'")
    path.symlink_to("real.key")
    refused("symbolic link")
    path.unlink()
    path.touch(mode=0o600)
    path.write_text(f"gr-securevoice key 1\nkey: {'0' * 64}\n")
    refused("zeros")


@pytest.mark.parametrize("key, options", [("ours", KINDS[0]), ("ours", KINDS[1]), ("", KINDS[1])])
@pytest.mark.parametrize("fault, error, words", [("sodium_init", "RuntimeError", "libsodium cannot start"),
                                                 ("codec2_create=1", "RuntimeError", "libcodec2 has no rate"),
                                                 (f"codec2_create={RATES + 1}", "MemoryError", "")])
def test_what_fails_before_the_call_is_an_error_of_the_constructor(station, fault, error, words, key, options):
    got, _ = station.python(TRANSMIT + f"""
try:
    transmit({key!r}, **{options})
except Exception as error:
    result = [type(error).__name__, str(error)]
""", fault, faults=fault)
    assert got[0] == error and words in got[1]
    assert not station.path("sent.cf32").exists()


@pytest.mark.parametrize("key, options", [("ours", KINDS[0]), ("ours", KINDS[1]), ("", KINDS[1])])
@pytest.mark.parametrize("fault, words", [("random_zero", "random source gives zeros"), (f"codec2_create={RATES + 2}", "bad_alloc"),
                                          ("codec2_encode=1", "the vocoder has failed")])
def test_what_fails_at_the_start_of_a_call_gives_no_block(station, fault, words, key, options):
    got, said = station.python(TRANSMIT + f"result = transmit({key!r}, **{options})\n", fault, faults="none")
    assert words in said and "nothing more leaves this block" in said
    assert kinds(station.air()) == []
    assert all(status["secure_blocks"] == status["clear_blocks"] == 0 for status in got)
    if fault == "random_zero": # not even a start frame
        assert len(station.air()) == 0 and words in got[-1]["error"] and got[-1]["state"] == "failed"


@pytest.mark.parametrize("key, options", [("ours", KINDS[0]), ("", KINDS[1])])
def test_without_random_octets_the_process_ends(station, key, options):
    """As libsodium has it; but not without a word."""
    _, said = station.python(TRANSMIT + f"transmit({key!r}, **{options})\n", "random_gone", faults="none", exit_code=ABORTED)
    assert "securevoice: the system's random source has failed" in said
    assert len(station.air()) == 0


def test_a_vocoder_that_fails_in_mid_call_ends_it(station):
    got, said = station.python(TRANSMIT + 'result = transmit("ours", allow_clear=True)\n', "codec2_encode=80", faults="none")
    assert "nothing more leaves this block: the vocoder has failed" in said
    sent = kinds(station.air(), station.keys["ours"])
    assert set(sent) == {"secure"} and len(sent) <= 20 # four frames in a block
    assert kinds(station.air()).count("clear") == 0 and got[-1]["clear_blocks"] == 0


def test_a_vocoder_that_fails_at_the_switch_sends_nothing_in_clear(station):
    got, said = station.python(f"""
top = gr.top_block()
tx = securevoice.securevoice_tx("ours", sample_rate={RATE}, allow_clear=True)
speech = blocks.wavfile_source("speech.wav", True)
air, sent = blocks.file_sink(gr.sizeof_gr_complex, "sent.cf32"), statuses()
top.connect(speech, blocks.throttle(gr.sizeof_float, 80000), tx, air)
top.msg_connect(tx, "status", sent, "in")
top.start()
wait(lambda: sent.all and sent.all[-1]["number"] > 20)
tx.set_kind("clear")
top.wait() # ends by itself
result = sent.all
""", faults=f"codec2_create={RATES + 3}")
    assert "nothing more leaves this block" in said
    assert {status["clear_blocks"] for status in got} == {0}
    sent = kinds(station.air(), station.keys["ours"])
    assert set(sent) == {"secure"} and len(sent) > 20
    assert set(kinds(station.air())) == {"unreadable"}
