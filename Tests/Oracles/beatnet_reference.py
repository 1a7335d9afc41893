#!/usr/bin/env python3
"""Prints what BeatNet's own features and weights give for a signal made by formula.

    Tests/Oracles/beatnet_reference.py WHEEL [FRAME...]

WHEEL is BeatNet-1.1.3-py3-none-any.whl. Features are those of madmom-infer (pip install madmom-infer), which repeats
madmom's arithmetic; the network is written out here in 64-bit floating point after BeatNet/model.py, with the weights
as they are in the wheel. The signal is that of Tests/RepriseAnalysisTests/BeatNetworkTests.swift, whose expected values
are those printed here: of each frame the bands 20, 70 and 120 and their rises, and the probabilities of a beat and a
downbeat, mean of the three models.
"""

import importlib.util
import sys
import zipfile
from pathlib import Path

import numpy as np
from madmom_infer.audio.signal import FramedSignal, Signal
from madmom_infer.audio.spectrogram import FilteredSpectrogram, LogarithmicSpectrogram, SpectrogramDifference
from madmom_infer.audio.stft import ShortTimeFourierTransform

RATE = 22050
FRAMES = [0, 1, 24, 25, 26, 50, 75, 100, 125, 151, 200, 226, 250, 276, 299]


def signal() -> np.ndarray:
    """Six seconds of plucked tones, two a second, every fourth an octave higher and louder."""
    samples = np.zeros(6 * RATE)
    for beat in range(12):
        time = np.arange(RATE) / RATE
        pitch, level = (440, 0.6) if beat % 4 == 0 else (220, 0.3)
        tone = level * np.exp(-8 * time) * np.sin(2 * np.pi * pitch * time)
        start = beat * RATE // 2
        samples[start : start + RATE] += tone[: len(samples) - start]
    return samples.astype(np.float32)


def features(samples: np.ndarray) -> np.ndarray:
    """BeatNet/log_spect.py: 136 bands and their rises."""
    frames = FramedSignal(Signal(samples, RATE), frame_size=1411, hop_size=441)
    bands = FilteredSpectrogram(ShortTimeFourierTransform(frames), num_bands=24, fmin=30, fmax=17000, norm_filters=True)
    levels = LogarithmicSpectrogram(bands, mul=1, add=1)
    rises = SpectrogramDifference(levels, diff_ratio=0.5, positive_diffs=True)
    return np.hstack([np.asarray(levels), np.asarray(rises)]).astype(float)


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def probabilities(rows: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    """BeatNet/model.py: beat, downbeat, neither."""
    windows = np.lib.stride_tricks.sliding_window_view(rows, 10, axis=1)
    convolved = np.einsum("tpk,ok->top", windows, weights["conv1.weight"][:, 0])
    convolved = np.maximum(convolved + weights["conv1.bias"][:, None], 0)
    pairs = convolved.shape[2] // 2
    pooled = convolved[:, :, : 2 * pairs].reshape(len(rows), 2, pairs, 2).max(axis=3).reshape(len(rows), -1)
    values = pooled @ weights["linear0.weight"].T + weights["linear0.bias"]
    for layer in (0, 1):
        units = weights[f"lstm.weight_hh_l{layer}"].shape[1]
        driven = values @ weights[f"lstm.weight_ih_l{layer}"].T
        driven = driven + weights[f"lstm.bias_ih_l{layer}"] + weights[f"lstm.bias_hh_l{layer}"]
        state, cell, outputs = np.zeros(units), np.zeros(units), []
        for row in driven:
            gates = row + weights[f"lstm.weight_hh_l{layer}"] @ state
            enter, keep, fresh, leave = np.split(gates, 4)
            cell = sigmoid(keep) * cell + sigmoid(enter) * np.tanh(fresh)
            state = sigmoid(leave) * np.tanh(cell)
            outputs.append(state)
        values = np.array(outputs)
    logits = values @ weights["linear.weight"].T + weights["linear.bias"]
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def main() -> None:
    wheel, *frames = sys.argv[1:]
    path = Path(__file__).resolve().parents[2] / "scripts/models.d/beatnet.py"
    spec = importlib.util.spec_from_file_location("beatnet", path)
    converter = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(converter)
    with zipfile.ZipFile(wheel) as archive:
        tensors = converter.tensors(archive)
    rows = features(signal())
    mean = np.zeros((len(rows), 3))
    for model in (1, 2, 3):
        prefix = f"{model}."
        weights = {
            name.removeprefix(prefix): np.array(values).reshape(shape)
            for name, (shape, values) in tensors.items()
            if name.startswith(prefix)
        }
        mean += probabilities(rows, weights) / 3
    for frame in map(int, frames) if frames else FRAMES:
        heard = [rows[frame, band + offset] for offset in (0, 136) for band in (20, 70, 120)]
        print(f"    ({frame}, {', '.join(f'{value:.5f}' for value in [*heard, *mean[frame, :2]])}),")


if __name__ == "__main__":
    main()
