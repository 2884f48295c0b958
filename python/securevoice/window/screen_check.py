#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Whether a window can be shown at all. Qt ends the process that it cannot serve, so another one asks."""

import os
import re
import subprocess
import sys

from ..called import quoted_command

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM") # one of them must be there
CHOOSING = (*SCREENS, "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_PLUGIN_PATH", "XAUTHORITY") # what may be wrong
ANSWER_SECONDS = 20 # a server behind a network that is not there answers after minutes
ASK = """
import resource, sys
from PyQt5.QtGui import QGuiApplication
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
application = QGuiApplication(["securevoice"])
sys.exit(0 if application.primaryScreen() else "it has no screen")
"""
REASON = re.compile(r"display|plugin|screen|device|authori|MAGIC-COOKIE", re.IGNORECASE)


def check_screen():
    """Raises RuntimeError with one sentence if no window can be shown."""
    instead = f"{quoted_command('listen')} and {quoted_command('talk')} work without one"
    if not any(os.environ.get(name) for name in SCREENS):
        raise RuntimeError(f"there is no screen (DISPLAY is not set): {instead}")
    chosen = ", ".join(f"{name}={os.environ[name]}" for name in CHOOSING if os.environ.get(name))
    try:
        asked = subprocess.run([sys.executable, "-c", ASK], stdin=subprocess.DEVNULL, capture_output=True, timeout=ANSWER_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"the screen does not answer ({chosen}): {instead}") from None
    if asked.returncode:
        said = asked.stderr.decode(errors="replace").splitlines()
        why = next(filter(REASON.search, said), "Qt does not start").strip()
        raise RuntimeError(f"no window can be shown ({chosen}): {re.sub('^qt[.][a-z.]+: ', '', why)}; name a screen that is there, or none: {instead}")
