#!/usr/bin/env python3
"""Covers every recording in a folder with two prompts and judges the results with others' tools.

  Tests/Oracles/measure_covers.py REPRISE FOLDER [OUT]

For each cover: ffprobe's length against the recording's, `mpg123 -t` or `flac -t`/ffmpeg for integrity, and, between the
two prompts, how far apart their long-term spectra are (mean absolute difference of third-octave levels in dB, each
cover at its own loudness). Needs ffmpeg, mpg123 and numpy.
"""
import json, pathlib, subprocess, sys, tempfile, time

import numpy as np

PROMPTS = ["warm acoustic folk, fingerpicked guitar, gentle", "dark synthwave, driving electronic bass"]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


def seconds(path):
    """The decoded length by ffmpeg: its count of samples, not the header's claim."""
    return len(samples(path, 8000)) / 8000


def samples(path, rate):
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", str(rate), "-f", "f32le", "-"], capture_output=True
    ).stdout
    return np.frombuffer(raw, dtype="<f4")


def third_octaves(path):
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


def main():
    binary, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    out = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp())
    out.mkdir(exist_ok=True)
    bad = 0
    print("| recording | prompt | exit | verdict | length / recording | ratio | ffprobe | mpg123 -t | wall s | spectra apart |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for path in sorted(p for p in folder.iterdir() if p.suffix in (".mp3", ".wav", ".flac")):
        spectra, rows = [], []
        for number, prompt in enumerate(PROMPTS):
            cover = out / f"{path.stem}-{number}.mp3"
            begun = time.monotonic()
            result = run(
                binary, "cover", str(path), "--prompt", prompt, "--service", "local", "-o", str(cover), "--force",
                "--json", "--quiet",
            )
            wall = time.monotonic() - begun
            if result.returncode != 0 and not cover.exists():
                print(f"| {path.name} | {prompt} | {result.returncode} | {result.stderr.strip()} |")
                bad += 1
                continue
            record = json.loads(result.stdout.splitlines()[-1])
            ratio = seconds(cover) / seconds(path)
            probe = run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(cover))
            test = run("mpg123", "-q", "-t", str(cover))
            clean = not test.stderr.strip() and test.returncode == 0
            good = 0.8 <= ratio <= 1.25 and probe.returncode == 0 and not probe.stderr and clean
            bad += not good
            spectra.append(third_octaves(cover))
            rows.append(
                f"| {path.name} | {prompt.split(',')[0]} | {result.returncode} | {record['verification']['verdict']} "
                f"| {seconds(cover):.2f} / {seconds(path):.2f} | {ratio:.3f} | {probe.stdout.strip()} "
                f"| {'clean' if clean else 'complains'} | {wall:.1f} |"
            )
        apart = np.mean(np.abs(spectra[0] - spectra[1])) if len(spectra) == 2 else float("nan")
        for row in rows:
            print(f"{row} {apart:.1f} dB |")
    print(f"{bad} outside the bars" if bad else "all within the bars")
    sys.exit(1 if bad else 0)


main()
