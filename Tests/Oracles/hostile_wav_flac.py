#!/usr/bin/env python3
"""Holds `reprise inspect` against full decodes by others, on some hundreds of wav and flac files made to mislead.

    Tests/Oracles/hostile_wav_flac.py [--reprise PATH] [--keep DIRECTORY] [--seed N] [--only TEXT]

Every variant is made here, from a seed; nothing is downloaded. ffmpeg, libsndfile (by ctypes), sox and, for flac,
`flac -t` decode each one. A line is printed for every file on which ours differs from all of them in frames, or
calls undamaged what `flac -t` refuses, or differs between the quick and the deep look; then 6.25 s are cut out of
each that is fit for it, and compared sample by sample with the source. The totals come last. A disagreement is no
failure by itself: docs/measurements.md says who is right. Exits 1 if ours crashed, hung or left a record out. Wants
ffmpeg, sox, flac and libsndfile.
"""

from __future__ import annotations

import argparse
import collections
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracles import decoders, programs
from variants.flac import make_flac
from variants.material import Variants
from variants.wav import make_wav

Record = dict[str, Any]


@dataclass
class Verdicts:
    """What everybody says of one file; frames, or `None` where it is refused."""

    name: str
    quick: Record
    deep: Record
    ffmpeg: int | None
    sndfile: int | None
    sox: int | None
    flac: bool | None

    @property
    def others(self) -> tuple[int | None, ...]:
        return self.ffmpeg, self.sndfile, self.sox

    @property
    def ours(self) -> int | None:
        return frames_of(self.deep)

    def marks(self) -> list[str]:
        """In what ours stands alone: "frames", "quick", "lenient", "strict"."""
        marks, deep = [], self.deep
        if self.ours not in self.others:
            marks.append("frames")
        if frames_of(self.quick) != self.ours:
            marks.append("quick")
        if self.flac is False and not deep["integrity"]["damaged"] and deep["verdict"] != "rejected":
            marks.append("lenient")
        agreed = self.ours and self.ours == self.ffmpeg and self.ours in self.others[1:]
        sound = self.flac is True or (self.name.startswith(("wav", "rf", "bw", "w64")) and agreed)
        if sound and deep["verdict"] == "rejected":
            marks.append("strict")
        return marks

    def line(self) -> str:
        codes = ",".join(reason["code"] for reason in self.deep["reasons"])
        words = "; ".join(reason["message"] for reason in self.deep["reasons"])[:150]
        return (
            f"{'+'.join(self.marks()):16} {self.name:44} ours {self.ours} quick {frames_of(self.quick)}  "
            f"ffmpeg {self.ffmpeg} sndfile {self.sndfile} sox {self.sox} flac-t {self.flac}  "
            f"{self.deep['verdict']} [{codes}] {words}"
        )


def frames_of(record: Record) -> int | None:
    return (record["duration"] or {}).get("frames")


def sndfile_frames(path: Path) -> int | None:
    found = decoders.sndfile_frames(path)
    return found[1] if found else None


def inspect(reprise: str, directory: Path, names: list[str], *options: str) -> dict[str, Record]:
    """Our records by name; a crash or a hang is found by a record that is missing."""
    records = {}
    for first in range(0, len(names), 100):
        paths = [directory / name for name in names[first : first + 100]]
        done = programs.run_within(decoders.PATIENCE, reprise, "inspect", "--json", *options, *paths)
        for record in programs.records(done.stdout if done else b""):
            records[Path(record["path"]).name] = record
    return records


def verdicts(directory: Path, names: list[str], quick: dict[str, Record], deep: dict[str, Record]) -> list[Verdicts]:
    def one(name: str) -> Verdicts:
        path = directory / name
        flac = decoders.flac_accepts(path) if path.suffix == ".flac" else None
        others = decoders.ffmpeg_frames(path), sndfile_frames(path), decoders.sox_frames(path)
        return Verdicts(name, quick[name], deep[name], *others, flac)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, names))


