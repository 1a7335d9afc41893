"""What Integrations/spark/check-spark runs: a cluster of two executors, one of which is killed at work. `check.py
REPRISE`"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "Fixtures"
FILES, PARTITIONS = 400, 14
# Marks when a piece begins and ends, and makes it last a second, so that there is time to kill somebody in the middle.
SLOW = """#!/bin/sh
if [ "$1" = --version ]; then exec '{reprise}' --version; fi
: > '{marks}'/$$.begun
sleep 1
'{reprise}' "$@"
status=$?
: > '{marks}'/$$.ended
exit $status
"""


def fail(words: str) -> None:
    sys.exit(f"check-spark: {words}")


def make_tree(directory: Path) -> list[bytes]:
    """Copies, further names and links of the fixtures, sound and broken, under plain and odd names."""
    fixtures = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".mp3", ".wav", ".flac"))
    tree = os.fsencode(directory / "tree")
    os.mkdir(tree)
    paths: list[bytes] = []
    for number in range(FILES):
        fixture = fixtures[number % len(fixtures)]
        path = os.path.join(b"tree", b"%03d-" % number + os.fsencode(fixture.name))
        target = os.path.join(os.fsencode(directory), path)
        if number % 7 == 6:
            os.link(os.path.join(os.fsencode(directory), paths[number - 5]), target, follow_symlinks=False)
        elif number % 11 == 10:
            os.symlink(fixture, target)
        else:
            shutil.copyfile(fixture, target)
        paths.append(path)
    odd = [
        b'tree/new\nline "quoted" \\ \x01.mp3',
        b"tree/\xff.mp3",
        b"tree/\xfe.mp3",
        b"tree/\xed\xa0\x80.wav",
        "tree/e\u0301 \u00e9 \U0001f600 \u2028.mp3".encode(),
        b"-dash.mp3",
        b"--help",
    ]
    for path in odd:
        shutil.copyfile(FIXTURES / "cbr.mp3", os.path.join(os.fsencode(directory), path))
    # A second name of a file that only bytes tell from another one; of these one alone is told as the same audio.
    os.link(os.path.join(tree, b"\xff.mp3"), os.path.join(tree, b"\xfd.mp3"))
    os.mkfifo(os.path.join(tree, b"pipe.mp3"))
    os.symlink("nowhere", os.path.join(tree, b"leads-nowhere.mp3"))
    return paths + odd + [b"tree/\xfd.mp3", b"tree/pipe.mp3", b"tree/leads-nowhere.mp3", b"tree/missing.mp3"]


def processes() -> dict[int, tuple[int, str]]:
    """All processes: their parents and command lines."""
    output = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, check=True).stdout
    rows = (line.split(None, 2) for line in output.decode("utf-8", "replace").splitlines())
    return {int(row[0]): (int(row[1]), row[2] if len(row) > 2 else "") for row in rows}


def executor_of(process: int, all_of_them: dict[int, tuple[int, str]]) -> int | None:
    """The executor that a process works for."""
    while process in all_of_them:
        parent, command = all_of_them[process]
        if "CoarseGrainedExecutorBackend" in command and "java" in command.split()[0]:
            return process
        process = parent
    return None


def family(process: int, all_of_them: dict[int, tuple[int, str]]) -> list[int]:
    found = [process]
    for one in found:
        found += [child for child, (parent, _) in all_of_them.items() if parent == one]
    return found


def marked(marks: Path, kind: str) -> set[int]:
    return {int(path.stem) for path in marks.glob(f"*.{kind}")}


def kill_one(job: subprocess.Popen[bytes], marks: Path) -> int:
    """Ends an executor with all its processes, as a machine ends, while both are at work and something is done.

    Returns the process that was at a piece and never came to its end.
    """
    limit = time.monotonic() + 300
    while time.monotonic() < limit:
        if job.poll() is not None:
            fail(f"the job ended (exit code {job.returncode}) before an executor could be killed")
        ended = marked(marks, "ended")
        everything = processes()
        at_work = {one: executor_of(one, everything) for one in marked(marks, "begun") - ended}
        executors = {executor for executor in at_work.values() if executor}
        if len(ended) >= 2 and len(executors) == 2:
            victim, executor = next((one, its) for one, its in at_work.items() if its)
            # Whether it is still ours is known from the list just now; ended all at once, as by a power cut.
            for process in family(executor, everything):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            return victim
        time.sleep(0.05)
    fail("two executors at work at once were not seen within 300 s")
    return 0


def check_events(directory: Path) -> None:
    """Spark's own account: an executor was lost, a task with it, and that task was done in the end."""
    events = [json.loads(line) for path in directory.iterdir() for line in path.read_text().splitlines()]
    removed = [event for event in events if event["Event"] == "SparkListenerExecutorRemoved"]
    ends = [event for event in events if event["Event"] == "SparkListenerTaskEnd"]
    lost = {
        (event["Stage ID"], event["Task Info"]["Index"])
        for event in ends
        if event["Task End Reason"]["Reason"] == "ExecutorLostFailure"
    }
    done = {
        (event["Stage ID"], event["Task Info"]["Index"])
        for event in ends
        if event["Task End Reason"]["Reason"] == "Success"
    }
    if not removed or not lost:
        fail(f"Spark lost {len(removed)} executors and {len(lost)} tasks: the kill came too late or hit nothing")
    if not lost <= done:
        fail(f"tasks that were lost were never done: {lost - done}")
    print(f"an executor was lost with {len(lost)} tasks, which were done again", file=sys.stderr)


