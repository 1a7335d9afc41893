#!/usr/bin/env python3
"""`reprise validate` over many machines: a list of files, split over the executors of Apache Spark.

    spark-submit [Spark's options] Integrations/spark/validate.py --files0-from LIST --output DIRECTORY
    find MUSIC -name '.?*' -prune -o -type f -print0 |
      python3 Integrations/spark/validate.py --master 'local[2]' --files0-from - --output DIRECTORY

The list names files, each path ending with a zero byte, in any order; one that is named twice counts once. Directories
are not expanded, and one in the list ends the job: which of two machines finds a file that two directories lead to
would be chance, so the list is made once, before. Every executor must see the files, reprise and DIRECTORY under the
same paths. Limits that are not given here are those of each machine's own configuration.

DIRECTORY/records is Parquet, a row a file; DIRECTORY/duplicates, where there are any, the files with the same audio.
The summary goes to stdout and DIRECTORY/summary.json, last: the line that `reprise validate --json` prints of the same
list on one machine. Exits as reprise does: 0 all are ready, 1 some are not, 66 something named can't be read, 64
usage, 74 a file failed to be read, or all of it failed: then there is no OUTPUT.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any, NoReturn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from checking import CheckFailed, Piece, Terms, check, same_audio, version_of  # noqa: E402


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(64, f"{self.prog}: {message}\n")


def arguments() -> argparse.Namespace:
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("paths", nargs="*", metavar="FILE", help="files")
    parser.add_argument("--files0-from", action="append", default=[], metavar="LIST", help="a list; - for stdin")
    parser.add_argument("--output", required=True, metavar="DIRECTORY", help="made anew; all machines must see it")
    parser.add_argument("--reprise", default="reprise", metavar="PROGRAM", help="the command on every machine")
    parser.add_argument("--files-per-task", type=int, metavar="N", help="default: 5000, with --deep 100")
    parser.add_argument("--partitions", type=int, metavar="N", help="as many tasks, instead")
    parser.add_argument("--jobs", type=int, metavar="N", help="files at once in a task (default: spark.task.cpus)")
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("--loudness", action="store_true")
    parser.add_argument("--no-duplicates", action="store_true")
    for name in ("--timeout", "--min-seconds", "--max-seconds"):
        parser.add_argument(name, type=float, metavar="SECONDS")
    parser.add_argument("--max-bytes", type=int, metavar="BYTES")
    parser.add_argument("--master", help="Spark's, where spark-submit does not say it")
    parser.add_argument("--verbose", action="store_true", help="what Spark says as well")
    options = parser.parse_args()
    if not options.paths and not options.files0_from:
        parser.error("name files, or a list with --files0-from")
    if options.files0_from.count("-") > 1:
        parser.error("stdin can be read as a list but once")
    for name in ("files_per_task", "partitions", "jobs"):
        value = getattr(options, name)
        if value is not None and value < 1:
            parser.error(f"--{name.replace('_', '-')} takes 1 or more, not {value}")
    return options


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def sorted_list(options: argparse.Namespace, path: str) -> None:
    """Writes the paths that were named, each once, in the order of their bytes.

    sort(1) needs no more memory for more of them.
    """
    with open(path, "wb") as output:
        sort = subprocess.Popen(
            ["sort", "-z", "-u"], stdin=subprocess.PIPE, stdout=output, env={**os.environ, "LC_ALL": "C"}
        )
        with sort.stdin as pipe:
            for name in options.paths:
                pipe.write(os.fsencode(name) + b"\0")
            for name in options.files0_from:
                with open(0 if name == "-" else name, "rb", closefd=name != "-") as source:
                    shutil.copyfileobj(source, pipe, 1 << 20)
                pipe.write(b"\0")  # Whether or not the last one ended.
    if sort.wait() != 0:
        raise CheckFailed(f"the list could not be sorted (sort exited with {sort.returncode})")


def cut(path: str, size: int) -> Iterator[Piece]:
    """The list in pieces of so many paths."""
    offset, place, count, position = 0, 0, 0, 0
    with open(path, "rb") as file:
        rest = b""
        while block := file.read(1 << 20):
            *whole, rest = (rest + block).split(b"\0")
            for name in whole:
                position += len(name) + 1
                if not name:  # Sorted, it is the first: an empty name names nothing.
                    offset = position
                    continue
                count += 1
                if count == size:
                    yield Piece(path, offset, position - offset, place, count)
                    offset, place, count = position, place + count, 0
    if count:
        yield Piece(path, offset, position - offset, place, count)


def paths_in(path: str) -> int:
    return sum(piece.count for piece in cut(path, 1 << 20))


def terms_of(options: argparse.Namespace, jobs: int) -> Terms:
    program = options.reprise
    if os.sep in program:
        program = os.path.abspath(program)
    elif not shutil.which(program):
        raise CheckFailed(f"there is no command {program!r}; name it with --reprise")
    given = [f"--{name}" for name in ("deep", "loudness") if getattr(options, name)]
    for name in ("timeout", "min_seconds", "max_seconds", "max_bytes"):
        value = getattr(options, name)
        if value is not None:
            given += ["--" + name.replace("_", "-"), repr(value)]
    return Terms(program, version_of(program), tuple(given), jobs, os.getcwdb())


def session(options: argparse.Namespace) -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("reprise validate")
    if options.master:
        builder = builder.master(options.master)
    # A task's rows become part of the result by one rename, whose right the driver gives to one attempt alone.
    builder = builder.config("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "1")
    spark = builder.getOrCreate()
    if not options.verbose:
        spark.sparkContext.setLogLevel("OFF")
    for name in ("checking.py", "records.py"):
        spark.sparkContext.addPyFile(os.path.join(HERE, name))
    return spark


def scan(spark: Any, options: argparse.Namespace, output: str, pieces: list[Piece]) -> dict[str, int]:
    """Both stages and the summary; returns its sums."""
    import records as results

    jobs = options.jobs or int(spark.conf.get("spark.task.cpus", "1"))
    terms, size = terms_of(options, jobs), max(piece.count for piece in pieces)
    place, failures = "file://" + output, spark.sparkContext.accumulator(0)
    rows = spark.sparkContext.parallelize(pieces, len(pieces)).flatMap(partial(check, terms, failures))
    spark.createDataFrame(rows, results.SCHEMA, verifySchema=False).write.parquet(place + "/records")
    records = spark.read.schema(results.SCHEMA).parquet(place + "/records")
    sums = results.counted(records)
    total = sum(piece.count for piece in pieces)
    if sums["files"] != total or sums["places"] != total * (total - 1) // 2:
        raise CheckFailed(f"{total} files were listed and {sums['files']} are in {output}/records, not each once")
    groups = None
    if not options.no_duplicates:
        alike = results.alike(records)
        if count := alike.count():
            pairs = (
                alike.repartition(-(-count // size), *results.KEY)
                .sortWithinPartitions("path")
                .select("path")
                .rdd.map(lambda row: bytes(row["path"]))
                .mapPartitions(partial(same_audio, terms))
            )
            spark.createDataFrame(pairs, results.SAME_AUDIO, verifySchema=False).write.parquet(place + "/duplicates")
            groups = spark.read.schema(results.SAME_AUDIO).parquet(place + "/duplicates")
    write(output, sums, results.seconds_of(records), groups)
    return {**sums, "failed": failures.value}


def write(output: str, sums: dict[str, int], seconds: float, groups: Any) -> None:
    import records as results

    path = os.path.join(output, "summary.json")
    with open(path + ".part", "wb") as file:
        results.write_summary(file, sums, seconds, groups)
    os.rename(path + ".part", path)


def run(options: argparse.Namespace, output: str) -> int:
    listed = os.path.join(output, "paths0")
    sorted_list(options, listed)
    total = paths_in(listed)
    size = options.files_per_task or (100 if options.deep or options.loudness else 5000)
    if options.partitions:
        size = max(1, -(-total // options.partitions))
    pieces = list(cut(listed, size))
    if not pieces:
        write(output, dict.fromkeys(("files", "ready", "preparable", "rejected", "bytes"), 0), 0.0, None)
        say("no files were named")
        return 66
    say(f"{total} files in {len(pieces)} tasks")
    spark = session(options)
    try:
        sums = scan(spark, options, output, pieces)
    finally:
        spark.stop()
    say(f"{sums['files']} files: {sums['ready']} ready, {sums['preparable']} preparable, {sums['rejected']} rejected")
    if sums["failed"]:
        return 74
    return 66 if sums["missing"] else 0 if sums["ready"] == sums["files"] else 1


def words_of(error: Exception) -> str:
    """Spark wraps a task's error in the traces of two languages; what was wrong is one line of it."""
    said = [line.split("CheckFailed: ", 1)[1] for line in str(error).splitlines() if "CheckFailed: " in line]
    return said[0] if said else str(error)


def main() -> int:
    options = arguments()
    output = os.path.abspath(options.output)
    try:
        os.mkdir(output)
    except OSError as error:
        say(f"validate.py: {options.output}: {error.strerror}; name a directory that is not there yet, in one that is")
        return 74
    try:
        status = run(options, output)
    except BaseException as error:
        shutil.rmtree(output, ignore_errors=True)
        if isinstance(error, KeyboardInterrupt):
            return 130
        if not isinstance(error, Exception):
            raise
        say(f"validate.py: {words_of(error)}")
        return 66 if isinstance(error, FileNotFoundError) else 74
    with open(os.path.join(output, "summary.json"), "rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    return status


if __name__ == "__main__":
    sys.exit(main())
