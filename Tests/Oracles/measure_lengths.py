#!/usr/bin/env python3
"""What each tool says of files of 60 s whose headers lie, or have none: a Markdown table with ours beside the truth.

    Tests/Oracles/measure_lengths.py REPRISE

The files are made in a temporary folder. Wants lame, ffmpeg, ffprobe, flac, soxi, mediainfo, libsndfile, libmpg123,
and mutagen and tinytag for this Python; a library that is not there stands in the table as "?". The true count
comes from how the file was made (samples put in, frames kept), not from what any of these tools says. Exits with 1
if ours is another.
"""

import ctypes
import ctypes.util
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

RATE = 44100
SECONDS = 60


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def made(*command):
    done = run(*command)
    if done.returncode:
        raise SystemExit("{}: {}".format(" ".join(command), done.stderr.decode()[-300:]))


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Files:
    """The twelve rows."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = []
        wav = self.path("music.wav")
        quiet = self.path("quiet.wav")
        expression = (
            "0.35*exp(-4*mod(t\\,0.5))*sin(2*PI*(220+110*floor(mod(2*t\\,4)))*t)+0.1*sin(2*PI*196*t)+0.05*random(0)"
        )
        source = "aevalsrc=%s:s=%d:d=%d" % (expression, RATE, SECONDS)
        made(
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            source,
            "-ac",
            "2",
            "-c:a",
            "pcm_s16le",
            "-bitexact",
            wav,
        )
        made("ffmpeg", "-v", "error", "-y", "-i", wav, "-af", "volume=0.0001:enable='lt(t,20)'", "-bitexact", quiet)
        self.wav, self.quiet = wav, quiet
        self.make_mp3()
        self.make_flac()
        self.make_wav()

    def path(self, name):
        return os.path.join(self.folder, name)

    def add(self, title, name, data, truth):
        with open(self.path(name), "wb") as file:
            file.write(data)
        self.rows.append((title, self.path(name), truth))

    def lame(self, source, *options):
        made("lame", "--quiet", *options, source, self.path("x.mp3"))
        return read(self.path("x.mp3"))

    def make_mp3(self):
        true = SECONDS * RATE
        vbr = self.lame(self.wav, "-V", "2")
        cbr = self.lame(self.wav, "-b", "128")
        bare = self.lame(self.wav, "-b", "128", "-t")
        quiet = self.lame(self.quiet, "-V", "2", "-t")

        # Without a header nothing tells the encoder's padding: all frames are played.
        def frames(data):
            return 1152 * len(frame_offsets(data))

        place = vbr.find(b"Xing") + 8
        claimed = struct.unpack(">I", vbr[place : place + 4])[0]
        self.add("VBR mp3, no Xing header, quiet intro", "vbr-no-xing.mp3", quiet, frames(quiet))
        # A claim beyond the end: nothing behind is taken off, in front 576 and the decoder's 529 are.
        self.add(
            "Xing header claiming ten times too much",
            "ten-times.mp3",
            vbr[:place] + struct.pack(">I", claimed * 10) + vbr[place + 4 :],
            1152 * claimed - 1105,
        )
        offsets = frame_offsets(cbr)
        kept = next(index for index, at in enumerate(offsets) if index * 1152 >= 40.07 * RATE)
        cut = cbr[: offsets[kept] + 100]
        self.add("Xing header, file cut off at 40.07 s", "cut-off.mp3", cut, 1152 * (kept - 1) - 1105)
        picture = b"\0image/jpeg\0\3\0\xff\xd8\xff\xe0" + random.Random(1).randbytes(5_000_000)
        frame = b"APIC" + struct.pack(">I", len(picture)) + b"\0\0" + picture
        size = bytes(len(frame) >> shift & 127 for shift in (21, 14, 7, 0))
        self.add("5 MB cover picture, no Info header", "picture.mp3", b"ID3\3\0\0" + size + frame + bare, frames(bare))
        value = b"front.jpg\0" + random.Random(2).randbytes(1_000_000)
        item = struct.pack("<II", len(value), 2) + b"Cover Art (Front)\0" + value

        def ape(flags):
            return b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, flags) + bytes(8)

        self.add("1 MB APE tag", "ape.mp3", bare + ape(0xA0000000) + item + ape(0x80000000), frames(bare))
        # The second's delay, padding and Info frame are no one's to take off: they are played as silence.
        _cbr_frames, vbr_frames = len(offsets), len(frame_offsets(vbr))
        self.add("two mp3 files joined", "joined.mp3", cbr + vbr, true + 1152 * vbr_frames)
        free = self.lame(self.wav, "--freeformat", "-b", "128", "-t")
        self.add("free-format mp3", "free.mp3", free, 1152 * -(-(true + 1105) // 1152))

    def make_flac(self):
        made("flac", "-s", "-f", "-o", self.path("x.flac"), self.wav)
        data = bytearray(read(self.path("x.flac")))

        def total(count):
            # 36 bits at bit 108 of STREAMINFO, which begins at byte 8.
            field = int.from_bytes(data[18:26], "big") & ~((1 << 36) - 1) | count
            return bytes(data[:18]) + field.to_bytes(8, "big") + bytes(data[26:])

        self.add("FLAC, total samples 0 (unknown)", "unknown.flac", total(0), SECONDS * RATE)
        self.add("FLAC, total samples ten times too much", "ten-times.flac", total(10 * SECONDS * RATE), SECONDS * RATE)

    def make_wav(self):
        plain = read(self.wav)
        at = plain.find(b"data") + 4

        def sized(size):
            return plain[:4] + struct.pack("<I", size) + plain[8:at] + struct.pack("<I", size) + plain[at + 4 :]

        self.add("WAV, data size FFFFFFFF", "ffffffff.wav", sized(0xFFFFFFFF), SECONDS * RATE)
        self.add("WAV, data size 0", "zero.wav", sized(0), SECONDS * RATE)
        made("ffmpeg", "-v", "error", "-y", "-i", self.wav, "-rf64", "always", "-bitexact", self.path("x.wav"))
        self.add("RF64", "rf64.wav", read(self.path("x.wav")), SECONDS * RATE)


def frame_offsets(data):
    """Where the MPEG-1 layer III frames begin, the header's own among them."""
    rates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    at, found = 0, []
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] & 0xE0 == 0xE0:
        length = 144000 * rates[data[at + 2] >> 4] // [44100, 48000, 32000][data[at + 2] >> 2 & 3] + (
            data[at + 2] >> 1 & 1
        )
        found.append(at)
        at += length
    return found


