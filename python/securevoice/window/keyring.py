#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Names and fingerprints of keys, asked of the program `securevoice`: no key comes into this process's Python."""

import os
import shutil
import subprocess
import sys

from ..called import quoted_command
from .. import needs_passphrase, opened_key_words


def _program():
    beside = os.path.join(os.path.dirname(os.path.realpath(sys.argv[0])), "securevoice")
    return beside if os.access(beside, os.X_OK) else shutil.which("securevoice") or "securevoice"


def _ask(keyring, *arguments):
    command = [_program(), "keys", *arguments] + (["--keyring", keyring] if keyring else [])
    try:
        # no terminal
        answer = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, start_new_session=True, check=False)
    except OSError as e:
        raise RuntimeError(f"cannot run {command[0]}: {e.strerror}; put the folder of securevoice on PATH") from None
    if answer.returncode:
        raise RuntimeError(answer.stderr.strip() or f"{quoted_command('keys ' + arguments[0])} failed")
    return answer.stdout


def key_names(keyring=""):
    """Names of the keys in a keyring."""
    return _ask(keyring, "list", "--names").split()


def fingerprint_words(name, keyring=""):
    """Four words to compare aloud, or a remark where a passphrase seals the key or it cannot be used."""
    try:
        if needs_passphrase(name, keyring):
            return "sealed by a passphrase"
        return opened_key_words(name, keyring) or _ask(keyring, "fingerprint", "--words", name).strip()
    except RuntimeError:
        return "it cannot be used"


def make_key(name, keyring=""):
    """A new key."""
    _ask(keyring, "new", name)
