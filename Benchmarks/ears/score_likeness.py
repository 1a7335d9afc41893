#!/usr/bin/env python3
"""Scores what is said of the likeness of pairs of recordings, against what is known of them.

    score_likeness.py PAIRS.tsv... [--program 'reprise compare --json {reference} {candidate}'] [--save FILE]
    score_likeness.py PAIRS.tsv... --records FILE

PAIRS.tsv are those of make_damage_kit.py and make_pairs.py, or one's own with the columns reference, candidate,
relation (same, other, none) and as many of the others as are known. The command is run on one pair at a time; another
one is 'reprise verify --json {candidate} --reference {reference}'. Its record holds `likeness` as in
`reprise.verification.v1`.
--save keeps the records as JSON Lines, --records scores kept ones. --kinds and --every take a part of the pairs.

  same         of true pairs whose tune is kept: said to be the same piece
  unrelated    of other pieces: said to be the same piece
  swapped      of covers with another tune: flagged (by the melody's verdict, or as another piece)
  tune-kept    of covers with their tune: the melody flagged (a false alarm)
  missing      of missing sections: named, start and end within 5 s
  transposed   of pairs said to be the same: transposition right
  tempo        of pairs said to be the same: tempo ratio within 3 %
  returned     of references come back: said to be
  not-returned of proper covers: said to be the reference come back (a false alarm)
  none         of noise and speech: failed
  cpu, memory  CPU seconds a minute of both recordings, the mean; peak memory in MB, the largest

Exits with 1 if a bar is missed.
"""

import csv
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Oracles"))
from oracles import programs

Row = dict[str, str]
Record = dict[str, Any]


def verdict(likeness: Record, name: str) -> str:
    """The verdict of a measure; "" where it was not judged."""
    measure = likeness.get(name)
    return str(measure.get("verdict", "")) if isinstance(measure, dict) else ""


def same(likeness: Record) -> bool:
    """Whether the pair is said to be one piece."""
    return verdict(likeness, "samePiece") in ("pass", "warn")


def flagged(likeness: Record) -> bool:
    """Whether the tune is said to be lost."""
    return not same(likeness) or verdict(likeness, "melody") in ("warn", "fail")


def returned(likeness: Record) -> bool:
    """Whether the candidate is said to be the reference."""
    for name in ("returned", "inputReturned"):
        value = likeness.get(name)
        if isinstance(value, dict):
            return value.get("verdict") == "fail" or value.get("returned") is True
        if isinstance(value, bool):
            return value
    return False


def failed(likeness: Record) -> bool:
    """Whether the candidate is said to be no cover at all."""
    return not same(likeness) or verdict(likeness, "music") == "fail"


def named(row: Row, likeness: Record) -> bool:
    """Whether every missing span is named, or one that is like it."""
    spans: list[list[float]] = []
    for section in likeness.get("sections") or []:
        if section["state"] != "missing":
            continue
        if spans and section["start"] - spans[-1][1] < 0.5:
            spans[-1][1] = section["end"]
        else:
            spans.append([section["start"], section["end"]])
    return all(
        any(abs(span[0] - start) <= 5 and abs(span[1] - end) <= 5 for start, end in either(text) for span in spans)
        for text in row["missing"].split(";")
    )


def either(text: str) -> list[tuple[float, float]]:
    """The spans of "a-b|c-d"."""
    return [tuple(map(float, span.split("-"))) for span in text.split("|")]  # type: ignore[misc]


def transposed(row: Row, likeness: Record) -> bool:
    """Whether the transposition is right."""
    heard = likeness.get("transposition")
    return heard is not None and (int(heard) - int(row["transposition"])) % 12 == 0


def in_tempo(row: Row, likeness: Record) -> bool:
    """Whether the tempo ratio is right within 3 %."""
    return abs(float(likeness.get("tempoRatio") or 0) / float(row["tempo"]) - 1) <= 0.03


@dataclass(frozen=True)
class Bar:
    """What is counted: over which pairs, what counts, and the share wanted."""

    name: str
    over: Callable[[Row, Record], bool]
    counts: Callable[[Row, Record], bool]
    least: float | None = None
    most: float | None = None

    def missed(self, share: float) -> bool:
        """Whether a share is short of the bar."""
        return (self.least is not None and share < self.least) or (self.most is not None and share > self.most)


def kept(row: Row) -> bool:
    """A true pair with its tune."""
    return row["relation"] == "same" and row.get("tune", "kept") == "kept"


def known(row: Row, column: str) -> bool:
    """Whether a column tells something."""
    return row.get(column) not in (None, "", "-")


BARS = [
    Bar("same", lambda row, _: kept(row), lambda _, said: same(said), least=0.97),
    Bar("unrelated", lambda row, _: row["relation"] == "other", lambda _, said: same(said), most=0.01),
    Bar(
        "swapped",
        lambda row, _: row["relation"] == "same" and row.get("tune") == "lost",
        lambda _, said: flagged(said),
        least=0.9,
    ),
    Bar("tune-kept", lambda row, said: kept(row) and same(said), lambda _, said: flagged(said)),
    Bar("missing", lambda row, _: known(row, "missing"), named, least=0.8),
    Bar("transposed", lambda row, said: known(row, "transposition") and same(said), transposed, least=0.95),
    Bar("tempo", lambda row, said: known(row, "tempo") and same(said), in_tempo, least=0.9),
    Bar("returned", lambda row, _: row.get("returned") == "yes", lambda _, said: returned(said), least=1),
    Bar(
        "not-returned",
        lambda row, _: row["relation"] == "same" and row.get("returned") == "no",
        lambda _, said: returned(said),
    ),
    Bar("none", lambda row, _: row["relation"] == "none", lambda _, said: failed(said), least=1),
]


