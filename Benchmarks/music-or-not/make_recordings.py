#!/usr/bin/env python3
"""Makes recordings of music and of what is none, as mono wav files at 22.05 kHz in DIRECTORY/{music,none}/KIND/.

    make_recordings.py DIRECTORY [--packages DIRECTORY] [--songs DIRECTORY…]

Speech comes from espeak-ng in several languages, from flite and festival, and, if they are unpacked below the directory
of packages (apt-get download, dpkg -x), from Debian's recordings of people: asterisk-core-sounds-*, ktuberling-data.
Noises, tones and rhythms are synthesised; music comes from packages of games, from songs whose truth is known, from
FluidSynth and from festival's singing mode. All of it is seeded: the same files again. Wants numpy, scipy, soundfile,
pyworld, and the programs ffmpeg, espeak-ng, flite, festival (with festvox-kallpc16k and festvox-us-slt-hts) and
fluidsynth with a General MIDI SoundFont.
"""

import argparse
import pathlib
import struct
import subprocess
import zlib

import numpy as np
import scipy.signal
import soundfile

RATE = 22050
SECONDS = 24
SOUND_FONT = "/usr/share/sounds/sf3/default-GM.sf3"


def decoded(path, start=0.0, seconds=SECONDS):
    words = ["ffmpeg", "-v", "error", "-ss", str(start), "-t", str(seconds), "-i", str(path)]
    words += ["-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(words, capture_output=True, check=False).stdout, np.float32)


class Writer:
    def __init__(self, root):
        self.root = root

    def __call__(self, kind, name, signal):
        """Writes a recording; kind is "none/rain" or "music/piano"."""
        if len(signal) < 5 * RATE or np.abs(signal).max() < 1e-3:
            return
        path = self.root / kind / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, 0.8 * signal / np.abs(signal).max(), RATE, subtype="PCM_16")


