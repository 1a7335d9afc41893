#!/usr/bin/env bash
# How fast `inspect --deep` is on one core, beside what only decodes: libmpg123 (a small C program that throws the
# samples away) and `flac -t`.
#
#     Benchmarks/measure_deep_speed.py REPRISE AUDIO...
#
# From every AUDIO file an mp3 (lame -V2) and a flac of 240 s are made (it is repeated until it is long enough).
# Both are run in turn, seven times, and the least processor time (user and system) of each counts: what else runs on
# the core takes wall time from both. Wants gcc, libmpg123-dev, ffmpeg, lame, flac, python3, taskset. Compare ratios, not
# absolutes.
set -euo pipefail
reprise=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/peer.c" <<'C'
#include <mpg123.h>
#include <stdio.h>

int main(int count, char **paths) {
  static float buffer[65536];
  long long total = 0;
  for (int i = 1; i < count; i++) {
    int error;
    mpg123_handle *handle = mpg123_new(NULL, &error);
    mpg123_param(handle, MPG123_ADD_FLAGS, MPG123_FORCE_FLOAT | MPG123_GAPLESS | MPG123_QUIET, 0);
    if (mpg123_open(handle, paths[i]) != MPG123_OK) return 1;
    long rate;
    int channels, encoding, status;
    size_t done;
    mpg123_getformat(handle, &rate, &channels, &encoding);
    do {
      status = mpg123_read(handle, (unsigned char *)buffer, sizeof buffer, &done);
      total += done;
    } while (status == MPG123_OK || status == MPG123_NEW_FORMAT);
    mpg123_delete(handle);
  }
  printf("%lld\n", total);
  return 0;
}
C
gcc -O2 "$work/peer.c" -o "$work/peer" -lmpg123
number=0
for file in "$@"; do
  number=$((number + 1))
  ffmpeg -v error -y -stream_loop -1 -i "$file" -t 240 -ar 44100 -ac 2 -c:a pcm_s16le -bitexact "$work/x.wav" < /dev/null
  lame --quiet -V2 "$work/x.wav" "$work/$number.mp3"
  flac --silent -5 "$work/x.wav" -o "$work/$number.flac"
done
cd "$work"
python3 - "$reprise" "$number" <<'P'
import resource, subprocess, sys

reprise, number = sys.argv[1], int(sys.argv[2])


def seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # inspect exits with 1 where a file is not what the service takes; a signal is an error all the same.
    code = subprocess.run(["taskset", "-c", "0"] + command, stdout=subprocess.DEVNULL).returncode
    if code not in (0, 1):
        sys.exit("%s: exit %d" % (command[0], code))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


for name, peer in (("mp3", ["./peer"]), ("flac", ["flac", "--silent", "-t"])):
    files = ["./%d.%s" % (index + 1, name) for index in range(number)]
    ours = [reprise, "inspect", "--quiet", "--deep", "--json"]
    rounds = [(seconds(peer + files), seconds(ours + files)) for _ in range(7)]
    theirs, own = (min(round[side] for round in rounds) for side in (0, 1))
    print("%s: peer %.3f s, inspect --deep %.3f s of processor time: %.2f of its speed" % (name, theirs, own, theirs / own))
P
