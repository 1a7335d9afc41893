"""The mp3 fixtures: lame's streams, with headers, tags and frames changed."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from oracles import mpeg, tags, wave
from oracles.binary import be

from .directories import Directories
from .signals import music, pcm16
from .tags import TITLE, id3, picture, titled

RATE = 44100
LOW_RATE_MONO = ("-b", "56", "-m", "m", "--resample", "44.1")  # The lowest whose frames have room for the Info header.


def make(directories: Directories) -> None:
    source = recording(directories, "tune", music(6.3, RATE))
    cbr = lame(directories, source, *LOW_RATE_MONO)
    vbr = lame(directories, source, "-V", "9", "--resample", "44.1")
    for name, frame in (("Xing", vbr), ("Info", cbr)):
        assert mpeg.header_offset(frame) == 21, name
    make_encodings(directories, source, cbr, vbr)
    make_claims(directories, cbr, vbr)
    make_tags(directories, cbr, lame(directories, source, "-b", "32", "-m", "m", "--resample", "44.1", "-t"))
    make_damage(directories, cbr)
    make_stereo(directories, cbr)
    make_old(directories)


def recording(directories: Directories, name: str, samples: list[float], channels: int = 1) -> Path:
    """A wav for encoders."""
    return directories.keep(name + ".wav", wave.wav(pcm16(samples), wave.fmt(16, channels, rate=RATE)))


def lame(directories: Directories, source: Path, *options: str) -> bytes:
    return directories.made("x.mp3", "lame", "--quiet", *options, source)


def starts(data: bytes) -> list[int]:
    """The offsets of a stream's frames."""
    return [offset for offset, _ in mpeg.frames(data)]


def pieces(data: bytes) -> list[bytes]:
    """A stream's frames."""
    return [data[offset : offset + length] for offset, length in mpeg.frames(data)]


def make_encodings(directories: Directories, source: Path, cbr: bytes, vbr: bytes) -> None:
    directories.write("cbr.mp3", cbr)
    directories.write("vbr.mp3", vbr)
    directories.write("really-mp3.wav", cbr)
    directories.write("joined.mp3", cbr + vbr)
    directories.write("crc.mp3", lame(directories, source, *LOW_RATE_MONO, "-p"))
    free = lame(directories, source, "--freeformat", "-b", "48", "-m", "m", "--resample", "44.1")
    directories.write("free-format.mp3", free)
    directories.write("mpeg-2.mp3", lame(directories, source, "-b", "24", "-m", "m", "--resample", "22.05"))


def make_claims(directories: Directories, cbr: bytes, vbr: bytes) -> None:
    """Headers of the stream that are wrong, missing or another encoder's."""
    # The Xing header's frame count stands 8 bytes behind its name, which mono streams have at 21.
    claimed = int.from_bytes(vbr[29:33], "big")
    directories.write("xing-claims-ten-times.mp3", vbr[:29] + be(claimed * 10, 4) + vbr[33:])
    # Fraunhofer's header, 36 bytes behind the frame's: version, delay, quality, bytes, frames, then an empty table.
    length = mpeg.frames(vbr)[0][1]
    fields = ((1, 2), (0, 2), (50, 2), (len(vbr), 4), (claimed, 4), (0, 2), (1, 2), (2, 2), (1, 2))
    head = vbr[:4] + bytes(32) + b"VBRI" + b"".join(be(value, width) for value, width in fields)
    directories.write("vbri.mp3", head.ljust(length, b"\0")[:length] + vbr[length:])
    quiet = recording(directories, "quiet", music(8, RATE, quiet_until=4))
    directories.write("vbr-without-xing.mp3", lame(directories, quiet, "-V", "9", "--resample", "44.1", "-t"))
    short = recording(directories, "short", music(5, RATE))
    directories.write("too-short.mp3", lame(directories, short, *LOW_RATE_MONO))


def make_tags(directories: Directories, cbr: bytes, bare: bytes) -> None:
    """Tags in front of the frames and behind them; `bare` is a stream without an Info header."""
    directories.write("id3-picture-without-info.mp3", id3(TITLE, picture(20000)) + bare)
    items = tags.ape_item(b"Title", b"tune") + tags.ape_item(b"Cover Art (Front)", picture(15000)[1], 2)
    directories.write("ape-tag.mp3", bare + tags.ape(items, 2))
    v1 = tags.id3v1()
    directories.write("id3v1.mp3", cbr + v1)
    # Lyrics3 2.00 tells its size behind its text, and stands before an ID3v1 tag.
    text = b"LYRICSBEGIN" + b"IND00002" + b"10" + b"LYR00009" + b"la la la "
    directories.write("lyrics3.mp3", cbr + text + b"%06dLYRICS200" % len(text) + v1)
    # A picture made of frames, in front; the same in an APE tag behind that has no header to tell where it begins.
    at = starts(cbr)
    inner = cbr[at[3] : at[30]]
    behind = tags.ape(tags.ape_item(b"Cover Art (Front)", b"front.jpg\0" + inner, 2), 1, header=False)
    directories.write("frames-in-tags.mp3", id3((b"APIC", b"\0image/jpeg\0\3\0" + inner)) + cbr + behind)


