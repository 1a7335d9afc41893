#!/usr/bin/env python3
"""Holds what 'reprise analyze' exports against the programs that are to read it.

    Tests/Oracles/check_exports.py DIRECTORY              checks NAME.mid, NAME.abc … beside NAME.json in it
    Tests/Oracles/check_exports.py REPRISE FILE…          exports recordings first, with the program REPRISE

NAME.json is the analysis (reprise.analysis.v1). The tests of RepriseAnalysis write analyses with pickups, drift,
pauses, key changes and odd titles, and their exports, into the directory that REPRISE_EXPORTS names.

MIDI is read by mido and pretty_midi, MusicXML by the 4.0 schema, music21 and verovio, ABC by abc2midi and by the rules
of the dialect of YuE2 and SheetSage2, ChordPro by chordsketch, labels by mir_eval, SVG by xmllint and rsvg-convert,
PNG by pngcheck and Pillow.
    pip install verovio mido pretty_midi music21 xmlschema musicxml mir_eval pillow chordsketch
    apt install abcmidi libxml2-utils librsvg2-bin pngcheck
"""

import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

QUALITIES = {
    "maj": (0, 4, 7), "min": (0, 3, 7), "aug": (0, 4, 8), "dim": (0, 3, 6), "maj6": (0, 4, 7, 9), "min6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "min7": (0, 3, 7, 10), "minmaj7": (0, 3, 7, 11), "dim7": (0, 3, 6, 9),
    "hdim7": (0, 3, 6, 10), "sus2": (0, 2, 7), "sus4": (0, 5, 7),
}  # fmt: skip
STEPS = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
ABC_CHORD = re.compile(r"[A-G](b|#)?(m|dim|aug|7|maj7|m7|dim7|m7b5|sus4|sus2|6|m6|m\(maj7\))?(/[A-G](b|#)?)?")
MEI_SIGNS = {"ff": -2, "f": -1, "n": 0, "s": 1, "x": 2, "ss": 2}
ABC_VOICES = [
    'V: Vocal clef=treble name="Vocal Melody" snm="Vocal"',
    'V: Ins clef=treble name="Ins Melody" snm="Inst."',
]

Analysis = dict[str, Any]


def run(*command: Any) -> tuple[int, str]:
    """The exit code of a program and what it said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def pitch_class(name: str) -> int:
    """The pitch class of a name such as Bb."""
    return (STEPS[name[0]] + name.count("#") - name.count("b")) % 12


def key_signs(signature: str) -> dict[str, int]:
    """The sign of each letter by an MEI key signature such as 3s."""
    count = int(signature.rstrip("sf") or 0)
    letters = "fcgdaeb" if signature.endswith("s") else "beadgcf"
    return dict.fromkeys(letters[:count], 1 if signature.endswith("s") else -1)


def chord_notes(label: str) -> tuple[int, ...] | None:
    """The pitch classes of a chord in Harte's syntax, the bass first; None for N."""
    if label == "N":
        return None
    root, rest = label.split(":")
    quality, _, degree = rest.partition("/")
    base = pitch_class(root)
    steps = (0, 2, 4, 5, 7, 9, 11)
    interval = steps[int(degree.lstrip("b#")) - 1] - degree.count("b") + degree.count("#") if degree else 0
    return ((base + interval) % 12, *((base + note) % 12 for note in QUALITIES[quality]))


def is_subsequence(part: list, whole: list) -> bool:
    """Whether all of a list occurs in another in the same order."""
    rest = iter(whole)
    return all(any(one == other for other in rest) for one in part)