def cut(reprise: str, source: Path, record: Record) -> str:
    """Whether 0.5 s to 6.75 s of it, cut by us, are the samples of the source: "same", "other", or why not tried."""
    ending = "" if source.suffix == "." + record["format"] else "." + record["format"]
    target = source.with_name("cut-" + source.name + ending)
    done = programs.run_within(
        decoders.PATIENCE,
        *(reprise, "prepare", "--quiet", "--force", source, "-o", target, "--start", "0.5", "--end", "6.75"),
    )
    if done is None or done.returncode:
        return "refused: " + (done.stderr.decode(errors="replace").strip()[:150] if done else "hung")
    try:
        return compare(source, target, record)
    finally:
        target.unlink()


def compare(source: Path, target: Path, record: Record) -> str:
    rate, channels = record["sampleRate"], record["channels"]
    first, last = int(0.5 * rate), int(6.75 * rate)
    if record["format"] == "flac":
        if decoders.flac_accepts(target) is not True:
            return "other: flac -t fails"
        if theirs := decoders.flac_bytes(source, f"--skip={first}", f"--until={last}"):
            return "same" if decoders.flac_bytes(target) == theirs else "other"
    # As doubles, which hold every width exactly.
    whole, part = decoders.ffmpeg_bytes(source, "f64"), decoders.ffmpeg_bytes(target, "f64")
    if not whole:
        return "unread by ffmpeg"
    return "same" if part == whole[first * channels * 8 : last * channels * 8] else "other"


def print_comparison(found: list[Verdicts], lost: list[str]) -> None:
    counts: collections.Counter[str] = collections.Counter()
    for one in found:
        agreeing = sum(theirs == one.ours for theirs in one.others)
        counts["all" if agreeing == 3 else "some" if agreeing else "none"] += 1
        counts.update(one.marks())
        if one.marks():
            print(one.line())
    print(
        f"{len(found) + len(lost)} files; frames as all three {counts['all']}, as one or two of them {counts['some']}, "
        f"as none {counts['none']}; quick other than deep {counts['quick']}; flac -t refuses and we do not "
        f"{counts['lenient']}; others decode the same and we reject {counts['strict']}"
    )


def print_cuts(reprise: str, directory: Path, found: list[Verdicts]) -> None:
    usable = [one for one in found if one.deep["verdict"] != "rejected" and one.deep["duration"]["seconds"] >= 6.75]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda one: cut(reprise, directory / one.name, one.deep), usable))
    for one, outcome in zip(usable, outcomes, strict=True):
        if outcome not in ("same", "unread by ffmpeg"):
            print(f"cut              {one.name:44} {outcome}")
    other, refused = (sum(outcome.startswith(word) for outcome in outcomes) for word in ("other", "refused"))
    print(
        f"{len(usable)} cuts: the source's samples {outcomes.count('same')}, other ones {other}, refused {refused}, "
        f"not comparable {outcomes.count('unread by ffmpeg')}"
    )


def arguments() -> argparse.Namespace:
    parser = programs.parser(__doc__)
    parser.add_argument("--reprise", type=programs.program, default=str(programs.RELEASE))
    parser.add_argument("--keep", metavar="DIRECTORY", type=Path, help="a directory for the files, left behind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="TEXT", help="only files whose name contains this")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    programs.require("ffmpeg", "sox", "soxi", "flac")
    directory = options.keep or Path(tempfile.mkdtemp())
    directory.mkdir(parents=True, exist_ok=True)
    try:
        made = Variants(directory, options.seed, options.only)
        make_wav(made)
        make_flac(made)
        quick, deep = (inspect(options.reprise, directory, made.names, *more) for more in ([], ["--deep"]))
        lost = [name for name in made.names if name not in quick or name not in deep]
        for name in lost:
            print(f"LOST      {name}")
        found = verdicts(directory, [name for name in made.names if name not in lost], quick, deep)
        print_comparison(found, lost)
        print_cuts(options.reprise, directory, found)
    finally:
        if not options.keep:
            shutil.rmtree(directory)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
