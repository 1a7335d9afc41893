"""Flac files made to mislead."""

from __future__ import annotations

from dataclasses import dataclass

from oracles.binary import be
from oracles.flac import audio_offset, block, encode, encode_or_none, frame_starts, info, renumber
from oracles.programs import must
from oracles.wave import RATE, extensible, fmt, pcm

from .material import APE, FRAMES, ID3V1, LYRICS, Variants, id3v2

NO_MD5 = bytes(16)


@dataclass
class Whole:
    """A sound flac of blocks of 1024 samples, and its parts."""

    plain: bytes
    head: bytes  # "fLaC" and STREAMINFO.
    metadata: bytes  # The blocks behind STREAMINFO.
    audio: bytes
    pieces: list[bytes]  # The frames.

    @property
    def offset(self) -> int:
        """Where the audio begins."""
        return len(self.head) + len(self.metadata)

    def of(self, frames: list[bytes], **claims) -> bytes:
        """The same with other frames, and other claims in STREAMINFO."""
        return info(self.head, **claims) + self.metadata + b"".join(frames)


def whole_of(plain: bytes) -> Whole:
    at = audio_offset(plain)
    starts = frame_starts(plain, at)
    pieces = [plain[a:b] for a, b in zip(starts, [*starts[1:], len(plain)], strict=True)]
    assert len(pieces) == -(-FRAMES // 1024), len(pieces)
    return Whole(plain, plain[:42], plain[42:at], plain[at:], pieces)


def encoded(v: Variants, source: bytes, *options: str) -> bytes:
    return encode(source, v.directory, *options)


def try_encoded(v: Variants, name: str, source: bytes, *options: str) -> None:
    """Saves what flac(1) makes of a wav, if it makes something."""
    made = encode_or_none(source, v.directory, *options)
    if made is not None:
        v.save(name, made)


def shapes(v: Variants, w: Whole) -> None:
    """Every width, count of channels, rate, block size and level."""
    v.save("flac-plain.flac", w.plain)
    for bits in (4, 5, 7, 8, 12, 13, 16, 20, 24, 32):
        width = (bits + 7) // 8 * 8
        full = (1 << bits - 1) - 1
        low = bytes((round(s * full) << 8 - bits) + 128 & 255 for s in v.mono) if bits <= 8 else b""
        data = low or pcm(v.mono, bits)
        try_encoded(v, f"flac-{bits}-bit.flac", v.wav(data, extensible(width, 1, valid=bits)), "--lax")
    for channels in range(1, 9):
        data = pcm([s for s in v.mono[:FRAMES] for _ in range(channels)], 16)
        v.save(f"flac-{channels}ch.flac", encoded(v, v.wav(data, fmt(16, channels)), "--channel-map=none"))
    for rate in (8000, 11025, 44100, 65535, 65536, 96000, 192000, 384000, 655350, 1048575):
        try_encoded(v, f"flac-rate-{rate}.flac", v.wav(v.s16, fmt(16, 2, rate=rate)), "--lax")
    for size in (16, 192, 576, 1152, 4096, 4608, 16384, 65535):
        v.save(f"flac-block-{size}.flac", encoded(v, v.wav(v.s16, fmt(16, 2)), "--lax", "-b", str(size)))
    for level in (0, 3, 8):
        v.save(f"flac-level-{level}.flac", encoded(v, v.wav(v.s16, fmt(16, 2)), f"-{level}"))
    noise = v.noise(4 * FRAMES)
    v.save("flac-noise-65535.flac", encoded(v, v.wav(noise, fmt(16, 2)), "--lax", "-b", "65535"))
    v.save(
        "flac-noise-8ch-24.flac",
        encoded(v, v.wav(v.noise(24 * FRAMES), extensible(24, 8)), "--lax", "-b", "65535", "--channel-map=none"),
    )
    v.save("flac-silence.flac", encoded(v, v.wav(bytes(len(v.s16)), fmt(16, 2))))


def stream_info(v: Variants, w: Whole) -> None:
    """Claims of STREAMINFO, and where it is missing or twice."""
    for name, value in (
        ("unknown", 0),
        ("one", 1),
        ("half", FRAMES // 2),
        ("one-less", FRAMES - 1),
        ("one-more", FRAMES + 1),
        ("ten-times", 10 * FRAMES),
        ("max", (1 << 36) - 1),
    ):
        v.save(f"flac-total-{name}.flac", info(w.plain, total=value))
        v.save(f"flac-total-{name}-no-md5.flac", info(w.plain, total=value, md5=NO_MD5))
        v.save(f"flac-total-{name}-id3v1.flac", info(w.plain, total=value) + ID3V1)
        v.save(f"flac-total-{name}-cut.flac", info(w.plain, total=value)[: len(w.plain) * 6 // 10])
    v.save("flac-md5-unset.flac", info(w.plain, md5=NO_MD5))
    v.save("flac-md5-wrong.flac", info(w.plain, md5=b"\1" * 16))
    for name, change in (
        ("small-1", {"small": 1}),
        ("large-1", {"large": 1}),
        ("sizes-zero", {"small": 0, "large": 0}),
        ("large-max", {"large": 0xFFFFFF}),
        ("low-16", {"low": 16}),
        ("high-65535", {"high": 65535}),
        ("both-4096", {"low": 4096, "high": 4096}),
        ("both-0", {"low": 0, "high": 0}),
        ("both-16", {"low": 16, "high": 16}),
        ("low-over-high", {"low": 4096, "high": 16}),
        ("rate-0", {"rate": 0}),
        ("rate-44100", {"rate": 44100}),
        ("rate-max", {"rate": 1048575}),
        ("mono", {"channels": 0}),
        ("six", {"channels": 5}),
        ("bits-8", {"bits": 7}),
        ("bits-24", {"bits": 23}),
        ("bits-1", {"bits": 0}),
    ):
        v.save(f"flac-info-{name}.flac", info(w.plain, **change))
    v.save("flac-no-streaminfo.flac", b"fLaC" + w.metadata + w.audio)
    v.save("flac-no-metadata.flac", b"fLaC" + w.audio)
    v.save("flac-bare-frames.flac", w.audio)
    v.save("flac-streaminfo-second.flac", b"fLaC" + block(1, bytes(20)) + w.plain[4:])
    v.save("flac-two-streaminfo.flac", w.head + block(0, info(w.plain, total=5)[8:42]) + w.metadata + w.audio)
    v.save("flac-streaminfo-33.flac", b"fLaC" + block(0, w.plain[8:41]) + w.metadata + w.audio)
    v.save("flac-streaminfo-40.flac", b"fLaC" + block(0, w.plain[8:42] + bytes(6)) + w.metadata + w.audio)


def metadata_blocks(v: Variants, w: Whole) -> None:
    """Metadata blocks of all kinds, and sizes that lie."""
    picture = be(3, 4) + be(10, 4) + b"image/jpeg" + be(0, 4) + bytes(16) + be(200000, 4) + v.junk * 40
    for name, more in (
        ("padding", block(1, bytes(8000))),
        ("picture", block(6, picture)),
        ("application", block(2, b"test" + v.junk)),
        ("reserved", block(100, v.junk)),
        ("invalid-127", block(127, v.junk[:100])),
        ("seektable", block(3, be(0, 8) + be(0, 8) + be(1024, 2))),
        ("seektable-lies", block(3, be(0, 8) + be(9999999, 8) + be(1024, 2))),
        ("seektable-odd", block(3, bytes(17))),
        ("sync-in-padding", block(1, w.pieces[0] * 3)),
        ("cuesheet-broken", block(5, bytes(30))),
        ("picture-lies", block(6, picture[:30] + be(0xFFFFFFFF, 4))),
        ("thousand", block(1, b"") * 1000),
    ):
        v.save(f"flac-meta-{name}.flac", w.head + more + w.metadata + w.audio)
    v.save("flac-meta-size-into-audio.flac", w.head + block(1, b"", last=True, size=3000) + w.audio)
    v.save("flac-meta-size-beyond.flac", w.head + block(1, bytes(100), last=True, size=0xFFFFFF) + w.audio)
    v.save("flac-meta-size-too-small.flac", w.head + block(1, bytes(500), last=True, size=100) + w.audio)
    v.save("flac-meta-no-last.flac", w.head + bytes([w.metadata[0] & 0x7F]) + w.metadata[1:] + w.audio)
    v.save("flac-meta-real-seektable.flac", encoded(v, v.wav(v.s16, fmt(16, 2)), "-b", "1024", "-S", "1s"))


def surroundings(v: Variants, w: Whole) -> None:
    """Tags, junk and other files in front and behind."""
    for name, front in (
        ("id3v2", id3v2()),
        ("id3v2-footer", id3v2(footer=True)),
        ("two-id3v2", id3v2() + id3v2(90)),
        ("zeros", bytes(100)),
        ("junk", v.junk[:1000]),
        ("newline", b"\n"),
    ):
        v.save(f"flac-in-front-{name}.flac", front + w.plain)
    for name, tail in (
        ("id3v1", ID3V1),
        ("ape", APE),
        ("ape-id3v1", APE + ID3V1),
        ("lyrics-id3v1", LYRICS + ID3V1),
        ("id3v2", id3v2()),
        ("id3v2-footer", id3v2(footer=True)),
        ("zeros", bytes(5000)),
        ("many-zeros", bytes(500000)),
        ("one-zero", b"\0"),
        ("junk", v.junk),
        ("much-junk", v.junk * 60),
        ("one-byte", b"x"),
        ("ff", b"\xff" * 3000),
        ("syncs", b"\xff\xf8" * 3000),
        ("text", b"the end\n" * 50),
        ("headers", w.audio[:8] * 2000),
        ("wav", v.wav()),
        ("zeros-id3v1", bytes(700) + ID3V1),
    ):
        v.save(f"flac-behind-{name}.flac", w.plain + tail)
        v.save(f"flac-behind-{name}-unknown.flac", info(w.plain, total=0, md5=NO_MD5) + tail)


def cuts(v: Variants, w: Whole) -> None:
    """Files that end early."""
    for keep in (
        4,
        8,
        41,
        42,
        w.offset - 1,
        w.offset,
        w.offset + 1,
        w.offset + 5,
        w.offset + 100,
        w.offset + len(w.pieces[0]),
        len(w.plain) // 2,
        len(w.plain) - 1,
        len(w.plain) - 2,
        len(w.plain) - len(w.pieces[-1]),
        len(w.plain) - len(w.pieces[-1]) + 3,
        len(w.plain) - len(w.pieces[-1]) - 5,
    ):
        v.save(f"flac-cut-at-{keep}.flac", w.plain[:keep])
        v.save(
            f"flac-cut-at-{keep}-unknown.flac",
            info(w.plain, total=0, md5=NO_MD5)[:keep] if keep > 42 else w.plain[:keep],
        )


def frames_moved(v: Variants, w: Whole) -> None:
    """Frames missing, twice, in another order or with other numbers."""
    middle = len(w.pieces) // 2
    for name, frames in (
        ("hole", w.pieces[:middle] + w.pieces[middle + 3 :]),
        ("hole-at-start", w.pieces[3:]),
        ("hole-before-last", w.pieces[:-2] + w.pieces[-1:]),
        ("twice-a-frame", [*w.pieces[:middle], w.pieces[middle], *w.pieces[middle:]]),
        ("swapped", [*w.pieces[:middle], w.pieces[middle + 1], w.pieces[middle], *w.pieces[middle + 2 :]]),
        ("junk-between", [*w.pieces[:middle], v.junk, *w.pieces[middle:]]),
        ("zeros-between", [*w.pieces[:middle], bytes(3000), *w.pieces[middle:]]),
        (
            "zeros-over-frames",
            [*w.pieces[:middle], bytes(len(w.pieces[middle]) + len(w.pieces[middle + 1])), *w.pieces[middle + 2 :]],
        ),
        ("id3-between", [*w.pieces[:middle], id3v2(), *w.pieces[middle:]]),
        ("last-number-huge", [*w.pieces[:-1], renumber(w.pieces[-1], 60000)]),
        (
            "renumbered-from-0-in-the-middle",
            w.pieces[:middle] + [renumber(p, i) for i, p in enumerate(w.pieces[middle:])],
        ),
        ("all-zero-numbers", [renumber(p, 0) for p in w.pieces]),
        ("number-offset", [renumber(p, i + 1000) for i, p in enumerate(w.pieces)]),
    ):
        v.save(f"flac-{name}.flac", w.of(frames))
        v.save(f"flac-{name}-no-md5.flac", w.of(frames, md5=NO_MD5))
        v.save(f"flac-{name}-unknown.flac", w.of(frames, md5=NO_MD5, total=0))


def flips(v: Variants, w: Whole) -> None:
    """Bits and bytes changed at random."""
    for index in range(30):
        data = bytearray(w.plain)
        place = v.chance.randrange(w.offset, len(w.plain))
        data[place] ^= 1 << v.chance.randrange(8)
        v.save(f"flac-flip-{index:02d}.flac", bytes(data))
        v.save(f"flac-flip-{index:02d}-no-md5.flac", info(bytes(data), md5=NO_MD5))
    for index in range(20):
        data = bytearray(w.plain)
        data[v.chance.randrange(4, 100)] = v.chance.choice([0, 1, 0x7F, 0x80, 0xFF, v.chance.randrange(256)])
        v.save(f"flac-random-head-{index:02d}.flac", bytes(data))


def joined(v: Variants, w: Whole) -> None:
    """Two files one after the other."""
    other = encoded(v, v.wav(pcm(v.tune(RATE * 3, 2), 16), fmt(16, 2)), "-b", "1024")
    mono = encoded(v, v.wav(v.d16, fmt()), "-b", "1024")
    fast = encoded(v, v.wav(v.s16, fmt(16, 2, rate=16000)), "-b", "1024")
    for name, pair in (
        ("long-short", (w.plain, other)),
        ("short-long", (other, w.plain)),
        ("same", (w.plain, w.plain)),
        ("stereo-mono", (w.plain, mono)),
        ("other-rate", (w.plain, fast)),
    ):
        v.save(f"flac-joined-{name}.flac", b"".join(pair))
        v.save(f"flac-joined-{name}-unknown.flac", info(pair[0], total=0, md5=NO_MD5) + pair[1])
    v.save("flac-changes-to-mono.flac", w.plain + mono[audio_offset(mono) :])
    v.save("flac-changes-rate.flac", w.plain + fast[audio_offset(fast) :])


def variable(v: Variants, w: Whole) -> None:
    """Blocks that may differ in size: the same frames with sample numbers, which is what the bit says they have."""
    variable = [renumber(piece[:1] + b"\xf9" + piece[2:], 1024 * index) for index, piece in enumerate(w.pieces)]
    v.save("flac-variable.flac", w.of(variable, low=16, high=4096))
    v.save("flac-variable-no-md5-unknown.flac", w.of(variable, low=16, high=4096, md5=NO_MD5, total=0))
    v.save("flac-variable-hole.flac", w.of(variable[:10] + variable[12:], low=16, high=4096, md5=NO_MD5))
    v.save("flac-variable-cut.flac", w.of([*variable[:-1], variable[-1][:50]], low=16, high=4096, md5=NO_MD5))
    v.save("flac-variable-id3v1.flac", w.of(variable, low=16, high=4096) + ID3V1)


def in_ogg(v: Variants, w: Whole) -> None:
    """Flac in an Ogg stream."""
    source, target = v.directory / "source.wav.tmp", v.directory / "ogg.tmp.oga"
    must("ffmpeg", "-v", "error", "-y", "-i", source, "-c:a", "flac", "-bitexact", target)
    v.save("flac-in-ogg.flac", target.read_bytes())


def make_flac(v: Variants) -> None:
    """All of them, in an order that keeps what a seed makes."""
    w = whole_of(encoded(v, v.wav(v.s16, fmt(16, 2)), "-b", "1024"))
    for make in (
        shapes,
        stream_info,
        metadata_blocks,
        surroundings,
        cuts,
        frames_moved,
        flips,
        joined,
        variable,
        in_ogg,
    ):
        make(v, w)
