#!/usr/bin/env python3
"""Scores analyses of songs whose truth is known, by mir_eval, and compares two runs of scores.

    score_analysis.py SONGS... [--analyses FILE | --program 'COMMAND'] [--save FILE] [--json] [--strict]
    score_analysis.py SONGS... --before FILE --analyses FILE
    score_analysis.py --none DIRECTORY [--analyses FILE | --program 'COMMAND']

SONGS are directories with NAME.mp3 (or .wav, .flac, .ogg) and NAME.json, the truth, as Benchmarks/README.md tells.
FILE holds JSON Lines, one analysis each with a `path` (as `reprise analyze --json` and `hear` print them); analyses are
told apart by the name of the song. Without FILE, COMMAND (`reprise analyze --json` unless given) is run on one song at
a time. --before tells another file of analyses, whose scores are subtracted. --save keeps the analyses.
--none: no file in DIRECTORY is music; prints `confidence.music` of each, how many are below .5, and how many notes each
was given.

  beats, downbeats   F within 70 ms, the first 5 s off (as mir_eval trims them)
  tempo, meter       1 if the tempo is within 4 % of the truth's median; 1 if the meter is right
  majmin … root      weighted overlap of chords; sevenths counts only the sevenths' vocabulary
  bass               weighted overlap of root, triad and bass note (majmin_inv)
  key, mirex, keys   the key named for the song: exact, and MIREX-weighted; the share of time whose key is exact
  melody             F of notes: onset within 100 ms, pitch within half a semitone
  false, pitch       frames of 10 ms: voiced though the truth is silent; pitch right where the truth is voiced
  s3, s3in, s.5      F of section boundaries: within 3 s; so without the start and end of the song; within .5 s
  labels             F of pairs of moments with one label
  cpu                CPU seconds a minute of audio, where known

In a compound meter (6/8, 9/8, 12/8) a listener may count eighths or dotted quarters: both are right, unless --strict.
Wants mir_eval (pip install mir_eval).
"""

import json
import re
import resource
import shlex
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import mir_eval
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Oracles"))
from oracles import programs

SOUND = (".mp3", ".wav", ".flac", ".ogg")
COLUMNS = (
    *("beats", "tempo", "downbeats", "meter"),
    *("majmin", "sevenths", "root", "thirds", "bass", "key", "mirex", "keys"),
    *("melody", "false", "pitch", "s3", "s3in", "s.5", "labels", "cpu"),
)
PITCHES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
NAMES = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
Truth = dict[str, Any]
Scores = dict[str, float]


def pitch_class(name: str) -> int:
    """The pitch class of a note's name."""
    return (PITCHES[name[0]] + name.count("#") - name[1:].count("b")) % 12


def key_of(label: str) -> tuple[int, str]:
    """Tonic and mode of a label such as "C#:min"."""
    tonic, _, mode = label.partition(":")
    return pitch_class(tonic), "min" if mode.startswith("min") else "maj"


def spans(rows: list[list[Any]]) -> tuple[np.ndarray, list[str]]:
    """Intervals and labels of rows [start, end, label, …], without empty ones."""
    kept = [row for row in rows if row[1] > row[0] + 1e-6]
    return np.array([[row[0], row[1]] for row in kept], float).reshape(-1, 2), [str(row[2]) for row in kept]


# MARK: Beats


