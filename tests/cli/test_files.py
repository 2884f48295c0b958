# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sound files and IQ files, good and bad."""

import json
import os
import pty
import subprocess

import numpy
import pytest
from conftest import BAD_USAGE, BLOCK, ENVIRONMENT_FAILED, NOTHING_HEARD, PROGRAM, read_wav, write_wav
from scipy import signal

TEXT = b"The quick brown fox jumps over the lazy dog.\n" * 100


def test_files_that_are_not_there(keyed):
    keyed.refuses("tx", "no.wav", "out.cf32", "--key", "ours", code=ENVIRONMENT_FAILED, says="no.wav")
    keyed.refuses("rx", "no.cf32", "out.wav", "--key", "ours", code=ENVIRONMENT_FAILED, says="no.cf32")
    keyed.refuses("channel", "no.cf32", "out.cf32", "--rate", 48000, code=ENVIRONMENT_FAILED, says="no.cf32")
    assert not list(keyed.folder.glob("out.*")) and keyed.leftovers() == []


def test_text_is_neither_sound_nor_iq(keyed):
    keyed.path("text").write_bytes(TEXT[:4000])
    keyed.refuses("tx", "text", "out.cf32", "--key", "ours", code=ENVIRONMENT_FAILED, says="text")
    keyed.refuses("rx", "text", "out.wav", "--key", "ours", "--format", "cf32", code=ENVIRONMENT_FAILED, says=["text", "cf32"])
    keyed.refuses("channel", "-", "out.cf32", "--rate", 48000, "--format", "cf32", stdin=TEXT, code=ENVIRONMENT_FAILED, says="cf32")
    assert not list(keyed.folder.glob("out.*")) and keyed.leftovers() == []


def test_wav_is_no_iq(spoken):
    spoken("vocoder", "speech.wav", "sound.wav")
    with open(spoken.path("sound.wav"), "ab") as out:
        out.write(b"\0" * (-os.path.getsize(spoken.path("sound.wav")) % 8))
    spoken.refuses("rx", "sound.wav", "out.wav", "--key", "ours", "--format", "cf32", code=ENVIRONMENT_FAILED, says="WAV")


def test_folders_are_no_files(spoken):
    spoken.refuses("rx", "keys", "out.wav", "--key", "ours", "--format", "cf32", code=ENVIRONMENT_FAILED, says="folder")
    spoken.refuses("tx", "speech.wav", "keys", "--key", "ours", "--format", "cf32", code=ENVIRONMENT_FAILED, says="folder")


def test_output_that_cannot_be_made(spoken):
    spoken.refuses("tx", "speech.wav", "nowhere/out.cf32", "--key", "ours", code=ENVIRONMENT_FAILED, says="nowhere/out.cf32")
    spoken.refuses("tx", "speech.wav", "out.cf32", "--key", "ours", "--frames-out", "nowhere/x.c2", code=ENVIRONMENT_FAILED,
                   says="nowhere/x.c2")
    assert not spoken.path("out.cf32").exists() and spoken.leftovers() == []


def test_an_error_keeps_the_old_output(keyed):
    keyed.path("text").write_bytes(TEXT[:4000])
    keyed.path("out.wav").write_bytes(b"precious")
    keyed.refuses("rx", "text", "out.wav", "--key", "ours", "--format", "cf32", code=ENVIRONMENT_FAILED, says="text")
    assert keyed.octets("out.wav") == b"precious" and keyed.leftovers() == []


def test_the_input_is_never_overwritten(spoken):
    before = spoken.octets("speech.wav")
    os.link(spoken.path("speech.wav"), spoken.path("same.wav"))
    spoken.refuses("vocoder", "speech.wav", "speech.wav", code=BAD_USAGE, says="same file")
    spoken.refuses("vocoder", "speech.wav", "same.wav", code=BAD_USAGE, says="same file")
    spoken.refuses("tx", "speech.wav", "o.cf32", "--key", "ours", "--frames-out", "speech.wav", code=BAD_USAGE, says="same file")
    assert spoken.octets("speech.wav") == before


@pytest.mark.parametrize("command", [("rx", "-", "air.cf32", "--format", "cf32", "--no-key", "--recorded"),
                                     ("rx", "-", "out.wav", "--report", "air.cf32", "--format", "cf32", "--no-key"),
                                     ("eavesdrop", "-", "air.cf32", "--format", "cf32"),
                                     ("channel", "-", "air.cf32", "--format", "cf32", "--rate", "48000"),
                                     ("tx", "-", "speech.wav", "--format", "cf32", "--clear"), ("vocoder", "-", "speech.wav")])
