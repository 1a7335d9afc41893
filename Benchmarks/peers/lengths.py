#!/usr/bin/env python3
"""The lengths of files by a Python library, in as many processes: lengths.py mutagen|tinytag PROCESSES LIST

LIST has paths that end with a zero byte. Prints a line for each: the path, a tab, seconds; "none" where the library
finds none.
"""

import multiprocessing
import sys


def by_mutagen(path):
    import mutagen

    return mutagen.File(path).info.length


def by_tinytag(path):
    import tinytag

    return tinytag.TinyTag.get(path).duration


READERS = {"mutagen": by_mutagen, "tinytag": by_tinytag}


def look(path):
    try:
        return path, READERS[sys.argv[1]](path)
    except Exception:  # Whatever a library throws at a broken file.
        return path, None


def main():
    paths = [path for path in open(sys.argv[3]).read().split("\0") if path]
    processes = int(sys.argv[2])
    if processes == 1:
        results = map(look, paths)
    else:
        pool = multiprocessing.Pool(processes)
        results = pool.imap(look, paths, chunksize=64)
    sys.stdout.writelines(f"{path}\t{'none' if length is None else f'{length:.6f}'}\n" for path, length in results)


if __name__ == "__main__":
    main()
