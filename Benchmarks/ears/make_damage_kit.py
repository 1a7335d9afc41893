#!/usr/bin/env python3
"""Makes a kit of covers, damaged ones among them, of which it is known what a check should say.

    make_damage_kit.py DIRECTORY SONG.mp3... [--reprise PROGRAM] [--seed 7]

Beside each SONG.mp3 lies its truth, SONG.json. DIRECTORY/kit.tsv tells of every pair:

  reference, candidate   paths, from DIRECTORY where they are relative
  kind                   how the candidate was made: below
  relation               same, other, or none: the candidate is no music
  tune                   kept or lost; - where nothing is to be said
  transposition, tempo   of the candidate against the reference: semitones, ratio; - where nothing is to be said
  missing                spans of the reference that are gone, "start-end;start-end"; "a-b|c-d": either
  returned               yes, if the candidate is the reference again

Kinds: cover, by PROGRAM's own engine; it follows its reference in time, so that the reference's truth tells where to
cut it: left-out, repeated, shuffled, half-silent; transposed, tempo (by sox). band, band-moved: other players (band.py)
from the song's truth, in its key and tempo or in others; swapped, swapped-moved: the same with another tune over the
same chords. copy and six disguises of the reference: recoded, equalised, pitched, stretched, trimmed, squashed. noise,
speech. other: the cover of another song; other-song: another song itself.
Files that are there already are kept. Wants reprise, fluidsynth, espeak-ng, sox, lame.
"""

import csv
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Oracles"))
import composing
import sound
from band import STYLES, Band
from make_none import SPOKEN
from oracles import programs
from sheets import SCALES, Section, Sheet

COLUMNS = ["reference", "candidate", "kind", "relation", "tune", "transposition", "tempo", "missing", "returned"]
PROMPTS = [
    "solo piano ballad",
    "acoustic folk with fingerpicked guitar",
    "synthwave with driving drums",
    "jazz trio",
    "bossa nova with flute",
    "string quartet",
    "rock band with electric guitar",
    "lo-fi hip hop",
]
DISGUISES: dict[str, list[object]] = {
    "copy": [],
    "recoded": [],
    "equalised": ["bass", 7, "treble", -8, "equalizer", 1200, "1q", 5, "gain", -9],
    "pitched": ["pitch", 100],
    "stretched": ["tempo", "-m", 0.97],
    "trimmed": ["trim", 4, "fade", "t", 2, "-0", 3],
    "squashed": ["compand", "0.005,0.2", "6:-60,-30,-20", -3, "reverb", 25, 50, 40, "lowpass", 9000],
}
RATES = {"recoded": 48, "squashed": 96}


@dataclass
class Kit:
    """The rows of kit.tsv, and where the files go."""

    directory: Path
    rows: list[dict[str, object]]

    def add(self, reference: Path, candidate: Path, kind: str, **known: object) -> None:
        """Adds a row: the same piece, its tune kept, unless told otherwise."""
        place = self.directory.resolve()
        paths = [str(path.resolve()).removeprefix(f"{place}/") for path in (reference, candidate)]
        usual = {"relation": "same", "tune": "kept", "transposition": 0, "tempo": 1, "missing": "", "returned": "no"}
        self.rows.append({"reference": paths[0], "candidate": paths[1], "kind": kind} | usual | known)

    def write(self) -> None:
        """Writes kit.tsv."""
        with open(self.directory / "kit.tsv", "w", newline="") as file:
            table = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
            table.writeheader()
            table.writerows(self.rows)


def covered(reprise: str, song: Path, prompt: str, output: Path) -> None:
    """The engine's cover of a song, made with no state of this machine's."""
    if output.exists():
        return
    with tempfile.TemporaryDirectory() as home:
        places = {f"XDG_{name}_HOME": f"{home}/{name}" for name in ("CONFIG", "CACHE", "STATE")}
        words = [reprise, "cover", song, "--service", "local", "--prompt", prompt, "-o", output, "--quiet"]
        done = subprocess.run(list(map(str, words)), env=os.environ | places | {"HOME": home}, capture_output=True)
    if not output.exists():
        programs.fail(f"no cover of {song}: {done.stderr.decode(errors='replace')[-300:]}")


