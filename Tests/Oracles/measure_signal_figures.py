#!/usr/bin/env python3
"""The signal figures of `inspect --loudness` beside those of ffmpeg's filters, for any number of files.

    Tests/Oracles/measure_signal_figures.py REPRISE AUDIO...

Peak and DC offset against astats, integrated loudness, range and true peak against ebur128=peak=true, silence
against silencedetect (-60 dB, 2 s). Both sides decode for themselves. A line for each file, then the largest
differences. Wants ffmpeg.
"""

import math
import re
from pathlib import Path
from typing import Any

from oracles import programs, tables

# In floats, or ffmpeg would clip what an mp3 has over full scale.
LEVELS = "aformat=sample_fmts=flt,astats=measure_overall=none:measure_perchannel=DC_offset+Max_level+Min_level"


def ffmpeg(path: str, filters: str) -> str:
    done = programs.run(
        "ffmpeg", "-hide_banner", "-nostats", "-i", path, "-map", "0:a", "-af", filters, "-f", "null", "-")  # fmt: skip
    return done.stderr.decode(errors="replace")


def last(pattern: str, text: str) -> float:
    found = re.findall(pattern, text)
    return float(found[-1]) if found else math.nan


def decibels(value: float) -> float:
    return 20 * math.log10(value) if value else math.nan


class Comparison:
    """Pairs of figures, and how far apart the worst of each kind are."""

    def __init__(self) -> None:
        self.worst: dict[str, float] = {}

    def pair(self, name: str, ours: float | None, theirs: float) -> str:
        if ours is None or not math.isfinite(ours) or not math.isfinite(theirs):
            return "-"
        self.worst[name] = max(self.worst.get(name, 0), abs(ours - theirs))
        return f"{ours:.3f} / {theirs:.3f}"

    def row(self, record: dict[str, Any]) -> list[object]:
        """The cells of one file."""
        path, signal, loudness = record["path"], record["signal"], record["loudness"] or {}
        stats = ffmpeg(path, LEVELS)
        offsets = [float(value) for value in re.findall(r"DC offset: (\S+)", stats)]
        levels = [abs(float(value)) for value in re.findall(r"(?:Max|Min) level: (\S+)", stats)]
        r128 = ffmpeg(path, "ebur128=peak=true").split("Summary:")[-1]
        silent = re.findall(
            r"silence_start: (\S+)[\s\S]*?silence_end: (\S+)", ffmpeg(path, "silencedetect=n=-60dB:d=2")
        )
        ours = [span for span in signal["silence"] if span["end"] - span["start"] >= 2]
        for span, (start, end) in zip(ours, silent, strict=False):
            self.pair("silence, s", span["start"], max(float(start), 0))
            self.pair("silence, s", span["end"], float(end))
        pairs = zip(signal["dcOffset"], offsets, strict=False)
        dc = max(pairs, key=lambda pair: abs(pair[0] - pair[1]), default=(math.nan, math.nan))
        return [
            Path(path).name,
            self.pair("peak, dB", decibels(signal["peak"]), decibels(max(levels, default=0))),
            self.pair("DC offset, %", dc[0] * 100, dc[1] * 100),
            self.pair("loudness, LU", loudness.get("integrated"), last(r"I:\s+(-?[\d.]+) LUFS", r128)),
            self.pair("range, LU", loudness.get("range"), last(r"LRA:\s+(-?[\d.]+) LU", r128)),
            self.pair("true peak, dB", loudness.get("truePeak"), last(r"Peak:\s+(-?[\d.]+) dBFS", r128)),
            f"{len(ours)} / {len(silent)}",
        ]


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("audio", nargs="+")
    options = parser.parse_args()
    comparison = Comparison()
    tables.header("file", "peak, dBFS: ours / ffmpeg", "DC offset, %", "LUFS", "LU", "dBTP", "silences of 2 s")
    for record in programs.inspect(options.reprise, options.audio, "--loudness"):
        if record["signal"]:
            tables.row(*comparison.row(record))
        else:
            tables.row(record["path"], "; ".join(reason["message"] for reason in record["reasons"]))
    print(
        "largest differences: " + ", ".join(f"{name} {value:.4f}" for name, value in sorted(comparison.worst.items()))
    )


if __name__ == "__main__":
    main()
