#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""A key for trying things out: made when the flowgraph starts, so that none is in it."""

import atexit
import os
import shutil
import tempfile

from .parameters import check
from .securevoice_python import new_key_file

NAME = "demonstration"


def demonstration_key(key="", path=""):
    """
    What blocks take as a key: `key`, or where that is empty the path of the file of a new random key, which nobody else has.

    key: name of a key in the keyring, or path of a key file
    path: of the new key's file, NAME.key, mode 0600, which stays; one that is there is used again, so that two flowgraphs share it. Empty:
    `demonstration.key` in
        a folder of its own, mode 0700, which is removed when the program ends

    Raises TypeError or RuntimeError with one sentence.
    """
    check("demonstration_key", {"key": ((str,), ""), "path": ((str,), "")}, (key, path), {})
    if key:
        return key
    if not path:
        folder = tempfile.mkdtemp(prefix="gr-securevoice-") # 0700
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        path = os.path.join(folder, NAME + ".key")
    path = os.path.abspath(path) # with a '/' it is a path to every block, whatever it is called
    if not os.path.lexists(path):
        new_key_file(path)
    return path
