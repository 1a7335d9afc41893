// FluidSynth's functions under their own names, each loading the library at its first call: with SDL, X11, PulseAudio
// and 50 more behind it, linking it would cost every command 9 ms and 6 MB (docs/decisions/0006-start-up.md).
#include "shim.h"

#include <LazyLibrary.h>

// Result, name, parameters, arguments, and what is returned where the library is missing.
#define FUNCTIONS(X)                                                                                                \
  X(fluid_settings_t *, new_fluid_settings, (void), (), NULL)                                                       \
  X(void, delete_fluid_settings, (fluid_settings_t * settings), (settings), )                                       \
  X(int, fluid_settings_setnum, (fluid_settings_t * settings, const char *name, double value),                      \
    (settings, name, value), FLUID_FAILED)                                                                          \
  X(int, fluid_settings_setint, (fluid_settings_t * settings, const char *name, int value), (settings, name, value), \
    FLUID_FAILED)                                                                                                   \
  X(int, fluid_settings_setstr, (fluid_settings_t * settings, const char *name, const char *value),                 \
    (settings, name, value), FLUID_FAILED)                                                                          \
  X(fluid_synth_t *, new_fluid_synth, (fluid_settings_t * settings), (settings), NULL)                              \
  X(void, delete_fluid_synth, (fluid_synth_t * synth), (synth), )                                                   \
  X(int, fluid_synth_sfload, (fluid_synth_t * synth, const char *path, int reset), (synth, path, reset),            \
    FLUID_FAILED)                                                                                                   \
  X(int, fluid_synth_program_change, (fluid_synth_t * synth, int channel, int program), (synth, channel, program),  \
    FLUID_FAILED)                                                                                                   \
  X(int, fluid_synth_cc, (fluid_synth_t * synth, int channel, int controller, int value),                           \
    (synth, channel, controller, value), FLUID_FAILED)                                                              \
  X(int, fluid_synth_noteon, (fluid_synth_t * synth, int channel, int key, int velocity),                           \
    (synth, channel, key, velocity), FLUID_FAILED)                                                                  \
  X(int, fluid_synth_noteoff, (fluid_synth_t * synth, int channel, int key), (synth, channel, key), FLUID_FAILED)   \
  X(int, fluid_synth_write_float,                                                                                   \
    (fluid_synth_t * synth, int frames, void *left, int leftOffset, int leftStep, void *right, int rightOffset,     \
     int rightStep),                                                                                                \
    (synth, frames, left, leftOffset, leftStep, right, rightOffset, rightStep), FLUID_FAILED)                       \
  X(fluid_log_function_t, fluid_set_log_function, (int level, fluid_log_function_t function, void *data),           \
    (level, function, data), NULL)

FUNCTIONS(LAZY_ADDRESS)
LAZY_LIBRARY(reprise_fluidsynth_missing, FUNCTIONS(LAZY_ENTRY), LAZY_NAMES("fluidsynth", "3", "3"))
FUNCTIONS(LAZY_FORWARD)