def make_damage(directories: Directories, cbr: bytes) -> None:
    """Bytes missing, and bytes of no frame between the frames."""
    directories.write("truncated.mp3", cbr[: len(cbr) * 6 // 10])
    noise = random.Random(7)
    junk = bytes(noise.randrange(255) for _ in range(3000))
    directories.write("garbage-in-front.mp3", junk + cbr)
    frames = mpeg.frames(cbr)
    middle = frames[len(frames) // 2][0]
    directories.write("garbage-between.mp3", cbr[:middle] + junk + cbr[middle:])
    directories.write("id3-in-the-middle.mp3", cbr[:middle] + titled() + cbr[middle:])
    start, length = frames[-1]
    directories.write("last-frame-cut.mp3", cbr[: start + length // 2])


def make_stereo(directories: Directories, cbr: bytes) -> None:
    """Stereo, with checksums and at other rates."""
    left, right = music(6.3, RATE), music(7.1, RATE)[-round(6.3 * RATE) :]
    both = recording(directories, "stereo", [s for pair in zip(left, right, strict=True) for s in pair], 2)
    protected = lame(directories, both, "-p", "-b", "64", "-m", "j", "--resample", "44.1")
    directories.write("crc-joint-stereo.mp3", protected)
    directories.write("vbr-stereo-mpeg-2.mp3", lame(directories, both, "-V", "9", "--resample", "22.05"))
    directories.write("mpeg-2.5.mp3", lame(directories, both, "-b", "16", "-m", "m", "--resample", "8"))
    # Some encoders leave room for the CRC of a protected frame before the header and some do not.
    place = mpeg.header_offset(protected)
    assert place == 36
    length = mpeg.frames(protected)[0][1]
    moved = protected[:place] + b"\0\0" + protected[place : length - 2]
    unprotected = bytes([moved[0], moved[1] & 0xFE]) + moved[2:]
    directories.write("info-behind-crc.mp3", unprotected + protected[length:])
    # Found by fuzzing: the header's delay, at its own rate, is longer than all that follows at another.
    other = lame(directories, both, "-b", "64", "-m", "m", "--resample", "32")
    head = bytearray(other[: starts(other)[2]])
    head[21 + 141 : 21 + 144] = b"\xff\xf0\x00"
    at = starts(cbr)
    directories.write("delay-longer-than-all.mp3", bytes(head) + cbr[at[5] : at[8]])


def make_old(directories: Directories) -> None:
    """Granules filled up with ones, as old encoders leave them, and streams cut without regard to the bit reservoir."""
    one = recording(directories, "long", music(9, RATE))
    options = ("-c:a", "libshine", "-b:a", "48k", "-write_xing", "0", "-id3v2_version", "0", "-bitexact", "-f", "mp3")
    filled = directories.made("f.mp3", "ffmpeg", "-v", "error", "-y", "-i", one, *options)
    exact = lame(directories, one, "-t", "--nores", "-m", "m", "-b", "48", "--resample", "44.1")
    # shine fills a granule of every frame up. The encoders meant do so now and then: every 16th frame is shine's here.
    pairs = zip(pieces(exact), pieces(filled), strict=False)
    mixed = [theirs if index % 16 == 0 else ours for index, (ours, theirs) in enumerate(pairs)]
    assert all(frame[4] == 0 and frame[5] < 128 for frame in mixed), "a frame wants data of another"
    directories.write("filled-granules.mp3", b"".join(mixed))
    # Silence saves bits up, which the first frames behind it take: there most frames want those of frames before them.
    one = recording(directories, "silence", music(8.5, RATE, quiet_until=1.2))
    for name, options in (
        ("cut-at-frames.mp3", ("-b", "32", "--resample", "44.1")),
        ("cut-at-frames-mpeg-2.mp3", ("-b", "16", "--resample", "22.05")),
    ):
        data = lame(directories, one, "-t", "-m", "m", *options)
        at = starts(data)
        worst = max(range(20, 80), key=lambda first: lacking(data, at[first:]))
        directories.write(name, data[at[worst] :])


def lacking(data: bytes, at: list[int]) -> int:
    """How many of the first frames want main data of frames in front of all of them; mono, without CRC."""
    count = held = 0
    for place, end in itertools.pairwise(at[:21]):
        is_mpeg1 = data[place + 1] & 8
        wanted = data[place + 4] << 1 | data[place + 5] >> 7 if is_mpeg1 else data[place + 4]
        count += wanted > held
        held += end - place - (21 if is_mpeg1 else 13)
    return count
