"""Makes dirty CRM exports, the same every time, and knows what must become of each row.

`python -m tests.agents.convert.exports FOLDER` writes one file for each layout. Nothing here uses
the code under test: lines and rows are counted as they are written.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROWS = 5_000
_PERIOD = 50
"""Every so many rows each kind of dirt comes once; the other rows are clean."""

HUBSPOT_HEADER = (
    "Record ID", "First Name", "Last Name", "Email", "Phone Number", "Company Name", "Job Title",
    "Country/Region", "State/Region", "City", "Postal Code", "Number of Employees", "Industry",
    "Original Source", "Original Source Drill-Down 1", "Lead Status", "Lifecycle Stage",
    "Create Date", "Contact owner", "Preferred language", "Website URL",
    "Legal basis for processing contact's data", "Unsubscribed from all email", "Message",
)  # fmt: skip
SALESFORCE_HEADER = (
    "Lead ID", "First Name", "Last Name", "Title", "Company / Account", "Lead Source", "Street",
    "City", "State/Province", "Zip/Postal Code", "Country", "Phone", "Mobile", "Email", "Website",
    "No. of Employees", "Annual Revenue", "Industry", "Rating", "Lead Status", "Lead Owner",
    "Create Date", "Do Not Call", "Email Opt Out", "Deleted", "Description",
)  # fmt: skip
_FIRST = ("Ann", "Bo", "Chiara", "Dev", "Eva", "美咲", "健太", "陽子", "Femi", "Gus")
_LAST = ("Lee", "Berg", "Rossi", "Patel", "Novak", "山田", "佐藤", "ヤマダ", "Okoro", "Dahl")
_COMPANY = ("Kestrel", "Umber", "Larkfield", "北斗工業", "Oakmoor", "青葉商事", "Tarn", "Veldt")
_PLACE = (
    ("Germany", "Bayern", "Munich", "80331", "+49 89 55{0:05d}"),
    ("United States", "California", "Oakland", "94607", "+1 510-55{0:05d}"),
    ("Japan", "東京都", "千代田区", "100-0001", "03-55{0:02d}-{0:04d}"),
    ("France", "Ile-de-France", "Paris", "75002", "+33 1 55{0:06d}"),
)  # fmt: skip
_INDUSTRY = ("Software", "Manufacturing", "製造業", "Retail", "Logistics")
_HUBSPOT_SOURCE = (
    "ORGANIC_SEARCH",
    "Paid Search",
    "Email marketing",
    "REFERRALS",
    "Offline Sources",
)
_SALESFORCE_SOURCE = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "展示会")


@dataclass(frozen=True)
class Export:
    """A made export and what must become of it."""

    content: bytes
    rows: int
    rejected_lines: tuple[int, ...]
    """The physical lines on which the rows start that cannot be accepted."""

    @property
    def accepted(self) -> int:
        """How many rows must come out."""
        return self.rows - len(self.rejected_lines)


@dataclass(frozen=True)
class _Style:
    """How a CRM writes its file."""

    header: tuple[str, ...]
    columns: dict[str, str]
    encoding: str
    line_break: str
    quote_all: bool
    make: Callable[[int], dict[str, str]]


Row = dict[str, str]
Dirt = Callable[[_Style, Row, int], str]
"""Makes a row dirty and returns its text."""


def hubspot_export(rows: int = ROWS) -> Export:
    """A contact export: UTF-8 with byte order mark, CRLF, everything quoted."""
    return _export(_HUBSPOT, rows)


def salesforce_export(rows: int = ROWS) -> Export:
    """A lead report: Shift_JIS, LF, quotes only where needed."""
    return _export(_SALESFORCE, rows)


def _export(style: _Style, rows: int) -> Export:
    line = 2
    texts = [_text(style, list(style.header))]
    rejected: list[int] = []
    for number in range(rows):
        accepted, dirty = _DIRT.get(number % _PERIOD, (True, _clean))
        text = dirty(style, style.make(number), number)
        if not accepted:
            rejected.append(line)
        line += text.count("\n")
        texts.append(text)
    content = "".join(texts).encode(style.encoding)
    return Export(content, rows, tuple(rejected))


def _text(style: _Style, cells: list[str]) -> str:
    return ",".join(_cell(style, cell) for cell in cells) + style.line_break


def _cell(style: _Style, cell: str) -> str:
    quoted = style.quote_all or any(sign in cell for sign in ',"\r\n')
    return '"' + cell.replace('"', '""') + '"' if quoted else cell


def _cells(style: _Style, row: Row) -> list[str]:
    return [row[name] for name in style.header]


def _clean(style: _Style, row: Row, _: int) -> str:
    return _text(style, _cells(style, row))


def _with(**changes: str) -> Dirt:
    """Dirt that overwrites cells; `{n}` is the row's number."""

    def dirty(style: _Style, row: Row, number: int) -> str:
        for name, text in changes.items():
            row[style.columns[name]] = text.replace("{n}", str(number))
        return _clean(style, row, number)

    return dirty


