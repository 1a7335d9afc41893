#!/usr/bin/env python3
"""Takes the product's guards out, one at a time, and looks whether the test of that pain fails.

    Tests/Oracles/try_guards.py [PAIN]...    all of guards.toml, or those of some pains: 10, or 10b for one guard
    Tests/Oracles/try_guards.py --check      only whether the texts to be taken out still stand where it says

The sources are copied to .build/guards and patched there; the tests are built once, from what is not patched, and
run against the patched command. Exits 1 if a test stays green, and stops if one fails with all guards in place.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from oracles import programs
from oracles.programs import ROOT, fail

GUARDS = Path(__file__).resolve().parent / "guards.toml"
SCRATCH = ROOT / ".build/guards"
COMMAND = SCRATCH / ".build/release/reprise"
NAMES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
TESTS = dict(enumerate(NAMES.split(), 1))
# Longer than any of them takes; a guard may be all that ends one.
PATIENCE = 150


def below(directory: Path) -> list[Path]:
    """What the tests of a clone are built of and read."""
    return [path for name in ("Sources", "Tests", "Fixtures") for path in (directory / name).rglob("*")]


def copy_sources() -> None:
    """Makes the copy what the sources are, touching only what differs, so that little is built anew."""
    wanted = set()
    for source in [ROOT / "Package.swift", *below(ROOT)]:
        if source.is_dir():
            continue
        place = SCRATCH / source.relative_to(ROOT)
        wanted.add(place)
        if not place.exists() or place.read_bytes() != source.read_bytes():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, place)
    for place in below(SCRATCH):
        if place.is_file() and place not in wanted:
            place.unlink()


def build(*what: str) -> None:
    built = subprocess.run(["swift", "build", "-c", "release", *what], cwd=SCRATCH, capture_output=True, text=True)
    if built.returncode:
        fail(f"swift build {' '.join(what)} failed:\n{built.stdout[-4000:]}{built.stderr[-4000:]}")


def why_failed(pain: int) -> str | None:
    """Runs a pain's test; `None` if it passed, else the first thing it complained about."""
    command = ["swift", "test", "-c", "release", "--skip-build", "--filter", rf"FourteenPainsTests/{TESTS[pain]}\("]
    test = subprocess.Popen(
        command,
        cwd=SCRATCH,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env={**os.environ, "REPRISE_BINARY": str(COMMAND)},
    )
    try:
        words, _ = test.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        # All of its session, which is ours alone: each of its children has a process group of its own.
        subprocess.run(["pkill", "-KILL", "-s", str(test.pid)])
        test.communicate()
        return f"not done after {PATIENCE} s"
    if not re.search(r"Test run with 1 test\b", words):
        fail(f"the test of pain {pain} was not run:\n{words[-4000:]}")
    if test.returncode == 0:
        return None
    issue = re.search(r"recorded an issue.*? at [^:]+:(\d+):\d+: (.*)(?:\n↳ (.*))?", words)
    return f"line {issue[1]}: {issue[2]:.150} {issue[3] or '':.200}".strip() if issue else words[-300:].strip()


def place_of(guard: dict[str, Any], cut: dict[str, str], text: str) -> str:
    """The file and line at which a guard's text stands, which it must exactly once."""
    old = cut["old"].strip("\n")
    if text.count(old) != 1:
        fail(f"guard {guard['name']}: its text is {text.count(old)} times in {cut['file']}")
    return f"{cut['file']}:{text[: text.index(old)].count(chr(10)) + 1}"


def take_out(guard: dict[str, Any]) -> str:
    """Patches the copy and returns where."""
    places = []
    for cut in guard["cut"]:
        path = SCRATCH / cut["file"]
        text = path.read_text()
        places.append(place_of(guard, cut, text))
        path.write_text(text.replace(cut["old"].strip("\n"), cut["new"].strip("\n")))
    return ", ".join(places)


def check(guards: list[dict[str, Any]]) -> None:
    """Looks whether every guard's texts are still in the sources, each once, one cut after the other."""
    for guard in guards:
        texts: dict[str, str] = {}
        for cut in guard["cut"]:
            path = ROOT / cut["file"]
            if not path.exists():
                fail(f"guard {guard['name']}: there is no {cut['file']}")
            text = texts.get(cut["file"]) or path.read_text()
            place_of(guard, cut, text)
            texts[cut["file"]] = text.replace(cut["old"].strip("\n"), cut["new"].strip("\n"))
    print(f"{len(guards)} guards stand where guards.toml says")


def pain_of(guard: dict[str, Any]) -> str:
    return guard["name"].rstrip("abcdefgh")


def try_out(guard: dict[str, Any]) -> bool:
    """Takes one guard out and prints what its test says; returns whether the test stayed green."""
    place = take_out(guard)
    try:
        build("--product", "reprise")
        why = why_failed(int(pain_of(guard)))
    finally:
        copy_sources()
    verdict = f"failed as it should\t{why}" if why else "STILL GREEN"
    print(f"{guard['name']}\t{guard['what']} ({place})\t{verdict}", flush=True)
    return why is None


def main() -> int:
    parser = programs.parser(__doc__)
    parser.add_argument("pains", nargs="*", metavar="PAIN", help="10, or 10b for one guard")
    parser.add_argument("--check", action="store_true", help="build nothing")
    options = parser.parse_args()
    chosen = set(options.pains)
    guards = tomllib.loads(GUARDS.read_text())["guard"]
    guards = [guard for guard in guards if not chosen or {guard["name"], pain_of(guard)} & chosen]
    if not guards:
        parser.error("no guard has one of these names")
    if options.check:
        check(guards)
        return 0
    copy_sources()
    build("--build-tests")
    build("--product", "reprise")
    for pain in sorted({int(pain_of(guard)) for guard in guards}):
        if why := why_failed(pain):
            fail(f"the test of pain {pain} fails with all guards in place: {why}")
    green = sum([try_out(guard) for guard in guards])
    return 1 if green else 0


if __name__ == "__main__":
    sys.exit(main())
