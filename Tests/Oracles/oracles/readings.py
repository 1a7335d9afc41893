"""What ffmpeg, libsndfile, mpg123 and flac make of a whole file, as their users get it, and how two readings differ."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .programs import run_within

PATIENCE = 120  # Seconds for one file, after which a decoder is taken to hang.
MOST = 400_000_000  # Samples: a header that claims more than this is one no array is made for.


@dataclass
class Reading:
    """One decoder's reading of a file; without frames if it refuses the file."""

    decoder: str
    rate: int = 0
    channels: int = 0
    samples: np.ndarray = field(default_factory=lambda: np.zeros((0, 1)))
    words: str = ""
    """What the decoder said of the file on standard error, or why it refused it."""
    frames: int = field(init=False)
    peak: float = field(init=False)

    def __post_init__(self) -> None:
        self.frames = len(self.samples)
        self.peak = float(np.nan_to_num(np.abs(self.samples)).max(initial=0))

    def forget_samples(self) -> None:
        """Frees the samples: those of a corpus have no room in memory."""
        self.samples = self.samples[:0].copy()


@dataclass(frozen=True)
class Difference:
    """Where one reading differs from another."""

    first: int
    """The first frame that differs, in the first reading's count."""
    last: int
    largest: float
    count: int
    shift: int = 0


def parsed_wav(decoder: str, data: bytes, words: str) -> Reading:
    """The samples of a wav that a decoder writes to a pipe, whose sizes nobody filled in."""
    if data[:4] not in (b"RIFF", b"RF64") or data[8:12] != b"WAVE":
        return Reading(decoder, words=words or "nothing decoded")
    at, tag, channels, rate, bits = 12, 0, 0, 0, 0
    while at + 8 <= len(data) and data[at : at + 4] != b"data":
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"fmt ":
            tag, channels, rate, _, _, bits = struct.unpack("<HHIIHH", data[at + 8 : at + 24])
            tag = int.from_bytes(data[at + 32 : at + 34], "little") if tag == 0xFFFE else tag
        at += 8 + size + size % 2
    if not channels or not bits:
        return Reading(decoder, words=words or "nothing decoded")
    body = data[at + 8 :]
    claimed = int.from_bytes(data[at + 4 : at + 8], "little")
    body = body[:claimed] if 0 < claimed < 0xFFFFFF00 else body
    whole = len(body) // (bits // 8 * channels) * (bits // 8 * channels)
    return Reading(decoder, rate, channels, unpacked(body[:whole], tag, bits).reshape(-1, channels), words)


def unpacked(data: bytes, tag: int, bits: int) -> np.ndarray:
    """Little-endian samples as floats of full scale 1."""
    if tag == 3:
        return np.frombuffer(data, f"<f{bits // 8}")
    if bits == 8:
        return (np.frombuffer(data, np.uint8).astype(np.float64) - 128) / 128
    if bits == 24:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return wide.reshape(-1).view("<i4") / 2.0**31
    return np.frombuffer(data, f"<i{bits // 8}") / 2.0 ** (bits - 1)


def said(text: bytes) -> str:
    """The last line that a decoder said, without the addresses of its objects."""
    lines = [line.strip() for line in text.decode(errors="replace").splitlines() if line.strip()]
    line = lines[-1] if lines else ""
    return (line.split("] ", 1)[1] if line.startswith("[") and "] " in line else line)[:120]


def by_ffmpeg(path: Path, wide: bool = True) -> Reading:
    """The first audio stream by ffmpeg; `wide` wants doubles, which hold every width exactly."""
    codec = "pcm_f64le" if wide else "pcm_f32le"
    done = run_within(
        PATIENCE, "ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-i", f"file:{path}", "-map", "0:a:0",
        "-map_metadata", "-1",
        "-f", "wav", "-bitexact", "-c:a", codec, "-",
    )  # fmt: skip
    if done is None:
        return Reading("ffmpeg", words=f"not done in {PATIENCE} s")
    return parsed_wav("ffmpeg", done.stdout, said(done.stderr))


