#!/usr/bin/env python3
"""Makes songs whose truth is known: composed by chance with a seed, played by FluidSynth.

    make_songs.py DIRECTORY [--count 20] [--seed 3] [--only NUMBER...]

DIRECTORY/NAME.mp3 and NAME.json, as Benchmarks/README.md tells. The styles of band.py take turns; key, tempo, form,
instruments, SoundFont, detuning, reverb, equaliser, bit rate, drums or none and a change of key are drawn by chance, so
that another seed makes a set that nobody has set a figure on. Wants fluidsynth, three SoundFonts, sox and lame.
"""

import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Oracles"))
import sound
from band import STYLES, Band
from composing import FORMS, Composer
from oracles import programs

# Below 64 kbit/s lame has no room for the header that tells the encoder's delay: times would be off by it.
RATES = (64, 64, 80, 96, 128, 160)


def effects(chance: random.Random) -> list[object]:
    """A room and an equaliser of sox, or neither."""
    found: list[object] = []
    if chance.random() < 0.6:
        # No pre-delay, and the dry sound stays louder: onsets stay where they are.
        found += ["reverb", chance.randint(15, 55), chance.randint(30, 70), chance.randint(30, 90)]
    if chance.random() < 0.4:
        found += ["bass", chance.randint(-5, 4), "treble", chance.randint(-8, 3)]
    if chance.random() < 0.3:
        found += ["compand", "0.01,0.2", "6:-40,-24,-12", 0, -20, 0.1]
    return found


def make(number: int, seed: int, directory: Path) -> Path:
    """Makes one song."""
    style = STYLES[number % len(STYLES)]
    chance = random.Random(seed * 1000 + number)
    name = f"e{number + 1:02}_{style.name}"
    tempo = round(chance.uniform(*style.tempo), 1)
    tonic = chance.randrange(12)
    minor = style.harmony == "minor" or (style.harmony != "blues" and chance.random() < 0.4)
    mode = "min" if minor else "maj"
    rise = chance.choice((1, 2, 3)) if chance.random() < 0.25 else 0
    form = chance.choice(sorted(FORMS))
    sheet = Composer(style, chance.randrange(1 << 30)).song(tempo, tonic, mode, form, rise, chance.uniform(0.2, 1.2))
    lead = chance.choice(style.leads)
    # Low instruments play high tunes an octave lower; none goes below its accompaniment.
    low = lead in (42, 56, 57, 65, 66, 26, 27, 30, 110) and chance.random() < 0.6
    if low and sorted(pitch for _, _, pitch in sheet.tune)[len(sheet.tune) // 2] >= 69:
        sheet.tune = [(start, end, pitch - 12) for start, end, pitch in sheet.tune]
    drums = chance.random() < 0.85
    cents = chance.choice((0, 0, 0, -30, -15, 12, 25, 38))
    font, kbps = chance.choice(sorted(sound.FONTS)), chance.choice(RATES)
    level = chance.randint(88, 118)
    parts = Band(sheet, style, chance.randrange(1 << 30)).parts(lead, drums, chance.choice((0, 30, 70)), level)
    chain = effects(chance)
    recipe = {"style": style.name, "lead": lead, "font": font, "cents": cents, "kbps": kbps}
    recipe |= {"drums": drums and bool(style.drums), "effects": " ".join(map(str, chain))}
    path = directory / f"{name}.mp3"
    sound.play(parts, path, font, cents, chain, kbps)
    path.with_suffix(".json").write_text(json.dumps(sheet.truth(name=name, bpm=tempo, **recipe)))
    return path


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--only", type=int, nargs="*")
    given = parser.parse_args()
    sound.require()
    given.directory.mkdir(parents=True, exist_ok=True)
    for number in given.only or range(1, given.count + 1):
        print(make(number - 1, given.seed, given.directory), flush=True)


if __name__ == "__main__":
    main()
