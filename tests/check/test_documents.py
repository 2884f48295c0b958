# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""
The commands in the documents. Each fenced block says what it is: `text`, or `sh`, which this runs as it stands, in a folder with a recording
and a terminal at which somebody types the passphrase that is asked for. A comment before a block says otherwise:

    <!-- not run: REASON -->
    <!-- run with --seconds N: REASON -->     the same commands over a shorter time
"""

import dataclasses
import os
import pathlib
import pty
import re
import select
import time
import wave

import check
import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SECUREVOICE_BIN", "")
PASSPHRASE = "correct horse battery staple"
MARK = re.compile(r"^<!-- (not run|run with --seconds (\d+)): (\S.*) -->$")
SECONDS = 600 # longest time of a block on a machine that does much else; alone they take less than a minute together


@dataclasses.dataclass
class Block:
    where: str # FILE:LINE
    language: str
    text: str
    mark: re.Match | None

    def __str__(self):
        return self.where


def documents():
    return [name for name in check.sources() if name.endswith(".md")]


def blocks_of(name, text):
    lines = text.split("\n")
    found, at = [], 0
    while at < len(lines):
        fence = re.match(r"^\s*(`{3,}|~{3,})\s*(\S*)", lines[at])
        if fence:
            end = next((n for n in range(at + 1, len(lines)) if lines[n].strip() == fence.group(1)), len(lines))
            before = lines[at - 1].strip() if at else ""
            found.append(Block(f"{name}:{at + 1}", fence.group(2), "\n".join(lines[at + 1:end]) + "\n", MARK.match(before)))
            at = end
        at += 1
    return found


BLOCKS = [block for name in documents() for block in blocks_of(name, (TOP / name).read_text(encoding="utf-8"))]
RUN = [block for block in BLOCKS if block.language == "sh" and not (block.mark and block.mark.group(1) == "not run")]


def test_every_block_says_what_it_is():
    assert len(BLOCKS) > 15
    assert not [block.where for block in BLOCKS if block.language not in ("sh", "text")]


def test_a_mark_is_read_and_nothing_else_is():
    text = "<!-- not run: needs a radio -->\n```sh\nlisten\n```\n<!-- not run: -->\n```sh\ntalk\n```\n\n```sh\nrx\n```\n"
    assert [bool(block.mark) for block in blocks_of("x.md", text)] == [True, False, False]
    assert [block.text for block in blocks_of("x.md", text)] == ["listen\n", "talk\n", "rx\n"]


@pytest.fixture(name="folder")
def make_folder(tmp_path):
    """What a reader has: a clone's program, 24 s of speech, a stick for keys; a password manager."""
    with wave.open(str(sorted((TOP / "python/securevoice/speech").glob("*.wav"))[0])) as voice:
        rate, samples = voice.getframerate(), voice.readframes(voice.getnframes())
    with wave.open(str(tmp_path / "speech.wav"), "wb") as speech:
        speech.setnchannels(1)
        speech.setsampwidth(2)
        speech.setframerate(rate)
        speech.writeframes((samples * (1 + 24 * 2 * rate // len(samples)))[:24 * 2 * rate])
    (tmp_path / "stick").mkdir()
    (tmp_path / "apps").symlink_to(TOP / "apps")
    (tmp_path / "bin").mkdir()
    for path, script in (("gr-securevoice", f'exec "{PROGRAM}" "$@"'), ("bin/securevoice", f'exec "{PROGRAM}" "$@"'),
                         ("bin/pass", f"echo {PASSPHRASE}")):
        (tmp_path / path).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / path).chmod(0o755)
    return tmp_path


def run(folder, script):
    """What a terminal shows of the script, and its exit code. Whoever asks for a passphrase is answered."""
    environment = dict(os.environ, HOME=str(folder), PATH=f"{folder}/bin:{TOP}/apps:/usr/bin:/bin", LANG="C.UTF-8", TERM="dumb", MPLBACKEND="Agg",
                       XDG_CONFIG_HOME=f"{folder}/.config", XDG_STATE_HOME=f"{folder}/.state")
    for name in [name for name in environment if name.startswith("SECUREVOICE_") and name != "SECUREVOICE_BIN"]:
        del environment[name]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve("/bin/bash", ["bash", "-euo", "pipefail", "-c", script], environment)
    shown, answered, end = b"", 0, time.monotonic() + SECONDS
    try:
        while time.monotonic() < end:
            if not select.select([terminal], [], [], 0.1)[0]:
                if re.search(rb"(passphrase[^\n]*|the same again): ?$", shown[answered:], re.IGNORECASE):
                    answered = len(shown)
                    os.write(terminal, PASSPHRASE.encode() + b"\r")
                continue
            try:
                part = os.read(terminal, 65536)
            except OSError: # the last program let go of its terminal
                break
            if not part:
                break
            shown += part
        else:
            os.kill(child, 9)
    finally:
        os.close(terminal)
        status = os.waitpid(child, 0)[1]
    return shown.decode(errors="replace"), os.waitstatus_to_exitcode(status)


# What the reader of a block has done before: the block of the same document that begins with this, or commands.
BEFORE = {
    "docs/iq-files.md": "securevoice keys new friends",
    "docs/keys.md#securevoice keys import": "export XDG_CONFIG_HOME=$PWD/there; securevoice keys new friends; "
                                            "securevoice keys export friends stick/friends.key; export XDG_CONFIG_HOME=$PWD/.config",
    "docs/keys.md#securevoice keys roll": "securevoice keys new friends",
    "docs/keys.md#securevoice rx": "securevoice keys new friends --sealed; securevoice tx speech.wav call.cf32 --key friends --passphrase-fd 3 3< <(pass)",
}


def before(block):
    for where, script in BEFORE.items():
        name, _, begin = where.partition("#")
        if block.where.startswith(name + ":") and block.text.startswith(begin):
            return script + "\n"
    return ""


@pytest.mark.skipif(not PROGRAM, reason="SECUREVOICE_BIN names no program")
@pytest.mark.parametrize("block", RUN, ids=str)
def test_the_commands_do_what_they_say(block, folder):
    script = block.text
    if block.mark:
        script, shortened = re.subn(r"--seconds \d+", f"--seconds {block.mark.group(2)}", script)
        assert shortened, f"{block.where} has no --seconds"
    said, code = run(folder, before(block) + script)
    assert code == 0, said
    for name in re.findall(r"(?:^|\s)(?:tx|rx|channel) \S+ (\S+\.\w+)|--(?:plot|report) (\S+)", script):
        assert (folder / "".join(name)).stat().st_size > 40, f"{name} was not made"


@pytest.mark.skipif(not PROGRAM, reason="SECUREVOICE_BIN names no program")
@pytest.mark.parametrize("wrong", ["securevoice keys newest friends", "securevoice tx speech.wav call.cf32 --keys friends", "securevoice none | cat"])
def test_a_command_that_is_wrong_is_found(wrong, folder):
    """In the middle of a block, too."""
    assert run(folder, f"securevoice keys new friends\n{wrong}\nsecurevoice keys list\n")[1] != 0
    assert run(folder, "securevoice keys new others\nsecurevoice keys list\n")[1] == 0
