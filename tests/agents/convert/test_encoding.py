"""Which encoding a file is in."""

from pathlib import Path

import pytest

from agents.convert import encoding
from agents.convert.encoding import detect_encoding
from agents.convert.problems import ConversionError

JAPANESE = "姓,会社\n山田,北斗工業\nｻﾄｳ,青葉商事\n"


def _detect(folder: Path, content: bytes, named: str | None = None) -> str:
    source = folder / "a.csv"
    source.write_bytes(content)
    return detect_encoding(source, named)


@pytest.mark.parametrize(
    ("codec", "found"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp932", "cp932")],
)
def test_the_encoding_is_found(tmp_path: Path, codec: str, found: str) -> None:
    """UTF-8 with and without mark, UTF-16 with mark and Shift_JIS are told apart (issue 3)."""
    assert _detect(tmp_path, JAPANESE.encode(codec)) == found


def test_text_in_utf_16_big_endian_is_found_by_its_mark(tmp_path: Path) -> None:
    """Either byte order."""
    assert _detect(tmp_path, b"\xfe\xff" + JAPANESE.encode("utf-16-be")) == "utf-16"


def test_neither_utf_8_nor_shift_jis_names_a_line_for_each(tmp_path: Path) -> None:
    """The user sees where the file leaves which encoding."""
    with pytest.raises(ConversionError, match=r"not UTF-8 \(line 2\) and not Shift_JIS \(line 3\)"):
        _detect(tmp_path, b"name\nG\xe9rard\r\nRen\xe9,\n")


def test_the_line_of_a_bad_byte_is_right_behind_a_chunk_border(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Characters and line breaks may lie across it."""
    monkeypatch.setattr(encoding, "_CHUNK_BYTES", 3)
    with pytest.raises(ConversionError, match=r"not UTF-8 \(line 4\) and not Shift_JIS \(line 4\)"):
        _detect(tmp_path, b"a\r\n\r\n\xc3\xa4b\r\x81 ,\n")


def test_western_text_is_not_taken_for_shift_jis(tmp_path: Path) -> None:
    """It may decode as cp932, but into lone signs between Latin letters."""
    western = b"name\nG\xe9rard\nS\xf8ren\n"
    western.decode("cp932")
    with pytest.raises(ConversionError, match="no Japanese text as Shift_JIS"):
        _detect(tmp_path, western)


def test_an_encoding_named_by_the_mapping_is_believed_but_checked(tmp_path: Path) -> None:
    """Western encodings decode anything, so only the user can name them."""
    assert _detect(tmp_path, b"name\nG\xe9rard\n", "cp1252") == "cp1252"
    with pytest.raises(ConversionError, match=r"a\.csv, line 2: not UTF-8"):
        _detect(tmp_path, b"name\nG\xe9rard\n", "utf-8-sig")


@pytest.mark.parametrize("content", [b"", b" \r\n\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """Nothing but blanks is empty too."""
    with pytest.raises(ConversionError, match="is empty"):
        _detect(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"a,b\n1,\0\n", "binary"), (b"PK\x03\x04rest", "Excel"), (b"\xd0\xcf\x11\xe0", "Excel"),
        ("a,b\n".encode("utf-16-le"), "UTF-16 without"), ("a\0b".encode("utf-16"), "binary"),
        (b"\x1f\x8b\x08", "unpack"), (b"%PDF-1.7", "PDF"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, word: str) -> None:
    """With a remedy for what people send most: workbooks."""
    with pytest.raises(ConversionError, match=word):
        _detect(tmp_path, content)
