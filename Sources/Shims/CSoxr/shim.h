#pragma once
#if __has_include(<soxr.h>)
#include <soxr.h>
#else
// Homebrew's place on Apple silicon, where no compiler looks by itself.
#include "/opt/homebrew/include/soxr.h"
#endif

/// Why libsoxr cannot be used: null if it is there. Loads it, the first time.
const char *reprise_soxr_missing(void);
