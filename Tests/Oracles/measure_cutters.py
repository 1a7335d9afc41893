#!/usr/bin/env python3
"""How exactly tools cut 10 s out of an mp3 without encoding it again: a Markdown table.

    Tests/Oracles/measure_cutters.py REPRISE [FILE.mp3…]

0:20 to 0:30 of each file, and of three that lame makes first (128 kbit/s constant, V2, 320 kbit/s constant). Each
cut is decoded by mpg123 and by ffmpeg and laid upon the same decoder's source where a stretch of its middle fits
best. Told are: how late or early its first sample is, how many samples at its start and its end are not the
source's (by more than 2^-15), and its length. Wants numpy, lame, ffmpeg, mpg123, and mp3splt and mp3cut (Debian's
mp3splt and poc-streamer); without one of these its rows say so.
"""

import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator

import numpy as np
from oracles import decoders, programs, tables
from oracles.programs import must, run

START, LENGTH = 20, 10

Cut = Callable[[str, str, str], programs.Completed]


def decoded(path: str, decoder: str) -> tuple[np.ndarray, int]:
    """Frames x 2, floats, and the sample rate."""
    words = must("ffprobe", "-v", "error", "-show_entries", "stream=sample_rate", "-of", "csv=p=0", path)
    samples = decoders.mpg123(path, "f32", 2, "--stereo") if decoder == "mpg123" else decoders.ffmpeg(path, "f32", 2)
    return samples, int(words.split()[0].strip(b","))


def place(source: np.ndarray, cut: np.ndarray, rate: int) -> int:
    """Where in the source the cut's first sample would stand; by its middle, to 0.5 s around where it should be."""
    middle, width, slack = len(cut) // 2, 16384, rate // 2
    part = cut[middle : middle + width].mean(axis=1).astype(float)
    first = START * rate + middle - slack
    window = source[first : first + 2 * slack + width].mean(axis=1).astype(float)
    size = 1 << (len(window) + width).bit_length()
    product = np.fft.irfft(np.fft.rfft(window, size) * np.conj(np.fft.rfft(part, size)), size)[: 2 * slack + 1]
    power = np.concatenate([[0], np.cumsum(window * window)])
    # The least squared difference: |window|² − 2 window·part, the part's own being the same everywhere.
    return first + int(np.argmin(power[width : width + 2 * slack + 1] - power[: 2 * slack + 1] - 2 * product)) - middle


def compare(source: np.ndarray, cut: np.ndarray, rate: int) -> tuple[int, int, int, int]:
    """By how many samples a cut begins late, how many in front and behind are not the source's, and its length."""
    at = place(source, cut, rate)
    low, high = max(0, -at), min(len(cut), len(source) - at)
    bad = np.abs(cut[low:high] - source[at + low : at + high]).max(axis=1) > 2.0**-15
    half = len(bad) // 2
    wrong = np.flatnonzero(bad)
    front = wrong[wrong < half].max() + 1 if (wrong < half).any() else 0
    back = len(bad) - wrong[wrong >= half].min() if (wrong >= half).any() else 0
    # Samples that the source has none of to compare with are not its own either.
    return at - START * rate, front + low, back + len(cut) - high, len(cut)


def by_ffmpeg(before: bool) -> Cut:
    seek = ("-ss", str(START))

    def cut(source: str, out: str, _: str) -> programs.Completed:
        ends = (*seek, "-i", source) if before else ("-i", source, *seek)
        return run("ffmpeg", "-v", "error", "-y", *ends, "-t", str(LENGTH), "-c", "copy", out)

    return cut


def by_mp3splt(*options: str) -> Cut:
    def cut(source: str, out: str, directory: str) -> programs.Completed:
        ends = (f"0.{START}", f"0.{START + LENGTH}")
        done = run("mp3splt", "-Q", *options, "-o", "split", "-d", directory, source, *ends)
        for made in glob.glob(os.path.join(directory, "split*.mp3")):
            os.replace(made, out)
        return done

    return cut


def by_mp3cut(source: str, out: str, directory: str) -> programs.Completed:
    return run("mp3cut", "-o", out, "-t", f"00:{START}-00:{START + LENGTH}", source, cwd=directory)


def by_reprise(reprise: str) -> Cut:
    def cut(source: str, out: str, _: str) -> programs.Completed:
        ends = ("--start", str(START), "--end", str(START + LENGTH))
        return run(reprise, "prepare", source, "-o", out, "--force", "--quiet", *ends)

    return cut


def tools(reprise: str) -> list[tuple[str, str, Cut]]:
    """Titles, programs, and how each is asked."""
    return [
        ("ffmpeg -c copy, -ss before -i", "ffmpeg", by_ffmpeg(before=True)),
        ("ffmpeg -c copy, -ss after -i", "ffmpeg", by_ffmpeg(before=False)),
        ("mp3splt", "mp3splt", by_mp3splt()),
        ("mp3splt -f -b", "mp3splt", by_mp3splt("-f", "-b")),
        ("mp3cut", "mp3cut", by_mp3cut),
        ("reprise prepare", reprise, by_reprise(reprise)),
    ]


def sources(directory: str) -> Iterator[str]:
    wav = os.path.join(directory, "music.wav")
    notes = "0.3*exp(-4*mod(t\\,0.5))*sin(2*PI*(220+110*floor(mod(2*t\\,4)))*t)"
    left = notes + "+0.1*sin(2*PI*(196+t)*t)+0.1*(random(0)-0.5)"
    right = left.replace("random(0)", "random(1)")
    must("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"aevalsrc={left}|{right}:s=44100:d=60", wav)
    for name, options in (("128", ["-b", "128"]), ("V2", ["-V", "2"]), ("320", ["-b", "320"])):
        path = os.path.join(directory, f"made-{name}.mp3")
        must("lame", "--quiet", *options, wav, path)
        yield path


def rows(source: str, reprise: str, directory: str) -> int:
    """Prints the rows of one file; returns how many of ours are not exact."""
    whole = {decoder: decoded(source, decoder) for decoder in ("mpg123", "ffmpeg")}
    name, out, failures = os.path.basename(source), os.path.join(directory, "cut.mp3"), 0
    for title, command, cut in tools(reprise):
        if os.path.exists(out):
            os.remove(out)
        if shutil.which(command) is None:
            tables.row(name, title, "not installed", *[""] * 4)
            continue
        done = cut(source, out, directory)
        if not os.path.exists(out):
            tables.row(name, title, f"made nothing (exit {done.returncode})", *[""] * 4)
            failures += command == reprise
            continue
        for decoder, (samples, rate) in whole.items():
            late, front, back, length = compare(samples, decoded(out, decoder)[0], rate)
            failures += command == reprise and (late, front, back, length) != (0, 0, 0, LENGTH * rate)
            tables.row(
                *(name, title, decoder, f"{1000 * late / rate:+.2f} ms ({late:+d})"),
                *(f"{1000 * front / rate:.1f} ms ({front})", back, f"{length / rate:.4f} s ({length})"),
            )
    return failures


def main() -> int:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("files", nargs="*", metavar="FILE.mp3")
    options = parser.parse_args()
    programs.require("lame", "ffmpeg", "ffprobe", "mpg123")
    tables.header("file", "tool", "decoded by", "start error", "lead-in not the source's", "at the end", "length")
    with tempfile.TemporaryDirectory() as directory:
        files = [*sources(directory), *map(os.path.abspath, options.files)]
        failures = sum([rows(source, options.reprise, directory) for source in files])
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
