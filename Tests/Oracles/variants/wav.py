"""Wav files made to mislead."""

from __future__ import annotations

import math

from oracles.binary import le
from oracles.programs import run
from oracles.tags import chunk
from oracles.wave import BEXT, LIST, extensible, floats, fmt, pcm, riff, w64_chunk

from .material import APE, FRAMES, ID3V1, Variants, id3v2


def widths(v: Variants) -> None:
    """Every width and kind of sample."""
    v.save("wav-plain.wav", v.wav())
    for bits in (8, 12, 16, 20, 24, 32):
        for channels, signal in ((1, v.mono), (2, v.stereo)):
            v.save(f"wav-pcm{bits}-{channels}ch.wav", v.wav(pcm(signal, bits), fmt(bits, channels)))
            v.save(f"wav-extensible{bits}-{channels}ch.wav", v.wav(pcm(signal, bits), extensible(bits, channels)))
    for valid, kept in ((12, 16), (20, 24), (20, 32), (24, 32), (17, 24), (0, 16), (16, 8), (32, 16)):
        v.save(f"wav-valid{valid}-of-{kept}.wav", v.wav(pcm(v.mono, kept), extensible(kept, 1, valid=valid)))
    v.save("wav-float32.wav", v.wav(floats(v.mono), fmt(32, 1, 3)))
    v.save("wav-float64.wav", v.wav(floats(v.mono, 64), fmt(64, 1, 3)))
    v.save("wav-extensible-float32.wav", v.wav(floats(v.mono), extensible(32, 1, 3)))
    v.save("wav-extensible-float64.wav", v.wav(floats(v.mono, 64), extensible(64, 1, 3)))
    v.save(
        "wav-float-18-byte-fmt-and-fact.wav",
        v.wav(floats(v.mono), fmt(32, 1, 3) + b"\0\0", before=chunk(b"fact", le(FRAMES, 4))),
    )
    nan = list(v.mono)
    nan[8000:8100] = [math.nan] * 100
    nan[24000:24010] = [math.inf] * 10
    v.save("wav-float32-nan.wav", v.wav(floats(nan), fmt(32, 1, 3)))
    v.save("wav-float64-nan.wav", v.wav(floats(nan, 64), fmt(64, 1, 3)))
    v.save(
        "wav-extensible-bformat.wav",
        v.wav(v.d16, extensible(16, 1, guid=bytes.fromhex("00002107d3118644c8c1ca000000"))),
    )
    v.save("wav-extensible-unknown-guid.wav", v.wav(v.d16, extensible(16, 1, guid=bytes(14))))
    v.save("wav-extensible-18-bytes.wav", v.wav(v.d16, extensible(16, 1)[:18]))
    for channels in (3, 6, 8, 16, 33):
        data = pcm([s for s in v.mono for _ in range(channels)], 16)
        v.save(f"wav-{channels}ch.wav", v.wav(data, extensible(16, channels)))


def formats(v: Variants) -> None:
    """fmt chunks that are short, long or lie."""
    for length in (0, 8, 14, 15, 16, 17, 18, 19, 20, 22, 40, 41, 100, 5000):
        v.save(f"wav-fmt-{length}-bytes.wav", v.wav(v.d16, (fmt() + bytes(5000))[:length]))
    for value in (0, 1, 2, 3, 4, 5, 7, 8, 16, 1000, 65535):
        v.save(f"wav-block-align-{value}.wav", v.wav(v.s16, fmt(16, 2, block=value)))
    for value in (4, 8):
        v.save(f"wav-24-bits-in-block-{value}.wav", v.wav(pcm(v.stereo, 32), fmt(24, 2, block=value)))
        v.save(f"wav-20-bits-in-block-{value}.wav", v.wav(pcm(v.stereo, 32), fmt(20, 2, block=value)))
    for value in (0, 1, 0xFFFFFFFF):
        v.save(f"wav-byte-rate-{value}.wav", v.wav(v.d16, fmt(byte_rate=value)))
    for bits in (0, 1, 4, 7, 9, 33, 40, 48, 64, 65, 128, 65535):
        v.save(f"wav-bits-{bits}.wav", v.wav(v.d16, fmt(bits)))
    for bits in (0, 8, 16, 24, 33, 80):
        v.save(f"wav-float-bits-{bits}.wav", v.wav(v.d16, fmt(bits, 1, 3)))
    for rate in (0, 1, 99, 100, 384000, 768000, 768001, 0x7FFFFFFF, 0xFFFFFFFF):
        v.save(f"wav-rate-{rate}.wav", v.wav(v.d16, fmt(rate=rate)))
    for channels in (0, 255, 256, 1024, 1025, 65535):
        v.save(f"wav-channels-{channels}.wav", v.wav(v.d16 * 2, fmt(16, channels, block=channels * 2)))


