#!/usr/bin/env python3
"""Takes the product's guards out, one at a time, and looks whether the test of that pain fails.

  Tests/Oracles/try_guards.py [PAIN]...        all of Tests/Oracles/guards.toml, or those of some pains: 10, or 10b for one guard

The sources are copied to .build/guards and patched there; the tests are built once, from what is not patched, and run
against the patched command. Exits 1 if a test stays green, and stops if one fails with all guards in place.
"""
import os, re, shutil, subprocess, sys, tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRATCH = ROOT / ".build/guards"
COMMAND = SCRATCH / ".build/release/reprise"
TESTS = dict(enumerate("one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split(), 1))
# Longer than any of them takes; a guard may be all that ends one.
PATIENCE = 150


def copy_sources():
    """Makes the copy what the sources are, touching only what differs, so that little is built anew."""
    wanted = set()
    for source in [ROOT / "Package.swift", *(ROOT / "Sources").rglob("*"), *(ROOT / "Tests").rglob("*")]:
        if source.is_dir():
            continue
        place = SCRATCH / source.relative_to(ROOT)
        wanted.add(place)
        if not place.exists() or place.read_bytes() != source.read_bytes():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, place)
    for place in [*(SCRATCH / "Sources").rglob("*"), *(SCRATCH / "Tests").rglob("*")]:
        if place.is_file() and place not in wanted:
            place.unlink()


def build(*what):
    built = subprocess.run(["swift", "build", "-c", "release", *what], cwd=SCRATCH, capture_output=True, text=True)
    if built.returncode:
        sys.exit(f"try-guards: swift build {' '.join(what)} failed:\n{built.stdout[-4000:]}{built.stderr[-4000:]}")


def why_failed(pain):
    """Runs a pain's test; nil if it passed, else the first thing it complained about."""
    command = ["swift", "test", "-c", "release", "--skip-build", "--filter", rf"FourteenPainsTests/{TESTS[pain]}\("]
    test = subprocess.Popen(
        command, cwd=SCRATCH, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        env={**os.environ, "REPRISE_BINARY": str(COMMAND)})
    try:
        words, _ = test.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        # All of its session, which is ours alone: each of its children has a process group of its own.
        subprocess.run(["pkill", "-KILL", "-s", str(test.pid)])
        test.communicate()
        return f"not done after {PATIENCE} s"
    if not re.search(r"Test run with 1 test\b", words):
        sys.exit(f"try-guards: the test of pain {pain} was not run:\n{words[-4000:]}")
    if test.returncode == 0:
        return None
    issue = re.search(r"recorded an issue.*? at [^:]+:(\d+):\d+: (.*)(?:\n↳ (.*))?", words)
    return f"line {issue[1]}: {issue[2]:.150} {issue[3] or '':.200}".strip() if issue else words[-300:].strip()


def take_out(guard):
    """Patches the copy and returns where."""
    places = []
    for cut in guard["cut"]:
        path = SCRATCH / cut["file"]
        text, old = path.read_text(), cut["old"].strip("\n")
        if text.count(old) != 1:
            sys.exit(f"try-guards: guard {guard['name']}: its text is {text.count(old)} times in {cut['file']}")
        places.append(f"{cut['file']}:{text[:text.index(old)].count(chr(10)) + 1}")
        path.write_text(text.replace(old, cut["new"].strip("\n")))
    return ", ".join(places)


def main():
    guards = tomllib.loads((ROOT / "Tests/Oracles/guards.toml").read_text())["guard"]
    chosen = sys.argv[1:]
    guards = [g for g in guards if not chosen or g["name"] in chosen or g["name"].rstrip("abcdefgh") in chosen]
    if not guards:
        sys.exit(__doc__)
    copy_sources()
    build("--build-tests")
    build("--product", "reprise")
    for pain in sorted({int(g["name"].rstrip("abcdefgh")) for g in guards}):
        if why := why_failed(pain):
            sys.exit(f"try-guards: the test of pain {pain} fails with all guards in place: {why}")
    green = 0
    for guard in guards:
        place = take_out(guard)
        try:
            build("--product", "reprise")
            why = why_failed(int(guard["name"].rstrip("abcdefgh")))
        finally:
            copy_sources()
        green += why is None
        verdict = f"failed as it should\t{why}" if why else "STILL GREEN"
        print(f"{guard['name']}\t{guard['what']} ({place})\t{verdict}", flush=True)
    sys.exit(green > 0)


main()