def seeded(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


# MARK: No music

TEXT = {
    "en": "The north wind and the sun were disputing which was the stronger, when a traveller came along wrapped in a "
    "warm cloak. They agreed that the one who first succeeded in making the traveller take his cloak off should be "
    "considered stronger than the other. Then the north wind blew as hard as he could.",
    "de": "Einst stritten sich Nordwind und Sonne, wer von ihnen beiden wohl der Stärkere wäre, als ein Wanderer, der "
    "in einen warmen Mantel gehüllt war, des Weges daherkam. Sie wurden einig, dass derjenige für den Stärkeren "
    "gelten sollte, der den Wanderer zwingen würde, seinen Mantel auszuziehen.",
    "fr": "La bise et le soleil se disputaient, chacun assurant qu'il était le plus fort, quand ils ont vu un voyageur "
    "qui s'avançait, enveloppé dans son manteau. Ils sont tombés d'accord que celui qui arriverait le premier à faire "
    "ôter son manteau au voyageur serait regardé comme le plus fort.",
    "es": "El viento norte y el sol porfiaban sobre cuál de ellos era el más fuerte, cuando acertó a pasar un viajero "
    "envuelto en ancha capa. Convinieron en que quien antes lograra obligar al viajero a quitarse la capa sería "
    "considerado más poderoso.",
    "it": "Si bisticciavano un giorno il vento di tramontana e il sole, l'uno pretendendo d'esser più forte "
    "dell'altro, quando videro un viaggiatore che veniva innanzi avvolto nel mantello.",
    "ru": "Однажды северный ветер и солнце поспорили, кто из них сильнее. Как раз в это время они заметили закутанного "
    "в плащ путника, который продвигался по дороге, и порешили, что тот из них будет считаться самым сильным.",
}
# Languages in which words are told apart by pitch: some of their syllables hold it.
TONAL = {
    "cmn": "有一回 北风跟太阳 在那儿争论 谁的本领大 争来争去 就是分不出高低来 "
    "这时候路上来了个走道儿的 他身上穿着件厚大衣",
    "vi": "Gió bấc và mặt trời đang cãi nhau xem ai mạnh hơn "
    "thì một người lữ hành đi tới, mình quấn trong chiếc áo ấm.",
    "yue": "有一次 北風同太陽 喺度爭論 邊個叻啲 啱啱有個人行過 佢着住件大褸 "
    "佢哋就話 邊個可以令到呢個人除咗件褸 就算邊個叻啲",
    "th": "ลมเหนือกับดวงอาทิตย์กำลังเถียงกันว่าใครจะมีพลังมากกว่ากัน ก็พอดีมีนักเดินทางผู้หนึ่งเดินมา ใส่เสื้อกันหนาว",
    "ja": "ある時、北風と太陽が力比べをしようとした。旅人の外套を脱がせた方が勝ちという事に決め、まず北風から始めた。",
}


def speech(write):
    spoken = [("espeak", language, words) for language, words in TEXT.items()]
    spoken += [("tonal", language, f"{words} {words}") for language, words in TONAL.items()]
    spoken.append(("tonal", "vi-vn-x-south", TONAL["vi"]))
    for kind, language, words in spoken:
        for voice, speed, pitch in (("m1", 150, 40), ("f2", 175, 60), ("m3", 215, 30), ("f4", 120, 75)):
            path = write.root / "speech.wav"
            options = ["-v", f"{language}+{voice}", "-s", str(speed), "-p", str(pitch), "-w", str(path)]
            subprocess.run(["espeak-ng", *options, words], check=True)
            write(f"none/{kind}", f"{language}-{voice}", decoded(path))
            path.unlink()
    path, text = write.root / "speech.wav", write.root / "speech.txt"
    text.write_text(2 * TEXT["en"])
    for voice in ("kal", "kal16", "awb", "rms", "slt"):
        for take, (stretch, hertz) in enumerate(((1, ()), (1.3, (110, 180)), (0.85, (140, 240)))):
            options = ["-voice", voice, "--setf", f"duration_stretch={stretch}"]
            options += ["--setf", f"int_f0_target_mean={hertz[voice == 'slt']}"] if hertz else []
            subprocess.run(["flite", *options, "-f", text, "-o", path], check=True)
            write("none/flite", f"{voice}-{take}", decoded(path))
    for voice in ("kal_diphone", "cmu_us_slt_arctic_hts"):
        for take, stretch in enumerate((1, 1.3)):
            options = ["-eval", f"(voice_{voice})", "-eval", f"(Parameter.set 'Duration_Stretch {stretch})"]
            subprocess.run(["text2wave", *options, text, "-o", path], check=True)
            write("none/flite", f"{voice}-{take}", decoded(path))
    path.unlink()
    text.unlink()


def joined(files, seconds, gap, rng):
    """Short recordings one after the other."""
    parts, length = [], 0
    for path in files:
        part = decoded(path, seconds=8)
        if len(part) < 0.1 * RATE or np.abs(part).max() < 1e-3:
            continue
        parts += [part / np.abs(part).max(), np.zeros(int(rng.uniform(0.2, 1) * gap * RATE), np.float32)]
        length += len(parts[-2]) + len(parts[-1])
        if length > seconds * RATE:
            break
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def recorded_none(write, packages):
    spoken = {package.name: sorted(package.rglob("*.[gw][sa][mv]")) for package in packages.glob("asterisk-*")}
    for language in (packages / "ktuberling-data").rglob("sounds/*"):
        spoken["ktuberling-" + language.name] = sorted(
            path for path in language.rglob("*") if path.suffix in (".ogg", ".wav", ".opus")
        )
    # Not the sounds of desktops and telephones: many are short tunes.
    for name in ("freedroid-data", "pingus-data", "colobot-common-sounds"):
        files = [path for path in (packages / name).rglob("*") if path.suffix in (".ogg", ".oga", ".wav")]
        files = sorted(path for path in files if "music" not in path.parts and path.stat().st_size < 200_000)
        spoken["effects-" + name] = files
    for name, files in spoken.items():
        rng = seeded(name)
        for take in range(6 if "asterisk" in name else 2):
            chosen = [files[index] for index in rng.permutation(len(files))]
            kind = "effects" if name.startswith("effects") else "people"
            write(f"none/{kind}", f"{name}-{take}", joined(chosen, SECONDS, 0.5, rng))


def noise(rng, exponent, seconds=SECONDS):
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20)
    return np.fft.irfft(spectrum * frequency ** (exponent / 2), count)


def band(signal, low, high):
    return scipy.signal.sosfilt(scipy.signal.butter(2, [low, high], "bandpass", fs=RATE, output="sos"), signal)


def slow(rng, rate):
    """A random curve, about 0…1, that changes `rate` times a second."""
    points = rng.uniform(0, 1, int(SECONDS * rate) + 4)
    return np.interp(np.arange(SECONDS * RATE) / RATE * rate, np.arange(len(points)), points)


