// libsoxr's functions under their own names, each loading the library at its first call: with OpenMP behind it, linking
// it would cost every command 0.4 MB (docs/decisions/0006-start-up.md).
#include "shim.h"

#include <LazyLibrary.h>

// Result, name, parameters, arguments, and what is returned where the library is missing.
#define FUNCTIONS(X)                                                                                             \
  X(soxr_t, soxr_create,                                                                                         \
    (double from, double to, unsigned channels, soxr_error_t *error, const soxr_io_spec_t *io,                   \
     const soxr_quality_spec_t *quality, const soxr_runtime_spec_t *runtime),                                    \
    (from, to, channels, error, io, quality, runtime), (error ? *error = lazy_missing() : NULL, NULL))           \
  X(soxr_error_t, soxr_process,                                                                                  \
    (soxr_t resampler, soxr_in_t input, size_t offered, size_t *used, soxr_out_t output, size_t room,            \
     size_t *made),                                                                                              \
    (resampler, input, offered, used, output, room, made), lazy_missing())                                       \
  X(void, soxr_delete, (soxr_t resampler), (resampler), )                                                        \
  X(soxr_quality_spec_t, soxr_quality_spec, (unsigned long recipe, unsigned long flags), (recipe, flags),        \
    (soxr_quality_spec_t){0})

FUNCTIONS(LAZY_ADDRESS)
LAZY_LIBRARY(reprise_soxr_missing, FUNCTIONS(LAZY_ENTRY), LAZY_NAMES("soxr", "0", "0"))
FUNCTIONS(LAZY_FORWARD)
