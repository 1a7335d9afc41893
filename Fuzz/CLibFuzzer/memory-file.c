#define _GNU_SOURCE
#include <sys/mman.h>

#include "CLibFuzzer.h"

int reprise_memory_file(void) {
#ifdef __linux__
  return memfd_create("fuzz", MFD_CLOEXEC);
#else
  return -1;
#endif
}