def noises(write):
    for name, exponent in (("white", 0), ("pink", -1), ("brown", -2), ("blue", 1)):
        for take in range(4):
            rng = seeded(f"{name}{take}")
            signal = noise(rng, exponent)
            signal = signal / np.abs(signal).max()
            if take > 1:
                signal *= 0.1 + slow(rng, (0.3, 3)[take - 2])
            write("none/noise", f"{name}-{take}", signal)
    for take in range(6):
        rng = seeded(f"rain{take}")
        drops = np.zeros(SECONDS * RATE)
        count = (30, 100, 300, 1000, 3000, 60)[take] * SECONDS
        drops[rng.integers(0, len(drops), count)] = rng.pareto(2, count)
        rain = sum(band(drops * (rng.random(len(drops)) < 0.5), low, 2 * low) for low in (800, 1800, 4000))
        hiss = noise(rng, -0.5)
        write("none/rain", str(take), rain / rain.std() + hiss / hiss.std() * rng.uniform(0.1, 1))
    for take in range(5):
        rng = seeded(f"wind{take}")
        signal = np.zeros(SECONDS * RATE)
        source = noise(rng, -0.7)
        for _ in range(3):
            low = rng.uniform(100, 600)
            signal += band(source, low, low * rng.uniform(1.2, 2)) * slow(rng, rng.uniform(0.2, 1)) ** 2
        write("none/wind", str(take), signal)
    for take in range(5):
        rng = seeded(f"applause{take}")
        claps = np.zeros(SECONDS * RATE)
        for _ in range((8, 20, 60, 200, 400)[take]):
            times = np.cumsum(rng.normal(rng.uniform(0.2, 0.4), 0.03, 200))
            places = (times[times < SECONDS] * RATE).astype(int)
            claps[places] += rng.uniform(0.3, 1)
        shape = rng.standard_normal(400) * np.exp(-np.arange(400) / 80)
        write("none/applause", str(take), band(np.convolve(claps, shape, "same"), 600, 4000))


def tones(write):
    time = np.arange(SECONDS * RATE) / RATE
    for take, hertz in enumerate((50, 100, 220, 440, 1000, 1234, 3000, 330)):
        rng = seeded(f"tone{take}")
        signal = np.sin(2 * np.pi * hertz * time) + 10 ** rng.uniform(-4, -1) * rng.standard_normal(len(time))
        if take % 3 == 2:
            signal += 0.5 * scipy.signal.sawtooth(2 * np.pi * hertz * time)
        write("none/tone", f"{hertz}", signal)
        write("none/beeps", f"{hertz}", signal * (time * (0.5 + 0.4 * take) % 1 < 0.3 + 0.05 * take))
    for take in range(6):
        rng = seeded(f"sweep{take}")
        period = (24, 8, 3, 1.5, 0.7, 2)[take]
        phase = time / period % 1
        position = phase if take % 2 else 1 - np.abs(2 * phase - 1)
        hertz = 100 * (rng.uniform(5, 60) ** position)
        write(
            "none/sweep", str(take), np.sin(2 * np.pi * np.cumsum(hertz) / RATE) + 0.01 * rng.standard_normal(len(time))
        )
    for take in range(6):
        rng = seeded(f"engine{take}")
        turns = (15 + 60 * slow(rng, (0.1, 0.3, 1)[take % 3])) if take > 1 else np.full(len(time), 20.0 + 15 * take)
        phase = np.cumsum(turns) / RATE
        signal = sum(np.sin(2 * np.pi * k * phase + k * k) / k**0.7 for k in range(1, 25))
        write("none/engine", str(take), signal + 0.1 * noise(rng, -1.5) + 0.3 * rng.standard_normal(len(time)))
    for take in range(5):
        rng = seeded(f"hum{take}")
        base = (50, 60, 100, 120, 50)[take]
        signal = sum(rng.uniform(0, 1) / k * np.sin(2 * np.pi * base * k * time) for k in range(1, 12))
        write("none/hum", str(take), signal + (0.01, 0.1, 0.3, 1, 0.03)[take] * rng.standard_normal(len(time)))
    keys = [(low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477)]
    for take in range(5):
        rng = seeded(f"dtmf{take}")
        signal = np.zeros(len(time))
        at = 0.3
        while at < SECONDS - 1:
            length = rng.uniform(0.07, 0.3) if take % 2 else 0.1 + 0.05 * take
            low, high = keys[rng.integers(12)]
            inside = (time >= at) & (time < at + length)
            signal[inside] = np.sin(2 * np.pi * low * time[inside]) + np.sin(2 * np.pi * high * time[inside])
            at += length + (rng.uniform(0.05, 0.6) if take % 2 else 0.1)
        write("none/dtmf", str(take), signal + 0.003 * rng.standard_normal(len(time)))
    for take in range(6):
        # A number that is dialled again and again, at one rate.
        rng = seeded(f"dialled{take}")
        number = rng.integers(12, size=int(rng.integers(5, 12)))
        length, gap, pause = rng.uniform(0.06, 0.2), rng.uniform(0.04, 0.2), rng.uniform(0, 1.5) * (take % 2)
        signal = np.zeros(len(time))
        for index in range(1000):
            at = 0.2 + index * (length + gap) + index // len(number) * pause
            low, high = keys[number[index % len(number)]]
            inside = (time >= at) & (time < at + length)
            signal[inside] = np.sin(2 * np.pi * low * time[inside]) + np.sin(2 * np.pi * high * time[inside])
        write("none/dialled", str(take), signal + (0, 0.001, 0.01)[take % 3] * rng.standard_normal(len(time)))
    for take in range(6):
        rng = seeded(f"motor{take}")
        turns = rng.uniform(20, 120) * (1 + 0.1 * slow(rng, 0.5) * (take % 2))
        phase = np.cumsum(turns * np.ones(len(time))) / RATE
        weights = rng.uniform(0, 1, 30) / np.arange(1, 31) ** rng.uniform(0.3, 1.2)
        signal = sum(weight * np.sin(2 * np.pi * (k + 1) * phase + k * k) for k, weight in enumerate(weights))
        signal = signal / signal.std() + 10 ** rng.uniform(-3, -0.5) * noise(rng, -1) / noise(rng, -1).std()
        write("none/motor", str(take), signal * (1 + 0.2 * slow(rng, 4) * (take % 3)))


