#!/usr/bin/env python3
"""Makes Fixtures: small audio files, each named for its one peculiarity.

    Fixtures/make_fixtures.py [PROJECT_RAINCAT.OGG] [--reprise PROGRAM] [--into DIRECTORY]

Everything is synthesised, byte for byte the same for the same encoder versions, except two files that are left as they
are unless asked for: recording.mp3, an excerpt of the file named on the command line (Debian package raincat-data, see
Fixtures/README.md), and recorded-cover.mp3, which the built command makes of it. Wants lame, ffmpeg and flac.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests/Oracles"))
from making import flac, mp3, others, wav
from making.directories import Directories
from oracles import programs
from oracles.programs import must


def make_recording(directories: Directories, source: Path) -> None:
    """26 s of the real recording, with tags that name its author and licence."""
    excerpt = directories.scratch / "recording.wav"
    cut = f"atrim=start_sample={48 * 44100}:end_sample={74 * 44100}"
    must("ffmpeg", "-v", "error", "-i", source, "-af", cut, "-c:a", "pcm_s16le", "-bitexact", excerpt)
    tags = ["--id3v2-only", "--tt", "Project Raincat (excerpt, 0:48-1:14)", "--ta", "Garrick Chin"]
    tags += ["--tc", "CC-BY-SA-3.0; from Debian raincat-data; excerpt, encoded to mp3"]
    must("lame", "--quiet", "-b", "128", "-q", "2", *tags, excerpt, directories.out / "recording.mp3")


def make_cover(directories: Directories, reprise: str) -> None:
    """What the local service makes of the recording's first 7 s."""
    options = ["--end", "7", "--prompt", "warm acoustic folk, fingerpicked guitar", "--bitrate", "64000"]
    output = ["--service", "local", "--force", "-o", directories.out / "recorded-cover.mp3"]
    environment = {name: value for name, value in os.environ.items() if name != "AIML_API_KEY"}
    environment["XDG_STATE_HOME"] = str(directories.scratch)
    done = programs.run(reprise, "cover", directories.out / "recording.mp3", *options, *output, env=environment)
    if done.returncode:
        programs.fail(done.stderr.decode(errors="replace")[-600:])


def arguments() -> argparse.Namespace:
    parser = programs.parser(__doc__)
    parser.add_argument("recording", nargs="?", type=Path, metavar="PROJECT_RAINCAT.OGG")
    parser.add_argument("--reprise", type=programs.program, metavar="PROGRAM", help="makes recorded-cover.mp3 anew")
    parser.add_argument("--into", type=Path, default=HERE, metavar="DIRECTORY", help="instead of Fixtures")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    programs.require("lame", "ffmpeg", "flac")
    options.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        directories = Directories(options.into, Path(scratch))
        wav.make(directories)
        flac.make(directories)
        mp3.make(directories)
        others.make(directories)
        if options.recording:
            make_recording(directories, options.recording)
        if options.reprise:
            make_cover(directories, options.reprise)


if __name__ == "__main__":
    main()
