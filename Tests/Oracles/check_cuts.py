#!/usr/bin/env python3
"""Cuts random ranges out of mp3, wav and flac files and compares what other decoders make of them with the source.

    Tests/Oracles/check_cuts.py REPRISE COUNT FILE…

Each cut is decoded by mpg123 and by ffmpeg (mp3: 16-bit and 32-bit float samples; wav and flac: the samples as they are)
and must be the source's range, bit for bit and exactly as long. flac cuts must pass flac -t. Wants numpy, mpg123, ffmpeg,
flac. Prints a line for every exception and a summary; exits with 1 if there was one.
"""
import json, os, random, subprocess, sys, tempfile
import numpy as np

reprise, count, files = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
rng = random.Random(20261124)
tmp = tempfile.mkdtemp()


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def probe(path):
    record = json.loads(run(reprise, "inspect", "--json", path).stdout.splitlines()[0])
    return record["sampleRate"], record["channels"], record["duration"]["frames"], record["format"]


def decoded(path, how, channels):
    if how == "mpg123 s16":
        return np.frombuffer(run("mpg123", "-q", "-e", "s16", "-s", path).stdout, np.int16).reshape(-1, channels)
    if how == "mpg123 f32":
        return np.frombuffer(run("mpg123", "-q", "-e", "f32", "-s", path).stdout, np.float32).reshape(-1, channels)
    kind, dtype = {"ffmpeg s16": ("s16le", np.int16), "ffmpeg f32": ("f32le", np.float32), "ffmpeg s32": ("s32le", np.int32)}[how]
    return np.frombuffer(run("ffmpeg", "-v", "error", "-i", path, "-f", kind, "-").stdout, dtype).reshape(-1, channels)


def bits(samples):
    return samples.view(np.uint32) if samples.dtype == np.float32 else samples


cuts = exceptions = fallbacks = identical = 0
per_file = max(count // len(files), 1)
for path in files:
    rate, channels, total, kind = probe(path)
    hows = ["mpg123 s16", "mpg123 f32", "ffmpeg s16", "ffmpeg f32"] if kind == "mp3" else ["ffmpeg s32"]
    whole = {how: decoded(path, how, channels) for how in hows}
    for how in hows:
        if len(whole[how]) != total:
            print("%s: %s decodes %d samples, reprise counts %d" % (path, how, len(whole[how]), total))
    for index in range(per_file):
        length = rng.randint(6 * rate, min(40 * rate, total))
        start = rng.choice([0, total - length, rng.randint(0, total - length), rng.randint(0, total - length)])
        out = os.path.join(tmp, "cut." + kind)
        # Half a sample is added so that neither rounding nor the option's decimals can miss the sample meant.
        got = run(reprise, "prepare", path, "-o", out, "--force", "--json", "--start", "%.9f" % (start / rate), "--end", "%.9f" % ((start + length) / rate))
        cuts += 1
        if got.returncode:
            exceptions += 1
            print("%s %d+%d: exit %d %s" % (path, start, length, got.returncode, got.stderr.decode()[-200:]))
            continue
        record = json.loads(got.stdout.splitlines()[0])
        if not record["lossless"]:
            fallbacks += 1
            print("%s %d+%d: encoded again: %s" % (path, start, length, record["remark"] or record["steps"][-1]["detail"]))
            continue
        bad = []
        for how in hows:
            part = decoded(out, how, channels)
            want = whole[how][start : start + length]
            if len(part) != length:
                bad.append("%s: %d samples" % (how, len(part)))
            elif not np.array_equal(bits(part), bits(want)):
                wrong = np.nonzero(np.any(bits(part) != bits(want), axis=1))[0]
                apart = np.max(np.abs(part[wrong].astype(np.float64) - want[wrong].astype(np.float64)))
                bad.append("%s: %d samples differ, first %d, last %d, by at most %g" % (how, len(wrong), wrong[0], wrong[-1], apart))
        if kind == "flac" and run("flac", "-ts", out).returncode:
            bad.append("flac -t fails")
        if bad:
            exceptions += 1
            print("%s %d+%d: %s" % (path, start, length, "; ".join(bad)))
        else:
            identical += 1
print("%d cuts of %d files: %d identical, %d encoded again, %d exceptions" % (cuts, len(files), identical, fallbacks, exceptions))
sys.exit(1 if exceptions else 0)
