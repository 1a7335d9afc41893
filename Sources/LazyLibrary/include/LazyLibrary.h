#pragma once

// A shared library that is loaded when it is first needed, for docs/decisions/0006-start-up.md's reasons.

#ifdef __cplusplus
extern "C" {
#endif

/// A function of the library: its name, and where its address is kept.
struct lazy_function {
  const char *name;
  void **address;
};

/// Loads the first library of `names` that is there and finds all `functions` in it. Both lists end with a null.
///
/// The library stays loaded until the process ends. Not for two threads at once: call it inside pthread_once.
/// Returns null, or why it could not be done; no address is set then. The text lives until the process ends.
const char *lazy_library_load(const char *const *names, const struct lazy_function *functions);

#ifdef __cplusplus
}
#endif
