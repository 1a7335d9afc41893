#!/usr/bin/env python3
"""Fits the weights of MelodyEvidence.swift on songs whose melody is known, and tells how they do on songs left out.

    REPRISE_MELODY_SONGS=SONGS:SONGS… REPRISE_MELODY_CUES=CUES swift test --filter MelodyEvidenceTests
    fit_melody.py CUES SONGS...

The test writes CUES/NAME.cues for each SONGS/NAME.mp3, with the learned model of notes if it is installed and without
it if REPRISE_MODELS is empty: eight cues after each other, each of 45 pitches a frame, as 32-bit floats. SONGS has the
truth, NAME.json. Each directory of songs counts as one make of songs and is left out in turn.

Three models are fitted, each by maximum likelihood with a small penalty: a softmax over pitches and a rest before the
melody's register is known; the same once it is; and whether a held pitch is struck again. Wants numpy and scipy.
"""

import argparse
import json
import pathlib

import numpy as np
import scipy.optimize

RATE = 22050 / 256
LOWEST, PITCHES = 48, 45
CUES = ["product", "share", "above", "octave", "onset", "salienceRise", "activationRise", "envelope"]
STRIDE = 13  # frames: neighbours say the same
START_STOP, CHANGE, LEAP, WEIGHT = 1.2, 1.2, 0.05, 0.2  # as in MelodyTracker.swift


class Song:
    def __init__(self, make, cues, truth):
        values = np.fromfile(cues, np.float32).reshape(len(CUES), -1, PITCHES)
        self.make, self.name = make, cues.stem
        self.cues = dict(zip(CUES, values, strict=True))
        self.melody = truth["melody"]
        self.frames = values.shape[1]
        # The pitch's index at each frame; PITCHES is a rest, −1 a pitch out of range, which teaches nothing.
        self.labels = np.full(self.frames, PITCHES)
        for start, end, pitch in self.melody:
            inside = LOWEST <= pitch < LOWEST + PITCHES
            self.labels[int(start * RATE) : int(end * RATE)] = pitch - LOWEST if inside else -1
        self.register = None

    def first(self):
        """Cues before the register is known: product, above, distance from MIDI 66 and its square, 1."""
        distance = np.broadcast_to((np.arange(PITCHES) + LOWEST - 66) / 10, (self.frames, PITCHES))
        return self.stacked("product", "above", distance, distance**2)

    def second(self):
        """Cues once it is: all five, distance from the register and its square, 1."""
        distance = (np.arange(PITCHES)[None] - self.register[:, None]) / 7
        names = ("product", "share", "above", "octave", "onset")
        return self.stacked(*names, distance, np.minimum(6, distance**2))

    def stacked(self, *columns):
        columns = [self.cues[column] if isinstance(column, str) else column for column in columns]
        return np.stack([*columns, np.ones((self.frames, PITCHES))], -1).astype(np.float32)

    def strokes(self):
        """Cues and truth of pitches that are struck again, and of others that are held on."""
        stacked = self.stacked("onset", "salienceRise", "activationRise", "envelope")
        found = []
        for before, after in zip(self.melody, self.melody[1:], strict=False):
            if before[2] == after[2] and after[0] - before[1] < 0.12:
                found.append((round(after[0] * RATE), after[2] - LOWEST, True))
        for start, end, pitch in self.melody:
            found += [
                (frame, pitch - LOWEST, False)
                for frame in range(int((start + 0.15) * RATE), int((end - 0.1) * RATE), 10)
            ]
        found = [each for each in found if each[0] < self.frames and 0 <= each[1] < PITCHES]
        return np.array([stacked[frame, pitch] for frame, pitch, _ in found]).reshape(-1, 5), [
            each[2] for each in found
        ]


def likelihood(weights, values, labels):
    """Mean logarithm of the likelihood of the labels, and its gradient."""
    scores = np.concatenate([values @ weights.astype(np.float32), np.zeros((len(values), 1), np.float32)], 1)
    scores -= scores.max(1, keepdims=True)
    shares = np.exp(scores)
    shares /= shares.sum(1, keepdims=True)
    rows = np.arange(len(labels))
    sounding = labels < PITCHES
    gradient = values[rows[sounding], labels[sounding]].sum(0) - np.tensordot(shares[:, :PITCHES], values, 2)
    return float(np.log(shares[rows, labels] + 1e-30).mean()), gradient / len(labels)


