# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A receiver in plain Python, written from docs/protocol.md alone: it shows that the document is complete.

It shares no code, table or constant with the receiver in C++ and may disagree with it. It wants a good signal: its
decoder keeps one path only, and it knows neither fading nor interference.
"""