def _nobody(style: _Style, row: Row, number: int) -> str:
    for name in ("id", "email", "phone", "last", "company"):
        row[style.columns[name]] = "N/A"
    return _clean(style, row, number)


def _empty(style: _Style, row: Row, _: int) -> str:
    return _text(style, [""] * len(row))


def _repeated(style: _Style, _: Row, number: int) -> str:
    return _clean(style, style.make(number - 1), number)


def _too_long(style: _Style, row: Row, _: int) -> str:
    return _text(style, [*_cells(style, row), "and", "more"])


def _padded(style: _Style, row: Row, _: int) -> str:
    return _text(style, [*_cells(style, row), "", " "])


def _cut_off(style: _Style, row: Row, _: int) -> str:
    return _text(style, _cells(style, row)[:-6])


def _rest_of_a_row(style: _Style, row: Row, _: int) -> str:
    return _text(style, _cells(style, row)[-6:])


def _stray_quote(style: _Style, row: Row, _: int) -> str:
    good = _text(style, _cells(style, row)).removesuffix(style.line_break)
    return f'{good},"5" screen{style.line_break}'


_DIRT: dict[int, tuple[bool, Dirt]] = {
    1: (True, _with(phone="8.19E+11")),
    2: (True, _with(email="first{n}@tarn{n}.example; second{n}@tarn{n}.example")),
    3: (True, _with(email="mailto:Third{n}@Tarn{n}.example  ")),
    4: (True, _with(phone="\uff10\uff13-\uff11\uff12\uff13\uff14-5678")),
    5: (True, _with(employees="1,000")),
    6: (True, _with(employees="100-249")),
    7: (True, _with(employees="1000+")),
    8: (True, _with(message='first line\nsecond "quoted" line\n\nlast, line')),
    9: (True, _with(city="N/A", title="-", industry="(blank)", employees="null")),
    10: (True, _with(created="3/2/2026 9:00 AM")),
    11: (True, _with(created="02.03.2026")),
    12: (True, _with(phone="'+4989123456")),
    13: (False, _repeated),
    14: (False, _empty),
    15: (False, _too_long),
    16: (True, _padded),
    17: (True, _cut_off),
    18: (False, _rest_of_a_row),
    19: (False, _stray_quote),
    20: (False, _nobody),
    21: (True, _with(created="")),
    22: (True, _with(created="46083.375")),
    23: (True, _with(email="not an address", created="someday")),
    24: (True, _with(source="Skywriting")),
    25: (True, _with(id="", email="noid{n}@tarn.example")),
    26: (True, _with(id="1.01E+09")),
    27: (True, _with(employees="25-May", web="linkedin.com/company/x")),
    28: (True, _with(phone='="0301234567"')),
    29: (True, _with(optout="ja")),
    30: (True, _with(email="", phone="", id="")),
    31: (True, _with(created="2026-03-02T09:00:00.000+0000")),
    32: (True, _with(message="=1+1", last="None")),
}  # fmt: skip


