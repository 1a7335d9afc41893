#!/usr/bin/env python3
"""Makes hostile variants of mp3 files and compares what we count with what other decoders decode.

    Tests/Oracles/hostile_mp3.py REPRISE COUNT [SEED]

The sources are encoded here by lame and ffmpeg: rates, modes, CRC, with and without headers. Every variant is inspected,
quickly and deeply, and decoded by mpg123 (unlimited resync) and ffmpeg. A variant counts as right if we count what
mpg123 or ffmpeg decodes, or say that it is damaged. Every other one is printed. Wants lame, ffmpeg, mpg123.
"""
import json, os, random, struct, subprocess, sys, tempfile

reprise, count = sys.argv[1], int(sys.argv[2])
rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
tmp = tempfile.mkdtemp()
at = lambda name: os.path.join(tmp, name)


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def make_sources():
    run("sox", "-n", "-r", "44100", "-c", "2", at("s.wav"), "synth", "9", "pluck", "220", "pluck", "330", "tremolo", "3", "gain", "-6")
    sources = {}
    for name, options in {
        "cbr": "-b 128", "vbr": "-V 5", "v9": "-V 9", "bare": "-b 128 -t", "bare-vbr": "-V 4 -t", "mono": "-b 64 -m m",
        "crc": "-p -b 128", "crc-vbr": "-p -V 5", "22k": "-b 64 --resample 22.05", "24k-mono": "-b 48 -m m --resample 24",
        "16k-bare": "-b 32 -m m --resample 16 -t", "8k": "-b 16 -m m --resample 8", "48k": "-b 320 --resample 48",
        "32k": "-b 96 --resample 32", "abr": "--abr 110", "nores": "-b 192 --nores",
    }.items():
        run("lame", "--quiet", *options.split(), at("s.wav"), at("x.mp3"))
        sources[name] = read(at("x.mp3"))
    for name, options in {"lavc": "-b:a 128k", "lavc-bare": "-b:a 96k -write_xing 0", "lavc-vbr": "-q:a 5"}.items():
        run("ffmpeg", "-y", "-i", at("s.wav"), "-c:a", "libmp3lame", *options.split(), at("x.mp3"))
        sources[name] = read(at("x.mp3"))
    return sources


RATES = {3: [44100, 48000, 32000], 2: [22050, 24000, 16000], 0: [11025, 12000, 8000]}
BITS = {True: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], False: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]}


def frames(data, at=0):
    found = []
    if data[at : at + 3] == b"ID3":
        at += 10 + (data[at + 6] << 21 | data[at + 7] << 14 | data[at + 8] << 7 | data[at + 9])
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] >= 0xE0:
        version = data[at + 1] >> 3 & 3
        one = version == 3
        if version == 1 or data[at + 2] >> 4 == 15 or data[at + 2] >> 2 & 3 == 3:
            break
        length = (144000 if one else 72000) * BITS[one][data[at + 2] >> 4] // RATES[version][data[at + 2] >> 2 & 3] + (data[at + 2] >> 1 & 1)
        found.append((at, length))
        at += length
    return found


def noise(size):
    return rng.randbytes(size)


