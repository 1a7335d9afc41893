"""Where fixtures go, and where they are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oracles.programs import must


@dataclass(frozen=True)
class Directories:
    """The directory of the finished fixtures, and one for what they are made of."""

    out: Path
    scratch: Path

    def write(self, name: str, data: bytes) -> None:
        """Writes a fixture."""
        (self.out / name).write_bytes(data)

    def keep(self, name: str, data: bytes) -> Path:
        """Writes a file that a program is to read; returns its path."""
        path = self.scratch / name
        path.write_bytes(data)
        return path

    def made(self, name: str, *command: object) -> bytes:
        """The bytes of a file that a program makes whose last argument is the file's path."""
        path = self.scratch / name
        must(*command, path)
        return path.read_bytes()
