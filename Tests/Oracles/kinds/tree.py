"""Where the files go, what is true of each, and the sound in them."""

from __future__ import annotations

import csv
import random
import shutil
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from oracles import programs, wave
from oracles.programs import must

READY, PREPARABLE, REJECTED, OPEN = "ready", "preparable", "rejected", "?"


@dataclass(frozen=True)
class Truth:
    """What is true of one file; `expect` is the verdict that issue 12 demands, "?" where it leaves that open."""

    path: str
    kind: str
    frames: int
    """Frames of sound that are there: exact for pcm and flac, within two frames for mp3, the source's if lossy."""
    rate: int
    channels: int
    lossless: bool
    expect: str
    why: str


class Tree:
    """A directory of files made from a seed, and their truths."""

    def __init__(self, folder: Path, seed: int, only: str) -> None:
        self.folder, self.only, self.truths = folder, only, []
        self.scratch = folder / ".scratch"
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.seed, self.chance = seed, random.Random(seed)

    def sound(self, rate: int, channels: int, seconds: float = 7.0, loud_first: bool = False) -> np.ndarray:
        """Plucked notes over a chord and some noise, frames x channels, below full scale; every channel another."""
        frames = round(rate * seconds)
        time = np.arange(frames) / rate
        noise = np.random.default_rng(self.seed)
        out = np.zeros((frames, channels))
        for channel in range(channels):
            root = np.array([220.0, 174.6, 261.6, 196.0])[(time.astype(int) + channel) % 4] * (1 + 0.01 * channel)
            beat = time % 0.5
            out[:, channel] = 0.35 * np.exp(-4 * beat) * np.sin(2 * np.pi * 2 * root * time)
            out[:, channel] += 0.1 * np.sin(2 * np.pi * root * time) + 0.05 * noise.uniform(-1, 1, frames)
        if loud_first:
            out[round(2 * rate) :] *= 0.02
        return out

    def source(self, rate: int, channels: int, seconds: float = 7.0, bits: int = 16, loud_first: bool = False) -> Path:
        """A wav of the sound for encoders."""
        path = self.scratch / f"{rate}-{channels}-{seconds}-{bits}-{loud_first}.wav"
        if not path.exists():
            data = packed(self.sound(rate, channels, seconds, loud_first), bits)
            form = wave.fmt(bits, channels, rate=rate) if channels < 3 else wave.extensible(bits, channels, rate=rate)
            path.write_bytes(wave.wav(data, form))
        return path

    def made(self, name: str, *command: object) -> bytes:
        """What a command writes to the file that is its last word; nothing if it fails."""
        target = self.scratch / name
        target.unlink(missing_ok=True)
        if not shutil.which(str(command[0])):
            print(f"skipped {name}: {command[0]} is missing")
            return b""
        done = programs.run(*command, target)
        if done.returncode or not target.exists():
            print(f"skipped {name}: {done.stderr.decode(errors='replace').strip()[-150:]}")
            return b""
        return target.read_bytes()

    def ffmpeg(self, name: str, source: object, *options: object) -> bytes:
        return self.made(name, "ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source, *options, "-bitexact")

    def save(
        self,
        path: str,
        data: bytes,
        shape: tuple[int, int, int],
        expect: str = OPEN,
        why: str = "",
        lossless: bool = True,
    ) -> None:
        """Keeps a file under "family/kind.extension"; `shape` is its frames, rate and channels."""
        if not data or self.only not in path:
            return
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.truths.append(Truth(path, Path(path).stem, *shape, lossless, expect, why))

    def write_truths(self) -> Path:
        path = self.folder / "truth.tsv"
        with path.open("w", newline="") as file:
            rows = csv.writer(file, delimiter="\t", lineterminator="\n")
            rows.writerow([one.name for one in fields(Truth)])
            rows.writerows(astuple(one) for one in self.truths)
        return path


def packed(sound: np.ndarray, bits: int, kept: int | None = None, order: str = "little") -> bytes:
    """Interleaved samples of so many bits, left-justified in `kept` ones; 8 bits are unsigned."""
    kept = (bits + 7) // 8 * 8 if kept is None else kept
    values = np.round(sound.reshape(-1) * ((1 << bits - 1) - 1)).astype(np.int64) << (kept - bits)
    if kept == 8:
        return (values + 128).astype(np.uint8).tobytes()
    wide = values.astype("<i8").view(np.uint8).reshape(-1, 8)[:, : kept // 8]
    return np.ascontiguousarray(wide if order == "little" else wide[:, ::-1]).tobytes()


def flac_of(tree: Tree, source: Path, *options: str) -> bytes:
    must("flac", "-sf", "--no-padding", "--no-seektable", *options, "-o", tree.scratch / "x.flac", source)
    return (tree.scratch / "x.flac").read_bytes()
