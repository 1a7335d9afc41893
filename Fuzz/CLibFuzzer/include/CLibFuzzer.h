#pragma once
#include <stddef.h>
#include <stdint.h>

/// libFuzzer's loop (clang's compiler-rt; see llvm.org/docs/LibFuzzer.html), which scripts/fuzz links in.
int LLVMFuzzerRunDriver(
    int *_Nonnull count, char *_Nullable *_Nonnull *_Nonnull arguments,
    int (*_Nonnull run)(const uint8_t *_Nullable bytes, size_t count));

/// A nameless file in memory, -1 if there is none to be had.
int reprise_memory_file(void);
