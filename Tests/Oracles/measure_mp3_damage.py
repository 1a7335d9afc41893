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
import random
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from oracles import decoders, mpeg, programs, tables
from oracles.programs import must, run

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


KINDS = ["bit", "byte", "64 random bytes", "64 zeros", "512 random bytes", "100 bytes lost", "4096 bytes lost"]
COMPLAINTS = ("error", "warning", "illegal", "resync", "junk", "truncated", "missing bits", "overrun")


@dataclass
class Case:
    """A changed copy of a file in one mode."""

    mode: str
    original: Path
    path: Path


@dataclass
class Counts:
    """What was found of one kind of change."""

    files: int = 0
    found: int = 0
    audible: int = 0
    found_audible: int = 0
    mismatched: int = 0
    placed: int = 0
    placeable: int = 0
    others: list[int] = field(default_factory=lambda: [0, 0, 0])


def encode(source: str, number: int, seconds: float, work: Path) -> dict[str, Path]:
    """The whole files, by mode; a mode that the encoder at hand lacks is left out."""
    wav = work / f"{number}.wav"
    must("ffmpeg", "-v", "error", "-y", "-t", str(seconds), "-i", source, "-ar", "44100", "-ac", "2", wav)
    made = {name: work / f"{number} {name}.mp3" for name in (*LAME, *FFMPEG)}
    for name, arguments in LAME.items():
        run("lame", "--quiet", *arguments, wav, made[name])
    for name, arguments in FFMPEG.items():
        run("ffmpeg", "-v", "error", "-y", "-i", wav, *arguments, made[name])
    return {name: path for name, path in made.items() if path.exists() and path.stat().st_size > 1000}


def inspect(reprise: str, paths: list[Path]) -> list[dict[str, Any]]:
    return programs.inspect(reprise, paths, "--deep", "--min-seconds", "0")


def audio_start(data: bytes) -> int:
    """Where the first frame behind the header's begins."""
    start, length = mpeg.frames(data)[0]
    return start + length if mpeg.header_offset(data[start:], 1500) is not None else start


def change(data: bytes, kind: str, chance: random.Random) -> bytes:
    """One change at a random place behind the header's frame."""
    start = audio_start(data)
    data = bytearray(data)
    # The last two frames' worth is left alone: what is cut off there is another matter.
    place = chance.randrange(start, max(len(data) - 3000, start + 1))
    if kind == "bit":
        data[place] ^= 1 << chance.randrange(8)
    elif kind == "byte":
        data[place] = (data[place] + chance.randrange(1, 256)) & 255
    elif kind == "64 random bytes":
        data[place : place + 64] = chance.randbytes(64)
    elif kind == "64 zeros":
        data[place : place + 64] = bytes(64)
    elif kind == "512 random bytes":
        data[place : place + 512] = chance.randbytes(512)
    elif kind == "100 bytes lost":
        del data[place : place + 100]
    elif kind == "4096 bytes lost":
        del data[place : place + 4096]
    return bytes(data)


def decode(path: Path) -> np.ndarray:
    """The samples by mpg123, which is told to go on, as one row."""
    return decoders.mpg123(path, "s16", 1)[:, 0].astype(int)


def others(path: Path) -> tuple[bool, bool, bool]:
    """Whether mpg123 -t, ffmpeg and mp3val complain."""
    mpg = run("mpg123", "-t", path).stderr.decode(errors="replace").lower()
    ff = run("ffmpeg", "-v", "error", "-i", path, "-f", "null", "-")
    val = run("mp3val", path).stdout.decode(errors="replace").splitlines()
    accused = any(("WARNING" in line and "No supported tags" not in line) or "ERROR" in line for line in val)
    return any(word in mpg for word in COMPLAINTS), bool(ff.stderr.strip()), accused


