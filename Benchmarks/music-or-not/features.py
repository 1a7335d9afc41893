"""What tells music from other sound, per ten seconds, as MusicEvidence.swift of RepriseAnalysis computes it."""

import numpy as np

RATE = 22050
NAMES = [
    "held",
    "pulse",
    "diversity",
    "notes",
    "static",
    "semitones",
    "births",
    "syllables",
    "pauses",
    "flatness",
    "flatnessSpread",
    "dynamics",
    "movement",
]
SPAN = 10.0


def spectra(signal, size, hop):
    window = (4 / size * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size))).astype(np.float32)
    padded = np.concatenate([np.zeros(size // 2, np.float32), signal, np.zeros(size, np.float32)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][: (len(signal) - 1) // hop + 1]
    return np.concatenate([np.abs(np.fft.rfft(frames[i : i + 256] * window)) for i in range(0, len(frames), 256)])


def bands(count, low, high, size):
    edges = 700 * (10 ** (np.linspace(*(2595 * np.log10(1 + f / 700) for f in (low, high)), count + 2) / 2595) - 1)
    edges *= size / RATE
    bins = np.arange(size // 2 + 1)
    rows = []
    for left, centre, right in zip(edges, edges[1:], edges[2:], strict=False):
        row = np.clip(np.minimum((bins - left) / max(centre - left, 1), (right - bins) / max(right - centre, 1)), 0, 1)
        if not row.any():
            row[round(centre)] = 1
        rows.append(row)
    return np.array(rows, np.float32)


class Texture:
    """Frames of 2048 samples every 512."""

    rate = RATE / 512

    def __init__(self, signal):
        magnitudes = spectra(signal, 2048, 512)
        self.mel = np.log10(1 + 1000 * (magnitudes @ bands(40, 30, 10000, 2048).T))
        self.power = (magnitudes.astype(np.float64) ** 2).sum(1)
        top = int(8000 * 2048 / RATE)
        powers = magnitudes[:, 1 : 1 + 8 * ((top - 1) // 8)].astype(np.float64) ** 2 + 1e-8
        self.flatness = np.exp(np.log(powers).mean(1)) / powers.mean(1)


class Partials:
    """Spectral peaks that hold their pitch, in frames of 4096 samples every 1024."""

    rate = RATE / 1024
    matched = 0.35  # of a semitone from frame to frame
    steady = 4  # frames

    def __init__(self, signal):
        magnitudes = spectra(signal, 4096, 1024)
        width = RATE / 4096
        first, last = int(100 / width), int(4000 / width)
        self.share = np.zeros(len(magnitudes))  # of the power in steady partials
        self.static = np.zeros(len(magnitudes))  # of the power in partials older than two seconds
        self.born = np.zeros(len(magnitudes))
        self.notes = np.zeros((len(magnitudes), 72))  # MIDI 40…111
        self.circle = np.zeros(len(magnitudes), complex)
        self.weight = np.zeros(len(magnitudes))
        pitches, ages = np.zeros(0), np.zeros(0)
        for frame, row in enumerate(magnitudes):
            inner = row[first : last + 1]
            floor = 0.02 * inner.max()
            at = np.arange(first, last + 1)
            is_peak = (inner > floor) & (inner > row[first - 1 : last]) & (inner >= row[first + 1 : last + 2])
            is_peak &= inner > 1.5 * (row[first - 3 : last - 2] + row[first + 3 : last + 4])
            at = at[is_peak]
            left, centre, right = (np.log(np.maximum(row[at + k], 1e-12)) for k in (-1, 0, 1))
            curve = left - 2 * centre + right
            offset = np.where(curve < -1e-9, np.clip(0.5 * (left - right) / np.minimum(curve, -1e-9), -0.5, 0.5), 0)
            now = 69 + 12 * np.log2((at + offset) * width / 440)
            age = np.ones(len(now))
            if len(pitches) and len(now):
                nearest = np.abs(now[:, None] - pitches[None]).argmin(1)
                close = np.abs(now - pitches[nearest]) < self.matched
                age = np.where(close, ages[nearest] + 1, 1)
            pitches, ages = now, age
            power = row[at].astype(np.float64) ** 2
            total = (row.astype(np.float64) ** 2).sum() + 1e-12
            held = age >= self.steady
            # A Hann window spreads a sinusoid's power over 1.5 times its peak's.
            self.share[frame] = min(1, 1.5 * power[held].sum() / total)
            self.static[frame] = min(1, 1.5 * power[age >= 2 * self.rate].sum() / total)
            self.born[frame] = (age == self.steady).sum()
            root = row[at[held]].astype(np.float64) ** 0.5
            np.add.at(self.notes[frame], np.clip(np.round(now[held]).astype(int) - 40, 0, 71), root)
            self.circle[frame] = (root * np.exp(2j * np.pi * now[held])).sum()
            self.weight[frame] = root.sum()


def autocorrelation(values, lags):
    values = values - values.mean()
    energy = (values * values).sum()
    if energy == 0:
        return np.zeros(len(lags))
    return np.array([(values[:-lag] * values[lag:]).sum() if lag < len(values) else 0 for lag in lags]) / energy


def evidence(texture, partials, start, end):
    """The figures of one stretch, in seconds."""
    a, b = int(start * texture.rate), min(len(texture.power), int(end * texture.rate))
    c, d = int(start * partials.rate), min(len(partials.share), int(end * partials.rate))
    mel, power, flat = texture.mel[a:b], texture.power[a:b], texture.flatness[a:b]
    root = np.sqrt(power)
    loud = root.max() + 1e-9
    sounding = texture.power[np.minimum(len(texture.power) - 1, np.arange(c, d) * 2)] > 1e-3 * power.max()
    share = partials.share[c:d]
    steady = share[sounding].mean() if sounding.any() else 0.0
    static = partials.static[c:d][sounding].mean() if sounding.any() else 0.0
    weight = partials.weight[c:d].sum()
    semitones = abs(partials.circle[c:d].sum()) / weight if weight > 0 else 0.0
    notes = partials.notes[c:d]
    total = notes.sum(0)
    p = total / total.sum() if total.sum() > 0 else total
    count = -(p[p > 0] * np.log(p[p > 0])).sum()
    lag = round(0.75 * partials.rate)
    one, other = notes[:-lag], notes[lag:]
    norms = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    change = 1 - ((one * other).sum(1)[norms > 0] / norms[norms > 0]).mean() if (norms > 0).any() else 0.0
    births = partials.born[c:d].sum() / (end - start)

    rise = np.maximum(0, mel[2:] - mel[:-2])
    flux = rise.sum(1)
    reach = round(texture.rate / 2)
    box = np.ones(2 * reach + 1)
    mean = np.convolve(flux, box, "same") / np.convolve(np.ones(len(flux)), box, "same")
    sharp = np.maximum(0, flux - mean)
    lags = np.arange(round(0.2 * texture.rate), round(3 * texture.rate))
    found = autocorrelation(sharp, np.concatenate([lags, 2 * lags]))
    pulse = max(0.0, np.minimum(found[: len(lags)], found[len(lags) :]).max())
    # The spectra where sound sets in, against each other.
    limit = sharp.mean() + sharp.std()
    inner = sharp[1:-4]
    onsets = 1 + np.flatnonzero((inner > limit) & (inner >= sharp[:-5]) & (inner > sharp[2:-3]))
    shapes = np.array([mel[i + 2 : i + 5].mean(0) for i in onsets])
    shapes = shapes - shapes.mean(1, keepdims=True) if len(onsets) else shapes
    diversity = np.sqrt(shapes.var(0).mean()) if len(onsets) > 1 else 0.0
    curve = mel.mean(1)
    modulation = np.abs(np.fft.rfft((curve - curve.mean()) * np.hanning(len(curve)), 512)) ** 2
    hertz = np.fft.rfftfreq(512, 1 / texture.rate)
    within = modulation[(hertz >= 2.5) & (hertz <= 7)].sum()
    syllables = within / (modulation[(hertz >= 0.3) & (hertz <= 20)].sum() + 1e-9)
    pauses = (root < 0.5 * root.mean()).mean()
    decibels = np.maximum(20 * np.log10(root / loud + 1e-9), -60)
    movement = np.sqrt(mel.var(0).mean())
    # Notes that are held, change and lie on semitones; 0.003 is what noise reaches.
    held = np.log(steady * change * semitones + 0.003)
    beaten = [np.log(pulse + 0.03), np.log(diversity + 0.03)]
    tonal = [count, static, semitones, np.log1p(births)]
    flatness = np.log10(flat + 1e-6)
    colour = [pauses, flatness.mean(), flatness.std(), decibels.std() / 20, movement]
    return np.array([held, *beaten, *tonal, syllables, *colour])


def windows(signal):
    """The figures of each ten seconds, the last ones counted from the end."""
    signal = signal / max(1e-9, np.abs(signal).max())
    texture, partials = Texture(signal.astype(np.float32)), Partials(signal.astype(np.float32))
    seconds = len(signal) / RATE
    count = max(1, int(seconds / SPAN + 0.5))
    length = min(SPAN, seconds)
    starts = np.linspace(0, seconds - length, count) if count > 1 else [0.0]
    return np.array([evidence(texture, partials, start, start + length) for start in starts])
