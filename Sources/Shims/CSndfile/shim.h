#pragma once
#if __has_include(<sndfile.h>)
#include <sndfile.h>
#else
// Homebrew's place on Apple silicon, where no compiler looks by itself.
#include "/opt/homebrew/include/sndfile.h"
#endif

/// Why libsndfile cannot be used: null if it is there. Loads it, the first time.
const char *reprise_sndfile_missing(void);
