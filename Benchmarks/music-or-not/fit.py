#!/usr/bin/env python3
"""Fits the probability that a recording is music, and tells how it does on kinds of sound it was not fitted on.

    fit.py DIRECTORY [--check]

DIRECTORY is what make_recordings.py made: {music,none}/KIND/NAME.wav. Prints, for each kind left out in turn, the share
of its recordings that a model of all other kinds judges right; the same for fifths of every kind; then the coefficients
for MusicDetector.swift. With --check it prints every recording that the model of all kinds judges wrong. Wants numpy
and soundfile.
"""

import argparse
import pathlib

import features
import numpy as np
import soundfile

SHRINKAGE = 0.001
STEPS = 1000
LIMIT = 4.0  # standard deviations beyond which a figure says no more


def gathered(root):
    rows = []
    for path in sorted(root.glob("*/*/*.wav")):
        signal, rate = soundfile.read(path, dtype="float32")
        assert rate == features.RATE, path
        rows.append((path.parent.relative_to(root).as_posix(), path.stem, features.windows(signal)))
    return rows


class Model:
    """Two logistic models, either of which is enough: the probabilities of none are multiplied.

    Music and none weigh the same; so do, by the root of their number, the kinds of each.
    """

    def __init__(self, rows):
        values = np.concatenate([row[2] for row in rows])
        kinds = np.concatenate([[row[0]] * len(row[2]) for row in rows])
        truth = np.array([kind.startswith("music") for kind in kinds])
        weights = np.zeros(len(kinds))
        for kind in set(kinds):
            weights[kinds == kind] = 1 / np.sqrt((kinds == kind).sum())
        for side in (False, True):
            weights[truth == side] /= 2 * weights[truth == side].sum()
        self.means = np.average(values, axis=0, weights=weights)
        self.scales = np.sqrt(np.average((values - self.means) ** 2, axis=0, weights=weights)) + 1e-6
        scaled = self.scaled(values)
        # What held notes and a beat show themselves by to begin with; gradient descent (Adam) finds the rest.
        slopes = np.zeros((2, scaled.shape[1]))
        slopes[0, features.NAMES.index("scale")] = slopes[1, features.NAMES.index("levels")] = 1
        own = np.array(
            [[name in unit for name in features.NAMES] + [True] for unit in (features.HELD, features.BEATEN)]
        )
        first, second = np.zeros_like(slopes), np.zeros_like(slopes)
        for step in range(1, STEPS + 1):
            apart = 1 / (1 + np.exp(scaled @ slopes.T))
            found = np.clip(1 - apart.prod(1), 1e-6, 1 - 1e-6)
            error = np.where(truth, -(1 - found) / found, 1)[:, None] * (1 - apart)
            gradient = (error * weights[:, None]).T @ scaled
            gradient[:, :-1] += SHRINKAGE * slopes[:, :-1]
            gradient *= own
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient**2
            slopes -= 0.03 * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        self.slopes = slopes

    def scaled(self, values):
        scaled = np.clip((values - self.means) / self.scales, -LIMIT, LIMIT)
        return np.column_stack([scaled, np.ones(len(scaled))])

    def __call__(self, values):
        return float(np.mean(1 - (1 / (1 + np.exp(self.scaled(values) @ self.slopes.T))).prod(1)))


def left_out(rows):
    """Of each kind the share judged right by a model of the others, and the worst probability."""
    shares = []
    for kind in sorted({row[0] for row in rows}):
        model = Model([row for row in rows if row[0] != kind])
        found = [model(row[2]) for row in rows if row[0] == kind]
        music = kind.startswith("music")
        shares.append(np.mean([(value > 0.5) == music for value in found]))
        worst = min(found) if music else max(found)
        print(f"{kind:34} {shares[-1]:.2f} of {len(found):3}  worst {worst:.2f}")
    print(f"mean over kinds left out: {np.mean(shares):.3f}")


def by_fifths(rows):
    """The share judged right when a fifth of the recordings of every kind is left out in turn."""
    places = {kind: 0 for kind, _, _ in rows}
    fifths = []
    for kind, _, _ in rows:
        fifths.append(places[kind] % 5)
        places[kind] += 1
    right = {kind: [] for kind in places}
    for fifth in range(5):
        model = Model([row for row, own in zip(rows, fifths, strict=True) if own != fifth])
        for (kind, _, values), own in zip(rows, fifths, strict=True):
            if own == fifth:
                right[kind].append((model(values) > 0.5) == kind.startswith("music"))
    few = {kind: np.mean(found) for kind, found in right.items() if np.mean(found) < 0.9}
    print(f"mean over kinds, fifths left out: {np.mean([np.mean(found) for found in right.values()]):.3f}")
    print("  less than .9: " + ", ".join(f"{kind} {share:.2f}" for kind, share in few.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    rows = gathered(arguments.directory)
    left_out(rows)
    by_fifths(rows)
    model = Model(rows)
    wrong = [(row, model(row[2])) for row in rows if (model(row[2]) > 0.5) != row[0].startswith("music")]
    print(f"all kinds: {len(wrong)} of {len(rows)} wrong")
    if arguments.check:
        for (kind, name, _), value in wrong:
            print(f"  {kind}/{name} {value:.2f}")
    for name, mean, scale in zip(features.NAMES, model.means, model.scales, strict=True):
        print(f"    ({mean:.4f}, {scale:.4f}),  // {name}")
    for unit, slopes in zip(("held", "beaten"), model.slopes, strict=True):
        print(f"    {unit} ({slopes[-1]:.4f}, [{', '.join(f'{slope:.4f}' for slope in slopes[:-1])}])")


if __name__ == "__main__":
    main()
