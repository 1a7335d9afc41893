#!/usr/bin/env python3
"""Measures whole commands against other programs that do the same work, and prints ratios as Markdown tables.

    swift build -c release --product reprise
    Benchmarks/compare.py [--rounds N] [--files DIRECTORY] [--library DIRECTORY] [--reprise PROGRAM] [COMPARISON...]

The comparisons are walk, deep, cut, one, skim, encode, scan, rescan and deepscan.

Wants hyperfine, GNU time, ffmpeg, lame, flac, sox (with libsox-fmt-mp3), mp3val, mediainfo, a C compiler, and
mutagen and tinytag from PyPI; `scan` and `rescan` want the library of Benchmarks/make_library.py. In each round
every program of a comparison runs once, one after the other, in turning order: whatever else the machine does meets
all of them. Ratios are of a round's own times; the table has their median and quartiles. CPU time is the steadier
of the two on a busy machine. Peak memory is the largest that GNU time saw.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests/Oracles"))
from oracles import usage
from oracles.programs import RELEASE
from peers import build


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="*", help="which comparisons; all of them if none is named")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--files", default="/tmp/reprise-benchmarks", help="made if they are not there: 1.2 GB")
    parser.add_argument("--library", default="/tmp/reprise-library", help="what Benchmarks/make_library.py made")
    parser.add_argument("--reprise", default=str(RELEASE))
    options = parser.parse_intermixed_args()
    unknown = set(options.which) - set(COMPARISONS)
    if unknown:
        parser.error(f"no such comparison: {', '.join(sorted(unknown))}")
    return options


def quoted(command):
    return subprocess.list2cmdline(map(str, command))


def measured(command, statuses):
    """One run's wall clock and CPU time in seconds, by hyperfine without a shell."""
    with tempfile.NamedTemporaryFile(suffix=".json") as output:
        done = subprocess.run(
            [
                "hyperfine",
                "-N",
                "--runs",
                "1",
                "--ignore-failure",
                "--style",
                "none",
                "--export-json",
                output.name,
                quoted(command),
            ],
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            sys.exit(done.stderr)
        result = json.load(output)["results"][0]
    if result["exit_codes"][0] not in statuses:
        sys.exit(f"{quoted(command)[:300]}: exit code {result['exit_codes'][0]}")
    return result["mean"], result["user"] + result["system"]


def compare(title, bar, programs, rounds, statuses=(0,)):
    """Prints a table; `programs` are (name, command) pairs, ours first."""
    for _, command in programs:
        measured(command, statuses)  # the files into the page cache
    times = {name: [] for name, _ in programs}
    for turn in range(rounds):
        shift = turn % len(programs)
        for name, command in programs[shift:] + programs[:shift]:
            times[name].append(measured(command, statuses))
    ours = programs[0][0]
    print(f"### {title}\n\nBar: {bar}. {rounds} rounds.\n")
    print(
        "| program | wall, median | least | CPU, median | peak memory "
        "| reprise's wall is (quartiles) | reprise's CPU is |\n"
        "| --- | --- | --- | --- | --- | --- | --- |"
    )
    for name, command in programs:
        walls, cpus = zip(*times[name], strict=True)
        said = " | "
        if name != ours:
            ratios = [mine[0] / other for mine, other in zip(times[ours], walls, strict=True)]
            low, middle, high = statistics.quantiles(ratios, n=4)
            cpu = statistics.median(mine[1] / other for mine, other in zip(times[ours], cpus, strict=True))
            said = f"{middle:.3f} × ({low:.3f}–{high:.3f}) | {cpu:.3f} ×"
        memory = max(usage.peak_memory(command) for _ in range(3)) / 1e6
        print(
            f"| {name} | {statistics.median(walls) * 1000:.1f} ms | {min(walls) * 1000:.1f} ms | "
            f"{statistics.median(cpus) * 1000:.1f} ms | {memory:.1f} MB | {said} |"
        )
    print(flush=True)


def walk(options, directory, files):
    paths = sorted(map(str, (files / "mp3").glob("*.mp3")))
    size = sum(pathlib.Path(path).stat().st_size for path in paths) / 1e6
    compare(
        f"{len(paths)} mp3s of 240 s ({size:.0f} MB): what they are and how long",
        "at most mp3val's time, a tenth of mpg123_scan's",
        [
            ("reprise inspect", [options.reprise, "inspect", *paths]),
            ("mp3val", ["mp3val", *paths]),
            ("mpg123_scan", [build("scan", directory), *paths]),
        ],
        options.rounds,
    )


def deep(options, directory, files):
    one = ["taskset", "-c", "0"]
    mp3s = sorted(map(str, (files / "mp3").glob("*-0.mp3")))[:12]
    compare(
        f"{len(mp3s)} mp3s of 240 s decoded, on one core",
        "at most 1.18 × (0.85 of the speed)",
        [
            ("reprise inspect --deep", [*one, options.reprise, "inspect", "--deep", *mp3s]),
            ("libmpg123", [*one, build("decode", directory), *mp3s]),
        ],
        options.rounds,
    )
    flacs = sorted(map(str, (files / "flac").glob("*.flac")))
    compare(
        f"{len(flacs)} flacs of 240 s checked, on one core",
        "at most 1.18 × (0.85 of the speed)",
        [
            ("reprise inspect --deep", [*one, options.reprise, "inspect", "--deep", *flacs]),
            ("flac -t", [*one, "flac", "-s", "-t", *flacs]),
        ],
        options.rounds,
    )


def cut(options, directory, files):
    source = str(files / "mp3" / "cbr192-0.mp3")
    # reprise has the disk confirm what it wrote (fsync), which ffmpeg does not: on a busy disk that alone takes 10 to
    # 80 ms.
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        for place, words in ((memory, "into memory"), (directory, "onto the disk")):
            ours, theirs = f"{place}/ours.mp3", f"{place}/theirs.mp3"
            compare(
                f"100 s cut out of an mp3 without encoding, {words}",
                "a fifth of the time, a third of the memory",
                [
                    (
                        "reprise prepare",
                        [
                            options.reprise,
                            "prepare",
                            source,
                            "-o",
                            ours,
                            "--start",
                            "60",
                            "--end",
                            "160",
                            "--force",
                            "--quiet",
                        ],
                    ),
                    (
                        "ffmpeg -c copy",
                        [
                            "ffmpeg",
                            "-v",
                            "error",
                            "-nostdin",
                            "-y",
                            "-ss",
                            "60",
                            "-to",
                            "160",
                            "-i",
                            source,
                            "-c",
                            "copy",
                            theirs,
                        ],
                    ),
                ],
                options.rounds,
            )


def one(options, directory, files):
    source = str(files / "mp3" / "v2-0.mp3")
    compare(
        "One mp3 of 240 s",
        "at most half of the time",
        [
            ("reprise inspect", [options.reprise, "inspect", source]),
            ("ffprobe", ["ffprobe", "-v", "error", "-show_entries", "format=duration", source]),
        ],
        options.rounds,
    )


def skim(options, directory, files):
    # Copies, so that every file is read by itself.
    copies = directory / "copies"
    copies.mkdir(exist_ok=True)
    paths = sorted((files / "mp3").glob("*.mp3"))
    for source, count in [(files / "source.wav", 12), *((flac, 4) for flac in sorted((files / "flac").glob("*.flac")))]:
        for number in range(count):
            path = copies / f"{source.stem}-{number}{source.suffix}"
            shutil.copyfile(source, path)
            paths.append(path)
    listed = directory / "skimmed"
    listed.write_text("".join(f"{path}\0" for path in paths))
    words = ["--json", "--no-cache", "--no-duplicates", "--quiet"]
    compare(
        f"{len(paths)} files of 240 s (mp3, flac, wav), by their ends and a few probes",
        "at most mutagen's time in one process",
        [
            (
                "reprise validate --skim",
                [options.reprise, "validate", "--skim", "--files0-from", str(listed), *words],
            ),
            ("mutagen, one process", [sys.executable, str(HERE / "peers/lengths.py"), "mutagen", "1", str(listed)]),
            ("reprise validate", [options.reprise, "validate", "--files0-from", str(listed), *words]),
        ],
        options.rounds,
        statuses=(0, 1),
    )
    shutil.rmtree(copies)


def encode(options, directory, files):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        source = f"{memory}/long.wav"
        wav = str(files / "source.wav")
        subprocess.run(["sox", wav, wav, source, "trim", "0", "340"], check=True)
        size = pathlib.Path(source).stat().st_size / 1e6
        words = ["-o", f"{memory}/ours.flac", "--force", "--quiet"]
        compare(
            f"A wav of {size:.0f} MB made into a flac, in memory",
            "at most 1.15 × flac -5",
            [
                ("reprise prepare", [options.reprise, "prepare", source, *words]),
                ("flac -5", ["flac", "-5", "-s", "-f", source, "-o", f"{memory}/theirs.flac"]),
            ],
            options.rounds,
        )


def library(options, directory, every=1):
    """A list of the library's files, or of some spread over it, each path ending with a zero byte."""
    paths = sorted(str(path) for path in (pathlib.Path(options.library) / "library").rglob("*.*"))[::every]
    if not paths:
        sys.exit(f"{options.library} has no library; make one with Benchmarks/make_library.py")
    (directory / f"list-{every}").write_text("".join(path + "\0" for path in paths))
    return directory / f"list-{every}", len(paths)


def scan(options, directory, files):
    lengths = [sys.executable, str(HERE / "peers/lengths.py")]

    def ours(listed):
        return [
            (
                "reprise validate, two workers",
                [
                    options.reprise,
                    "validate",
                    "--files0-from",
                    str(listed),
                    "--json",
                    "--no-cache",
                    "--no-duplicates",
                    "--quiet",
                    "--jobs",
                    "2",
                ],
            )
        ]

    listed, count = library(options, directory)
    compare(
        f"A library of {count} files, on two cores",
        "faster than mutagen; as near to tinytag, which guesses, as exactness allows",
        [
            *ours(listed),
            ("mutagen, two processes", [*lengths, "mutagen", "2", str(listed)]),
            ("mutagen, one process", [*lengths, "mutagen", "1", str(listed)]),
            ("tinytag, two processes", [*lengths, "tinytag", "2", str(listed)]),
        ],
        options.rounds,
        statuses=(0, 1),
    )
    listed, count = library(options, directory, every=10)
    many = ["xargs", "-0", "-P", "2", "-a", str(listed)]
    compare(
        f"{count} of them, programs that take longer",
        "3 × as fast as mediainfo",
        [
            *ours(listed),
            ("mediainfo, two processes", [*many, "-n", "100", "mediainfo", "--Inform=General;%Duration%\\n"]),
            ("soxi, two processes", [*many, "-n", "100", "soxi", "-D"]),
            (
                "ffprobe, two processes",
                [*many, "-n", "1", "ffprobe", "-v", "quiet", "-show_entries", "format=duration"],
            ),
        ],
        min(options.rounds, 3),
        statuses=(0, 1, 123),
    )


def rescan(options, directory, files):
    listed, count = library(options, directory)
    os.environ["XDG_CACHE_HOME"] = str(directory / "cache")
    known = [options.reprise, "validate", "--files0-from", str(listed), "--json", "--quiet"]
    anew = ["sh", "-c", f"rm -rf '{directory}/anew'; XDG_CACHE_HOME='{directory}/anew' exec {quoted(known)}"]
    compare(
        f"A library of {count} files, known from before",
        "a tenth of the first scan's time",
        [("known", known), ("first, with its cache and duplicates", anew)],
        options.rounds,
        statuses=(0, 1),
    )


def deepscan(options, directory, files):
    mp3s = sorted(map(str, (files / "mp3").glob("*-[01].mp3")))
    compare(
        f"{len(mp3s)} mp3s of 240 s decoded",
        "at most 0.588 × (1.7 times as fast)",
        [
            (
                "reprise validate --deep, two cores",
                [
                    options.reprise,
                    "validate",
                    "--deep",
                    "--jobs",
                    "2",
                    "--no-cache",
                    "--no-duplicates",
                    "--quiet",
                    "--json",
                    *mp3s,
                ],
            ),
            ("libmpg123, one core", ["taskset", "-c", "0", build("decode", directory), *mp3s]),
        ],
        min(options.rounds, 3),
        statuses=(0, 1),
    )


COMPARISONS = {
    "walk": walk,
    "deep": deep,
    "cut": cut,
    "one": one,
    "skim": skim,
    "encode": encode,
    "scan": scan,
    "rescan": rescan,
    "deepscan": deepscan,
}


def main():
    options = arguments()
    files = pathlib.Path(options.files)
    if set(options.which or COMPARISONS) - {"scan", "rescan"}:
        subprocess.run([HERE / "make_files.py", files], check=True)
    with tempfile.TemporaryDirectory() as directory:
        for name in options.which or COMPARISONS:
            COMPARISONS[name](options, pathlib.Path(directory), files)


if __name__ == "__main__":
    main()