def _person(number: int) -> tuple[str, str, str, str]:
    first = _FIRST[number * 7 % len(_FIRST)]
    last = _LAST[number * 3 % len(_LAST)]
    company = f"{_COMPANY[number * 5 % len(_COMPANY)]} {number % 997}"
    domain = f"firm{number % 997}.example"
    return first, last, company, domain


def _created(number: int) -> tuple[int, int, int, int]:
    minutes = number * 7
    return (
        1 + minutes // 1440 // 28 % 12,
        1 + minutes // 1440 % 28,
        minutes // 60 % 24,
        minutes % 60,
    )


def _hubspot_row(number: int) -> Row:
    first, last, company, domain = _person(number)
    country, state, city, postal_code, phone = _PLACE[number % len(_PLACE)]
    month, day, hour, minute = _created(number)
    values = (
        str(51_000 + number), first, last, f"lead{number}@{domain}", phone.format(number % 100_000),
        company, "Head of Operations", country, state, city, postal_code, str(5 + number % 900),
        _INDUSTRY[number % 5], _HUBSPOT_SOURCE[number * 3 % 5], "Spring campaign", "New", "lead",
        f"2026-{month:02}-{day:02} {hour:02}:{minute:02}", "Sam Owner", "en",
        f"https://www.{domain}/", "Legitimate interest - prospect/lead", "", "Please call back",
    )  # fmt: skip
    return dict(zip(HUBSPOT_HEADER, values, strict=True))


def _salesforce_row(number: int) -> Row:
    first, last, company, domain = _person(number)
    country, state, city, postal_code, phone = _PLACE[number % len(_PLACE)]
    month, day, hour, minute = _created(number)
    clock = f"{hour % 12 or 12}:{minute:02} {'AM' if hour < 12 else 'PM'}"
    values = (
        f"00QD0000{number:07d}AAA", first, last, "CTO", company, _SALESFORCE_SOURCE[number * 3 % 5],
        "1 Main Street", city, state, postal_code, country, phone.format(number % 100_000), "",
        f"lead{number}@{domain}", domain, str(5 + number % 900), "\\1,200,000",
        _INDUSTRY[number % 5],
        "Warm", "Open - Not Contacted", "Sam Owner", f"{month}/{day}/2026 {clock}", "0", "0", "0",
        "Asked for a quote",
    )  # fmt: skip
    return dict(zip(SALESFORCE_HEADER, values, strict=True))


_HUBSPOT = _Style(
    HUBSPOT_HEADER,
    {"id": "Record ID", "email": "Email", "phone": "Phone Number", "last": "Last Name",
     "company": "Company Name", "title": "Job Title", "city": "City", "industry": "Industry",
     "employees": "Number of Employees", "created": "Create Date", "source": "Original Source",
     "web": "Website URL", "optout": "Unsubscribed from all email", "message": "Message"},
    "utf-8-sig", "\r\n", quote_all=True, make=_hubspot_row,
)  # fmt: skip
_SALESFORCE = _Style(
    SALESFORCE_HEADER,
    {"id": "Lead ID", "email": "Email", "phone": "Phone", "last": "Last Name",
     "company": "Company / Account", "title": "Title", "city": "City", "industry": "Industry",
     "employees": "No. of Employees", "created": "Create Date", "source": "Lead Source",
     "web": "Website", "optout": "Email Opt Out", "message": "Description"},
    "cp932", "\n", quote_all=False, make=_salesforce_row,
)  # fmt: skip


def write_exports(folder: Path) -> tuple[Path, Path]:
    """Write both exports into a folder; the HubSpot file comes first."""
    places = folder / "hubspot-contacts.csv", folder / "salesforce-leads.csv"
    for place, export in zip(places, (hubspot_export(), salesforce_export()), strict=True):
        place.write_bytes(export.content)
    return places


if __name__ == "__main__":
    write_exports(Path(sys.argv[1]))
