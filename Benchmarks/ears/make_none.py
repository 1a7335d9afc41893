#!/usr/bin/env python3
"""Makes recordings that are no music: make_none.py DIRECTORY.

Speech by espeak-ng in several languages and voices, alone and over one another; noise; tones and sweeps; rain and wind;
clicks at chance times and a metronome; an engine; telephone tones; hum. Each lasts 20 to 40 s. Wants espeak-ng and sox.
"""

import random
import sys
import tempfile
import wave
from array import array
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Oracles"))
from oracles import programs

SPOKEN = {
    "en-us": """The harbour lay quiet under a grey sky, and nobody on the quay could say when the next boat would come.
        A woman in a long coat counted her coins twice, then asked the guard whether the road was open again.""",
    "de": """Der Hafen lag still unter grauem Himmel, und niemand am Kai konnte sagen, wann das nächste Boot käme.
        Eine Frau im langen Mantel zählte zweimal ihre Münzen und fragte den Wächter, ob die Straße wieder frei sei.""",
    "fr": """Le port reposait sous un ciel gris, et personne sur le quai ne savait quand viendrait le prochain bateau.
        Une femme au long manteau compta deux fois ses pièces, puis demanda au gardien si la route était ouverte.""",
    "es": """El puerto dormía bajo un cielo gris, y nadie en el muelle sabía cuándo llegaría el próximo barco.
        Una mujer de abrigo largo contó dos veces sus monedas y preguntó al guardia si el camino estaba abierto.""",
    "cmn": """港口在灰色的天空下很安静，码头上没有人知道下一班船什么时候来。
        一个穿长大衣的女人数了两遍硬币，然后问看守北边的路通不通。""",
    "ru": """Гавань тихо лежала под серым небом, и никто на причале не знал, когда придёт следующий пароход.
        Женщина в длинном пальто дважды пересчитала монеты и спросила сторожа, открыта ли дорога на север.""",
}
VOICES = [("en-us", "f3", 50, 165), ("en-us", "m3", 35, 140), ("de", "m1", 45, 175), ("fr", "f2", 60, 190)]
VOICES += [("es", "m2", 40, 200), ("cmn", "f4", 55, 150), ("ru", "m4", 30, 170)]
RATE = 22050
# Sounds that sox makes by itself.
SYNTHS: dict[str, list[object]] = {
    "noise-pink": ["synth", 30, "pinknoise"],
    "noise-white": ["synth", 30, "whitenoise", "vol", 0.4],
    "noise-brown": ["synth", 30, "brownnoise"],
    "tone": ["synth", 30, "sine", 440, "vol", 0.5],
    "tone-low": ["synth", 30, "sawtooth", 110, "vol", 0.3],
    "sweep": ["synth", 30, "sine", "60-6000", "vol", 0.5],
    "wind": ["synth", 30, "pinknoise", "lowpass", 500, "tremolo", 0.23, 70],
    "hum": ["synth", 30, "sine", 50, "synth", "sine", "mix", 100, "synth", "sine", "mix", 150, "vol", 0.4],
    "engine": ["synth", 30, "sawtooth", 43, "synth", "brownnoise", "mix", "tremolo", 11, 60, "lowpass", 900],
}


def sox(path: Path, inputs: list[object], *effects: object) -> None:
    """Makes a mono wav by sox, with the same noise whenever."""
    output = ["-b", 16, "-r", RATE, "-c", 1, path]
    source = [] if inputs else ["-r", RATE]
    programs.must("sox", "-R", *source, *(inputs or ["-n"]), *output, *effects, "norm", -3)


def write(path: Path, samples: list[float]) -> None:
    """Writes samples of −1…1."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array("h", [round(32767 * max(-1.0, min(1.0, sample))) for sample in samples]).tobytes())


def rain(chance: random.Random) -> list[float]:
    """Drops: short bursts of noise of all sizes, over a hiss."""
    samples = [chance.gauss(0, 0.008) for _ in range(30 * RATE)]
    for _ in range(9000):
        place, size, length = chance.randrange(len(samples) - 600), 0.4 * chance.random() ** 4, chance.randint(20, 400)
        for step in range(length):
            samples[place + step] += size * chance.gauss(0, 1) * (1 - step / length) ** 2
    return samples


def clicks(times: list[float], seconds: float, decay: float) -> list[float]:
    """Clicks at times."""
    chance = random.Random(5)
    samples = [chance.gauss(0, 0.0005) for _ in range(round(seconds * RATE))]
    for time in times:
        first = round(time * RATE)
        for step in range(min(round(decay * RATE), len(samples) - first)):
            samples[first + step] += 0.7 * chance.uniform(-1, 1) * (1 - step * 1.0 / (decay * RATE)) ** 3
    return samples


def applause(chance: random.Random) -> list[float]:
    """Hands clapped by many people at chance times."""
    times = sorted(chance.uniform(0, 24.9) for _ in range(3000))
    return [sample / 4 for sample in clicks(times, 25, 0.012)]


def speech(directory: Path) -> None:
    """Speech: alone, and two voices at once."""
    for number, (language, voice, pitch, speed) in enumerate(VOICES):
        path = directory / f"speech-{language}-{voice}.wav"
        text = (SPOKEN[language] + " ") * 2
        programs.must("espeak-ng", "-v", f"{language}+{voice}", "-p", pitch, "-s", speed, "-w", path, text)
        if number == 1:
            other = directory / f"speech-{VOICES[0][0]}-{VOICES[0][1]}.wav"
            sox(directory / "speech-two.wav", ["-m", path, other])
    with tempfile.TemporaryDirectory() as place:
        dry = directory / "speech-fr-f2.wav"
        wet = Path(place) / "wet.wav"
        sox(wet, [dry], "reverb", 60, 40, 90)
        programs.must("lame", "--quiet", "-b", 48, wet, directory / "speech-hall.mp3")


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    programs.require("espeak-ng", "sox", "lame")
    directory.mkdir(parents=True, exist_ok=True)
    speech(directory)
    for name, arguments in SYNTHS.items():
        sox(directory / f"{name}.wav", [], *arguments)
    chance = random.Random(13)
    write(directory / "rain.wav", rain(chance))
    write(directory / "clicks.wav", clicks([chance.uniform(0, 29.9) for _ in range(70)], 30, 0.02))
    write(directory / "metronome.wav", clicks([0.5 * beat for beat in range(60)], 30, 0.01))
    write(directory / "applause.wav", applause(chance))
    dial = [(697, 1209), (770, 1336), (852, 1477), (941, 1336), (697, 1477)]
    tones: list[object] = []
    for low, high in dial * 6:
        tones += [":", "synth", 0.2, "sine", low, "synth", 0.2, "sine", "mix", high, "pad", 0, 0.3]
    sox(directory / "dialling.wav", [], *tones[1:])


if __name__ == "__main__":
    main()
