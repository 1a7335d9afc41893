"""Fixtures of formats that are told apart but not taken, and files that are no audio."""

from __future__ import annotations

import random

from .directories import Directories

ENCODED = {
    "vorbis.ogg": ("-c:a", "libvorbis", "-q:a", "0", "-ar", "8000"),
    "opus.ogg": ("-c:a", "libopus", "-b:a", "8k", "-ar", "8000"),
    "aac.m4a": ("-c:a", "aac", "-b:a", "16k", "-ar", "8000"),
    "adts.aac": ("-c:a", "aac", "-b:a", "16k", "-ar", "8000"),
    "layer-2.mp3": ("-c:a", "mp2", "-b:a", "32k", "-ar", "22050", "-f", "mp2"),
    "wma.wma": ("-c:a", "wmav2", "-b:a", "24k", "-ar", "8000"),
    "opus.webm": ("-c:a", "libopus", "-b:a", "8k", "-ar", "8000"),
}


def make(directories: Directories) -> None:
    for name, options in ENCODED.items():
        source = ("-y", "-i", directories.out / "plain.wav")
        directories.write(name, directories.made(name, "ffmpeg", *source, *options, "-bitexact", "-map_metadata", "-1"))
    directories.write("text.mp3", b"Dear listener,\nthis is a letter, not a song.\n" * 20)
    directories.write("page.flac", b"<!DOCTYPE html>\n<html><body>404: no such song</body></html>\n")
    directories.write("zip.wav", b"PK\3\4" + bytes(60))
    directories.write("empty.wav", b"")
    noise = random.Random(11)
    directories.write("noise.mp3", bytes(noise.randrange(256) for _ in range(20000)))
