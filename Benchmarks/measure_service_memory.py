#!/usr/bin/env python3
"""Peak memory of the local service while it takes references of 1 MB and 50 MB.

    Benchmarks/measure_service_memory.py [REPRISE]

The audio is a WAV cut short, which the service reads to its end and then refuses, so that no cover is made.
"""

import base64
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/Oracles"))
from oracles import programs, usage

HEADER = b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\1\0\1\0\x44\xac\0\0\x88\x58\1\0\2\0\x10\0data\xff\xff\xff\x7e"


def peak(process: int) -> float:
    """The peak resident memory of a process in MiB."""
    return usage.high_water(process) / (1 << 20)


def body(size: int) -> bytes:
    """A submission whose audio has so many bytes."""
    audio = base64.b64encode(HEADER + os.urandom(size - len(HEADER))).decode()
    fields = {
        "model": "minimax/music-cover",
        "prompt": "gentle piano ballad",
        "reference_audio_url": "data:audio/wav;base64," + audio,
    }
    return json.dumps(fields).encode()


def refusal(base: str, submission: bytes) -> str:
    """What the service says against a submission."""
    request = urllib.request.Request(base + "/v2/generate/audio", submission, {"Content-Type": "application/json"})
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        return json.load(error)["message"]
    programs.fail("the service took a recording that is cut short")


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program, nargs="?", default=str(programs.RELEASE))
    options = parser.parse_args()
    command = [options.reprise, "serve", "--port", "0", "--quiet"]
    service = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        base = service.stdout.readline().split()[-1]
        print(f"{'at rest':>30} {peak(service.pid):7.1f} MiB at most")
        for size in (1_000_000, 50_000_000):
            submission = body(size)
            start = time.monotonic()
            words, took = refusal(base, submission), time.monotonic() - start
            print(f"{len(submission):>20} byte body {peak(service.pid):7.1f} MiB at most, {took:.2f} s: {words}")
    finally:
        service.terminate()
        service.wait()


if __name__ == "__main__":
    main()