def false_syncs(size):
    data = bytearray(noise(size))
    for _ in range(size // 40):
        place = rng.randrange(max(size - 4, 1))
        data[place : place + 2] = rng.choice([b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xe3"])
    return bytes(data)


def syncsafe(value):
    return bytes(value >> shift & 0x7F for shift in (21, 14, 7, 0))


def id3(body, version=4, footer=False, claim=None):
    size = syncsafe(len(body) if claim is None else claim)
    tag = b"ID3" + bytes([version, 0, 0x10 if footer else 0]) + size + body
    return tag + (b"3DI" + bytes([version, 0, 0x10]) + size if footer else b"")


def picture(data, size):
    kind = rng.randrange(4)
    body = noise(size) if kind == 0 else false_syncs(size) if kind == 1 else bytes(size) if kind == 2 else (data * 3)[:size]
    return b"APIC" + syncsafe(len(body)) + b"\0\0" + body


def ape(data, size, header=True, version=2000):
    value = rng.choice([noise, false_syncs])(size) if rng.random() < 0.7 else data[:size]
    item = struct.pack("<II", len(value), 2) + b"Cover Art (Front)\0" + value
    items = item + struct.pack("<II", 4, 0) + b"Title\0tune"
    frame = lambda flags: b"APETAGEX" + struct.pack("<IIII", version, len(items) + 32, 2, flags) + bytes(8)
    return (frame(0xA0000000) if header else b"") + items + frame(0x80000000 if header else 0)


def id3v1():
    return b"TAG" + noise(0) + b"tune".ljust(124, b"\0") + b"\x11"


def lyrics(version=2):
    text = b"LYRICSBEGIN" + (b"IND00002" + b"10" + b"LYR00012" + b"la la la la " if version == 2 else b"la la la " * 30)
    return text + (b"%06d" % len(text) + b"LYRICS200" if version == 2 else b"LYRICSEND")


def junk(size):
    return rng.choice([noise, false_syncs, bytes, lambda n: b"text, not audio. " * (n // 17)])(size)


def header_place(data):
    for name in (b"Xing", b"Info"):
        place = data.find(name, 0, 400)
        if place > 0:
            return place
    return None


def variant(sources):
    name = rng.choice(sorted(sources))
    data = sources[name]
    done = [name]
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
        how = rng.choice(sorted(MUTATIONS))
        changed = MUTATIONS[how](data, sources)
        if changed is not None:
            data, done = changed, done + [how]
    return data, " + ".join(done)


def middle(data, what):
    at = frames(data)
    if len(at) < 12:
        return None
    place = at[rng.randrange(2, len(at) - 2)][0]
    return data[:place] + what + data[place:]


def xing(data, offset, value):
    place = header_place(data)
    return None if place is None else data[: place + offset] + value + data[place + offset + len(value) :]


def other(sources):
    return sources[rng.choice(sorted(sources))]


MUTATIONS = {
    "id3v2 in front": lambda d, s: id3(picture(d, rng.choice([10, 3000, 200000])), rng.choice([2, 3, 4])) + d,
    "id3v2 with footer": lambda d, s: id3(picture(d, 500), 4, True) + d,
    "two id3v2": lambda d, s: id3(picture(d, 500)) + id3(picture(d, 900)) + d,
    "id3v2 padded": lambda d, s: id3(picture(d, 100) + bytes(2000)) + bytes(rng.randrange(600)) + d,
    "id3v2 claims too little": lambda d, s: id3(picture(d, 5000), claim=rng.randrange(4000)) + d,
    "id3v2 inside": lambda d, s: middle(d, id3(picture(d, 2000))),
    "id3v2 behind": lambda d, s: d + id3(picture(d, 2000), 4, True),
    "id3v1": lambda d, s: d + id3v1(),
    "id3v1 twice": lambda d, s: d + id3v1() + id3v1(),
    "id3v1 inside": lambda d, s: middle(d, id3v1()),
    "ape behind": lambda d, s: d + ape(d, rng.choice([20, 5000, 300000])),
    "ape without header": lambda d, s: d + ape(d, 5000, False),
    "ape v1": lambda d, s: d + ape(d, 900, False, 1000),
    "ape and id3v1": lambda d, s: d + ape(d, 4000) + id3v1(),
    "ape in front": lambda d, s: ape(d, 4000) + d,
    "ape inside": lambda d, s: middle(d, ape(d, 4000)),
    "lyrics": lambda d, s: d + lyrics(rng.choice([1, 2])) + id3v1(),
    "lyrics ape id3v1": lambda d, s: d + ape(d, 900) + lyrics() + id3v1(),
    "junk in front": lambda d, s: junk(rng.choice([1, 3, 100, 5000, 100000])) + d,
    "junk behind": lambda d, s: d + junk(rng.choice([1, 3, 100, 5000, 50000])),
    "junk inside": lambda d, s: middle(d, junk(rng.choice([1, 3, 100, 5000, 50000]))),
    "zeros behind": lambda d, s: d + bytes(rng.choice([1, 100, 4096, 65536])),
    "cut off": lambda d, s: d[: rng.randrange(len(d) // 4, len(d))],
    "cut off between frames": lambda d, s: d[: rng.choice(frames(d)[10:] or [(len(d), 0)])[0]],
    "cut in front": lambda d, s: d[rng.randrange(1, len(d) // 2) :],
    "joined": lambda d, s: d + other(s),
    "joined to itself": lambda d, s: d + d,
    "lost bytes": lambda d, s: (lambda p: d[:p] + d[p + rng.randrange(1, 3000) :])(rng.randrange(500, len(d) - 500)),
    "zeroed": lambda d, s: (lambda p, n: d[:p] + bytes(n) + d[p + n :])(rng.randrange(500, len(d) - 5000), rng.choice([16, 512, 4096])),
    "flipped": lambda d, s: (lambda p: d[:p] + bytes([d[p] ^ 1 << rng.randrange(8)]) + d[p + 1 :])(rng.randrange(500, len(d))),
    "header flipped": lambda d, s: (lambda p: d[:p] + bytes([d[p] ^ 1 << rng.randrange(8)]) + d[p + 1 :])(rng.choice(frames(d)[2:] or [(0, 0)])[0] + rng.randrange(4)),
    "ten times the frames": lambda d, s: xing(d, 8, struct.pack(">I", 10 * 345)),
    "too few frames": lambda d, s: xing(d, 8, struct.pack(">I", 20)),
    "no frames claimed": lambda d, s: xing(d, 4, struct.pack(">I", 14)),
    "frames 0": lambda d, s: xing(d, 8, bytes(4)),
    "frames ffffffff": lambda d, s: xing(d, 8, b"\xff" * 4),
    "longest delay": lambda d, s: xing(d, 141, b"\xff\xff\xff"),
    "no delay": lambda d, s: xing(d, 141, b"\0\0\0"),
    "unknown encoder": lambda d, s: xing(d, 120, b"Encoder  "),
    "no encoder": lambda d, s: xing(d, 120, bytes(9)),
}


def decoded_mpg123(path, channels):
    out = run("mpg123", "-q", "--resync-limit", "-1", "-e", "s16", "-s", path).stdout
    return len(out) // 2 // channels


def decoded_ffmpeg(path, channels, rate):
    out = run("ffmpeg", "-v", "error", "-i", path, "-ac", str(channels), "-ar", str(rate), "-f", "s16le", "-").stdout
    return len(out) // 2 // channels


sources = make_sources()
totals = dict(variants=0, mpg123=0, ffmpeg=0, damaged=0, odd=0, deep=0)
for index in range(count):
    data, what = variant(sources)
    path = at("%05d.mp3" % index)
    with open(path, "wb") as file:
        file.write(data)
    totals["variants"] += 1
    quick, deep = (run(reprise, "inspect", "--json", *more, path) for more in ([], ["--deep"]))
    if quick.returncode not in (0, 1) or deep.returncode not in (0, 1):
        print("%s (%s): exit %d, %d: %s" % (path, what, quick.returncode, deep.returncode, (quick.stderr + deep.stderr).decode()[-300:]))
        totals["odd"] += 1
        continue
    quick, deep = json.loads(quick.stdout), json.loads(deep.stdout)
    ours = quick["duration"]["frames"] if quick["duration"] else None
    if deep["duration"] and quick["duration"] and deep["duration"]["frames"] != ours and "format changes" not in " ".join(quick["integrity"]["problems"]):
        print("%s (%s): counted %s, decoded %s" % (path, what, ours, deep["duration"]["frames"]))
        totals["deep"] += 1
    channels, rate = quick["channels"] or 2, quick["sampleRate"] or 44100
    mpg, ff = decoded_mpg123(path, channels), decoded_ffmpeg(path, channels, rate)
    if ours == mpg:
        totals["mpg123"] += 1
    elif ours is not None and ours == ff:
        totals["ffmpeg"] += 1
    elif quick["integrity"]["damaged"]:
        totals["damaged"] += 1
    else:
        totals["odd"] += 1
        changes = [p for p in quick["integrity"]["problems"] if "format changes" in p]
        print("%s (%s): ours %s, mpg123 %d, ffmpeg %d; %s" % (path, what, ours, mpg, ff, changes or quick["integrity"]["problems"]))
        continue
    os.unlink(path)
print(totals, tmp)