def data_sizes(v: Variants) -> None:
    """Sizes of the data chunk."""
    n = len(v.d16)
    for name, size in (
        ("zero", 0),
        ("ffffffff", 0xFFFFFFFF),
        ("ffffff00", 0xFFFFFF00),
        ("fffffffe", 0xFFFFFFFE),
        ("80000000", 0x80000000),
        ("7fffffff", 0x7FFFFFFF),
        ("7ffff000-as-sox", 0x7FFFF000),
        ("7fffffdb", 0x7FFFFFDB),
        ("ffffffdb", 0xFFFFFFDB),
        ("one-more", n + 1),
        ("two-more", n + 2),
        ("44-more", n + 44),
        ("twice", 2 * n),
        ("ten-times", 10 * n),
        ("half", n // 2),
        ("odd-half", n // 2 + 1),
        ("tenth", n // 10),
        ("two", 2),
        ("one-less", n - 1),
        ("two-less", n - 2),
    ):
        v.save(f"wav-data-{name}.wav", v.wav(size=size))
        v.save(f"wav-data-{name}-and-list.wav", v.wav(size=size, after=LIST))
        if size > n or size == 0:
            v.save(f"wav-data-{name}-riff-too.wav", v.wav(size=size, riff_size=(size + 36) & 0xFFFFFFFF if size else 0))


def riff_sizes(v: Variants) -> None:
    """Sizes of the whole, and files that end early."""
    plain = v.wav()
    total = len(plain) - 8
    for name, size in (
        ("zero", 0),
        ("ffffffff", 0xFFFFFFFF),
        ("36", 36),
        ("half", total // 2),
        ("one-less", total - 1),
        ("one-more", total + 1),
        ("whole-file", total + 8),
        ("twice", 2 * total),
    ):
        v.save(f"wav-riff-{name}.wav", v.wav(riff_size=size))
    for keep in (
        0,
        4,
        8,
        11,
        12,
        16,
        20,
        30,
        36,
        40,
        43,
        44,
        45,
        46,
        100,
        20044,
        60001,
        len(plain) - 1,
        len(plain) - 2,
    ):
        v.save(f"wav-cut-at-{keep}.wav", plain[:keep])


def surroundings(v: Variants) -> None:
    """Tags, junk and other files in front and behind."""
    plain = v.wav()
    for name, tail in (
        ("id3v1", ID3V1),
        ("id3v2", id3v2()),
        ("ape", APE),
        ("zeros", bytes(5000)),
        ("junk", v.junk),
        ("text", b"the end of it\n" * 50),
        ("one-byte", b"\0"),
        ("riff", plain),
    ):
        v.save(f"wav-behind-{name}.wav", plain + tail)
    for name, head in (
        ("id3v2", id3v2()),
        ("id3v2-footer", id3v2(footer=True)),
        ("two-id3v2", id3v2() + id3v2(90)),
        ("zeros", bytes(100)),
        ("junk", v.junk[:1000]),
        ("one-byte", b"\0"),
        ("newline", b"\r\n"),
        ("bom", b"\xef\xbb\xbf"),
    ):
        v.save(f"wav-in-front-{name}.wav", head + plain)


def chunks(v: Variants) -> None:
    """Chunks before and after the data, padded and not."""
    for name, one in (
        ("list", LIST),
        ("junk", chunk(b"JUNK", bytes(28))),
        ("junk-odd", chunk(b"JUNK", bytes(27))),
        ("bext", BEXT),
        ("fact", chunk(b"fact", le(FRAMES, 4))),
        ("fact-lies", chunk(b"fact", le(FRAMES * 10, 4))),
        ("fact-zero", chunk(b"fact", le(0, 4))),
        ("fact-empty", chunk(b"fact", b"")),
        ("cue", chunk(b"cue ", le(1, 4) + le(1, 4) + le(4000, 4) + b"data" + bytes(8) + le(4000, 4))),
        ("id3", chunk(b"id3 ", id3v2())),
        ("pad4k", chunk(b"PAD ", bytes(4032))),
        ("flac-named", chunk(b"fLaC", bytes(10))),
        ("control-name", chunk(b"\1\2\3\4", bytes(10))),
        ("zero-name", chunk(bytes(4), b"")),
        ("big-junk", chunk(b"JUNK", bytes(300000))),
        ("empty-list", chunk(b"LIST", b"")),
    ):
        v.save(f"wav-{name}-before.wav", v.wav(before=one))
        v.save(f"wav-{name}-after.wav", v.wav(after=one))
        v.save(f"wav-{name}-both-24-odd.wav", v.wav(pcm(v.mono[:-1], 24), fmt(24), before=one, after=one))
    for name in ("JUNK", "LIST", "bext", "data"):
        broken = chunk(name.encode(), b"INFO" + bytes(23), pad=False) if name != "data" else b""
        odd = pcm(v.mono[:-1], 8)
        v.save(
            f"wav-no-pad-{name.lower()}.wav",
            riff(chunk(b"fmt ", fmt(8)) + broken + chunk(b"data", odd, pad=name != "data") + LIST),
        )
    v.save("wav-no-pad-at-end.wav", v.wav(pcm(v.mono[:-1], 8), fmt(8), pad=False))
    v.save("wav-pad-counted-in-riff-only.wav", v.wav(pcm(v.mono[:-1], 8), fmt(8)))
    v.save(
        "wav-pad-not-zero.wav",
        riff(chunk(b"fmt ", fmt(8)) + chunk(b"JUNK", bytes(27), pad=False) + b"\xff" + chunk(b"data", pcm(v.mono, 8))),
    )


def orders(v: Variants) -> None:
    """Chunks in other orders, twice, or missing."""
    n = len(v.d16)
    v.save(
        "wav-junk-before-fmt.wav",
        riff(chunk(b"JUNK", bytes(28)) + BEXT + chunk(b"fmt ", fmt()) + chunk(b"data", v.d16)),
    )
    v.save("wav-data-before-fmt.wav", riff(chunk(b"data", v.d16) + chunk(b"fmt ", fmt())))
    v.save("wav-data-before-fmt-and-list.wav", riff(LIST + chunk(b"data", v.d16) + LIST + chunk(b"fmt ", fmt())))
    v.save("wav-two-fmt-same.wav", v.wav(before=chunk(b"fmt ", fmt())))
    v.save("wav-two-fmt-differ.wav", v.wav(before=chunk(b"fmt ", fmt(8, 2))))
    v.save("wav-two-fmt-second-behind.wav", v.wav(after=chunk(b"fmt ", fmt(8, 2))))
    v.save("wav-two-data.wav", v.wav(after=chunk(b"data", v.d16)))
    v.save("wav-two-data-with-list.wav", v.wav(after=LIST + chunk(b"data", v.d16)))
    v.save(
        "wav-three-data-of-a-third.wav",
        v.wav(v.d16[: n // 3], after=chunk(b"data", v.d16[n // 3 : 2 * n // 3]) + chunk(b"data", v.d16[2 * n // 3 :])),
    )
    v.save("wav-empty-data-then-data.wav", v.wav(b"", after=chunk(b"data", v.d16)))
    v.save("wav-wavl.wav", riff(chunk(b"fmt ", fmt()) + chunk(b"LIST", b"wavl" + chunk(b"data", v.d16))))
    v.save("wav-header-only.wav", v.wav(b""))
    v.save("wav-header-only-list.wav", v.wav(b"", after=LIST))
    v.save("wav-no-data-chunk.wav", riff(chunk(b"fmt ", fmt()) + LIST + chunk(b"JUNK", bytes(6000))))
    v.save("wav-no-fmt-chunk.wav", riff(LIST + chunk(b"data", v.d16)))
    v.save("wav-one-frame.wav", v.wav(v.d16[:2]))
    v.save("wav-odd-byte-at-end.wav", v.wav(v.d16 + b"\1"))
    v.save("wav-stereo-half-frame.wav", v.wav(v.s16[:-3], fmt(16, 2)))


def many_chunks(v: Variants) -> None:
    """Thousands of chunks, and chunks whose sizes lie."""
    for count in (9_000, 20_000, 200_000):
        v.save(f"wav-{count}-chunks-before.wav", v.wav(before=chunk(b"JUNK", b"") * count))
        v.save(f"wav-{count}-chunks-after.wav", v.wav(after=chunk(b"JUNK", b"") * count))
    v.save(
        "wav-list-size-lies.wav",
        riff(chunk(b"fmt ", fmt()) + chunk(b"LIST", b"INFO" + bytes(22), size=0xFFFFFFF0) + chunk(b"data", v.d16)),
    )
    v.save(
        "wav-list-size-into-data.wav",
        riff(chunk(b"fmt ", fmt()) + chunk(b"LIST", b"INFO" + bytes(22), size=3000) + chunk(b"data", v.d16)),
    )
    v.save(
        "wav-list-size-too-small.wav",
        riff(chunk(b"fmt ", fmt()) + chunk(b"LIST", b"INFO" + bytes(22), size=10) + chunk(b"data", v.d16)),
    )
    v.save("wav-fmt-size-ffffffff.wav", riff(chunk(b"fmt ", fmt(), size=0xFFFFFFFF) + chunk(b"data", v.d16)))


def codecs(v: Variants) -> None:
    """Other codecs in a wav, by ffmpeg."""
    source, target = v.directory / "source.wav.tmp", v.directory / "coded.wav.tmp"
    source.write_bytes(v.wav(v.s16, fmt(16, 2)))
    for name, options in (
        ("alaw", ["pcm_alaw"]),
        ("mulaw", ["pcm_mulaw"]),
        ("adpcm-ms", ["adpcm_ms"]),
        ("adpcm-ima", ["adpcm_ima_wav"]),
        ("adpcm-swf", ["adpcm_swf"]),
        ("adpcm-yamaha", ["adpcm_yamaha"]),
        ("g726", ["adpcm_g726", "-ac", "1"]),
        ("g722", ["adpcm_g722", "-ar", "16000", "-ac", "1"]),
        ("gsm", ["libgsm_ms", "-ac", "1"]),
        ("mp3", ["libmp3lame", "-ar", "44100"]),
        ("mp2", ["mp2", "-ar", "44100"]),
        ("ac3", ["ac3", "-ar", "48000"]),
        ("aac", ["aac"]),
        ("wma", ["wmav2", "-ar", "44100"]),
        ("s64", ["pcm_s64le"]),
        ("flac", ["flac"]),
    ):
        done = run("ffmpeg", "-v", "error", "-y", "-i", source, "-c:a", *options, "-bitexact", "-f", "wav", target)
        if done.returncode == 0:
            v.save(f"wav-codec-{name}.wav", target.read_bytes())
    v.save("wav-rifx.wav", riff(chunk(b"fmt ", fmt()) + chunk(b"data", v.d16), magic=b"RIFX"))


def large(v: Variants) -> None:
    """RF64 and BW64."""
    n = len(v.d16)
    for magic in (b"RF64", b"BW64"):
        name = magic.decode().lower()
        v.save(f"{name}-plain.wav", v.rf64(magic=magic))
        v.save(f"{name}-list-behind.wav", v.rf64(magic=magic, after=LIST))
        v.save(f"{name}-size32-filled-in.wav", v.rf64(magic=magic, size32=n))
        v.save(f"{name}-size32-half.wav", v.rf64(magic=magic, size32=n // 2))
        v.save(f"{name}-size32-zero.wav", v.rf64(magic=magic, size32=0))
        for word, size in (
            ("zero", 0),
            ("half", n // 2),
            ("twice", 2 * n),
            ("all-ones", (1 << 64) - 1),
            ("top-bit", 1 << 63),
            ("ffffffff", 0xFFFFFFFF),
        ):
            v.save(f"{name}-ds64-{word}.wav", v.rf64(magic=magic, size64=size))
            v.save(f"{name}-ds64-riff-{word}.wav", v.rf64(magic=magic, riff64=size))
        v.save(f"{name}-ds64-count-lies.wav", v.rf64(magic=magic, count=10))
        v.save(f"{name}-no-ds64.wav", v.rf64(magic=magic, ds64=b""))
        v.save(f"{name}-ds64-short.wav", v.rf64(magic=magic, ds64=chunk(b"ds64", bytes(8))))
        v.save(f"{name}-junk-instead.wav", v.rf64(magic=magic, ds64=chunk(b"JUNK", bytes(28)), size32=n))
        v.save(f"{name}-cut.wav", v.rf64(magic=magic)[:60000])
        v.save(f"{name}-float.wav", v.rf64(floats(v.mono), fmt(32, 1, 3), magic=magic))
    v.save("riff-with-ds64.wav", v.rf64(magic=b"RIFF"))


def wave64(v: Variants) -> None:
    """Sony Wave64."""
    n = len(v.d16)
    v.save("w64-plain.w64", v.w64())
    v.save("w64-24-odd.w64", v.w64(pcm(v.mono[:-1], 24), fmt(24), after=w64_chunk(b"fact", le(FRAMES - 1, 8))))
    v.save(
        "w64-no-pad.w64", v.w64(pcm(v.mono[:-1], 24), fmt(24), after=w64_chunk(b"fact", le(FRAMES - 1, 8)), pad=False)
    )
    v.save(
        "w64-chunks-around.w64",
        v.w64(
            before=w64_chunk(b"fact", le(FRAMES, 8)) + w64_chunk(b"junk", bytes(77)),
            after=w64_chunk(b"junk", bytes(77)),
        ),
    )
    for word, size in (
        ("zero", 0),
        ("eight", 8),
        ("24", 24),
        ("half", n // 2 + 24),
        ("twice", 2 * n + 24),
        ("all-ones", (1 << 64) - 1),
        ("top-bit", 1 << 63),
        ("max", (1 << 63) - 1),
        ("without-header", n),
    ):
        v.save(f"w64-data-{word}.w64", v.w64(size=size))
        v.save(f"w64-riff-{word}.w64", v.w64(riff_size=size))
    v.save("w64-float.w64", v.w64(floats(v.mono), fmt(32, 1, 3)))
    v.save("w64-cut.w64", v.w64()[:60000])
    v.save("w64-junk-size-zero.w64", v.w64(before=w64_chunk(b"junk", bytes(16), size=0)))


def random_heads(v: Variants) -> None:
    """Bytes at random places of the first hundred."""
    plain = v.wav()
    for index in range(60):
        data = bytearray(v.chance.choice([plain, v.wav(v.s16, extensible(16, 2), before=LIST), v.rf64(), v.w64()]))
        for _ in range(v.chance.choice([1, 1, 2, 4])):
            data[v.chance.randrange(100)] = v.chance.choice([0, 1, 0x7F, 0x80, 0xFF, v.chance.randrange(256)])
        v.save(f"wav-random-{index:02d}.wav", bytes(data))


def make_wav(v: Variants) -> None:
    """All of them, in an order that keeps what a seed makes."""
    for make in (
        widths,
        formats,
        data_sizes,
        riff_sizes,
        surroundings,
        chunks,
        orders,
        many_chunks,
        codecs,
        large,
        wave64,
        random_heads,
    ):
        make(v)
