#!/usr/bin/env python3
"""How much of the damage inside mp3 files `inspect --deep` finds, and whether it accuses files that are whole.

    Tests/Oracles/measure_mp3_damage.py REPRISE AUDIO... [--trials N] [--seconds S]

From every AUDIO file it makes mp3s of so many seconds with lame and ffmpeg in many modes. First all of them are
inspected: each accusation is false. Then bits, bytes and blocks of them are changed at random places behind the
header's frame, and it is counted what inspect --deep, mpg123 -t, ffmpeg -v error and mp3val say of each, whether
inspect's times cover the place at which the decoded samples first differ (decoded by mpg123, which is told to go
on), and how loud the difference is. Deterministic for the same files and versions. Wants lame, ffmpeg, mpg123,
mp3val, numpy.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import numpy

parser = argparse.ArgumentParser()
parser.add_argument("reprise")
parser.add_argument("audio", nargs="+")
parser.add_argument(
    "--trials",
    type=int,
    default=40,
    help="changed copies for each kind of change and mode; with 0 only whole files are inspected",
)
parser.add_argument("--seconds", type=float, default=8)
options = parser.parse_args()
work = tempfile.mkdtemp()


def run(*command, **more):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, **more)


LAME = {
    "lame 128": ["-b", "128"],
    "lame 320": ["-b", "320"],
    "lame V2": ["-V", "2"],
    "lame V9": ["-V", "9"],
    "lame abr 150": ["--abr", "150"],
    "lame mono 64": ["-m", "m", "-b", "64"],
    "lame stereo": ["-m", "s", "-b", "192"],
    "lame dual": ["-m", "d", "-b", "128"],
    "lame forced joint": ["-m", "f", "-V", "4"],
    "lame crc 128": ["-p", "-b", "128"],
    "lame crc V4": ["-p", "-V", "4"],
    "lame crc mono": ["-p", "-m", "m", "-V", "5"],
    "lame no reservoir": ["--nores", "-b", "128"],
    "lame no tag": ["-t", "-b", "160"],
    "lame 48k": ["--resample", "48", "-V", "3"],
    "lame 32k": ["--resample", "32", "-b", "96"],
    "lame 24k": ["--resample", "24", "-V", "5"],
    "lame 22k crc": ["--resample", "22.05", "-p", "-b", "56"],
    "lame 16k mono": ["--resample", "16", "-m", "m", "-b", "24"],
    "lame 11k": ["--resample", "11.025", "-b", "24"],
    "lame 8k": ["--resample", "8", "-b", "16"],
    "lame short": ["--allshort", "-b", "160"],
    "lame fast": ["-q", "9", "-b", "128"],
    "lame best": ["-q", "0", "-b", "112"],
    "lame strict": ["--strictly-enforce-ISO", "-b", "320"],
    "lame 40": ["-b", "40"],
    "lame insane": ["--preset", "insane"],
    "lame lowpass": ["-V", "0", "--lowpass", "8"],
}
FFMPEG = {
    "ffmpeg 128": ["-b:a", "128k"],
    "ffmpeg q2": ["-q:a", "2"],
    "ffmpeg q8": ["-q:a", "8"],
    "ffmpeg mono": ["-ac", "1", "-b:a", "48k"],
    "ffmpeg 22k": ["-ar", "22050", "-b:a", "64k"],
    "ffmpeg no xing": ["-write_xing", "0", "-q:a", "4"],
    "ffmpeg no joint": ["-joint_stereo", "0", "-b:a", "192k"],
    "ffmpeg no reservoir": ["-reservoir", "0", "-b:a", "96k"],
    "shine 128": ["-c:a", "libshine", "-ac", "2", "-ar", "44100", "-b:a", "128k"],
    "shine mono 64": ["-c:a", "libshine", "-ac", "1", "-ar", "44100", "-b:a", "64k"],
}
DAMAGED_MODES = [
    "lame 128",
    "lame V2",
    "lame mono 64",
    "lame crc 128",
    "lame crc V4",
    "lame 24k",
    "ffmpeg 128",
    "ffmpeg q2",
    "shine 128",
]


def encode(source, number):
    wav = os.path.join(work, "%d.wav" % number)
    run(
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-t",
        str(options.seconds),
        "-i",
        source,
        "-ar",
        "44100",
        "-ac",
        "2",
        wav,
        check=True,
    )
    made = {}
    for name, arguments in LAME.items():
        made[name] = os.path.join(work, "%d %s.mp3" % (number, name))
        run("lame", "--quiet", *arguments, wav, made[name])
    for name, arguments in FFMPEG.items():
        made[name] = os.path.join(work, "%d %s.mp3" % (number, name))
        run("ffmpeg", "-v", "error", "-y", "-i", wav, *arguments, made[name])
    return {name: path for name, path in made.items() if os.path.exists(path) and os.path.getsize(path) > 1000}


def inspect(paths):
    output = run(options.reprise, "inspect", "--deep", "--json", "--min-seconds", "0", *paths).stdout.decode()
    return [json.loads(line) for line in output.splitlines()]


def frames_at(data):
    """Where the first frame behind the header's begins."""
    start = 0
    if data[:3] == b"ID3":
        start = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
    head = data[start : start + 1500]
    if b"Info" in head or b"Xing" in head:
        word = int.from_bytes(head[:4], "big")
        one = word >> 19 & 3 == 3
        rates = (
            [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
            if one
            else [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
        )
        rate = [44100, 48000, 32000][word >> 10 & 3] // (1 if one else 2)
        start += (144000 if one else 72000) * rates[word >> 12 & 15] // rate + (word >> 9 & 1)
    return start


def change(data, kind, random):
    start = frames_at(data)
    data = bytearray(data)
    # The last two frames' worth is left alone: what is cut off there is another matter.
    place = random.randrange(start, max(len(data) - 3000, start + 1))
    if kind == "bit":
        data[place] ^= 1 << random.randrange(8)
    elif kind == "byte":
        data[place] = (data[place] + random.randrange(1, 256)) & 255
    elif kind == "64 random bytes":
        data[place : place + 64] = random.randbytes(64)
    elif kind == "64 zeros":
        data[place : place + 64] = bytes(64)
    elif kind == "512 random bytes":
        data[place : place + 512] = random.randbytes(512)
    elif kind == "100 bytes lost":
        del data[place : place + 100]
    elif kind == "4096 bytes lost":
        del data[place : place + 4096]
    return bytes(data)


def decode(path):
    return numpy.frombuffer(run("mpg123", "-q", "--resync-limit", "-1", "-e", "s16", "-s", path).stdout, "<i2").astype(
        int
    )


def others(path):
    mpg = run("mpg123", "-t", path).stderr.decode(errors="replace").lower()
    ff = run("ffmpeg", "-v", "error", "-i", path, "-f", "null", "-")
    val = run("mp3val", path).stdout.decode(errors="replace")
    return (
        any(
            word in mpg
            for word in ("error", "warning", "illegal", "resync", "junk", "truncated", "missing bits", "overrun")
        ),
        bool(ff.stderr.strip()),
        any(("WARNING" in line and "No supported tags" not in line) or "ERROR" in line for line in val.splitlines()),
    )


files = [encode(source, number) for number, source in enumerate(options.audio)]
whole = [path for made in files for path in made.values()]
accused = [record for record in inspect(whole) if record["integrity"]["damaged"] or record["verdict"] == "rejected"]
print("%d whole files, %d accused" % (len(whole), len(accused)))
for record in accused:
    print("  ", record["path"], record["integrity"]["problems"])

KINDS = ["bit", "byte", "64 random bytes", "64 zeros", "512 random bytes", "100 bytes lost", "4096 bytes lost"]
if options.trials == 0:
    sys.exit(len(accused) > 0)
print(
    "| change | files | found | of the audible | checksum of LAME's tag | place right | mpg123 -t | ffmpeg | mp3val |"
)
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
pool = ThreadPoolExecutor(2)
by_mode = {}
for kind in KINDS:
    cases = []
    for number, made in enumerate(files):
        for mode in DAMAGED_MODES:
            if mode not in made:
                continue
            data = open(made[mode], "rb").read()
            for trial in range(options.trials):
                generator = random.Random("%s %d %s %d" % (kind, number, mode, trial))
                path = os.path.join(work, "x %s %d %s %d.mp3" % (kind, number, mode, trial))
                with open(path, "wb") as file:
                    file.write(change(data, kind, generator))
                cases.append((mode, made[mode], path))
    records = []
    for first in range(0, len(cases), 200):
        records += inspect([case[2] for case in cases[first : first + 200]])
    told = list(pool.map(others, [case[2] for case in cases]))
    originals = {path: decode(path) for path in {case[1] for case in cases}}
    found = audible = found_audible = mismatched = placed = placeable = 0
    for (mode, original, path), record, _words in zip(cases, records, told, strict=False):
        hit = record["integrity"]["damaged"]
        mode_counts = by_mode.setdefault(mode, {}).setdefault(kind, [0, 0])
        mode_counts[0] += hit
        mode_counts[1] += 1
        found += hit
        mismatched += not hit and record["integrity"]["musicCRC"] == "differs"
        before, after = originals[original], decode(path)
        length = min(len(before), len(after))
        differing = numpy.flatnonzero(numpy.abs(before[:length] - after[:length]) > 32)
        heard = len(differing) > 0 or len(before) != len(after)
        audible += heard
        found_audible += hit and heard
        if hit and len(differing) and record["channels"]:
            placeable += 1
            first = differing[0] / record["channels"] / record["sampleRate"]
            # A frame either way: where a frame's first granule is damaged late, it differs late.
            frame = 1152 / record["sampleRate"]
            placed += any(
                span["start"] - frame <= first <= span["end"] + frame for span in record["integrity"]["damage"]
            )
        os.remove(path)
    print(
        "| %s | %d | %.1f %% | %.1f %% (%d) | %d more differ | %.1f %% of %d | %.1f %% | %.1f %% | %.1f %% |"
        % (
            kind,
            len(cases),
            100 * found / len(cases),
            100 * found_audible / max(audible, 1),
            audible,
            mismatched,
            100 * placed / max(placeable, 1),
            placeable,
            *(100 * sum(one[i] for one in told) / len(cases) for i in range(3)),
        ),
        flush=True,
    )
print()
print("| mode | " + " | ".join(KINDS) + " |")
print("| --- |" + " --- |" * len(KINDS))
for mode, kinds in by_mode.items():
    print(f"| {mode} | " + " | ".join("%.0f %%" % (100 * kinds[k][0] / kinds[k][1]) for k in KINDS) + " |")