def hits(times, shapes):
    signal = np.zeros(SECONDS * RATE + 4 * RATE)
    for time, shape in zip(times, shapes, strict=True):
        at = int(time * RATE)
        signal[at : at + len(shape)] += shape
    return signal[: SECONDS * RATE]


def clicks(write):
    span = np.arange(int(0.05 * RATE)) / RATE
    shapes = [
        np.exp(-span * 300) * np.sin(2 * np.pi * 1000 * span),
        np.exp(-span * 100) * np.sin(2 * np.pi * 1500 * span),
        np.exp(-span * 800),
        np.exp(-span * 200) * seeded("click").standard_normal(len(span)),
    ]
    for take in range(12):
        rng = seeded(f"metronome{take}")
        times = np.arange(0.2, SECONDS - 0.2, 60 / (40 + 15 * take))
        accents = [1.0 if take % 3 == 0 or index % (take % 3 + 2) else 1.6 for index in range(len(times))]
        shape = shapes[take % 4]
        write(
            "none/metronome",
            str(take),
            hits(times, [a * shape for a in accents]) + 1e-3 * rng.standard_normal(SECONDS * RATE),
        )
        rng = seeded(f"clicks{take}")
        times = np.sort(rng.uniform(0.1, SECONDS - 0.2, int((0.5, 2, 6, 15)[take % 4] * SECONDS)))
        chosen = [rng.uniform(0.2, 1) * shapes[rng.integers(4) if take > 5 else take % 4] for _ in times]
        write(
            "none/clicks",
            str(take),
            hits(times, chosen) + 10 ** rng.uniform(-5, -2) * rng.standard_normal(SECONDS * RATE),
        )


# MARK: Music


