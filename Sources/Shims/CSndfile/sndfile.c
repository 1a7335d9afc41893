// libsndfile's functions under their own names, each loading the library at its first call: with Vorbis, Opus and LAME
// behind it, linking it would cost every command 0.6 MB (docs/decisions/0006-start-up.md).
#include "shim.h"

#include <LazyLibrary.h>

// Result, name, parameters, arguments, and what is returned where the library is missing.
#define FUNCTIONS(X)                                                                                                 \
  X(SNDFILE *, sf_open_virtual, (SF_VIRTUAL_IO * io, int mode, SF_INFO *info, void *data), (io, mode, info, data),   \
    NULL)                                                                                                            \
  X(int, sf_close, (SNDFILE * file), (file), SF_ERR_SYSTEM)                                                          \
  X(int, sf_command, (SNDFILE * file, int command, void *data, int size), (file, command, data, size), SF_FALSE)     \
  X(const char *, sf_error_number, (int number), (number), lazy_missing())                                           \
  X(const char *, sf_strerror, (SNDFILE * file), (file), lazy_missing())                                             \
  X(const char *, sf_version_string, (void), (), lazy_missing())                                                     \
  X(int, sf_error, (SNDFILE * file), (file), SF_ERR_SYSTEM)                                                          \
  X(sf_count_t, sf_readf_float, (SNDFILE * file, float *samples, sf_count_t frames), (file, samples, frames), 0)     \
  X(sf_count_t, sf_readf_int, (SNDFILE * file, int *samples, sf_count_t frames), (file, samples, frames), 0)         \
  X(sf_count_t, sf_writef_float, (SNDFILE * file, const float *samples, sf_count_t frames), (file, samples, frames), \
    0)                                                                                                               \
  X(sf_count_t, sf_writef_int, (SNDFILE * file, const int *samples, sf_count_t frames), (file, samples, frames), 0)

FUNCTIONS(LAZY_ADDRESS)
LAZY_LIBRARY(reprise_sndfile_missing, FUNCTIONS(LAZY_ENTRY), LAZY_NAMES("sndfile", "1", "1"))
FUNCTIONS(LAZY_FORWARD)
