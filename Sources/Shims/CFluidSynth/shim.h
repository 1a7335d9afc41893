#pragma once
#if __has_include(<fluidsynth.h>)
#include <fluidsynth.h>
#else
// Homebrew's place on Apple silicon, where no compiler looks by itself.
#include "/opt/homebrew/include/fluidsynth.h"
#endif

/// Why FluidSynth cannot be used: null if it is there. Loads it, the first time.
const char *reprise_fluidsynth_missing(void);
