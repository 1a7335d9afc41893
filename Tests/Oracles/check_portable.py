#!/usr/bin/env python3
"""Whether a file that `reprise inspect` calls ready is read alike, and in full, by every decoder.

    Tests/Oracles/check_portable.py [--reprise PATH] [--every] [--prepare] [--table FILE] PATH …

Every file under the paths is inspected with the limits opened. Each that is called ready is decoded in full by ffmpeg,
libsndfile (Python's soundfile), and mpg123 or flac, and their lengths, rates, channels and samples are compared:
tolerance 1 frame of a wav or flac, two frames of an mp3 (whose samples are compared at their best alignment, up to
2^-10), samples of wav and flac exactly. A line is printed for every file that some decoder reads otherwise.

--prepare prepares each preparable file into a scratch directory and checks what was made in the same way, with
`flac -t`, `mpg123 -t` and mp3val besides, and, where the plan is lossless, that its samples are the source's.
--every decodes the files of every verdict and prints them all. --table writes all figures as TSV. --truth takes the
truth.tsv that make_variants.py writes, and prints each file whose verdict or length is not what it tells.

Exits 1 if a ready or prepared file is misread, has no record, or is not as the truth has it. Wants ffmpeg, mpg123,
flac, mp3val; numpy and soundfile from PyPI.
"""

from __future__ import annotations

import argparse
import collections
import csv
import itertools
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oracles import programs, readings
from oracles.programs import run_within
from oracles.readings import PATIENCE, Reading

OPEN = ("--min-seconds", "0", "--max-seconds", "1000000", "--max-bytes", "100GB")
MP3_TOLERANCE = 2.0**-10  # Of full scale: decoders differ by some 1e-6 in what both read rightly.
# Frames of a stream without the bit reservoir in front of its cut, which decoders conceal as they like.
LEAD_IN = 5 * 1152
SHIFT = 2 * 1152 + 1105  # Frames by which one decoder may begin earlier: two mp3 frames and the delay.
UNREAD = "no decoder reads the source, so that its samples could not be compared"
Record = dict[str, Any]


@dataclass
class Checked:
    """One file: what we say of it, how it was read, and which readings are wrong."""

    path: Path
    record: Record
    readings: list[Reading] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: str = ""

    @property
    def format(self) -> str:
        return self.record["format"]

    @property
    def frames(self) -> int | None:
        return (self.record["duration"] or {}).get("frames")


def tolerance_in_frames(record: Record) -> int:
    if record["format"] != "mp3":
        return 1
    return 2 * (1152 if (record["sampleRate"] or 0) >= 32000 else 576)


def judge(checked: Checked) -> None:
    """Reads a file by everyone and notes who reads it otherwise."""
    record, found = checked.record, readings.everyone(checked.path, checked.format)
    checked.readings = found
    allowed = tolerance_in_frames(record)
    for one in found:
        if not one.frames:
            checked.faults.append(f"{one.decoder} refuses it: {one.words}")
        elif checked.frames is not None and abs(one.frames - checked.frames) > allowed:
            checked.faults.append(f"{one.decoder} reads {one.frames} frames of {checked.frames}")
        for word, ours, theirs in (
            ("Hz", record["sampleRate"], one.rate),
            ("channels", record["channels"], one.channels),
        ):
            if one.frames and ours and ours != theirs:
                checked.faults.append(f"{one.decoder} reads {theirs} {word} for {ours}")
    usable = [one for one in found if one.frames]
    for one, other in itertools.pairwise(usable):
        if (one.rate, one.channels) == (other.rate, other.channels):
            compare(checked, one, other)


def compare(checked: Checked, one: Reading, other: Reading) -> None:
    is_mp3 = checked.format == "mp3"
    # ISO 13818-3 and its correction divide the bands of 24 kHz differently; ffmpeg and mpg123 follow one each.
    tolerance = 0.0 if not is_mp3 else 0.25 if one.rate == 24000 else MP3_TOLERANCE
    apart = readings.difference(one.samples, other.samples, tolerance, SHIFT if is_mp3 else 0)
    if apart is None:
        return
    words = f"{one.decoder} and {other.decoder} differ in {apart.count} frames from {apart.first} to {apart.last}"
    words += f", by up to {apart.largest:.3g}"
    if is_mp3 and apart.last < LEAD_IN:
        checked.notes = f"lead-in: {words}"
    else:
        checked.faults.append(words)


