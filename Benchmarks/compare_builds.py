#!/usr/bin/env python3
"""Measures two builds of reprise against each other, and prints a Markdown table of medians and ratios.

    Benchmarks/compare_builds.py OLD NEW [--rounds N] [--songs DIRECTORY] [--files DIRECTORY] [COMPARISON...]

In each round both builds run once, the old one first in every other round: whatever else the machine does meets both.
Ratios are of a round's own times; the table has their median and quartiles. Processor time is the steadier one on a
busy machine. Peak memory is the largest of three runs. Before anything is timed, both builds' standard output and exit
code are compared; where they differ is reported behind the table, as the builds may then have done different work.

The inputs are made below DIRECTORY (/tmp/reprise-builds unless given), some 2 GB, and kept: 200 mp3s and a song of
3 min by repeating and cutting SONGS/*.mp3 (Fixtures/recording.mp3 unless given), and a library by make_library.py.
Wants GNU time; the library wants ffmpeg and flac.
"""

import argparse
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests/Oracles"))
from make_files import shortened
from oracles import mpeg, programs, tables, usage

SECONDS = 180  # Of the song, and of the mp3s before they are shortened.
LIBRARY_FILES = 3000


@dataclass(frozen=True)
class Comparison:
    """One thing that both builds do."""

    title: str
    arguments: Callable[["Inputs"], list[object]]
    rounds: float = 1
    """How many times as many rounds as asked for: more where a run is short."""
    codes: tuple[int, ...] = (0,)


