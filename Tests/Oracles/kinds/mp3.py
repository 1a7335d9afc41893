"""Kinds of mp3: headers, joins, changes of format, damage, tags, containers."""

from __future__ import annotations

from oracles import mpeg, tags, wave
from oracles.binary import be, le
from oracles.programs import must
from oracles.tags import chunk

from .tree import OPEN, PREPARABLE, READY, REJECTED, Tree

Shape = tuple[int, int, int]
FALSE_SYNCS = (b"\xff\xfb\x90\x64" + bytes(range(60))) * 90
LOW = ("-b", "64")


def lame(tree: Tree, rate: int, channels: int, *options: str, seconds: float = 7.0, loud_first: bool = False) -> bytes:
    source, target = tree.source(rate, channels, seconds, loud_first=loud_first), tree.scratch / "x.mp3"
    must("lame", "--quiet", "--resample", str(rate / 1000), *options, source, target)
    return target.read_bytes()


def pieces(data: bytes) -> list[bytes]:
    return [data[offset : offset + length] for offset, length in mpeg.frames(data)]


def samples_per_frame(rate: int) -> int:
    return 1152 if rate >= 32000 else 576


def claims(data: bytes, count: int | None = None, size: int | None = None) -> bytes:
    """A Xing or Info header that tells another count of frames or of bytes."""
    place = mpeg.header_offset(data)
    assert place
    out = bytearray(data)
    if count is not None:
        out[place + 8 : place + 12] = be(count, 4)
    if size is not None:
        out[place + 12 : place + 16] = be(size, 4)
    return bytes(out)


def encodings(tree: Tree) -> None:
    """Rates, modes, bit rates and headers that are right."""
    for rate in (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000):
        for channels in (1, 2):
            kilobits = "16" if rate <= 12000 else "32" if rate <= 24000 else "96"
            shape = (7 * rate, rate, channels)
            low = rate <= 12000
            why = "MPEG-2.5" if low else "MPEG-2" if rate <= 24000 else ""
            for name, options in (("cbr", ("-b", kilobits)), ("vbr", ("-V", "7"))):
                data = lame(tree, rate, channels, *options)
                tree.save(f"mp3/{name}-{rate}-{channels}ch.mp3", data, shape, READY, why)
                data = lame(tree, rate, channels, *options, "-t")
                expect = READY if name == "cbr" else PREPARABLE
                tree.save(f"mp3/{name}-bare-{rate}-{channels}ch.mp3", data, shape, expect, f"{why}, no header")
    shape = (7 * 44100, 44100, 2)
    for name, options in {
        "joint": ("-b", "128", "-m", "j"), "stereo": ("-b", "128", "-m", "s"), "dual": ("-b", "128", "-m", "d"),
        "forced-joint": ("-b", "128", "-m", "f"), "320k": ("-b", "320"), "320k-bare": ("-b", "320", "-t"),
        "crc": ("-b", "128", "-p"), "crc-vbr": ("-V", "5", "-p"), "abr": ("--abr", "110"), "v0": ("-V", "0"),
        "nores": ("-b", "128", "--nores"), "32k": ("-b", "32"), "nogap-less": ("-b", "128", "-t", "--nores"),
    }.items():  # fmt: skip
        tree.save(f"mp3/mode-{name}.mp3", lame(tree, 44100, 2, *options), shape, READY)
    for rate, kilobits in ((44100, 330), (44100, 160), (44100, 400), (48000, 600), (22050, 100), (32000, 200)):
        data = lame(tree, rate, 2, "--freeformat", "-b", str(kilobits))
        tree.save(f"mp3/free-format-{rate}-{kilobits}.mp3", data, (7 * rate, rate, 2), PREPARABLE, "free format")
        data = lame(tree, rate, 2, "--freeformat", "-b", str(kilobits), "-t")
        tree.save(f"mp3/free-format-bare-{rate}-{kilobits}.mp3", data, (7 * rate, rate, 2), PREPARABLE, "free format")


