#!/usr/bin/env python3
"""Holds `reprise inspect` against full decodes by others, on some hundreds of wav and flac files made to mislead.

    Tests/Oracles/hostile_wav_flac.py [--reprise PATH] [--keep FOLDER] [--seed N] [--only TEXT]

Every variant is made here, from a seed; nothing is downloaded. ffmpeg, libsndfile (by ctypes), sox and, for flac,
`flac -t` decode each one. A line is printed for every file on which ours differs from all of them in frames, or calls
undamaged what `flac -t` refuses, or differs between the quick and the deep look; then 6.25 s are cut out of each that is
fit for it, and compared sample by sample with the source. The totals come last. A disagreement
is no failure by itself: docs/measurements.md says who is right. Exits 1 if ours crashed, hung or left a record out.
Wants ffmpeg, sox, flac and libsndfile.
"""
import argparse, ctypes, json, math, os, random, shutil, struct, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--reprise", default=os.path.join(os.path.dirname(__file__), "..", "..", ".build", "release", "reprise"))
parser.add_argument("--keep", help="a folder for the files, left behind")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--only", default="", help="only files whose name contains this")
args = parser.parse_args()
rng = random.Random(args.seed)
folder = args.keep or tempfile.mkdtemp()
os.makedirs(folder, exist_ok=True)
RATE, SECONDS = 8000, 7
FRAMES = RATE * SECONDS
files = []


def le(value, width):
    return (value & (1 << 8 * width) - 1).to_bytes(width, "little")


def be(value, width):
    return (value & (1 << 8 * width) - 1).to_bytes(width, "big")


def save(name, data):
    if args.only in name:
        files.append(name)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


# --- signals ---------------------------------------------------------------------------------------------------------

def tune(frames, channels=1, rate=RATE):
    out = []
    for index in range(frames):
        for channel in range(channels):
            value = 0.3 * math.sin(2 * math.pi * (220 + 55 * channel) * index / rate)
            out.append(value + 0.2 * math.sin(2 * math.pi * 331.7 * index / rate) + 0.02 * rng.uniform(-1, 1))
    return out


def pcm(samples, bits):
    """Samples of 8 to 32 bits, left-justified in whole bytes as the wav format has them."""
    width = (bits + 7) // 8
    if width == 1:
        return bytes(min(max(round(s * 127) + 128, 0), 255) for s in samples)
    low = 8 * width - bits
    return b"".join(le(round(s * ((1 << bits - 1) - 1)) << low, width) for s in samples)


MONO = tune(FRAMES)
STEREO = tune(FRAMES, 2)
D16 = pcm(MONO, 16)
S16 = pcm(STEREO, 16)


# --- wav -------------------------------------------------------------------------------------------------------------

GUID = bytes.fromhex("000000001000800000aa00389b71")


def chunk(name, data, size=None, pad=True):
    return name + le(len(data) if size is None else size, 4) + data + (b"\0" if pad and len(data) % 2 else b"")


def fmt(bits=16, channels=1, tag=1, rate=RATE, block=None, byte_rate=None):
    frame = channels * ((bits + 7) // 8)
    block = frame if block is None else block
    return struct.pack("<HHIIHH", tag, channels, rate, (rate * frame if byte_rate is None else byte_rate) & 0xFFFFFFFF,
                       block & 0xFFFF, bits)


def extensible(bits, channels, tag=1, valid=None, mask=0, guid=GUID):
    return fmt(bits, channels, 0xFFFE) + struct.pack("<HHI", 22, bits if valid is None else valid, mask) + le(tag, 2) + guid


def riff(body, size=None, magic=b"RIFF"):
    return magic + le(len(body) + 4 if size is None else size, 4) + b"WAVE" + body


def wav(data=D16, form=None, size=None, before=b"", after=b"", riff_size=None, pad=True, magic=b"RIFF"):
    return riff(chunk(b"fmt ", fmt() if form is None else form) + before + chunk(b"data", data, size, pad) + after,
                riff_size, magic)


LIST = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"a tune\0\0") + chunk(b"ISFT", b"Lavf59.27\0"))
BEXT = chunk(b"bext", b"a description".ljust(256, b"\0") + bytes(346))


def id3v2(body=500, footer=False):
    inner = b"TIT2" + be(5, 4) + b"\0\0\0tune" + bytes(body)
    sync = bytes(len(inner) >> s & 127 for s in (21, 14, 7, 0))
    head = b"\4\0" + (b"\x10" if footer else b"\0") + sync
    return b"ID3" + head + inner + (b"3DI" + head if footer else b"")


ID3V1 = b"TAG" + b"tune".ljust(30, b"\0") + bytes(94) + b"\xff"
APE_ITEM = le(4, 4) + le(0, 4) + b"Title\0tune"


def ape(flags):
    return b"APETAGEX" + le(2000, 4) + le(len(APE_ITEM) + 32, 4) + le(1, 4) + le(flags, 4) + bytes(8)


APE = ape(0xA0000000) + APE_ITEM + ape(0x80000000)
LYRICS = b"LYRICSBEGIN" + b"IND0000211" + b"000021LYRICS200"
JUNK = bytes(rng.randrange(256) for _ in range(5000))
W64_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")


def w64_chunk(name, data, size=None, pad=True):
    return name + W64_TAIL + le(24 + len(data) if size is None else size, 8) + data + (bytes(-len(data) % 8) if pad else b"")


def w64(data=D16, form=None, size=None, before=b"", after=b"", riff_size=None, pad=True):
    inner = b"wave" + W64_TAIL + w64_chunk(b"fmt ", fmt() if form is None else form) + before + w64_chunk(b"data", data, size, pad) + after
    return W64_RIFF + le(24 + len(inner) if riff_size is None else riff_size, 8) + inner


