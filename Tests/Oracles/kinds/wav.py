"""Kinds of wav: widths, headers, sizes, chunks, joins."""

from __future__ import annotations

import struct

import numpy as np
from oracles import tags, wave
from oracles.binary import be, le
from oracles.tags import chunk
from oracles.wave import BEXT, LIST, extensible, fmt, riff, wav

from .tree import OPEN, PREPARABLE, READY, REJECTED, Tree, packed

RATE = 8000
SECONDS = 7
FRAMES = RATE * SECONDS
SHAPE = (FRAMES, RATE, 1)
CUE = chunk(b"cue ", le(1, 4) + le(1, 4) + le(4000, 4) + b"data" + le(0, 4) + le(0, 4) + le(4000, 4))
ID3 = chunk(b"id3 ", tags.id3v2(b"TIT2" + be(5, 4) + b"\0\0\0tune"))
AROUND = {"list": LIST, "cue": CUE, "bext": BEXT, "id3": ID3, "junk": chunk(b"JUNK", bytes(77)),
          "list-odd": chunk(b"LIST", b"INFOICMT" + le(3, 4) + b"abc")}  # fmt: skip


def widths(tree: Tree) -> None:
    """Every width of samples, in every header that tells it."""
    for rate, channels in ((8000, 1), (11025, 2)):
        sound, shape = tree.sound(rate, channels), (SECONDS * rate, rate, channels)
        root = f"wav/{channels}ch"
        for bits in (8, 12, 16, 20, 24, 32):
            expect = READY if bits in (8, 16, 24, 32) else OPEN
            data = wav(packed(sound, bits), fmt(bits, channels, rate=rate))
            tree.save(f"{root}-pcm{bits}.wav", data, shape, expect, f"{bits} bits, WAVE_FORMAT_PCM")
        for valid, kept in (
            (8, 8), (12, 16), (8, 16), (16, 16), (8, 24), (12, 24), (16, 24), (17, 24), (20, 24), (24, 24), (8, 32),
            (12, 32), (16, 32), (20, 32), (24, 32), (31, 32), (32, 32), (0, 16), (0, 24), (0, 32), (32, 16), (33, 32),
        ):  # fmt: skip
            expect = READY if valid == kept else PREPARABLE if valid and (valid + 7) // 8 * 8 != kept else OPEN
            bits = valid if 0 < valid <= kept else kept
            for mask in (0, 3 if channels == 2 else 4):
                form = extensible(kept, channels, valid=valid, mask=mask, rate=rate)
                tree.save(f"{root}-{valid}-of-{kept}-mask{mask}.wav", wav(packed(sound, bits, kept), form), shape,
                          expect, f"EXTENSIBLE, {valid} valid bits in {kept}")  # fmt: skip
        filled = extensible(24, channels, valid=16, rate=rate)
        tree.save(
            f"{root}-24-filled-16-valid.wav", wav(packed(sound, 24), filled), shape, PREPARABLE, "24 bits, 16 valid"
        )
        filled = extensible(32, channels, valid=24, rate=rate)
        tree.save(
            f"{root}-32-filled-24-valid.wav", wav(packed(sound, 32), filled), shape, PREPARABLE, "32 bits, 24 valid"
        )
        in_four = fmt(24, channels, rate=rate, block=4 * channels, byte_rate=4 * channels * rate)
        tree.save(
            f"{root}-pcm24-block4.wav", wav(packed(sound, 24, 32), in_four), shape, PREPARABLE, "24 bits in 4 bytes"
        )
        for width, kind in ((32, "<f4"), (64, "<f8")):
            data = sound.astype(kind).tobytes()
            tree.save(f"{root}-float{width}.wav", wav(data, fmt(width, channels, 3, rate)), shape, READY)
            tree.save(f"{root}-float{width}-extensible.wav", wav(data, extensible(width, channels, 3, rate=rate)),
                      shape, READY)  # fmt: skip
            over = (sound * 8).astype(kind).tobytes()
            tree.save(f"{root}-float{width}-over.wav", wav(over, fmt(width, channels, 3, rate)), shape, READY,
                      "floats over full scale")  # fmt: skip
        big = np.round(sound * 2.0**62).astype("<i8").tobytes()
        tree.save(f"{root}-pcm64.wav", wav(big, fmt(64, channels, rate=rate)), shape, OPEN, "integers of 64 bits")
        half = sound.astype("<f2").tobytes()
        tree.save(f"{root}-float16.wav", wav(half, fmt(16, channels, 3, rate)), shape, OPEN, "floats of 16 bits")