class Score:
    """A MIDI file: notes as (start in beats, length, channel, pitch, velocity)."""

    def __init__(self, bpm, programs):
        self.bpm, self.programs, self.notes = bpm, programs, []

    def add(self, start, length, pitch, velocity, channel=0):
        self.notes.append((start, length, channel, int(pitch), int(np.clip(velocity, 1, 127))))

    def render(self, write, kind, name):
        def number(value):
            out = [value & 127]
            while value := value >> 7:
                out.append(value & 127 | 128)
            return bytes(reversed(out))

        events = [(0, bytes([0xC0 | channel, program])) for channel, program in self.programs.items()]
        for start, length, channel, pitch, velocity in self.notes:
            events.append((round(start * 480), bytes([0x90 | channel, pitch, velocity])))
            events.append((round((start + length) * 480), bytes([0x80 | channel, pitch, 0])))
        track = b"\0\xff\x51\3" + struct.pack(">I", round(6e7 / self.bpm))[1:]
        at = 0
        for time, event in sorted(events):
            track += number(time - at) + event
            at = time
        track += b"\0\xff\x2f\0"
        midi = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480) + b"MTrk" + struct.pack(">I", len(track)) + track
        path = write.root / "score.mid"
        path.write_bytes(midi)
        wav = write.root / "score.wav"
        words = ["fluidsynth", "-niq", "-g", "0.6", "-r", "44100", "-F", wav, SOUND_FONT, path]
        subprocess.run(words, check=True, capture_output=True)
        write(kind, name, decoded(wav))
        path.unlink()
        wav.unlink()


def scale(rng):
    root = rng.integers(12)
    steps = ([0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10], [0, 2, 4, 7, 9], [0, 3, 5, 7, 10])[rng.integers(4)]
    return np.array([root + 12 * octave + step for octave in range(2, 8) for step in steps])


def tune(score, rng, notes, beats, low, high, channel=0, free=0.0):
    """A random walk along a scale in a repeated rhythm."""
    inside = notes[(notes >= low) & (notes <= high)]
    rhythm = rng.choice([0.5, 0.5, 1, 1, 1.5, 2, 0.25], 8)
    at, place, step = 0.0, len(inside) // 2, 0
    while at < beats:
        length = float(rhythm[step % 8])
        place = int(np.clip(place + rng.integers(-2, 3), 0, len(inside) - 1))
        if rng.random() > 0.12:
            score.add(at + free * rng.uniform(0, 1), length * 0.95, inside[place], rng.normal(85, 10), channel)
        at += length
        step += 1


def chords(score, rng, notes, beats, channel=0, length=4.0, low=48):
    inside = notes[(notes >= low) & (notes < low + 30)]
    line = rng.integers(0, 6, 4)
    for index, start in enumerate(np.arange(0, beats, length)):
        place = line[index % 4]
        for step in (0, 2, 4):
            if place + step < len(inside):
                score.add(float(start), length * 0.98, inside[place + step], rng.normal(70, 6), channel)


def rendered(write):
    for take in range(8):
        rng = seeded(f"piano{take}")
        bpm = rng.uniform(50, 150)
        score = Score(bpm, {0: take % 4})
        beats = SECONDS * bpm / 60
        notes = scale(rng)
        tune(score, rng, notes, beats, 60, 84, free=0.15 * (take % 2))
        chords(score, rng, notes, beats, length=(1.0, 2.0, 4.0)[take % 3])
        score.render(write, "music/piano", str(take))
    for take, program in enumerate((40, 73, 56, 71, 65, 22, 42, 79, 53, 52, 12, 24, 33, 104)):
        rng = seeded(f"solo{take}")
        bpm = rng.uniform(50, 140)
        score = Score(bpm, {0: program})
        low = 36 if program in (33, 42) else 58
        tune(score, rng, scale(rng), SECONDS * bpm / 60, low, low + 26, free=0.1 * (take % 3))
        score.render(write, "music/solo", str(take))
    for take, program in enumerate((89, 91, 88, 94, 95, 49, 50, 19)):
        rng = seeded(f"ambient{take}")
        score = Score(50, {0: program, 1: 92})
        chords(score, rng, scale(rng), SECONDS * 50 / 60, length=(4.0, 8.0, 6.0)[take % 3], low=(48, 36, 60)[take % 3])
        score.render(write, "music/ambient", str(take))
    for take, program in enumerate((52, 53, 54, 52, 19, 48)):
        rng = seeded(f"choir{take}")
        bpm = rng.uniform(55, 90)
        score = Score(bpm, {0: program})
        notes = scale(rng)
        beats = SECONDS * bpm / 60
        chords(score, rng, notes, beats, length=2.0)
        tune(score, rng, notes, beats, 62, 80)
        score.render(write, "music/choir", str(take))
    for take in range(16):
        drums(write, take)
    for take in range(12):
        dry_drums(write, take)
    for take in range(8):
        rng = seeded(f"band{take}")
        bpm = rng.uniform(70, 170)
        beats = SECONDS * bpm / 60
        score = Score(bpm, {0: int(rng.integers(96)), 1: 33, 2: int(rng.integers(32))})
        notes = scale(rng)
        tune(score, rng, notes, beats, 60, 86)
        tune(score, rng, notes, beats, 30, 48, channel=1)
        chords(score, rng, notes, beats, channel=2, length=2.0)
        pattern(score, rng, beats)
        score.render(write, "music/band", str(take))