def headers(tree: Tree) -> None:
    """Headers that claim less or more, another encoder's, or none."""
    for rate, channels in ((44100, 2), (48000, 1), (22050, 1)):
        for name, options in (("vbr", ("-V", "5")), ("cbr", LOW)):
            data, shape = lame(tree, rate, channels, *options), (7 * rate, rate, channels)
            place = mpeg.header_offset(data)
            count = int.from_bytes(data[place + 8 : place + 12], "big")
            root = f"mp3/{name}-{rate}-claims"
            for word, value in (
                ("0", 0), ("1", 1), ("half", count // 2), ("45-times", 45 * count), ("10-times", 10 * count),
                ("ffffffff", 0xFFFFFFFF), ("three-less", count - 3), ("three-more", count + 3),
                ("20-less", count - 20), ("20-more", count + 20),
            ):  # fmt: skip
                close = word == "three-more"
                tree.save(
                    f"{root}-{word}.mp3", claims(data, value), shape, OPEN if close else PREPARABLE, "header lies"
                )
            for word, value in (("bytes-0", 0), ("bytes-half", len(data) // 2), ("bytes-10-times", 10 * len(data))):
                tree.save(f"{root}-{word}.mp3", claims(data, size=value), shape, OPEN, "only its byte count is wrong")
            expect = PREPARABLE if name == "vbr" else OPEN
            no_count = data[: place + 4] + be(14, 4) + data[place + 8 :]
            tree.save(f"{root}-no-count.mp3", no_count, shape, expect, "header without a count")
            vbri(tree, data, name, shape, count)
    for rate, channels, quality in ((44100, 2, 5), (44100, 1, 9), (48000, 2, 0), (22050, 2, 5), (24000, 1, 7)):
        for loud in (False, True):
            data = lame(tree, rate, channels, "-V", str(quality), "-t", loud_first=loud)
            name = f"mp3/vbr-no-header-{rate}-v{quality}-{'loud' if loud else 'even'}.mp3"
            tree.save(name, data, (7 * rate, rate, channels), PREPARABLE, "VBR without a header")


def vbri(tree: Tree, data: bytes, name: str, shape: Shape, count: int) -> None:
    """Fraunhofer's header instead of Xing's, 36 bytes behind the frame's."""
    length = mpeg.frames(data)[0][1]
    for word, value in (("right", count), ("half", count // 2), ("0", 0)):
        parts = ((1, 2), (0, 2), (50, 2), (len(data), 4), (value, 4), (0, 2), (1, 2), (2, 2), (1, 2))
        head = data[:4] + bytes(32) + b"VBRI" + b"".join(be(part, width) for part, width in parts)
        if len(head) > length:
            continue
        made = head.ljust(length, b"\0")[:length] + data[length:]
        expect = PREPARABLE if name == "vbr" else OPEN
        tree.save(f"mp3/vbri-{name}-{shape[1]}-{word}.mp3", made, shape, expect, "VBRI header")


def joined(tree: Tree) -> None:
    """Two or three mp3s byte by byte, with what stands between."""
    one = {
        "cbr": lame(tree, 44100, 2, "-b", "128", seconds=6.2), "vbr": lame(tree, 44100, 2, "-V", "5", seconds=6.2),
        "bare": lame(tree, 44100, 2, "-b", "128", "-t", seconds=6.2),
        "bare-vbr": lame(tree, 44100, 2, "-V", "5", "-t", seconds=6.2),
        "other": lame(tree, 44100, 2, "-b", "64", seconds=6.2),
    }  # fmt: skip
    between = {
        "": b"", "id3v1": tags.id3v1(), "id3v2": tags.id3v2(b"TIT2" + be(5, 4) + b"\0\0\0tune" + bytes(500)),
        "ape": tags.ape(tags.ape_item(b"Title", b"tune"), 1), "zeros": bytes(700),
        "both": tags.id3v1() + tags.id3v2(bytes(300)),
    }  # fmt: skip
    held = {name: 1152 * len(pieces(data)) for name, data in one.items()}
    for first, second in (
        ("cbr", "cbr"), ("vbr", "vbr"), ("cbr", "vbr"), ("vbr", "cbr"), ("bare", "cbr"), ("cbr", "bare"),
        ("bare", "bare"), ("bare", "bare-vbr"), ("bare-vbr", "vbr"), ("cbr", "other"), ("bare", "other"),
    ):  # fmt: skip
        for name, middle in between.items():
            if name and (first, second) not in (("cbr", "cbr"), ("vbr", "vbr"), ("bare", "bare")):
                continue
            root = f"mp3/joined-{first}-{second}{'-' + name if name else ''}.mp3"
            # What the first one's header takes off is known; the second's, and its silent frame, are played.
            frames = (held[first] if first.startswith("bare") else round(6.2 * 44100)) + held[second]
            plain = (first, second, name) == ("bare", "bare", "")
            data = one[first] + middle + one[second]
            tree.save(root, data, (frames, 44100, 2), OPEN if plain else PREPARABLE, "two joined")
    three = round(6.2 * 44100) + 2 * held["vbr"], 44100, 2
    tree.save("mp3/joined-three-vbr.mp3", one["vbr"] * 3, three, PREPARABLE, "three joined")
    low = lame(tree, 22050, 1, "-V", "7", seconds=6.2)
    tree.save(
        "mp3/joined-22050.mp3",
        low + low,
        (round(6.2 * 22050) + 576 * len(pieces(low)), 22050, 1),
        PREPARABLE,
        "two joined",
    )
    # Speech servers send every sentence as a file of its own.
    chunks = b"".join(lame(tree, 24000, 1, "-b", "48", seconds=1.1 + part / 7) for part in range(6))
    frames = 576 * len(pieces(chunks))
    tree.save("mp3/joined-speech-chunks.mp3", chunks, (frames, 24000, 1), OPEN, "six sentences, no headers")
    chunks = b"".join(lame(tree, 44100, 1, *LOW, seconds=1.1 + part / 7) for part in range(6))
    frames = 1152 * (len(pieces(chunks)) - 1)
    tree.save("mp3/joined-speech-headed.mp3", chunks, (frames, 44100, 1), PREPARABLE, "six sentences with headers")


def changes(tree: Tree) -> None:
    """Streams whose rate, channels, version or layer change."""
    made: dict[str, tuple[bytes, float]] = {}
    for name, rate, channels in (
        ("44s", 44100, 2), ("44m", 44100, 1), ("48s", 48000, 2), ("32s", 32000, 2), ("22m", 22050, 1),
        ("24s", 24000, 2),
        ("11m", 11025, 1),
    ):  # fmt: skip
        options = ("-b", "16") if rate < 16000 else LOW
        made[name] = lame(tree, rate, channels, *options, "-t", seconds=4), 4
    for pair in (
        "44s 44m", "44m 44s", "44s 48s", "48s 44s", "22m 44s", "44s 22m", "32s 48s", "24s 48s", "11m 44s", "22m 44m",
        "44m 44s 44m", "22m 24s 44s",
    ):  # fmt: skip
        names = pair.split()
        rate = max(
            int({"44": 44100, "48": 48000, "32": 32000, "22": 22050, "24": 24000, "11": 11025}[n[:2]]) for n in names
        )
        channels = 2 if any(name.endswith("s") for name in names) else 1
        data = b"".join(made[name][0] for name in names)
        shape = (4 * len(names) * rate, rate, channels)
        tree.save(f"mp3/changes-{'-'.join(names)}.mp3", data, shape, PREPARABLE, "format changes", lossless=False)
    layer_two = tree.ffmpeg("l2.mp2", tree.source(44100, 2, 4.0), "-c:a", "mp2", "-b:a", "128k")
    both = made["44s"][0] + layer_two
    tree.save("mp3/changes-layer.mp3", both, (8 * 44100, 44100, 2), OPEN, "layer III, then II", lossless=False)
    tree.save("mp3/layer-2.mp3", layer_two * 2, (8 * 44100, 44100, 2), OPEN, "layer II", lossless=False)


def streams(tree: Tree) -> None:
    """ICY metadata in the stream, holes, tails, short last frames, cuts."""
    for rate, channels, kilobits in ((44100, 2, "128"), (32000, 1, "64"), (22050, 1, "32")):
        bare = lame(tree, rate, channels, "-b", kilobits, "-t", seconds=9)
        root, shape = f"{rate}", (9 * rate, rate, channels)
        for interval in (4096, 8192, 16000, 16384, 32768):
            for word, title in (("title", b"StreamTitle='a song';".ljust(32, b"\0")), ("empty", b"")):
                for start in (0, 150):
                    block = bytes([len(title) // 16]) + title
                    parts = [bare[start:][at : at + interval] for at in range(0, len(bare) - start, interval)]
                    name = f"mp3/icy-{root}-{interval}-{word}{'-mid-frame' if start else ''}.mp3"
                    tree.save(name, block.join(parts), shape, PREPARABLE, f"ICY metadata after every {interval} bytes")
        middle = len(bare) // 2 + 77
        for size in (500, 4096, 16384):
            hole = bare[:middle] + bytes(size) + bare[middle + size :]
            tree.save(f"mp3/hole-{root}-{size}.mp3", hole, shape, REJECTED, "zeros in the middle")
            tree.save(
                f"mp3/lost-{root}-{size}.mp3", bare[:middle] + bare[middle + size :], shape, REJECTED, "bytes lost"
            )
        headed = lame(tree, rate, channels, "-b", kilobits, seconds=9)
        for name, data in (("bare", bare), ("info", headed)):
            kept = (int(len(pieces(data)) * 0.6) * samples_per_frame(rate), rate, channels)
            tail = data[: int(len(data) * 0.6)] + bytes(int(len(data) * 0.4))
            tree.save(f"mp3/preallocated-{name}-{root}.mp3", tail, kept, REJECTED, "the last 40 % are zeros")
            for lost in (1, 2, 20, 60):
                tree.save(
                    f"mp3/short-last-{name}-{root}-{lost}.mp3", data[:-lost], shape, PREPARABLE, "last frame short"
                )
        cut = pieces(bare)
        after = b"".join(cut[60:])
        tree.save(f"mp3/cut-by-frames-{root}.mp3", after, (len(cut[60:]) * samples_per_frame(rate), rate, channels),
                  READY, "reservoir in front is gone")  # fmt: skip
        crlf = bare.replace(b"\n", b"\r\n")
        tree.save(f"mp3/crlf-{root}.mp3", crlf, shape, REJECTED, "sent as text: a CR before each LF")


def surroundings(tree: Tree) -> None:
    """What stands in front of the frames and behind them."""
    junk = tree.chance.randbytes(5000)
    syncs = FALSE_SYNCS
    picture = b"APIC" + be(len(syncs), 4) + b"\0\0" + syncs
    inner = b"".join(pieces(lame(tree, 44100, 1, *LOW, "-t"))[20:50])
    whole = b"APIC" + be(len(inner), 4) + b"\0\0" + inner
    whole_item = tags.ape_item(b"Cover Art (Front)", inner, 2)
    item = tags.ape_item(b"Cover Art (Front)", syncs, 2)
    behind = {
        "id3v1": (tags.id3v1(), READY), "id3v1-twice": (tags.id3v1() * 2, OPEN),
        "id3v2": (tags.id3v2(picture), PREPARABLE), "id3v2-footer": (tags.id3v2(picture, footer=True), PREPARABLE),
        "id3v2-plain": (tags.id3v2(b"TIT2" + be(5, 4) + b"\0\0\0tune"), PREPARABLE),
        "ape": (tags.ape(tags.ape_item(b"Title", b"tune"), 1), READY), "ape-syncs": (tags.ape(item, 1), PREPARABLE),
        "ape-syncs-no-header": (tags.ape(item, 1, header=False), PREPARABLE),
        "ape-syncs-id3v1": (tags.ape(item, 1) + tags.id3v1(), PREPARABLE),
        "id3v2-frames": (tags.id3v2(whole), PREPARABLE), "ape-frames": (tags.ape(whole_item, 1), PREPARABLE),
        "ape-frames-no-header": (tags.ape(whole_item, 1, header=False), PREPARABLE),
        "lyrics3v1": (tags.lyrics3(1) + tags.id3v1(), OPEN), "lyrics3v2": (tags.lyrics3(2) + tags.id3v1(), OPEN),
        "zeros": (bytes(100), OPEN), "many-zeros": (bytes(70000), PREPARABLE), "junk": (junk, PREPARABLE),
        "syncs": (syncs, PREPARABLE), "text": (b"the end\r\n" * 60, PREPARABLE), "one-byte": (b"x", OPEN),
    }  # fmt: skip
    front = {
        "zeros-100": (bytes(100), PREPARABLE), "zeros-417": (bytes(417), PREPARABLE),
        "zeros-4096": (bytes(4096), PREPARABLE), "zeros-70000": (bytes(70000), PREPARABLE),
        "zeros-200000": (bytes(200000), PREPARABLE), "junk": (junk, PREPARABLE), "syncs": (syncs, PREPARABLE),
        "newline": (b"\r\n", OPEN), "id3v2": (tags.id3v2(picture), READY),
        "id3v2-padded": (tags.id3v2(picture + bytes(9000)), READY), "two-id3v2": (tags.id3v2(picture) * 2, OPEN),
        "id3v2-zeros": (tags.id3v2(picture) + bytes(600), PREPARABLE),
        "id3v2-claims-less": (tags.id3v2(picture, claim=2000), PREPARABLE),
        "ape": (tags.ape(item, 1), PREPARABLE), "frame-part": (b"\x55" * 300, PREPARABLE),
    }  # fmt: skip
    for name, data, shape in (
        ("info", lame(tree, 44100, 2, *LOW), (7 * 44100, 44100, 2)),
        ("bare", lame(tree, 44100, 1, *LOW, "-t"), (7 * 44100, 44100, 1)),
    ):
        for word, (what, expect) in behind.items():
            if word in ("junk", "many-zeros", "text", "lyrics3v1"):
                # mpg123 and what is built on it go on for 1024 bytes; an Info header's count tells them to stop.
                expect = PREPARABLE if name == "bare" and len(what) > 1024 + 128 else OPEN
            tree.save(f"mp3/behind-{name}-{word}.mp3", data + what, shape, expect, f"{word} behind")
        for word, (what, expect) in front.items():
            if name == "info" and expect != READY and what[:3] != b"ID3":
                expect = PREPARABLE  # Behind other bytes ffmpeg plays the Info frame and the encoder's delay.
            elif name == "bare" and word in ("junk", "syncs", "ape", "frame-part", "id3v2-claims-less"):
                expect = OPEN
            tree.save(f"mp3/in-front-{name}-{word}.mp3", what + data, shape, expect, f"{word} in front")


def containers(tree: Tree) -> None:
    """mp3 in other containers."""
    for rate, channels, kilobits in ((44100, 2, 128), (22050, 1, 32), (48000, 2, 96)):
        shape = (7 * rate, rate, channels)
        for name, data in (
            ("info", lame(tree, rate, channels, "-b", str(kilobits))),
            ("bare", lame(tree, rate, channels, "-b", str(kilobits), "-t")),
        ):
            root = f"mp3-in/{name}-{rate}"
            for word, tag, more in (("0x55", 0x55, b""), ("0x55-fact", 0x55, fact(shape)), ("0x50", 0x50, b"")):
                tree.save(f"{root}-riff-{word}.wav", riff_mp3(data, shape, kilobits, tag, more), shape, PREPARABLE,
                          "mp3 in RIFF")  # fmt: skip
            tree.save(f"{root}-riff-list.wav", riff_mp3(data, shape, kilobits, 0x55, fact(shape), wave.LIST), shape,
                      PREPARABLE, "mp3 in RIFF, a LIST chunk behind")  # fmt: skip
            tree.save(f"{root}-riff-size-0.wav", riff_mp3(data, shape, kilobits, 0x55, fact(shape), size=0), shape,
                      PREPARABLE, "mp3 in RIFF, data size 0")  # fmt: skip
            tree.save(f"{root}-riff.mp3", riff_mp3(data, shape, kilobits, 0x55, fact(shape)), shape, PREPARABLE,
                      "mp3 in RIFF, named mp3")  # fmt: skip
            tree.save(f"{root}-riff-pcm.wav", riff_mp3(data, shape, kilobits, 1, b""), shape, PREPARABLE,
                      "mp3 in RIFF whose fmt says PCM")  # fmt: skip
            source = tree.scratch / "in.mp3"
            source.write_bytes(data)
            for ending in ("mp4", "mka", "mov", "avi", "nut", "m4a", "mkv", "flv", "ts"):
                made = tree.ffmpeg(f"in.{ending}", source, "-c:a", "copy", *(("-f", "mp4") if ending == "m4a" else ()))
                tree.save(f"{root}.{ending}", made, shape, PREPARABLE, f"mp3 in {ending}")


def fact(shape: Shape) -> bytes:
    return chunk(b"fact", le(shape[0], 4))


def riff_mp3(
    data: bytes, shape: Shape, kilobits: int, tag: int, before: bytes, after: bytes = b"", size: int | None = None
) -> bytes:
    """A RIFF whose fmt is MPEGLAYER3WAVEFORMAT, MPEG1WAVEFORMAT or PCM's."""
    _, rate, channels = shape
    base = le(tag, 2) + le(channels, 2) + le(rate, 4) + le(kilobits * 125, 4)
    if tag == 0x55:
        frame = samples_per_frame(rate) // 8 * kilobits * 1000 // rate
        form = base + le(1, 2) + le(0, 2) + le(12, 2) + le(1, 2) + le(2, 4) + le(frame, 2) + le(1, 2) + le(1393, 2)
    elif tag == 0x50:
        form = base + le(1, 2) + le(0, 2) + le(22, 2) + le(4, 2) + le(kilobits * 1000, 4) + le(1, 2) + bytes(14)
    else:
        form = base + le(2 * channels, 2) + le(16, 2)
    return wave.wav(data, form, before=before, after=after, size=size, riff_size=size)


def make_mp3(tree: Tree) -> None:
    for make in (encodings, headers, joined, changes, streams, surroundings, containers):
        make(tree)