def formats(tree: Tree) -> None:
    """fmt chunks of every length, and fields that contradict each other."""
    sound = tree.sound(RATE, 2)
    data, shape = packed(sound, 16), (FRAMES, RATE, 2)
    base, whole = fmt(16, 2), extensible(16, 2, mask=3)
    for name, form, expect in (
        ("cbsize-0", whole[:16] + le(0, 2) + whole[18:], PREPARABLE),
        ("cbsize-0-short", whole[:16] + le(0, 2), OPEN),
        ("cbsize-22-short", whole[:18], OPEN), ("extensible-16", whole[:16], OPEN),
        ("cbsize-24", whole[:16] + le(24, 2) + whole[18:] + bytes(2), OPEN),
        ("cbsize-ffff", whole[:16] + le(65535, 2) + whole[18:], OPEN),
        ("pcm-18", base + le(0, 2), READY), ("pcm-40", base + whole[16:], OPEN),
        ("pcm-18-cb22", base + le(22, 2), OPEN),
        ("pcm-14", base[:14], OPEN), ("pcm-padded", base + bytes(20), OPEN),
        ("guid-zero", whole[:24] + bytes(16), OPEN),
        ("guid-other", whole[:26] + bytes(14), OPEN),
        ("guid-ambisonic", whole[:24] + le(1, 4) + bytes.fromhex("0721d3118644c8c1ca000000"), OPEN),
        ("block-7", fmt(16, 2, block=7), PREPARABLE), ("block-0", fmt(16, 2, block=0), OPEN),
        ("block-2", fmt(16, 2, block=2), OPEN),
        ("byte-rate-0", fmt(16, 2, byte_rate=0), OPEN), ("byte-rate-double", fmt(16, 2, byte_rate=64000), OPEN),
        ("bits-0", fmt(0, 2, block=4, byte_rate=32000), OPEN), ("tag-0", fmt(16, 2, 0), OPEN),
        ("mask-too-many", extensible(16, 2, mask=0x3F), OPEN), ("mask-too-few", extensible(16, 2, mask=4), OPEN),
    ):  # fmt: skip
        tree.save(f"wav/fmt-{name}.wav", wav(data, form), shape, expect, f"fmt chunk: {name}")
    for rate in (1000, 7999, 9000, 44100, 96000, 192000, 384000, 768000):
        part = packed(tree.sound(rate, 1, min(7, 700000 / rate)), 16)
        tree.save(f"wav/rate-{rate}.wav", wav(part, fmt(rate=rate)), (len(part) // 2, rate, 1), OPEN)
    for channels in (3, 4, 5, 6, 7, 8, 9, 12, 16, 24, 32):
        part = packed(tree.sound(3000, channels), 16)
        shape = (21000, 3000, channels)
        tree.save(f"wav/{channels}-channels.wav", wav(part, extensible(16, channels, rate=3000)), shape, OPEN)
        tree.save(f"wav/{channels}-channels-plain.wav", wav(part, fmt(16, channels, rate=3000)), shape, OPEN)


def sizes(tree: Tree) -> None:
    """Sizes of crashed recorders, streams and cut files."""
    for bits, channels in ((16, 1), (16, 2), (24, 2), (8, 1)):
        data, form = packed(tree.sound(RATE, channels), bits), fmt(bits, channels)
        shape, n, root = (FRAMES, RATE, channels), FRAMES * channels * bits // 8, f"wav/size-{bits}-{channels}ch"
        for name, size, riff_size, expect in (
            ("0-both", 0, 0, PREPARABLE), ("0-data", 0, None, PREPARABLE),
            ("ff-both", 0xFFFFFFFF, 0xFFFFFFFF, OPEN),
            ("ff-data", 0xFFFFFFFF, None, OPEN), ("7f-both", 0x7FFFFFFF, 0x7FFFFFFF, OPEN),
            ("7ffff000", 0x7FFFF000, 0x7FFFF024, OPEN), ("ffmpeg-pipe", 0xFFFFFFFF, 0xFFFFFFFF, OPEN),
            ("half", n // 2, None, PREPARABLE), ("half-both", n // 2, n // 2 + 36, PREPARABLE),
            ("riff-0", None, 0, OPEN), ("riff-ff", None, 0xFFFFFFFF, OPEN),
            ("riff-half", None, n // 2, OPEN),
            ("riff-twice", None, 2 * n, OPEN), ("riff-8", None, n + 44, OPEN), ("riff-short-8", None, n + 28, OPEN),
            ("two-less", n - 2, None, OPEN), ("two-more", n + 2, n + 38, OPEN),
            ("header-44-too-many", n + 44, None, OPEN),
            ("twice", 2 * n, 2 * n + 36, REJECTED), ("ten-times", 10 * n, None, OPEN),
        ):  # fmt: skip
            tree.save(
                f"{root}-{name}.wav", wav(data, form, size=size, riff_size=riff_size), shape, expect, f"sizes: {name}"
            )
            if name in ("0-both", "ff-both", "0-data", "riff-0"):
                for word, more in AROUND.items():
                    made = wav(data, form, size=size, riff_size=riff_size, after=more)
                    behind = OPEN if name == "riff-0" else PREPARABLE
                    tree.save(f"{root}-{name}-{word}-behind.wav", made, shape, behind, f"sizes: {name}, {word} behind")
                made = wav(data, form, size=size, riff_size=riff_size, before=BEXT + LIST)
                tree.save(f"{root}-{name}-chunks-before.wav", made, shape, expect, f"sizes: {name}, chunks before")
    odd = packed(tree.sound(RATE, 1)[:-1], 8)
    shape = (FRAMES - 1, RATE, 1)
    for word, more in (("", b""), ("-list", LIST), ("-cue", CUE)):
        tree.save(f"wav/odd-padded{word}.wav", wav(odd, fmt(8), after=more), shape, READY)
        tree.save(
            f"wav/odd-unpadded{word}.wav", wav(odd, fmt(8), after=more, pad=False), shape, OPEN, "odd, no pad byte"
        )
    part = packed(tree.sound(RATE, 2), 16)
    for lost in (1, 2, 3):
        made = wav(part[:-lost], fmt(16, 2))
        tree.save(f"wav/part-frame-{lost}.wav", made, (FRAMES - 1, RATE, 2), OPEN, "the last frame is not whole")
    tree.save("wav/truncated.wav", wav(part)[: len(part) * 6 // 10], (0, RATE, 1), REJECTED, "cut off")


def chunks(tree: Tree) -> None:
    """Chunks in front, behind and in another order; other files around."""
    data, second = packed(tree.sound(RATE, 1), 16), packed(tree.sound(RATE, 1, 6.5), 16)
    plain, form, body = wav(data), chunk(b"fmt ", fmt()), chunk(b"data", data)
    for name, more in AROUND.items():
        tree.save(f"wav/before-{name}.wav", wav(data, before=more), SHAPE, READY)
        tree.save(f"wav/after-{name}.wav", wav(data, after=more), SHAPE, READY)
        outside = plain + more
        tree.save(f"wav/outside-{name}.wav", outside, SHAPE, OPEN, f"{name} behind the end that RIFF tells")
    tree.save("wav/fmt-behind-data.wav", riff(body + form), SHAPE, PREPARABLE, "fmt behind data")
    tree.save("wav/list-data-fmt.wav", riff(LIST + body + form), SHAPE, PREPARABLE, "fmt behind data")
    tree.save("wav/list-fmt-data.wav", riff(LIST + form + body), SHAPE, OPEN, "LIST in front of fmt")
    tree.save("wav/bext-fmt-data.wav", riff(BEXT + form + body), SHAPE, OPEN, "bext in front of fmt")
    tree.save("wav/two-fmt.wav", riff(form + form + body), SHAPE, PREPARABLE, "fmt twice")
    tree.save("wav/two-data.wav", wav(data, after=chunk(b"data", second)), SHAPE, PREPARABLE, "two data chunks")
    tree.save("wav/large-junk.wav", wav(data, before=chunk(b"JUNK", bytes(1_000_000))), SHAPE, OPEN, "1 MB of JUNK")
    tree.save("wav/fact-wrong.wav", wav(data, before=chunk(b"fact", le(5, 4))), SHAPE, OPEN, "fact of 5 frames")
    odd = chunk(b"LIST", b"INFOIART" + le(3, 4) + b"me\0", pad=False)
    tree.save("wav/chunk-unpadded.wav", riff(form + odd + body), SHAPE, PREPARABLE, "odd chunk without a pad byte")
    for name, other, seconds in (
        ("same", plain, 7), ("other", wav(second), 6.5),
        ("stereo", wav(packed(tree.sound(RATE, 2), 16), fmt(16, 2)), 7),
        ("rate", wav(packed(tree.sound(16000, 1), 16), fmt(rate=16000)), 7),
    ):  # fmt: skip
        tree.save(f"wav/joined-{name}.wav", plain + other, SHAPE, PREPARABLE, f"a second wav of {seconds} s behind")
        streamed = wav(data, size=0xFFFFFFFF, riff_size=0xFFFFFFFF)
        tree.save(
            f"wav/joined-streamed-{name}.wav",
            streamed + other,
            SHAPE,
            PREPARABLE,
            f"a second wav of {seconds} s, sizes FFFFFFFF",
        )
    chain = b"".join(wav(packed(tree.sound(RATE, 1, 2 + part / 3), 16)) for part in range(4))
    tree.save("wav/joined-four.wav", chain, (2 * RATE, RATE, 1), PREPARABLE, "four wavs")
    junk = tree.chance.randbytes(5000)
    for name, more in (
        ("id3v1", tags.id3v1()), ("id3v2", tags.id3v2(bytes(500))), ("ape", tags.ape(tags.ape_item(b"T", b"x"), 1)),
        ("zeros", bytes(5000)), ("junk", junk), ("one-byte", b"\0"), ("text", b"the end\n"),
    ):  # fmt: skip
        tree.save(f"wav/behind-{name}.wav", plain + more, SHAPE, OPEN, f"{name} behind")
        tree.save(f"wav/in-front-{name}.wav", more + plain, SHAPE, OPEN, f"{name} in front")


def larger_kin(tree: Tree) -> None:
    """RIFX, RF64, BW64, with the chunk of sizes right, wrong or missing."""
    data = packed(tree.sound(RATE, 1), 16)
    n = len(data)
    for name in ("RF64", "BW64"):
        magic, root = name.encode(), f"wav/{name.lower()}"
        for word, options, expect in (
            ("right", {"count": FRAMES}, OPEN), ("count-0", {"count": 0}, OPEN), ("count-lies", {"count": 10}, OPEN),
            ("size-0", {"size64": 0}, PREPARABLE), ("size-half", {"size64": n // 2}, PREPARABLE),
            ("size-twice", {"size64": 2 * n}, REJECTED), ("size-ones", {"size64": (1 << 64) - 1}, PREPARABLE),
            ("riff-0", {"riff64": 0}, OPEN), ("no-ds64", {"ds64": b""}, PREPARABLE),
            ("ds64-zeros", {"ds64": chunk(b"ds64", bytes(28))}, PREPARABLE),
            ("ds64-short", {"ds64": chunk(b"ds64", bytes(8))}, PREPARABLE),
            ("size32-filled", {"size32": n, "count": FRAMES}, OPEN), ("list", {"count": FRAMES, "after": LIST}, OPEN),
        ):  # fmt: skip
            tree.save(
                f"{root}-{word}.wav",
                wave.rf64(data, magic=magic, **options),
                SHAPE,
                PREPARABLE if name == "BW64" and expect == OPEN else expect,
                f"{name}: {word}",
            )
    junked = wave.rf64(data, magic=b"RIFF", ds64=chunk(b"JUNK", bytes(28)), size32=n)
    tree.save("wav/riff-junk-for-ds64.wav", junked[:4] + le(len(junked) - 8, 4) + junked[8:], SHAPE, READY)
    for bits in (16, 24, 8):
        body = packed(tree.sound(RATE, 1), bits, order="big")
        form = struct.pack(">HHIIHH", 1, 1, RATE, RATE * bits // 8, bits // 8, bits)
        inner = b"WAVEfmt " + be(16, 4) + form + b"data" + be(len(body), 4) + body
        tree.save(f"foreign/rifx-{bits}.wav", b"RIFX" + be(len(inner), 4) + inner, SHAPE, PREPARABLE, "RIFX")


def make_wav(tree: Tree) -> None:
    for make in (widths, formats, sizes, chunks, larger_kin):
        make(tree)
