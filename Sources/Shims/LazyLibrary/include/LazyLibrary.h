#pragma once
#include <pthread.h>
#include <stddef.h>

// A shared library that is loaded when it is first called, for docs/decisions/0006-start-up.md's reasons. A shim gives a
// table of the functions we call and says LAZY_LIBRARY; it then defines them under their own names as forwards.

/// A function of a library: its name, and where its address is kept.
struct lazy_function {
  const char *name;
  void **address;
};

/// Loads the first library of `names` that is there and finds all `functions` in it. Both lists end with a null.
///
/// The library stays loaded until the process ends. Not for two threads at once: call it inside pthread_once.
/// Returns null, or why it could not be done; no address is set then. The text lives until the process ends.
const char *lazy_library_load(const char *const *names, const struct lazy_function *functions);

// A table is a macro that calls its argument for each function with: result, name, parameters, arguments, and what is
// returned where the library is missing.

/// Where a function's address is kept.
#define LAZY_ADDRESS(result, name, parameters, ...) static result(*lazy_##name) parameters;
/// What lazy_library_load wants to know of it.
#define LAZY_ENTRY(result, name, ...) {#name, (void **)&lazy_##name},
/// The function itself.
#define LAZY_FORWARD(result, name, parameters, arguments, otherwise) \
  result name parameters {                                           \
    if (lazy_missing()) return otherwise;                            \
    return lazy_##name arguments;                                    \
  }

/// Defines `missing`, which says why the library cannot be used (null if it is there), and lazy_missing, the same under
/// the name that LAZY_FORWARD calls. `entries` are LAZY_ENTRYs; the file names to try follow.
#define LAZY_LIBRARY(missing, entries, ...)                                      \
  static const char *lazy_reason;                                                \
  static void lazy_load(void) {                                                  \
    static const char *const names[] = {__VA_ARGS__, NULL};                      \
    static const struct lazy_function functions[] = {entries{NULL, NULL}};       \
    lazy_reason = lazy_library_load(names, functions);                           \
  }                                                                              \
  static const char *lazy_missing(void) {                                        \
    static pthread_once_t once = PTHREAD_ONCE_INIT;                              \
    pthread_once(&once, lazy_load);                                              \
    return lazy_reason;                                                          \
  }                                                                              \
  const char *missing(void) { return lazy_missing(); }

/// The names a library's file may have: on Debian and its kin, where its development files are, from Homebrew.
#define LAZY_NAMES(name, linux_version, mac_version)                              \
  "lib" name ".so." linux_version, "lib" name ".so", "lib" name "." mac_version ".dylib", \
      "/opt/homebrew/lib/lib" name "." mac_version ".dylib"
