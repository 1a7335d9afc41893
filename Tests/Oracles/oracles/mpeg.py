"""Frames of MPEG audio layer III, by their headers alone (ISO 11172-3 2.4.1.3, ISO 13818-3)."""

from __future__ import annotations

from .binary import be

# By the header's version field: 3 is MPEG-1, 2 MPEG-2, 0 MPEG-2.5.
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
KILOBITS_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KILOBITS_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def behind_id3v2(data: bytes) -> int:
    """The offset behind an ID3v2 tag in front, or 0."""
    if data[:3] != b"ID3":
        return 0
    return 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])


def frame_length(header: bytes) -> int | None:
    """The length in bytes of the frame with this header of 4 bytes; `None` for a free format or no header."""
    if len(header) < 4 or header[0] != 0xFF or header[1] < 0xE0:
        return None
    version, kilobits, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or kilobits in (0, 15) or rate == 3:
        return None
    slots, table = (144, KILOBITS_MPEG1) if version == 3 else (72, KILOBITS_MPEG2)
    return slots * 1000 * table[kilobits] // RATES[version][rate] + (header[2] >> 1 & 1)


def frames(data: bytes) -> list[tuple[int, int]]:
    """Offsets and lengths of the frames that follow one another from the start, or from behind an ID3v2 tag."""
    found, offset = [], behind_id3v2(data)
    while (length := frame_length(data[offset : offset + 4])) is not None:
        found.append((offset, length))
        offset += length
    return found


def pieces(data: bytes) -> list[bytes]:
    """The bytes of the frames that `frames` finds."""
    return [data[offset : offset + length] for offset, length in frames(data)]


def samples_per_frame(rate: int) -> int:
    """Samples per channel of a frame of layer III at a rate in Hz: MPEG-1's, or those of MPEG-2 and 2.5."""
    return 1152 if rate >= 32000 else 576


def header_offset(data: bytes, end: int = 400) -> int | None:
    """The offset of the letters of a Xing or Info header in the first `end` bytes."""
    places = [place for name in (b"Xing", b"Info") if (place := data.find(name, 0, end)) > 0]
    return places[0] if places else None


def claiming(data: bytes, count: int | None = None, size: int | None = None) -> bytes:
    """The same stream, whose Xing or Info header tells another count of frames or of bytes."""
    place = header_offset(data)
    assert place
    out = bytearray(data)
    if count is not None:
        out[place + 8 : place + 12] = be(count, 4)
    if size is not None:
        out[place + 12 : place + 16] = be(size, 4)
    return bytes(out)


def with_vbri(data: bytes, count: int) -> bytes | None:
    """The same stream with Fraunhofer's header in its first frame, of so many frames; `None` if that has no room.

    It is 36 bytes behind the frame's start: version, delay, quality, bytes, frames, then an empty table.
    """
    length = frames(data)[0][1]
    fields = ((1, 2), (0, 2), (50, 2), (len(data), 4), (count, 4), (0, 2), (1, 2), (2, 2), (1, 2))
    head = data[:4] + bytes(32) + b"VBRI" + b"".join(be(value, width) for value, width in fields)
    return head.ljust(length, b"\0") + data[length:] if len(head) <= length else None
