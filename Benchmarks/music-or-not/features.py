"""What tells music from other sound, per ten seconds, as MusicEvidence.swift of RepriseAnalysis computes it."""

import numpy as np

RATE = 22050
NAMES = [
    "scale",
    "held",
    "notes",
    "static",
    "semitones",
    "flatness",
    "dynamics",
    "levels",
    "repetition",
    "figure",
    "diversity",
    "syllables",
]
# What tells held notes, and what tells a beat.
HELD = {"scale", "held", "notes", "static", "semitones", "flatness", "dynamics", "syllables"}
BEATEN = {"levels", "repetition", "figure", "diversity", "flatness", "dynamics", "syllables"}
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
        self.pitch, self.strength = strongest(magnitudes)


def strongest(magnitudes):
    """The pitch of each frame's highest harmonic sum, in semitones from MIDI 48, and that sum; see MelodySalience."""
    width = RATE / 2048
    first, last = int(110 / width), int(9000 / width)
    left, centre, right = (
        magnitudes[:, first - 1 : last],
        magnitudes[:, first : last + 1],
        magnitudes[:, first + 1 : last + 2],
    )
    floor = 0.003 * centre.max(1, keepdims=True)
    frame, bin = np.nonzero((centre > left) & (centre >= right) & (centre > floor))
    a, b, c = (np.log(np.maximum(row[frame, bin], 1e-12)) for row in (left, centre, right))
    curve = a - 2 * b + c
    offset = np.where(curve < -1e-9, np.clip(0.5 * (a - c) / np.minimum(curve, -1e-9), -0.5, 0.5), 0)
    position = (69 + 12 * np.log2((first + bin + offset) * width / 440) - 48 + 0.5) * 5 - 0.5
    amount = centre[frame, bin] ** 0.6
    count = 45 * 5
    sums = np.zeros(len(magnitudes) * count)
    for harmonic in range(8):
        target = np.floor(position - 60 * np.log2(harmonic + 1) + 0.5).astype(int)
        for step, share in ((0, 1), (-1, 0.5), (1, 0.5)):
            inside = (target + step >= 0) & (target + step < count)
            place = frame[inside] * count + target[inside] + step
            sums += np.bincount(place, amount[inside] * 0.8**harmonic * share, len(sums))
    sums = sums.reshape(-1, count)
    return sums.argmax(1) / 5 - 0.4, sums.max(1)


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
            root = row[at[held]].astype(np.float64) ** 0.5
            np.add.at(self.notes[frame], np.clip(np.round(now[held]).astype(int) - 40, 0, 71), root)
            self.circle[frame] = (root * np.exp(2j * np.pi * now[held])).sum()
            self.weight[frame] = root.sum()


def scale(pitch, strength, rate):
    """Time share of notes held for 0.3 s, times how near these are to semitones, times the entropy of pitch classes.

    A note is held while its pitch stays within 0.6 semitones; up to two frames elsewhere, or in another octave, do not
    end it.
    """
    sounds = strength > 0.1 * np.sort(strength)[int(0.95 * len(strength))]
    start, notes = 0, []
    while start < len(pitch):
        if not sounds[start]:
            start += 1
            continue
        low = high = pitch[start]
        end, misses = start, 0
        for frame in range(start + 1, len(pitch)):
            if not sounds[frame]:
                break
            middle = (low + high) / 2
            value = pitch[frame]
            if abs(value - middle) > 6:
                value = middle + (value - middle + 6) % 12 - 6
            if max(high, value) - min(low, value) <= 0.6 + 1e-9:
                low, high, end, misses = min(low, value), max(high, value), frame, 0
            else:
                misses += 1
                if misses > 2:
                    break
        if end + 1 - start >= 0.3 * rate:
            notes.append((end + 1 - start, (low + high) / 2))
        start = end + 1
    if not notes:
        return 0.0
    length, middle = np.array(notes).T
    vector = (length * np.exp(2j * np.pi * middle)).sum()
    classes = np.floor(middle - np.angle(vector) / (2 * np.pi) + 0.5).astype(int) % 12
    shares = np.bincount(classes, weights=length, minlength=12) / length.sum()
    entropy = -(shares[shares > 0] * np.log(shares[shares > 0])).sum()
    return abs(vector) / sounds.sum() * entropy


