"""Tags that stand in front of audio and behind it."""

from __future__ import annotations

import struct

from .binary import le, synchsafe


def id3v2(body: bytes, version: int = 4, footer: bool = False, claim: int | None = None) -> bytes:
    """An ID3v2 tag of a body as it is; `claim` is a size that the header tells instead of the body's own."""
    size = synchsafe(len(body) if claim is None else claim)
    tag = b"ID3" + bytes([version, 0, 0x10 if footer else 0]) + size + body
    return tag + (b"3DI" + bytes([version, 0, 0x10]) + size if footer else b"")


def id3v1(title: bytes = b"tune", genre: int = 0xFF) -> bytes:
    """An ID3v1 tag, 128 bytes."""
    return b"TAG" + title.ljust(124, b"\0") + bytes([genre])


def ape_item(key: bytes, value: bytes, flags: int = 0) -> bytes:
    return struct.pack("<II", len(value), flags) + key + b"\0" + value


def ape(items: bytes, count: int, header: bool = True, version: int = 2000, footer_flags: int | None = None) -> bytes:
    """An APE tag: its header, if it has one, the items, its footer."""

    def frame(flags: int) -> bytes:
        return b"APETAGEX" + struct.pack("<IIII", version, len(items) + 32, count, flags) + bytes(8)

    last = (0x80000000 if header else 0) if footer_flags is None else footer_flags
    return (frame(0xA0000000) if header else b"") + items + frame(last)


def lyrics3(version: int = 2) -> bytes:
    """A Lyrics3 block; version 2 tells its size, version 1 does not."""
    if version == 1:
        return b"LYRICSBEGIN" + b"la la la " * 30 + b"LYRICSEND"
    text = b"LYRICSBEGIN" + b"IND00002" + b"10" + b"LYR00012" + b"la la la la "
    return text + b"%06d" % len(text) + b"LYRICS200"


def chunk(name: bytes, data: bytes, size: int | None = None, pad: bool = True) -> bytes:
    """A RIFF chunk; `size` is what it claims instead of its length, `pad` whether an odd one is made even."""
    return name + le(len(data) if size is None else size, 4) + data + (b"\0" if pad and len(data) % 2 else b"")
