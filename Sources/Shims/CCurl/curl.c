// libcurl's functions under their own names, each loading the library at its first call: with LDAP, Kerberos, SSH and
// 25 more behind it, linking it would cost every command 6 ms and 4 MB (docs/decisions/0006-start-up.md).
//
// Under their own names also because Foundation's URLSession wants them, which FlyingFox's proxy brings in unused.
#define CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_DEPRECATION
// Newer headers declare its handle const, older ones don't; the definition below is to stand beside both.
#define curl_url_get curl_url_get_as_declared
#include "shim.h"
#undef curl_url_get

#include <LazyLibrary.h>
#include <stdarg.h>

// They only count arguments, which the definitions below do not want.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

// Result, name, parameters, arguments, and what is returned where the library is missing.
#define FUNCTIONS(X)                                                                                                  \
  X(CURLcode, curl_global_init, (long flags), (flags), CURLE_FAILED_INIT)                                             \
  X(time_t, curl_getdate, (const char *text, const time_t *unused), (text, unused), -1)                               \
  X(CURL *, curl_easy_init, (void), (), NULL)                                                                         \
  X(void, curl_easy_cleanup, (CURL * easy), (easy), )                                                                 \
  X(const char *, curl_easy_strerror, (CURLcode code), (code), lazy_missing())                                \
  X(CURLM *, curl_multi_init, (void), (), NULL)                                                                       \
  X(CURLMcode, curl_multi_cleanup, (CURLM * multi), (multi), CURLM_BAD_HANDLE)                                        \
  X(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL * easy), (multi, easy), CURLM_BAD_HANDLE)                  \
  X(CURLMcode, curl_multi_remove_handle, (CURLM * multi, CURL * easy), (multi, easy), CURLM_BAD_HANDLE)               \
  X(CURLMcode, curl_multi_perform, (CURLM * multi, int *running), (multi, running), CURLM_BAD_HANDLE)                 \
  X(CURLMcode, curl_multi_poll,                                                                                       \
    (CURLM * multi, struct curl_waitfd extra[], unsigned extras, int milliseconds, int *count),                       \
    (multi, extra, extras, milliseconds, count), CURLM_BAD_HANDLE)                                                    \
  X(CURLMsg *, curl_multi_info_read, (CURLM * multi, int *left), (multi, left), NULL)                                 \
  X(struct curl_slist *, curl_slist_append, (struct curl_slist * list, const char *line), (list, line), NULL)         \
  X(void, curl_slist_free_all, (struct curl_slist * list), (list), )                                                  \
  FOUNDATION_FUNCTIONS(X)

// What URLSession alone wants.
#define FOUNDATION_FUNCTIONS(X)                                                                                       \
  X(CURLcode, curl_easy_pause, (CURL * easy, int mask), (easy, mask), CURLE_FAILED_INIT)                              \
  X(void, curl_free, (void *text), (text), )                                                                          \
  X(CURLMcode, curl_multi_assign, (CURLM * multi, curl_socket_t socket, void *data), (multi, socket, data),           \
    CURLM_BAD_HANDLE)                                                                                                 \
  X(CURLMcode, curl_multi_socket_action, (CURLM * multi, curl_socket_t socket, int mask, int *running),               \
    (multi, socket, mask, running), CURLM_BAD_HANDLE)                                                                 \
  X(CURLU *, curl_url, (void), (), NULL)                                                                              \
  X(CURLUcode, curl_url_get, (const CURLU *address, CURLUPart part, char **text, unsigned flags),                     \
    (address, part, text, flags), CURLUE_BAD_HANDLE)                                                                  \
  X(CURLUcode, curl_url_set, (CURLU * address, CURLUPart part, const char *text, unsigned flags),                     \
    (address, part, text, flags), CURLUE_BAD_HANDLE)                                                                  \
  X(char *, curl_version, (void), (), (char *)"")                                                                     \
  X(curl_version_info_data *, curl_version_info, (CURLversion version), (version), NULL)

// Their last argument is a long, a curl_off_t or a pointer: one word of 64 bits on every system that Reprise is for.
#define VARIADIC_FUNCTIONS(X)                                        \
  X(CURLcode, curl_easy_setopt, CURL *, CURLoption, CURLE_FAILED_INIT) \
  X(CURLcode, curl_easy_getinfo, CURL *, CURLINFO, CURLE_FAILED_INIT)  \
  X(CURLMcode, curl_multi_setopt, CURLM *, CURLMoption, CURLM_BAD_HANDLE)
_Static_assert(sizeof(long) == sizeof(void *) && sizeof(curl_off_t) == sizeof(void *), "arguments of one word");

FUNCTIONS(LAZY_ADDRESS)
#define VARIADIC_ADDRESS(result, name, handle, choice, otherwise) static result (*lazy_##name)(handle, choice, ...);
VARIADIC_FUNCTIONS(VARIADIC_ADDRESS)

LAZY_LIBRARY(
    reprise_curl_missing, FUNCTIONS(LAZY_ENTRY) VARIADIC_FUNCTIONS(LAZY_ENTRY), LAZY_NAMES("curl", "4", "4"))
FUNCTIONS(LAZY_FORWARD)

#define VARIADIC_FORWARD(result, name, handle, choice, otherwise) \
  result name(handle subject, choice what, ...) {                 \
    if (lazy_missing()) return otherwise;                         \
    va_list arguments;                                            \
    va_start(arguments, what);                                    \
    void *word = va_arg(arguments, void *);                       \
    va_end(arguments);                                            \
    return lazy_##name(subject, what, word);                      \
  }
VARIADIC_FUNCTIONS(VARIADIC_FORWARD)
