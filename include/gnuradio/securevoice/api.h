/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_API_H
#define INCLUDED_SECUREVOICE_API_H

#include <gnuradio/attributes.h>

#ifdef gnuradio_securevoice_EXPORTS
#define SECUREVOICE_API __GR_ATTR_EXPORT
#else
#define SECUREVOICE_API __GR_ATTR_IMPORT
#endif

#endif
