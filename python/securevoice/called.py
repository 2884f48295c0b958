#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""How the user calls the program that became this one, so that what a sentence tells him to run can be run (lib/core/text/program_name.h)."""

import os


def called_as():
    """ "securevoice", "./gr-securevoice" ... """
    return os.environ.get("SECUREVOICE_CALLED_AS") or "securevoice"


def called_word():
    """Its last part: begins a message."""
    return os.path.basename(called_as()) or called_as()


def quoted_command(arguments):
    """A command for a sentence, with its quotes."""
    return f"'{called_as()} {arguments}'"
