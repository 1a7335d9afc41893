#!/usr/bin/env python3
"""How fast `inspect --deep` is on one core, beside what only decodes: libmpg123 (peers/decode.c) and `flac -t`.

    Benchmarks/measure_deep_speed.py REPRISE AUDIO...

From every AUDIO file an mp3 (lame -V2) and a flac of 240 s are made (it is repeated until it is long enough). Both
are run in turn, seven times, and the least processor time (user and system) of each counts: what else runs on the
core takes wall time from both. Wants cc, libmpg123-dev, ffmpeg, lame, flac, taskset. Compare ratios, not absolutes.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/Oracles"))
from oracles import programs, usage
from oracles.programs import must
from peers import build

ROUNDS = 7


def make_files(audio: list[str], directory: Path) -> dict[str, list[Path]]:
    """Files of 240 s, by format."""
    made: dict[str, list[Path]] = {"mp3": [], "flac": []}
    wav = directory / "x.wav"
    for number, path in enumerate(audio):
        shape = ("-t", "240", "-ar", "44100", "-ac", "2", "-c:a", "pcm_s16le", "-bitexact")
        must("ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", path, *shape, wav)
        mp3, flac = directory / f"{number}.mp3", directory / f"{number}.flac"
        must("lame", "--quiet", "-V2", wav, mp3)
        must("flac", "--silent", "-5", wav, "-o", flac)
        made["mp3"].append(mp3)
        made["flac"].append(flac)
    return made


def processor_seconds(command: list[object]) -> float:
    """What one run on the first core takes of it, user and system."""
    # inspect exits with 1 where a file is not what the service takes; a signal is an error all the same.
    return usage.timed(["taskset", "-c", "0", *command], codes=(0, 1)).processor


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    parser.add_argument("audio", nargs="+")
    options = parser.parse_args()
    programs.require("cc", "pkg-config", "ffmpeg", "lame", "flac", "taskset")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        files = make_files(options.audio, directory)
        peers = {"mp3": [build("decode", directory)], "flac": ["flac", "--silent", "-t"]}
        ours = [options.reprise, "inspect", "--quiet", "--deep", "--json"]
        for kind, paths in files.items():
            rounds = [
                (processor_seconds([*peers[kind], *paths]), processor_seconds([*ours, *paths])) for _ in range(ROUNDS)
            ]
            theirs, own = (min(one[side] for one in rounds) for side in (0, 1))
            print(
                f"{kind}: peer {theirs:.3f} s, inspect --deep {own:.3f} s of processor time: "
                f"{theirs / own:.2f} of its speed"
            )


if __name__ == "__main__":
    main()