def check_midi(path: pathlib.Path, analysis: Analysis) -> Iterator[str]:
    """The melody, the beats, the chords and the sections at their times."""
    import mido
    import pretty_midi

    file = mido.MidiFile(path)
    if file.type != 1 or len(file.tracks) != 3:
        yield f"type {file.type}, {len(file.tracks)} tracks"
    data = pretty_midi.PrettyMIDI(str(path))
    voices = {one.name: one for one in data.instruments}
    heard = sorted((note.start, note.end, note.pitch) for note in voices["Melody"].notes) if "Melody" in voices else []
    wanted = sorted(tuple(note) for note in analysis["melody"])
    if [note[2] for note in heard] != [note[2] for note in wanted]:
        yield f"{len(heard)} notes, not the {len(wanted)} of the melody"
    for one, other in zip(heard, wanted, strict=False):
        if max(abs(one[0] - other[0]), abs(one[1] - other[1])) > 0.005:
            yield f"note at {one[:2]} instead of {other[:2]}"
    beat = file.ticks_per_beat * 4 // (8 if analysis["meter"] == 6 else 4)
    # The recording may begin within a beat.
    phase = data.time_to_tick(analysis["beats"][0]) if analysis["beats"] else 0
    for time in analysis["beats"]:
        tick = data.time_to_tick(time) - phase
        if min(tick % beat, -tick % beat) > 2:
            yield f"the beat at {time} is {tick} ticks after the first"
    tempi = sorted(message.tempo for message in file.tracks[0] if message.type == "set_tempo")
    if 2 * tempi[0] < tempi[len(tempi) // 2]:
        yield f"{tempi[0]} µs a quarter, with {tempi[len(tempi) // 2]} in the median"
    sections = [message.text for message in file.tracks[0] if message.type == "marker"]
    if [text[0] for text in sections] != [section[2] for section in analysis["sections"]]:
        yield f"sections {sections}"
    if len([message for message in file.tracks[1] if message.type == "text"]) != len(analysis["chords"]):
        yield "not every chord has its symbol"


def check_musicxml(path: pathlib.Path, analysis: Analysis) -> Iterator[str]:
    """Validity, full measures, the melody's pitches and the chords in order."""
    import music21
    import musicxml
    import xmlschema

    place = pathlib.Path(musicxml.__file__).parent / "generate_classes" / "musicxml_4_0.xsd"
    schema = check_musicxml.__dict__.setdefault("schema", xmlschema.XMLSchema(place))
    for error in schema.iter_errors(path):
        yield f"{error.reason} at {error.path}"
    part = music21.converter.parse(path).parts[0]
    measures = list(part.getElementsByClass("Measure"))
    for place, measure in enumerate(measures):
        is_pickup = place == 0 and measure.number == 0
        if measure.duration.quarterLength != measure.barDuration.quarterLength and not is_pickup:
            yield f"measure {measure.number} lasts {measure.duration.quarterLength}"
    symbols = [one for one in part.flatten().notes if isinstance(one, music21.harmony.ChordSymbol)]
    # Not stripTies, which takes a note with a natural sign and one without for two notes.
    notes = [one for one in part.flatten().notes if isinstance(one, music21.note.Note)]
    notes = [one for one in notes if one.tie is None or one.tie.type == "start"]
    yield from check_signs(path)
    yield from check_pitches([one.pitch.midi for one in notes], analysis)
    labels = [chord_notes(chord[2]) for chord in analysis["chords"]] or [None]
    for one in symbols:
        if isinstance(one, music21.harmony.NoChord):
            continue
        found = {pitch.pitchClass for pitch in one.pitches}
        if not any(label and set(label) == found for label in labels):
            yield f"{one.figure} has notes {found}"
    bass = [None if isinstance(one, music21.harmony.NoChord) else one.bass().pitchClass for one in symbols]
    if not is_subsequence(bass, [label and label[0] for label in labels]):
        yield "the bass notes are not those of the chords"


def check_signs(path: pathlib.Path) -> Iterator[str]:
    """That the notes as verovio draws them, by the key and the signs in the bar, are the melody's."""
    import verovio

    toolkit = verovio.toolkit()
    toolkit.loadFile(str(path))
    space = {"m": "http://www.music-encoding.org/ns/mei"}
    name = "{http://www.w3.org/XML/1998/namespace}id"
    root = ElementTree.fromstring(toolkit.getMEI())
    ends = {tie.get("endid", "").lstrip("#") for tie in root.iterfind(".//m:tie", space)}
    (key, signs, number) = ({}, {}, "")
    for element in root.iter():
        match element.tag.rpartition("}")[2]:
            case "keySig":
                key = key_signs(element.get("sig", "0"))
            case "measure":
                (signs, number) = ({}, element.get("n"))
            case "note":
                # The sign may be an attribute of the note or an element in it.
                parts = [element, *element.iterfind("m:accid", space)]
                drawn = next((part.get("accid") for part in parts if part.get("accid")), None)
                sounds = next((part.get("accid.ges") for part in parts if part.get("accid.ges")), drawn or "n")
                place = element.get("pname", "") + element.get("oct", "")
                if drawn:
                    signs[place] = MEI_SIGNS[drawn]
                elif element.get(name) in ends:
                    continue
                if signs.get(place, key.get(place[0], 0)) != MEI_SIGNS[sounds]:
                    yield f"{place} sounds {sounds} in measure {number} and is not drawn so"


def check_pitches(pitches: list[int], analysis: Analysis) -> Iterator[str]:
    """The melody, but for the notes that have no place on the grid."""
    wanted = [note[2] for note in analysis["melody"]]
    if not is_subsequence(pitches, wanted):
        yield "the notes are not the melody's"
    if len(pitches) < 0.7 * len(wanted):
        yield f"only {len(pitches)} of {len(wanted)} notes"


def abc_groups(lines: list[str]) -> Iterator[tuple[str, list[str], str]]:
    """The voice, the fields and the music of each line of an ABC file's body."""
    place = 0
    while place < len(lines):
        if lines[place].startswith("% "):
            place += 1
            continue
        voice = lines[place].removeprefix("V: ")
        place += 1
        fields = []
        while lines[place][:2] in ("M:", "K:"):
            fields.append(lines[place])
            place += 1
        yield voice, fields, lines[place]
        place += 1


class AbcVoice:
    """What has been read of a voice."""

    def __init__(self, meter: str) -> None:
        """A voice at its beginning."""
        self.length = Fraction(meter)
        self.bars = 0
        self.chords: list[str] = []

    def read(self, bar: str) -> Iterator[str]:
        """Reads a bar; yields what is wrong in it."""
        rest = re.fullmatch("Z([2-4]?)", bar)
        self.bars += int(rest[1] or 1) if rest else 1
        if rest:
            return
        total = Fraction()
        token = r"\"([^\"]*)\"|(?:\^|_|=)?(z|[A-Ga-g](?:,*|'*))(\d+)(-?)"
        if re.sub(token, "", bar):
            yield f"{re.sub(token, '', bar)!r} in {bar}"
        for chord, _, length, _ in re.findall(token, bar):
            if chord:
                self.chords.append(chord)
                if not ABC_CHORD.fullmatch(chord):
                    yield f"chord {chord}"
            elif int(length) not in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48):
                yield f"length {length}"
            else:
                total += Fraction(int(length), 32)
        if total != self.length:
            yield f"{bar} lasts {total}, not {self.length}"