def test_an_input_that_a_shell_opened_is_never_overwritten(spoken, command):
    spoken("tx", "speech.wav", "air.cf32", "--clear", "--key", "ours")
    name = next(word for word in command if word in ("air.cf32", "speech.wav"))
    before = spoken.octets(name)
    for other in (name, "beside"):
        spoken.path("beside").unlink(missing_ok=True)
        arguments = [other if word == name else word for word in command]
        with open(spoken.path(name), "rb") as file:
            done = subprocess.run([PROGRAM, *arguments, *(["--format-out", "cf32"] if "channel" in command else [])], cwd=spoken.folder,
                                  env=spoken.environment,
                                  stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60, check=False)
        assert spoken.octets(name) == before
        if other == name:
            assert done.returncode == BAD_USAGE and b"same file" in done.stderr
        else: # the control
            assert done.returncode == 0 and spoken.path("beside").stat().st_size > 0, done.stderr


def test_the_file_of_a_passphrase_is_never_overwritten(spoken):
    spoken.path("secret").write_bytes(b"a long passphrase\n")
    spoken("keys", "passphrase", "ours", "--passphrase-fd", 0, stdin=b"a long passphrase\na long passphrase\n")
    for command in (("tx", "speech.wav", "{}", "--format", "cf32"), ("rx", "air.cf32", "{}"), ("rx", "air.cf32", "heard.wav", "--frames-out", "{}")):
        for name, code in (("air.cf32" if command[0] == "tx" else "beside", 0), ("secret", BAD_USAGE)):
            with open(spoken.path("secret"), "rb") as file:
                done = spoken(*(word.format(name) for word in command), "--key", "ours", "--passphrase-fd", file.fileno(), pass_fds=(file.fileno(),),
                              code=code)
            assert (b"same file" in done.stderr) == (code != 0)
    assert spoken.octets("secret") == b"a long passphrase\n"


@pytest.mark.parametrize("standard_error", ["2>/dev/full", "2>&-", "2>/dev/null"])
def test_who_cannot_be_told_is_served_all_the_same(spoken, standard_error):
    """Nothing of what is told gets into a file that was opened instead."""
    def shell(command):
        return subprocess.run(["sh", "-c", f'"$0" {command} {standard_error}', PROGRAM], cwd=spoken.folder, env=spoken.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60, check=False)

    assert shell("tx speech.wav out.cf32 --key ours").returncode == 0
    assert shell("rx out.cf32 heard.wav --key ours --report heard.json").returncode == 0
    assert len(read_wav(spoken.path("heard.wav"))) >= 150 * BLOCK and spoken.json("heard.json")["blocks_played"] == 151
    assert shell("rx out.cf32 no.wav --key theirs").returncode == NOTHING_HEARD
    assert shell("rx none.cf32 no.wav --key ours").returncode == ENVIRONMENT_FAILED
    assert shell("rx out.cf32 no.wav").returncode == BAD_USAGE
    key = shell("keys export ours - --plain")
    assert key.returncode == 0 and key.stdout and b"Next" not in key.stdout
    assert shell("keys list --keyring nowhere").returncode == 0


@pytest.mark.parametrize("option", ["--frames-out", "--symbols-out", "--report"])
def test_a_side_output_that_fails_takes_no_speech_with_it(spoken, option):
    spoken("tx", "speech.wav", "out.cf32", "--key", "ours")
    others = {"--frames-out": "heard.c2", "--symbols-out": "heard.cf32", "--report": "heard.json"}
    said = []
    for name, code in ((others[option], 0), ("/dev/full", ENVIRONMENT_FAILED)):
        for old in ("heard.wav", *others.values()):
            spoken.path(old).unlink(missing_ok=True)
        words = [word for pair in (others | {option: name}).items() for word in pair]
        said.append(spoken("rx", "out.cf32", "heard.wav", "--key", "ours", *words, code=code).stderr.decode())
        assert len(read_wav(spoken.path("heard.wav"))) >= 150 * BLOCK and said[-1].startswith("securevoice: heard ")
        assert all(spoken.path(other).stat().st_size > 500 for key, other in others.items() if code == 0 or key != option)
    assert "cannot write" not in said[0] and said[1].splitlines()[-1].startswith("securevoice: cannot write /dev/full: ")
    assert spoken.leftovers() == []


def test_sound_without_samples(keyed):
    write_wav(keyed.path("empty.wav"), [])
    keyed.refuses("tx", "empty.wav", "out.cf32", "--key", "ours", code=ENVIRONMENT_FAILED, says=["empty.wav", "no sound"])


