#pragma once
// What spawn.h declares for GNU sources alone, which Swift's Glibc module leaves out.
#if defined(__linux__)
#include <spawn.h>
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
#endif
