"""Runs `reprise` and other programs."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[3]
RELEASE = ROOT / ".build/release/reprise"

Completed = subprocess.CompletedProcess[bytes]


def run(*command: object, **more: Any) -> Completed:
    """Runs a command without a standard input and keeps what it prints; its exit code is the caller's to judge."""
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, **more)


def run_within(seconds: float, *command: object) -> Completed | None:
    """As `run`; `None` for a command that was not done in time."""
    try:
        return run(*command, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None


def must(*command: object) -> bytes:
    """Runs a command that cannot fail for a reason to be measured; returns its standard output, or ends the program."""
    done = run(*command)
    if done.returncode:
        words = done.stderr.decode(errors="replace")[-600:]
        fail(f"{' '.join(map(str, command))[:200]}: exit code {done.returncode}: {words}")
    return done.stdout


def fail(words: str) -> NoReturn:
    """Ends the program with exit code 1 and a sentence that begins with its name."""
    sys.exit(f"{Path(sys.argv[0]).stem}: {words}")


def require(*tools: str) -> None:
    """Ends the program if one of these commands is missing."""
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        fail(f"wants {', '.join(missing)}; on Debian apt-get install brings them")


def parser(description: str | None) -> argparse.ArgumentParser:
    """A parser whose help is a program's own description."""
    return argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)


def program(text: str) -> str:
    """The type of an argument that names a program: its absolute path."""
    path = shutil.which(text) or text
    if not Path(path).is_file():
        raise argparse.ArgumentTypeError(
            f"there is no program {text}; build it: swift build -c release --product reprise"
        )
    return str(Path(path).absolute())


def records(output: bytes) -> list[dict[str, Any]]:
    """The records of JSON Lines."""
    return [json.loads(line) for line in output.splitlines()]


def inspect(reprise: str, paths: Sequence[object], *options: str) -> list[dict[str, Any]]:
    """What `reprise inspect` says of files, a record each, in batches that a command line has room for."""
    found = []
    for first in range(0, len(paths), 100):
        found += records(run(reprise, "inspect", "--json", *options, *paths[first : first + 100]).stdout)
    return found
