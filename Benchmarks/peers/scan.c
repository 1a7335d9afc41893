// What libmpg123 takes to find each file's true length: open, scan every frame header, ask. A peer for `reprise inspect`.
#include <mpg123.h>
#include <stdio.h>

int main(int count, char **paths) {
  for (int index = 1; index < count; index++) {
    mpg123_handle *handle = mpg123_new(NULL, NULL);
    if (!handle) return 1;
    mpg123_param(handle, MPG123_ADD_FLAGS, MPG123_QUIET, 0);
    mpg123_param(handle, MPG123_RESYNC_LIMIT, -1, 0);
    if (mpg123_open(handle, paths[index]) != MPG123_OK || mpg123_scan(handle) != MPG123_OK) {
      fprintf(stderr, "%s: %s\n", paths[index], mpg123_strerror(handle));
      return 1;
    }
    printf("%lld %s\n", (long long)mpg123_length(handle), paths[index]);
    mpg123_delete(handle);
  }
  return 0;
}
