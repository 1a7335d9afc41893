"""Chord sheets and tunes, composed by chance with a seed."""

from __future__ import annotations

import math
import random

from band import Style
from sheets import SCALES, Chord, Section, Sheet

# What follows what, by degrees of the scale; the last of a phrase is on its own.
MAJOR = {0: (3, 5, 4, 1, 2), 1: (4, 4, 3), 2: (5, 3), 3: (4, 0, 1, 4), 4: (0, 5, 3), 5: (3, 1, 4, 2)}
MINOR = {0: (5, 3, 6, 4, 2), 2: (5, 6, 3), 3: (4, 0, 6), 4: (0, 5), 5: (2, 6, 3, 4), 6: (2, 0, 5)}
Row = tuple[float, float, Chord | None]
FORMS = {
    "song": (("intro", "V", 1, 0.4), ("verse", "V", 2, 0.65), ("chorus", "C", 2, 0.95), ("verse", "V", 2, 0.7),
             ("chorus", "C", 2, 0.95), ("outro", "V", 1, 0.4)),
    "bridge": (("intro", "V", 1, 0.4), ("verse", "V", 2, 0.65), ("verse", "V", 2, 0.7), ("bridge", "B", 2, 0.85),
               ("verse", "V", 2, 0.75), ("outro", "B", 1, 0.4)),
    "two": (("verse", "V", 2, 0.6), ("chorus", "C", 2, 0.9), ("bridge", "B", 1, 0.7), ("chorus", "C", 2, 0.95)),
}  # fmt: skip
TWELVE = (0, 0, 0, 0, 3, 3, 0, 0, 4, 3, 0, 4)


