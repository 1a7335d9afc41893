#!/usr/bin/env python3
"""Scores 'reprise analyze --json' against songs whose truth is known.

usage: Tests/Oracles/evaluate_analysis.py REPRISE FOLDER [--json]

FOLDER holds NAME.mp3 (or .wav, .flac) beside NAME.json with melody, chords, beats, downbeats, key, mode and meter.
Measures are mir_eval's (pip install mir_eval): chords as weighted overlap of majmin; melody as note F1 with onsets
within 100 ms and pitch within 50 cents, offsets ignored; beats and downbeats as F within 70 ms, the first 5 s left out.
"""
import json
import pathlib
import subprocess
import sys
import time

import mir_eval
import numpy as np

NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]


def analyze(program, audio):
    begun = time.time()
    done = subprocess.run([program, "analyze", "--json", str(audio)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{audio}: {program} analyze ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout.splitlines()[-1]), time.time() - begun


def chords(truth, heard):
    def split(rows):
        return np.array([[row[0], row[1]] for row in rows]), [row[2] for row in rows]

    (spans, labels), (heard_spans, heard_labels) = split(truth), split(heard)
    heard_spans, heard_labels = mir_eval.util.adjust_intervals(
        heard_spans, heard_labels, spans.min(), spans.max(), "N", "N")
    pieces, reference, estimate = mir_eval.util.merge_labeled_intervals(spans, labels, heard_spans, heard_labels)
    return mir_eval.chord.weighted_accuracy(
        mir_eval.chord.majmin(reference, estimate), mir_eval.util.intervals_to_durations(pieces))


def notes(truth, heard):
    def split(rows):
        spans = np.array([[row[0], max(row[1], row[0] + 0.01)] for row in rows]).reshape(-1, 2)
        return spans, mir_eval.util.midi_to_hz(np.array([row[2] for row in rows], dtype=float))

    if not heard:
        return 0.0, 0.0, 0.0
    return mir_eval.transcription.precision_recall_f1_overlap(
        *split(truth), *split(heard), onset_tolerance=0.1, pitch_tolerance=50, offset_ratio=None)[:3]


def beats(truth, heard):
    return mir_eval.beat.f_measure(
        mir_eval.beat.trim_beats(np.array(truth)), mir_eval.beat.trim_beats(np.array(heard)))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    rows = []
    for truth_file in sorted(folder.glob("*.json")):
        audio = next((truth_file.with_suffix(s) for s in (".mp3", ".flac", ".wav")
                      if truth_file.with_suffix(s).exists()), None)
        if audio is None:
            continue
        truth = json.loads(truth_file.read_text())
        heard, seconds = analyze(program, audio)
        precision, recall, f1 = notes(truth["melody"], heard["melody"])
        key = f'{NAMES[truth["key"] % 12]}:{truth["mode"][:3]}'
        rows.append({
            "song": truth_file.stem, "chords": chords(truth["chords"], heard["chords"]), "melody": f1,
            "precision": precision, "recall": recall, "beats": beats(truth["beats"], heard["beats"]),
            "downbeats": beats(truth["downbeats"], heard["downbeats"]), "key": float(heard["key"] == key),
            "meter": float(heard["meter"] == truth["meter"]), "tempo": heard["tempo"],
            "speed": heard["seconds"] / seconds,
        })
    if not rows:
        sys.exit(f"{folder}: no NAME.json with NAME.mp3, .flac or .wav beside it")
    columns = [name for name in rows[0] if name != "song"]
    mean = {"song": "mean", **{name: float(np.mean([row[name] for row in rows])) for name in columns}}
    if "--json" in sys.argv:
        print(json.dumps({"songs": rows, "mean": mean}))
        return
    print(f'{"song":16}' + "".join(f"{name:>10}" for name in columns))
    for row in rows + [mean]:
        print(f'{row["song"]:16}' + "".join(
            f"{row[name]:10.0f}" if name in ("tempo", "speed") else f"{row[name]:10.3f}" for name in columns))


main()
