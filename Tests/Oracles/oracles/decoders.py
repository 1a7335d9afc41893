"""What other decoders make of a file: counts of frames, and samples as NumPy arrays."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
from functools import cache
from typing import TYPE_CHECKING

from .programs import run, run_within

if TYPE_CHECKING:
    import numpy as np

PATIENCE = 120  # Seconds for one file, after which a decoder is taken to hang.
FORMATS = {"s16": ("s16le", "<i2"), "s32": ("s32le", "<i4"), "f32": ("f32le", "<f4"), "f64": ("f64le", "<f8")}


def samples(data: bytes, kind: str, channels: int) -> np.ndarray:
    """Frames x channels of interleaved samples; what is left of a frame at the end is dropped."""
    import numpy as np

    dtype = np.dtype(FORMATS[kind][1])
    whole = len(data) // (dtype.itemsize * channels) * dtype.itemsize * channels
    return np.frombuffer(data[:whole], dtype).reshape(-1, channels)


def ffmpeg_bytes(path: object, kind: str, *options: str) -> bytes:
    """Interleaved samples of the first audio stream by ffmpeg."""
    form = FORMATS[kind][0]
    done = run_within(
        PATIENCE, "ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a:0", *options,
        "-f", form, "-c:a", "pcm_" + form, "-",
    )  # fmt: skip
    return done.stdout if done else b""


def ffmpeg(path: object, kind: str, channels: int) -> np.ndarray:
    return samples(ffmpeg_bytes(path, kind, "-ac", str(channels)), kind, channels)


def mpg123_bytes(path: object, kind: str, *options: str) -> bytes:
    """Interleaved samples by mpg123, "s16" or "f32", resynchronising without limit."""
    return run("mpg123", "-q", "--resync-limit", "-1", *options, "-e", kind, "-s", path).stdout


def mpg123(path: object, kind: str, channels: int, *options: str) -> np.ndarray:
    return samples(mpg123_bytes(path, kind, *options), kind, channels)


def flac_bytes(path: object, *options: str) -> bytes:
    """Interleaved samples by flac(1), little-endian, in the file's own width."""
    done = run_within(
        PATIENCE, "flac", "-sdc", "--force-raw-format", "--endian=little", "--sign=signed", *options, path)  # fmt: skip
    return done.stdout if done else b""


def flac_accepts(path: object) -> bool | None:
    """Whether `flac -t` finds nothing wrong; `None` if it hangs."""
    done = run_within(PATIENCE, "flac", "-st", path)
    return None if done is None else done.returncode == 0


def ffmpeg_frames(path: object) -> int | None:
    """How many frames ffmpeg decodes, all channels as they are."""
    done = run_within(
        PATIENCE,
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-i",
        path,
        "-map",
        "0:a:0",
        "-f",
        "framecrc",
        "-c:a",
        "pcm_f32le",
        "-",
    )
    lines = done.stdout.decode(errors="replace").splitlines() if done else []
    return sum(int(line.split(",")[3]) for line in lines if not line.startswith("#")) or None


def sox_frames(path: object) -> int | None:
    """How many frames sox decodes."""
    done, about = run_within(PATIENCE, "sox", "-V1", path, "-n", "stat"), run_within(PATIENCE, "soxi", "-c", path)
    channels = about.stdout.decode().strip() if about else ""
    count = re.search(r"^Samples read: +(\d+)", done.stderr.decode(errors="replace") if done else "", re.MULTILINE)
    if not count or not channels.isdigit() or not int(channels):
        return None
    return int(count[1]) // int(channels) or None


class SndfileInfo(ctypes.Structure):
    """SF_INFO of sndfile.h."""

    _fields_ = (
        ("frames", ctypes.c_int64),
        *((name, ctypes.c_int) for name in ("samplerate", "channels", "format", "sections", "seekable")),
    )


@cache
def sndfile() -> ctypes.CDLL | None:
    """The system's libsndfile, not one that a Python package brings; `None` where there is none."""
    try:
        library = ctypes.CDLL(ctypes.util.find_library("sndfile") or "libsndfile.so.1")
    except OSError:
        return None
    library.sf_open.restype = ctypes.c_void_p
    library.sf_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    library.sf_readf_float.restype = ctypes.c_int64
    library.sf_readf_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    library.sf_close.argtypes = [ctypes.c_void_p]
    return library


def sndfile_frames(path: object) -> tuple[SndfileInfo, int] | None:
    """What libsndfile says of a file, and how many frames it decodes; `None` if it refuses the file."""
    library, about = sndfile(), SndfileInfo()
    if library is None:
        return None
    handle = library.sf_open(str(path).encode(), 0x10, ctypes.byref(about))
    if not handle:
        return None
    try:
        if not 1 <= about.channels <= 1024:
            return None
        room, total = (ctypes.c_float * (4096 * about.channels))(), 0
        while (count := library.sf_readf_float(handle, room, 4096)) > 0:
            total += count
        return about, total
    finally:
        library.sf_close(handle)
