#!/usr/bin/env python3
"""Makes the files that Benchmarks/compare.py measures with: make_files.py DIRECTORY (about 1.1 GB).

Files that are there already are kept.

DIRECTORY/mp3: 200 mp3s of about 240 s, in 20 encodings by lame (constant, variable and average rates; stereo, joint,
mono; 44.1, 48, 32 and 22.05 kHz), each ten times, cut at frames to ten lengths. DIRECTORY/flac: 12 flacs of 240 s, by
flac.
"""

import os
import pathlib
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests/Oracles"))
from oracles import mpeg, programs

ENCODINGS = [
    ("cbr320", ["-b", "320"]),
    ("cbr256", ["-b", "256"]),
    ("cbr224", ["-b", "224"]),
    ("cbr192", ["-b", "192"]),
    ("cbr160", ["-b", "160"]),
    ("cbr128", ["-b", "128"]),
    ("cbr112", ["-b", "112"]),
    ("cbr96-mono", ["-b", "96", "-m", "m"]),
    ("cbr64-mono", ["-b", "64", "-m", "m"]),
    ("cbr128-stereo", ["-b", "128", "-m", "s"]),
    ("v0", ["-V", "0"]),
    ("v2", ["-V", "2"]),
    ("v4", ["-V", "4"]),
    ("v6", ["-V", "6"]),
    ("v9", ["-V", "9"]),
    ("abr180", ["--abr", "180"]),
    ("cbr192-48k", ["-b", "192", "--resample", "48"]),
    ("cbr128-32k", ["-b", "128", "--resample", "32"]),
    ("cbr64-22k", ["-b", "64", "--resample", "22.05"]),
    ("cbr160-no-info", ["-b", "160", "-t"]),
]


def shortened(data: bytes, starts: list[int], dropped: int) -> bytes:
    """The same mp3 without its last frames, its Xing or Info header still true."""
    end = starts[-dropped]
    header = mpeg.header_offset(data, starts[1])
    if header is None:
        return data[:end]
    # Frames behind this one, then bytes with it; lame writes both fields.
    counts = struct.pack(">II", len(starts) - 1 - dropped, end - starts[0])
    return data[: header + 8] + counts + data[header + 16 : end]


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("directory", type=pathlib.Path)
    directory = parser.parse_args().directory
    for name in ("mp3", "flac"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    wav = directory / "source.wav"
    if not wav.exists():
        # Two detuned chords that swell, hiss, and a beat: loud and quiet, tonal and noisy.
        subprocess.run(
            [
                "sox",
                "-R",
                "-n",
                "-r",
                "44100",
                "-c",
                "2",
                "-b",
                "16",
                str(wav),
                "synth",
                "240",
                "pluck",
                "110",
                "pluck",
                "165",
                "synth",
                "240",
                "sine",
                "mix",
                "220.5",
                "triangle",
                "mix",
                "330",
                "synth",
                "240",
                "pinknoise",
                "mix",
                "tremolo",
                "2",
                "80",
                "gain",
                "-n",
                "-3",
            ],
            check=True,
        )
    for name, options in ENCODINGS:
        last = directory / "mp3" / f"{name}-9.mp3"
        if last.exists():
            continue
        whole = directory / "encoded.mp3"
        subprocess.run(["lame", "--quiet", *options, str(wav), str(whole)], check=True)
        data = whole.read_bytes()
        starts = [offset for offset, _ in mpeg.frames(data)]
        for index in range(10):
            kept = shortened(data, starts, 37 * index) if index else data
            (directory / "mp3" / f"{name}-{index}.mp3").write_bytes(kept)
        whole.unlink()
    for index in range(12):
        flac = directory / "flac" / f"{index}.flac"
        if not flac.exists():
            subprocess.run(["flac", "-s", f"-{index % 9}", "-o", str(flac), str(wav)], check=True)
    sizes = [os.path.getsize(path) for path in (directory / "mp3").iterdir()]
    print(f"{len(sizes)} mp3s, {sum(sizes) / 1e6:.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
