"""Which encoding a file is in: UTF-8, UTF-16 with a byte order mark, or Shift_JIS."""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path

from agents.convert.problems import ConversionError

_CHUNK_BYTES = 1 << 20
_ENOUGH_RUNS = 2_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_FOREIGN = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP file: save the sheet as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook: save the sheet as CSV UTF-8"),
    (b"%PDF-", "a PDF document: export the records as CSV"),
    (b"\x1f\x8b", "compressed: unpack it first"),
)
_NAMES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp932": "Shift_JIS"}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


def detect_encoding(source: Path, named: str | None = None) -> str:
    """The Python codec that decodes the whole of `source` strictly.

    `named` (from the mapping) is believed, but checked. Otherwise a byte order mark decides,
    then UTF-8, then Shift_JIS in Microsoft's reading (cp932). Raises `ConversionError` if the
    file is empty, binary or in none of them.
    """
    head = _head(source)
    marked = next((codec for mark, codec in _MARKS if head.startswith(mark)), None)
    _refuse_foreign(source, head, wide=(named or marked or "").startswith("utf-16"))
    if named or marked:
        return _only(source, named or marked or "utf-8-sig")
    return _utf8_or_shift_jis(source)


def encoding_name(codec: str) -> str:
    """The name of a codec as people know it."""
    return _NAMES.get(codec, codec)


def _head(source: Path) -> bytes:
    with source.open("rb") as stream:
        head = stream.read(4_096)
    if not head.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe"):
        _refuse_blank(source)
    return head


def _refuse_blank(source: Path) -> None:
    if all(not chunk.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe") for chunk in _chunks(source)):
        raise ConversionError(f"{source} is empty: export the records again, with a header line.")


def _refuse_foreign(source: Path, head: bytes, *, wide: bool) -> None:
    for start, sentence in _FOREIGN:
        if head.startswith(start):
            raise ConversionError(f"{source} is not a CSV file but {sentence}.")
    if not wide and any(b"\0" in chunk for chunk in _chunks(source)):
        raise ConversionError(
            f"{source} is a binary file (it has NUL bytes), or UTF-16 without a byte order mark:"
            " export the records as CSV in UTF-8."
        )


def _only(source: Path, codec: str) -> str:
    offset = _first_bad_byte(source, codec)
    if offset is None:
        return codec
    line = _line_at(source, codec, offset)
    raise ConversionError(
        f"{source}, line {line}: not {encoding_name(codec)}, although its first bytes or the"
        " mapping say so; export it as UTF-8 or correct `encoding` in the mapping."
    )


def _utf8_or_shift_jis(source: Path) -> str:
    not_utf8 = _first_bad_byte(source, "utf-8-sig")
    if not_utf8 is None:
        return "utf-8-sig"
    not_japanese = _first_bad_byte(source, "cp932")
    if not_japanese is None and _reads_as_japanese(source):
        return "cp932"
    utf8_line = _line_at(source, "utf-8-sig", not_utf8)
    shift_jis = (
        "no Japanese text as Shift_JIS"
        if not_japanese is None
        else f"not Shift_JIS (line {_line_at(source, 'cp932', not_japanese)})"
    )
    raise ConversionError(
        f"{source} is not UTF-8 (line {utf8_line}) and {shift_jis}: export it as UTF-8, or name"
        " its encoding in a mapping file, such as `encoding: windows-1252`."
    )


def _reads_as_japanese(source: Path) -> bool:
    """Whether what is beyond ASCII stands together, as Japanese does.

    An accented letter of a Western encoding decodes as one lone, odd character (or one of the
    private use area) between ASCII letters, so strict decoding alone would take such a file.
    """
    together = lone = 0
    with source.open(encoding="cp932", newline="") as stream:
        while (text := stream.read(_CHUNK_BYTES)) and together + lone < _ENOUGH_RUNS:
            for run in _BEYOND_ASCII.findall(text):
                odd = len(run) == 1 or _PRIVATE_USE.search(run)
                together, lone = together + (not odd), lone + bool(odd)
    return together >= lone


def _first_bad_byte(source: Path, codec: str) -> int | None:
    """The offset of the first byte that `codec` cannot decode, or None. Refuses NUL characters."""
    decoder = codecs.getincrementaldecoder(codec)()
    passed = 0
    for chunk in _then_nothing(_chunks(source)):
        passed += len(chunk)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return passed - len(error.object) + error.start
        except UnicodeError:
            return 0
        if "\0" in text:
            raise ConversionError(f"{source} is a binary file: export the records as CSV in UTF-8.")
    return None


def _line_at(source: Path, codec: str, offset: int) -> int:
    """The physical line of a byte up to which everything decodes."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(codec)("replace"), translate=True
    )
    line, left = 1, offset
    for chunk in _chunks(source):
        line += decoder.decode(chunk[:left]).count("\n")
        left -= min(left, len(chunk))
        if not left:
            break
    # A carriage return just before the byte is held back until it is known to stand alone.
    return line + decoder.decode(b"", final=True).count("\n")


def _chunks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def _then_nothing(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""