def make_cases(kind: str, files: list[dict[str, Path]], trials: int, work: Path) -> list[Case]:
    cases = []
    for number, made in enumerate(files):
        for mode in (mode for mode in DAMAGED_MODES if mode in made):
            data = made[mode].read_bytes()
            for trial in range(trials):
                path = work / f"x {kind} {number} {mode} {trial}.mp3"
                path.write_bytes(change(data, kind, random.Random(f"{kind} {number} {mode} {trial}")))
                cases.append(Case(mode, made[mode], path))
    return cases


def judge(case: Case, record: dict[str, Any], before: np.ndarray, counts: Counts) -> None:
    """Counts one changed copy: found or not, heard or not, at the right place or not."""
    hit, after = record["integrity"]["damaged"], decode(case.path)
    counts.files += 1
    counts.found += hit
    counts.mismatched += not hit and record["integrity"]["musicCRC"] == "differs"
    length = min(len(before), len(after))
    differing = np.flatnonzero(np.abs(before[:length] - after[:length]) > 32)
    heard = len(differing) > 0 or len(before) != len(after)
    counts.audible += heard
    counts.found_audible += hit and heard
    if hit and len(differing) and record["channels"]:
        counts.placeable += 1
        first = differing[0] / record["channels"] / record["sampleRate"]
        # A frame either way: where a frame's first granule is damaged late, it differs late.
        frame = 1152 / record["sampleRate"]
        spans = record["integrity"]["damage"]
        counts.placed += any(span["start"] - frame <= first <= span["end"] + frame for span in spans)


def measure(reprise: str, kind: str, cases: list[Case], by_mode: dict[str, dict[str, list[int]]]) -> None:
    """Prints the row of one kind of change."""
    counts = Counts()
    records = inspect(reprise, [case.path for case in cases])
    originals = {path: decode(path) for path in {case.original for case in cases}}
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(others, [case.path for case in cases]))
    for case, record, words in zip(cases, records, told, strict=True):
        judge(case, record, originals[case.original], counts)
        counts.others = [count + said for count, said in zip(counts.others, words, strict=True)]
        mode_counts = by_mode.setdefault(case.mode, {}).setdefault(kind, [0, 0])
        mode_counts[0] += record["integrity"]["damaged"]
        mode_counts[1] += 1
        case.path.unlink()
    tables.row(
        kind,
        counts.files,
        f"{100 * counts.found / counts.files:.1f} %",
        f"{100 * counts.found_audible / max(counts.audible, 1):.1f} % ({counts.audible})",
        f"{counts.mismatched} more differ",
        f"{100 * counts.placed / max(counts.placeable, 1):.1f} % of {counts.placeable}",
        *(f"{100 * count / counts.files:.1f} %" for count in counts.others),
    )


def arguments() -> argparse.Namespace:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("audio", nargs="+")
    parser.add_argument(
        "--trials", type=int, default=40, help="changed copies for each kind of change and mode; 0: only whole files"
    )
    parser.add_argument("--seconds", type=float, default=8)
    return parser.parse_args()


def main() -> int:
    options = arguments()
    programs.require("lame", "ffmpeg", "mpg123", "mp3val")
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        files = [encode(source, number, options.seconds, work) for number, source in enumerate(options.audio)]
        whole = inspect(options.reprise, [path for made in files for path in made.values()])
        accused = [record for record in whole if record["integrity"]["damaged"] or record["verdict"] == "rejected"]
        print(f"{len(whole)} whole files, {len(accused)} accused")
        for record in accused:
            print("  ", record["path"], record["integrity"]["problems"])
        if options.trials == 0:
            return 1 if accused else 0
        by_mode: dict[str, dict[str, list[int]]] = {}
        tables.header(
            *("change", "files", "found", "of the audible", "checksum of LAME's tag", "place right"),
            *("mpg123 -t", "ffmpeg", "mp3val"),
        )
        for kind in KINDS:
            measure(options.reprise, kind, make_cases(kind, files, options.trials, work), by_mode)
    print()
    tables.header("mode", *KINDS)
    for mode, kinds in by_mode.items():
        tables.row(mode, *(f"{100 * kinds[kind][0] / kinds[kind][1]:.0f} %" for kind in KINDS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
