#!/usr/bin/env python3
"""Scores 'reprise analyze --json' against songs whose truth is known.

    Tests/Oracles/evaluate_analysis.py REPRISE DIRECTORY [--json]

DIRECTORY holds NAME.mp3 (or .wav, .flac) beside NAME.json with melody, chords, beats, downbeats, key, mode and meter.
Measures are mir_eval's (pip install mir_eval): chords as weighted overlap of majmin; melody as note F1 with onsets
within 100 ms and pitch within 50 cents, offsets ignored; beats and downbeats as F within 70 ms, the first 5 s left
out.
"""

import json
import pathlib
import time
from typing import Any

import numpy as np
from oracles import programs

try:
    import mir_eval
except ImportError:  # --help works without it; nothing else does.
    mir_eval = None

NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]


def analyze(program: str, audio: pathlib.Path) -> tuple[dict[str, Any], float]:
    """What reprise hears, and in how many seconds."""
    begun = time.monotonic()
    record = programs.records(programs.must(program, "analyze", "--json", audio))[-1]
    return record, time.monotonic() - begun


def chords(truth, heard):
    def split(rows):
        return np.array([[row[0], row[1]] for row in rows]), [row[2] for row in rows]

    (spans, labels), (heard_spans, heard_labels) = split(truth), split(heard)
    heard_spans, heard_labels = mir_eval.util.adjust_intervals(
        heard_spans, heard_labels, spans.min(), spans.max(), "N", "N"
    )
    pieces, reference, estimate = mir_eval.util.merge_labeled_intervals(spans, labels, heard_spans, heard_labels)
    return mir_eval.chord.weighted_accuracy(
        mir_eval.chord.majmin(reference, estimate), mir_eval.util.intervals_to_durations(pieces)
    )


def notes(truth, heard):
    def split(rows):
        spans = np.array([[row[0], max(row[1], row[0] + 0.01)] for row in rows]).reshape(-1, 2)
        return spans, mir_eval.util.midi_to_hz(np.array([row[2] for row in rows], dtype=float))

    if not heard:
        return 0.0, 0.0, 0.0
    return mir_eval.transcription.precision_recall_f1_overlap(
        *split(truth), *split(heard), onset_tolerance=0.1, pitch_tolerance=50, offset_ratio=None
    )[:3]


def beats(truth, heard):
    return mir_eval.beat.f_measure(mir_eval.beat.trim_beats(np.array(truth)), mir_eval.beat.trim_beats(np.array(heard)))


def score(program: str, truth_file: pathlib.Path, audio: pathlib.Path) -> dict[str, Any]:
    """The measures of one song."""
    truth = json.loads(truth_file.read_text())
    heard, seconds = analyze(program, audio)
    precision, recall, f1 = notes(truth["melody"], heard["melody"])
    key = f"{NAMES[truth['key'] % 12]}:{truth['mode'][:3]}"
    return {
        "song": truth_file.stem,
        "chords": chords(truth["chords"], heard["chords"]),
        "melody": f1,
        "precision": precision,
        "recall": recall,
        "beats": beats(truth["beats"], heard["beats"]),
        "downbeats": beats(truth["downbeats"], heard["downbeats"]),
        "key": float(heard["key"] == key),
        "meter": float(heard["meter"] == truth["meter"]),
        "tempo": heard["tempo"],
        "speed": heard["seconds"] / seconds,
    }


def audio_of(truth_file: pathlib.Path) -> pathlib.Path | None:
    candidates = [truth_file.with_suffix(suffix) for suffix in (".mp3", ".flac", ".wav")]
    return next((path for path in candidates if path.exists()), None)


def print_table(rows: list[dict[str, Any]], columns: list[str]) -> None:
    print(f"{'song':16}" + "".join(f"{name:>10}" for name in columns))
    for row in rows:
        cells = (f"{row[name]:10.0f}" if name in ("tempo", "speed") else f"{row[name]:10.3f}" for name in columns)
        print(f"{row['song']:16}" + "".join(cells))


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    options = parser.parse_args()
    if mir_eval is None:
        programs.fail("wants mir_eval: pip install mir_eval")
    pairs = [(truth, audio_of(truth)) for truth in sorted(options.directory.glob("*.json"))]
    rows = [score(options.reprise, truth, audio) for truth, audio in pairs if audio]
    if not rows:
        programs.fail(f"{options.directory}: no NAME.json with NAME.mp3, .flac or .wav beside it")
    columns = [name for name in rows[0] if name != "song"]
    mean = {"song": "mean", **{name: float(np.mean([row[name] for row in rows])) for name in columns}}
    if options.json:
        print(json.dumps({"songs": rows, "mean": mean}))
    else:
        print_table([*rows, mean], columns)


if __name__ == "__main__":
    main()
