#!/usr/bin/env python3
"""Makes a tree of files as people have them: every kind of ../shared/cases with other rates, channels and sizes.

    Tests/Oracles/make_variants.py DIRECTORY [--seed N] [--only TEXT]

Each file has one peculiarity. truth.tsv in the directory tells of each its frames, rate and channels, and the verdict
that issue 12 demands where it says so. Everything is made here from synthetic sound; the same seed makes the same
files with the same encoders. Read them with check_portable.py. Wants ffmpeg, lame, flac, sox, and for single kinds
oggenc, opusenc, wavpack, twolame and mkvmerge, which are left out where they are missing; numpy from PyPI.
"""

from __future__ import annotations

import collections
import shutil
from pathlib import Path

from kinds.flac import make_flac
from kinds.foreign import make_foreign
from kinds.mp3 import make_mp3
from kinds.tree import Tree
from kinds.wav import make_wav
from oracles import programs


def main() -> None:
    parser = programs.parser(__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="TEXT", help="only files whose path contains this")
    options = parser.parse_args()
    programs.require("ffmpeg", "lame", "flac", "sox")
    tree = Tree(options.directory, options.seed, options.only)
    try:
        for make in (make_wav, make_flac, make_mp3, make_foreign):
            make(tree)
    finally:
        shutil.rmtree(tree.scratch)
    families = collections.Counter(one.path.split("/")[0] for one in tree.truths)
    told = ", ".join(f"{count} {family}" for family, count in families.items())
    print(f"{len(tree.truths)} files ({told}); what is true of them: {tree.write_truths()}")


if __name__ == "__main__":
    main()
