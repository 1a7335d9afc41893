#!/usr/bin/env python3
"""Makes hostile variants of mp3 files and compares what we count with what other decoders decode.

    Tests/Oracles/hostile_mp3.py REPRISE COUNT [SEED]

The sources are encoded here by lame and ffmpeg: rates, modes, CRC, with and without headers. Every variant is
inspected, quickly and deeply, and decoded by mpg123 (unlimited resync) and ffmpeg. A variant counts as right if we
count what mpg123 or ffmpeg decodes, or say that it is damaged. Every other one is printed and kept. Wants lame,
ffmpeg, mpg123, sox.
"""

import collections
import json
import random
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

from oracles import decoders, mpeg, programs, tags
from oracles.binary import synchsafe
from oracles.programs import must, run

LAME = {
    "cbr": "-b 128", "vbr": "-V 5", "v9": "-V 9", "bare": "-b 128 -t", "bare-vbr": "-V 4 -t", "mono": "-b 64 -m m",
    "crc": "-p -b 128", "crc-vbr": "-p -V 5", "22k": "-b 64 --resample 22.05", "24k-mono": "-b 48 -m m --resample 24",
    "16k-bare": "-b 32 -m m --resample 16 -t", "8k": "-b 16 -m m --resample 8", "48k": "-b 320 --resample 48",
    "32k": "-b 96 --resample 32", "abr": "--abr 110", "nores": "-b 192 --nores",
}  # fmt: skip
FFMPEG = {"lavc": "-b:a 128k", "lavc-bare": "-b:a 96k -write_xing 0", "lavc-vbr": "-q:a 5"}


def make_sources(directory: Path) -> dict[str, bytes]:
    """The whole files, by name."""
    wav, coded, sources = directory / "s.wav", directory / "x.mp3", {}
    tone = "synth 9 pluck 220 pluck 330 tremolo 3 gain -6"
    must("sox", "-n", "-r", "44100", "-c", "2", wav, *tone.split())
    for name, options in LAME.items():
        must("lame", "--quiet", *options.split(), wav, coded)
        sources[name] = coded.read_bytes()
    for name, options in FFMPEG.items():
        must("ffmpeg", "-y", "-i", wav, "-c:a", "libmp3lame", *options.split(), coded)
        sources[name] = coded.read_bytes()
    return sources