def rf64(data=D16, form=None, size32=0xFFFFFFFF, size64=None, riff64=None, count=None, ds64=None, magic=b"RF64", after=b""):
    form = fmt() if form is None else form
    body = chunk(b"fmt ", form) + chunk(b"data", data, size32) + after
    if ds64 is None:
        ds64 = chunk(b"ds64", le(len(body) + 36 + 4 if riff64 is None else riff64, 8)
                     + le(len(data) if size64 is None else size64, 8) + le(FRAMES if count is None else count, 8) + le(0, 4))
    return riff(ds64 + body, 0xFFFFFFFF, magic)


def make_wav():
    plain = wav()
    save("wav-plain.wav", plain)
    for bits in (8, 12, 16, 20, 24, 32):
        for channels, signal in ((1, MONO), (2, STEREO)):
            save("wav-pcm%d-%dch.wav" % (bits, channels), wav(pcm(signal, bits), fmt(bits, channels)))
            save("wav-extensible%d-%dch.wav" % (bits, channels), wav(pcm(signal, bits), extensible(bits, channels)))
    for valid, kept in ((12, 16), (20, 24), (20, 32), (24, 32), (17, 24), (0, 16), (16, 8), (32, 16)):
        save("wav-valid%d-of-%d.wav" % (valid, kept), wav(pcm(MONO, kept), extensible(kept, 1, valid=valid)))
    save("wav-float32.wav", wav(struct.pack("<%df" % FRAMES, *MONO), fmt(32, 1, 3)))
    save("wav-float64.wav", wav(struct.pack("<%dd" % FRAMES, *MONO), fmt(64, 1, 3)))
    save("wav-extensible-float32.wav", wav(struct.pack("<%df" % FRAMES, *MONO), extensible(32, 1, 3)))
    save("wav-extensible-float64.wav", wav(struct.pack("<%dd" % FRAMES, *MONO), extensible(64, 1, 3)))
    save("wav-float-18-byte-fmt-and-fact.wav", wav(struct.pack("<%df" % FRAMES, *MONO), fmt(32, 1, 3) + b"\0\0", before=chunk(b"fact", le(FRAMES, 4))))
    nan = list(MONO)
    nan[8000:8100] = [math.nan] * 100
    nan[24000:24010] = [math.inf] * 10
    save("wav-float32-nan.wav", wav(struct.pack("<%df" % FRAMES, *nan), fmt(32, 1, 3)))
    save("wav-float64-nan.wav", wav(struct.pack("<%dd" % FRAMES, *nan), fmt(64, 1, 3)))
    save("wav-extensible-bformat.wav", wav(D16, extensible(16, 1, guid=bytes.fromhex("00002107d3118644c8c1ca000000"))))
    save("wav-extensible-unknown-guid.wav", wav(D16, extensible(16, 1, guid=bytes(14))))
    save("wav-extensible-18-bytes.wav", wav(D16, extensible(16, 1)[:18]))
    for channels in (3, 6, 8, 16, 33):
        data = pcm([s for s in MONO for _ in range(channels)], 16)
        save("wav-%dch.wav" % channels, wav(data, extensible(16, channels)))
    for length in (0, 8, 14, 15, 16, 17, 18, 19, 20, 22, 40, 41, 100, 5000):
        save("wav-fmt-%d-bytes.wav" % length, wav(D16, (fmt() + bytes(5000))[:length]))
    for value in (0, 1, 2, 3, 4, 5, 7, 8, 16, 1000, 65535):
        save("wav-block-align-%d.wav" % value, wav(S16, fmt(16, 2, block=value)))
    for value in (4, 8):
        save("wav-24-bits-in-block-%d.wav" % value, wav(pcm(STEREO, 32), fmt(24, 2, block=value)))
        save("wav-20-bits-in-block-%d.wav" % value, wav(pcm(STEREO, 32), fmt(20, 2, block=value)))
    for value in (0, 1, 0xFFFFFFFF):
        save("wav-byte-rate-%d.wav" % value, wav(D16, fmt(byte_rate=value)))
    for bits in (0, 1, 4, 7, 9, 33, 40, 48, 64, 65, 128, 65535):
        save("wav-bits-%d.wav" % bits, wav(D16, fmt(bits)))
    for bits in (0, 8, 16, 24, 33, 80):
        save("wav-float-bits-%d.wav" % bits, wav(D16, fmt(bits, 1, 3)))
    for rate in (0, 1, 99, 100, 384000, 768000, 768001, 0x7FFFFFFF, 0xFFFFFFFF):
        save("wav-rate-%d.wav" % rate, wav(D16, fmt(rate=rate)))
    for channels in (0, 255, 256, 1024, 1025, 65535):
        save("wav-channels-%d.wav" % channels, wav(D16 * 2, fmt(16, channels, block=channels * 2)))
    # Sizes.
    n = len(D16)
    for name, size in (("zero", 0), ("ffffffff", 0xFFFFFFFF), ("ffffff00", 0xFFFFFF00), ("fffffffe", 0xFFFFFFFE), ("80000000", 0x80000000),
                       ("7fffffff", 0x7FFFFFFF), ("7ffff000-as-sox", 0x7FFFF000), ("7fffffdb", 0x7FFFFFDB), ("ffffffdb", 0xFFFFFFDB),
                       ("one-more", n + 1), ("two-more", n + 2), ("44-more", n + 44), ("twice", 2 * n), ("ten-times", 10 * n),
                       ("half", n // 2), ("odd-half", n // 2 + 1), ("tenth", n // 10), ("two", 2), ("one-less", n - 1), ("two-less", n - 2)):
        save("wav-data-%s.wav" % name, wav(size=size))
        save("wav-data-%s-and-list.wav" % name, wav(size=size, after=LIST))
        if size > n or size == 0:
            save("wav-data-%s-riff-too.wav" % name, wav(size=size, riff_size=(size + 36) & 0xFFFFFFFF if size else 0))
    total = len(plain) - 8
    for name, size in (("zero", 0), ("ffffffff", 0xFFFFFFFF), ("36", 36), ("half", total // 2), ("one-less", total - 1), ("one-more", total + 1), ("whole-file", total + 8), ("twice", 2 * total)):
        save("wav-riff-%s.wav" % name, wav(riff_size=size))
    for keep in (0, 4, 8, 11, 12, 16, 20, 30, 36, 40, 43, 44, 45, 46, 100, 20044, 60001, len(plain) - 1, len(plain) - 2):
        save("wav-cut-at-%d.wav" % keep, plain[:keep])
    for name, tail in (("id3v1", ID3V1), ("id3v2", id3v2()), ("ape", APE), ("zeros", bytes(5000)), ("junk", JUNK), ("text", b"the end of it\n" * 50), ("one-byte", b"\0"), ("riff", plain)):
        save("wav-behind-%s.wav" % name, plain + tail)
    for name, head in (("id3v2", id3v2()), ("id3v2-footer", id3v2(footer=True)), ("two-id3v2", id3v2() + id3v2(90)), ("zeros", bytes(100)), ("junk", JUNK[:1000]), ("one-byte", b"\0"), ("newline", b"\r\n"), ("bom", b"\xef\xbb\xbf")):
        save("wav-in-front-%s.wav" % name, head + plain)
    # Chunks.
    for name, one in (("list", LIST), ("junk", chunk(b"JUNK", bytes(28))), ("junk-odd", chunk(b"JUNK", bytes(27))), ("bext", BEXT), ("fact", chunk(b"fact", le(FRAMES, 4))),
                      ("fact-lies", chunk(b"fact", le(FRAMES * 10, 4))), ("fact-zero", chunk(b"fact", le(0, 4))), ("fact-empty", chunk(b"fact", b"")),
                      ("cue", chunk(b"cue ", le(1, 4) + le(1, 4) + le(4000, 4) + b"data" + bytes(8) + le(4000, 4))),
                      ("id3", chunk(b"id3 ", id3v2())), ("pad4k", chunk(b"PAD ", bytes(4032))), ("flac-named", chunk(b"fLaC", bytes(10))), ("control-name", chunk(b"\1\2\3\4", bytes(10))),
                      ("zero-name", chunk(bytes(4), b"")), ("big-junk", chunk(b"JUNK", bytes(300000))), ("empty-list", chunk(b"LIST", b""))):
        save("wav-%s-before.wav" % name, wav(before=one))
        save("wav-%s-after.wav" % name, wav(after=one))
        save("wav-%s-both-24-odd.wav" % name, wav(pcm(MONO[:-1], 24), fmt(24), before=one, after=one))
    for name in ("JUNK", "LIST", "bext", "data"):
        broken = chunk(name.encode(), b"INFO" + bytes(23), pad=False) if name != "data" else b""
        odd = pcm(MONO[:-1], 8)
        save("wav-no-pad-%s.wav" % name.lower(), riff(chunk(b"fmt ", fmt(8)) + broken + chunk(b"data", odd, pad=name != "data") + LIST))
    save("wav-no-pad-at-end.wav", wav(pcm(MONO[:-1], 8), fmt(8), pad=False))
    save("wav-pad-counted-in-riff-only.wav", wav(pcm(MONO[:-1], 8), fmt(8)))
    save("wav-pad-not-zero.wav", riff(chunk(b"fmt ", fmt(8)) + chunk(b"JUNK", bytes(27), pad=False) + b"\xff" + chunk(b"data", pcm(MONO, 8))))
    save("wav-junk-before-fmt.wav", riff(chunk(b"JUNK", bytes(28)) + BEXT + chunk(b"fmt ", fmt()) + chunk(b"data", D16)))
    save("wav-data-before-fmt.wav", riff(chunk(b"data", D16) + chunk(b"fmt ", fmt())))
    save("wav-data-before-fmt-and-list.wav", riff(LIST + chunk(b"data", D16) + LIST + chunk(b"fmt ", fmt())))
    save("wav-two-fmt-same.wav", wav(before=chunk(b"fmt ", fmt())))
    save("wav-two-fmt-differ.wav", wav(before=chunk(b"fmt ", fmt(8, 2))))
    save("wav-two-fmt-second-behind.wav", wav(after=chunk(b"fmt ", fmt(8, 2))))
    save("wav-two-data.wav", wav(after=chunk(b"data", D16)))
    save("wav-two-data-with-list.wav", wav(after=LIST + chunk(b"data", D16)))
    save("wav-three-data-of-a-third.wav", wav(D16[: n // 3], after=chunk(b"data", D16[n // 3 : 2 * n // 3]) + chunk(b"data", D16[2 * n // 3 :])))
    save("wav-empty-data-then-data.wav", wav(b"", after=chunk(b"data", D16)))
    save("wav-wavl.wav", riff(chunk(b"fmt ", fmt()) + chunk(b"LIST", b"wavl" + chunk(b"data", D16))))
    save("wav-header-only.wav", wav(b""))
    save("wav-header-only-list.wav", wav(b"", after=LIST))
    save("wav-no-data-chunk.wav", riff(chunk(b"fmt ", fmt()) + LIST + chunk(b"JUNK", bytes(6000))))
    save("wav-no-fmt-chunk.wav", riff(LIST + chunk(b"data", D16)))
    save("wav-one-frame.wav", wav(D16[:2]))
    save("wav-odd-byte-at-end.wav", wav(D16 + b"\1"))
    save("wav-stereo-half-frame.wav", wav(S16[:-3], fmt(16, 2)))
    for count in (9_000, 20_000, 200_000):
        save("wav-%d-chunks-before.wav" % count, wav(before=chunk(b"JUNK", b"") * count))
        save("wav-%d-chunks-after.wav" % count, wav(after=chunk(b"JUNK", b"") * count))
    save("wav-list-size-lies.wav", riff(chunk(b"fmt ", fmt()) + chunk(b"LIST", b"INFO" + bytes(22), size=0xFFFFFFF0) + chunk(b"data", D16)))
    save("wav-list-size-into-data.wav", riff(chunk(b"fmt ", fmt()) + chunk(b"LIST", b"INFO" + bytes(22), size=3000) + chunk(b"data", D16)))
    save("wav-list-size-too-small.wav", riff(chunk(b"fmt ", fmt()) + chunk(b"LIST", b"INFO" + bytes(22), size=10) + chunk(b"data", D16)))
    save("wav-fmt-size-ffffffff.wav", riff(chunk(b"fmt ", fmt(), size=0xFFFFFFFF) + chunk(b"data", D16)))
    # Other codecs, by ffmpeg.
    source = os.path.join(folder, "source.wav.tmp")
    with open(source, "wb") as file:
        file.write(wav(S16, fmt(16, 2)))
    for name, options in (("alaw", ["pcm_alaw"]), ("mulaw", ["pcm_mulaw"]), ("adpcm-ms", ["adpcm_ms"]), ("adpcm-ima", ["adpcm_ima_wav"]), ("adpcm-swf", ["adpcm_swf"]), ("adpcm-yamaha", ["adpcm_yamaha"]),
                          ("g726", ["adpcm_g726", "-ac", "1"]), ("g722", ["adpcm_g722", "-ar", "16000", "-ac", "1"]), ("gsm", ["libgsm_ms", "-ac", "1"]), ("mp3", ["libmp3lame", "-ar", "44100"]), ("mp2", ["mp2", "-ar", "44100"]), ("ac3", ["ac3", "-ar", "48000"]), ("aac", ["aac"]), ("wma", ["wmav2", "-ar", "44100"]), ("s64", ["pcm_s64le"]), ("flac", ["flac"])):
        target = os.path.join(folder, "coded.wav.tmp")
        done = subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, "-c:a", *options, "-bitexact", "-f", "wav", target], capture_output=True)
        if done.returncode == 0:
            save("wav-codec-%s.wav" % name, open(target, "rb").read())
    save("wav-rifx.wav", riff(chunk(b"fmt ", fmt()) + chunk(b"data", D16), magic=b"RIFX"))
    # 64-bit kin.
    for magic in (b"RF64", b"BW64"):
        name = magic.decode().lower()
        save("%s-plain.wav" % name, rf64(magic=magic))
        save("%s-list-behind.wav" % name, rf64(magic=magic, after=LIST))
        save("%s-size32-filled-in.wav" % name, rf64(magic=magic, size32=n))
        save("%s-size32-half.wav" % name, rf64(magic=magic, size32=n // 2))
        save("%s-size32-zero.wav" % name, rf64(magic=magic, size32=0))
        for word, size in (("zero", 0), ("half", n // 2), ("twice", 2 * n), ("all-ones", (1 << 64) - 1), ("top-bit", 1 << 63), ("ffffffff", 0xFFFFFFFF)):
            save("%s-ds64-%s.wav" % (name, word), rf64(magic=magic, size64=size))
            save("%s-ds64-riff-%s.wav" % (name, word), rf64(magic=magic, riff64=size))
        save("%s-ds64-count-lies.wav" % name, rf64(magic=magic, count=10))
        save("%s-no-ds64.wav" % name, rf64(magic=magic, ds64=b""))
        save("%s-ds64-short.wav" % name, rf64(magic=magic, ds64=chunk(b"ds64", bytes(8))))
        save("%s-junk-instead.wav" % name, rf64(magic=magic, ds64=chunk(b"JUNK", bytes(28)), size32=n))
        save("%s-cut.wav" % name, rf64(magic=magic)[:60000])
        save("%s-float.wav" % name, rf64(struct.pack("<%df" % FRAMES, *MONO), fmt(32, 1, 3), magic=magic))
    save("riff-with-ds64.wav", rf64(magic=b"RIFF"))
    save("w64-plain.w64", w64())
    save("w64-24-odd.w64", w64(pcm(MONO[:-1], 24), fmt(24), after=w64_chunk(b"fact", le(FRAMES - 1, 8))))
    save("w64-no-pad.w64", w64(pcm(MONO[:-1], 24), fmt(24), after=w64_chunk(b"fact", le(FRAMES - 1, 8)), pad=False))
    save("w64-chunks-around.w64", w64(before=w64_chunk(b"fact", le(FRAMES, 8)) + w64_chunk(b"junk", bytes(77)), after=w64_chunk(b"junk", bytes(77))))
    for word, size in (("zero", 0), ("eight", 8), ("24", 24), ("half", n // 2 + 24), ("twice", 2 * n + 24), ("all-ones", (1 << 64) - 1), ("top-bit", 1 << 63), ("max", (1 << 63) - 1), ("without-header", n)):
        save("w64-data-%s.w64" % word, w64(size=size))
        save("w64-riff-%s.w64" % word, w64(riff_size=size))
    save("w64-float.w64", w64(struct.pack("<%df" % FRAMES, *MONO), fmt(32, 1, 3)))
    save("w64-cut.w64", w64()[:60000])
    save("w64-junk-size-zero.w64", w64(before=w64_chunk(b"junk", bytes(16), size=0)))
    # Bytes at random places of the first hundred.
    for index in range(60):
        data = bytearray(rng.choice([plain, wav(S16, extensible(16, 2), before=LIST), rf64(), w64()]))
        for _ in range(rng.choice([1, 1, 2, 4])):
            data[rng.randrange(100)] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        save("wav-random-%02d.wav" % index, bytes(data))


# --- flac ------------------------------------------------------------------------------------------------------------

def encode(source, *options):
    """A flac by flac(1) of a wav's bytes."""
    path, out = os.path.join(folder, "flac.wav.tmp"), os.path.join(folder, "flac.flac.tmp")
    with open(path, "wb") as file:
        file.write(source)
    subprocess.run(["flac", "-sf", "--no-padding", "--no-seektable", *options, "-o", out, path], check=True, capture_output=True)
    return open(out, "rb").read()


def crc8(data):
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 7) & 0xFF if value & 0x80 else value << 1
    return value


CRC16 = []
for index in range(256):
    value = index << 8
    for _ in range(8):
        value = (value << 1 ^ 0x8005) & 0xFFFF if value & 0x8000 else value << 1
    CRC16.append(value)


def crc16(data):
    value = 0
    for byte in data:
        value = (value << 8 & 0xFFFF) ^ CRC16[value >> 8 ^ byte]
    return value


def number_length(data, at):
    lead, extra = data[at], 0
    while lead & 0x80 >> extra:
        extra += 1
    return max(extra, 1)


def header_length(data, at):
    size = 4 + number_length(data, at + 4)
    size += {6: 1, 7: 2}.get(data[at + 2] >> 4, 0)
    return size + {12: 1, 13: 2, 14: 2}.get(data[at + 2] & 15, 0)


def frame_starts(data, start):
    """Where frames begin: headers with a right CRC-8 whose predecessor has a right CRC-16."""
    found, at = [start], start
    while True:
        at = data.find(b"\xff", at + 1)
        if at < 0 or at + 16 > len(data):
            return found
        if data[at + 1] & 0xFE == 0xF8 and data[at + 2] >> 4 and data[at + 2] & 15 < 15:
            size = header_length(data, at)
            if crc8(data[at : at + size]) == data[at + size] and crc16(data[found[-1] : at]) == 0:
                found.append(at)


def utf8(value):
    if value < 0x80:
        return bytes([value])
    size = 2
    while value >> 5 * size + 1 if size > 1 and size < 7 else False:
        size += 1
    tail = []
    for _ in range(size - 1):
        tail.insert(0, 0x80 | value & 0x3F)
        value >>= 6
    return bytes([(0xFF00 >> size) & 0xFF | value] + tail)


def renumber(frame, value):
    """A frame with another number and right checksums."""
    old, size = number_length(frame, 4), header_length(frame, 0)
    head = frame[:4] + utf8(value) + frame[4 + old : size]
    body = head + bytes([crc8(head)]) + frame[size + 1 : -2]
    return body + be(crc16(body), 2)


def info(data, total=None, md5=None, low=None, high=None, small=None, large=None, rate=None, channels=None, bits=None):
    """The same flac with other claims in STREAMINFO, which begins at 8."""
    data = bytearray(data)
    for offset, width, value in ((8, 2, low), (10, 2, high), (12, 3, small), (15, 3, large)):
        if value is not None:
            data[offset : offset + width] = be(value, width)
    word = int.from_bytes(data[18:26], "big")
    for shift, width, value in ((44, 20, rate), (41, 3, channels), (36, 5, bits), (0, 36, total)):
        if value is not None:
            word = word & ~(((1 << width) - 1) << shift) | value << shift
    data[18:26] = be(word, 8)
    if md5 is not None:
        data[26:42] = md5
    return bytes(data)


def block(kind, data, last=False, size=None):
    return bytes([kind | (0x80 if last else 0)]) + be(len(data) if size is None else size, 3) + data


def make_flac():
    plain = encode(wav(S16, fmt(16, 2)), "-b", "1024")
    head = plain[:42]
    start = len(plain) - len(plain[42:])
    at = 42
    while True:
        kind, size = plain[at], int.from_bytes(plain[at + 1 : at + 4], "big")
        at += 4 + size
        if kind & 0x80:
            break
    audio = plain[at:]
    starts = [s - at for s in frame_starts(plain, at)]
    pieces = [audio[a:b] for a, b in zip(starts, starts[1:] + [len(audio)])]
    assert len(pieces) == -(-FRAMES // 1024), len(pieces)
    metadata = plain[42:at]
    nomd5 = bytes(16)

    def flac(frames, first=head, more=metadata):
        return first + more + b"".join(frames)

    save("flac-plain.flac", plain)
    for bits in (4, 5, 7, 8, 12, 13, 16, 20, 24, 32):
        width = (bits + 7) // 8 * 8
        data = pcm(MONO, bits) if bits > 8 else bytes((round(s * ((1 << bits - 1) - 1)) << 8 - bits) + 128 & 255 for s in MONO)
        try:
            save("flac-%d-bit.flac" % bits, encode(wav(data, extensible(width, 1, valid=bits)), "--lax"))
        except subprocess.CalledProcessError:
            pass
    for channels in range(1, 9):
        data = pcm([s for s in MONO[:FRAMES] for _ in range(channels)], 16)
        save("flac-%dch.flac" % channels, encode(wav(data, fmt(16, channels)), "--channel-map=none"))
    for rate in (8000, 11025, 44100, 65535, 65536, 96000, 192000, 384000, 655350, 1048575):
        try:
            save("flac-rate-%d.flac" % rate, encode(wav(S16, fmt(16, 2, rate=rate)), "--lax"))
        except subprocess.CalledProcessError:
            pass
    for size in (16, 192, 576, 1152, 4096, 4608, 16384, 65535):
        save("flac-block-%d.flac" % size, encode(wav(S16, fmt(16, 2)), "--lax", "-b", str(size)))
    for level in (0, 3, 8):
        save("flac-level-%d.flac" % level, encode(wav(S16, fmt(16, 2)), "-%d" % level))
    noise = bytes(rng.randrange(256) for _ in range(4 * FRAMES))
    save("flac-noise-65535.flac", encode(wav(noise, fmt(16, 2)), "--lax", "-b", "65535"))
    save("flac-noise-8ch-24.flac", encode(wav(bytes(rng.randrange(256) for _ in range(24 * FRAMES)), extensible(24, 8)), "--lax", "-b", "65535", "--channel-map=none"))
    save("flac-silence.flac", encode(wav(bytes(len(S16)), fmt(16, 2))))
    # STREAMINFO.
    for name, value in (("unknown", 0), ("one", 1), ("half", FRAMES // 2), ("one-less", FRAMES - 1), ("one-more", FRAMES + 1), ("ten-times", 10 * FRAMES), ("max", (1 << 36) - 1)):
        save("flac-total-%s.flac" % name, info(plain, total=value))
        save("flac-total-%s-no-md5.flac" % name, info(plain, total=value, md5=nomd5))
        save("flac-total-%s-id3v1.flac" % name, info(plain, total=value) + ID3V1)
        save("flac-total-%s-cut.flac" % name, info(plain, total=value)[: len(plain) * 6 // 10])
    save("flac-md5-unset.flac", info(plain, md5=nomd5))
    save("flac-md5-wrong.flac", info(plain, md5=b"\1" * 16))
    for name, change in (("small-1", dict(small=1)), ("large-1", dict(large=1)), ("sizes-zero", dict(small=0, large=0)), ("large-max", dict(large=0xFFFFFF)),
                         ("low-16", dict(low=16)), ("high-65535", dict(high=65535)), ("both-4096", dict(low=4096, high=4096)), ("both-0", dict(low=0, high=0)), ("both-16", dict(low=16, high=16)), ("low-over-high", dict(low=4096, high=16)),
                         ("rate-0", dict(rate=0)), ("rate-44100", dict(rate=44100)), ("rate-max", dict(rate=1048575)), ("mono", dict(channels=0)), ("six", dict(channels=5)), ("bits-8", dict(bits=7)), ("bits-24", dict(bits=23)), ("bits-1", dict(bits=0))):
        save("flac-info-%s.flac" % name, info(plain, **change))
    save("flac-no-streaminfo.flac", b"fLaC" + metadata + audio)
    save("flac-no-metadata.flac", b"fLaC" + audio)
    save("flac-bare-frames.flac", audio)
    save("flac-streaminfo-second.flac", b"fLaC" + block(1, bytes(20)) + plain[4:])
    save("flac-two-streaminfo.flac", head + block(0, info(plain, total=5)[8:42]) + metadata + audio)
    save("flac-streaminfo-33.flac", b"fLaC" + block(0, plain[8:41]) + metadata + audio)
    save("flac-streaminfo-40.flac", b"fLaC" + block(0, plain[8:42] + bytes(6)) + metadata + audio)
    # Metadata.
    picture = be(3, 4) + be(10, 4) + b"image/jpeg" + be(0, 4) + bytes(16) + be(200000, 4) + JUNK * 40
    for name, more in (("padding", block(1, bytes(8000))), ("picture", block(6, picture)), ("application", block(2, b"test" + JUNK)), ("reserved", block(100, JUNK)), ("invalid-127", block(127, JUNK[:100])),
                       ("seektable", block(3, be(0, 8) + be(0, 8) + be(1024, 2))), ("seektable-lies", block(3, be(0, 8) + be(9999999, 8) + be(1024, 2))), ("seektable-odd", block(3, bytes(17))),
                       ("sync-in-padding", block(1, pieces[0] * 3)), ("cuesheet-broken", block(5, bytes(30))), ("picture-lies", block(6, picture[:30] + be(0xFFFFFFFF, 4))), ("thousand", block(1, b"") * 1000)):
        save("flac-meta-%s.flac" % name, head + more + metadata + audio)
    save("flac-meta-size-into-audio.flac", head + block(1, b"", last=True, size=3000) + audio)
    save("flac-meta-size-beyond.flac", head + block(1, bytes(100), last=True, size=0xFFFFFF) + audio)
    save("flac-meta-size-too-small.flac", head + block(1, bytes(500), last=True, size=100) + audio)
    save("flac-meta-no-last.flac", head + bytes([metadata[0] & 0x7F]) + metadata[1:] + audio)
    save("flac-meta-real-seektable.flac", encode(wav(S16, fmt(16, 2)), "-b", "1024", "-S", "1s"))
    # In front and behind.
    for name, front in (("id3v2", id3v2()), ("id3v2-footer", id3v2(footer=True)), ("two-id3v2", id3v2() + id3v2(90)), ("zeros", bytes(100)), ("junk", JUNK[:1000]), ("newline", b"\n")):
        save("flac-in-front-%s.flac" % name, front + plain)
    for name, tail in (("id3v1", ID3V1), ("ape", APE), ("ape-id3v1", APE + ID3V1), ("lyrics-id3v1", LYRICS + ID3V1), ("id3v2", id3v2()), ("id3v2-footer", id3v2(footer=True)), ("zeros", bytes(5000)), ("many-zeros", bytes(500000)), ("one-zero", b"\0"),
                       ("junk", JUNK), ("much-junk", JUNK * 60), ("one-byte", b"x"), ("ff", b"\xff" * 3000), ("syncs", b"\xff\xf8" * 3000), ("text", b"the end\n" * 50), ("headers", audio[:8] * 2000), ("wav", wav()), ("zeros-id3v1", bytes(700) + ID3V1)):
        save("flac-behind-%s.flac" % name, plain + tail)
        save("flac-behind-%s-unknown.flac" % name, info(plain, total=0, md5=nomd5) + tail)
    # Frames.
    for keep in (4, 8, 41, 42, at - 1, at, at + 1, at + 5, at + 100, at + len(pieces[0]), len(plain) // 2, len(plain) - 1, len(plain) - 2, len(plain) - len(pieces[-1]), len(plain) - len(pieces[-1]) + 3, len(plain) - len(pieces[-1]) - 5):
        save("flac-cut-at-%d.flac" % keep, plain[:keep])
        save("flac-cut-at-%d-unknown.flac" % keep, info(plain, total=0, md5=nomd5)[:keep] if keep > 42 else plain[:keep])
    middle = len(pieces) // 2
    for name, frames in (("hole", pieces[:middle] + pieces[middle + 3 :]), ("hole-at-start", pieces[3:]), ("hole-before-last", pieces[:-2] + pieces[-1:]), ("twice-a-frame", pieces[:middle] + [pieces[middle]] + pieces[middle:]),
                         ("swapped", pieces[:middle] + [pieces[middle + 1], pieces[middle]] + pieces[middle + 2 :]), ("junk-between", pieces[:middle] + [JUNK] + pieces[middle:]), ("zeros-between", pieces[:middle] + [bytes(3000)] + pieces[middle:]),
                         ("zeros-over-frames", pieces[:middle] + [bytes(len(pieces[middle]) + len(pieces[middle + 1]))] + pieces[middle + 2 :]), ("id3-between", pieces[:middle] + [id3v2()] + pieces[middle:]),
                         ("last-number-huge", pieces[:-1] + [renumber(pieces[-1], 60000)]), ("renumbered-from-0-in-the-middle", pieces[:middle] + [renumber(p, i) for i, p in enumerate(pieces[middle:])]),
                         ("all-zero-numbers", [renumber(p, 0) for p in pieces]), ("number-offset", [renumber(p, i + 1000) for i, p in enumerate(pieces)])):
        save("flac-%s.flac" % name, flac(frames))
        save("flac-%s-no-md5.flac" % name, flac(frames, info(head, md5=nomd5)))
        save("flac-%s-unknown.flac" % name, flac(frames, info(head, md5=nomd5, total=0)))
    for index in range(30):
        data = bytearray(plain)
        place = rng.randrange(at, len(plain))
        data[place] ^= 1 << rng.randrange(8)
        save("flac-flip-%02d.flac" % index, bytes(data))
        save("flac-flip-%02d-no-md5.flac" % index, info(bytes(data), md5=nomd5))
    for index in range(20):
        data = bytearray(plain)
        data[rng.randrange(4, 100)] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        save("flac-random-head-%02d.flac" % index, bytes(data))
    other = encode(wav(pcm(tune(RATE * 3, 2), 16), fmt(16, 2)), "-b", "1024")
    mono = encode(wav(D16, fmt()), "-b", "1024")
    fast = encode(wav(S16, fmt(16, 2, rate=16000)), "-b", "1024")
    for name, pair in (("long-short", (plain, other)), ("short-long", (other, plain)), ("same", (plain, plain)), ("stereo-mono", (plain, mono)), ("other-rate", (plain, fast))):
        save("flac-joined-%s.flac" % name, b"".join(pair))
        save("flac-joined-%s-unknown.flac" % name, info(pair[0], total=0, md5=nomd5) + pair[1])
    def frames_of(data):
        start = 42
        while not data[start] & 0x80:
            start += 4 + int.from_bytes(data[start + 1 : start + 4], "big")
        start += 4 + int.from_bytes(data[start + 1 : start + 4], "big")
        return data[start:]
    save("flac-changes-to-mono.flac", plain + frames_of(mono))
    save("flac-changes-rate.flac", plain + frames_of(fast))
    # Variable block sizes: the same frames with sample numbers, which is what the bit says they have.
    variable, sample = [], 0
    for piece in pieces:
        variable.append(renumber(piece[:1] + b"\xf9" + piece[2:], sample))
        sample += 1024
    save("flac-variable.flac", flac(variable, info(head, low=16, high=4096)))
    save("flac-variable-no-md5-unknown.flac", flac(variable, info(head, low=16, high=4096, md5=nomd5, total=0)))
    save("flac-variable-hole.flac", flac(variable[:10] + variable[12:], info(head, low=16, high=4096, md5=nomd5)))
    save("flac-variable-cut.flac", flac(variable[:-1] + [variable[-1][:50]], info(head, low=16, high=4096, md5=nomd5)))
    save("flac-variable-id3v1.flac", flac(variable, info(head, low=16, high=4096)) + ID3V1)
    target = os.path.join(folder, "ogg.tmp.oga")
    source = os.path.join(folder, "source.wav.tmp")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, "-c:a", "flac", "-bitexact", target], check=True, capture_output=True)
    save("flac-in-ogg.flac", open(target, "rb").read())


# --- decoders --------------------------------------------------------------------------------------------------------

class Info(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), ("samplerate", ctypes.c_int), ("channels", ctypes.c_int), ("format", ctypes.c_int), ("sections", ctypes.c_int), ("seekable", ctypes.c_int)]


try:
    sndfile = ctypes.CDLL("libsndfile.so.1")
    sndfile.sf_open.restype = ctypes.c_void_p
    sndfile.sf_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    sndfile.sf_readf_float.restype = ctypes.c_int64
    sndfile.sf_readf_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    sndfile.sf_close.argtypes = [ctypes.c_void_p]
except OSError:
    sndfile = None


def by_sndfile(path):
    if not sndfile:
        return None
    about = Info()
    handle = sndfile.sf_open(path.encode(), 0x10, ctypes.byref(about))
    if not handle:
        return None
    if about.channels > 1024 or about.channels < 1:
        sndfile.sf_close(handle)
        return None
    room = (ctypes.c_float * (4096 * about.channels))()
    total = 0
    while True:
        got = sndfile.sf_readf_float(handle, room, 4096)
        if got <= 0:
            break
        total += got
    sndfile.sf_close(handle)
    return total


def run(*command):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        return None


def by_ffmpeg(path):
    # All channels as they are, as frames of audio: the sum of the samples that come out.
    done = run("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a:0", "-f", "framecrc", "-c:a", "pcm_f32le", "-")
    if done is None:
        return None
    total = 0
    for line in done.stdout.decode(errors="replace").splitlines():
        if not line.startswith("#"):
            total += int(line.split(",")[3])
    return total or None


def by_sox(path):
    done = run("sox", "-V1", path, "-n", "stat")
    if done is None:
        return None
    words = done.stderr.decode(errors="replace")
    about = run("soxi", "-c", path)
    channels = about.stdout.decode().strip() if about else ""
    for line in words.splitlines():
        if line.startswith("Samples read:") and channels.isdigit() and int(channels):
            return int(line.split()[-1]) // int(channels) or None
    return None


def by_flac(path):
    done = run("flac", "-st", path)
    return None if done is None else done.returncode == 0


def inspect(*options):
    """Our records by path; batches keep the command line short, and a crash is found by a record that is missing."""
    records = {}
    for first in range(0, len(files), 100):
        names = [os.path.join(folder, name) for name in files[first : first + 100]]
        done = run(args.reprise, "inspect", "--json", *options, *names)
        for line in (done.stdout.decode() if done else "").splitlines():
            record = json.loads(line)
            records[os.path.basename(record["path"])] = record
    return records


def samples(path):
    """All samples as ffmpeg decodes them to doubles, which hold every width exactly."""
    done = run("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a:0", "-f", "f64le", "-c:a", "pcm_f64le", "-")
    return done.stdout if done else b""


def raw(path, *options):
    """All samples as flac(1) decodes them."""
    done = run("flac", "-sdc", "--force-raw-format", "--endian=little", "--sign=signed", *options, path)
    return done.stdout if done else b""


def cut(name, record):
    """Whether 0.5 s to 6.75 s of it, cut by us, are the samples of the source: "same", "other", or why not tried."""
    source, target = os.path.join(folder, name), os.path.join(folder, "cut-" + name)
    target += "" if record["format"] == "wav" else ".flac"
    if record["format"] == "wav" and not target.endswith(".wav"):
        target += ".wav"
    done = run(args.reprise, "prepare", "--quiet", "--force", source, "-o", target, "--start", "0.5", "--end", "6.75")
    if done is None or done.returncode:
        return "refused: " + (done.stderr.decode(errors="replace").strip()[:150] if done else "hung")
    first, last, channels = int(0.5 * record["sampleRate"]), int(6.75 * record["sampleRate"]), record["channels"]
    if record["format"] == "flac":
        if by_flac(target) is not True:
            return "other: flac -t fails"
        theirs = raw(source, "--skip=%d" % first, "--until=%d" % last)
        if theirs:
            same = raw(target) == theirs
            os.remove(target)
            return "same" if same else "other"
    whole, part = samples(source), samples(target)
    os.remove(target)
    if not whole:
        return "unread by ffmpeg"
    return "same" if part == whole[first * channels * 8 : last * channels * 8] else "other"


def main():
    make_wav()
    make_flac()
    quick, deep = inspect(), inspect("--deep")
    lost = [name for name in files if name not in quick or name not in deep]
    with ThreadPoolExecutor(2) as pool:
        paths = [os.path.join(folder, name) for name in files]
        ffmpeg = dict(zip(files, pool.map(by_ffmpeg, paths)))
        sox = dict(zip(files, pool.map(by_sox, paths)))
        snd = dict(zip(files, pool.map(by_sndfile, paths)))
        whole = dict(zip(files, pool.map(lambda p: by_flac(p) if p.endswith(".flac") else None, paths)))
    counts = dict(files=len(files), same=0, two=0, odd=0, lenient=0, strict=0, unsteady=0)
    for name in files:
        if name in lost:
            print("LOST      %s" % name)
            continue
        d, q = deep[name], quick[name]
        ours = (d["duration"] or {}).get("frames")
        early = (q["duration"] or {}).get("frames")
        theirs = (ffmpeg[name], snd[name], sox[name])
        marks = []
        agreeing = [t for t in theirs if t == ours]
        if len(agreeing) == 3: counts["same"] += 1
        elif len(agreeing) > 0: counts["two"] += 1
        else:
            counts["odd"] += 1
            marks.append("frames")
        if early != ours:
            counts["unsteady"] += 1
            marks.append("quick")
        if whole[name] is False and not d["integrity"]["damaged"] and d["verdict"] != "rejected":
            counts["lenient"] += 1
            marks.append("lenient")
        if (whole[name] is True or name.startswith(("wav", "rf", "bw", "w64")) and ours and ours == theirs[0] and ours in theirs[1:]) and d["verdict"] == "rejected":
            counts["strict"] += 1
            marks.append("strict")
        if marks:
            codes = ",".join(r["code"] for r in d["reasons"])
            print("%-16s %-44s ours %s quick %s  ffmpeg %s sndfile %s sox %s flac-t %s  %s [%s] %s" % ("+".join(marks), name, ours, early, *theirs, whole[name], d["verdict"], codes, "; ".join(r["message"] for r in d["reasons"])[:150]))
    print("%(files)d files; frames as all three %(same)d, as one or two of them %(two)d, as none %(odd)d; quick other than deep %(unsteady)d; "
          "flac -t refuses and we do not %(lenient)d; others decode the same and we reject %(strict)d" % counts)
    usable = [n for n in files if n not in lost and deep[n]["verdict"] != "rejected" and deep[n]["duration"]["seconds"] >= 6.75]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda n: cut(n, deep[n]), usable))
    for name, outcome in zip(usable, outcomes):
        if outcome not in ("same", "unread by ffmpeg"):
            print("cut              %-44s %s" % (name, outcome))
    print("%d cuts: the source's samples %d, other ones %d, refused %d, not comparable %d" % (
        len(usable), outcomes.count("same"), sum(o.startswith("other") for o in outcomes),
        sum(o.startswith("refused") for o in outcomes), outcomes.count("unread by ffmpeg")))
    if not args.keep:
        shutil.rmtree(folder)
    sys.exit(1 if lost else 0)


missing = [tool for tool in ("ffmpeg", "sox", "soxi", "flac") if not shutil.which(tool)]
if missing:
    sys.exit("hostile-wav-flac: wants " + " ".join(missing) + "; apt-get install ffmpeg sox flac libsndfile1")
main()
