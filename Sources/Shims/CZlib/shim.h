#pragma once
#include <zlib.h>

/// Why zlib cannot be used: null if it is there. Loads it, the first time.
const char *reprise_zlib_missing(void);

/// Makes a stream ready; `inflateInit2` is a macro, which Swift does not see.
///
/// `window_bits`: 15 + 32 for gzip and zlib data alike, -15 for raw deflate data (RFC 1951).
static inline int reprise_inflate_start(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}
