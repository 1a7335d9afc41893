#!/usr/bin/env python3
"""What `prepare --excerpt auto` picks.

    Tests/Oracles/measure_excerpts.py REPRISE [DIRECTORY]

Made songs of known structure first: verse, chorus and parts that come once, with random chords, lengths, levels and
tempo; told is how much of the passage lies in a chorus. Then each mp3 of DIRECTORY that has its beats beside it as
json: the passage of 30 s, and how far its ends are from the nearest beat. Wants numpy.
"""

import json
import os
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from oracles import programs, tables

RATE = 22050


def strum(chord: list[int], seconds: float, level: float, random: np.random.Generator) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 440 * 2 ** ((note - 69) / 12) * k * t) / k for note in chord for k in (1, 2, 3, 4, 5))
    hit = random.standard_normal(len(t)) * np.exp(-40 * t) * 0.5
    return level * (
        tone / len(chord) * np.exp(-2.5 * t) * np.minimum(t * 200, 1) + hit + 0.01 * random.standard_normal(len(t))
    )


def chords(random: np.random.Generator, count: int) -> list[list[int]]:
    return [[r, r + random.choice([3, 4]), r + 7] for r in random.choice(np.arange(48, 60), count, replace=False)]


def part(
    progression: list[list[int]], times: int, beat: float, level: float, random: np.random.Generator
) -> np.ndarray:
    return np.concatenate(
        [strum(chord, beat, level, random) for _ in range(times) for chord in progression for _ in range(4)]
    )


ORDERS = ("IVCVCBC", "VVCVCCO", "ICVCVCBC", "VCBVCSC")
BASE = 0.08  # The amplitude of a part at 0 dB.


@dataclass
class Song:
    """A made song: its samples, where its choruses are in seconds, by how many dB they are louder, its parts."""

    samples: np.ndarray
    choruses: list[tuple[float, float]]
    louder: float
    order: str


def song(seed: int) -> Song:
    random = np.random.default_rng(seed)
    beat = 60 / random.uniform(80, 140)
    verse, chorus = chords(random, 4), chords(random, 4)
    louder = random.uniform(0, 8)
    order = ORDERS[seed % 4]
    pieces, spans, place = [], [], 0.0
    for name in order:
        if name == "V":
            made = part(verse, 2, beat, BASE * 10 ** (random.uniform(-2, 0) / 20), random)
        elif name == "C":
            made = part(chorus, 2, beat, BASE * 10 ** (louder / 20), random)
            spans.append((place, place + len(made) / RATE))
        elif name == "S":  # A solo is loud and comes once.
            made = part(chords(random, 8), 1, beat, BASE * 10 ** ((louder + 3) / 20), random)
        else:
            made = part(chords(random, 8), 1, beat, BASE * 10 ** (random.uniform(-6, 0) / 20), random)
        place += len(made) / RATE
        pieces.append(made)
    samples = np.concatenate(pieces)
    return Song(samples / abs(samples).max() * 0.9, spans, louder, order)


def plan(reprise: str, path: Path, seconds: float) -> dict[str, Any]:
    words = ("--dry-run", "--json", "--quiet", "--excerpt", "auto", "--max-seconds", str(seconds))
    return json.loads(programs.must(reprise, "prepare", path, *words))


def write(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def made(reprise: str) -> None:
    shares = []
    tables.header("made song", "parts", "chorus louder by", "chorus", "passage", "of it in a chorus")
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "song.wav"
        for seed in range(20):
            one = song(seed)
            write(path, one.samples)
            length = one.choruses[0][1] - one.choruses[0][0]
            found = plan(reprise, path, max(length, 7))
            start, end = found["start"], found["end"]
            inside = max(max(0, min(end, b) - max(start, a)) for a, b in merged(one.choruses))
            shares.append(inside / (end - start))
            tables.row(
                *(seed, one.order, f"{one.louder:.1f} dB", f"{length:.1f} s"),
                *(f"{start:.1f}–{end:.1f}", f"{100 * shares[-1]:.0f} %"),
            )
    good, median = sum(share >= 0.75 for share in shares), sorted(shares)[len(shares) // 2]
    print(
        f"\n{good} of {len(shares)} passages lie by three quarters or more in a chorus; median {100 * median:.0f} %\n"
    )


def merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that touch are one."""
    result: list[tuple[float, float]] = []
    for start, end in spans:
        if result and abs(result[-1][1] - start) < 1e-6:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def off_beat(time: float, beats: list[float]) -> str:
    """How far a time is from the nearest beat."""
    if not beats or time <= 0:
        return "–"
    return f"{1000 * min((beat - time for beat in beats), key=abs):+.0f} ms"


def songs(reprise: str, directory: Path) -> None:
    tables.header("song", "passage", "start: nearest beat", "end: nearest beat", "why")
    for path in sorted(directory.glob("*.mp3")):
        truth = path.with_suffix(".json")
        beats = json.loads(truth.read_text()).get("beats", []) if truth.exists() else []
        found = plan(reprise, path, 30)
        start, end = found["start"], found["end"]
        why = found["steps"][0]["detail"].split(", ", 1)[-1].split("; its ends")[0]
        tables.row(os.path.basename(path), f"{start:.2f}–{end:.2f}", off_beat(start, beats), off_beat(end, beats), why)


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("directory", type=Path, nargs="?", help="mp3s, with their beats in NAME.json")
    options = parser.parse_args()
    made(options.reprise)
    if options.directory:
        songs(options.reprise, options.directory)


if __name__ == "__main__":
    main()