def pattern(score, rng, beats):
    """A bar of drums, drawn once and repeated with small changes."""
    beat = [4, 3, 4, 2][rng.integers(4)]
    steps = 4 * beat
    place = np.arange(steps)
    often = np.where(place % 4 == 0, 0.5, np.where(place % 2 == 0, 0.2, 0.07))
    rows = {36: rng.random(steps) < often, 38: rng.random(steps) < 0.05, 42: place % rng.choice([1, 2, 4]) == 0}
    rows[36][0] = True
    rows[38][4::8] = True
    if rng.random() < 0.5:
        rows[int(rng.choice([45, 47, 54, 56, 63, 64, 70]))] = rng.random(steps) < 0.2
    for step in range(int(beats * 4)):
        for pitch, row in rows.items():
            if row[step % steps] != (rng.random() < 0.03):
                score.add(step / 4 + rng.normal(0, 0.01) + 0.05, 0.2, pitch, rng.normal(90 - 15 * (step % 2), 9), 9)


def drums(write, take):
    rng = seeded(f"drums{take}")
    bpm = rng.uniform(70, 170)
    score = Score(bpm, {9: [0, 8, 16, 24, 25, 32, 40, 48][take % 8]})
    pattern(score, rng, SECONDS * bpm / 60)
    score.render(write, "music/drums", str(take))


def dry_drums(write, take):
    """A drum machine's sounds in no room: a bar of sixteenths, drawn once and repeated."""
    rng = seeded(f"machine{take}")
    step = 15 / rng.uniform(75, 160)
    span = np.arange(int(0.4 * RATE)) / RATE
    bend = rng.uniform(0.5, 3)
    shapes = [
        np.sin(2 * np.pi * (rng.uniform(45, 70) * span + bend * (1 - np.exp(-30 * span))))
        * np.exp(-rng.uniform(8, 25) * span),
        (rng.standard_normal(len(span)) + np.sin(2 * np.pi * rng.uniform(150, 250) * span))
        * np.exp(-rng.uniform(12, 35) * span)
        / 2,
        0.4 * np.diff(rng.standard_normal(len(span) + 1)) * np.exp(-rng.uniform(50, 150) * span),
    ]
    place = np.arange(16)
    rows = [
        (rng.random(16) < np.where(place % 4 == 0, 0.5, 0.15)) | (place == 0),
        (place % 8 == 4) | (rng.random(16) < 0.08),
        place % rng.choice([1, 2, 4]) == 0,
    ]
    times, sounds = [], []
    for index in range(int((SECONDS - 0.5) / step)):
        for row, shape in zip(rows, shapes, strict=True):
            if row[index % 16] != (rng.random() < 0.02 * (take % 3)):
                times.append(0.1 + index * step + rng.normal(0, 0.004) ** 2)
                sounds.append(shape * rng.uniform(0.8, 1))
    write("music/drum-machine", str(take), hits(times, sounds) + 1e-4 * rng.standard_normal(SECONDS * RATE))