def by_sndfile(path: Path, wide: bool = True) -> Reading:
    """All that `soundfile.read` returns: libsndfile's samples, as many as its header tells."""
    import soundfile

    try:
        with soundfile.SoundFile(str(path)) as file:
            if file.frames * file.channels > MOST:
                return Reading("libsndfile", file.samplerate, file.channels, words=f"claims {file.frames} frames")
            samples = file.read(dtype="float64" if wide else "float32", always_2d=True)
            return Reading("libsndfile", file.samplerate, file.channels, samples)
    except (RuntimeError, TypeError, ValueError, MemoryError) as error:
        return Reading("libsndfile", words=str(error).split(": ", 1)[-1][:120])


def by_mpg123(path: Path, *options: str) -> Reading:
    """mpg123, without options as its library is used by others."""
    done = run_within(PATIENCE, "mpg123", "-q", *options, "-e", "f32", "-w", "-", path)
    if done is None:
        return Reading("mpg123", words=f"not done in {PATIENCE} s")
    return parsed_wav("mpg123", done.stdout, said(done.stderr))


def by_flac(path: Path, *options: str) -> Reading:
    """flac(1), which refuses what is wrong."""
    done = run_within(PATIENCE, "flac", "-sdc", *options, path)
    if done is None:
        return Reading("flac", words=f"not done in {PATIENCE} s")
    reading = parsed_wav("flac", done.stdout, said(done.stderr))
    if done.returncode:
        return Reading("flac", reading.rate, reading.channels, words=reading.words or f"exit code {done.returncode}")
    return reading


def everyone(path: Path, format: str) -> list[Reading]:
    """The readings of all decoders for a format: "mp3", "flac", "wav" or another."""
    wide = format != "mp3"
    found = [by_ffmpeg(path, wide), by_sndfile(path, wide)]
    if format == "mp3":
        found.append(by_mpg123(path))
    elif format == "flac":
        found.append(by_flac(path))
    return found


def shift_between(one: np.ndarray, other: np.ndarray, most: int) -> int:
    """How many frames later the same sound stands in the second reading, at most `most` either way."""
    size = min(len(one), len(other), 1 << 17)
    if size < 64:
        return 0
    # From the middle: what decoders disagree on stands at the ends.
    start = max((min(len(one), len(other)) - size) // 2, 0)
    first, second = (np.nan_to_num(each[start : start + size].sum(axis=1)) for each in (one, other))
    room = 1 << (2 * size - 1).bit_length()
    product = np.fft.irfft(np.conj(np.fft.rfft(first, room)) * np.fft.rfft(second, room), room)
    most = min(most, size - 1)
    return int(np.argmax(np.concatenate((product[-most:], product[: most + 1])))) - most if most else 0


def difference(one: np.ndarray, other: np.ndarray, tolerance: float, most_shift: int = 0) -> Difference | None:
    """Where two readings differ by more than a tolerance, aligned by the same sound; `None` where nowhere."""
    if one.shape[1] != other.shape[1]:
        return Difference(0, len(one) - 1, 1.0, min(len(one), len(other)))
    shift = shift_between(one, other, most_shift) if most_shift else 0
    from_one, from_other = max(-shift, 0), max(shift, 0)
    size = min(len(one) - from_one, len(other) - from_other)
    first, second = one[from_one : from_one + size], other[from_other : from_other + size]
    with np.errstate(invalid="ignore"):
        apart = np.abs(first - second)
        # NaN beside NaN and infinity beside infinity are the same.
        apart = np.where((first == second) | (np.isnan(first) & np.isnan(second)), 0, apart)
    apart = np.nan_to_num(apart, nan=np.inf).max(axis=1, initial=0)
    places = np.flatnonzero(apart > tolerance)
    if not len(places):
        return None
    return Difference(int(places[0]) + from_one, int(places[-1]) + from_one, float(apart.max()), len(places), shift)