def joined(source: Path, pieces: list[tuple[float, float, float]], output: Path) -> None:
    """Pieces (start, end, gain) of a recording in a row, each faded in and out within 10 ms."""
    if output.exists():
        return
    with tempfile.TemporaryDirectory() as place:
        parts = []
        for number, (start, end, gain) in enumerate(pieces):
            part = Path(place) / f"{number}.wav"
            cut = ["trim", f"{start:.4f}", f"={end:.4f}", "fade", "t", 0.01, "-0", 0.01, "vol", gain]
            programs.must("sox", source, "-b", 16, part, *cut)
            parts.append(part)
        whole = Path(place) / "whole.wav"
        programs.must("sox", *parts, whole)
        sound.finish(whole, output)


def changed(source: Path, output: Path, effects: list[object], kbps: int = 128) -> None:
    """A recording with effects of sox."""
    if output.exists():
        return
    with tempfile.TemporaryDirectory() as place:
        wav = Path(place) / "source.wav"
        programs.must("sox", source, "-b", 16, wav)
        sound.finish(wav, output, effects, kbps)


# MARK: Damage by cutting


def spans(sheet: Sheet) -> list[tuple[float, float, Section]]:
    """Sections and when they are."""
    return [(sheet.time(part.start), sheet.time(part.end), part) for part in sheet.sections]


