// libcrypto's digests under their own names, each loading the library at its first call: few commands hash anything
// (docs/decisions/0006-start-up.md).
#include "shim.h"

#ifndef __APPLE__
#include <LazyLibrary.h>

// Result, name, parameters, arguments, and what is returned where the library is missing.
#define FUNCTIONS(X)                                                                                            \
  X(EVP_MD_CTX *, EVP_MD_CTX_new, (void), (), NULL)                                                             \
  X(void, EVP_MD_CTX_free, (EVP_MD_CTX * context), (context), )                                                 \
  X(const EVP_MD *, EVP_sha256, (void), (), NULL)                                                               \
  X(int, EVP_DigestInit_ex, (EVP_MD_CTX * context, const EVP_MD *type, ENGINE *engine), (context, type, engine), \
    0)                                                                                                          \
  X(int, EVP_DigestUpdate, (EVP_MD_CTX * context, const void *bytes, size_t count), (context, bytes, count), 0) \
  X(int, EVP_DigestFinal_ex, (EVP_MD_CTX * context, unsigned char *digest, unsigned *length),                   \
    (context, digest, length), 0)

FUNCTIONS(LAZY_ADDRESS)
LAZY_LIBRARY(reprise_crypto_missing, FUNCTIONS(LAZY_ENTRY), LAZY_NAMES("crypto", "3", "3"), "libcrypto.so.1.1")
FUNCTIONS(LAZY_FORWARD)
#endif