class Mutator:
    """Changes files at random; the same seed makes the same changes."""

    def __init__(self, sources: dict[str, bytes], chance: random.Random) -> None:
        self.sources, self.chance = sources, chance
        self.mutations = {**self.of_tags(), **self.of_bytes(), **self.of_headers()}

    def variant(self) -> tuple[bytes, str]:
        """A source after one to three changes, and what was done to it."""
        name = self.chance.choice(sorted(self.sources))
        data, done = self.sources[name], [name]
        for _ in range(self.chance.choice([1, 1, 1, 2, 2, 3])):
            how = self.chance.choice(sorted(self.mutations))
            changed = self.mutations[how](data)
            if changed is not None:
                data, done = changed, [*done, how]
        return data, " + ".join(done)

    # Material.

    def false_syncs(self, size: int) -> bytes:
        """Noise with the first two bytes of frame headers in it."""
        data = bytearray(self.chance.randbytes(size))
        for _ in range(size // 40):
            place = self.chance.randrange(max(size - 4, 1))
            data[place : place + 2] = self.chance.choice([b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xe3"])
        return bytes(data)

    def picture(self, data: bytes, size: int) -> bytes:
        makers = [self.chance.randbytes, self.false_syncs, bytes, lambda n: (data * 3)[:n]]
        body = makers[self.chance.randrange(4)](size)
        return b"APIC" + synchsafe(len(body)) + b"\0\0" + body

    def ape(self, data: bytes, size: int, header: bool = True, version: int = 2000) -> bytes:
        makers = [self.chance.randbytes, self.false_syncs]
        value = self.chance.choice(makers)(size) if self.chance.random() < 0.7 else data[:size]
        items = tags.ape_item(b"Cover Art (Front)", value, 2) + tags.ape_item(b"Title", b"tune")
        return tags.ape(items, 2, header, version)

    def junk(self, *sizes: int) -> bytes:
        size = self.chance.choice(sizes)
        makers = [self.chance.randbytes, self.false_syncs, bytes, lambda n: b"text, not audio. " * (n // 17)]
        return self.chance.choice(makers)(size)

    # Places.

    def middle(self, data: bytes, what: bytes) -> bytes | None:
        """`what` between two frames; `None` where there are too few of them."""
        found = mpeg.frames(data)
        if len(found) < 12:
            return None
        place = found[self.chance.randrange(2, len(found) - 2)][0]
        return data[:place] + what + data[place:]

    def over(self, data: bytes, place: int, what: bytes) -> bytes:
        return data[:place] + what + data[place + len(what) :]

    def flipped(self, data: bytes, place: int) -> bytes:
        """One bit of a byte turned over."""
        return (
            self.over(data, place, bytes([data[place] ^ 1 << self.chance.randrange(8)])) if place < len(data) else data
        )

    def in_header(self, data: bytes, offset: int, value: bytes) -> bytes | None:
        """A value behind the letters of a Xing or Info header; `None` where there is none."""
        place = mpeg.header_offset(data)
        return None if place is None else self.over(data, place + offset, value)

    def some_frame(self, data: bytes, first: int) -> int:
        return self.chance.choice(mpeg.frames(data)[first:] or [(0, 0)])[0]

    # Changes.

    def of_tags(self) -> dict[str, Callable[[bytes], bytes | None]]:
        chance, picture, ape, id3v2 = self.chance, self.picture, self.ape, tags.id3v2
        last = tags.id3v1(genre=0x11)
        return {
            "id3v2 in front": lambda d: (
                id3v2(picture(d, chance.choice([10, 3000, 200000])), chance.choice([2, 3, 4])) + d
            ),
            "id3v2 with footer": lambda d: id3v2(picture(d, 500), 4, True) + d,
            "two id3v2": lambda d: id3v2(picture(d, 500)) + id3v2(picture(d, 900)) + d,
            "id3v2 padded": lambda d: id3v2(picture(d, 100) + bytes(2000)) + bytes(chance.randrange(600)) + d,
            "id3v2 claims too little": lambda d: id3v2(picture(d, 5000), claim=chance.randrange(4000)) + d,
            "id3v2 inside": lambda d: self.middle(d, id3v2(picture(d, 2000))),
            "id3v2 behind": lambda d: d + id3v2(picture(d, 2000), 4, True),
            "id3v1": lambda d: d + last,
            "id3v1 twice": lambda d: d + last + last,
            "id3v1 inside": lambda d: self.middle(d, last),
            "ape behind": lambda d: d + ape(d, chance.choice([20, 5000, 300000])),
            "ape without header": lambda d: d + ape(d, 5000, False),
            "ape v1": lambda d: d + ape(d, 900, False, 1000),
            "ape and id3v1": lambda d: d + ape(d, 4000) + last,
            "ape in front": lambda d: ape(d, 4000) + d,
            "ape inside": lambda d: self.middle(d, ape(d, 4000)),
            "lyrics": lambda d: d + tags.lyrics3(chance.choice([1, 2])) + last,
            "lyrics ape id3v1": lambda d: d + ape(d, 900) + tags.lyrics3() + last,
        }

    def of_bytes(self) -> dict[str, Callable[[bytes], bytes | None]]:
        chance, junk = self.chance, self.junk

        def lost(data: bytes) -> bytes:
            place = chance.randrange(500, len(data) - 500)
            return data[:place] + data[place + chance.randrange(1, 3000) :]

        return {
            "junk in front": lambda d: junk(1, 3, 100, 5000, 100000) + d,
            "junk behind": lambda d: d + junk(1, 3, 100, 5000, 50000),
            "junk inside": lambda d: self.middle(d, junk(1, 3, 100, 5000, 50000)),
            "zeros behind": lambda d: d + bytes(chance.choice([1, 100, 4096, 65536])),
            "cut off": lambda d: d[: chance.randrange(len(d) // 4, len(d))],
            "cut off between frames": lambda d: d[: chance.choice(mpeg.frames(d)[10:] or [(len(d), 0)])[0]],
            "cut in front": lambda d: d[chance.randrange(1, len(d) // 2) :],
            "joined": lambda d: d + self.sources[chance.choice(sorted(self.sources))],
            "joined to itself": lambda d: d + d,
            "lost bytes": lost,
            "zeroed": lambda d: self.over(
                d, chance.randrange(500, len(d) - 5000), bytes(chance.choice([16, 512, 4096]))
            ),
            "flipped": lambda d: self.flipped(d, chance.randrange(500, len(d))),
            "header flipped": lambda d: self.flipped(d, self.some_frame(d, 2) + chance.randrange(4)),
        }

    def of_headers(self) -> dict[str, Callable[[bytes], bytes | None]]:
        def change(offset: int, value: bytes) -> Callable[[bytes], bytes | None]:
            return lambda data: self.in_header(data, offset, value)

        return {
            "ten times the frames": change(8, struct.pack(">I", 10 * 345)),
            "too few frames": change(8, struct.pack(">I", 20)),
            "no frames claimed": change(4, struct.pack(">I", 14)),
            "frames 0": change(8, bytes(4)),
            "frames ffffffff": change(8, b"\xff" * 4),
            "longest delay": change(141, b"\xff\xff\xff"),
            "no delay": change(141, b"\0\0\0"),
            "unknown encoder": change(120, b"Encoder  "),
            "no encoder": change(120, bytes(9)),
        }


def judge(reprise: str, path: Path, what: str, totals: collections.Counter[str]) -> bool:
    """Holds one variant against the decoders, counts it, and prints what is odd; returns whether it can go."""
    quick, deep = (run(reprise, "inspect", "--json", *more, path) for more in ([], ["--deep"]))
    if quick.returncode not in (0, 1) or deep.returncode not in (0, 1):
        words = (quick.stderr + deep.stderr).decode()[-300:]
        print(f"{path} ({what}): exit {quick.returncode}, {deep.returncode}: {words}")
        totals["odd"] += 1
        return False
    quick, deep = json.loads(quick.stdout), json.loads(deep.stdout)
    problems = quick["integrity"]["problems"]
    changes = [problem for problem in problems if "format changes" in problem]
    ours = quick["duration"]["frames"] if quick["duration"] else None
    if deep["duration"] and quick["duration"] and deep["duration"]["frames"] != ours and not changes:
        print(f"{path} ({what}): counted {ours}, decoded {deep['duration']['frames']}")
        totals["deep"] += 1
    channels, rate = quick["channels"] or 2, quick["sampleRate"] or 44100
    mpg = len(decoders.mpg123_bytes(path, "s16")) // 2 // channels
    ff = len(decoders.ffmpeg_bytes(path, "s16", "-ac", str(channels), "-ar", str(rate))) // 2 // channels
    if ours is not None and ours in (mpg, ff):
        totals["mpg123" if ours == mpg else "ffmpeg"] += 1
    elif quick["integrity"]["damaged"]:
        totals["damaged"] += 1
    else:
        totals["odd"] += 1
        print(f"{path} ({what}): ours {ours}, mpg123 {mpg}, ffmpeg {ff}; {changes or problems}")
        return False
    return True


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("count", type=int, help="how many variants")
    parser.add_argument("seed", type=int, nargs="?", default=1)
    options = parser.parse_args()
    programs.require("lame", "ffmpeg", "mpg123", "sox")
    directory = Path(tempfile.mkdtemp())
    mutator = Mutator(make_sources(directory), random.Random(options.seed))
    totals: collections.Counter[str] = collections.Counter()
    for index in range(options.count):
        data, what = mutator.variant()
        path = directory / f"{index:05d}.mp3"
        path.write_bytes(data)
        totals["variants"] += 1
        if judge(options.reprise, path, what, totals):
            path.unlink()
    for name in ("variants", "mpg123", "ffmpeg", "damaged", "odd", "deep"):
        print(f"{name} {totals[name]}", end=", ")
    print(f"what is odd is in {directory}")


if __name__ == "__main__":
    main()
