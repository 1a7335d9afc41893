"""What commands take: wall clock, processor time, memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from .programs import fail


@dataclass(frozen=True)
class Times:
    """What one run took, in seconds."""

    wall: float
    processor: float
    """User and system together."""


def timed(command: Sequence[object], codes: Collection[int] = (0,)) -> Times:
    """Runs a command whose output is dropped; ends the program if its exit code is none of these."""
    words = [str(word) for word in command]
    null = os.open(os.devnull, os.O_RDWR)
    streams = [(os.POSIX_SPAWN_DUP2, null, number) for number in (0, 1, 2)]
    began = time.perf_counter()
    process = os.posix_spawnp(words[0], words, os.environ, file_actions=streams)
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - began
    os.close(null)
    code = os.waitstatus_to_exitcode(status)
    if code not in codes:
        fail(f"{subprocess.list2cmdline(words)[:300]}: exit code {code}")
    return Times(wall, used.ru_utime + used.ru_stime)


def peak_memory(command: Sequence[object]) -> int:
    """The peak resident memory of one run in bytes.

    By GNU time: what Python itself has resident when it starts a process is counted as that process's.
    """
    with tempfile.NamedTemporaryFile("r") as output:
        words = ["/usr/bin/time", "-f", "%M", "-o", output.name, *map(str, command)]
        subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True)
        return int(output.read().split()[-1]) * 1024


def high_water(process: int) -> int:
    """The peak resident memory of a running process in bytes; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)
