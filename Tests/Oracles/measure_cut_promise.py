#!/usr/bin/env python3
"""Whether everything that `prepare` hands on is ready under `inspect --deep` and taken by `request`.

    Tests/Oracles/measure_cut_promise.py REPRISE DIRECTORY... [--cuts N] [--seed S] [--jobs J]

Every DIRECTORY/ENCODER/*.mp3 is a source; the name of its own directory is that of its encoder. Besides, streams are
made of each that others may have cut: from a random frame on, without a header. Of every source and every such stream N
parts are taken, at random but seeded offsets, in one of these ways: a range, a range with fades, the middle, a size,
without silence, as flac. What comes out is inspected deeply and handed to `request`. A refusal is right only where
`inspect --deep` rejects the source; each other one, and whatever is not taken, is printed; then it exits with 1.
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oracles import mpeg, programs, tables
from oracles.programs import run

SHORTEST = 6.2  # Seconds that a source has at least of which parts are taken.
COUNTS = ("mp3s", "cut by others", "rejected", "handed on", "ready and taken", "refused")


@dataclass
class Source:
    """An mp3 and the program that encoded it."""

    encoder: str
    path: Path


@dataclass
class Result:
    """What became of one source and of the stream cut out of it."""

    encoder: str
    counts: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def sources(directories: Iterable[Path]) -> list[Source]:
    """The mp3s below the directories, each encoder's in its own."""
    encoders = [place for directory in directories for place in sorted(directory.iterdir()) if place.is_dir()]
    return [Source(place.name, path) for place in encoders for path in sorted(place.glob("*.mp3"))]


def inspected(reprise: str, path: Path) -> dict[str, Any]:
    return programs.inspect(reprise, [path], "--deep", "--min-seconds", "0", "--max-seconds", "100000")[0]


def messages(record: dict[str, Any]) -> str:
    return "; ".join(reason["message"] for reason in record["reasons"])


def cut_by_others(source: Path, made: Path, chance: random.Random) -> Path | None:
    """The stream from one of its frames on, as tools leave it that know nothing of the bit reservoir."""
    data = source.read_bytes()
    found = mpeg.frames(data)
    if len(found) < 400:
        return None
    first = chance.randrange(20, len(found) // 4)
    last = chance.randrange(len(found) * 3 // 4, len(found))
    made.write_bytes(data[found[first][0] : found[last][0]])
    return made


def way_to_cut(chance: random.Random, seconds: float, size: int) -> list[str]:
    """Options of `prepare` for a part of a stream."""
    length = chance.uniform(6.05, max(seconds - 0.2, 6.1))
    start = chance.uniform(0, max(seconds - length - 0.05, 0))
    part = ["--start", f"{start:.6f}", "--end", f"{start + length:.6f}"]
    return chance.choice(
        [
            *(part, part, part, part[:2], [*part, "--fade-in", "0.5", "--fade-out", "0.7"]),
            ["--excerpt", "middle", "--max-seconds", f"{min(length, max(seconds, 6.1)):.3f}"],
            ["--max-bytes", str(int(size * chance.uniform(0.5, 0.95)))],
            *(["--trim-silence"], [*part, "--format", "flac"], []),
        ]
    )


class Measurement:
    """Cuts, inspects and hands on."""

    def __init__(self, options: argparse.Namespace, work: Path) -> None:
        self.options = options
        self.work = work
        self.sources = sources(options.directories)

    def measure(self, number: int) -> Result:
        """Takes parts of one source and of the stream cut out of it."""
        source = self.sources[number]
        chance = random.Random(f"{self.options.seed} {source.path.name}")
        result = Result(source.encoder)
        result.counts["mp3s"] = 1
        other = cut_by_others(source.path, self.work / f"{number}.mp3", chance)
        for path in [source.path, *([other] if other else [])]:
            result.counts["cut by others"] += path is other
            self.measure_stream(path, number, chance, result)
        words = [f"{number + 1} of {len(self.sources)}: {source.path}", *result.told, *result.wrong]
        print(*words, sep="\n", file=sys.stderr, flush=True)
        return result

    def measure_stream(self, path: Path, number: int, chance: random.Random, result: Result) -> None:
        whole = inspected(self.options.reprise, path)
        rejected = whole["verdict"] == "rejected"
        if rejected:
            result.counts["rejected"] += 1
            # Old encoders do leave the last frame unfinished; frames that are whole are accused by nothing else.
            is_corrupt = any(reason["code"] == "corrupt" for reason in whole["reasons"])
            (result.wrong if is_corrupt else result.told).append(f"rejected: {path}: {messages(whole)}")
        seconds, size = (whole["duration"] or {"seconds": 0})["seconds"], path.stat().st_size
        for _ in range(self.options.cuts if seconds > SHORTEST else 0):
            self.take(path, number, way_to_cut(chance, seconds, size), rejected, result)

    def take(self, path: Path, number: int, way: list[str], rejected: bool, result: Result) -> None:
        """One part: prepared, inspected, handed to `request`."""
        reprise = self.options.reprise
        out = self.work / f"out {number}.{'flac' if 'flac' in way else 'mp3'}"
        made = run(reprise, "prepare", path, "-o", out, "--force", "--json", *way)
        if made.returncode:
            result.counts["refused"] += 1
            # What is too small a size for so long a recording is no cut at all.
            if not rejected and b"cannot be made to fit" not in made.stderr:
                words = made.stderr.decode(errors="replace")[-300:]
                result.wrong.append(f"refused: {path} {way}: exit {made.returncode} {words}")
            return
        result.actions[programs.records(made.stdout)[0]["steps"][-1]["action"]] += 1
        result.counts["handed on"] += 1
        found, body = inspected(reprise, out), self.work / f"body {number}"
        request = run(reprise, "request", out, "--prompt", "warm acoustic folk", "-o", body, "--force")
        if found["verdict"] == "ready" and request.returncode == 0:
            result.counts["ready and taken"] += 1
            return
        words = f"request: exit {request.returncode} {request.stderr.decode(errors='replace')[-300:]}"
        result.wrong.append(f"not taken: {path} {way}: {messages(found)}; {words}")


def arguments() -> argparse.Namespace:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIRECTORY")
    parser.add_argument("--cuts", type=int, default=5, help="parts taken of each stream")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many streams at once")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    by_encoder: dict[str, Counter[str]] = {}
    actions: Counter[str] = Counter()
    wrong = 0
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(options.jobs) as pool:
        measurement = Measurement(options, Path(work))
        for result in pool.map(measurement.measure, range(len(measurement.sources))):
            by_encoder.setdefault(result.encoder, Counter()).update(result.counts)
            actions += result.actions
            wrong += len(result.wrong)
            for words in result.wrong:
                print(words)
    tables.header("encoder", *COUNTS)
    for encoder, counts in by_encoder.items():
        tables.row(encoder, *(counts[name] for name in COUNTS))
    tables.row(f"all {len(by_encoder)}", *(sum(counts[name] for counts in by_encoder.values()) for name in COUNTS))
    print("last steps: " + ", ".join(f"{action} {count}" for action, count in sorted(actions.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
