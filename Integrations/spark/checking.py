"""What an executor does: hands a piece of the list to `reprise validate` and takes its records, none missing, none
twice."""

import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

SUMMARY = "reprise.summary.v1"
# Some files are not ready (1), named and not there (66), or failed to be read (74): answers all the same, if the
# summary came.
UNREADABLE = 74
FINE = (0, 1, 66, UNREADABLE)


class CheckFailed(Exception):
    """A piece that can't be believed; Spark tries it again, elsewhere if it can."""


class Terms(NamedTuple):
    """How to look, the same on every machine."""

    program: str
    version: str
    options: tuple[str, ...]
    jobs: int
    directory: bytes  # What relative paths are relative to: an executor is at work somewhere else.


class Piece(NamedTuple):
    """Paths that follow one another in the sorted list."""

    list: str
    offset: int
    length: int
    place: int  # Of its first path, from 0, in the whole list.
    count: int


def text(path: bytes) -> str:
    """A path as records have it: what is not UTF-8 is replaced, as Swift does."""
    return path.decode("utf-8", "replace")


def paths_of(piece: Piece) -> Iterator[bytes]:
    """Its paths, read a block at a time."""
    with open(piece.list, "rb") as file:
        file.seek(piece.offset)
        left, rest = piece.length, b""
        while left > 0:
            block = file.read(min(left, 1 << 16))
            if not block:
                raise CheckFailed(f"{piece.list} is shorter than it was")
            left -= len(block)
            *whole, rest = (rest + block).split(b"\0")
            yield from whole


def version_of(program: str) -> str:
    """What the program says it is."""
    return subprocess.run([program, "--version"], capture_output=True, check=True, text=True).stdout.strip()


def feed(paths: Iterable[bytes], pipe: Any, troubles: list[Exception]) -> None:
    """Writes paths until all are written or nobody reads them; whoever reads the answers must not wait for this."""
    try:
        with pipe:
            for path in paths:
                pipe.write(path + b"\0")
    except BrokenPipeError:
        pass  # Its exit code tells why.
    except Exception as error:
        troubles.append(error)


def lines(
    terms: Terms, paths: Iterable[bytes], directory: bytes, *more: str, ended: Callable[[int], None]
) -> Iterator[bytes]:
    """What `reprise validate` prints of these paths, line by line; `ended` takes its exit code.

    Raises at the end if it failed. That it exited with 74 may mean that a file could not be read, or that it gave up:
    then no summary came, which is the caller's to see.
    """
    command = [
        terms.program,
        "validate",
        "--files0-from",
        "-",
        "--json",
        "--no-cache",
        "--quiet",
        "--jobs",
        str(terms.jobs),
        *terms.options,
        *more,
    ]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, cwd=directory)
        troubles: list[Exception] = []
        writer = threading.Thread(target=feed, args=(paths, process.stdin, troubles), daemon=True)
        writer.start()
        try:
            yield from process.stdout
            writer.join()
            status = process.wait()
        finally:
            # Also where the task was given up in the middle: nothing is left running.
            process.kill()
            process.wait()
            process.stdout.close()
            writer.join()
        if troubles:
            raise CheckFailed(f"the list could not be handed on: {troubles[0]}")
        if status not in FINE:
            words.seek(max(0, words.seek(0, os.SEEK_END) - 2000))
            said = words.read().decode("utf-8", "replace").strip()
            how = f"was ended by signal {-status}" if status < 0 else f"exited with {status}"
            raise CheckFailed(f"reprise {how}: {said or 'it said nothing'}")
        ended(status)