def source_reading(path: Path, format: str) -> list[Reading]:
    """The source's samples by its most tolerant decoders, the best first."""
    found = [readings.by_mpg123(path, "--resync-limit", "-1")] if format == "mp3" else []
    found += [readings.by_ffmpeg(path), readings.by_sndfile(path)]
    if format == "wav":
        found.reverse()
    return [one for one in found if one.frames]


def kept_samples(source: Path, format: str, made: Reading, tolerance: float) -> str:
    """Nothing if the samples of what was made are the source's; else how they differ."""
    words = UNREAD
    for one in source_reading(source, format):
        if (one.rate, one.channels) != (made.rate, made.channels):
            words = f"{one.rate} Hz, {one.channels} channels became {made.rate} Hz, {made.channels}"
            continue
        shift = SHIFT if format == "mp3" else 0
        apart = readings.difference(one.samples, made.samples, tolerance, shift)
        lost = one.frames - made.frames
        if apart is None and abs(lost) <= (SHIFT if format == "mp3" else 0):
            return ""
        words = (
            f"{lost} frames fewer than {one.decoder} reads"
            if apart is None
            else (
                f"other samples than {one.decoder} reads: {apart.count} frames from {apart.first}, by up to "
                f"{apart.largest:.3g}"
            )
        )
    return words


def silent_programs(path: Path, format: str) -> list[str]:
    """What the checkers find wrong with an output."""
    commands = {"flac": [("flac", "-st", path)], "mp3": [("mpg123", "-qt", path), ("mp3val", "-si", path)]}
    faults = []
    for command in commands.get(format, []):
        done = run_within(PATIENCE, *command)
        text = done.stdout + done.stderr if done else b"not done in time"
        wrong = b"WARNING" in text or b"ERROR" in text if command[0] == "mp3val" else bool(text.strip())
        if wrong or (done and done.returncode):
            faults.append(f"{command[0]}: {readings.said(text)}")
    return faults


def prepare(reprise: str, source: Checked, scratch: Path) -> Checked:
    """The checked output of one preparable file."""
    scratch.mkdir()
    try:
        done = run_within(
            PATIENCE, reprise, "prepare", "--quiet", "--json", *OPEN, source.path, "-o", scratch / "made",
        )  # fmt: skip
        plans = [one for one in programs.records(done.stdout if done else b"") if "steps" in one]
        steps = plans[0]["steps"] if plans else []
        made = next((one for one in scratch.iterdir() if one.is_file()), None)
        if made is None:
            words = readings.said(done.stderr) if done else "not done in time"
            return Checked(source.path, source.record, faults=[f"prepare makes nothing: {words}"])
        record = next(iter(programs.inspect(reprise, [made], *OPEN)), None)
        if record is None:
            return Checked(source.path, source.record, faults=["what prepare makes is not inspected"])
        checked = Checked(made, record, notes=" ".join(step["action"] for step in steps))
        judge(checked)
        checked.faults += silent_programs(made, record["format"])
        first = next((one for one in checked.readings if one.frames), None)
        if first is not None and steps and all(step["lossless"] for step in steps):
            tolerance = MP3_TOLERANCE if "mp3" in (source.format, record["format"]) else 0
            words = kept_samples(source.path, source.format, first, tolerance)
            if words == UNREAD:
                checked.notes += f"; {words}"
            elif words:
                checked.faults.append(words)
        checked.path = source.path
        return checked
    finally:
        shutil.rmtree(scratch)


def files_under(paths: list[Path]) -> list[Path]:
    found = []
    for path in paths:
        found += sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return found


def inspected(reprise: str, files: list[Path]) -> list[Checked]:
    """What we say of each file; one that gets no record is printed, and left out."""
    by_path = {record["path"]: record for record in programs.inspect(reprise, files, *OPEN)}
    for path in files:
        if str(path) not in by_path:
            print(f"NO RECORD  {path}")
    return [Checked(path, by_path[str(path)]) for path in files if str(path) in by_path]


def codes(record: Record) -> str:
    return ",".join(reason["code"] for reason in record["reasons"])


