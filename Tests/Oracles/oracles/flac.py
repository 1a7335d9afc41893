"""Takes flac files apart and puts them together again otherwise (RFC 9639)."""

from __future__ import annotations

from pathlib import Path

from .binary import be, crc8, crc16
from .programs import fail, run


def encode_or_none(source: bytes, directory: Path, *options: str) -> bytes | None:
    """A flac by flac(1) of a wav's bytes; `None` if it refuses them."""
    wav, out = directory / "flac.wav.tmp", directory / "flac.flac.tmp"
    wav.write_bytes(source)
    done = run("flac", "-sf", "--no-padding", "--no-seektable", *options, "-o", out, wav)
    return None if done.returncode else out.read_bytes()


def encode(source: bytes, directory: Path, *options: str) -> bytes:
    """A flac by flac(1) of a wav's bytes."""
    made = encode_or_none(source, directory, *options)
    if made is None:
        fail(f"flac {' '.join(options)} refuses a wav of {len(source)} bytes")
    return made


def audio_offset(data: bytes) -> int:
    """The offset behind the last metadata block that follows STREAMINFO."""
    offset, last = 42, False
    while not last:
        last = bool(data[offset] & 0x80)
        offset += 4 + int.from_bytes(data[offset + 1 : offset + 4], "big")
    return offset


def number_length(data: bytes, at: int) -> int:
    """The bytes of the coded number whose first byte is at an offset."""
    lead, extra = data[at], 0
    while lead & 0x80 >> extra:
        extra += 1
    return max(extra, 1)


def header_length(data: bytes, at: int) -> int:
    """The bytes of a frame header in front of its checksum."""
    size = 4 + number_length(data, at + 4)
    size += {6: 1, 7: 2}.get(data[at + 2] >> 4, 0)
    return size + {12: 1, 13: 2, 14: 2}.get(data[at + 2] & 15, 0)


def frame_starts(data: bytes, start: int) -> list[int]:
    """Where frames begin: headers with a right CRC-8 whose predecessor has a right CRC-16."""
    found, at = [start], start
    while True:
        at = data.find(b"\xff", at + 1)
        if at < 0 or at + 16 > len(data):
            return found
        if data[at + 1] & 0xFE == 0xF8 and data[at + 2] >> 4 and data[at + 2] & 15 < 15:
            size = header_length(data, at)
            if crc8(data[at : at + size]) == data[at + size] and crc16(data[found[-1] : at]) == 0:
                found.append(at)


def coded(value: int) -> bytes:
    """A number as a frame header has it: UTF-8 continued to 36 bits."""
    if value < 0x80:
        return bytes([value])
    size = 2
    while size < 7 and value >> 5 * size + 1:
        size += 1
    tail = []
    for _ in range(size - 1):
        tail.insert(0, 0x80 | value & 0x3F)
        value >>= 6
    return bytes([65280 >> size & 255 | value, *tail])


def renumber(frame: bytes, value: int) -> bytes:
    """A frame with another number and right checksums."""
    old, size = number_length(frame, 4), header_length(frame, 0)
    head = frame[:4] + coded(value) + frame[4 + old : size]
    body = head + bytes([crc8(head)]) + frame[size + 1 : -2]
    return body + be(crc16(body), 2)


# Fields of STREAMINFO: an offset in the file and a width in bytes, or a shift and a width in the 64 bits at offset 18.
BYTE_FIELDS = {"low": (8, 2), "high": (10, 2), "small": (12, 3), "large": (15, 3)}
BIT_FIELDS = {"rate": (44, 20), "channels": (41, 3), "bits": (36, 5), "total": (0, 36)}


def info(data: bytes, md5: bytes | None = None, **claims: int) -> bytes:
    """The same flac with other claims in STREAMINFO, which begins at 8; values as stored (channels less one)."""
    data = bytearray(data)
    word = int.from_bytes(data[18:26], "big")
    for name, value in claims.items():
        if name in BYTE_FIELDS:
            offset, width = BYTE_FIELDS[name]
            data[offset : offset + width] = be(value, width)
        else:
            shift, width = BIT_FIELDS[name]
            word = word & ~(((1 << width) - 1) << shift) | value << shift
    data[18:26] = be(word, 8)
    if md5 is not None:
        data[26:42] = md5
    return bytes(data)


def block(kind: int, data: bytes, last: bool = False, size: int | None = None) -> bytes:
    """A metadata block; `size` is a claim instead of its length."""
    return bytes([kind | (0x80 if last else 0)]) + be(len(data) if size is None else size, 3) + data
