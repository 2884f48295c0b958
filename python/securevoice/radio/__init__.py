#
# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
"""Radio hardware: devices as streams of 48 kHz, named as gr-osmosdr names them."""

from .driver_messages import DriverMessages
from .plan import RATE, DeviceError, number, parse
from .receiver import open_receiver
from .transmitter import open_transmitter
