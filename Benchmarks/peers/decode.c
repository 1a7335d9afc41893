// What libmpg123 takes to decode each file to floats and forget them. A peer for `reprise inspect --deep`.
#include <mpg123.h>
#include <stdio.h>

static unsigned char block[1 << 16];

int main(int count, char **paths) {
  for (int index = 1; index < count; index++) {
    mpg123_handle *handle = mpg123_new(NULL, NULL);
    if (!handle) return 1;
    mpg123_param(handle, MPG123_ADD_FLAGS, MPG123_QUIET | MPG123_FORCE_FLOAT, 0);
    mpg123_param(handle, MPG123_RESYNC_LIMIT, -1, 0);
    if (mpg123_open(handle, paths[index]) != MPG123_OK) {
      fprintf(stderr, "%s: %s\n", paths[index], mpg123_strerror(handle));
      return 1;
    }
    long long bytes = 0;
    int status;
    do {
      size_t done = 0;
      status = mpg123_read(handle, block, sizeof block, &done);
      bytes += done;
    } while (status == MPG123_OK || status == MPG123_NEW_FORMAT);
    printf("%lld %s\n", bytes, paths[index]);
    mpg123_delete(handle);
    if (status != MPG123_DONE) return 1;
  }
  return 0;
}