def detrended(flux, rate):
    """What each frame has beyond the mean of a second."""
    reach = round(rate / 2)
    sums = np.concatenate([np.zeros((1, *flux.shape[1:])), np.cumsum(flux, 0, dtype=np.float64)])
    at = np.arange(len(flux))
    low, high = np.maximum(0, at - reach), np.minimum(len(flux), at + reach + 1)
    count = (high - low).reshape(-1, *[1] * (flux.ndim - 1))
    return np.maximum(0, flux - (sums[high] - sums[low]) / count)


def repetition(flux, onsets, rate):
    """How well the flux of all bands repeats, how well at a shorter period, and how many onsets that repeat together.

    A metronome repeats at one period alone; a rhythm at several, at the shorter ones less well.
    """
    frames = len(flux)
    centred = flux - flux.mean(0)
    kernel = np.array([1, 2, 3, 2, 1]) / 9
    smooth = np.apply_along_axis(lambda band: np.convolve(band, kernel, "same"), 0, centred)
    size = 1 << int(np.ceil(np.log2(2 * frames)))
    found = np.fft.irfft((np.abs(np.fft.rfft(smooth, size, axis=0)) ** 2).sum(1))[:frames]
    # A root mean square of 0.6 dB is no movement, however regular.
    found = found / (found[0] + 1e-3 * flux.size) * frames / (frames - np.arange(frames))
    lags = range(int(0.15 * rate), min(int(4.5 * rate), frames // 2))
    peaks = [lag for lag in lags if found[lag] >= found[lag - 1] and found[lag] >= found[lag + 1]]
    best = max((found[lag] for lag in peaks), default=0)
    if best <= 0:
        return 0.0, 0.0, 1.0
    period = min(lag for lag in peaks if found[lag] >= 0.95 * best)
    shorter = max((found[lag] for lag in peaks if lag < 0.75 * period), default=0)
    return best, max(0.0, shorter), onsets * period / frames


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

    rise = np.maximum(0, mel[2:] - mel[:-2])
    sharp = detrended(rise.sum(1), texture.rate)
    inner = sharp[1:-1]
    peaks = (inner >= sharp[:-2]) & (inner > sharp[2:])
    onsets = (peaks & (inner > sharp.mean() + 0.5 * sharp.std())).sum()
    best, shorter, figure = repetition(detrended(rise, texture.rate), onsets, texture.rate)
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
    decibels = np.maximum(20 * np.log10(root / loud + 1e-9), -60)
    # Notes that are held, change and lie on semitones; 0.003 is what noise reaches.
    held = np.log(steady * change * semitones + 0.003)
    tune = np.log(scale(texture.pitch[a:b], texture.strength[a:b], texture.rate) + 0.03)
    tonal = [tune, held, count, static, semitones, np.log10(flat + 1e-6).mean(), decibels.std() / 20]
    beaten = [np.log(shorter + 0.05), np.log(best + 0.05), np.log(np.clip(figure, 1, 4)), np.log(diversity + 0.03)]
    return np.array([*tonal, *beaten, syllables])


def windows(signal):
    """The figures of each ten seconds, the last ones counted from the end."""
    signal = signal / max(1e-9, np.abs(signal).max())
    texture, partials = Texture(signal.astype(np.float32)), Partials(signal.astype(np.float32))
    seconds = len(signal) / RATE
    count = max(1, int(seconds / SPAN + 0.5))
    length = min(SPAN, seconds)
    starts = np.linspace(0, seconds - length, count) if count > 1 else [0.0]
    return np.array([evidence(texture, partials, start, start + length) for start in starts])
