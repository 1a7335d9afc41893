#!/usr/bin/env python3
"""What `prepare --excerpt auto` picks.

usage: Tests/Oracles/measure_excerpts.py REPRISE [FOLDER]

Made songs of known structure first: verse, chorus and parts that come once, with random chords, lengths, levels and
tempo; told is how much of the passage lies in a chorus. Then each mp3 of FOLDER that has its beats beside it as
json: the passage of 30 s, and how far its ends are from the nearest beat. Wants numpy.
"""

import glob
import json
import os
import subprocess
import sys
import tempfile
import wave

import numpy as np

RATE = 22050


def strum(chord, seconds, level, random):
    t = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 440 * 2 ** ((note - 69) / 12) * k * t) / k for note in chord for k in (1, 2, 3, 4, 5))
    hit = random.standard_normal(len(t)) * np.exp(-40 * t) * 0.5
    return level * (
        tone / len(chord) * np.exp(-2.5 * t) * np.minimum(t * 200, 1) + hit + 0.01 * random.standard_normal(len(t))
    )


def chords(random, count):
    return [[r, r + random.choice([3, 4]), r + 7] for r in random.choice(np.arange(48, 60), count, replace=False)]


def part(progression, times, beat, level, random):
    return np.concatenate(
        [strum(chord, beat, level, random) for _ in range(times) for chord in progression for _ in range(4)]
    )


def song(seed):
    random = np.random.default_rng(seed)
    beat = 60 / random.uniform(80, 140)
    verse, chorus = chords(random, 4), chords(random, 4)
    louder = random.uniform(0, 8)
    base = 0.08
    order = [
        ["I", "V", "C", "V", "C", "B", "C"],
        ["V", "V", "C", "V", "C", "C", "O"],
        ["I", "C", "V", "C", "V", "C", "B", "C"],
        ["V", "C", "B", "V", "C", "S", "C"],
    ][seed % 4]
    pieces, spans, place = [], [], 0.0
    for name in order:
        if name == "V":
            made = part(verse, 2, beat, base * 10 ** (random.uniform(-2, 0) / 20), random)
        elif name == "C":
            made = part(chorus, 2, beat, base * 10 ** (louder / 20), random)
        # A solo is loud and comes once.
        elif name == "S":
            made = part(chords(random, 8), 1, beat, base * 10 ** ((louder + 3) / 20), random)
        else:
            made = part(chords(random, 8), 1, beat, base * 10 ** (random.uniform(-6, 0) / 20), random)
        if name == "C":
            spans.append((place, place + len(made) / RATE))
        place += len(made) / RATE
        pieces.append(made)
    samples = np.concatenate(pieces)
    return samples / abs(samples).max() * 0.9, spans, louder, "".join(order)


def plan(reprise, path, seconds):
    done = subprocess.run(
        [
            reprise,
            "prepare",
            path,
            "--dry-run",
            "--json",
            "--quiet",
            "--excerpt",
            "auto",
            "--max-seconds",
            str(seconds),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def made(reprise):
    shares = []
    print(
        "| made song | parts | chorus louder by | chorus | passage | of it in a chorus |\n| --- | --- | --- | --- | --- | --- |"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "song.wav")
        for seed in range(20):
            samples, spans, louder, order = song(seed)
            with wave.open(path, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE)
                file.writeframes((samples * 32767).astype("<i2").tobytes())
            length = spans[0][1] - spans[0][0]
            found = plan(reprise, path, max(length, 7))
            inside = max(max(0, min(found["end"], b) - max(found["start"], a)) for a, b in merged(spans))
            share = inside / (found["end"] - found["start"])
            shares.append(share)
            print(
                f"| {seed} | {order} | {louder:.1f} dB | {length:.1f} s | {found['start']:.1f}–{found['end']:.1f} | {100 * share:.0f} % |",
                flush=True,
            )
    print(
        f"\n{sum(share >= 0.75 for share in shares)} of {len(shares)} passages lie by three quarters or more in a chorus; median {100 * sorted(shares)[len(shares) // 2]:.0f} %\n"
    )


def merged(spans):
    result = []
    for a, b in spans:
        if result and abs(result[-1][1] - a) < 1e-6:
            result[-1] = (result[-1][0], b)
        else:
            result.append((a, b))
    return result


def songs(reprise, folder):
    print("| song | passage | start: nearest beat | end: nearest beat | why |\n| --- | --- | --- | --- | --- |")
    for path in sorted(glob.glob(os.path.join(folder, "*.mp3"))):
        truth = path[:-4] + ".json"
        beats = json.load(open(truth)).get("beats", []) if os.path.exists(truth) else []
        found = plan(reprise, path, 30)

        def near(time):
            return f"{1000 * min((beat - time for beat in beats), key=abs):+.0f} ms" if beats and time > 0 else "–"

        why = found["steps"][0]["detail"].split(", ", 1)[1].split("; its ends")[0]
        print(
            f"| {os.path.basename(path)} | {found['start']:.2f}–{found['end']:.2f} | {near(found['start'])} | {near(found['end'])} | {why} |"
        )


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    made(sys.argv[1])
    if len(sys.argv) > 2:
        songs(sys.argv[1], sys.argv[2])
