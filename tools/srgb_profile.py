"""Made campaign/cards/srgb.icc: the smallest version 2 profile that says "these numbers are sRGB".

    .venv/bin/python tools/srgb_profile.py

PDF/A-1 wants the colour space of a file's RGB colours embedded; the numbers are those of IEC 61966-2-1, with
the D50 primaries and the curve sampled at 1,024 places.
"""

from __future__ import annotations

import struct
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "campaign/cards/srgb.icc"
WHITE = (0.9642, 1.0, 0.8249)
PRIMARIES = {
    b"rXYZ": (0.4360, 0.2225, 0.0139),
    b"gXYZ": (0.3851, 0.7169, 0.0971),
    b"bXYZ": (0.1431, 0.0606, 0.7141),
}
SAMPLES = 1024


def main() -> None:
    """Write the profile."""
    tags = {b"desc": _description(b"sRGB"), b"cprt": b"text\0\0\0\0CC0\0", b"wtpt": _xyz(WHITE)}
    tags |= {name: _xyz(value) for name, value in PRIMARIES.items()}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve())
    TARGET.write_bytes(_profile(tags))


def _profile(tags: dict[bytes, bytes]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    table, body, places = struct.pack(">I", len(tags)), b"", {}
    for name, data in tags.items():
        padded = data + bytes(-len(data) % 4)
        if padded not in places:
            places[padded] = at + len(body)
            body += padded
        table += struct.pack(">4sII", name, places[padded], len(data))
    head = struct.pack(
        ">I4sI4s4s4s6H4s4sIIIQI3I",
        *(at + len(body), b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ", 2026, 1, 1, 0, 0, 0),
        *(b"acsp", b"\0\0\0\0", 0, 0, 0, 0, 0),
        *(round(v * 65536) for v in WHITE),
    )
    return head.ljust(128, b"\0") + table + body


def _description(text: bytes) -> bytes:
    return b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(8 + 3 + 67)


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in value))


def _curve() -> bytes:
    values = [round(_linear(i / (SAMPLES - 1)) * 65535) for i in range(SAMPLES)]
    return b"curv\0\0\0\0" + struct.pack(f">I{SAMPLES}H", SAMPLES, *values)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


if __name__ == "__main__":
    main()
