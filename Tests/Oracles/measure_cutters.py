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
import subprocess
import sys
import tempfile

import numpy as np

START, LENGTH = 20, 10


def run(*command, **more):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, **more)


def decoded(path, decoder):
    """Frames × 2, floats, and the sample rate."""
    rate = int(
        run("ffprobe", "-v", "error", "-show_entries", "stream=sample_rate", "-of", "csv=p=0", path)
        .stdout.split()[0]
        .strip(b",")
    )
    if decoder == "mpg123":
        data = run("mpg123", "-q", "--resync-limit", "-1", "--stereo", "-e", "f32", "-s", path).stdout
    else:
        data = run("ffmpeg", "-v", "quiet", "-i", path, "-ac", "2", "-f", "f32le", "-").stdout
    return np.frombuffer(data[: len(data) // 8 * 8], np.float32).reshape(-1, 2), rate


def place(source, cut, rate):
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


def compare(source, cut, rate):
    at = place(source, cut, rate)
    low, high = max(0, -at), min(len(cut), len(source) - at)
    bad = np.abs(cut[low:high] - source[at + low : at + high]).max(axis=1) > 2.0**-15
    half = len(bad) // 2
    wrong = np.flatnonzero(bad)
    front = wrong[wrong < half].max() + 1 if (wrong < half).any() else 0
    back = len(bad) - wrong[wrong >= half].min() if (wrong >= half).any() else 0
    # Samples that the source has none of to compare with are not its own either.
    return at - START * rate, front + low, back + len(cut) - high, len(cut)


def tools(reprise):
    def ffmpeg_before(source, out, folder):
        return run("ffmpeg", "-v", "error", "-y", "-ss", str(START), "-i", source, "-t", str(LENGTH), "-c", "copy", out)

    def ffmpeg_after(source, out, folder):
        return run("ffmpeg", "-v", "error", "-y", "-i", source, "-ss", str(START), "-t", str(LENGTH), "-c", "copy", out)

    def mp3splt(*options):
        def cut(source, out, folder):
            done = run(
                "mp3splt",
                "-Q",
                *options,
                "-o",
                "split",
                "-d",
                folder,
                source,
                "0.%d" % START,
                "0.%d" % (START + LENGTH),
            )
            for made in glob.glob(os.path.join(folder, "split*.mp3")):
                os.replace(made, out)
            return done

        return cut

    def mp3cut(source, out, folder):
        return run("mp3cut", "-o", out, "-t", "00:%d-00:%d" % (START, START + LENGTH), source, cwd=folder)

    def ours(source, out, folder):
        return run(
            reprise,
            "prepare",
            source,
            "-o",
            out,
            "--force",
            "--quiet",
            "--start",
            str(START),
            "--end",
            str(START + LENGTH),
        )

    return [
        ("ffmpeg -c copy, -ss before -i", "ffmpeg", ffmpeg_before),
        ("ffmpeg -c copy, -ss after -i", "ffmpeg", ffmpeg_after),
        ("mp3splt", "mp3splt", mp3splt()),
        ("mp3splt -f -b", "mp3splt", mp3splt("-f", "-b")),
        ("mp3cut", "mp3cut", mp3cut),
        ("reprise prepare", reprise, ours),
    ]


def sources(folder):
    wav = os.path.join(folder, "music.wav")
    tone = (
        "0.3*exp(-4*mod(t\\,0.5))*sin(2*PI*(220+110*floor(mod(2*t\\,4)))*t)+0.1*sin(2*PI*(196+t)*t)+0.1*(random(0)-0.5)"
    )
    run(
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        "aevalsrc={}|{}:s=44100:d=60".format(tone, tone.replace("random(0)", "random(1)")),
        wav,
    )
    for name, options in (("128", ["-b", "128"]), ("V2", ["-V", "2"]), ("320", ["-b", "320"])):
        path = os.path.join(folder, f"made-{name}.mp3")
        run("lame", "--quiet", *options, wav, path)
        yield path


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    reprise, failures = os.path.abspath(sys.argv[1]), 0
    print("| file | tool | decoded by | start error | lead-in not the source's | at the end | length |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for source in list(sources(folder)) + [os.path.abspath(path) for path in sys.argv[2:]]:
            whole = {decoder: decoded(source, decoder) for decoder in ("mpg123", "ffmpeg")}
            for title, command, cut in tools(reprise):
                name, out = os.path.basename(source), os.path.join(folder, "cut.mp3")
                if os.path.exists(out):
                    os.remove(out)
                if shutil.which(command) is None:
                    print(f"| {name} | {title} | not installed | | | | |")
                    continue
                done = cut(source, out, folder)
                if not os.path.exists(out):
                    print("| %s | %s | made nothing (exit %d) | | | | |" % (name, title, done.returncode))
                    failures += command == reprise
                    continue
                for decoder, (samples, rate) in whole.items():
                    late, front, back, length = compare(samples, decoded(out, decoder)[0], rate)
                    failures += command == reprise and (late, front, back, length) != (0, 0, 0, LENGTH * rate)
                    print(
                        "| %s | %s | %s | %+.2f ms (%+d) | %.1f ms (%d) | %d | %.4f s (%d) |"
                        % (
                            name,
                            title,
                            decoder,
                            1000 * late / rate,
                            late,
                            1000 * front / rate,
                            front,
                            back,
                            length / rate,
                            length,
                        ),
                        flush=True,
                    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
