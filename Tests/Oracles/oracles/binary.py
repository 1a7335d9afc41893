"""Integers and checksums as audio formats store them."""

from __future__ import annotations


def le(value: int, width: int) -> bytes:
    """The lowest `width` bytes of an integer, the least significant first."""
    return (value & (1 << 8 * width) - 1).to_bytes(width, "little")


def be(value: int, width: int) -> bytes:
    """The lowest `width` bytes of an integer, the most significant first."""
    return (value & (1 << 8 * width) - 1).to_bytes(width, "big")


def synchsafe(value: int) -> bytes:
    """28 bits, seven a byte, as ID3v2 stores sizes."""
    return bytes(value >> shift & 0x7F for shift in (21, 14, 7, 0))


def crc8(data: bytes) -> int:
    """FLAC's checksum of a frame header: polynomial 0x07, RFC 9639 9.1.8."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 7) & 0xFF if value & 0x80 else value << 1
    return value


def crc16_table() -> list[int]:
    table = []
    for index in range(256):
        value = index << 8
        for _ in range(8):
            value = (value << 1 ^ 0x8005) & 0xFFFF if value & 0x8000 else value << 1
        table.append(value)
    return table


CRC16 = crc16_table()


def crc16(data: bytes) -> int:
    """FLAC's checksum of a frame: polynomial 0x8005, RFC 9639 9.3."""
    value = 0
    for byte in data:
        value = (value << 8 & 0xFFFF) ^ CRC16[value >> 8 ^ byte]
    return value