def sung(write):
    """Speech of espeak-ng whose pitch is drawn as a tune by WORLD, syllables stretched."""
    import pyworld

    for take, (language, voice) in enumerate(
        (("en", "m1"), ("en", "f2"), ("de", "f4"), ("fr", "m3"), ("it", "f2"), ("es", "m1"), ("ru", "f4"), ("it", "m3"))
    ):
        rng = seeded(f"sung{take}")
        path = write.root / "sung.wav"
        options = ["-v", f"{language}+{voice}", "-s", "130", "-w", str(path)]
        subprocess.run(["espeak-ng", *options, TEXT[language]], check=True)
        signal = decoded(path).astype(np.float64)
        path.unlink()
        pitch, time = pyworld.harvest(signal, RATE)
        envelope = pyworld.cheaptrick(signal, pitch, time, RATE)
        breath = pyworld.d4c(signal, pitch, time, RATE)
        stretch = rng.uniform(1.4, 2.2)
        index = np.minimum((np.arange(int(len(pitch) * stretch)) / stretch).astype(int), len(pitch) - 1)
        voiced = pitch[index] > 0
        notes = scale(rng)
        notes = notes[(notes >= 45 + 9 * (voice[0] == "f")) & (notes <= 62 + 9 * (voice[0] == "f"))]
        line, at, place = np.zeros(len(index)), 0, len(notes) // 2
        beat = rng.uniform(0.3, 0.55)
        while at < len(index):
            length = int(beat * rng.choice([0.5, 1, 1, 1, 2]) / 0.005)
            place = int(np.clip(place + rng.integers(-2, 3), 0, len(notes) - 1))
            line[at : at + length] = notes[place]
            at += length
        line = scipy.signal.lfilter([0.06], [1, -0.94], line - line[0]) + line[0]
        line += rng.uniform(0.1, 0.4) * np.sin(2 * np.pi * 5.5 * np.arange(len(line)) * 0.005)
        tone = np.where(voiced, 440 * 2 ** ((line - 69) / 12), 0.0)
        made = pyworld.synthesize(
            tone, np.ascontiguousarray(envelope[index]), np.ascontiguousarray(breath[index]), RATE
        )
        write("music/sung", str(take), made[: SECONDS * RATE])


SUNG = (
    "the north wind and the sun were high in the sky when a man came down to the sea "
    "and he sang a song of the day that was long and the night that was near"
)


def sung_by_festival(write):
    """Festival's singing mode: the exact pitch of every note, without vibrato or glides."""
    names = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
    for take in range(6):
        rng = seeded(f"festival{take}")
        notes = scale(rng)
        low = 48 + 6 * (take % 2)
        notes = notes[(notes >= low) & (notes <= low + 18)]
        place = len(notes) // 2
        rhythm = ((0.5, 0.5, 1, 1), (1, 1, 1, 1), (1, 0.5, 0.5, 2))[take % 3]
        lines = [f'<?xml version="1.0"?><SINGING BPM="{rng.integers(70, 130)}">']
        for index, word in enumerate(SUNG.split()):
            place = int(np.clip(place + rng.integers(-2, 3), 0, len(notes) - 1))
            note = f"{names[notes[place] % 12]}{notes[place] // 12 - 1}"
            lines.append(f'<PITCH NOTE="{note}"><DURATION BEATS="{rhythm[index % 4]}">{word}</DURATION></PITCH>')
        score, path = write.root / "sung.xml", write.root / "sung.wav"
        score.write_text("".join(lines) + "</SINGING>")
        words = ["text2wave", "-mode", "singing", "-eval", "(voice_kal_diphone)", score, "-o", path]
        subprocess.run(words, check=True, capture_output=True)
        write("music/sung-festival", str(take), decoded(path))
        score.unlink()
        path.unlink()


def recorded_music(write, packages, songs):
    found = {
        "warzone2100-music": 12,
        "planetblupi-music-ogg": 10,
        "hyperrogue-music": 12,
        "drascula-music": 10,
        "singularity-music": 10,
        "colobot-common-sounds": 8,
        "fretsonfire-songs-sectoid": 8,
        "frozen-bubble-data": 4,
    }
    for name, count in found.items():
        files = [path for path in (packages / name).rglob("*") if path.suffix in (".ogg", ".opus", ".it")]
        files = sorted(path for path in files if path.stat().st_size > 400_000)
        for index in seeded(name).permutation(len(files))[:count]:
            write(f"music/{name}", files[index].stem, decoded(files[index], start=20))
    for folder in songs:
        for path in sorted(folder.glob("*.mp3")):
            write(f"music/{folder.name}", path.stem, decoded(path, start=10))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--packages", type=pathlib.Path, help="directory with one unpacked Debian package a folder")
    parser.add_argument("--songs", type=pathlib.Path, nargs="*", default=[])
    arguments = parser.parse_args()
    arguments.directory.mkdir(parents=True, exist_ok=True)
    write = Writer(arguments.directory)
    speech(write)
    noises(write)
    tones(write)
    clicks(write)
    if arguments.packages:
        recorded_none(write, arguments.packages)
    recorded_music(write, arguments.packages or pathlib.Path("/nonexistent"), arguments.songs)
    sung(write)
    sung_by_festival(write)
    rendered(write)


if __name__ == "__main__":
    main()
