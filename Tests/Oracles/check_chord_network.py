#!/usr/bin/env python3
"""What CREMA's own graph and librosa's constant-Q transform say: the figures that ChordNetworkTests.swift expects.

    Tests/Oracles/check_chord_network.py WHEEL [WEIGHTS]

WHEEL is crema-0.2.0-py3-none-any.whl. Prints the graph's output for the tests' input as Swift, once with its own
weights and once with weights rounded to 16 bits, which differ by 2e-3 at most; and the levels of the tests' signal.
With WEIGHTS, the file that scripts/models made, checks each value in it against the wheel's, read by h5py.
Wants tensorflow-cpu, tf_keras, h5py and librosa for this Python. Exits with 1 if a weight is wrong.
"""

import io
import os
import pickle
import struct
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import librosa
import numpy as np
import tf_keras

FRAMES = 24
RATE, HOP = 22050, 2048


class SqueezeLayer(tf_keras.layers.Layer):
    """crema.layers.SqueezeLayer: drops an axis of length 1."""

    def __init__(self, axis: int = -1, **settings: Any) -> None:
        super().__init__(**settings)
        self.axis = axis

    def call(self, values: Any) -> Any:
        return tf_keras.backend.squeeze(values, axis=self.axis)


def graph(wheel: zipfile.ZipFile) -> tf_keras.Model:
    """The model as its authors saved it."""
    # The specification is a dictionary of plain values.
    spec = pickle.loads(wheel.read("crema/models/chord/model_spec.pkl"))
    model = tf_keras.models.Model.from_config(spec["config"], custom_objects={"SqueezeLayer": SqueezeLayer})
    with tempfile.NamedTemporaryFile(suffix=".h5") as file:
        file.write(wheel.read("crema/models/chord/model.h5"))
        file.flush()
        model.load_weights(file.name)
    return model


def network_input() -> np.ndarray:
    """−80…0 dB in an order that repeats nowhere, exact in 32 bits."""
    index = np.arange(FRAMES * 216 * 2).reshape(FRAMES, 216, 2)
    return (-80 * (index * 40503 % 65536) / 65536).astype(np.float32)


def signal() -> np.ndarray:
    """Three seconds of three sinusoids, in and between bins and octaves."""
    time = np.arange(3 * RATE) / RATE
    return sum(a * np.sin(2 * np.pi * f * time) for a, f in ((0.5, 110.0), (0.3, 1325.0), (0.2, 3729.31)))


def show_network(model: tf_keras.Model, title: str) -> None:
    chords, _, _, bass = (values[0] for values in model.predict(network_input()[None], verbose=0))
    print(f"// {title}")
    for frame in (0, 11, FRAMES - 1):
        best = np.argsort(-chords[frame])[:4]
        print(f"({frame}, [{', '.join(f'{index}: {chords[frame][index]:.5f}' for index in best)}],")
        print(f"  [{', '.join(f'{value:.5f}' for value in bass[frame])}]),")


def show_transform() -> None:
    lowest = librosa.note_to_hz("C1")
    transform = librosa.cqt(signal(), sr=RATE, hop_length=HOP, fmin=lowest, n_bins=252, bins_per_octave=36, sparsity=0)
    row = np.abs(transform).T[16]
    level = 20 * np.log10(row / row.max())
    print("// bin: dB against the loudest, those above −60")
    print(", ".join(f"{index}: {value:.2f}" for index, value in enumerate(level) if value > -60))


def read_weights(data: bytes) -> dict[str, np.ndarray]:
    """The tensors of a file in the format of Networks/WeightFile.swift."""
    file = io.BytesIO(data)
    assert file.read(8) == b"RPWEIGHT"
    _, count = struct.unpack("<II", file.read(8))
    heads = []
    for _ in range(count):
        (length,) = struct.unpack("<H", file.read(2))
        name = file.read(length).decode()
        (dimensions,) = struct.unpack("<H", file.read(2))
        heads.append((name, struct.unpack(f"<{dimensions}I", file.read(4 * dimensions))))
    return {name: np.frombuffer(file.read(2 * int(np.prod(shape))), np.float16).reshape(shape) for name, shape in heads}


def check_weights(wheel: zipfile.ZipFile, path: Path) -> bool:
    ours = read_weights(path.read_bytes())
    theirs = {}

    def visit(name: str, item: h5py.Dataset | h5py.Group) -> None:
        if isinstance(item, h5py.Dataset):
            theirs[name] = item[()]

    with h5py.File(io.BytesIO(wheel.read("crema/models/chord/model.h5"))) as file:
        file["model_weights"].visititems(visit)
    # By shape and values: the names were changed.
    left = [value.astype(np.float16) for value in theirs.values()]
    for name, value in ours.items():
        index = next((at for at, other in enumerate(left) if np.array_equal(other, value)), None)
        if index is None:
            print(f"{name} is not in the wheel")
            return False
        left.pop(index)
    print(f"{len(ours)} tensors are the wheel's" + (f", but {len(left)} are left out" if left else ""))
    return not left


def main() -> int:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        model = graph(wheel)
        show_network(model, "the graph with its own weights")
        model.set_weights([value.astype(np.float16).astype(np.float32) for value in model.get_weights()])
        show_network(model, "with weights of 16 bits")
        show_transform()
        return 0 if len(sys.argv) == 2 or check_weights(wheel, Path(sys.argv[2])) else 1


if __name__ == "__main__":
    sys.exit(main())