def fitted(values, labels):
    """Weights of a softmax over the pitches and a rest."""

    def objective(weights):
        value, gradient = likelihood(weights, values, labels)
        return 1e-3 * weights @ weights - value, (2e-3 * weights - gradient).astype(float)

    return scipy.optimize.minimize(objective, np.zeros(values.shape[-1]), jac=True, options={"maxiter": 150}).x


def struck(values, truth):
    """Weights of a logistic model."""
    sign = 2 * np.asarray(truth, float) - 1

    def objective(weights):
        margin = sign * (values @ weights)
        gradient = -((sign / (1 + np.exp(np.clip(margin, -50, 50)))) @ values) / len(sign)
        return np.logaddexp(0, -margin).mean() + 1e-4 * weights @ weights, gradient + 2e-4 * weights

    return scipy.optimize.minimize(objective, np.zeros(values.shape[1]), jac=True).x


def path(scores):
    """The likeliest sequence of pitches and rests, as MelodyTracker finds it."""
    costs = CHANGE + LEAP * np.abs(np.arange(PITCHES)[:, None] - np.arange(PITCHES))
    costs = np.pad(costs - np.diag(np.diag(costs)), (0, 1), constant_values=START_STOP)
    costs[-1, -1] = 0
    gains = np.pad(WEIGHT * scores, ((0, 0), (0, 1)))
    total, back = np.zeros(PITCHES + 1), np.zeros(gains.shape, np.int8)
    for frame, gain in enumerate(gains):
        reached = total[:, None] - costs
        back[frame] = reached.argmax(0)
        total = reached.max(0) + gain
    state, result = int(total.argmax()), np.zeros(len(gains), int)
    for frame in range(len(gains) - 1, -1, -1):
        result[frame] = state
        state = back[frame, state]
    return result


def register(found):
    """The median pitch within ten seconds, or of the 200 nearest frames with a pitch, every half second."""
    result = np.full(len(found), 66.0 - LOWEST)
    voiced = np.flatnonzero(found < PITCHES)
    for first in range(0, len(found) if len(voiced) else 0, int(RATE / 2)):
        near = voiced[np.abs(voiced - first) <= int(10 * RATE)]
        if len(near) < 200:
            near = voiced[np.argsort(np.abs(voiced - first))[:200]]
        result[first : first + int(RATE / 2)] = np.median(found[near])
    return result


def sampled(songs, cues):
    values, labels = [], []
    for song in songs:
        at = np.arange(5, song.frames - 5, STRIDE)
        at = at[song.labels[at] >= 0]
        values.append(cues(song)[at])
        labels.append(song.labels[at])
    return np.concatenate(values), np.concatenate(labels)


def report(songs, cues, names, what):
    """Prints the weights of all songs, and for each make how weights of the others and its own do on it."""
    weights = fitted(*sampled(songs, cues))
    print(what + ": " + " ".join(f"{name} {value:.2f}" for name, value in zip(names, weights, strict=True)))
    for make in sorted({song.make for song in songs}):
        own, others = ([song for song in songs if (song.make == make) == same] for same in (True, False))
        values, labels = sampled(own, cues)
        plain = likelihood(weights, values, labels)[0]
        left = likelihood(fitted(*sampled(others, cues)), values, labels)[0] if others else float("nan")
        print(f"  {make}: mean log-likelihood {plain:.3f}, with the make left out {left:.3f}")
    return weights


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cues", type=pathlib.Path)
    parser.add_argument("songs", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    songs = []
    for directory in arguments.songs:
        for truth in sorted(directory.glob("*.json")):
            cues = arguments.cues / f"{truth.stem}.cues"
            if cues.exists():
                songs.append(Song(directory.name, cues, json.loads(truth.read_text())))
    if not songs:
        parser.error(f"no song of {', '.join(map(str, arguments.songs))} has its cues in {arguments.cues}")
    first = report(songs, Song.first, ["product", "above", "linear", "square", "bias"], "first")
    for song in songs:
        song.register = register(path(song.first() @ first))
    names = ["product", "share", "above", "octave", "onset", "register", "square", "bias"]
    report(songs, Song.second, names, "register known")
    values, truth = zip(*(song.strokes() for song in songs), strict=True)
    stroke = struck(np.concatenate(values), np.concatenate(truth))
    names = ["onset", "salience", "activation", "envelope", "bias"]
    print("stroke: " + " ".join(f"{name} {value:.2f}" for name, value in zip(names, stroke, strict=True)))


if __name__ == "__main__":
    main()
