// zlib's functions under their own names, loading the library at the first call: few answers come compressed, and few
// pictures are drawn (docs/decisions/0006-start-up.md).
#include "shim.h"

#include <LazyLibrary.h>

// Result, name, parameters, arguments, and what is returned where the library is missing.
#define FUNCTIONS(X)                                                                                      \
  X(int, inflateInit2_, (z_streamp stream, int bits, const char *version, int size),                      \
    (stream, bits, version, size), Z_VERSION_ERROR)                                                       \
  X(int, inflate, (z_streamp stream, int flush), (stream, flush), Z_STREAM_ERROR)                         \
  X(int, inflateReset, (z_streamp stream), (stream), Z_STREAM_ERROR)                                      \
  X(int, inflateEnd, (z_streamp stream), (stream), Z_STREAM_ERROR)                                        \
  X(uLong, compressBound, (uLong length), (length), 0)                                                    \
  X(int, compress2, (Bytef * target, uLongf *length, const Bytef *source, uLong count, int level),        \
    (target, length, source, count, level), Z_STREAM_ERROR)                                               \
  X(uLong, crc32, (uLong value, const Bytef *bytes, uInt count), (value, bytes, count), value)

FUNCTIONS(LAZY_ADDRESS)
LAZY_LIBRARY(reprise_zlib_missing, FUNCTIONS(LAZY_ENTRY), LAZY_NAMES("z", "1", "1"))
FUNCTIONS(LAZY_FORWARD)
