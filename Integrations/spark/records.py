"""The driver's side of the results: the Parquet columns, and the summary that one machine would have printed."""

import json
from array import array
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from checking import SUMMARY, text
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, BinaryType, DoubleType, LongType, StringType, StructField, StructType

# checking.row makes these; everything but the place and the paths may be missing.
SCHEMA = StructType(
    [
        StructField("place", LongType(), False),
        StructField("path", BinaryType(), False),
        StructField("pathText", StringType(), False),
        StructField("verdict", StringType()),
        StructField("format", StringType()),
        StructField("codec", StringType()),
        StructField("sampleRate", LongType()),
        StructField("channels", LongType()),
        StructField("seconds", DoubleType()),
        StructField("frames", LongType()),
        StructField("bytes", LongType()),
        StructField("audioBytes", LongType()),
        StructField(
            "reasons", ArrayType(StructType([StructField("code", StringType()), StructField("message", StringType())]))
        ),
        StructField(
            "damage", ArrayType(StructType([StructField("start", DoubleType()), StructField("end", DoubleType())]))
        ),
        StructField("loudness", DoubleType()),
        StructField("checked", StringType()),
        StructField("record", StringType()),
    ]
)

SAME_AUDIO = StructType([StructField("first", BinaryType(), False), StructField("path", BinaryType(), False)])

# Files that differ in one of these have not the same audio.
KEY = ["format", "codec", "sampleRate", "channels", "audioBytes", "frames"]


def alike(records: DataFrame) -> DataFrame:
    """Paths that have the key in common with another, and the key."""
    keyed = records.where("audioBytes IS NOT NULL AND frames IS NOT NULL").select(
        "path", *[F.coalesce(F.col(name), F.lit(0 if name in KEY[2:] else "")).alias(name) for name in KEY]
    )
    common = keyed.groupBy(*KEY).count().where("count > 1").drop("count")
    return keyed.join(common, KEY, "left_semi")


def counted(records: DataFrame) -> dict[str, int]:
    """The sums that do not depend on an order, and those that show that each path is there once."""

    def number(condition: str) -> Any:
        return F.count(F.when(F.expr(condition), 1))

    verdicts = [number(f"verdict = '{name}'").alias(name) for name in ("ready", "preparable", "rejected")]
    # What one machine counts as named and missing is what has no size, since it could not be opened.
    missing = number("bytes IS NULL AND exists(reasons, reason -> reason.code = 'unreadable')").alias("missing")
    row = records.agg(
        F.count("*").alias("files"),
        F.sum("place").alias("places"),
        F.coalesce(F.sum("bytes"), F.lit(0)).alias("bytes"),
        missing,
        *verdicts,
    ).first()
    return row.asDict()


def seconds_of(records: DataFrame) -> float:
    """The sum in the order of the paths: additions of doubles in another order can end in another last bit."""

    def packed(rows: Iterable[Any]) -> Iterator[bytes]:
        values = array("d")
        for row in rows:
            values.append(row[0])
            if len(values) == 1 << 16:
                yield values.tobytes()
                del values[:]
        yield values.tobytes()

    total = 0.0
    ordered = records.where("seconds IS NOT NULL").orderBy("place").select("seconds")
    for block in ordered.rdd.mapPartitions(packed).toLocalIterator():
        values = array("d", bytes(block))
        for value in values:  # Not sum(): from Python 3.12 on it adds more exactly than one machine does.
            total += value
    return total


def json_text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_number(value: float) -> str:
    """As Swift writes a double: the fewest digits that give it back, whole numbers without a point."""
    return repr(value).removesuffix(".0")


def write_summary(file: BinaryIO, sums: dict[str, int], seconds: float, groups: DataFrame | None) -> None:
    """`reprise.summary.v1`, byte for byte, a group at a time."""
    file.write(f'{{"bytes":{sums["bytes"]},"duplicates":['.encode())
    last = None
    for row in groups.orderBy("first", "path").toLocalIterator() if groups is not None else ():
        first, name = bytes(row["first"]), json_text(text(bytes(row["path"])))
        lead = "," if first == last else "[" if last is None else "],["
        file.write((lead + name).encode())
        last = first
    file.write(b"]," if last is None else b"]],")
    # What a list names is judged whatever it is, so nothing is "other".
    rest = {
        "files": sums["files"],
        "other": 0,
        "preparable": sums["preparable"],
        "ready": sums["ready"],
        "rejected": sums["rejected"],
    }
    for name, value in rest.items():
        file.write(f'"{name}":{value},'.encode())
    # Directories are not walked through here: nothing special is come upon, no directory is unreadable.
    file.write(
        f'"schema":"{SUMMARY}","seconds":{json_number(seconds)},"skimmed":0,"special":0,"unreadableFolders":0}}\n'.encode()
    )
