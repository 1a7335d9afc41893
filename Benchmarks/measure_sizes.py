#!/usr/bin/env python3
"""Compares the sizes that reprise foresees with those that come out.

    Benchmarks/measure_sizes.py REPRISE [--flac] [--mp3] [--peaks] [RECORDING...]

For each kind of signal, and each recording decoded to wav, flac is foreseen by `prepare --dry-run` and made by
`prepare` and by `flac -5`; mp3 at many lengths, rates and budgets. --peaks tells by how much coding to mp3 raises
true peaks (25 s of each recording, once normalised to -1 dBFS and once 6 dB into a hard limiter; `lame`, ffmpeg's
ebur128), and what `prepare` makes of the latter. Wants numpy, ffmpeg, flac, lame and sox.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/Oracles"))
from oracles import programs, tables

RATE = 44100


def wav(path, samples, rate, bits):
    """samples: frames × channels, -1…1; through ffmpeg, so that the header is somebody else's."""
    channels = samples.shape[1]
    form = {8: "pcm_u8", 16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_s32le"}[bits]
    full = 2 ** (min(bits, 24) - 1)
    whole = np.clip(np.round(samples * full), -full, full - 1) / full
    subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-f",
            "f64le",
            "-ar",
            str(rate),
            "-ac",
            str(channels),
            "-i",
            "-",
            "-c:a",
            form,
            path,
        ],
        input=whole.astype("<f8").tobytes(),
        check=True,
    )


def signals(seconds=30):
    random = np.random.default_rng(1)
    n = RATE * seconds
    t = np.arange(n) / RATE
    pink = np.cumsum(random.standard_normal(n))
    pink -= np.convolve(pink, np.ones(2000) / 2000, "same")
    pink /= abs(pink).max()
    white = random.uniform(-1, 1, n)
    chirp = 0.8 * np.sin(2 * np.pi * (20 * t + 150 * t * t))
    chord = sum(np.sin(2 * np.pi * f * t) / (i + 2) for i, f in enumerate([220, 277.2, 329.6, 440])) * 0.4
    beats = chord * (np.exp(-6 * (t % 0.5)) + 0.05)
    gaps = white * ((t % 4) < 1)
    pulses = np.zeros(n)
    pulses[:: 4096 * 3] = 0.9

    def stereo(left, right):
        return np.stack([left, right], 1)

    yield "silence", stereo(0 * t, 0 * t)
    yield "constant", stereo(0 * t + 0.25, 0 * t + 0.25)
    yield "sine", stereo(0.5 * np.sin(2 * np.pi * 440 * t), 0.5 * np.sin(2 * np.pi * 440 * t))
    yield "sweep", stereo(chirp, -chirp)
    yield "white noise", stereo(white, random.uniform(-1, 1, n))
    yield "quiet noise", stereo(white * 0.001, white * 0.0005)
    yield "coloured noise", stereo(pink, np.roll(pink, 1000))
    yield "beats", stereo(beats, beats * 0.7 + 0.001 * white)
    yield "noise and gaps", stereo(gaps, gaps)
    yield "pulses", stereo(pulses, 0 * pulses)
    yield "square, clipped", stereo(np.sign(np.sin(2 * np.pi * 100 * t)) * 0.999, np.clip(3 * chord, -1, 1))


def run(command):
    return programs.must(*command)


def flac_row(reprise, name, path, directory, all_rows):
    made, theirs = os.path.join(directory, "made.flac"), os.path.join(directory, "theirs.flac")
    limits = ["--min-seconds", "1", "--max-seconds", "1e6", "--max-bytes", "1000000000"]
    began = time.time()
    plan = json.loads(run([reprise, "prepare", path, "--format", "flac", "--dry-run", "--json", *limits]))
    foresight = time.time() - began
    began = time.time()
    record = json.loads(run([reprise, "prepare", path, "-o", made, "--force", "--json", "--quiet", *limits]))
    making = time.time() - began - foresight
    subprocess.run(
        ["flac", "-5", "-s", "-f", "--no-padding", "--no-seektable", "-o", theirs, path],
        check=False,
        stderr=subprocess.DEVNULL,
    )
    predicted, real = plan["predictedBytes"], record["bytes"]
    theirs = os.path.getsize(theirs) if os.path.exists(theirs) else 0
    percent = 100 * (predicted - real) / real
    all_rows.append((predicted >= real, percent))
    tables.row(
        *(name, predicted, real, theirs or "–"),
        *(f"{percent:+.2f} %", f"{foresight:.2f} s", f"{max(making, 0):.2f} s"),
    )


def flac(reprise, recordings):
    tables.header("signal", "foreseen, at most", "reprise made", "flac -5", "over", "to foresee", "to make")
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "x.wav")
        for name, samples in signals():
            wav(path, samples, RATE, 16)
            flac_row(reprise, name, path, directory, rows)
        beats = dict(signals(12))["beats"]
        for bits in (8, 24, 32):
            wav(path, beats, RATE, bits)
            flac_row(reprise, f"beats, {bits} bit", path, directory, rows)
        for channels, rate in ((1, 8000), (1, 22050), (3, 48000), (6, 48000), (2, 96000), (2, 192000)):
            many = np.stack([np.roll(beats[:, 0], 777 * c) * (0.5 + c / 12) for c in range(channels)], 1)
            wav(path, many, rate, 24)
            flac_row(reprise, f"beats, {channels} ch at {rate} Hz, 24 bit", path, directory, rows)
        for recording in recordings:
            for bits, form in ((16, "pcm_s16le"), (24, "pcm_s24le"), (8, "pcm_u8")):
                # 24 bits of an mp3 are 24 bits of signal.
                subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", recording, "-vn", "-c:a", form, path], check=True)
                flac_row(reprise, f"{os.path.basename(recording)}, {bits} bit", path, directory, rows)
    overs = [percent for _, percent in rows]
    print(
        f"\n{len(rows)} signals; foreseen under what came out: {sum(not good for good, _ in rows)}; "
        f"over by {min(overs):+.2f} … {max(overs):+.2f} %, median {sorted(overs)[len(overs) // 2]:+.2f} %"
    )