def check_abc(path: pathlib.Path, analysis: Analysis) -> Iterator[str]:
    """The dialect's rules, and the melody as abc2midi plays it."""
    import mido

    lines = path.read_text(encoding="ascii").splitlines()
    head = [r"X:1", r"T:", r"M:\d+/[48]", r"L:1/32", r"Q:1/4=\d+", *map(re.escape, ABC_VOICES), r"K:[A-G][b#]?m?"]
    for line, pattern in zip(lines, head, strict=False):
        if not re.fullmatch(pattern, line):
            yield f"header: {line}"
    voices = {name: AbcVoice(lines[2][2:]) for name in ("Vocal", "Ins")}
    groups = list(abc_groups(lines[8:]))
    for place, (name, fields, music) in enumerate(groups):
        voice = voices[name]
        if name != ("Vocal", "Ins")[place % 2] or fields != groups[place - place % 2][1]:
            yield f"group {place // 2}: {name} {fields}"
        for field in fields:
            if field.startswith("M:"):
                voice.length = Fraction(field[2:])
        before = voice.bars
        for bar in music.removesuffix("|").split("|"):
            yield from voice.read(bar)
        if not music.endswith("|") or not 1 <= voice.bars - before <= 4:
            yield f"group {place // 2}: {music}"
    if voices["Vocal"].bars != voices["Ins"].bars or voices["Ins"].chords:
        yield "the voices differ"
    with tempfile.TemporaryDirectory() as directory:
        target = pathlib.Path(directory) / "abc.mid"
        # Without the accompaniment that it makes of chord symbols.
        silent = pathlib.Path(directory) / "abc.abc"
        silent.write_text(re.sub(r"(?m)^(?!V:)(.*)$", lambda line: re.sub(r'"[^"]*"', "", line[0]), "\n".join(lines)))
        _, said = run("abc2midi", silent, "-o", target)
        for line in said.splitlines():
            if line.startswith(("Error", "Warning")):
                yield line
        tracks = mido.MidiFile(target).tracks
        pitches = [event.note for track in tracks for event in track if event.type == "note_on" and event.velocity]
    yield from check_pitches(pitches, analysis)


def check_chordpro(path: pathlib.Path, analysis: Analysis) -> Iterator[str]:
    """That it is read, and that its chords are those of the analysis."""
    import chordsketch

    text = path.read_text(encoding="utf-8")
    yield from map(str, chordsketch.validate(text))
    if not chordsketch.parse_and_render_text(text, None, None).strip():
        yield "renders as nothing"
    cells = [cell for line in text.splitlines() if line.startswith("|") for cell in line.split() if cell not in "|."]
    roots = [None if cell == "N.C." else pitch_class(re.match("[A-G][b#]*", cell)[0]) for cell in cells]
    wanted = [None if label[2] == "N" else pitch_class(label[2].split(":")[0]) for label in analysis["chords"]]
    if not set(roots) <= {*wanted, None}:
        yield f"roots {set(roots) - set(wanted)}"