class Composer:
    """Composes a song for a style."""

    def __init__(self, style: Style, seed: int) -> None:
        self.style = style
        self.random = random.Random(seed)

    def song(self, tempo: float, tonic: int, mode: str, form: str, rise: int = 0, pickup: float = 0.5) -> Sheet:
        """A whole song; its last chorus or verse `rise` semitones higher."""
        meter = self.style.meter
        # Slow bars are many seconds: half as many of them make a section of the same length.
        phrase = 2 if meter * 60 / tempo > 2.6 else 4
        sheet = Sheet(meter, self.style.signature, [(0, tonic, mode)], [], [], [])
        material: dict[str, tuple[list[Row], list[tuple[float, float, int]]]] = {}
        beat = 0
        plan = FORMS[form]
        sung = self.random.random() < 0.4
        for place, (label, letter, phrases, energy) in enumerate(plan):
            key = tonic
            if rise and place >= len(plan) - 2:
                key = (tonic + rise) % 12
                if sheet.keys[-1][1] != key:
                    sheet.keys.append((beat, key, mode))
            if letter not in material:
                chords = self.chords(phrase * 2, mode)
                material[letter] = (chords, self.section_tune(chords, phrase * 2 * meter, mode))
            length = phrase * phrases * meter
            chords = [row for row in material[letter][0] if row[0] < length]
            # Nobody sings in most beginnings and ends.
            silent = label in ("intro", "outro") and not sung
            tune = [] if silent else [row for row in material[letter][1] if row[0] < length - 0.1]
            move = (key + 6) % 12 - 6
            sheet.sections.append(Section(beat, beat + length, label, energy))
            sheet.chords += [
                (beat + start, beat + min(end, length), chord and chord.moved(key)) for start, end, chord in chords
            ]
            tune = self.varied(tune) if place > 1 else tune
            sheet.tune += [(beat + start, beat + end, pitch + move) for start, end, pitch in tune]
            beat += length
        last = Chord(sheet.keys[-1][1], "min" if mode == "min" else "maj")
        sheet.chords.append((beat, beat + meter, last))
        sheet.sections[-1].end = beat + meter
        sheet.times = self.clock(beat + meter, 60 / tempo, pickup)
        return sheet

    def clock(self, beats: int, period: float, start: float) -> list[float]:
        """The times of beats: a slow drift always, rubato where the style has it."""
        times, drift = [start], 0.0
        wide = self.style.rubato
        phrase = 4 * self.style.meter
        for beat in range(beats):
            drift = 0.97 * drift + self.random.gauss(0, 0.0012)
            bend = wide * math.sin(2 * math.pi * beat / phrase)
            # The end of a phrase is broader.
            held = 2 * wide if beat % phrase == phrase - 1 else 0
            slowing = 0.12 * max(0, beat - beats + 4) if wide else 0
            loose = self.random.gauss(0, 0.15 * wide)
            times.append(times[-1] + period * (1 + drift + bend + held + slowing + loose))
        return times

    # MARK: Chords

    def chords(self, bars: int, mode: str) -> list[Row]:
        """Chords of a section in C or A minor's relative on C, for so many bars."""
        meter = self.style.meter
        if self.style.harmony == "blues":
            return [
                (bar * meter, (bar + 1) * meter, Chord(SCALES["maj"][degree], "7"))
                for bar, degree in enumerate(TWELVE[-bars:])
            ]
        rows: list[Row] = []
        table, degree, bar = (MAJOR if mode == "maj" else MINOR), 0, 0
        if self.random.random() < 0.3:
            degree = self.random.choice([place for place in table if place != 4])
        while bar < bars:
            cadence = bar % 4 == 3
            if cadence:
                degree = 4 if bar < bars - 1 or self.random.random() < 0.5 else 0
            long = not cadence and bar % 2 == 0 and self.random.random() < 0.15
            length = 2 if long else 1
            start, end = bar * meter, (bar + length) * meter
            following = 0 if cadence else self.random.choice(table[degree])
            half = meter // 2 if meter != 3 else 2
            if not long and self.random.random() < (0.45 if self.style.harmony == "jazz" else 0.2):
                rows += self.split(start, start + half, end, degree, following, mode, cadence)
            else:
                rows.append((start, end, self.dressed(degree, mode, cadence)))
            degree, bar = following, bar + length
        return rows

    def split(
        self, start: float, half: float, end: float, degree: int, following: int, mode: str, cadence: bool
    ) -> list[Row]:
        """A bar with two chords: suspension or ii–V at a cadence, else a dominant of what follows or a passing bass."""
        chord = self.dressed(degree, mode, cadence)
        if cadence and degree == 4:
            jazz = self.style.harmony == "jazz"
            before = (
                Chord(2, "hdim7" if mode == "min" else "min7")
                if jazz
                else Chord(7, "sus4(b7)" if self.chance(0.3) else "sus4")
            )
            return [(start, half, before), (half, end, chord)]
        goal = SCALES[mode][following]
        if self.style.harmony in ("jazz", "pop") and following not in (0, degree) and self.chance(0.5):
            return [(start, half, chord), (half, end, Chord((goal + 7) % 12, "7"))]
        third = "b3" if chord.quality.startswith("min") else "3"
        if chord.quality in ("maj", "min") and self.chance(0.5):
            return [(start, half, chord), (half, end, Chord(chord.root, chord.quality, third))]
        return [(start, half, chord), (half, end, self.dressed(following, mode, False))]

    def dressed(self, degree: int, mode: str, cadence: bool) -> Chord:
        """The chord on a degree, as rich as the style's harmony."""
        root = SCALES[mode][degree]
        minor = degree in ((1, 2, 5) if mode == "maj" else (0, 3))
        harmony = self.style.harmony
        if mode == "min" and degree == 4:
            return Chord(root, "7" if cadence and self.chance(0.6) else "maj" if cadence or self.chance(0.5) else "min")
        if harmony == "jazz":
            if minor:
                return Chord(
                    root, "min9" if self.chance(0.15) else "min6" if degree == 0 and self.chance(0.3) else "min7"
                )
            if degree == 4 and mode == "maj":
                return Chord(root, self.random.choice(("7", "7", "9")))
            return Chord(
                root, self.random.choice(("maj7", "maj7", "maj6")) if mode == "maj" or degree in (2, 5) else "7"
            )
        if harmony in ("pop", "minor") and self.chance(0.3):
            if minor:
                return Chord(root, "min7")
            if degree == 4 or (mode == "min" and degree == 6):
                return Chord(root, "7")
            return Chord(root, self.random.choice(("maj7", "sus2", "maj")))
        if harmony == "pop" and degree == 3 and mode == "maj" and self.chance(0.12):
            return Chord(root, "min")
        if harmony == "pop" and degree in (0, 4) and self.chance(0.15):
            return Chord(root, "min" if minor else "maj", "b3" if minor else "3")
        return Chord(root, "min" if minor else "maj")

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.random.random() < share

    # MARK: Tunes

    def section_tune(self, chords: list[Row], length: int, mode: str) -> list[tuple[float, float, int]]:
        """A tune over chords in C: a rhythm of two bars, repeated with changes; every other one ends with a rest."""

        def chord(beat: float) -> Chord | None:
            return next((row[2] for row in chords if row[0] - 1e-6 <= beat < row[1] - 1e-6), None)

        scale = {(0 + step) % 12 for step in SCALES[mode]}
        return tune(self.random, self.style, length, chord, lambda beat: scale, 67)

    def varied(self, notes: list[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
        """The same tune sung again: some notes shorter, seldom one left out."""
        found = []
        for start, end, pitch in notes:
            if self.chance(0.03) and end - start < 0.8:
                continue
            found.append((start, end - (end - start) * (0.3 if self.chance(0.15) else 0), pitch))
        return found


def rhythm(chance: random.Random, style: Style, beats: int) -> list[tuple[float, float]]:
    """Onsets and ends of a phrase, in beats, with a rest behind it."""
    six = style.meter == 6
    lengths = [1, 1, 2, 3] if six else [0.5, 1, 1.5, 2] if style.steps != 3 else [1 / 3, 2 / 3, 1, 2]
    if six:
        weights = [style.busy * 2, style.busy * 2, 1, 1 - style.busy]
    else:
        weights = [style.busy * 3, 1, 0.5 * style.busy, 1.4 * (1 - style.busy)]
    found = []
    place = 0.0 if chance.random() < 0.7 else lengths[1]
    while place < beats - (style.meter / 4 + 0.4):
        length = chance.choices(lengths, weights)[0]
        # An off-beat note is answered within its beat, or tied over for a beat.
        off = place % 1
        if off and style.steps == 3:
            length = 1 - off
        elif off:
            length = chance.choice((0.5, 0.5, 1))
        end = min(place + length, beats - 0.5)
        if end - place > 0.2:
            found.append((place, end))
        place += length
    return found


def tune(chance: random.Random, style: Style, beats: int, chord, scale, centre: int) -> list[tuple[float, float, int]]:
    """A tune over `chord(beat)`: its tones on the beat, the scale's notes between, by step and seldom by leap."""
    span = 2 * style.meter if style.meter != 6 else 12
    motifs = [rhythm(chance, style, span) for _ in range(2)]
    found: list[tuple[float, float, int]] = []
    pitch = centre + chance.choice((-3, 0, 4))
    for number, first in enumerate(range(0, beats, span)):
        arch = chance.uniform(2, 6)
        cell = motifs[(0, 0, 1, 0)[number % 4]]
        for start, end in cell:
            place = first + start
            if place >= beats - 0.3:
                break
            now = chord(place)
            strong = start % 1 < 1e-6 or end - start >= 1
            allowed = set(now.tones) if now and strong else set(scale(place)) | (set(now.tones) if now else set())
            goal = centre + arch * math.sin(math.pi * start / span) + chance.gauss(0, 2.5)
            choices = [
                step for step in range(centre - 9, centre + 13) if step % 12 in allowed and abs(step - pitch) <= 9
            ] or [pitch]
            pitch = min(
                choices, key=lambda step: abs(step - goal) + 0.8 * abs(step - pitch) + (2.0 if step == pitch else 0)
            )
            found.append((place, min(first + end, beats) - 0.06, pitch))
    return found