def compare(directory: Path, output: Path, paths: set[bytes], expected: list[bytes], printed: bytes) -> None:
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    rows = spark.read.parquet(f"file://{output}/records").orderBy("place").collect()
    pairs = spark.read.parquet(f"file://{output}/duplicates").count()
    spark.stop()
    found = [bytes(row["path"]) for row in rows]
    if len(found) != len(set(found)):
        fail(f"{len(found) - len(set(found))} files were counted twice")
    if set(found) != paths:
        fail(f"lost: {sorted(paths - set(found))[:5]}, invented: {sorted(set(found) - paths)[:5]}")
    if found != sorted(found) or [row["place"] for row in rows] != list(range(len(rows))):
        fail("places are not those of the sorted paths")
    for row, line in zip(rows, expected[:-1], strict=True):
        record = json.loads(line)
        if row["record"].encode() != line or row["verdict"] != record["verdict"] or row["bytes"] != record["bytes"]:
            fail(f"{bytes(row['path'])!r} has another record:\n{row['record']}\n{line.decode()}")
        if row["seconds"] != (record["duration"] or {}).get("seconds") or row["pathText"] != record["path"]:
            fail(f"{bytes(row['path'])!r}: its columns are not what its record says")
    if printed != expected[-1] + b"\n" or (output / "summary.json").read_bytes() != printed:
        fail(f"the summary differs:\n{printed.decode()}\n{expected[-1].decode()}")
    same = sum(len(group) for group in json.loads(printed)["duplicates"])
    if not same or pairs != same:
        fail(f"{same} files with the same audio in the summary, {pairs} in the table")
    print(
        f"{len(rows)} files, each once, {same} with the same audio; the summary is the same to the byte",
        file=sys.stderr,
    )


def main() -> None:
    reprise = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="reprise-spark-") as name:
        directory = Path(name).resolve()
        marks, events, output, slow = (
            directory / "marks",
            directory / "events",
            directory / "output",
            directory / "slow",
        )
        marks.mkdir(), events.mkdir()
        slow.write_text(SLOW.format(reprise=reprise, marks=marks))
        slow.chmod(0o755)
        paths = make_tree(directory)
        named = paths + paths[::9] + [b""]
        random.Random(5).shuffle(named)
        (directory / "list").write_bytes(b"\0".join(named))
        single = subprocess.run(
            [reprise, "validate", "--files0-from", "list", "--json", "--no-cache", "--quiet"],
            cwd=directory,
            stdout=subprocess.PIPE,
        )
        environment = {
            **{name: value for name, value in os.environ.items() if name != "SPARK_HOME"},
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_SUBMIT_ARGS": "--conf spark.eventLog.enabled=true --conf spark.ui.enabled=false "
            f"--conf spark.eventLog.dir=file://{events} pyspark-shell",
        }
        words = directory / "words"
        with open(words, "wb") as stderr, open(directory / "printed", "wb") as stdout:
            job = subprocess.Popen(
                [
                    sys.executable,
                    HERE / "validate.py",
                    "--master",
                    "local-cluster[2,1,1024]",
                    "--files0-from",
                    "list",
                    "--output",
                    output,
                    "--reprise",
                    slow,
                    "--partitions",
                    str(PARTITIONS),
                ],
                cwd=directory,
                env=environment,
                stdout=stdout,
                stderr=stderr,
            )
        # A local cluster keeps its executors' logs there, whatever it is told.
        import pyspark

        logs = Path(pyspark.__file__).parent / "work"
        try:
            victim = kill_one(job, marks)
            status = job.wait(timeout=600)
        finally:
            job.kill()
            job.wait()
            for log in events.iterdir():  # Named after the application, as its directory is.
                shutil.rmtree(logs / log.name.removesuffix(".inprogress"), ignore_errors=True)
        if status != single.returncode:
            fail(
                f"exit code {status}, and {single.returncode} on one machine:\n"
                f"{words.read_text(errors='replace')[-3000:]}"
            )
        if victim in marked(marks, "ended"):
            fail("what was to be killed came to its end first")
        check_events(events)
        compare(directory, output, set(paths), single.stdout.splitlines(), (directory / "printed").read_bytes())
        # Executors go a moment after their driver.
        for _ in range(100):
            left = [command for _, command in processes().values() if str(directory) in command]
            if not left:
                return
            time.sleep(0.1)
        fail(f"processes were left running: {left}")


if __name__ == "__main__":
    main()
