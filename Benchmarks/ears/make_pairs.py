#!/usr/bin/env python3
"""Makes pairs of recordings that nobody here made: versions of one piece, and pieces that have nothing in common.

    make_pairs.py DIRECTORY [--downloads DIRECTORY] [--seconds 100] [--chorales 20] [--unrelated 40] [--seed 5]

DIRECTORY/pairs.tsv has the columns of make_damage_kit.py's kit.tsv, as far as they are known: reference, candidate,
kind, relation (same or other), transposition, tempo.

Kinds: rendering, arrangement, master: versions of one piece in Debian's packages of games' music; namesake: pieces
there whose names or places promise one piece, but which are two; strangers: pieces of two games. chorale: two settings
by Bach of one hymn tune, found by their sopranos in the corpus of the music21 wheel, played in two keys, tempos and by
other instruments; chorales: two hymns.
The packages and the wheel are downloaded by apt-get and pip (some 350 MB), opened below --downloads, and kept there;
what is made of them is cut to --seconds. Wants apt-get, dpkg, pip, ffmpeg, fluidsynth, sox, lame.
"""

import csv
import itertools
import random
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Oracles"))
import sound
from make_damage_kit import COLUMNS
from oracles import programs
from sound import Note, Part

PACKAGES = ["planetblupi-music-midi", "planetblupi-music-ogg", "supertux-data", "warzone2100-music", "ardentryst"]
WHEEL = "music21==10.5.1"
BLUPI, TUX = "planetblupi/music/music00", "games/supertux2/music/"
ARDENT, WARZONE = "games/ardentryst/Music/", "games/warzone2100/music/"
# Which of the packages' files are one piece was found by Qmax on the chroma of their first 100 s: .7 to 1 here. A name
# alone is no evidence: the namesakes reach what strangers reach, .3 at most. What lies between is left out.
VERSIONS = [
    *(("rendering", f"{BLUPI}{number}.mid", f"{BLUPI}{number}.ogg") for number in (0, 1, 2, 3, 4, 6, 7, 9)),
    ("arrangement", f"{ARDENT}World_Map.ogg", f"{ARDENT}World_Map2.ogg"),
    ("arrangement", f"{ARDENT}battle.ogg", f"{ARDENT}battle2.ogg"),
    ("arrangement", f"{TUX}misc/theme.ogg", f"{TUX}misc/christmas_theme.ogg"),
    ("arrangement", f"{WARZONE}menu.opus", f"{WARZONE}albums/aftermath_soundtrack/menu_enhanced.opus"),
    ("master", f"{ARDENT}theme1.ogg", f"{ARDENT}theme1_raw.ogg"),
    ("master", f"{TUX}antarctic/cave.ogg", f"{TUX}retro/cave_old.ogg"),
]
NAMESAKES = [
    (f"{ARDENT}castle.ogg", f"{ARDENT}castle2.ogg"),
    (f"{TUX}antarctic/airship_2.ogg", f"{TUX}antarctic/airship_remix.ogg"),
    (f"{TUX}castle/fortress.ogg", f"{TUX}retro/fortress_old.ogg"),
    (f"{TUX}forest/forest.ogg", f"{TUX}forest/forest2.ogg"),
    (f"{TUX}forest/forest.ogg", f"{TUX}forest/forest3.ogg"),
    (f"{TUX}forest/forest2.ogg", f"{TUX}forest/forest3.ogg"),
    (f"{TUX}forest/ghostforest.ogg", f"{TUX}forest/ghostforest2.ogg"),
    (f"{TUX}forest/ghostforest.ogg", f"{TUX}forest/ghostforest_map.ogg"),
]
INSTRUMENTS = (19, 48, 52, 0, 73, 60, 68, 21)


@dataclass
class Chorale:
    """A four-part setting: its name, and notes (start, end, pitch) of each voice in quarter notes."""

    name: str
    voices: list[list[tuple[float, float, int]]]

    @property
    def soprano(self) -> list[int]:
        """The pitches of the tune."""
        return [pitch for _, _, pitch in self.voices[0]]

    @property
    def steps(self) -> list[int]:
        """The tune's intervals."""
        return [second - first for first, second in itertools.pairwise(self.soprano)]


# MARK: Chorales