class Tally:
    """The same sums as the summary's, in the same order."""

    def __init__(self) -> None:
        self.sums = {"files": 0, "ready": 0, "preparable": 0, "rejected": 0, "bytes": 0, "seconds": 0.0}

    def add(self, record: dict[str, Any]) -> None:
        self.sums["files"] += 1
        self.sums[record["verdict"]] += 1
        self.sums["bytes"] += record["bytes"] or 0
        self.sums["seconds"] += (record["duration"] or {}).get("seconds") or 0.0

    def compare(self, summary: dict[str, Any] | None) -> None:
        if summary is None:
            raise CheckFailed("reprise ended without a summary")
        for name, value in {**self.sums, "skimmed": 0, "special": 0, "unreadableFolders": 0}.items():
            if summary[name] != value:
                raise CheckFailed(f"reprise's summary says {name} {summary[name]}, its records say {value}")


def row(place: int, path: bytes, record: dict[str, Any], line: bytes) -> tuple[Any, ...]:
    """A record as a row of records.SCHEMA."""
    duration, loudness, integrity = record["duration"] or {}, record.get("loudness") or {}, record["integrity"]
    return (
        place,
        path,
        record["path"],
        record["verdict"],
        record["format"],
        record["codec"],
        record["sampleRate"],
        record["channels"],
        real(duration.get("seconds")),
        duration.get("frames"),
        record["bytes"],
        record["audioBytes"],
        [(reason["code"], reason["message"]) for reason in record["reasons"]],
        [(real(span["start"]), real(span["end"])) for span in integrity["damage"]],
        real(loudness.get("integrated")),
        integrity["checked"],
        line.decode(),
    )


def real(value: float | None) -> float | None:
    """JSON has no point in whole numbers; Parquet's column of doubles wants a float."""
    return None if value is None else float(value)


def check(terms: Terms, failures: Any, piece: Piece) -> Iterator[tuple[Any, ...]]:
    """The rows of a piece, in order, one a path; `failures` counts the tasks in which a file could not be read."""

    def note(status: int) -> None:
        if status == UNREADABLE:
            failures.add(1)

    here = version_of(terms.program)
    if here != terms.version:
        raise CheckFailed(f"{terms.program} is {here} on this machine, and {terms.version} on the driver's")
    paths, tally, summary, place = paths_of(piece), Tally(), None, piece.place
    for line in lines(terms, paths_of(piece), terms.directory, "--no-duplicates", ended=note):
        line = line.rstrip(b"\n")
        record = json.loads(line)
        if record["schema"] == SUMMARY:
            summary = record
            continue
        path = next(paths, None)
        if path is None or record["path"] != text(path):
            raise out_of_step(terms, path, record["path"])
        tally.add(record)
        yield row(place, path, record, line)
        place += 1
    left = next(paths, None)
    if left is not None or place != piece.place + piece.count:
        raise out_of_step(terms, left, None)
    tally.compare(summary)


def out_of_step(terms: Terms, path: bytes | None, found: str | None) -> CheckFailed:
    if path is not None and os.path.isdir(os.path.join(terms.directory, path)):
        return CheckFailed(f"{text(path)!r} is a directory: the list must name files; 'find' makes such a list")
    return CheckFailed(f"reprise answered for {found!r} where {path!r} was next")


def same_audio(terms: Terms, paths: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Files with the same audio among these, sorted ones: the first of its group and the file, as paths.

    reprise is given links with numbers for names, since two paths that are not UTF-8 can look the same in its answer.
    The paths of these files alone are in memory: they must be, for their groups are told at the end.
    """
    given = list(paths)
    if not given:
        return
    with tempfile.TemporaryDirectory() as name:
        directory, names, summary = os.fsencode(name), [b"%012d" % number for number in range(len(given))], None
        for path, link in zip(given, names, strict=True):
            os.symlink(os.path.join(terms.directory, path), os.path.join(directory, link))
        for line in lines(terms, names, directory, ended=lambda status: None):
            if f'"schema":"{SUMMARY}"'.encode() in line:
                summary = json.loads(line)
        if summary is None or summary["files"] != len(given):
            raise CheckFailed(f"reprise compared {summary and summary['files']} files, not {len(given)}")
        for group in summary["duplicates"]:
            for link in group:
                yield given[int(group[0])], given[int(link)]
