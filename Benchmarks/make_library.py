#!/usr/bin/env python3
"""Makes a library of real files, one in fifty of them broken, for measure_library.py, compare.py and
compare_builds.py.

    Benchmarks/make_library.py DIRECTORY [--music FILE...] [--files 10000] [--seed 1]

DIRECTORY/library holds the files, DIRECTORY/truth.tsv a line for each broken one: its path below the library and what
was done to it. Passages of the music (without --music: of Fixtures/recording.mp3) are encoded in some hundred
ways; each file is a copy of one of them with tags of its own, so that no two are alike. What is there already is
kept. Wants ffmpeg and flac.
"""

import argparse
import concurrent.futures
import math
import os
import pathlib
import random
import struct
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests/Oracles"))
from oracles import flac, mpeg, tags, wave
from oracles.programs import ROOT, must

MP3 = [
    ["-b:a", "320k"],
    ["-b:a", "256k"],
    ["-b:a", "192k"],
    ["-b:a", "128k"],
    ["-q:a", "0"],
    ["-q:a", "2"],
    ["-q:a", "4"],
    ["-q:a", "7"],
    ["-b:a", "160k", "-abr", "1"],
    ["-b:a", "64k", "-ac", "1"],
    ["-q:a", "5", "-ar", "22050"],
    ["-b:a", "192k", "-ar", "48000"],
    ["-b:a", "128k", "-joint_stereo", "0"],
    ["-b:a", "128k", "-write_xing", "0"],
    ["-b:a", "96k", "-ar", "32000"],
]
WAV = [
    ["-c:a", "pcm_s16le"],
    ["-c:a", "pcm_s24le"],
    ["-c:a", "pcm_s16le", "-ac", "1"],
    ["-c:a", "pcm_s16le", "-ar", "48000"],
    ["-c:a", "pcm_u8", "-ar", "22050"],
]
FLAC = [["-0"], ["-5"], ["-8"], ["-5", "--no-seektable"], ["-3", "--blocksize=1152"]]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--music", nargs="+", default=[str(ROOT / "Fixtures/recording.mp3")])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def seconds(path):
    return float(must("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path))


def masters(music, directory, count, chance):
    """Encoded passages: (kind, bytes) pairs. A quarter of them is wav and flac, and shorter, for they are large."""
    sources = []
    for number, path in enumerate(music):
        source = directory / f"source-{number}.wav"
        must("ffmpeg", "-v", "error", "-y", "-i", path, "-ac", "2", "-ar", "44100", source)
        sources.append((source, seconds(source)))
    orders = []
    for number in range(count):
        kind = chance.choices(["mp3", "flac", "wav"], [75, 15, 10])[0]
        source, length = chance.choice(sources)
        longest = min(length, 100 if kind == "mp3" else 25)
        wanted = math.exp(chance.uniform(math.log(7), math.log(max(7.5, longest))))
        wanted = min(wanted, length - 0.1)
        how = chance.choice({"mp3": MP3, "flac": FLAC, "wav": WAV}[kind])
        orders.append((number, kind, source, chance.uniform(0, length - wanted), wanted, how))

    def make(order):
        number, kind, source, start, wanted, how = order
        output = directory / f"{number}.{kind}"
        cut = [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-ss",
            f"{start:.4f}",
            "-t",
            f"{wanted:.4f}",
            "-i",
            source,
            "-map_metadata",
            "-1",
        ]
        if kind == "flac":
            part = directory / f"{number}.part.wav"
            must(*cut, "-c:a", "pcm_s16le", "-bitexact", part)
            must("flac", "-s", *how, "-o", output, part)
            part.unlink()
        else:
            must(*cut, *how, output)
        data = output.read_bytes()
        output.unlink()
        return kind, data

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(make, orders))


def tagged(kind, data, title, chance):
    """The same audio under another title, as people's tools write it."""
    text = title.encode()
    if kind == "mp3":
        frame = b"TIT2" + struct.pack(">IH", len(text) + 1, 0) + b"\x00" + text
        if chance.random() < 0.3:
            picture = b"\x00image/jpeg\x00\x03\x00\xff\xd8\xff\xe0" + chance.randbytes(chance.randrange(2_000, 40_000))
            frame += b"APIC" + struct.pack(">IH", len(picture), 0) + picture
        frame += bytes(chance.choice([0, 0, 512, 2048]))
        tail = tags.id3v1(text[:30]) if chance.random() < 0.3 else b""
        return tags.id3v2(frame, version=3) + data[mpeg.behind_id3v2(data) :] + tail
    if kind == "flac":
        return titled_flac(data, text)
    data = data + bytes(len(data) % 2)
    listed = tags.chunk(b"LIST", b"INFO" + tags.chunk(b"INAM", text + b"\x00"))
    return wave.riff(data[12:] + listed)


def titled_flac(data, text):
    """The same flac, its Vorbis comment replaced by one that holds a title."""
    field = b"TITLE=" + text
    comment = struct.pack("<I", 7) + b"reprise" + struct.pack("<II", 1, len(field)) + field
    place, kept = 4, []
    while place < flac.audio_offset(data):
        kind, size = data[place] & 0x7F, int.from_bytes(data[place + 1 : place + 4], "big")
        if kind != 4:
            kept.append((kind, data[place + 4 : place + 4 + size]))
        place += 4 + size
    kept.insert(1, (4, comment))
    blocks = [flac.block(kind, body, last=index == len(kept) - 1) for index, (kind, body) in enumerate(kept)]
    return b"fLaC" + b"".join(blocks) + data[place:]


def audio_start(kind, data):
    """The byte at which audio begins."""
    if kind == "mp3":
        return mpeg.behind_id3v2(data)
    return data.index(b"data") + 8 if kind == "wav" else flac.audio_offset(data)


def somewhere(kind, data, chance, room=0):
    """A place well inside the audio."""
    start = audio_start(kind, data)
    length = len(data) - start
    return start + chance.randrange(length // 5, max(length // 5 + 1, length * 4 // 5 - room))


def overwritten(data, place, new):
    return data[:place] + new + data[place + len(new) :]


def cut_short(kind, data, chance):
    return data[: somewhere(kind, data, chance)]


def zeros(kind, data, chance):
    size = chance.choice([4096, 16384, 65536])
    size = min(size, (len(data) - audio_start(kind, data)) // 4)
    return overwritten(data, somewhere(kind, data, chance, size), bytes(size))


def noise(kind, data, chance):
    return overwritten(data, somewhere(kind, data, chance, 512), chance.randbytes(512))


def hole(kind, data, chance):
    size = chance.randrange(1501, 20_000)
    place = somewhere(kind, data, chance, size)
    return data[:place] + data[place + size :]


def head_lost(kind, data, chance):
    return data[somewhere(kind, data, chance) :]


def never_arrived(kind, data, chance):
    place = somewhere(kind, data, chance)
    return data[:place] + bytes(len(data) - place)


def page(kind, data, chance):
    return b"<!DOCTYPE html>\n<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1></body></html>\n"


def picture(kind, data, chance):
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + chance.randbytes(30_000) + b"\xff\xd9"
    )


def empty(kind, data, chance):
    return b""


def tags_only(kind, data, chance):
    return data[: audio_start(kind, data)]


def wrong_md5(kind, data, chance):
    return overwritten(data, 4 + 4 + 18, chance.randbytes(16))


def changed_byte(kind, data, chance):
    place = somewhere(kind, data, chance)
    return overwritten(data, place, bytes([data[place] ^ 1 << chance.randrange(8)]))


def size_times_ten(kind, data, chance):
    place = data.index(b"data") + 4
    return overwritten(data, place, struct.pack("<I", struct.unpack_from("<I", data, place)[0] * 10 & 0xFFFFFFFF))


def no_channels(kind, data, chance):
    return overwritten(data, data.index(b"fmt ") + 10, b"\x00\x00")


def wrong_block(kind, data, chance):
    return overwritten(data, data.index(b"fmt ") + 20, b"\x07\x00")


# What is done to which formats.
WAYS = [
    (cut_short, "mp3"),
    (cut_short, "flac"),
    (cut_short, "wav"),
    (zeros, "mp3"),
    (zeros, "flac"),
    (noise, "mp3"),
    (noise, "flac"),
    (hole, "mp3"),
    (hole, "flac"),
    (head_lost, "flac"),
    (head_lost, "wav"),
    (never_arrived, "mp3"),
    (never_arrived, "flac"),
    (page, "mp3"),
    (picture, "wav"),
    (empty, "mp3"),
    (tags_only, "mp3"),
    (tags_only, "flac"),
    (wrong_md5, "flac"),
    (changed_byte, "flac"),
    (size_times_ten, "wav"),
    (no_channels, "wav"),
    (wrong_block, "wav"),
]


def main():
    options = arguments()
    truth = options.directory / "truth.tsv"
    if truth.exists():
        return print(f"{truth} is there already", file=sys.stderr)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as directory:
        made = masters(options.music, pathlib.Path(directory), max(60, options.files // 25), chance)
    by_kind = {kind: [data for each, data in made if each == kind] for kind in ("mp3", "flac", "wav")}
    lines = []
    for number in range(options.files):
        name, done = f"artist {number % 97:02}/album {number // 97 % 11}/{number:05}", ""
        if number % 50 == 0:
            way, kind = WAYS[number // 50 % len(WAYS)]
            data = tagged(kind, chance.choice(by_kind[kind]), f"Song {number}", chance)
            data, done = way(kind, data, chance), f"{way.__name__} {kind}"
        else:
            kind, data = chance.choice(made)
            data = tagged(kind, data, f"Song {number}", chance)
        path = options.directory / "library" / f"{name}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if done:
            lines.append(f"{path.relative_to(options.directory / 'library')}\t{done}\n")
    truth.write_text("".join(lines))
    print(
        f"{options.files} files, {len(lines)} of them broken in {len(WAYS)} ways: {options.directory}/library",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
