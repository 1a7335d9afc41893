"""Notes to sound: a standard MIDI file of notes in seconds, FluidSynth, sox and lame."""

from __future__ import annotations

import struct
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Oracles"))
from oracles import programs

DRUMS = 9  # The channel of drums, from 0.
FONTS = {
    "fluid": "/usr/share/sounds/sf2/FluidR3_GM.sf2",
    "lite": "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
    "tim": "/usr/share/sounds/sf2/TimGM6mb.sf2",
}
PACKAGES = "fluidsynth fluid-soundfont-gm musescore-general-soundfont-small timgm6mb-soundfont sox lame"


@dataclass(frozen=True)
class Note:
    """A note of a part: times in seconds, MIDI pitch, velocity."""

    start: float
    end: float
    pitch: int
    velocity: int


@dataclass
class Part:
    """An instrument and what it plays."""

    program: int
    notes: list[Note]
    drums: bool = False
    volume: int = 100
    pan: int = 64
    reverb: int = 40
    vibrato: int = 0


def require() -> None:
    """Ends the program where something that renders is missing."""
    programs.require("fluidsynth", "sox", "lame")
    if missing := [path for path in FONTS.values() if not Path(path).exists()]:
        programs.fail(f"wants {', '.join(missing)}: apt-get install {PACKAGES}")


def quantity(value: int) -> bytes:
    """A variable-length quantity."""
    digits = [value & 127]
    while value := value >> 7:
        digits.append(value & 127 | 128)
    return bytes(reversed(digits))


def midi(parts: Sequence[Part], cents: float = 0) -> bytes:
    """A MIDI file of one tick a millisecond; every part has a track and a channel of its own, detuned by `cents`."""
    # 500 ticks a quarter note at 120 quarters a minute.
    tracks = [b"\x00\xff\x51\x03" + (500_000).to_bytes(3, "big") + b"\x00\xff\x2f\x00"]
    channels = iter(channel for channel in range(16) if channel != DRUMS)
    end = max((note.end for part in parts for note in part.notes), default=0)
    for part in parts:
        channel = DRUMS if part.drums else next(channels)
        tracks.append(track(part, channel, 0 if part.drums else cents, end + 2.5))
    head = b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), 500)
    return head + b"".join(b"MTrk" + struct.pack(">I", len(body)) + body for body in tracks)


def track(part: Part, channel: int, cents: float, end: float) -> bytes:
    """The events of a part."""
    control = 0xB0 | channel
    tuning = min(16383, round(8192 + cents * 81.92))
    events = [(0, 0, bytes([0xC0 | channel, part.program]))]
    # Volume, pan, vibrato, reverb; then registered parameter 1: fine tuning.
    settings = [(7, part.volume), (10, part.pan), (1, part.vibrato), (91, part.reverb)]
    settings += [(101, 0), (100, 1), (6, tuning >> 7), (38, tuning & 127)]
    events += [(0, 1, bytes([control, number, value])) for number, value in settings]
    for note in part.notes:
        start, stop = round(note.start * 1000), round(note.end * 1000)
        if stop > start >= 0 and 0 < note.pitch < 128:
            velocity = max(1, min(127, note.velocity))
            # Notes end before others begin on the same tick.
            events.append((start, 3, bytes([0x90 | channel, note.pitch, velocity])))
            events.append((stop, 2, bytes([0x80 | channel, note.pitch, 0])))
    events.sort()
    body, now = b"", 0
    for tick, _, event in events:
        body, now = body + quantity(tick - now) + event, tick
    return body + quantity(max(0, round(end * 1000) - now)) + b"\xff\x2f\x00"


def synthesize(score: bytes, wav: Path, font: str = "fluid", gain: float = 0.5, reverb: bool = False) -> None:
    """Plays a MIDI file into a wav of 44.1 kHz, by FluidSynth."""
    with tempfile.NamedTemporaryFile(suffix=".mid") as file:
        file.write(score)
        file.flush()
        options = ["-ni", "-q", "-g", gain, "-R", int(reverb), "-C", 0, "-r", 44100, "-T", "wav", "-O", "s16"]
        # Only the sounds that are played are read.
        options += ["-o", "synth.dynamic-sample-loading=1"]
        programs.must("fluidsynth", *options, "-F", wav, FONTS.get(font, font), file.name)


def finish(wav: Path, output: Path, effects: Iterable[object] = (), kbps: int = 128) -> None:
    """Writes a wav to mp3 or wav, with effects of sox, at −1.5 dBFS."""
    with tempfile.TemporaryDirectory(dir=output.parent) as directory:
        ready, coded = Path(directory) / "ready.wav", Path(directory) / "coded.mp3"
        # -R: the same dither whenever.
        programs.must("sox", "-R", wav, "-b", 16, ready, *effects, "norm", -1.5)
        if output.suffix == ".mp3":
            programs.must("lame", "--quiet", "-q", 7, "-b", kbps, ready, coded)
        # Output is there as a whole or not at all.
        (coded if output.suffix == ".mp3" else ready).replace(output)


def play(
    parts: Sequence[Part],
    output: Path,
    font: str = "fluid",
    cents: float = 0,
    effects: Iterable[object] = (),
    kbps: int = 128,
) -> None:
    """Plays parts into a file, unless it is there."""
    if output.exists():
        return
    with tempfile.TemporaryDirectory() as directory:
        wav = Path(directory) / "dry.wav"
        synthesize(midi(parts, cents), wav, font)
        finish(wav, output, effects, kbps)
