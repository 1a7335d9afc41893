#pragma once
// glibc's settings of its heap, which Swift's Glibc module leaves out.
#if defined(__GLIBC__) || __has_include(<malloc.h>)
#include <malloc.h>
#endif
