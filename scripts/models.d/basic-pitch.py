"""basic-pitch: notes (Bittner et al., ICASSP 2022), a TensorFlow model saved as ONNX."""

import struct
import zipfile
from collections.abc import Iterator
from typing import Union

SOURCE = {
    "package": "basic-pitch",
    "version": "0.4.0",
    "bytes": 758279,
    "sha256": "738adb503aae7fdfc7d1e1511aa0ce35052315f260a19531ef4c356708425db0",
    "licence": "basic_pitch-0.4.0.dist-info/LICENSE",
    "notice": "basic_pitch-0.4.0.dist-info/NOTICE",
    "credit": "basic-pitch (notes): Spotify AB, https://github.com/spotify/basic-pitch, Apache-2.0",
}

# The convolutions of the graph, which has no others, by the shape of their kernels. Batch normalisation is folded into
# them already, and the first convolution of the contours that the published code has is not there: nothing reads it.
CONVOLUTIONS = {
    (1, 1, 1, 256): "cqt.lowpass",
    (8, 8, 3, 39): "contour.1",
    (1, 8, 5, 5): "contour.2",
    (32, 1, 7, 7): "note.1",
    (1, 32, 7, 3): "note.2",
    (32, 8, 5, 5): "onset.1",
    (1, 33, 3, 3): "onset.2",
}


def tensors(wheel: zipfile.ZipFile) -> dict[str, tuple[tuple[int, ...], list[float]]]:
    """The weights by name: cqt.real, contour.1.kernel, contour.1.bias, …"""
    graph = message(message(wheel.read("basic_pitch/saved_models/icassp_2022/nmp.onnx"))[7][0])
    constants = dict(tensor(data) for data in graph[5])
    nodes = [message(data) for data in graph[1]]
    negated = {text(node[1][0]) for node in nodes if text(node[4][0]) == "Neg"}
    result = {}
    for node in nodes:
        inputs, (output,) = [text(name) for name in node[1]], [text(name) for name in node[2]]
        known = [constants[name] for name in inputs if name in constants]
        operation, shape = text(node[4][0]), known[0][0] if known else None
        if operation == "Conv" and shape == (36, 1, 1, 256):  # the highest octave's kernels, both parts
            result["cqt.imaginary" if output in negated else "cqt.real"] = ((36, 256), known[0][1])
        elif operation == "Conv":
            name = CONVOLUTIONS[shape]
            result[f"{name}.kernel"], result[f"{name}.bias"] = known
        elif operation == "Mul" and shape == (309, 1, 1):
            result["cqt.scale"] = ((309,), known[0][1])
        elif operation == "Mul" and shape == (1,):
            result["norm.scale"] = known[0]
        elif operation == "Add" and shape == (1,):
            result["norm.offset"] = known[0]
    if len(result) != 2 * len(CONVOLUTIONS) + 5:
        raise ValueError(f"not the graph that is wanted: {sorted(result)}")
    return dict(sorted(result.items()))


def tensor(data: bytes) -> tuple[str, tuple[tuple[int, ...], list[float]]]:
    """Name, shape and values of a TensorProto; of those that are not 32-bit floats, no values."""
    fields = message(data)
    shape = tuple(size for field in fields.get(1, []) for size in integers(field))
    raw = fields[9][0] if 9 in fields else b"".join(fields.get(4, []))
    return text(fields[8][0]), (shape, list(struct.unpack(f"<{len(raw) // 4}f", raw)) if fields[2] == [1] else [])


def message(data: bytes) -> dict[int, list]:
    """The fields of a Protocol Buffers message by number: integers, or bytes for all else."""
    result: dict[int, list] = {}
    at = 0
    while at < len(data):
        tag, at = integer(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = integer(data, at)
        elif kind in (1, 2, 5):
            size, at = integer(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError(f"a field of wire type {kind}")
        if at > len(data):
            raise ValueError("the message ends too early")
        result.setdefault(tag >> 3, []).append(value)
    return result


def integers(field: Union[int, bytes]) -> Iterator[int]:
    """The integers of a repeated field, packed or not."""
    if isinstance(field, int):
        yield field
        return
    at = 0
    while at < len(field):
        value, at = integer(field, at)
        yield value


def integer(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length integer, and where the next field begins."""
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def text(data: bytes) -> str:
    return data.decode()
