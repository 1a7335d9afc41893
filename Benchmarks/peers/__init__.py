"""Programs that do a part of what reprise does, and no more: to compare with."""

import subprocess
from pathlib import Path


def build(name: str, directory: Path) -> str:
    """Builds a small C program over libmpg123 into a directory; returns its path."""
    program = directory / name
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "libmpg123"], check=True, capture_output=True, text=True
    )
    source = Path(__file__).resolve().parent / f"{name}.c"
    subprocess.run(["cc", "-O2", "-o", program, source, *flags.stdout.split()], check=True)
    return str(program)
