"""Builds wav files of every kin (RIFF, RF64, BW64, W64), true or lying as asked."""

from __future__ import annotations

import struct

from .binary import le
from .tags import chunk

RATE = 8000  # In Hz: what fmt() claims where nothing else is asked for.
GUID = bytes.fromhex("000000001000800000aa00389b71")
LIST = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"a tune\0\0") + chunk(b"ISFT", b"Lavf59.27\0"))
BEXT = chunk(b"bext", b"a description".ljust(256, b"\0") + bytes(346))
W64_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")


def pcm(samples: list[float], bits: int) -> bytes:
    """Samples of 8 to 32 bits, left-justified in whole bytes as the wav format has them."""
    width = (bits + 7) // 8
    if width == 1:
        return bytes(min(max(round(s * 127) + 128, 0), 255) for s in samples)
    low = 8 * width - bits
    return b"".join(le(round(s * ((1 << bits - 1) - 1)) << low, width) for s in samples)


def floats(samples: list[float], bits: int = 32) -> bytes:
    """Samples as IEEE floats of 32 or 64 bits."""
    return struct.pack(f"<{len(samples)}{'f' if bits == 32 else 'd'}", *samples)


def fmt(
    bits: int = 16,
    channels: int = 1,
    tag: int = 1,
    rate: int = RATE,
    block: int | None = None,
    byte_rate: int | None = None,
) -> bytes:
    """The contents of a fmt chunk."""
    frame = channels * ((bits + 7) // 8)
    block = frame if block is None else block
    byte_rate = rate * frame if byte_rate is None else byte_rate
    return struct.pack("<HHIIHH", tag, channels, rate, byte_rate & 0xFFFFFFFF, block & 0xFFFF, bits)


def extensible(
    bits: int,
    channels: int,
    tag: int = 1,
    valid: int | None = None,
    mask: int = 0,
    guid: bytes = GUID,
    rate: int = RATE,
) -> bytes:
    """The contents of a fmt chunk of WAVE_FORMAT_EXTENSIBLE."""
    more = struct.pack("<HHI", 22, bits if valid is None else valid, mask)
    return fmt(bits, channels, 0xFFFE, rate) + more + le(tag, 2) + guid


def riff(body: bytes, size: int | None = None, magic: bytes = b"RIFF") -> bytes:
    return magic + le(len(body) + 4 if size is None else size, 4) + b"WAVE" + body


def wav(
    data: bytes,
    form: bytes | None = None,
    size: int | None = None,
    before: bytes = b"",
    after: bytes = b"",
    riff_size: int | None = None,
    pad: bool = True,
) -> bytes:
    """A RIFF wav; `size` and `riff_size` are claims instead of the truth, `before` and `after` chunks around data."""
    head = chunk(b"fmt ", fmt() if form is None else form)
    return riff(head + before + chunk(b"data", data, size, pad) + after, riff_size)


def rf64(
    data: bytes,
    form: bytes | None = None,
    size32: int = 0xFFFFFFFF,
    size64: int | None = None,
    riff64: int | None = None,
    count: int = 0,
    ds64: bytes | None = None,
    magic: bytes = b"RF64",
    after: bytes = b"",
) -> bytes:
    """An RF64 or BW64 (EBU Tech 3306); `ds64` replaces the chunk of sizes that the other arguments make."""
    body = chunk(b"fmt ", fmt() if form is None else form) + chunk(b"data", data, size32) + after
    if ds64 is None:
        sizes = le(len(body) + 36 + 4 if riff64 is None else riff64, 8) + le(len(data) if size64 is None else size64, 8)
        ds64 = chunk(b"ds64", sizes + le(count, 8) + le(0, 4))
    return riff(ds64 + body, 0xFFFFFFFF, magic)


def w64_chunk(name: bytes, data: bytes, size: int | None = None, pad: bool = True) -> bytes:
    length = le(24 + len(data) if size is None else size, 8)
    return name + W64_TAIL + length + data + (bytes(-len(data) % 8) if pad else b"")


def w64(
    data: bytes,
    form: bytes | None = None,
    size: int | None = None,
    before: bytes = b"",
    after: bytes = b"",
    riff_size: int | None = None,
    pad: bool = True,
) -> bytes:
    """A Sony Wave64."""
    head = b"wave" + W64_TAIL + w64_chunk(b"fmt ", fmt() if form is None else form)
    inner = head + before + w64_chunk(b"data", data, size, pad) + after
    return W64_RIFF + le(24 + len(inner) if riff_size is None else riff_size, 8) + inner