def test_devices_can_be_outputs(spoken):
    spoken("tx", "speech.wav", "/dev/null", "--format", "cf32", "--key", "ours", "--frames-out", "/dev/null")
    assert os.path.exists("/dev/null") and not os.path.isfile("/dev/null")


def test_what_was_said_is_for_its_owner(spoken):
    """IQ is sent into the air, and is as umask says."""
    spoken("tx", "speech.wav", "out.cf32", "--key", "ours", "--frames-out", "sent.c2", "--report", "sent.json")
    spoken.path("heard.wav").write_bytes(b"old")
    spoken.path("heard.wav").chmod(0o644)
    spoken("rx", "out.cf32", "heard.wav", "--key", "ours", "--frames-out", "heard.c2", "--report", "heard.json")
    spoken("vocoder", "speech.wav", "out.wav")
    for name in ("sent.c2", "sent.json", "heard.wav", "heard.c2", "heard.json", "out.wav"):
        assert spoken.path(name).stat().st_mode & 0o777 == 0o600, name
    assert spoken.path("out.cf32").stat().st_mode & 0o777 == 0o666 & ~current_umask()


def test_symbolic_links_stay(spoken):
    spoken.path("disk").mkdir()
    for name in ("out.cf32", "heard.wav", "heard.json", "heard.c2"):
        spoken.path(f"disk/{name}").write_bytes(b"old")
        spoken.path(name).symlink_to(f"disk/{name}")
    spoken("tx", "speech.wav", "out.cf32", "--key", "ours")
    spoken("rx", "out.cf32", "heard.wav", "--key", "ours", "--report", "heard.json", "--frames-out", "heard.c2")
    assert len(read_wav(spoken.path("disk/heard.wav"))) >= 150 * BLOCK and spoken.json("disk/heard.json")["blocks_played"] == 151
    for name in ("out.cf32", "heard.wav", "heard.json", "heard.c2"):
        assert spoken.path(name).is_symlink() and spoken.path(f"disk/{name}").stat().st_size > 500


def test_nothing_heard_leaves_the_old_recording(keyed):
    numpy.zeros(48000, numpy.complex64).tofile(keyed.path("air.cf32"))
    keyed.path("heard.wav").write_bytes(b"yesterday")
    keyed.refuses("rx", "air.cf32", "heard.wav", "--key", "ours", code=NOTHING_HEARD, says="nothing heard")
    keyed.refuses("eavesdrop", "air.cf32", "heard.wav", code=NOTHING_HEARD, says="nothing overheard")
    assert keyed.octets("heard.wav") == b"yesterday"


def test_standard_output_is_an_output(spoken):
    spoken("tx", "speech.wav", "out.cf32", "--key", "ours")
    report = json.loads(spoken("rx", "out.cf32", "heard.wav", "--key", "ours", "--report", "-").stdout)
    assert report["blocks_played"] == 151
    spoken.path("reports").write_text("before\n")
    with open(spoken.path("reports"), "ab") as out:
        subprocess.run([PROGRAM, "rx", "out.cf32", "heard.wav", "--key", "ours", "--report", "/dev/stdout"], cwd=spoken.folder,
                       env=spoken.environment,
                       stdout=out, stderr=subprocess.DEVNULL, check=True, timeout=60)
    assert spoken.path("reports").read_text().startswith("before\n{")
    spoken.refuses("rx", "out.cf32", "-", "--key", "ours", "--report", "-", code=BAD_USAGE, says="two outputs")


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def frames_of(program, name):
    program("vocoder", name, "out.wav", "--frames-out", "out.c2")
    return numpy.unpackbits(numpy.frombuffer(program.octets("out.c2"), numpy.uint8))


@pytest.mark.parametrize("sides", [[1, 0], [0, 1], [1, -1], [0, 0, 1]])
def test_the_loud_side_is_taken_where_the_mean_has_nothing(spoken, speech, sides):
    write_wav(spoken.path("other.wav"), numpy.outer(speech, sides), 8000, len(sides))
    write_wav(spoken.path("plain.wav"), speech)
    assert (frames_of(spoken, "plain.wav") == frames_of(spoken, "other.wav")).mean() > 0.999


