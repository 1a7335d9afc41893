// zlib's decompression under its own names, loading the library at the first call: few answers come compressed
// (docs/decisions/0006-start-up.md).
#include "shim.h"

#include <LazyLibrary.h>

// Result, name, parameters, arguments, and what is returned where the library is missing.
#define FUNCTIONS(X)                                                                                      \
  X(int, inflateInit2_, (z_streamp stream, int bits, const char *version, int size),                      \
    (stream, bits, version, size), Z_VERSION_ERROR)                                                       \
  X(int, inflate, (z_streamp stream, int flush), (stream, flush), Z_STREAM_ERROR)                         \
  X(int, inflateReset, (z_streamp stream), (stream), Z_STREAM_ERROR)                                      \
  X(int, inflateEnd, (z_streamp stream), (stream), Z_STREAM_ERROR)

FUNCTIONS(LAZY_ADDRESS)
LAZY_LIBRARY(reprise_zlib_missing, FUNCTIONS(LAZY_ENTRY), LAZY_NAMES("z", "1", "1"))
FUNCTIONS(LAZY_FORWARD)
