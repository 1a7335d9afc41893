"""The music in the fixtures, and its samples."""

from __future__ import annotations

import math
import struct


def music(seconds: float, rate: int, quiet_until: float = 0.0) -> list[float]:
    """A melody over a changing triad: tonal, with attacks, -6 dBFS at most."""
    samples = []
    for index in range(round(seconds * rate)):
        time = index / rate
        beat = time % 0.5
        root = [220.0, 174.61, 261.63, 196.0][int(time) % 4]
        melody = root * [2, 2.5, 3, 2.25][int(time * 2) % 4]
        value = 0.35 * math.exp(-4 * beat) * math.sin(2 * math.pi * melody * time)
        value += sum(0.05 * math.sin(2 * math.pi * root * ratio * time) for ratio in (1, 1.25, 1.5))
        if time < quiet_until:
            value *= 0.0001
        samples.append(value)
    return samples


# Full scale is 128 and 32768 here, and clipped to; in oracles.wave.pcm it is one less, so that nothing clips.
def pcm8(samples: list[float]) -> bytes:
    """Unsigned samples of 8 bits."""
    return bytes(min(max(round(s * 128) + 128, 0), 255) for s in samples)


def pcm16(samples: list[float]) -> bytes:
    """Signed samples of 16 bits."""
    return struct.pack(f"<{len(samples)}h", *(min(max(round(s * 32768), -32768), 32767) for s in samples))


RATE = 4000  # In Hz, for wav and flac, so that 6.5 s are 52 kB.
TUNE = music(6.5, RATE)
DATA = pcm16(TUNE)
