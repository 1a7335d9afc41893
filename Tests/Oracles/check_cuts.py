#!/usr/bin/env python3
"""Cuts random ranges out of mp3, wav and flac files and compares what other decoders make of them with the source.

    Tests/Oracles/check_cuts.py REPRISE COUNT FILE...

Each cut is decoded by mpg123 and by ffmpeg (mp3: 16-bit and 32-bit float samples; wav and flac: the samples as they
are) and must be the source's range, bit for bit and exactly as long. flac cuts must pass flac -t. Wants numpy,
mpg123, ffmpeg, flac. Prints a line for every exception and a summary; exits with 1 if there was one.
"""

import collections
import random
import sys
import tempfile
from dataclasses import dataclass

import numpy as np
from oracles import decoders, programs

DECODERS = {
    "mp3": [("mpg123", "s16"), ("mpg123", "f32"), ("ffmpeg", "s16"), ("ffmpeg", "f32")],
    "wav": [("ffmpeg", "s32")],
    "flac": [("ffmpeg", "s32")],
}


@dataclass
class Source:
    """A file that is cut: its facts as reprise tells them, and what each decoder makes of it."""

    path: str
    rate: int
    channels: int
    frames: int
    format: str
    decoded: dict[tuple[str, str], np.ndarray]


def decode(path: str, how: tuple[str, str], channels: int) -> np.ndarray:
    name, kind = how
    return decoders.mpg123(path, kind, channels) if name == "mpg123" else decoders.ffmpeg(path, kind, channels)


def bits(samples: np.ndarray) -> np.ndarray:
    return samples.view(np.uint32) if samples.dtype == np.float32 else samples


def open_source(reprise: str, path: str) -> Source:
    record = programs.inspect(reprise, [path])[0]
    channels, frames = record["channels"], record["duration"]["frames"]
    whole = {how: decode(path, how, channels) for how in DECODERS[record["format"]]}
    for how, samples in whole.items():
        if len(samples) != frames:
            print(f"{path}: {' '.join(how)} decodes {len(samples)} samples, reprise counts {frames}")
    return Source(path, record["sampleRate"], channels, frames, record["format"], whole)


def differences(source: Source, cut: str, start: int, length: int) -> list[str]:
    """What is wrong with a cut, by decoder."""
    bad = []
    for how, whole in source.decoded.items():
        part, want, name = decode(cut, how, source.channels), whole[start : start + length], " ".join(how)
        if len(part) != length:
            bad.append(f"{name}: {len(part)} samples")
        elif not np.array_equal(bits(part), bits(want)):
            wrong = np.nonzero(np.any(bits(part) != bits(want), axis=1))[0]
            apart = np.max(np.abs(part[wrong].astype(np.float64) - want[wrong].astype(np.float64)))
            bad.append(f"{name}: {len(wrong)} samples differ, first {wrong[0]}, last {wrong[-1]}, by at most {apart:g}")
    if source.format == "flac" and not decoders.flac_accepts(cut):
        bad.append("flac -t fails")
    return bad


def try_cut(reprise: str, source: Source, start: int, length: int, out: str) -> str:
    """Makes one cut; "identical", "encoded again" or "exception", the latter two after a line that says why."""
    # Nine decimals: neither rounding nor the option's reading can miss the sample meant.
    ends = ("--start", f"{start / source.rate:.9f}", "--end", f"{(start + length) / source.rate:.9f}")
    done = programs.run(reprise, "prepare", source.path, "-o", out, "--force", "--json", *ends)
    where = f"{source.path} {start}+{length}"
    if done.returncode:
        print(f"{where}: exit {done.returncode} {done.stderr.decode()[-200:]}")
        return "exception"
    record = programs.records(done.stdout)[0]
    if not record["lossless"]:
        print(f"{where}: encoded again: {record['remark'] or record['steps'][-1]['detail']}")
        return "encoded again"
    if bad := differences(source, out, start, length):
        print(f"{where}: {'; '.join(bad)}")
        return "exception"
    return "identical"


def main() -> int:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("count", type=int, help="how many cuts, spread over the files")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    chance, outcomes = random.Random(20261124), collections.Counter()
    with tempfile.TemporaryDirectory() as directory:
        for path in options.files:
            source = open_source(options.reprise, path)
            for _ in range(max(options.count // len(options.files), 1)):
                length = chance.randint(6 * source.rate, min(40 * source.rate, source.frames))
                last = source.frames - length
                start = chance.choice([0, last, chance.randint(0, last), chance.randint(0, last)])
                out = f"{directory}/cut.{source.format}"
                outcomes[try_cut(options.reprise, source, start, length, out)] += 1
    print(
        f"{outcomes.total()} cuts of {len(options.files)} files: {outcomes['identical']} identical, "
        f"{outcomes['encoded again']} encoded again, {outcomes['exception']} exceptions"
    )
    return 1 if outcomes["exception"] else 0


if __name__ == "__main__":
    sys.exit(main())
