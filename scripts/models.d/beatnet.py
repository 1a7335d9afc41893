"""BeatNet: onsets and beats (Heydari, Cwitkowitz and Duan, ISMIR 2021), three PyTorch models saved by torch.save."""

import array
import io
import pickle
import sys
import zipfile
from typing import Any

SOURCE = {
    "package": "BeatNet",
    "version": "1.1.3",
    "bytes": 9155419,
    "sha256": "1ecfa17bdcbe899975a88bdb6efebd6970d846a4f3b6cfd5c6f320647c641c7e",
    "licence": "BeatNet-1.1.3.dist-info/LICENSE",
    "credit": "BeatNet (beats): Mojtaba Heydari, Frank Cwitkowitz and Zhiyao Duan, https://github.com/mjhydri/BeatNet,"
    " CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)",
}

Tensor = tuple[tuple[int, ...], list[float]]


def tensors(wheel: zipfile.ZipFile) -> dict[str, Tensor]:
    """The weights of the three models by name: 1.conv1.weight, 2.lstm.weight_ih_l0, 3.linear.bias, …"""
    result = {}
    for model in (1, 2, 3):
        with zipfile.ZipFile(io.BytesIO(wheel.read(f"BeatNet/models/model_{model}_weights.pt"))) as archive:
            for name, value in sorted(state(archive).items()):
                result[f"{model}.{name}"] = value
    return result


def state(archive: zipfile.ZipFile) -> dict[str, Tensor]:
    """The tensors of a model's state: a ZIP archive of a pickle, and of each storage as a file of its own."""
    index = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
    root = index.removesuffix("data.pkl")
    return Unpickler(archive, root).load()


class Unpickler(pickle.Unpickler):
    """A reader of pickles that calls nothing but what a dictionary of tensors needs."""

    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(io.BytesIO(archive.read(root + "data.pkl")))
        self.archive = archive
        self.root = root

    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" not in KNOWN:
            raise ValueError(f"a pickle that wants {module}.{name}")
        return KNOWN[f"{module}.{name}"]

    def persistent_load(self, pid: tuple[Any, ...]) -> "array.array[float]":
        kind, of, key, *_ = pid
        if kind != "storage" or of != "f":
            raise ValueError("not a storage of 32-bit floats")
        values = array.array("f", self.archive.read(f"{self.root}data/{key}"))
        if sys.byteorder == "big":
            values.byteswap()
        return values


class State(dict):
    """A dictionary of tensors, with attributes that are of no use here."""


def rebuilt(
    storage: "array.array[float]", offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any
) -> Tensor:
    """A tensor of a storage, whose rows follow each other."""
    size = 1
    if len(shape) != len(stride):
        raise ValueError("a tensor with other strides than dimensions")
    for length, step in zip(reversed(shape), reversed(stride)):
        if step != size:
            raise ValueError("a tensor whose rows do not follow each other")
        size *= length
    if offset + size > len(storage):
        raise ValueError("a tensor beyond the end of its storage")
    return tuple(shape), storage[offset : offset + size].tolist()


# What a pickle may name. An ordinary dictionary would not take the attribute _metadata.
KNOWN = {"collections.OrderedDict": State, "torch._utils._rebuild_tensor_v2": rebuilt, "torch.FloatStorage": "f"}
