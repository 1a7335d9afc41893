"""CREMA: chords (McFee and Bello, ISMIR 2017), a Keras model saved as HDF5."""

import io
import struct
import zipfile

SOURCE = {
    "package": "crema",
    "version": "0.2.0",
    "bytes": 5893392,
    "sha256": "b2787afd0367463438ca2b9b2944c490308eee1f307e5796078ec540a6281484",
    # The wheel's metadata says ISC, its licence file BSD 2-Clause.
    "licence": "crema-0.2.0.dist-info/LICENSE.md",
    "credit": "CREMA (chords): Brian McFee and Juan Pablo Bello, https://github.com/bmcfee/crema, BSD 2-Clause or ISC",
}


def tensors(wheel: zipfile.ZipFile) -> dict[str, tuple[tuple[int, ...], list[float]]]:
    """The weights by name: conv2d_1.kernel, gru_1.forward.recurrent_kernel, dense_4.bias, …"""
    found = HDF5(wheel.read("crema/models/chord/model.h5")).datasets("model_weights")
    return {rename(path): value for path, value in sorted(found.items())}


def rename(path: str) -> str:
    """/bidirectional_1/bidirectional_1/forward_gru_1/kernel:0 → gru_1.forward.kernel."""
    *_, layer, name = path.split("/")
    for direction in ("forward", "backward"):
        layer = layer.replace(f"{direction}_", "") + (f".{direction}" if layer.startswith(direction) else "")
    return f"{layer}.{name.removesuffix(':0')}"


class HDF5:
    """A reader of what Keras writes of HDF5: groups as symbol tables, contiguous datasets of 32-bit floats.

    "HDF5 File Format Specification", version 2: superblock version 0, object headers version 1, B-trees version 1.
    Anything else is refused.
    """

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data).getbuffer()
        if data[:8] != b"\x89HDF\r\n\x1a\n" or data[8] != 0 or data[13] != 8 or data[14] != 8:
            raise ValueError("not an HDF5 file of superblock version 0 with 8-byte offsets")
        # The root group's symbol table entry follows the superblock's 56 bytes.
        self.root = self.number(56 + 8, 8)

    def number(self, at: int, size: int) -> int:
        if at + size > len(self.data):
            raise ValueError("the HDF5 file ends too early")
        return int.from_bytes(self.data[at : at + size], "little")

    def messages(self, header: int) -> dict[int, int]:
        """Where the messages of an object header are, by type."""
        if self.number(header, 1) != 1:
            raise ValueError("not an object header of version 1")
        left = self.number(header + 2, 2)
        blocks = [(header + 16, self.number(header + 8, 4))]
        found = {}
        while blocks and left > 0:
            at, size = blocks.pop(0)
            end = at + size
            while at + 8 <= end and left > 0:
                kind, length = self.number(at, 2), self.number(at + 2, 2)
                if kind == 0x10:  # continuation
                    blocks.append((self.number(at + 8, 8), self.number(at + 16, 8)))
                found.setdefault(kind, at + 8)
                at += 8 + length
                left -= 1
        return found

    def datasets(self, group: str) -> dict[str, tuple[tuple[int, ...], list[float]]]:
        """The datasets below a group of the root by path."""
        result = {}
        members = dict(self.children(self.messages(self.root)[0x11]))
        open_groups = [(f"/{group}", members[group])]
        while open_groups:
            path, header = open_groups.pop()
            messages = self.messages(header)
            if 0x11 in messages:  # symbol table: a group
                for name, child in self.children(messages[0x11]):
                    open_groups.append((f"{path}/{name}", child))
            elif 0x08 in messages:
                result[path] = self.dataset(messages)
        return result

    def children(self, symbol_table: int) -> list[tuple[str, int]]:
        """Names and object headers of a group's members."""
        heap = self.number(symbol_table + 8, 8)
        names = self.number(heap + 24, 8)
        result = []
        nodes = [self.number(symbol_table, 8)]
        while nodes:
            node = nodes.pop()
            signature = bytes(self.data[node : node + 4])
            if signature == b"TREE":
                # Signature, type, level, entries used, two siblings; then keys and children in turn.
                nodes += [self.number(node + 32 + 16 * index, 8) for index in range(self.number(node + 6, 2))]
            elif signature == b"SNOD":
                for index in range(self.number(node + 6, 2)):
                    entry = node + 8 + 40 * index
                    start = names + self.number(entry, 8)
                    length = bytes(self.data[start : start + 256]).index(0)
                    result.append((bytes(self.data[start : start + length]).decode(), self.number(entry + 8, 8)))
            else:
                raise ValueError("neither a B-tree nor a symbol table node")
        return result

    def dataset(self, messages: dict[int, int]) -> tuple[tuple[int, ...], list[float]]:
        space, kind, layout = messages[0x01], messages[0x03], messages[0x08]
        if self.number(space, 1) != 1:
            raise ValueError("not a dataspace of version 1")
        shape = tuple(self.number(space + 8 + 8 * index, 8) for index in range(self.number(space + 1, 1)))
        # Class 1 is floating point; bit 0 of the next byte is set where the most significant byte is first.
        if self.number(kind, 1) & 15 != 1 or self.number(kind + 1, 1) & 1 or self.number(kind + 4, 4) != 4:
            raise ValueError("not a dataset of little-endian 32-bit floats")
        if self.number(layout, 1) != 3 or self.number(layout + 1, 1) != 1:
            raise ValueError("not a dataset of contiguous layout, version 3")
        start, size = self.number(layout + 2, 8), self.number(layout + 10, 8)
        values = list(struct.unpack(f"<{size // 4}f", self.data[start : start + size]))
        return shape, values
