"""A band: styles of playing, and what each instrument plays to a sheet.

A pattern tells a bar, a letter a step. Drums: a digit is how hard. Bass: R the lowest note of the chord, 5 and 3 its
degrees, 8 the octave, W a walking step, A a step towards the next chord's bass. Chords: X all of them, a digit one note
of the voicing from below. "-" holds, "." rests. All patterns are this project's own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from sheets import QUALITIES, Chord, Sheet
from sound import Note, Part

KICK, RIM, SNARE, CLAP, HAT, OPEN, CRASH, RIDE, SHAKER, TAMBOURINE = 36, 37, 38, 39, 42, 46, 49, 51, 70, 54
LOW_TOM, HIGH_TOM, CONGA, BONGO, COWBELL = 45, 48, 63, 60, 56


@dataclass(frozen=True)
class Comp:
    """An instrument that plays chords."""

    programs: tuple[int, ...]
    pattern: str
    centre: int = 60
    volume: int = 80
    pan: int = 50
    strum: float = 0
    """Seconds between the notes of a chord."""
    loud: float = 0
    """From which energy of a section it plays."""


@dataclass(frozen=True)
class Style:
    """A way of playing."""

    name: str
    meter: int
    signature: str
    tempo: tuple[int, int]
    steps: int
    """Steps a beat."""
    bass: str
    comps: tuple[Comp, ...]
    leads: tuple[int, ...]
    drums: dict[int, str] = field(default_factory=dict)
    loud: dict[int, str] = field(default_factory=dict)
    """Drums of a loud section, instead of the same ones in `drums`."""
    basses: tuple[int, ...] = (33, 32)
    kit: int = 0
    harmony: str = "pop"
    """Of the chords: plain, pop, jazz, blues, minor."""
    swing: float = 0.5
    """Where the second half of a beat falls."""
    rubato: float = 0
    busy: float = 0.5
    """How many notes the tune has."""
    rootless: bool = False
    """The chords leave the root to the bass."""


# fmt: off
STYLES = [
    Style("ballad", 4, "4/4", (60, 74), 4, "R-------5---R-A-", (
        Comp((0, 4), "1.2.3.4.3.2.4.3.", 60, 88), Comp((48, 49, 89), "X---------------", 64, 55, 80, loud=.6)),
        (73, 40, 53, 22, 65), {HAT: "3...4...3...4...", RIM: "....5.......5...", KICK: "6.......4.4....."},
        {SNARE: "....6.......6...", RIM: "................"}, harmony="pop", busy=.35),
    Style("bare", 4, "4/4", (60, 72), 2, "R-----5-", (
        Comp((0, 1), "12343234", 59, 92), Comp((48, 50), "X-------", 62, 50, 85, loud=.6)),
        (42, 68, 41, 71), harmony="pop", rubato=.05, busy=.3),
    Style("slow-six", 6, "6/8", (150, 198), 2, "R-----5---A-", (
        Comp((25, 0, 27), "1-2-3-4-3-2-", 58, 90), Comp((16, 18, 48), "X-----------", 62, 55, 85, loud=.6)),
        (65, 54, 22, 30), {HAT: "4.3.3.4.3.3.", SNARE: "......6.....", KICK: "7.........4."},
        {RIDE: "5.4.4.5.4.4.", HAT: "............"}, harmony="plain", busy=.35),
    Style("jig", 6, "6/8", (216, 300), 1, "R-5R-5", (
        Comp((25, 24), "X.XX.X", 57, 84, strum=.012), Comp((21, 15), "X-----", 60, 50, 85, loud=.7)),
        (73, 78, 40, 74), {TAMBOURINE: "4..4..", KICK: "5....."}, harmony="plain", busy=.7),
    Style("waltz", 3, "3/4", (92, 132), 2, "R---5-", (
        Comp((0, 2), "..X.X.", 60, 82), Comp((48, 49), "X-----", 65, 50, 85, loud=.6)),
        (40, 71, 11, 60), {KICK: "6.....", HAT: "..4.4.", SNARE: "....3."}, harmony="jazz", swing=.6, busy=.45),
    Style("musette", 3, "3/4", (150, 186), 1, "R--", (
        Comp((24, 21), ".XX", 60, 80, strum=.01), Comp((21,), "X-.", 64, 45, 85, loud=.7)),
        (21, 40, 22), harmony="minor", busy=.6),
    Style("swing", 4, "4/4", (124, 176), 2, "W-W-W-W-", (
        Comp((0, 26, 11), "X..X....", 60, 82),),
        (66, 56, 59, 11, 71), {RIDE: "6.545.64", HAT: "..5...5.", KICK: "2...2..."}, {SNARE: "...2..3."}, (32,),
        harmony="jazz", swing=.64, busy=.6, rootless=True),
    Style("shuffle", 4, "4/4", (92, 124), 3, "R-R3-35-5A-A", (
        Comp((16, 27, 0), "..X..X..X..X", 60, 78), Comp((29,), "X--.........", 55, 55, 90, loud=.7)),
        (22, 65, 27), {HAT: "6.46.46.46.4", SNARE: "...7.....7..", KICK: "7.....7....."}, harmony="blues", busy=.5),
    Style("funk", 4, "4/4", (94, 112), 4, "R--R..8.R-.R5.A-", (
        Comp((28, 27, 7), "..XX..X...X.X..X", 62, 80, 90), Comp((4, 61), "X-.....X-.......", 60, 60, 40, loud=.5)),
        (65, 56, 81, 62), {HAT: "5353535353535353", SNARE: "....7..2.2..7...", KICK: "8..5......6..4.."},
        harmony="jazz", basses=(36, 33), busy=.5),
    Style("reggae", 4, "4/4", (68, 84), 4, "R---..R-5-..R-3-", (
        Comp((16, 18), "..X...X...X...X.", 60, 82), Comp((28, 27), "..X...X...X...X.", 64, 60, 90)),
        (74, 57, 22, 54), {HAT: "4.6.4.6.4.6.4.6.", RIM: "........7.......", KICK: "........7......."},
        harmony="plain", swing=.54, busy=.4),
    Style("bossa", 4, "4/4", (112, 144), 2, "R--55--R", (
        Comp((24,), "X..X..X.", 58, 92, strum=.008), Comp((48, 89), "X-------", 64, 42, 85, loud=.7)),
        (73, 11, 66, 53), {SHAKER: "54545454", RIM: "6..6..6.", KICK: "5..45..4"}, basses=(32, 33), harmony="jazz",
        busy=.5, rootless=True),
    Style("house", 4, "4/4", (118, 128), 4, "..R-..R-..R-..R8", (
        Comp((4, 16, 90), "X..X..X...X..X..", 60, 80), Comp((90, 89, 50), "X---------------", 64, 60, 85, loud=.6)),
        (80, 81, 53, 62), {KICK: "8...8...8...8...", HAT: "..4...4...4...4.", CLAP: "....6.......6..."},
        {OPEN: "..6...6...6...6."}, (38, 39), 25, harmony="minor", busy=.45),
    Style("rock", 4, "4/4", (108, 148), 2, "RRRRRRRR", (
        Comp((30, 29, 27), "X-X-X-X-", 56, 76, 30), Comp((16, 0, 29), "X---X---", 62, 62, 95, loud=.6)),
        (65, 30, 54, 81), {HAT: "65656565", SNARE: "..8...8.", KICK: "8...88.."}, {RIDE: "76767676", HAT: "........"},
        basses=(34, 33), kit=8, harmony="plain", busy=.5),
    Style("train", 4, "4/4", (100, 124), 2, "R-..5-..", (
        Comp((25, 24), "..X...X.", 58, 88, strum=.015), Comp((15, 105), "12432143", 64, 55, 95)),
        (110, 22, 40, 75), {SNARE: "46464646", KICK: "6...6..."}, harmony="plain", busy=.55),
    Style("low-key", 4, "4/4", (70, 86), 4, "R-----5-..R---A-", (
        Comp((4, 5), "X-----....X-....", 60, 92), Comp((89, 92), "X---------------", 66, 45, 85, loud=.6)),
        (11, 66, 26, 73), {HAT: "4.3.4.3.4.34.3.4", SNARE: "....7.......7...", KICK: "8.....4..65....."},
        harmony="jazz", basses=(33, 38), swing=.57, busy=.35),
    Style("piano", 4, "4/4", (66, 104), 2, "R---5---", (
        Comp((0,), "12343234", 57, 84),), (0,), basses=(0,), harmony="pop", rubato=.06, busy=.45),
    Style("chorale", 4, "4/4", (70, 92), 1, "R-R-", (
        Comp((49, 19, 48), "X-X-", 60, 84), Comp((52,), "X---", 64, 60, 85, loud=.6)),
        (40, 56, 68, 73), basses=(43, 42, 19), harmony="pop", rubato=.02, busy=.2),
    Style("picked", 4, "4/4", (78, 104), 4, "R-------5-------", (
        Comp((24, 25, 46), "1.3.2.4.1.3.2.4.", 58, 95),), (53, 75, 78, 41), basses=(32, 24), harmony="pop", busy=.4),
    Style("tango", 4, "4/4", (108, 126), 2, "R--R8-5-", (
        Comp((0, 21), "X..XX.X.", 60, 84), Comp((48, 45), "X-X-X-X-", 64, 55, 85, loud=.6)),
        (40, 21, 71), basses=(32,), harmony="minor", busy=.5),
    Style("punk", 4, "4/4", (164, 186), 2, "RRRRRRRR", (
        Comp((30,), "XXXXXXXX", 55, 74, 30), Comp((29,), "X-X-X-X-", 60, 66, 98)),
        (81, 54, 30, 65), {HAT: "77777777", SNARE: "..8...8.", KICK: "8..88..8"}, basses=(34,), kit=8, harmony="plain",
        busy=.55),
]
# fmt: on


class Band:
    """A band that plays one sheet in one style."""

    def __init__(self, sheet: Sheet, style: Style, seed: int) -> None:
        self.sheet, self.style = sheet, style
        self.random = random.Random(seed)

    def parts(self, lead: int, drums: bool = True, vibrato: int = 40, level: int = 112) -> list[Part]:
        """What everybody plays."""
        style, random = self.style, self.random
        found = [Part(lead, self.lead(), volume=level, reverb=60, vibrato=vibrato)]
        found += [
            Part(random.choice(comp.programs), self.comp(comp), volume=comp.volume, pan=comp.pan, reverb=45)
            for comp in style.comps
        ]
        found.append(Part(random.choice(style.basses), self.bass(), volume=98, reverb=15))
        if drums and style.drums:
            found.append(Part(style.kit, self.drums(), drums=True, volume=96, reverb=25))
        return found

    # MARK: Time

    def time(self, beat: float) -> float:
        """The time of a place in a beat, swung."""
        whole = int(beat)
        part, swing = beat - whole, self.style.swing
        if self.style.steps != 3:
            part = part * 2 * swing if part < 0.5 else swing + (part - 0.5) * 2 * (1 - swing)
        return self.sheet.time(whole + part)

    def loose(self, width: float = 0.008) -> float:
        """Seconds by which a player is early or late."""
        return max(-2 * width, min(2 * width, self.random.gauss(0, width)))

    def note(self, start: float, end: float, pitch: int, velocity: float, width: float = 0.006) -> Note:
        """A note from beat to beat."""
        late = self.loose(width)
        begin = max(0.0, self.time(start) + late)
        return Note(begin, max(begin + 0.05, self.time(end) + late), pitch, round(velocity + self.random.gauss(0, 5)))

    def hits(self, pattern: str) -> list[tuple[float, float, str]]:
        """Where a pattern of bars strikes, until when each stroke lasts, and its letter."""
        steps, bar = self.style.steps, self.sheet.meter * self.style.steps
        pattern = fitted(pattern, bar)
        found: list[tuple[float, float, str]] = []
        # A bar before the first downbeat holds a pickup.
        total = self.sheet.beats * steps
        for step in range(total):
            letter = pattern[(step - self.sheet.first * steps) % bar]
            if letter == "-" and found and found[-1][1] == step:
                found[-1] = (found[-1][0], step + 1, found[-1][2])
            elif letter not in ".-":
                found.append((step, step + 1, letter))
        return [(start / steps, end / steps, letter) for start, end, letter in found]

    def pieces(self, pattern: str) -> list[tuple[float, float, str, Chord, float]]:
        """Strokes cut where the chord changes, with chord and energy; where a held chord changes it is struck anew."""
        found = []
        for start, end, letter in self.hits(pattern):
            for first, last, chord in self.sheet.chords:
                begin, stop = max(start, first), min(end, last)
                if chord and stop - begin > 1e-6 and (begin == start or end - start > 0.9):
                    found.append((begin, stop, letter, chord, self.sheet.section(begin).energy))
        return found

    # MARK: Instruments

    def lead(self) -> list[Note]:
        """The tune."""
        return [self.note(start, end, pitch, 100, 0.004) for start, end, pitch in self.sheet.tune]

    def comp(self, comp: Comp) -> list[Note]:
        """Chords, each voiced near the one before."""
        notes: list[Note] = []
        voicing: list[int] = []
        last: Chord | None = None
        for start, end, letter, chord, energy in self.pieces(comp.pattern):
            if chord != last:
                voicing, last = voiced(chord, comp.centre, voicing, self.style.rootless), chord
            if energy < comp.loud:
                continue
            chosen = voicing if letter == "X" else [voicing[(int(letter) - 1) % len(voicing)]]
            held = end if letter == "X" else max(end, start + 0.5)
            for place, pitch in enumerate(chosen):
                note = self.note(start, held, pitch, 58 + 30 * energy)
                late = place * comp.strum
                notes.append(Note(note.start + late, note.end + late, note.pitch, note.velocity))
        return notes

    def bass(self) -> list[Note]:
        """The bass."""
        notes = []
        pitch = 0
        pieces = self.pieces(self.style.bass)
        for place, (start, end, letter, chord, energy) in enumerate(pieces):
            following = pieces[place + 1][3] if place + 1 < len(pieces) else chord
            changed = place == 0 or pieces[place - 1][3] != chord
            low = 28 + (chord.lowest - 28) % 12
            tones = QUALITIES[chord.quality]
            degrees = {"R": low, "8": low + 12, "3": low + tones[1], "5": low + tones[2]}
            if changed or chord.bass != "1":
                pitch = low
            elif letter in degrees:
                pitch = degrees[letter]
            elif letter == "A" and following != chord:
                pitch = 28 + (following.lowest - 28) % 12 + self.random.choice((-1, 1, -2))
            else:
                pitch = low + self.random.choice(tones[1:])
            notes.append(self.note(start, end - 0.03, pitch, 74 + 24 * energy))
        return notes

    def drums(self) -> list[Note]:
        """Drums; softer sections leave out kick and snare, a last bar has a fill, a first one a crash."""
        notes = []
        starts = {part.start: part.energy for part in self.sheet.sections}
        fills = {part.start - 1 for part in self.sheet.sections if part.start}
        names = {**self.style.drums, **self.style.loud}
        for drum in names:
            for variant, low, high in ((self.style.drums, 0.0, 0.8), (names, 0.8, 2.0)):
                for start, _, letter in self.hits(variant.get(drum, ".")):
                    energy = self.sheet.section(start).energy
                    quiet = energy < 0.5 and drum in (KICK, SNARE, CLAP)
                    filled = int(start) in fills and drum in (SNARE, HAT, RIDE, CLAP) and energy > 0.5
                    if low <= energy < high and not quiet and not filled:
                        notes.append(self.note(start, start + 0.2, drum, 18 + 10 * int(letter) + 12 * energy, 0.003))
        for beat in fills:
            if self.sheet.section(beat).energy > 0.5:
                for step, drum in enumerate((SNARE, HIGH_TOM, HIGH_TOM, LOW_TOM)):
                    notes.append(self.note(beat + step / 4, beat + step / 4 + 0.2, drum, 80 + 6 * step, 0.003))
        notes += [self.note(beat, beat + 1, CRASH, 88, 0.003) for beat, energy in starts.items() if energy > 0.8]
        return notes


def fitted(pattern: str, bar: int) -> str:
    """A pattern in a bar of so many steps: a shorter bar cuts it, a longer one repeats its end."""
    return (pattern * (bar // len(pattern) + 1))[:bar]


def voiced(chord: Chord, centre: int, before: list[int], rootless: bool) -> list[int]:
    """The tones of a chord in close position, in the inversion nearest to the chord before."""
    tones = list(chord.tones)
    if rootless and len(tones) > 3:
        tones = tones[1:]
    best: list[int] = []
    for turn in range(len(tones)):
        order = tones[turn:] + tones[:turn]
        pitch = centre - 6 + (order[0] - (centre - 6)) % 12
        found = [pitch]
        for tone in order[1:]:
            found.append(found[-1] + (tone - found[-1]) % 12)
        goal = before or [centre]
        if not best or distance(found, goal, centre) < distance(best, goal, centre):
            best = found
    return best


def distance(found: list[int], before: list[int], centre: int) -> float:
    """How far a hand moves from chord to chord, and from where it likes to be."""
    mean = sum(found) / len(found)
    return abs(mean - sum(before) / len(before)) + 0.5 * abs(mean - centre)
