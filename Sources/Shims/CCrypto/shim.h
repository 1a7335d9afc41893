#pragma once
// macOS has its own in CommonCrypto.
#ifndef __APPLE__
#include <openssl/evp.h>

/// Why libcrypto cannot be used: null if it is there. Loads it, the first time.
const char *reprise_crypto_missing(void);
#endif