def shown(seconds):
    if seconds is None:
        return "–"
    return f"{seconds:.2e}" if seconds > 1e6 else (f"{seconds:.2f}").rstrip("0").rstrip(".")


def ffprobe(path):
    text = (
        run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path)
        .stdout.decode()
        .strip()
    )
    return shown(float(text)) if text and text != "N/A" else "none"


def soxi(path):
    done = run("soxi", "-D", path)
    return shown(float(done.stdout)) if done.stdout.strip() else "error"


def mutagen(path):
    import mutagen as library

    try:
        found = library.File(path)
        return shown(found.info.length) if found is not None else "error"
    except Exception:
        return "error"


def tinytag(path):
    import tinytag as library

    try:
        found = library.TinyTag.get(path).duration
        return shown(found) if found is not None else "none"
    except Exception:
        return "error"


def mediainfo(path):
    text = run("mediainfo", "--Inform=General;%Duration%", path).stdout.decode().strip()
    return shown(float(text) / 1000) if text else "–"


class SndfileInfo(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64)] + [
        (name, ctypes.c_int) for name in ("rate", "channels", "format", "sections", "seekable")
    ]


def libsndfile(path):
    """What the header says to it, and what it decodes. By the system's library, not the one in Python's soundfile."""
    library = ctypes.CDLL(ctypes.util.find_library("sndfile") or "libsndfile.so.1")
    library.sf_open.restype = ctypes.c_void_p
    library.sf_readf_float.restype = ctypes.c_int64
    info = SndfileInfo()
    handle = ctypes.c_void_p(library.sf_open(path.encode(), 0x10, ctypes.byref(info)))
    if not handle:
        return "error"
    buffer, decoded = (ctypes.c_float * (65536 * info.channels))(), 0
    while (got := library.sf_readf_float(handle, buffer, ctypes.c_int64(65536))) > 0:
        decoded += got
    library.sf_close(handle)
    return f"{shown(info.frames / info.rate)} → {shown(decoded / info.rate)}"


def libmpg123(path):
    """The length after mpg123_scan with unlimited resync."""
    if not path.endswith(".mp3"):
        return ""
    library = ctypes.CDLL(ctypes.util.find_library("mpg123") or "libmpg123.so.0")
    library.mpg123_new.restype = ctypes.c_void_p
    length = library.mpg123_length
    length.restype = ctypes.c_long
    library.mpg123_init()
    handle = ctypes.c_void_p(library.mpg123_new(None, None))
    # MPG123_RESYNC_LIMIT is 15, MPG123_ADD_FLAGS 2, MPG123_QUIET 0x20.
    library.mpg123_param(handle, 15, ctypes.c_long(-1), ctypes.c_double(0))
    library.mpg123_param(handle, 2, ctypes.c_long(0x20), ctypes.c_double(0))
    rate, channels, encoding = ctypes.c_long(), ctypes.c_int(), ctypes.c_int()
    if library.mpg123_open(handle, path.encode()):
        return "error"
    library.mpg123_getformat(handle, ctypes.byref(rate), ctypes.byref(channels), ctypes.byref(encoding))
    library.mpg123_scan(handle)
    result = length(handle) / rate.value
    library.mpg123_close(handle)
    library.mpg123_delete(handle)
    return shown(result)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    tools = [ffprobe, soxi, mutagen, tinytag, mediainfo, libsndfile, libmpg123]
    titles = [tool.__name__ for tool in tools]
    titles[5] += ": header → decoded"
    print("| file | true samples | " + " | ".join(titles) + " | reprise | verdict |")
    print("| --- " * (len(tools) + 4) + "|")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for title, path, truth in Files(folder).rows:
            record = json.loads(run(sys.argv[1], "inspect", "--json", path).stdout.splitlines()[0])
            frames = (record["duration"] or {}).get("frames")
            cells = []
            for tool in tools:
                try:
                    cells.append(tool(path))
                except (ImportError, OSError):
                    cells.append("?")
            reasons = ", ".join(reason["code"] for reason in record["reasons"])
            off = "" if frames == truth else " (%+d)" % ((frames or 0) - truth)
            wrong += frames != truth
            cells += [f"{frames}{off}", record["verdict"] + (": " + reasons if reasons else "")]
            print("| %s | %d, %s s | " % (title, truth, shown(truth / RATE)) + " | ".join(cells) + " |", flush=True)
    print("\n%d of 12 rows differ from the truth" % wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