@pytest.mark.parametrize("said", [0, 1000, 0xFFFFFFFF])
def test_speech_is_longer_than_its_header_says(spoken, said):
    octets = spoken.octets("speech.wav")
    spoken.path("killed.wav").write_bytes(octets[:40] + said.to_bytes(4, "little") + octets[44:])
    done = spoken("vocoder", "killed.wav", "out.wav", "--frames-out", "killed.c2")
    assert done.stderr.count(b"\n") == 1 and b"its header says" in done.stderr
    spoken("vocoder", "speech.wav", "out.wav", "--frames-out", "whole.c2")
    assert spoken.octets("killed.c2") == spoken.octets("whole.c2") != b""


@pytest.mark.parametrize("rate, channels", [(8000, 2), (11025, 1), (16000, 1), (22050, 2), (44100, 2), (48000, 1), (48000, 6), (96000, 2),
                                            (12345, 1)])
def test_sound_of_any_rate_and_channels(spoken, speech, rate, channels):
    up, down = {11025: (441, 320), 22050: (441, 160), 44100: (441, 80), 12345: (2469, 1600)}.get(rate, (rate // 8000, 1))
    resampled = signal.resample_poly(speech.astype(float), up, down) * 0.9
    many = numpy.repeat(numpy.round(resampled)[:, None], channels, axis=1)
    if channels == 2: # the mean of both channels counts
        many = numpy.round(many * [1.5, 0.5])
    write_wav(spoken.path("other.wav"), numpy.clip(many, -32768, 32767), rate, channels)
    write_wav(spoken.path("plain.wav"), numpy.round(speech * 0.9))
    reference, ours = frames_of(spoken, "plain.wav"), frames_of(spoken, "other.wav")
    assert len(reference) == len(ours) == 150 * 256
    # Quantised parameters near a threshold flip, and what lay above 3.5 kHz is gone: 0.9. Shifted by 5 ms it would be 0.81.
    assert (reference == ours).mean() > (0.999 if rate == 8000 else 0.86)


def test_vocoder_gives_each_block_back(spoken, speech):
    spoken("vocoder", "speech.wav", "out.wav", "--codec", "1300", "--frames-out", "out.c2")
    sound = read_wav(spoken.path("out.wav"))
    assert len(sound) == len(speech) and len(spoken.octets("out.c2")) == 150 * 14

    def loudness(samples):
        return numpy.log(1 + numpy.mean(samples.reshape(-1, BLOCK).astype(float) ** 2, axis=1))
    # Codec2 delays by less than a block; it keeps when the speaker is loud.
    assert numpy.corrcoef(loudness(sound), loudness(speech))[0, 1] > 0.8


def test_progress_is_for_terminals_only(program):
    command = ["bench", "sensitivity", "--cn0", 45, "--seconds", 40, "--call-seconds", 5, "--jobs", 1]
    assert program(*command).stderr == b""
    ours, theirs = pty.openpty()
    subprocess.run([PROGRAM, *map(str, command)], stdout=subprocess.DEVNULL, stderr=theirs, timeout=120, check=True)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError: # how a closed terminal ends on Linux
        pass
    os.close(ours)
    assert b"bench [" in shown and b"%" in shown


def test_iq_is_not_written_to_a_terminal(spoken):
    ours, theirs = pty.openpty()
    done = subprocess.run([PROGRAM, "tx", "speech.wav", "-", "--key", "ours", "--format", "cf32"], cwd=spoken.folder, env=spoken.environment,
                          stdout=theirs,
                          stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == BAD_USAGE and b"terminal" in done.stderr


def test_a_key_file_is_never_overwritten(spoken):
    before = spoken.octets("keys/ours.key")
    spoken("tx", "speech.wav", "out.cf32", "--key", "ours")
    spoken.path("group.wav").write_bytes(b"> " + before) # as a mailer has it, and out of the keyring
    spoken.path("link.wav").symlink_to("keys/ours.key")
    for name, kept in (("keys/ours.key", before), ("group.wav", b"> " + before), ("link.wav", before)):
        spoken.refuses("tx", "speech.wav", name, "--key", "ours", "--format", "cf32", code=BAD_USAGE, says="key file")
        spoken.refuses("rx", "out.cf32", name, "--key", "ours", code=BAD_USAGE, says="key file")
        spoken.refuses("rx", "out.cf32", "heard.wav", "--key", "ours", "--report", name, code=BAD_USAGE, says="key file")
        spoken.refuses("vocoder", "speech.wav", name, code=BAD_USAGE, says="key file")
        assert spoken.octets(name) == kept


def test_two_outputs_need_two_names(spoken):
    for name in ("out.cf32", spoken.path("out.cf32")):
        spoken.refuses("tx", "speech.wav", "out.cf32", "--key", "ours", "--report", name, code=BAD_USAGE, says="out.cf32")
    assert not list(spoken.folder.glob("out.*"))
