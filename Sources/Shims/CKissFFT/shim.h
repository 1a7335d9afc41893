#pragma once
#include <stdlib.h>
#include <kissfft/kiss_fftr.h>

// kiss_fftr_free is a macro, and Swift imports none that takes an argument.
static inline void kiss_fft_release(kiss_fftr_cfg plan) { kiss_fftr_free(plan); }
