#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""The push-to-talk window: PyQt5 and GNU Radio's Qt sinks."""
