#pragma once
#include <FLAC/stream_decoder.h>
#include <FLAC/stream_encoder.h>

// Swift takes a global variable of C for one that anyone may change meanwhile.
static inline const char *reprise_flac_version(void) { return FLAC__VERSION_STRING; }
