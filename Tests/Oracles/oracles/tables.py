"""Markdown tables, printed a row at a time."""

from __future__ import annotations


def header(*columns: str) -> None:
    """Prints the names of the columns."""
    row(*columns)
    row(*["---"] * len(columns))


def row(*cells: object) -> None:
    """Prints one row."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
