#!/usr/bin/env python3
"""Covers every recording in a directory with two prompts and judges the results with others' tools.

  Tests/Oracles/measure_covers.py REPRISE DIRECTORY [OUT]

For each cover: ffprobe's length against the recording's, `mpg123 -t` or `flac -t`/ffmpeg for integrity, and,
between the two prompts, how far apart their long-term spectra are (mean absolute difference of third-octave levels
in dB, each cover at its own loudness). Needs ffmpeg, mpg123 and numpy.
"""

import json
import math
import pathlib
import sys
import tempfile
import time

import numpy as np
from oracles import decoders, programs, tables
from oracles.programs import run

PROMPTS = ["warm acoustic folk, fingerpicked guitar, gentle", "dark synthwave, driving electronic bass"]


def samples(path: pathlib.Path, rate: int) -> np.ndarray:
    """Mono samples at a rate, by ffmpeg."""
    return decoders.samples(decoders.ffmpeg_bytes(path, "f32", "-ac", "1", "-ar", str(rate)), "f32", 1)[:, 0]


def seconds(path: pathlib.Path) -> float:
    """The decoded length by ffmpeg: its count of samples, not the header's claim."""
    return len(samples(path, 8000)) / 8000


def third_octaves(path: pathlib.Path) -> np.ndarray:
    """Levels of third octaves in dB, relative to the whole."""
    rate, size = 22050, 4096
    signal = samples(path, rate)
    frames = [signal[i : i + size] for i in range(0, len(signal) - size, size // 2)]
    power = np.mean([np.abs(np.fft.rfft(f * np.hanning(size))) ** 2 for f in frames], axis=0)
    bins = np.fft.rfftfreq(size, 1 / rate)
    levels, centre = [], 50.0
    while centre < 9000:
        band = (bins >= centre / 2 ** (1 / 6)) & (bins < centre * 2 ** (1 / 6))
        levels.append(10 * np.log10(power[band].mean() + 1e-12))
        centre *= 2 ** (1 / 3)
    levels = np.array(levels)
    return levels - 10 * np.log10(np.mean(10 ** (levels / 10)))


def cover(reprise: str, path: pathlib.Path, prompt: str, out: pathlib.Path) -> tuple[list[object], bool]:
    """Makes one cover and judges it: the cells of its row, and whether it is within the bars."""
    begun = time.monotonic()
    words = ("--prompt", prompt, "--service", "local", "-o", out, "--force", "--json", "--quiet")
    result = run(reprise, "cover", path, *words)
    wall = time.monotonic() - begun
    if result.returncode != 0 and not out.exists():
        return [path.name, prompt, result.returncode, result.stderr.decode().strip()], False
    record = json.loads(result.stdout.splitlines()[-1])
    made, given = seconds(out), seconds(path)
    probe = run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", out)
    test = run("mpg123", "-q", "-t", out)
    clean = not test.stderr.strip() and test.returncode == 0
    cells = [
        path.name,
        prompt.split(",")[0],
        result.returncode,
        record["verification"]["verdict"],
        f"{made:.2f} / {given:.2f}",
        f"{made / given:.3f}",
        probe.stdout.decode().strip(),
        "clean" if clean else "complains",
        f"{wall:.1f}",
    ]
    return cells, 0.8 <= made / given <= 1.25 and probe.returncode == 0 and not probe.stderr and clean


def main() -> int:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path, nargs="?", help="where the covers stay")
    options = parser.parse_args()
    programs.require("ffmpeg", "ffprobe", "mpg123")
    out = options.out or pathlib.Path(tempfile.mkdtemp())
    out.mkdir(exist_ok=True)
    bad = 0
    tables.header(
        "recording",
        "prompt",
        "exit",
        "verdict",
        "length / recording",
        "ratio",
        "ffprobe",
        "mpg123 -t",
        "wall s",
        "spectra apart",
    )
    for path in sorted(p for p in options.directory.iterdir() if p.suffix in (".mp3", ".wav", ".flac")):
        covers = [out / f"{path.stem}-{number}.mp3" for number in range(len(PROMPTS))]
        rows = []
        for prompt, target in zip(PROMPTS, covers, strict=True):
            cells, good = cover(options.reprise, path, prompt, target)
            rows.append(cells)
            bad += not good
        spectra = [third_octaves(target) for target in covers if target.exists()]
        apart = np.mean(np.abs(spectra[0] - spectra[1])) if len(spectra) == 2 else math.nan
        for cells in rows:
            tables.row(*cells, f"{apart:.1f} dB")
    print(f"{bad} outside the bars" if bad else "all within the bars")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
