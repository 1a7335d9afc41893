#!/usr/bin/env python3
"""Measures `reprise validate` on the library that Benchmarks/make_library.py made.

    Benchmarks/make_library.py DIRECTORY [--music FILE...]
    Benchmarks/measure_library.py DIRECTORY [--reprise PROGRAM] [truth|kills|memory ...]

truth: which broken files a quick and a deep scan find, by what was done to them, and which whole ones they accuse.
kills: a scan killed (SIGKILL) ten times at random moments and run again, against one that nobody disturbed: output,
table, page. memory: the peak of the scan and of its largest worker at 1,000, 10,000 and 100,000 entries (the
library's files under ten names each).
"""

import argparse
import collections
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests/Oracles"))
from oracles import usage
from oracles.programs import RELEASE


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("which", nargs="*", help="truth, kills, memory; all of them if none is named")
    parser.add_argument("--reprise", default=str(RELEASE))
    options = parser.parse_intermixed_args()
    unknown = set(options.which) - set(MEASUREMENTS)
    if unknown:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    return options


def environment(cache):
    return {**os.environ, "XDG_CACHE_HOME": str(cache)}


def scan(options, cache, *words, paths=None):
    """The process, its output in a temporary file."""
    output = tempfile.TemporaryFile()
    command = [
        options.reprise,
        "validate",
        *map(str, paths or [options.directory / "library"]),
        "--json",
        *map(str, words),
    ]
    return subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, env=environment(cache)), output


def output_of(process, output):
    if process.wait() not in (0, 1):
        sys.exit(f"validate ended with {process.returncode}")
    output.seek(0)
    return output.read()


def truth(options, scratch):
    """What a scan says of each file against what was done to it."""
    done = dict(line.split("\t") for line in (options.directory / "truth.tsv").read_text().splitlines())
    print("### What is found\n\n| what was done | files | quick | deep |\n| --- | --- | --- | --- |")
    found, accused, took = {}, {}, {}
    for depth, words in (("quick", []), ("deep", ["--deep"])):
        began = time.monotonic()
        text = output_of(*scan(options, scratch / depth, *words))
        took[depth] = time.monotonic() - began
        counts, wrong, files = collections.Counter(), [], 0
        for line in text.decode().splitlines():
            record = json.loads(line)
            if record["schema"] != "reprise.inspection.v1":
                continue
            files += 1
            path = str(pathlib.Path(record["path"]).relative_to(options.directory / "library"))
            codes = {reason["code"] for reason in record["reasons"]}
            # A header that lies about audio which is all there is told, and the file stays ready.
            told = record["verdict"] != "ready" or "header-lies" in codes
            if path in done:
                counts[done[path]] += told
            elif told or "corrupt" in codes:
                wrong.append((path, record["verdict"], sorted(codes)))
        found[depth], accused[depth] = counts, wrong
    for way, count in sorted(collections.Counter(done.values()).items()):
        print(f"| {way} | {count} | {found['quick'][way]} | {found['deep'][way]} |")
    print(f"| all | {len(done)} | {sum(found['quick'].values())} | {sum(found['deep'].values())} |")
    for depth in ("quick", "deep"):
        print(
            f"\n{depth}: {files} files in {took[depth]:.1f} s; "
            f"{len(accused[depth])} of {files - len(done)} whole ones accused"
        )
        for line in accused[depth][:10]:
            print("   ", *line)
    print(flush=True)


def reports(directory):
    directory.mkdir()
    return ["--csv", directory / "table.csv", "--report", directory / "page.html"]


def kills(options, scratch):
    """Ten kills at random moments, each followed by the same command again."""
    whole = output_of(*scan(options, scratch / "undisturbed", *reports(scratch / "whole")))
    began = time.monotonic()
    output_of(*scan(options, scratch / "timed"))
    length = time.monotonic() - began
    chance, killed = random.Random(4), 0
    target = reports(scratch / "killed")
    while killed < 10:
        process, _ = scan(options, scratch / "killing", *target)
        # Each run has less to do than the one before: what it may take shrinks with what is left.
        time.sleep(chance.uniform(0.02, length / 10))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    known = subprocess.run(
        [
            options.reprise,
            "validate",
            str(options.directory / "library"),
            "--csv",
            str(target[1]),
            "--report",
            str(target[3]),
            "--force",
            "--json",
        ],
        env=environment(scratch / "killing"),
        capture_output=True,
    )
    same = {"output": known.stdout == whole}
    for name in ("table.csv", "page.html"):
        same[name] = (scratch / "killed" / name).read_bytes() == (scratch / "whole" / name).read_bytes()
    left = [path.name for path in (scratch / "killed").iterdir() if path.name not in same]
    print(
        f"### Kills\n\nAn undisturbed scan takes {length:.1f} s. Killed {killed} times, then run to its end: "
        f"{known.stderr.decode().strip()}."
    )
    print(
        "Same bytes: "
        + ", ".join(f"{name} {'yes' if equal else 'NO'}" for name, equal in same.items())
        + f". Left behind: {', '.join(left) or 'nothing'}.\n",
        flush=True,
    )


def peaks(process):
    """Peak resident memory in MB, of the process and of the largest of its children, looked at until it ends."""
    own = workers = 0
    seen = set()
    while process.poll() is None:
        try:
            children = pathlib.Path(f"/proc/{process.pid}/task").glob("*/children")
            for child in [int(number) for file in children for number in file.read_text().split()]:
                seen.add(child)
                workers = max(workers, usage.high_water(child))
            own = max(own, usage.high_water(process.pid))
        except OSError:
            pass
        time.sleep(0.02)
    return own / 1e6, workers / 1e6, len(seen)


def memory(options, scratch):
    files = sorted((options.directory / "library").rglob("*.*"))
    print(
        "### Memory\n\n| entries | depth | time | again, known | scan | largest worker |\n"
        "| --- | --- | --- | --- | --- | --- |"
    )
    for count in (1_000, 10_000, 100_000):
        tree = options.directory / f"links-{count}"
        for name in range(-(-count // len(files))):
            for number, path in enumerate(files[:count]):
                link = tree / str(name) / str(number % 100) / f"{number}{path.suffix}"
                link.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, link)
        times, most = [], (0, 0)
        for _ in range(2):
            began = time.monotonic()
            process, _ = scan(options, scratch / f"memory-{count}", paths=[tree])
            own, workers, _ = peaks(process)
            times.append(time.monotonic() - began)
            most = (max(most[0], own), max(most[1], workers))
        print(
            f"| {count:,} | quick | {times[0]:.1f} s | {times[1]:.2f} s | {most[0]:.1f} MB | {most[1]:.1f} MB |",
            flush=True,
        )
        subprocess.run(["rm", "-r", tree], check=True)
    for name, words in (("deep", ["--deep"]), ("loudness", ["--loudness"])):
        process, _ = scan(options, scratch / name, *words, paths=files[:1000])
        own, workers, _ = peaks(process)
        print(f"| 1,000 | {name} | | | {own:.1f} MB | {workers:.1f} MB |", flush=True)


MEASUREMENTS = {"truth": truth, "kills": kills, "memory": memory}


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as scratch:
        for name in options.which or MEASUREMENTS:
            MEASUREMENTS[name](options, pathlib.Path(scratch))


if __name__ == "__main__":
    main()
