"""Sheets: what a song is before anybody plays it, in beats, with a time for every beat."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from typing import Any

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
NAMES = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"]
QUALITIES = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus4": (0, 5, 7),
    "sus2": (0, 2, 7),
    "maj6": (0, 4, 7, 9),
    "min6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "minmaj7": (0, 3, 7, 11),
    "hdim7": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "sus4(b7)": (0, 5, 7, 10),
    "9": (0, 4, 7, 10, 2),
    "maj9": (0, 4, 7, 11, 2),
    "min9": (0, 3, 7, 10, 2),
}
DEGREES = {"1": 0, "b2": 1, "2": 2, "b3": 3, "3": 4, "4": 5, "b5": 6, "5": 7, "6": 9, "b7": 10, "7": 11, "9": 2}
SCALES = {"maj": (0, 2, 4, 5, 7, 9, 11), "min": (0, 2, 3, 5, 7, 8, 10)}


@dataclass(frozen=True)
class Chord:
    """A chord: pitch class of the root, quality, bass as a degree above the root."""

    root: int
    quality: str = "maj"
    bass: str = "1"

    @classmethod
    def parse(cls, label: str) -> Chord | None:
        """The chord of one of Harte's labels; `None` for N."""
        if label in ("N", "X"):
            return None
        name, _, rest = label.partition(":")
        if "/" in name:
            name, _, slash = name.partition("/")
            rest = "maj/" + slash
        quality, _, bass = rest.partition("/")
        root = (STEPS[name[0]] + name.count("#") - name[1:].count("b")) % 12
        if quality not in QUALITIES:
            quality = "min" if quality.startswith("min") else "maj"
        return cls(root, quality or "maj", bass or "1")

    @property
    def label(self) -> str:
        """Harte's label."""
        return f"{NAMES[self.root]}:{self.quality}" + (f"/{self.bass}" if self.bass != "1" else "")

    @property
    def tones(self) -> tuple[int, ...]:
        """Pitch classes, the root first."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def lowest(self) -> int:
        """Pitch class of the bass."""
        return (self.root + DEGREES.get(self.bass, 0)) % 12

    def moved(self, semitones: int) -> Chord:
        """The chord transposed."""
        return Chord((self.root + semitones) % 12, self.quality, self.bass)


@dataclass
class Section:
    """A section, in beats."""

    start: int
    end: int
    label: str
    energy: float = 0.7


@dataclass
class Sheet:
    """A song: chords [start, end, chord] and tune [start, end, pitch] in beats, and the time of every beat."""

    meter: int
    signature: str
    keys: list[tuple[int, int, str]]
    """From which beat, tonic, mode."""
    sections: list[Section]
    chords: list[tuple[float, float, Chord | None]]
    times: list[float]
    """Of each beat, and of the end."""
    tune: list[tuple[float, float, int]] = field(default_factory=list)
    first: int = 0
    """The first downbeat."""

    @property
    def beats(self) -> int:
        """How many beats there are."""
        return len(self.times) - 1

    def time(self, beat: float) -> float:
        """The time of a place between beats; beyond the last, the tempo stays."""
        place = max(0, min(int(beat), self.beats - 1))
        start, end = self.times[place], self.times[place + 1]
        return start + (beat - place) * (end - start)

    def beat(self, time: float) -> float:
        """The place between beats at a time."""
        place = max(0, min(bisect.bisect_right(self.times, time) - 1, self.beats - 1))
        start, end = self.times[place], self.times[place + 1]
        return place + (time - start) / (end - start)

    def chord(self, beat: float) -> Chord | None:
        """The chord at a place."""
        return next((chord for start, end, chord in self.chords if start - 1e-6 <= beat < end - 1e-6), None)

    def section(self, beat: float) -> Section:
        """The section at a place."""
        return next((part for part in self.sections if part.start - 1e-6 <= beat < part.end), self.sections[-1])

    def key(self, beat: float) -> tuple[int, str]:
        """Tonic and mode at a place."""
        return next((row[1], row[2]) for row in reversed(self.keys) if row[0] <= beat + 1e-6 or row is self.keys[0])

    @property
    def bars(self) -> list[int]:
        """The beats that begin bars."""
        return list(range(self.first, self.beats, self.meter))

    def transposed(self, semitones: int) -> Sheet:
        """The same in another key."""
        return Sheet(
            self.meter,
            self.signature,
            [(beat, (tonic + semitones) % 12, mode) for beat, tonic, mode in self.keys],
            self.sections,
            [(start, end, chord and chord.moved(semitones)) for start, end, chord in self.chords],
            self.times,
            [(start, end, pitch + semitones) for start, end, pitch in self.tune],
            self.first,
        )

    def slower(self, ratio: float) -> Sheet:
        """The same at `ratio` times the tempo."""
        times = [self.times[0] + (time - self.times[0]) / ratio for time in self.times]
        return Sheet(self.meter, self.signature, self.keys, self.sections, self.chords, times, self.tune, self.first)

    def truth(self, **more: Any) -> dict[str, Any]:
        """The truth as a JSON object: times in seconds, rounded to .1 ms."""

        def at(beat: float) -> float:
            return round(self.time(beat), 4)

        _, tonic, mode = self.keys[0]
        found: dict[str, Any] = {"key": tonic, "mode": mode, "meter": self.meter, "signature": self.signature}
        if len(self.keys) > 1:
            found["keys"] = [[at(beat), tonic, mode] for beat, tonic, mode in self.keys]
        return (
            more
            | found
            | {
                "melody": [[at(start), at(end), pitch] for start, end, pitch in self.tune],
                "chords": [[at(start), at(end), chord.label if chord else "N"] for start, end, chord in self.chords],
                "beats": [at(beat) for beat in range(self.beats)],
                "downbeats": [at(beat) for beat in self.bars],
                "sections": [[at(part.start), at(part.end), part.label] for part in self.sections],
                "end": at(self.beats),
            }
        )

    @classmethod
    def of_truth(cls, truth: dict[str, Any]) -> Sheet:
        """The sheet of a song's truth."""
        times = list(truth["beats"])
        times.append(max(truth["end"], times[-1] + 0.2))
        meter = truth["meter"]
        sheet = cls(meter, truth.get("signature", f"{meter}/4"), [], [], [], times)
        sheet.first = min(range(sheet.beats), key=lambda beat: abs(times[beat] - truth["downbeats"][0]))
        starts = truth.get("keys") or [[0, truth["key"], truth["mode"]]]
        sheet.keys = [
            (round(sheet.beat(start)) if at else 0, key, mode[:3]) for at, (start, key, mode) in enumerate(starts)
        ]
        for place, (start, end, label) in enumerate(truth["sections"]):
            name = label.lower()
            energy = 0.95 if name in ("chorus", "b") else 0.4 if name in ("intro", "i", "outro") else 0.7
            first = 0 if place == 0 else round(sheet.beat(start))
            sheet.sections.append(Section(first, round(sheet.beat(end)), label, energy))
        # Sheets change chords on half beats at most.
        near = [
            (round(sheet.beat(start) * 2) / 2, round(sheet.beat(end) * 2) / 2, label)
            for start, end, label in truth["chords"]
        ]
        sheet.chords = [(start, end, Chord.parse(label)) for start, end, label in near if end > start]
        sheet.tune = [(sheet.beat(start), sheet.beat(end), pitch) for start, end, pitch in truth["melody"]]
        return sheet
