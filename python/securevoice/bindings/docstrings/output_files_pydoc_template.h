/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 */
#include "pydoc_macros.h"
#define D(...) DOC(gr, securevoice, __VA_ARGS__)
/* Filled from the header's comments by docs/doxygen/update_pydoc.py. */


static const char* __doc_gr_securevoice_check_output = R"doc()doc";

static const char* __doc_gr_securevoice_output_file = R"doc()doc";

static const char* __doc_gr_securevoice_output_file_output_file = R"doc()doc";

static const char* __doc_gr_securevoice_output_file_write = R"doc()doc";

static const char* __doc_gr_securevoice_output_file_publish = R"doc()doc";

static const char* __doc_gr_securevoice_output_file_fileno = R"doc()doc";

static const char* __doc_gr_securevoice_output_file_problem = R"doc()doc";

static const char* __doc_gr_securevoice_speech_recording = R"doc()doc";

static const char* __doc_gr_securevoice_speech_recording_speech_recording = R"doc()doc";

static const char* __doc_gr_securevoice_speech_recording_write = R"doc()doc";

static const char* __doc_gr_securevoice_speech_recording_samples = R"doc()doc";

static const char* __doc_gr_securevoice_speech_recording_problem = R"doc()doc";

static const char* __doc_gr_securevoice_speech_recording_close = R"doc()doc";
