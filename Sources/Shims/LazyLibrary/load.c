#include "LazyLibrary.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

// dlerror's text is gone with the next call; this one is kept, and only ever for a library that is missing.
static const char *kept(const char *reason) {
  const char *copy = reason ? strdup(reason) : NULL;
  return copy ? copy : "no reason was given";
}

const char *lazy_library_load(const char *const *names, const struct lazy_function *functions) {
  void *library = NULL;
  const char *reason = NULL;
  for (; *names && !library; names++) {
    // RTLD_NOW: a library that lacks something is refused here and not in the middle of the work.
    library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
    // The first name is the right one where the library is installed; what is said of it says most.
    if (!library && !reason) reason = kept(dlerror());
  }
  if (!library) return reason ? reason : "no name was given";
  for (const struct lazy_function *function = functions; function->name; function++) {
    if (!dlsym(library, function->name)) return kept(dlerror());
  }
  for (const struct lazy_function *function = functions; function->name; function++) {
    *function->address = dlsym(library, function->name);
  }
  return NULL;
}
