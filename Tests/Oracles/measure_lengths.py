#!/usr/bin/env python3
"""What each tool says of files of 60 s whose headers lie, or have none: a Markdown table with ours beside the truth.

    Tests/Oracles/measure_lengths.py REPRISE

The files are made in a temporary directory. Wants lame, ffmpeg, ffprobe, flac, soxi, mediainfo, libsndfile, libmpg123,
and mutagen and tinytag for this Python; a library that is not there stands in the table as "?". The true count
comes from how the file was made (samples put in, frames kept), not from what any of these tools says. Exits with 1
if ours is another.
"""

import ctypes
import ctypes.util
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from oracles import decoders, flac, mpeg, programs, tables, tags
from oracles.binary import be, le
from oracles.programs import must, run

RATE = 44100
SECONDS = 60
FRAMES = RATE * SECONDS


class Files:
    """The twelve rows: titles, paths and true counts of frames."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.rows: list[tuple[str, Path, int]] = []
        self.wav, self.quiet = directory / "music.wav", directory / "quiet.wav"
        notes = "0.35*exp(-4*mod(t\\,0.5))*sin(2*PI*(220+110*floor(mod(2*t\\,4)))*t)"
        source = f"aevalsrc={notes}+0.1*sin(2*PI*196*t)+0.05*random(0):s={RATE}:d={SECONDS}"
        pcm = ("-ac", "2", "-c:a", "pcm_s16le", "-bitexact")
        must("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *pcm, self.wav)
        fade = "volume=0.0001:enable='lt(t,20)'"
        must("ffmpeg", "-v", "error", "-y", "-i", self.wav, "-af", fade, "-bitexact", self.quiet)
        self.make_mp3()
        self.make_flac()
        self.make_wav()

    def add(self, title: str, name: str, data: bytes, truth: int) -> None:
        (self.directory / name).write_bytes(data)
        self.rows.append((title, self.directory / name, truth))

    def lame(self, source: Path, *options: str) -> bytes:
        coded = self.directory / "x.mp3"
        must("lame", "--quiet", *options, source, coded)
        return coded.read_bytes()

    def make_mp3(self) -> None:
        vbr, cbr = self.lame(self.wav, "-V", "2"), self.lame(self.wav, "-b", "128")
        bare = self.lame(self.wav, "-b", "128", "-t")
        quiet = self.lame(self.quiet, "-V", "2", "-t")
        # Without a header nothing tells the encoder's padding: all frames are played.
        self.add("VBR mp3, no Xing header, quiet intro", "vbr-no-xing.mp3", quiet, played(quiet))
        # A claim beyond the end: nothing behind is taken off, in front 576 and the decoder's 529 are.
        place = vbr.find(b"Xing") + 8
        claimed = int.from_bytes(vbr[place : place + 4], "big")
        ten_times = vbr[:place] + be(claimed * 10, 4) + vbr[place + 4 :]
        self.add("Xing header claiming ten times too much", "ten-times.mp3", ten_times, 1152 * claimed - 1105)
        offsets = [offset for offset, _ in mpeg.frames(cbr)]
        kept = next(index for index in range(len(offsets)) if index * 1152 >= 40.07 * RATE)
        cut = cbr[: offsets[kept] + 100]
        self.add("Xing header, file cut off at 40.07 s", "cut-off.mp3", cut, 1152 * (kept - 1) - 1105)
        self.make_tagged_mp3(bare)
        # The second's delay, padding and Info frame are no one's to take off: they are played as silence.
        self.add("two mp3 files joined", "joined.mp3", cbr + vbr, FRAMES + played(vbr))
        free = self.lame(self.wav, "--freeformat", "-b", "128", "-t")
        self.add("free-format mp3", "free.mp3", free, 1152 * -(-(FRAMES + 1105) // 1152))

    def make_tagged_mp3(self, bare: bytes) -> None:
        picture = b"\0image/jpeg\0\3\0\xff\xd8\xff\xe0" + random.Random(1).randbytes(5_000_000)
        front = tags.id3v2(b"APIC" + be(len(picture), 4) + b"\0\0" + picture, version=3)
        self.add("5 MB cover picture, no Info header", "picture.mp3", front + bare, played(bare))
        value = b"front.jpg\0" + random.Random(2).randbytes(1_000_000)
        ape = tags.ape(tags.ape_item(b"Cover Art (Front)", value, 2), 1)
        self.add("1 MB APE tag", "ape.mp3", bare + ape, played(bare))

    def make_flac(self) -> None:
        coded = self.directory / "x.flac"
        must("flac", "-s", "-f", "-o", coded, self.wav)
        data = coded.read_bytes()
        self.add("FLAC, total samples 0 (unknown)", "unknown.flac", flac.info(data, total=0), FRAMES)
        too_much = flac.info(data, total=10 * FRAMES)
        self.add("FLAC, total samples ten times too much", "ten-times.flac", too_much, FRAMES)

    def make_wav(self) -> None:
        plain = self.wav.read_bytes()
        at = plain.find(b"data") + 4

        def sized(size: int) -> bytes:
            return plain[:4] + le(size, 4) + plain[8:at] + le(size, 4) + plain[at + 4 :]

        self.add("WAV, data size FFFFFFFF", "ffffffff.wav", sized(0xFFFFFFFF), FRAMES)
        self.add("WAV, data size 0", "zero.wav", sized(0), FRAMES)
        large = self.directory / "x.wav"
        must("ffmpeg", "-v", "error", "-y", "-i", self.wav, "-rf64", "always", "-bitexact", large)
        self.add("RF64", "rf64.wav", large.read_bytes(), FRAMES)


def played(data: bytes) -> int:
    """The samples of all frames of an MPEG-1 stream."""
    return 1152 * len(mpeg.frames(data))


def shown(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds:.2e}" if seconds > 1e6 else f"{seconds:.2f}".rstrip("0").rstrip(".")


def ffprobe(path: Path) -> str:
    done = run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path)
    text = done.stdout.decode().strip()
    return shown(float(text)) if text and text != "N/A" else "none"


def soxi(path: Path) -> str:
    done = run("soxi", "-D", path)
    return shown(float(done.stdout)) if done.stdout.strip() else "error"


def mutagen(path: Path) -> str:
    import mutagen as library

    try:
        found = library.File(path)
    except Exception:  # Whatever a library throws at a broken file.
        return "error"
    return shown(found.info.length) if found is not None else "error"


def tinytag(path: Path) -> str:
    import tinytag as library

    try:
        found = library.TinyTag.get(path).duration
    except Exception:  # As above.
        return "error"
    return shown(found) if found is not None else "none"


def mediainfo(path: Path) -> str:
    text = run("mediainfo", "--Inform=General;%Duration%", path).stdout.decode().strip()
    return shown(float(text) / 1000) if text else "–"


def libsndfile(path: Path) -> str:
    """What the header says to it, and what it decodes."""
    if decoders.sndfile() is None:
        return "?"
    found = decoders.sndfile_frames(path)
    if found is None:
        return "error"
    about, decoded = found
    return f"{shown(about.frames / about.samplerate)} → {shown(decoded / about.samplerate)}"


def libmpg123(path: Path) -> str:
    """The length after mpg123_scan with unlimited resync."""
    if path.suffix != ".mp3":
        return ""
    library = ctypes.CDLL(ctypes.util.find_library("mpg123") or "libmpg123.so.0")
    library.mpg123_new.restype = ctypes.c_void_p
    library.mpg123_length.restype = ctypes.c_long
    library.mpg123_init()
    handle = ctypes.c_void_p(library.mpg123_new(None, None))
    # MPG123_RESYNC_LIMIT is 15, MPG123_ADD_FLAGS 2, MPG123_QUIET 0x20.
    library.mpg123_param(handle, 15, ctypes.c_long(-1), ctypes.c_double(0))
    library.mpg123_param(handle, 2, ctypes.c_long(0x20), ctypes.c_double(0))
    rate, channels, encoding = ctypes.c_long(), ctypes.c_int(), ctypes.c_int()
    if library.mpg123_open(handle, str(path).encode()):
        return "error"
    library.mpg123_getformat(handle, ctypes.byref(rate), ctypes.byref(channels), ctypes.byref(encoding))
    library.mpg123_scan(handle)
    result = library.mpg123_length(handle) / rate.value
    library.mpg123_close(handle)
    library.mpg123_delete(handle)
    return shown(result)


TOOLS = {
    "ffprobe": ffprobe,
    "soxi": soxi,
    "mutagen": mutagen,
    "tinytag": tinytag,
    "mediainfo": mediainfo,
    "libsndfile: header → decoded": libsndfile,
    "libmpg123": libmpg123,
}


def cell(tool: Callable[[Path], str], path: Path) -> str:
    try:
        return tool(path)
    except (ImportError, OSError):
        return "?"


def main() -> int:
    parser = programs.parser(__doc__)
    parser.add_argument("reprise", type=programs.program)
    options = parser.parse_args()
    programs.require("lame", "ffmpeg", "ffprobe", "flac", "soxi")
    tables.header("file", "true samples", *TOOLS, "reprise", "verdict")
    wrong = 0
    with tempfile.TemporaryDirectory() as directory:
        rows = Files(Path(directory)).rows
        for title, path, truth in rows:
            record = programs.inspect(options.reprise, [path])[0]
            frames = (record["duration"] or {}).get("frames")
            reasons = ", ".join(reason["code"] for reason in record["reasons"])
            off = "" if frames == truth else f" ({(frames or 0) - truth:+d})"
            wrong += frames != truth
            verdict = record["verdict"] + (": " + reasons if reasons else "")
            others = [cell(tool, path) for tool in TOOLS.values()]
            tables.row(title, f"{truth}, {shown(truth / RATE)} s", *others, f"{frames}{off}", verdict)
    print(f"\n{wrong} of {len(rows)} rows differ from the truth")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
