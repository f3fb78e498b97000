"""A short silent film of a drawing, made without any outside tool or host.

A lossy WebP picture is one VP8 key frame (RFC 9649); WebM is a container for such frames.
"""

import io
import struct

WIDTH, HEIGHT, MONTHS, MS_PER_FRAME = 640, 360, 36, 500
PAPER, INK, RED = "#f7f6f1", "#1d2327", "#8c2318"


def _frame(months: int) -> bytes:
    """One deal to the left, `months` monthly fees to the right; as a VP8 key frame."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.line((30, 300, 170, 300), fill=INK, width=4)
    draw.rectangle((70, 90, 120, 300), outline=INK, width=4)
    draw.line((200, 300, 620, 300), fill=INK, width=4)
    for month in range(months):
        left = 206 + month * 11.5
        top = 250 - (month // 12) * 25
        colour = RED if month == months - 1 else INK
        draw.rectangle((left, top, left + 6, 298), fill=colour)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=60, method=0)
    data = out.getvalue()
    (size,) = struct.unpack("<I", data[16:20])
    return data[20 : 20 + size]


def _element(code: str, payload: bytes) -> bytes:
    """An EBML element with an eight-byte length (RFC 8794)."""
    return bytes.fromhex(code) + struct.pack(">Q", len(payload) | 1 << 56) + payload


def _number(code: str, value: int) -> bytes:
    return _element(code, value.to_bytes(4, "big"))


def film() -> bytes:
    """The film as WebM: 37 frames, 18 seconds."""
    frames = [_frame(months) for months in range(MONTHS + 1)]
    header = _element(
        "1A45DFA3",
        _number("4286", 1)
        + _number("42F7", 1)
        + _number("42F2", 4)
        + _number("42F3", 8)
        + _element("4282", b"webm")
        + _number("4287", 2)
        + _number("4285", 2),
    )
    info = _element(
        "1549A966",
        _number("2AD7B1", 1_000_000)
        + _element("4489", struct.pack(">d", len(frames) * MS_PER_FRAME))
        + _element("4D80", b"demo")
        + _element("5741", b"demo"),
    )
    picture = _element("E0", _number("B0", WIDTH) + _number("BA", HEIGHT))
    track = _number("D7", 1) + _number("73C5", 1) + _number("83", 1) + _element("86", b"V_VP8")
    tracks = _element("1654AE6B", _element("AE", track + picture))
    blocks = b"".join(
        _element("A3", b"\x81" + struct.pack(">hB", number * MS_PER_FRAME, 0x80) + frame)
        for number, frame in enumerate(frames)
    )
    cluster = _element("1F43B675", _number("E7", 0) + blocks)
    return header + _element("18538067", info + tracks + cluster)
