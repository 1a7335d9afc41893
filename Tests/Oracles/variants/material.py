"""The signals that the variants are made of, and where the files go."""

from __future__ import annotations

import math
import random
from pathlib import Path

from oracles import tags, wave
from oracles.binary import be
from oracles.wave import RATE, pcm

FRAMES = RATE * 7
ID3V1 = tags.id3v1(genre=0xFF)
APE = tags.ape(tags.ape_item(b"Title", b"tune"), 1)
LYRICS = b"LYRICSBEGIN" + b"IND0000211" + b"000021LYRICS200"


def id3v2(padding: int = 500, footer: bool = False) -> bytes:
    """An ID3v2 tag with a title and so many zeros behind it."""
    return tags.id3v2(b"TIT2" + be(5, 4) + b"\0\0\0tune" + bytes(padding), footer=footer)


class Variants:
    """Files made from a seed: the signals, and the names of what was saved, in order."""

    def __init__(self, directory: Path, seed: int, only: str) -> None:
        self.directory, self.only, self.names = directory, only, []
        self.chance = random.Random(seed)
        self.mono, self.stereo = self.tune(FRAMES), self.tune(FRAMES, 2)
        self.d16, self.s16 = pcm(self.mono, 16), pcm(self.stereo, 16)
        self.junk = self.noise(5000)

    def tune(self, frames: int, channels: int = 1) -> list[float]:
        """Two tones and a little noise, interleaved."""
        out = []
        for index in range(frames):
            for channel in range(channels):
                value = 0.3 * math.sin(2 * math.pi * (220 + 55 * channel) * index / RATE)
                out.append(
                    value + 0.2 * math.sin(2 * math.pi * 331.7 * index / RATE) + 0.02 * self.chance.uniform(-1, 1)
                )
        return out

    def noise(self, size: int) -> bytes:
        return bytes(self.chance.randrange(256) for _ in range(size))

    def save(self, name: str, data: bytes) -> None:
        if self.only in name:
            self.names.append(name)
            (self.directory / name).write_bytes(data)

    # Files of the mono signal, where nothing else is given.

    def wav(self, data: bytes | None = None, form: bytes | None = None, **more) -> bytes:
        return wave.wav(self.d16 if data is None else data, form, **more)

    def rf64(self, data: bytes | None = None, form: bytes | None = None, count: int = FRAMES, **more) -> bytes:
        return wave.rf64(self.d16 if data is None else data, form, count=count, **more)

    def w64(self, data: bytes | None = None, form: bytes | None = None, **more) -> bytes:
        return wave.w64(self.d16 if data is None else data, form, **more)
