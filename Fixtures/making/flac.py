"""The flac fixtures: one stream with its header, frames and widths changed."""

from __future__ import annotations

from oracles import flac, wave
from oracles.binary import le

from . import tags
from .directories import Directories
from .signals import RATE, TUNE

BLOCK = 1024  # Samples a frame.


def encode(directories: Directories, *options: object) -> bytes:
    """plain.wav by flac(1)."""
    return directories.made("x.flac", "flac", "-sf", *options, directories.out / "plain.wav", "-o")


def make(directories: Directories) -> None:
    plain = encode(directories, "--no-padding", "-b", BLOCK)
    directories.write("plain.flac", plain)
    directories.write("padding.flac", encode(directories, "-b", BLOCK, "--padding=8000", "-T", "TITLE=tune"))
    make_claims(directories, plain)
    make_damage(directories, plain)
    make_widths(directories)


def make_claims(directories: Directories, plain: bytes) -> None:
    """Other claims in STREAMINFO, or none."""
    md5 = plain[26:42]
    directories.write("unknown-total.flac", flac.info(plain, total=0))
    directories.write("total-ten-times.flac", flac.info(plain, total=10 * len(TUNE)))
    directories.write("total-too-small.flac", flac.info(plain, total=len(TUNE) // 2))
    directories.write("wrong-md5.flac", flac.info(plain, md5=bytes(byte ^ 1 for byte in md5)))
    directories.write("md5-unset.flac", flac.info(plain, md5=bytes(16)))
    directories.write("other-block-size.flac", flac.info(plain, low=0xFFFF, high=0xFFFF))
    directories.write("no-streaminfo.flac", plain[:4] + plain[42:])


def make_damage(directories: Directories, plain: bytes) -> None:
    """Bytes and frames changed, lost, or numbered otherwise."""
    directories.write("truncated.flac", plain[: len(plain) * 6 // 10])
    middle = len(plain) // 2
    directories.write("flipped-byte.flac", plain[:middle] + bytes([plain[middle] ^ 0x10]) + plain[middle + 1 :])
    directories.write("id3-in-front.flac", tags.titled() + plain)
    starts = flac.frame_starts(plain, flac.audio_offset(plain))
    assert len(starts) == -(-len(TUNE) // BLOCK)
    first = starts[0]
    directories.write("cut-between-frames.flac", plain[: starts[20]])
    directories.write("part-of-a-longer.flac", plain[:first] + plain[starts[12] :])
    unset = flac.info(plain, md5=bytes(16))
    directories.write("hole-without-md5.flac", unset[: starts[10]] + unset[starts[12] :])
    # The same frames with sample numbers, which is what the lowest bit of their second byte says they have.
    frames = [plain[start:end] for start, end in zip(starts, [*starts[1:], len(plain)], strict=True)]
    by_sample = [frame[:1] + b"\xf9" + frame[2:] for frame in frames]
    variable = b"".join(flac.renumber(frame, BLOCK * index) for index, frame in enumerate(by_sample))
    directories.write("variable-block-size.flac", flac.info(plain, low=16, high=BLOCK)[:first] + variable)


def make_widths(directories: Directories) -> None:
    """Widths that only a wav of valid bits within larger ones can bring to flac(1); 32 bits want flac 1.4."""
    for valid, kept, tune in ((12, 16, TUNE), (20, 24, TUNE), (32, 32, TUNE[: 2 * RATE])):
        data = b"".join(le(round(s * (1 << valid - 1)) << kept - valid, kept // 8) for s in tune)
        source = directories.keep("valid.wav", wave.wav(data, wave.extensible(kept, 1, valid=valid, mask=4, rate=RATE)))
        made = directories.made("v.flac", "flac", "-sf", "--no-padding", "--lax", source, "-o")
        directories.write(f"{valid}-bit.flac", made)
