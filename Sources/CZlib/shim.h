#pragma once
#include <zlib.h>

/// Why zlib cannot be used: null if it is there. Loads it, the first time.
const char *reprise_zlib_missing(void);

/// Makes a stream ready that takes gzip and zlib data alike; `inflateInit2` is a macro, which Swift does not see.
static inline int reprise_inflate_start(z_stream *stream) {
  return inflateInit2(stream, 15 + 32);
}