def line(checked: Checked) -> str:
    record = checked.record
    ours = f"{record['verdict']} [{codes(record)}] {checked.frames} at {record['sampleRate']} Hz x {record['channels']}"
    read = ", ".join(f"{one.decoder} {one.frames or 'none'}" for one in checked.readings)
    return f"{checked.path}: {ours}; {read}; {'; '.join(checked.faults) or 'alike'}"


def write_table(path: Path, found: list[Checked]) -> None:
    with path.open("w", newline="") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(["path", "verdict", "codes", "format", "container", "codec", "rate", "channels", "frames",
                       "readings", "faults", "notes"])  # fmt: skip
        for one in found:
            record = one.record
            read = "; ".join(
                f"{each.decoder} {each.frames} {each.rate}x{each.channels} {peak(each)}" for each in one.readings
            )
            about = [record[key] for key in ("format", "container", "codec", "sampleRate", "channels")]
            rows.writerow([one.path, record["verdict"], codes(record), *about, one.frames, read, "; ".join(one.faults),
                           one.notes])  # fmt: skip


def peak(reading: Reading) -> str:
    return f"peak {reading.peak:.4g}" if reading.frames else reading.words


def contradictions(path: Path, found: list[Checked]) -> int:
    """Prints what a truth.tsv tells otherwise than we do; returns of how many files."""
    count = 0
    with path.open(newline="") as file:
        truths = {(path.parent / row["path"]).resolve(): row for row in csv.DictReader(file, delimiter="\t")}
    for one in found:
        truth = truths.get(one.path.resolve())
        words = contradiction(truth, one) if truth else ""
        if words:
            print(f"{one.path}: {words} ({truth['why']})")
            count += 1
    return count


def contradiction(truth: dict[str, str], one: Checked) -> str:
    verdict, frames = one.record["verdict"], int(truth["frames"])
    if truth["expect"] not in ("?", verdict):
        return f"should be {truth['expect']}, is {verdict} [{codes(one.record)}]"
    # What is rejected has no length that matters; a lossy source's is its encoder's.
    wanted = verdict != "rejected" and truth["lossless"] == "True" and one.record["sampleRate"] == int(truth["rate"])
    allowed = tolerance_in_frames(one.record)
    # Without a header that tells them, the encoder's delay and padding are counted: one frame more.
    allowed += allowed // 2 if one.format == "mp3" else 0
    if wanted and abs((one.frames or 0) - frames) > allowed:
        return f"should be of {frames} frames, is of {one.frames}"
    return ""


def arguments() -> argparse.Namespace:
    parser = programs.parser(__doc__)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--reprise", type=programs.program, default=str(programs.RELEASE))
    parser.add_argument("--every", action="store_true", help="decode the files of every verdict, and print them all")
    parser.add_argument("--prepare", action="store_true", help="check what is made of preparable files")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="what is true of the files beside it")
    parser.add_argument("--table", type=Path, metavar="FILE", help="write all figures as TSV")
    return parser.parse_args()


def worked(options: argparse.Namespace, chosen: list[Checked]) -> list[Checked]:
    """The chosen files after they were read, or what was made of them."""

    def one(job: tuple[int, Checked]) -> Checked:
        if options.prepare:
            result = prepare(options.reprise, job[1], Path(scratch) / str(job[0]))
        else:
            judge(result := job[1])
        if options.every or result.faults:
            print(line(result), flush=True)
        for each in result.readings:
            each.forget_samples()
        return result

    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, enumerate(chosen)))


def main() -> int:
    options = arguments()
    programs.require("ffmpeg", "mpg123", "flac", "mp3val")
    files = files_under(options.paths)
    found = inspected(options.reprise, files)
    wanted = "preparable" if options.prepare else "ready"
    chosen = found if options.every and not options.prepare else [
        one for one in found if one.record["verdict"] == wanted
    ]  # fmt: skip
    results = worked(options, chosen)
    if options.table:
        write_table(options.table, results)
    counts = collections.Counter(one.record["verdict"] for one in found)
    other = contradictions(options.truth, found) if options.truth else 0
    misread = [one for one in results if one.faults and (options.prepare or one.record["verdict"] == "ready")]
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    against = f"; not as the truth has it: {other}" if options.truth else ""
    print(f"{len(found)} files: {told}; {len(chosen)} decoded; {wanted} and misread: {len(misread)}{against}")
    return 1 if misread or other or len(found) < len(files) else 0


if __name__ == "__main__":
    sys.exit(main())
