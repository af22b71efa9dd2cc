"""The figures that a chart shows, as text inside the picture: a test can hold it to its table."""

import zlib
from collections.abc import Iterator

FIGURES = "Description"
"""Keyword of the text that has them, in Markdown."""


def texts(picture: bytes) -> Iterator[tuple[str, str]]:
    """Keyword and text of each text chunk of a PNG. Raises `ValueError` for a broken chunk."""
    place = 8  # behind the signature
    while place < len(picture):
        size = int.from_bytes(picture[place : place + 4])
        kind, content = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + size]
        check = int.from_bytes(picture[place + 8 + size : place + 12 + size])
        if zlib.crc32(kind + content) != check:
            message = f"the checksum of {kind!r} is wrong"
            raise ValueError(message)
        if kind == b"tEXt":
            keyword, _, text = content.partition(b"\0")
            yield keyword.decode("latin-1"), text.decode("latin-1")
        place += 12 + size
