#!/usr/bin/env python3
"""Prints what basic-pitch's own graph gives for a signal made by formula.

    Tests/Oracles/basic_pitch_reference.py WHEEL

WHEEL is basic_pitch-0.4.0-py2.py3-none-any.whl; the graph in it is run by onnxruntime (pip install onnx onnxruntime),
with its weights rounded to 16 bits, as scripts/models rounds them: on so clean a signal the kernels' rounding is heard
in the silence between the partials, and moves a probability by up to 0.06. The
signal is that of Tests/RepriseAnalysisTests/NoteNetworkTests.swift, as long as the graph's window, so that levels are
taken over all of it. The values expected there are those printed here: of each frame the probabilities that each of
four notes sounds, and that it begins.
"""

import sys
import zipfile

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime

RATE = 22050
LENGTH = 43844
PITCHES = (60, 64, 67, 71)
FRAMES = (0, 4, 12, 30, 42, 45, 60, 80, 87, 100, 120, 131, 140, 160, 171)


def signal() -> np.ndarray:
    """Four plucked tones of four partials, two a second."""
    samples = np.zeros(LENGTH)
    for number, pitch in enumerate(PITCHES):
        time = (np.arange(LENGTH) - number * RATE // 2) / RATE
        sounds = (time >= 0) & (time < 0.45)
        frequency = 440 * 2 ** ((pitch - 69) / 12)
        partials = sum(np.sin(2 * np.pi * frequency * order * time) / order for order in range(1, 5))
        samples += (
            0.4 * sounds * partials * np.exp(-3 * np.maximum(time, 0)) * np.minimum(1, np.maximum(time, 0) / 0.01)
        )
    return samples.astype(np.float32)


def rounded(graph: bytes) -> bytes:
    """The graph with weights of 16 bits."""
    model = onnx.load_from_string(graph)
    for tensor in model.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size > 1:
            values = values.astype(np.float16).astype(np.float32)
            tensor.CopyFrom(onnx.numpy_helper.from_array(values, tensor.name))
    return model.SerializeToString()


def main() -> None:
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        graph = rounded(wheel.read("basic_pitch/saved_models/icassp_2022/nmp.onnx"))
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    names = ["StatefulPartitionedCall:1", "StatefulPartitionedCall:2"]
    notes, onsets = session.run(names, {session.get_inputs()[0].name: signal()[None, :, None]})
    for frame in FRAMES:
        values = [part[0, frame, pitch - 21] for part in (notes, onsets) for pitch in PITCHES]
        print(f"    ({frame}, [{', '.join(f'{value:.4f}' for value in values)}]),")


if __name__ == "__main__":
    main()
