/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <pybind11/pybind11.h>

namespace py = pybind11;

// gr_modtool inserts below; do not delete its markers.
// BINDING_FUNCTION_PROTOTYPES(
void bind_records(py::module& m);
void bind_passphrases(py::module& m);
void bind_output_files(py::module& m);
void bind_key_file(py::module& m);
void bind_numbers(py::module& m);
void bind_process(py::module& m);
void bind_voice_encoder(py::module& m);
void bind_seal(py::module& m);
void bind_modulator(py::module& m);
void bind_sidetone(py::module& m);
void bind_demodulator(py::module& m);
void bind_open(py::module& m);
void bind_voice_decoder(py::module& m);
// ) END BINDING_FUNCTION_PROTOTYPES

PYBIND11_MODULE(securevoice_python, m)
{
    // The classes of GNU Radio from which the blocks are derived.
    py::module::import("gnuradio.gr");

    // BINDING_FUNCTION_CALLS(
    bind_records(m);
    bind_passphrases(m);
    bind_output_files(m);
    bind_key_file(m);
    bind_numbers(m);
    bind_process(m);
    bind_voice_encoder(m);
    bind_seal(m);
    bind_modulator(m);
    bind_sidetone(m);
    bind_demodulator(m);
    bind_open(m);
    bind_voice_decoder(m);
    // ) END BINDING_FUNCTION_CALLS
}