def chorales(wheel: Path) -> list[Chorale]:
    """The chorales in four voices of the wheel's corpus."""
    found = []
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if "/corpus/bach/bwv" in name and name.endswith(".mxl"):
                with zipfile.ZipFile(archive.open(name)) as score:
                    inner = next(
                        part for part in score.namelist() if part.endswith((".xml", ".musicxml")) and "META" not in part
                    )
                    voices = parsed(score.read(inner))
                if voices:
                    found.append(Chorale(Path(name).stem, voices))
    return found


def parsed(text: bytes) -> list[list[tuple[float, float, int]]]:
    """The voices of a MusicXML score of soprano, alto, tenor and bass; empty for another."""
    root = ElementTree.fromstring(text)
    names = [(name.text or "").strip().lower() for name in root.iterfind("part-list/score-part/part-name")]
    if names != ["soprano", "alto", "tenor", "bass"]:
        return []
    voices = [voice(part) for part in root.iterfind("part")]
    return voices if all(len(notes) > 15 for notes in voices) else []


def voice(part: ElementTree.Element) -> list[tuple[float, float, int]]:
    """The notes of a part, tied ones as one; repeats are played once."""
    notes: list[tuple[float, float, int]] = []
    now, divisions = 0.0, 1.0
    for element in part.iter():
        if element.tag == "divisions":
            divisions = float(element.text or 1)
        if element.tag != "note" or element.find("grace") is not None or element.find("chord") is not None:
            continue
        length = float(element.findtext("duration", "0")) / divisions
        if (pitch := element.find("pitch")) is not None:
            number = 12 * (int(pitch.findtext("octave", "4")) + 1) + round(float(pitch.findtext("alter", "0")))
            number += {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[pitch.findtext("step", "C")]
            tied = any(tie.get("type") == "stop" for tie in element.iterfind("tie"))
            if tied and notes and notes[-1][2] == number:
                notes[-1] = (notes[-1][0], now + length, number)
            else:
                notes.append((now, now + length, number))
        now += length
    return notes


def alike(first: list[int], second: list[int]) -> float:
    """1 − edit distance / length of the longer."""
    row = list(range(len(second) + 1))
    for place, one in enumerate(first, 1):
        before, row[0] = row[0], place
        for other, two in enumerate(second, 1):
            before, row[other] = row[other], min(row[other] + 1, row[other - 1] + 1, before + (one != two))
    return 1 - row[-1] / max(len(first), len(second))


def shared(first: list[int], second: list[int]) -> float:
    """The share of intervals in threes that two tunes have in common."""
    one, two = ({tuple(steps[at : at + 3]) for at in range(len(steps) - 2)} for steps in (first, second))
    return len(one & two) / max(1, min(len(one), len(two)))


def chorale_pairs(found: list[Chorale], chance: random.Random, count: int) -> list[tuple[Chorale, Chorale, bool]]:
    """Pairs with one tune but another setting, and pairs with two tunes; no chorale in two pairs of a sort."""
    order = found[:]
    chance.shuffle(order)
    same: list[tuple[Chorale, Chorale, bool]] = []
    used: set[str] = set()
    for first, second in itertools.combinations(order, 2):
        if len(same) >= count:
            break
        if used & {first.name, second.name} or shared(first.steps, second.steps) < 0.5:
            continue
        lows = [[low - high.soprano[0] for _, _, low in high.voices[3]] for high in (first, second)]
        # A bass that is the same too is the same setting.
        if alike(first.steps, second.steps) >= 0.75 and alike(*lows) < 0.7:
            same.append((first, second, True))
            used |= {first.name, second.name}
    other = []
    for first, second in itertools.combinations(order, 2):
        if len(other) >= count:
            break
        if shared(first.steps, second.steps) < 0.15 and not used & {first.name, second.name}:
            other.append((first, second, False))
            used |= {first.name, second.name}
    return same + other


def perform(chorale: Chorale, output: Path, chance: random.Random, shift: int) -> float:
    """Plays a chorale; returns how long a quarter note lasts."""
    quarter = 60 / chance.uniform(66, 104)
    program, lead = chance.choice(INSTRUMENTS), chance.choice(INSTRUMENTS)
    parts = []
    for place, notes in enumerate(chorale.voices):
        played = [
            Note(0.4 + start * quarter, 0.4 + (end - 0.04) * quarter, pitch + shift, 84 + (14 if place == 0 else 0))
            for start, end, pitch in notes
        ]
        parts.append(Part(lead if place == 0 else program, played, pan=(50, 78, 40, 64)[place]))
    sound.play(parts, output, chance.choice(sorted(sound.FONTS)), 0, ["reverb", chance.randint(10, 50)], 128)
    return quarter


# MARK: Packages


def downloaded(place: Path) -> tuple[Path, Path]:
    """The directory `share` of the opened packages, and the wheel."""
    place.mkdir(parents=True, exist_ok=True)
    share = place / "opened/usr/share"
    for package in PACKAGES:
        if not (archives := list(place.glob(f"{package}_*.deb"))):
            programs.must("sh", "-c", f"cd {place} && apt-get download -qq {package}")
            archives = list(place.glob(f"{package}_*.deb"))
        if not (place / f"{package}.opened").exists():
            programs.must("dpkg", "-x", archives[0], place / "opened")
            (place / f"{package}.opened").touch()
    if not (wheels := list(place.glob("music21-*.whl"))):
        programs.must(sys.executable, "-m", "pip", "download", "-q", "--no-deps", WHEEL, "-d", place)
        wheels = list(place.glob("music21-*.whl"))
    return share, wheels[0]


def excerpt(share: Path, name: str, directory: Path, seconds: float) -> Path:
    """The beginning of a piece of a package, as mp3."""
    output = directory / (name.replace("/", "_").rsplit(".", 1)[0] + f"_{name.rsplit('.', 1)[1]}.mp3")
    if not output.exists():
        with tempfile.TemporaryDirectory() as place:
            source, wav = share / name, Path(place) / "piece.wav"
            if name.endswith(".mid"):
                source = Path(place) / "played.wav"
                sound.synthesize((share / name).read_bytes(), source, "tim")
            programs.must("ffmpeg", "-v", "error", "-i", source, "-t", seconds, "-ar", 44100, "-ac", 2, wav)
            sound.finish(wav, output)
    return output


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--downloads", type=Path, default=Path("/tmp/reprise-pairs"))
    parser.add_argument("--seconds", type=float, default=100)
    parser.add_argument("--chorales", type=int, default=20)
    parser.add_argument("--unrelated", type=int, default=40)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    sound.require()
    programs.require("apt-get", "dpkg", "ffmpeg")
    directory = given.directory
    directory.mkdir(parents=True, exist_ok=True)
    share, wheel = downloaded(given.downloads)
    chance = random.Random(given.seed)
    rows: list[dict[str, object]] = []

    def add(first: Path, second: Path, kind: str, same: bool, transposition: object) -> None:
        known = {
            "relation": "same" if same else "other",
            "transposition": transposition,
            "tune": "kept" if same else "-",
        }
        blank = dict.fromkeys(COLUMNS, "-") | {"missing": "", "returned": "-" if kind == "master" else "no"}
        rows.append(blank | {"reference": first.name, "candidate": second.name, "kind": kind} | known)

    for kind, *names in VERSIONS:
        add(*(excerpt(share, name, directory, given.seconds) for name in names), kind, True, 0)
    for names in NAMESAKES:
        add(*(excerpt(share, name, directory, given.seconds) for name in names), "namesake", False, "-")
    # Pieces of two games, by other composers.
    pieces = sorted({name for _, *names in VERSIONS for name in names} | {name for pair in NAMESAKES for name in pair})
    strangers = [pair for pair in itertools.combinations(pieces, 2) if pair[0].split("/")[:2] != pair[1].split("/")[:2]]
    for names in chance.sample(strangers, min(given.unrelated, len(strangers))):
        add(*(excerpt(share, name, directory, given.seconds) for name in names), "strangers", False, "-")
    for first, second, same in chorale_pairs(chorales(wheel), chance, given.chorales):
        shift = chance.choice((-3, -2, -1, 0, 0, 1, 2, 3))
        paths = [directory / f"{one.name}-{place}.mp3" for place, one in enumerate((first, second))]
        quarters = [
            perform(one, path, chance, move) for one, path, move in zip((first, second), paths, (0, shift), strict=True)
        ]
        moved = (second.soprano[-1] + shift - first.soprano[-1] + 5) % 12 - 5
        add(*paths, "chorale" if same else "chorales", same, moved if same else "-")
        if same:
            rows[-1]["tempo"] = round(quarters[0] / quarters[1], 3)
    with open(directory / "pairs.tsv", "w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    main()