class Inputs:
    """Files that are made when they are first asked for."""

    def __init__(self, directory: Path, songs: list[Path]) -> None:
        self.directory, self.songs = directory, songs
        directory.mkdir(parents=True, exist_ok=True)

    @property
    def mp3s(self) -> list[Path]:
        """200 mp3s, each some frames shorter than the one before it of the same song."""
        place = self.directory / "mp3s"
        paths = [place / f"{number:03}.mp3" for number in range(200)]
        if not paths[-1].exists():
            place.mkdir(exist_ok=True)
            streams = [repeated(song.read_bytes()) for song in self.songs]
            for number, path in enumerate(paths):
                data = streams[number % len(streams)]
                starts = [offset for offset, _ in mpeg.frames(data)]
                path.write_bytes(shortened(data, starts, 1 + 7 * (number // len(streams))))
        return paths

    @property
    def song(self) -> Path:
        return self.mp3s[0]

    @property
    def cut(self) -> Path:
        """Where a part of the song is written: in memory, as a busy disk takes longer than all the rest."""
        return Path("/dev/shm/reprise-builds-cut.mp3")

    @property
    def library(self) -> Path:
        place = self.directory / "library-of-files"
        if not (place / "truth.tsv").exists():
            subprocess.run([HERE / "make_library.py", place, "--files", str(LIBRARY_FILES)], check=True)
        return place / "library"


def repeated(data: bytes) -> bytes:
    """The frames of an MPEG-1 stream again and again for SECONDS, its header's frame once and no tags."""
    frames = mpeg.frames(data)
    start, end = frames[0][0], sum(frames[-1])
    first = frames[1][0] if mpeg.header_offset(data[start:], 1500) is not None else start
    wanted = SECONDS * mpeg.RATES[3][data[start + 2] >> 2 & 3] // 1152
    whole = data[start:first] + data[first:end] * (1 + wanted // (len(frames) - 1))
    return whole[: mpeg.frames(whole)[wanted][0]]


COMPARISONS = {
    "version": Comparison("start-up: `--version`", lambda _: ["--version"], rounds=5),
    "one": Comparison("`inspect` of one mp3", lambda files: ["inspect", files.song], rounds=5),
    "walk": Comparison("`inspect` of 200 mp3s", lambda files: ["inspect", *files.mp3s], rounds=2),
    "deep": Comparison("`inspect --deep` of 4 mp3s", lambda files: ["inspect", "--deep", *files.mp3s[:4]]),
    "cut": Comparison(
        "exact cut of 100 s",
        lambda files: ["prepare", files.song, "-o", files.cut, "--start", "40", "--end", "140", "--force", "--quiet"],
        rounds=2,
    ),
    "scan": Comparison(
        f"quick scan of {LIBRARY_FILES:,} files",
        lambda files: ["validate", files.library, "--no-cache", "--no-duplicates", "--quiet", "--json"],
        codes=(0, 1),
    ),
    "verify": Comparison("`verify` of an mp3 of 3 min", lambda files: ["verify", files.song], codes=(0, 1)),
}


def differ(commands: list[list[object]]) -> bool:
    """Whether two commands print different things or exit differently; this also brings the files into memory."""
    old, new = (programs.run(*command) for command in commands)
    return (old.stdout, old.returncode) != (new.stdout, new.returncode)


def ratio(pairs: list[tuple[float, float]]) -> str:
    """The median and quartiles of new over old."""
    low, middle, high = statistics.quantiles([new / old for old, new in pairs], n=4)
    return f"{middle:.3f} ({low:.3f}–{high:.3f})"


def milliseconds(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f} ms"


def compare(comparison: Comparison, builds: tuple[str, str], inputs: Inputs, rounds: int) -> bool:
    """Prints one row; returns whether both builds say the same."""
    arguments = comparison.arguments(inputs)
    commands = [[build, *arguments] for build in builds]
    same = not differ(commands)
    times: tuple[list[usage.Times], list[usage.Times]] = ([], [])
    for turn in range(max(2, round(rounds * comparison.rounds))):
        for side in (0, 1) if turn % 2 == 0 else (1, 0):
            times[side].append(usage.timed(commands[side], comparison.codes))
    walls = [[one.wall for one in side] for side in times]
    processor = [[one.processor for one in side] for side in times]
    peaks = [max(usage.peak_memory(command) for _ in range(3)) / 1e6 for command in commands]
    tables.row(
        comparison.title,
        *map(milliseconds, walls),
        ratio(list(zip(*walls, strict=True))),
        *map(milliseconds, processor),
        ratio(list(zip(*processor, strict=True))),
        *(f"{peak:.1f} MB" for peak in peaks),
        f"{peaks[1] / peaks[0]:.3f}",
    )
    return same


def arguments() -> argparse.Namespace:
    parser = programs.parser(__doc__)
    parser.add_argument("old", type=programs.program, metavar="OLD")
    parser.add_argument("new", type=programs.program, metavar="NEW")
    parser.add_argument("which", nargs="*", metavar="COMPARISON", help=f"{', '.join(COMPARISONS)}; all unless named")
    parser.add_argument("--rounds", type=int, default=15, help="at least 2; short runs are repeated more often")
    parser.add_argument("--songs", type=Path, metavar="DIRECTORY")
    parser.add_argument("--files", type=Path, default=Path("/tmp/reprise-builds"), metavar="DIRECTORY")
    options = parser.parse_intermixed_args()
    if unknown := set(options.which) - set(COMPARISONS):
        parser.error(f"no such comparison: {', '.join(sorted(unknown))}")
    return options


def main() -> None:
    options = arguments()
    songs = sorted(options.songs.glob("*.mp3")) if options.songs else [HERE.parent / "Fixtures/recording.mp3"]
    if not songs:
        programs.fail(f"there is no mp3 in {options.songs}")
    inputs = Inputs(options.files, songs)
    which = options.which or list(COMPARISONS)
    for name in which:
        COMPARISONS[name].arguments(inputs)  # What is missing is made before the table begins.
    tables.header(
        *("what", "wall, old", "new", "new / old (quartiles)", "processor, old", "new", "new / old (quartiles)"),
        *("peak memory, old", "new", "new / old"),
    )
    builds = (options.old, options.new)
    different = [name for name in which if not compare(COMPARISONS[name], builds, inputs, options.rounds)]
    inputs.cut.unlink(missing_ok=True)
    if different:
        print(f"\nTheir output differs: {', '.join(different)}")


if __name__ == "__main__":
    main()