# MARK: Pairs and records


def pairs(tables: list[Path]) -> list[Row]:
    """The rows of tables, their paths absolute."""
    found = []
    for table in tables:
        with open(table, newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                for side in ("reference", "candidate"):
                    row[side] = str((table.parent / row[side]).resolve())
                row.setdefault("kind", table.stem)
                found.append(row)
    return found


def heard(command: str, row: Row) -> Record:
    """What a command says of a pair, with CPU seconds and peak memory in MB."""
    words = [word.format(**row) for word in shlex.split(command)]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        lines = output.read().splitlines()
    # 1 is the exit code of a failed verdict.
    if process.returncode not in (0, 1) or not lines:
        print(f"exit code {process.returncode}: {shlex.join(words)}", file=sys.stderr)
    record = json.loads(lines[-1]) if lines else {}
    return record | {
        "exit": process.returncode,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20),
        "reference": row["reference"],
        "candidate": row["candidate"],
    }


def likeness(record: Record) -> Record:
    """The likeness in a record of verify or compare; empty where there is none."""
    for place in (record, record.get("verification") or {}, *(record.get("takes") or [])[:1]):
        if isinstance(place.get("likeness"), dict):
            return place["likeness"]
    return record if "samePiece" in record else {}


def seconds(path: str) -> float:
    """The duration of a recording."""
    return float(programs.must("soxi", "-D", path)) if not path.endswith((".opus", ".mid")) else 0


# MARK: Output


def summed(rows: list[Row], records: list[Record]) -> dict[str, dict[str, Any]]:
    """Every bar's share, and the pairs that fall short of it."""
    said = [likeness(record) for record in records]
    found: dict[str, dict[str, Any]] = {}
    for bar in BARS:
        counted = [(row, bar.counts(row, one)) for row, one in zip(rows, said, strict=True) if bar.over(row, one)]
        if not counted:
            continue
        share = sum(hit for _, hit in counted) / len(counted)
        wrong = [row for row, hit in counted if hit == (bar.least is None)]
        found[bar.name] = {
            "share": share,
            "of": len(counted),
            "least": bar.least,
            "most": bar.most,
            "missed": bar.missed(share),
            "wrong": [f"{row['kind']}: {Path(row['reference']).name} {Path(row['candidate']).name}" for row in wrong],
        }
    return found


def by_kind(rows: list[Row], records: list[Record]) -> None:
    """A table of kinds: how many are said to be one piece, flagged, returned; the means of values."""
    kinds: dict[str, list[Record]] = {}
    for row, record in zip(rows, records, strict=True):
        kinds.setdefault(row["kind"], []).append(likeness(record))

    def mean(said: list[Record], *path: str) -> str:
        values = [float(value) for one in said if (value := dig(one, *path)) is not None]
        return f"{sum(values) / len(values):6.2f}" if values else "      "

    print(f"{'kind':14} pairs  same  tune?  back  value chance   kept")
    for kind, said in sorted(kinds.items()):
        counts = [sum(test(one) for one in said) for test in (same, flagged, returned)]
        print(
            f"{kind:14} {len(said):5} {counts[0]:5} {counts[1]:6} {counts[2]:5} {mean(said, 'samePiece', 'value')} "
            f"{mean(said, 'samePiece', 'chance')} {mean(said, 'melody', 'kept')}"
        )
    print()


def dig(record: Record, *path: str) -> Any:
    """A value within a record."""
    for name in path:
        if not isinstance(record, dict) or name not in record:
            return None
        record = record[name]
    return record


def arguments() -> Any:
    """The parsed command line."""
    parser = programs.parser(__doc__)
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("--program", default="reprise compare --json {reference} {candidate}")
    parser.add_argument("--records", type=Path)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--kinds", nargs="+")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="name the pairs that fall short")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    rows = [row for row in pairs(given.tables) if not given.kinds or row["kind"] in given.kinds][:: given.every]
    if given.records:
        kept_ones = {(one["reference"], one["candidate"]): one for one in programs.records(given.records.read_bytes())}
        rows = [row for row in rows if (row["reference"], row["candidate"]) in kept_ones]
        records = [kept_ones[row["reference"], row["candidate"]] for row in rows]
    else:
        records = [heard(given.program, row) for row in rows]
    if not rows:
        programs.fail("no pairs")
    if given.save:
        given.save.write_text("".join(json.dumps(record) + "\n" for record in records))
    bars = summed(rows, records)
    if given.json:
        print(json.dumps(bars, indent=1))
    else:
        by_kind(rows, records)
        for name, bar in bars.items():
            wanted = f"≥ {bar['least']:.0%}" if bar["least"] else f"≤ {bar['most']:.0%}" if bar["most"] else ""
            print(f"{name:14} {bar['share']:7.1%} of {bar['of']:4}  {wanted:6} {'SHORT' if bar['missed'] else ''}")
            for wrong in bar["wrong"] if given.verbose else []:
                print(f"    {wrong}")
        minutes = sum(seconds(row[side]) for row in rows for side in ("reference", "candidate")) / 60
        if minutes:
            print(f"{'cpu':14} {sum(record['cpu'] for record in records) / minutes:7.2f} s a minute of recording")
        print(f"{'memory':14} {max(record['memory'] for record in records):7.0f} MB")
    sys.exit(any(bar["missed"] for bar in bars.values()))


if __name__ == "__main__":
    main()
