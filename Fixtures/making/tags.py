"""ID3v2 tags with frames in them; the tags around them are those of the package `oracles`."""

from __future__ import annotations

import random

from oracles.binary import synchsafe
from oracles.tags import id3v2


def id3(*frames: tuple[bytes, bytes]) -> bytes:
    """An ID3v2.4 tag of frames, a name and a body each."""
    return id3v2(b"".join(name + synchsafe(len(body)) + b"\0\0" + body for name, body in frames))


TITLE = (b"TIT2", b"\0tune")


def titled() -> bytes:
    """A tag that holds a title."""
    return id3(TITLE)


def picture(size: int) -> tuple[bytes, bytes]:
    """A frame with a picture of so many random bytes, behind the first ones of a JPEG."""
    noise = random.Random(3)
    return (b"APIC", b"\0image/jpeg\0\3\0\xff\xd8\xff\xe0" + bytes(noise.randrange(256) for _ in range(size)))