def mp3(reprise):
    worst_under, worst_over, count = 0.0, 0.0, 0
    with tempfile.TemporaryDirectory() as directory:
        path, made = os.path.join(directory, "x.wav"), os.path.join(directory, "x.mp3")
        random = np.random.default_rng(2)
        for rate in (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000):
            for seconds in (6.0, 7.3, 11.0501, 20.123, 31.7):
                channels = 1 if int(seconds) % 2 else 2
                samples = 0.2 * random.standard_normal((int(seconds * rate), channels))
                wav(path, samples, rate, 16)
                for budget in (1e9, 24000 * seconds, 12000 * seconds, 6000 * seconds, 4200 * seconds, 2200 * seconds):
                    arguments = [
                        path,
                        "--format",
                        "mp3",
                        "--min-seconds",
                        "1",
                        "--max-bytes",
                        str(int(budget)),
                        "--json",
                    ]
                    done = subprocess.run([reprise, "prepare", *arguments, "--dry-run"], capture_output=True, text=True)
                    if done.returncode != 0:
                        continue
                    plan = json.loads(done.stdout)
                    record = json.loads(run([reprise, "prepare", *arguments, "-o", made, "--force", "--quiet"]))
                    detail = plan["steps"][-1]["detail"]
                    kilobits = int(detail.split("at ")[1].split()[0])
                    target = {96000: 48000}.get(rate, rate)
                    frame = (144 if target >= 32000 else 72) * kilobits * 1000 / target
                    slack = (plan["predictedBytes"] - record["bytes"]) / frame
                    worst_under, worst_over, count = min(worst_under, slack), max(worst_over, slack), count + 1
                    if slack < 0 or slack > 1.01 or record["bytes"] > budget:
                        print(
                            f"{rate} Hz {seconds} s {channels} ch {kilobits} kbit/s: "
                            f"foreseen {plan['predictedBytes']}, made {record['bytes']}"
                        )
    print(
        f"\n{count} mp3 files at 9 rates: foreseen less than made by {-worst_under:.2f} frames at most, "
        f"more by {worst_over:.2f} frames at most"
    )


def true_peak(path):
    """dBTP by ffmpeg, whose mp3 decoder gives floats and clips nothing."""
    words = subprocess.run(
        ["ffmpeg", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
    ).stderr
    return float(words.rsplit("True peak:", 1)[1].split("Peak:")[1].split()[0])


def peaks(reprise, recordings):
    rates = (320, 256, 192, 160, 128, 96, 64)
    rises, ours = {}, {}
    with tempfile.TemporaryDirectory() as directory:
        raw, source, coded = (os.path.join(directory, name) for name in ("raw.wav", "source.wav", "coded.mp3"))
        for recording in recordings:
            subprocess.run(
                [
                    "ffmpeg",
                    "-v",
                    "error",
                    "-y",
                    "-ss",
                    "15",
                    "-t",
                    "25",
                    "-i",
                    recording,
                    "-ac",
                    "2",
                    "-ar",
                    "44100",
                    "-c:a",
                    "pcm_s24le",
                    raw,
                ],
                check=True,
            )
            for kind, gains in (("normal", ["-1"]), ("limited", ["6"])):
                subprocess.run(["sox", raw, source, "gain", "-n", *gains], stderr=subprocess.DEVNULL, check=True)
                before = true_peak(source)
                for rate in rates:
                    subprocess.run(["lame", "--quiet", "--cbr", "-b", str(rate), source, coded], check=True)
                    rises.setdefault((kind, rate), []).append(true_peak(coded) - before)
                    if kind == "normal":
                        continue
                    record = json.loads(
                        run(
                            [
                                reprise,
                                "prepare",
                                source,
                                "-o",
                                coded,
                                "--force",
                                "--json",
                                "--quiet",
                                "--format",
                                "mp3",
                                "--max-bytes",
                                str(rate * 125 * 25 + 4000),
                            ]
                        )
                    )
                    ours.setdefault(rate, []).append((true_peak(coded), record["remark"]))
    tables.header(
        *("kbit/s", "normal: rise, median / most", "limited: rise, median / 3 of 4 / most"),
        *("prepared: highest", "made twice"),
    )
    for rate in rates:
        normal, limited = sorted(rises["normal", rate]), sorted(rises["limited", rate])
        made = ours[rate]
        tables.row(
            rate,
            f"{normal[len(normal) // 2]:+.1f} / {normal[-1]:+.1f} dB",
            " / ".join(f"{limited[at]:+.1f}" for at in (len(limited) // 2, len(limited) * 3 // 4, -1)) + " dB",
            f"{max(peak for peak, _ in made):+.1f} dBTP",
            f"{sum(bool(remark) for _, remark in made)} of {len(made)}",
        )


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("recordings", nargs="*", metavar="RECORDING")
    for name in ("--flac", "--mp3", "--peaks"):
        parser.add_argument(name, action="store_true")
    options = parser.parse_args()
    either = options.flac or options.mp3 or options.peaks
    if options.flac or not either:
        flac(options.reprise, options.recordings)
    if options.mp3 or not either:
        mp3(options.reprise)
    if options.peaks:
        peaks(options.reprise, options.recordings)


if __name__ == "__main__":
    main()