def check_labels(path: pathlib.Path, analysis: Analysis) -> Iterator[str]:
    """That mir_eval reads the times and labels of the analysis."""
    import mir_eval

    kind = path.name.split(".")[-2]
    with warnings.catch_warnings():
        # Beats have no duration.
        warnings.simplefilter("ignore")
        spans, labels = mir_eval.io.load_labeled_intervals(str(path), delimiter="\t")
    if kind == "beats":
        wanted = [(beat, beat) for beat in analysis["beats"]]
        first = [span[0] for span, label in zip(spans, labels, strict=True) if label == "1"]
        if analysis["downbeats"] and [round(time, 4) for time in first] != analysis["downbeats"]:
            yield "the downbeats are not the beats labelled 1"
    else:
        wanted = [(row[0], row[1]) for row in analysis[kind]]
    times = [tuple(round(float(time), 4) for time in span) for span in spans]
    if kind == "beats" and analysis["meter"] == 6 and len(times) > len(wanted):
        # Dotted quarters are labelled by eighths.
        times = times[::3]
    if times != [tuple(round(time, 4) for time in span) for span in wanted]:
        yield "the times differ"
    if kind == "chords":
        if list(labels) != [row[2] for row in analysis["chords"]]:
            yield "the labels differ"
        for label in labels:
            mir_eval.chord.validate_chord_label(label)
    if kind == "keys":
        for label in labels:
            mir_eval.key.validate_key(label)


def check_svg(path: pathlib.Path, _: Analysis) -> Iterator[str]:
    """That it is XML and can be drawn."""
    status, said = run("xmllint", "--noout", path)
    if status or said:
        yield said.strip()
    drawn = subprocess.run(["rsvg-convert", path], capture_output=True, check=False)
    if drawn.returncode or drawn.stderr or not drawn.stdout.startswith(b"\x89PNG"):
        yield drawn.stderr.decode().strip()


def check_png(path: pathlib.Path, _: Analysis) -> Iterator[str]:
    """That it is read, and shows the same as the SVG, lettering aside."""
    from PIL import Image, ImageChops, ImageStat

    status, said = run("pngcheck", "-q", path)
    if status or said:
        yield said
    image = Image.open(path)
    image.load()
    drawn = subprocess.run(
        ["rsvg-convert", "-z", "2", path.with_suffix(".svg")], capture_output=True, check=True
    ).stdout
    other = Image.open(io.BytesIO(drawn))
    if image.size != other.size:
        yield f"{image.size} pixels, the SVG has {other.size}"
    else:
        difference = ImageStat.Stat(ImageChops.difference(image.convert("L"), other.convert("L"))).mean[0]
        if difference > 8:
            yield f"differs from the SVG by {difference:.1f} of 255 a pixel"


CHECKS = {
    ".mid": check_midi, ".musicxml": check_musicxml, ".abc": check_abc, ".cho": check_chordpro, ".lab": check_labels,
    ".svg": check_svg, ".png": check_png,
}  # fmt: skip


def check(directory: pathlib.Path) -> int:
    """Checks the exports in a directory; returns the exit code."""
    (files, faults) = (0, 0)
    for record in sorted(directory.glob("*.json")):
        analysis = json.loads(record.read_text(encoding="utf-8"))
        for path in sorted(directory.glob("*")):
            stem = path.name.removesuffix(path.suffix)
            if path.suffix not in CHECKS or record.stem not in (stem, stem.rpartition(".")[0]):
                continue
            files += 1
            for fault in list(CHECKS[path.suffix](path, analysis))[:5]:
                faults += 1
                print(f"{path.name}: {fault}")
    print(f"{files} files, {faults} faults", file=sys.stderr)
    return 1 if faults or not files else 0


def main() -> int:
    """Does what the arguments ask for; returns the exit code."""
    match sys.argv[1:]:
        case [directory] if pathlib.Path(directory).is_dir():
            return check(pathlib.Path(directory))
        case [program, *recordings] if recordings:
            with tempfile.TemporaryDirectory() as directory:
                for recording in recordings:
                    done = subprocess.run(
                        [program, "analyze", "--json", "--export", directory, recording],
                        capture_output=True, text=True, check=True,
                    )  # fmt: skip
                    target = pathlib.Path(directory) / (pathlib.Path(recording).stem + ".json")
                    target.write_text(done.stdout, encoding="utf-8")
                return check(pathlib.Path(directory))
        case _:
            print(__doc__, file=sys.stderr)
            return 64


if __name__ == "__main__":
    sys.exit(main())
