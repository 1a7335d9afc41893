#pragma once
#include <fluidsynth.h>

/// Why FluidSynth cannot be used: null if it is there. Loads it, the first time.
const char *reprise_fluidsynth_missing(void);