def cut(kit: Kit, song: Path, cover: Path, sheet: Sheet, chance: random.Random) -> None:
    """A section left out, one repeated, all shuffled, half of it silent."""
    parts, stem = spans(sheet), kit.directory / cover.stem
    end = float(programs.must("soxi", "-D", cover))
    inner = [place for place, (start, stop, part) in enumerate(parts) if part.energy > 0.5 and stop - start > 6]
    gone = chance.choice(inner)
    output = Path(f"{stem}-left-out.mp3")
    joined(cover, [(0, parts[gone][0], 1), (parts[gone][1], end, 1)], output)
    alike = [row for row in parts if row[2].label == parts[gone][2].label]
    kit.add(song, output, "left-out", missing="|".join(f"{start:.2f}-{stop:.2f}" for start, stop, _ in alike))

    again = chance.choice(inner)
    output = Path(f"{stem}-repeated.mp3")
    joined(cover, [(0, parts[again][1], 1), (parts[again][0], end, 1)], output)
    kit.add(song, output, "repeated")

    # The borders of shuffled pieces are those of bars, two to four in a section.
    output = Path(f"{stem}-shuffled.mp3")
    starts = [sheet.time(bar) for bar in sheet.bars][::4]
    pieces = [(start, stop, 1.0) for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    order = pieces[:]
    while any(first[1] == second[0] for first, second in itertools.pairwise(order)):
        chance.shuffle(order)
    joined(cover, order, output)
    kit.add(song, output, "shuffled", tune="-", transposition="-", tempo="-")

    output = Path(f"{stem}-half-silent.mp3")
    half = end / 2
    joined(cover, [(0, half, 1), (half, end, 0)], output)
    kit.add(song, output, "half-silent", tune="-", missing=f"{half:.2f}-{float(programs.must('soxi', '-D', song)):.2f}")


# MARK: Other players


def swapped(sheet: Sheet, style: object, seed: int) -> list[tuple[float, float, int]]:
    """Another tune over the same chords: where the old one is sung, alike in sections of one name."""
    pitches = sorted(pitch for _, _, pitch in sheet.tune)
    centre = pitches[len(pitches) // 2] - 2
    found = []
    for part in sheet.sections:
        count = sum(part.start <= start < part.end for start, _, _ in sheet.tune)
        if count < 4:
            continue
        first = part.start
        # Sections of one name draw the same chances.
        chance = random.Random(f"{seed} {part.label}")
        found += [
            (first + start, first + end, pitch)
            for start, end, pitch in composing.tune(
                chance,
                style,
                part.end - first,
                lambda beat, first=first: sheet.chord(first + beat),
                lambda beat, first=first: scale_at(sheet, first + beat),
                centre,
            )
        ]
    return found


def scale_at(sheet: Sheet, beat: float) -> set[int]:
    """The scale at a place."""
    tonic, mode = sheet.key(beat)
    return {(tonic + step) % 12 for step in SCALES[mode]}


def band(kit: Kit, song: Path, sheet: Sheet, chance: random.Random) -> None:
    """Other players, in the song's key and tempo or in others, with its tune or with another."""
    styles = [style for style in STYLES if style.meter == sheet.meter]
    for kind in ("band", "band-moved", "swapped", "swapped-moved"):
        style = chance.choice(styles)
        shift = chance.choice((-5, -4, -3, -2, 2, 3, 4, 5)) if kind.endswith("moved") else 0
        tempo = chance.choice((0.86, 0.92, 1.07, 1.12)) if kind.endswith("moved") else 1
        played = sheet
        if kind.startswith("swapped"):
            played = replace(sheet, tune=swapped(sheet, style, chance.randrange(1 << 30)))
        played = played.transposed(shift).slower(tempo)
        parts = Band(played, style, chance.randrange(1 << 30)).parts(chance.choice(style.leads))
        output = kit.directory / f"{song.stem}-{kind}.mp3"
        font = chance.choice(sorted(sound.FONTS))
        sound.play(parts, output, font, chance.choice((0, 0, 15, -20)), ["reverb", 30], 128)
        tune = "lost" if kind.startswith("swapped") else "kept"
        kit.add(song, output, kind, tune=tune, transposition=shift, tempo=tempo)


# MARK: The kit


def disguised(kit: Kit, song: Path) -> None:
    """The reference come back."""
    moves: dict[str, dict[str, object]] = {"pitched": {"transposition": 1}, "stretched": {"tempo": 0.97}}
    for kind, effects in DISGUISES.items():
        output = kit.directory / f"{song.stem}-{kind}.mp3"
        if kind == "copy":
            output.write_bytes(song.read_bytes())
        else:
            changed(song, output, effects, RATES.get(kind, 128))
        kit.add(song, output, kind, returned="yes", **moves.get(kind, {}))


def without_music(kit: Kit, song: Path, number: int) -> None:
    """Noise and speech of the song's length."""
    nothing = {"relation": "none", "tune": "lost", "transposition": "-", "tempo": "-"}
    seconds = float(programs.must("soxi", "-D", song))
    language = sorted(SPOKEN)[number % len(SPOKEN)]
    noise, speech = (kit.directory / f"{song.stem}-{kind}.mp3" for kind in ("noise", "speech"))
    kit.add(song, noise, "noise", **nothing)
    kit.add(song, speech, "speech", **nothing)
    if speech.exists():
        return
    with tempfile.TemporaryDirectory() as place:
        dry = Path(place) / "dry.wav"
        colour = ("pinknoise", "whitenoise", "brownnoise")[number % 3]
        programs.must("sox", "-R", "-n", "-r", 44100, "-c", 2, dry, "synth", f"{seconds:.2f}", colour, "vol", 0.3)
        sound.finish(dry, noise)
        text = " ".join([SPOKEN[language]] * 6)
        programs.must("espeak-ng", "-v", f"{language}+f{number % 4 + 1}", "-w", dry, text)
        sound.finish(dry, speech, ["trim", 0, f"{seconds:.2f}"])


def make(kit: Kit, song: Path, reprise: str, number: int, seed: int) -> None:
    """All candidates of one song, but those of other songs."""
    chance = random.Random(f"{seed} {song.stem}")
    sheet = Sheet.of_truth(json.loads(song.with_suffix(".json").read_text()))
    cover = kit.directory / f"{song.stem}-cover.mp3"
    covered(reprise, song, PROMPTS[number % len(PROMPTS)], cover)
    kit.add(song, cover, "cover")
    cut(kit, song, cover, sheet, chance)
    shift, tempo = chance.choice((-4, -3, -2, 2, 3)), chance.choice((0.9, 0.94, 1.06, 1.1))
    for kind, effects, known in (
        ("transposed", ["pitch", 100 * shift], {"transposition": shift}),
        ("tempo", ["tempo", "-m", tempo], {"tempo": tempo}),
    ):
        output = kit.directory / f"{song.stem}-{kind}.mp3"
        changed(cover, output, effects)
        kit.add(song, output, kind, **known)
    band(kit, song, sheet, chance)
    disguised(kit, song)
    without_music(kit, song, number)


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("songs", nargs="+", type=Path)
    parser.add_argument("--reprise", type=programs.program, default=str(programs.RELEASE))
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    sound.require()
    programs.require("espeak-ng", "soxi")
    given.directory.mkdir(parents=True, exist_ok=True)
    kit = Kit(given.directory, [])
    for number, song in enumerate(given.songs):
        make(kit, song, given.reprise, number, given.seed)
        kit.write()
        print(song, flush=True)
    unlike = {"relation": "other", "tune": "lost", "transposition": "-", "tempo": "-"}
    for number, song in enumerate(given.songs):
        for step, kind in ((1, "other"), (2, "other"), (3, "other-song")):
            other = given.songs[(number + step) % len(given.songs)]
            candidate = other if kind == "other-song" else given.directory / f"{other.stem}-cover.mp3"
            if other != song:
                kit.add(song, candidate, kind, **unlike)
    kit.write()


if __name__ == "__main__":
    main()
