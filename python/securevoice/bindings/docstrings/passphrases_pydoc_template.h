/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 */
#include "pydoc_macros.h"
#define D(...) DOC(gr, securevoice, __VA_ARGS__)
/* Filled from the header's comments by docs/doxygen/update_pydoc.py. */

static const char* __doc_gr_securevoice_set_passphrase_descriptor = R"doc()doc";

static const char* __doc_gr_securevoice_typed_passphrase = R"doc()doc";

static const char* __doc_gr_securevoice_typed_passphrase_typed_passphrase = R"doc()doc";

static const char* __doc_gr_securevoice_typed_passphrase_append = R"doc()doc";

static const char* __doc_gr_securevoice_typed_passphrase_remove_last = R"doc()doc";

static const char* __doc_gr_securevoice_typed_passphrase_clear = R"doc()doc";

static const char* __doc_gr_securevoice_typed_passphrase_size = R"doc()doc";

static const char* __doc_gr_securevoice_typed_passphrase_open_key = R"doc()doc";

static const char* __doc_gr_securevoice_needs_passphrase = R"doc()doc";

static const char* __doc_gr_securevoice_opened_key_words = R"doc()doc";

static const char* __doc_gr_securevoice_forget_opened_keys = R"doc()doc";
