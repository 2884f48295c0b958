/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 */
#include "pydoc_macros.h"
#define D(...) DOC(gr, securevoice, __VA_ARGS__)
/* Filled from the header's comments by docs/doxygen/update_pydoc.py. */

static const char* __doc_gr_securevoice_number_from_text = R"doc()doc";
