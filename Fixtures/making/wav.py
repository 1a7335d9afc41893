"""The wav fixtures: headers of every kin, true and lying."""

from __future__ import annotations

import math

from oracles import wave
from oracles.binary import le
from oracles.tags import chunk

from . import tags
from .directories import Directories
from .signals import DATA, RATE, TUNE, pcm8, pcm16

ALL_ONES = 0xFFFFFFFF  # What a size of 32 bits says that stands elsewhere or was never known.


def fmt(bits: int = 16, channels: int = 1, tag: int = 1, rate: int = RATE) -> bytes:
    return wave.fmt(bits, channels, tag, rate)


PLAIN = wave.wav(DATA, fmt())


def make(directories: Directories) -> None:
    directories.write("plain.wav", PLAIN)
    make_encodings(directories)
    make_larger_kin(directories)
    make_chunks(directories)
    make_wrong_sizes(directories)
    make_unusual(directories)


def make_encodings(directories: Directories) -> None:
    odd = pcm8(TUNE[: 6 * RATE + 1])
    listed = chunk(b"LIST", b"INFOINAM" + le(4, 4) + b"tune")
    directories.write("8-bit-odd-length.wav", wave.wav(odd, fmt(8), after=listed))
    directories.write("extensible-24.wav", wave.wav(wave.pcm(TUNE, 24), wave.extensible(24, 1, mask=4, rate=RATE)))
    directories.write("int32.wav", wave.wav(wave.pcm(TUNE, 32), fmt(32)))
    directories.write("float32.wav", wave.wav(wave.floats(TUNE), fmt(32, tag=3)))
    # Numbers, but their sum is none; found by fuzzing.
    directories.write("enormous-float.wav", wave.wav(wave.floats([3e38] * 7000), fmt(32, tag=3, rate=1000)))
    bad = list(TUNE)
    for index in range(2 * RATE, 2 * RATE + 5):
        bad[index] = math.nan
    bad[5 * RATE] = math.inf
    directories.write("nan-float.wav", wave.wav(wave.floats(bad), fmt(32, tag=3)))
    for name, codec in (("mulaw.wav", "pcm_mulaw"), ("adpcm.wav", "adpcm_ms")):
        command = ("ffmpeg", "-y", "-i", directories.out / "plain.wav", "-c:a", codec, "-bitexact")
        directories.write(name, directories.made(name, *command))


def make_larger_kin(directories: Directories) -> None:
    """RF64, BW64 and Wave64, whose sizes have 64 bits."""
    directories.write("rf64.wav", wave.rf64(DATA, fmt(), count=len(TUNE)))
    directories.write("bw64.wav", wave.rf64(DATA, fmt(), count=len(TUNE), magic=b"BW64"))
    directories.write("rf64-without-ds64.wav", wave.rf64(DATA[:16000], fmt(), ds64=b""))
    whole = wave.w64(DATA, fmt())
    directories.write("wave64.wav", whole)
    # Found by fuzzing: it ends within its first header.
    directories.write("head-of-wave64.wav", whole[:35])


def make_chunks(directories: Directories) -> None:
    """Chunks around the samples."""
    before = chunk(b"JUNK", bytes(27)) + chunk(b"LIST", b"INFOINAM" + le(4, 4) + b"tune")
    after = chunk(b"LIST", b"INFOICMT" + le(4, 4) + b"none")
    directories.write("list-around-data.wav", wave.wav(DATA, fmt(), before=before, after=after))
    odd = chunk(b"LIST", b"INFOIART" + le(3, 4) + b"me\0", pad=False)
    directories.write("chunk-without-pad.wav", wave.riff(PLAIN[12:36] + odd + PLAIN[36:]))
    directories.write("two-data-chunks.wav", wave.wav(DATA[:40000], fmt(), after=chunk(b"data", DATA[40000:])))
    directories.write("id3-in-front.wav", tags.titled() + PLAIN)


def make_wrong_sizes(directories: Directories) -> None:
    directories.write("truncated.wav", PLAIN[: len(PLAIN) * 6 // 10])
    directories.write("data-size-zero.wav", wave.wav(DATA, fmt(), size=0, riff_size=0))
    directories.write("data-size-ffffffff.wav", wave.wav(DATA, fmt(), size=ALL_ONES, riff_size=ALL_ONES))
    directories.write("data-size-ten-times.wav", wave.wav(DATA, fmt(), size=10 * len(DATA)))
    directories.write("data-size-half.wav", wave.wav(DATA, fmt(), size=len(DATA) // 2))
    directories.write("block-align-wrong.wav", wave.wav(DATA, wave.fmt(rate=RATE, block=7)))


def make_unusual(directories: Directories) -> None:
    """Shapes and contents that no service takes, or not as they are."""
    directories.write("zero-channels.wav", wave.wav(DATA[:4000], fmt(channels=0)))
    directories.write("billion-hertz.wav", wave.wav(DATA[:4000], fmt(rate=1_000_000_000)))
    directories.write("header-only.wav", wave.wav(b"", fmt()))
    directories.write("too-short.wav", wave.wav(DATA[: 2 * 3 * RATE], fmt()))
    directories.write("silent.wav", wave.wav(bytes(2 * 7 * 1000), fmt(rate=1000)))
    directories.write("clipped.wav", wave.wav(pcm16([min(max(4 * value, -1), 1) for value in TUNE]), fmt()))
