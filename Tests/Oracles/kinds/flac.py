"""Kinds of flac: STREAMINFO, surroundings, depths, block sizes, containers."""

from __future__ import annotations

import hashlib

import numpy as np
from oracles import flac, tags
from oracles.binary import be, crc8, crc16
from oracles.flac import audio_offset, block, info, renumber
from oracles.wave import extensible, wav

from .tree import OPEN, PREPARABLE, READY, REJECTED, Tree, flac_of, packed

RATE = 8000
FRAMES = 7 * RATE
SHAPE = (FRAMES, RATE, 2)
UNSET = bytes(16)


def plain_of(tree: Tree) -> bytes:
    return flac_of(tree, tree.source(RATE, 2), "-b", "1024")


def frames_of(data: bytes) -> list[bytes]:
    at = flac.frame_starts(data, audio_offset(data))
    return [data[start:end] for start, end in zip(at, [*at[1:], len(data)], strict=True)]


def stream_info(tree: Tree) -> None:
    """What STREAMINFO claims."""
    plain = plain_of(tree)
    tree.save("flac/plain.flac", plain, SHAPE, READY)
    for name, value, expect in (
        ("0", 0, PREPARABLE), ("1", 1, PREPARABLE), ("half", FRAMES // 2, PREPARABLE),
        ("one-less", FRAMES - 1, PREPARABLE),
        ("one-more", FRAMES + 1, PREPARABLE), ("200-more", FRAMES + 200, PREPARABLE),
        ("5000-more", FRAMES + 5000, PREPARABLE),
        ("ten-times", 10 * FRAMES, PREPARABLE), ("most", (1 << 36) - 1, PREPARABLE),
    ):  # fmt: skip
        tree.save(f"flac/total-{name}.flac", info(plain, total=value), SHAPE, expect, f"total samples {value}")
        unset = info(plain, total=value, md5=UNSET)
        tree.save(
            f"flac/total-{name}-md5-unset.flac",
            unset,
            SHAPE,
            expect if value <= FRAMES else OPEN,
            f"total samples {value}, MD5 unset",
        )
        wrong = info(plain, total=value, md5=b"\1" * 16)
        tree.save(f"flac/total-{name}-md5-wrong.flac", wrong, SHAPE, OPEN, f"total samples {value}, MD5 wrong")
    tree.save("flac/md5-unset.flac", info(plain, md5=UNSET), SHAPE, OPEN, "MD5 unset")
    tree.save("flac/md5-wrong.flac", info(plain, md5=b"\1" * 16), SHAPE, OPEN, "MD5 wrong")
    for name, change in {
        "frame-sizes-0": {"small": 0, "large": 0}, "frame-sizes-1": {"small": 1, "large": 1},
        "large-max": {"large": 0xFFFFFF},
        "blocks-0": {"low": 0, "high": 0}, "blocks-16": {"low": 16, "high": 16},
        "blocks-4096": {"low": 4096, "high": 4096},
        "blocks-65535": {"low": 65535, "high": 65535}, "low-16": {"low": 16},
        "low-over-high": {"low": 4096, "high": 1024},
        "rate-44100": {"rate": 44100}, "rate-0": {"rate": 0}, "mono": {"channels": 0}, "six": {"channels": 5},
        "bits-24": {"bits": 23}, "bits-8": {"bits": 7},
    }.items():  # fmt: skip
        expect = PREPARABLE if name.startswith("blocks") else OPEN
        tree.save(f"flac/info-{name}.flac", info(plain, **change), SHAPE, expect, f"STREAMINFO: {name}")
    head, rest = plain[:42], plain[42:]
    tree.save("flac/streaminfo-twice.flac", head + block(0, plain[8:42]) + rest, SHAPE, OPEN, "STREAMINFO twice")
    first = b"fLaC" + block(1, bytes(20)) + plain[4:]
    tree.save("flac/streaminfo-second.flac", first, SHAPE, OPEN, "padding in front of STREAMINFO")
    tree.save("flac/no-streaminfo.flac", b"fLaC" + rest, SHAPE, OPEN, "no STREAMINFO")
    audio = plain[audio_offset(plain) :]
    tree.save("flac/bare-frames.flac", audio, SHAPE, OPEN, "frames without a header")


def metadata(tree: Tree) -> None:
    """Metadata blocks, pictures too large for a block."""
    plain = plain_of(tree)
    head, rest = plain[:42], plain[42:]
    front = be(3, 4) + be(10, 4) + b"image/jpeg" + be(0, 4) + bytes(16)
    for name, more, expect in (
        ("padding", block(1, bytes(8000)), READY), ("application", block(2, b"test" + bytes(50)), READY),
        ("reserved", block(100, bytes(50)), OPEN), ("invalid-127", block(127, bytes(50)), OPEN),
        ("picture", block(6, front + be(30000, 4) + bytes(30000)), READY),
        ("picture-size-lies", block(6, front + be(0xFFFFFFFF, 4) + bytes(100)), OPEN),
        ("seektable-lies", block(3, be(0, 8) + be(9999999, 8) + be(1024, 2)), OPEN),
        ("seektable-odd", block(3, bytes(17)), OPEN),
        ("sync-in-padding", block(1, frames_of(plain)[0] * 3), READY), ("cuesheet-broken", block(5, bytes(30)), OPEN),
        ("thousand", block(1, b"") * 1000, OPEN), ("two-comments", block(4, be(0, 4) * 2), OPEN),
    ):  # fmt: skip
        tree.save(f"flac/meta-{name}.flac", head + more + rest, SHAPE, expect, f"metadata: {name}")
    # 24 bits hold a block's size: taggers that let a larger picture through write what is left of it.
    size = (16 << 20) + 5000
    cover = front + be(size, 4) + tree.chance.randbytes(size)
    large = block(6, cover, size=len(cover) & 0xFFFFFF)
    tree.save("flac/picture-over-16-mib.flac", head + large + rest, SHAPE, PREPARABLE, "a picture of more than 16 MiB")


def surroundings(tree: Tree) -> None:
    """Tags and junk in front and behind."""
    plain = plain_of(tree)
    junk, item = tree.chance.randbytes(5000), tags.ape_item(b"Title", b"tune")
    around = {
        "id3v1": tags.id3v1(), "id3v2": tags.id3v2(b"TIT2" + be(5, 4) + b"\0\0\0tune" + bytes(500)),
        "id3v2-footer": tags.id3v2(bytes(500), footer=True), "ape": tags.ape(item, 1),
        "ape-id3v1": tags.ape(item, 1) + tags.id3v1(),
        "lyrics3": tags.lyrics3() + tags.id3v1(), "zeros": bytes(5000), "many-zeros": bytes(300000), "one-zero": b"\0",
        "junk": junk, "text": b"the end\r\n" * 50, "syncs": b"\xff\xf8" * 3000, "newline": b"\n",
    }  # fmt: skip
    for name, more in around.items():
        tree.save(f"flac/behind-{name}.flac", plain + more, SHAPE, PREPARABLE, f"{name} behind")
        unknown = info(plain, total=0, md5=UNSET)
        tree.save(f"flac/behind-{name}-unknown.flac", unknown + more, SHAPE, PREPARABLE, f"{name} behind, total 0")
        expect = OPEN if name in ("id3v2", "junk", "syncs") else PREPARABLE
        tree.save(f"flac/in-front-{name}.flac", more + plain, SHAPE, expect, f"{name} in front")


def depths(tree: Tree) -> None:
    """Depths, block sizes, channels and rates."""
    for bits in (4, 5, 7, 8, 9, 10, 12, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 31, 32):
        kept = (bits + 7) // 8 * 8
        for channels in (1, 2):
            sound = tree.sound(RATE, channels)
            source = tree.scratch / "depth.wav"
            source.write_bytes(wav(packed(sound, bits, kept), extensible(kept, channels, valid=bits)))
            made = flac.encode_or_none(source.read_bytes(), tree.scratch, "--lax")
            expect = READY if bits in (8, 16, 24) else PREPARABLE
            tree.save(
                f"flac/{bits}-bits-{channels}ch.flac", made or b"", (FRAMES, RATE, channels), expect, f"{bits} bits"
            )
    for rate, channels in ((8000, 2), (44100, 1)):
        for size in (16, 17, 64, 192, 576, 1000, 1152, 2304, 4095, 4096, 4608, 8192, 9216, 16384, 16385, 32768, 65535):
            made = flac_of(tree, tree.source(rate, channels), "--lax", "-b", str(size))
            tree.save(f"flac/block-{size}-{rate}.flac", made, (7 * rate, rate, channels), READY, f"blocks of {size}")
    for channels in range(1, 9):
        made = flac_of(tree, tree.source(RATE, channels), "--channel-map=none")
        tree.save(f"flac/{channels}-channels.flac", made, (FRAMES, RATE, channels), READY)
    for rate in (
        1000,
        7999,
        9000,
        11025,
        22255,
        44100,
        48000,
        65535,
        65536,
        88200,
        96000,
        192000,
        384000,
        655350,
        1048575,
    ):
        seconds = min(7, 700000 / rate)
        made = flac.encode_or_none(tree.source(rate, 1, seconds).read_bytes(), tree.scratch, "--lax")
        tree.save(f"flac/rate-{rate}.flac", made or b"", (round(rate * seconds), rate, 1), OPEN, f"{rate} Hz")
    variable(tree)


def variable(tree: Tree) -> None:
    """Blocks of differing sizes, numbered by samples; and samples beyond the depth that the header tells."""
    ints = np.round(tree.sound(RATE, 1)[:, 0] * 32767).astype(int)
    by_sample = [
        renumber(piece[:1] + b"\xf9" + piece[2:], 1024 * at) for at, piece in enumerate(frames_of(plain_of(tree)))
    ]
    head = info(plain_of(tree), low=16, high=1024)
    head = head[: audio_offset(head)]
    tree.save("flac/variable-same-size.flac", head + b"".join(by_sample), SHAPE, OPEN, "variable block size")
    shape = (FRAMES, RATE, 1)
    for name, lengths in (("64-4608", (64, 4608, 1000)), ("16-512", (16, 512)), ("4096-1", (4096, 192))):
        tree.save(f"flac/variable-{name}.flac", written(ints, lengths, True), shape, OPEN, "variable block size")
        claimed = f"flac/variable-{name}-as-fixed.flac"
        tree.save(claimed, written(ints, lengths, False), shape, OPEN, "blocks differ, though numbered as fixed")
    for name, factor, bits in (("17", 2.4, 16), ("18", 6, 16), ("9-of-8", 2.4, 8)):
        full = (1 << bits - 1) - 1
        over = np.round(tree.sound(RATE, 1)[:, 0] * full * factor).astype(int)
        made = written(over, (1024,), False, bits)
        tree.save(
            f"flac/beyond-depth-{name}.flac", made, shape, PREPARABLE, f"samples beyond {bits} bits", lossless=False
        )


def written(values: np.ndarray, lengths: tuple[int, ...], by_sample: bool, bits: int = 16) -> bytes:
    """A mono flac of the simplest frames: fixed predictor of order 0, so that samples may exceed the depth."""
    frames, at, number = [], 0, 0
    while at < len(values):
        size = min(lengths[number % len(lengths)], len(values) - at)
        frames.append(simple_frame(values[at : at + size], at if by_sample else number, by_sample, bits))
        at, number = at + size, number + 1
    width = (bits + 7) // 8
    low = b"".join(int(value & (1 << 8 * width) - 1).to_bytes(width, "little") for value in values)
    word = RATE << 44 | (bits - 1) << 36 | len(values)
    blocks = be(min(lengths), 2) + be(max(lengths), 2) + bytes(6)
    return b"fLaC" + block(0, blocks + be(word, 8) + hashlib.md5(low).digest(), last=True) + b"".join(frames)


def simple_frame(values: np.ndarray, number: int, by_sample: bool, bits: int) -> bytes:
    """One frame: header, a fixed subframe of order 0, Rice codes of one partition, checksums."""
    depth = {8: 1, 16: 4}[bits]
    head = (
        bytes([0xFF, 0xF9 if by_sample else 0xF8, 0x70 | 4, depth << 1]) + flac.coded(number) + be(len(values) - 1, 2)
    )
    parameter = max(min(int(np.abs(values).mean()).bit_length(), 14), 1)
    parts = ["00010000", "00", "0000", f"{parameter:04b}"]
    for value in values.tolist():
        folded = value << 1 if value >= 0 else (-value << 1) - 1
        parts.append("0" * (folded >> parameter) + "1" + f"{folded & (1 << parameter) - 1:0{parameter}b}")
    text = "".join(parts)
    text += "0" * (-len(text) % 8)
    body = head + bytes([crc8(head)]) + int(text, 2).to_bytes(len(text) // 8, "big")
    return body + be(crc16(body), 2)


def joins(tree: Tree) -> None:
    """Several flacs, damage, and other containers."""
    plain = plain_of(tree)
    second = flac_of(tree, tree.source(RATE, 2, 6.5), "-b", "1024")
    mono, fast = flac_of(tree, tree.source(RATE, 1)), flac_of(tree, tree.source(16000, 2))
    for name, other in (("same", plain), ("other", second), ("mono", mono), ("rate", fast)):
        tree.save(f"flac/joined-{name}.flac", plain + other, SHAPE, PREPARABLE, "two flacs joined")
        unknown = info(plain, total=0, md5=UNSET)
        tree.save(f"flac/joined-{name}-unknown.flac", unknown + other, SHAPE, PREPARABLE, "two flacs joined, total 0")
        frames = plain + other[audio_offset(other) :]
        tree.save(f"flac/frames-of-{name}-behind.flac", frames, SHAPE, OPEN, "frames of another flac behind")
    pieces, at = frames_of(plain), audio_offset(plain)
    for name, kept in (
        ("hole", pieces[:20] + pieces[23:]),
        ("swapped", [*pieces[:20], pieces[21], pieces[20], *pieces[22:]]),
    ):
        tree.save(f"flac/{name}.flac", plain[:at] + b"".join(kept), SHAPE, REJECTED, name)
    flipped = bytearray(plain)
    flipped[len(plain) // 2] ^= 0x10
    tree.save("flac/flipped.flac", bytes(flipped), SHAPE, REJECTED, "a bit changed")
    tree.save("flac/truncated.flac", plain[: len(plain) * 6 // 10], SHAPE, REJECTED, "cut off")
    tree.save("flac/crlf.flac", plain.replace(b"\n", b"\r\n"), SHAPE, REJECTED, "sent as text: a CR before each LF")
    source = tree.scratch / "in.flac"
    for rate, channels in ((8000, 2), (44100, 1)):
        source.write_bytes(flac_of(tree, tree.source(rate, channels)))
        for ending in ("ogg", "oga", "mp4", "mka", "mkv", "caf", "m4a", "nut"):
            more = ("-f", "mp4") if ending == "m4a" else ()
            made = tree.ffmpeg(f"in.{ending}", source, "-c:a", "copy", "-strict", "-2", *more)
            shape = (7 * rate, rate, channels)
            tree.save(f"flac-in/{rate}.{ending}", made, shape, PREPARABLE, f"flac in {ending}")


def make_flac(tree: Tree) -> None:
    for make in (stream_info, metadata, surroundings, depths, joins):
        make(tree)