def beat_scores(truth: Truth, heard: Truth, strict: bool) -> Scores:
    """Beats, tempo, downbeats and meter; in a compound meter the better of both ways to count."""
    # What one beat of the truth may be counted as: (every how many beats, beats a bar).
    meter = int(truth["meter"])
    compound = re.fullmatch(r"(6|9|12)/8", truth.get("signature", "")) is not None
    counts = [(1, meter)]
    if compound and not strict and meter % 3 == 0:
        counts.append((3, meter // 3))
    best: Scores = {}
    for every, bar in counts:
        beats = np.array(truth["beats"], float)
        if every > 1:
            first = int(np.argmin(np.abs(beats - truth["downbeats"][0])))
            beats = beats[first % every :: every]
        tempo = 60 / float(np.median(np.diff(beats)))
        score = {
            "beats": beat_f(beats, heard["beats"]),
            "tempo": float(abs(heard["tempo"] / tempo - 1) <= 0.04),
            "downbeats": beat_f(np.array(truth["downbeats"], float), heard["downbeats"]),
            # Dotted quarters, two a bar, may also be felt as four in a bar of double length.
            "meter": float(heard["meter"] == bar or (every > 1 and heard["meter"] == meter)),
        }
        if not best or score["beats"] > best["beats"]:
            best = score
    return best


def beat_f(truth: np.ndarray, heard: list[float]) -> float:
    """F of beats within 70 ms behind the first 5 s."""
    return mir_eval.beat.f_measure(
        mir_eval.beat.trim_beats(truth), mir_eval.beat.trim_beats(np.sort(np.array(heard, float)))
    )


# MARK: Harmony


def chord_scores(truth: Truth, heard: Truth) -> Scores:
    """Weighted overlaps of chords."""
    heard_spans, heard_labels = spans(heard["chords"])
    if not heard_labels:
        heard_spans, heard_labels = np.array([[0.0, float(heard["seconds"])]]), ["N"]
    found = mir_eval.chord.evaluate(*spans(truth["chords"]), heard_spans, heard_labels)
    return {name: float(found[name]) for name in ("majmin", "sevenths", "root", "thirds")} | {
        "bass": float(found["majmin_inv"])
    }


def key_scores(truth: Truth, heard: Truth) -> Scores:
    """The song's key, and the share of time with the right one."""
    key, end = key_of(heard["key"]), float(truth["end"])
    starts = truth.get("keys") or [[truth["downbeats"][0], truth["key"], truth["mode"]]]
    pieces = [
        [row[0], starts[place + 1][0] if place + 1 < len(starts) else end, (row[1] % 12, row[2][:3])]
        for place, row in enumerate(starts)
    ]
    lengths: dict[tuple[int, str], float] = {}
    for start, stop, name in pieces:
        lengths[name] = lengths.get(name, 0) + stop - start
    # The key named for a song that modulates: the one that it begins in, or the one that lasts longest.
    allowed = {(truth["key"] % 12, truth["mode"][:3]), max(lengths, key=lambda name: lengths[name])}
    mirex = max(mir_eval.key.weighted_score(key_text(name), key_text(key)) for name in allowed)
    heard_keys = heard.get("keys") or [[0, max(end, float(heard["seconds"])), heard["key"]]]
    right = sum(
        max(0.0, min(stop, other[1]) - max(start, other[0]))
        for start, stop, name in pieces
        for other in heard_keys
        if key_of(other[2]) == name
    )
    return {"key": float(key in allowed), "mirex": float(mirex), "keys": right / sum(lengths.values())}


def key_text(key: tuple[int, str]) -> str:
    """A key as mir_eval reads it."""
    return f"{NAMES[key[0]]} {'minor' if key[1] == 'min' else 'major'}"


# MARK: Melody


def melody_scores(truth: Truth, heard: Truth) -> Scores:
    """Notes, and frames of 10 ms."""
    if not truth["melody"]:
        return {}
    notes, frames = [], []
    end = max([float(truth["end"]), *(note[1] for note in heard["melody"])])
    for rows in (truth["melody"], heard["melody"]):
        rows = [row for row in rows if row[1] > row[0] and row[2] > 0]
        notes.append((np.array([[r[0], r[1]] for r in rows], float).reshape(-1, 2), hertz([r[2] for r in rows])))
        frame = np.zeros(int(end * 100) + 2)
        for row in rows:
            frame[round(row[0] * 100) : round(row[1] * 100)] = hertz([row[2]])[0]
        frames.append(frame)
    if len(notes[1][1]) == 0:
        return {"melody": 0.0, "false": 0.0, "pitch": 0.0}
    f = mir_eval.transcription.precision_recall_f1_overlap(
        *notes[0], *notes[1], onset_tolerance=0.1, pitch_tolerance=50.0, offset_ratio=None
    )[2]
    voiced, silent = frames[0] > 0, frames[0] == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.abs(12 * np.log2(frames[1] / frames[0])) <= 0.5
    return {
        "melody": float(f),
        "false": float(np.mean(frames[1][silent] > 0)) if silent.any() else 0.0,
        "pitch": float(np.mean((near & (frames[1] > 0))[voiced])),
    }


def hertz(pitches: Iterable[float]) -> np.ndarray:
    """Frequencies of MIDI note numbers."""
    return 440.0 * 2 ** ((np.array(list(pitches), float) - 69) / 12)


# MARK: Sections


def section_scores(truth: Truth, heard: Truth) -> Scores:
    """Boundaries and labels of sections; an analysis without sections has one."""
    rows = heard.get("sections") or [[0, heard["seconds"], "A"]]
    reference, labels = spans(truth["sections"])
    estimate, names = spans(rows)
    found = {
        name: mir_eval.segment.detection(reference, estimate, window=window, trim=trim)[2]
        for name, window, trim in (("s3", 3.0, False), ("s3in", 3.0, True), ("s.5", 0.5, False))
    }
    whole = [
        mir_eval.util.adjust_intervals(part, words, t_min=0.0, t_max=float(reference.max()))
        for part, words in ((reference, labels), (estimate, names))
    ]
    found["labels"] = mir_eval.segment.pairwise(*whole[0], *whole[1])[2]
    return {name: float(value) for name, value in found.items()}


# MARK: Songs and analyses


def score(truth: Truth, heard: Truth, strict: bool) -> Scores:
    """All scores of one song."""
    scores = (
        beat_scores(truth, heard, strict)
        | chord_scores(truth, heard)
        | key_scores(truth, heard)
        | melody_scores(truth, heard)
        | section_scores(truth, heard)
    )
    if "cpu" in heard:
        scores["cpu"] = heard["cpu"] * 60 / heard["seconds"]
    return scores


def recordings(directories: list[Path]) -> dict[str, Path]:
    """The recordings in directories, by name."""
    files = [path for directory in directories for path in sorted(directory.iterdir()) if path.suffix in SOUND]
    if len({path.stem for path in files}) < len(files):
        programs.fail("two recordings have one name")
    return {path.stem: path for path in files}


def analyses_in(path: Path) -> dict[str, Truth]:
    """The analyses of a file of JSON Lines, by the recording's name."""
    return {Path(record["path"]).stem: record for record in programs.records(path.read_bytes())}


def analysed(command: str, files: dict[str, Path]) -> dict[str, Truth]:
    """Analyses made by a program, one recording at a time."""
    found = {}
    for name, path in files.items():
        before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run([*shlex.split(command), str(path)], capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        lines = done.stdout.splitlines()
        if done.returncode or not lines:
            words = done.stderr.decode(errors="replace")[-300:]
            print(f"{name}: exit code {done.returncode}: {words}", file=sys.stderr)
            continue
        record = json.loads(lines[0])
        record["path"] = str(path)
        record.setdefault("cpu", after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        record["wall"] = time.monotonic() - clock
        found[name] = record
    return found


def means(table: dict[str, Scores]) -> Scores:
    """The mean of every column, over the songs that have it."""
    return {
        column: float(np.mean(values))
        for column in COLUMNS
        if (values := [row[column] for row in table.values() if column in row])
    }


def scored(files: dict[str, Path], heard: dict[str, Truth], strict: bool) -> dict[str, dict[str, Scores]]:
    """Scores of every song, by the directory it lies in."""
    tables: dict[str, dict[str, Scores]] = {}
    for name, path in files.items():
        if name not in heard or "beats" not in heard[name]:
            print(f"{name}: no analysis", file=sys.stderr)
            continue
        truth = json.loads(path.with_suffix(".json").read_text())
        tables.setdefault(str(path.parent), {})[name] = score(truth, heard[name], strict)
    return tables


# MARK: Tables


def number(value: float | None, sign: bool = False) -> str:
    """A figure in five characters."""
    return "" if value is None else f"{value:+.3f}" if sign else f"{value:.3f}"


def print_table(title: str, table: dict[str, Scores], sign: bool = False) -> None:
    """A table, a row a song, with their mean."""
    width = max(len(name) for name in [*table, title])
    print(f"{title:{width}} " + " ".join(f"{column[:6]:>6}" for column in COLUMNS))
    for name, row in [*table.items(), ("mean", means(table))]:
        print(f"{name:{width}} " + " ".join(f"{number(row.get(column), sign):>6}" for column in COLUMNS))
    print()


def difference(before: dict[str, Scores], after: dict[str, Scores]) -> dict[str, Scores]:
    """What a run gained on the run before, song by song."""
    return {
        name: {column: row[column] - before[name][column] for column in row if column in before[name]}
        for name, row in after.items()
        if name in before
    }


def print_none(files: dict[str, Path], heard: dict[str, Truth]) -> None:
    """What was heard in recordings that are no music."""
    print(f"{'no music':28}  music  beats    key melody   notes  below .5")
    right = 0
    for name in files:
        record = heard.get(name, {})
        confidence = record.get("confidence") or {"beats": record.get("beatConfidence", 1)}
        # A refusal (silence, for example) claims no music either.
        music = confidence.get("music", 1) if record else 0
        none = music < 0.5
        right += none
        figures = [music, *(confidence.get(part, 1) for part in ("beats", "key", "melody"))]
        notes = len(record.get("melody", []))
        print(f"{name:28} {' '.join(f'{figure:6.3f}' for figure in figures)} {notes:7}  {'yes' if none else 'NO'}")
    print(f"said to be none: {right} of {len(files)}")


def arguments() -> Any:
    """The parsed command line."""
    parser = programs.parser(__doc__)
    parser.add_argument("songs", nargs="*", type=Path)
    parser.add_argument("--analyses", type=Path)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--program", default="reprise analyze --json")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--none", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--strict", action="store_true")
    given = parser.parse_args()
    if not given.songs and not given.none:
        parser.error("tell directories of songs, or --none")
    return given


def main() -> None:
    given = arguments()
    warnings.filterwarnings("ignore", module="mir_eval")
    files = recordings([given.none] if given.none else given.songs)
    heard = analyses_in(given.analyses) if given.analyses else analysed(given.program, files)
    if given.save:
        given.save.write_text("".join(json.dumps(record) + "\n" for record in heard.values()))
    if given.none:
        print_none(files, heard)
        return
    after = scored(files, heard, given.strict)
    before = scored(files, analyses_in(given.before), given.strict) if given.before else {}
    shown: Callable[[str], dict[str, Scores]] = lambda place: difference(before.get(place, {}), after[place])  # noqa: E731
    if given.json:
        record = {place: {"songs": table, "means": means(table)} for place, table in after.items()}
        for place in before:
            record[place]["before"] = means(before[place])
        print(json.dumps(record, indent=1))
        return
    for place, table in after.items():
        print_table(place, table)
        if before:
            print_table(f"{place}: against before", shown(place), sign=True)


if __name__ == "__main__":
    main()
