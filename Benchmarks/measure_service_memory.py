#!/usr/bin/env python3
"""Peak memory of the local service while it takes references of 1 MB and 50 MB.

  Benchmarks/measure_service_memory.py [path/to/reprise]

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

reprise = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
    subprocess.check_output(["swift", "build", "-c", "release", "--show-bin-path"], text=True).strip(), "reprise")
service = subprocess.Popen(
    [reprise, "serve", "--port", "0", "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
try:
    base = service.stdout.readline().split()[-1]

    def peak():
        with open(f"/proc/{service.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    print(f"{'at rest':>30} {peak() / 1024:7.1f} MiB at most")
    for size in (1_000_000, 50_000_000):
        header = b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\1\0\1\0\x44\xac\0\0\x88\x58\1\0\2\0\x10\0data\xff\xff\xff\x7e"
        audio = base64.b64encode(header + os.urandom(size - len(header))).decode()
        body = json.dumps({
            "model": "minimax/music-cover", "prompt": "gentle piano ballad",
            "reference_audio_url": "data:audio/wav;base64," + audio}).encode()
        start = time.monotonic()
        try:
            request = urllib.request.Request(base + "/v2/generate/audio", body, {"Content-Type": "application/json"})
            urllib.request.urlopen(request)
            sys.exit("the service took a recording that is cut short")
        except urllib.error.HTTPError as error:
            message = json.load(error)["message"]
        print(f"{len(body):>20} byte body {peak() / 1024:7.1f} MiB at most, {time.monotonic() - start:.2f} s: {message}")
finally:
    service.terminate()
    service.wait()
