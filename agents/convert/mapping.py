"""The mapping file's settings: how the columns of any CSV become a lead."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from agents.convert.fields import field_known
from agents.convert.sources import SOURCES
from agents.convert.zones import zone_named

_IDENTIFYING = ("lead_id", "email", "phone")
_CODECS = {
    "utf-8": "utf-8-sig", "utf8": "utf-8-sig", "utf-16": "utf-16", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "cp932": "cp932", "windows-31j": "cp932",
    "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp", "windows-1252": "cp1252",
    "cp1252": "cp1252", "iso-8859-1": "iso8859_1", "latin-1": "iso8859_1",
    "iso-8859-15": "iso8859_15", "windows-1250": "cp1250", "windows-1251": "cp1251",
}  # fmt: skip
_DELIMITERS = {
    ",": ",", ";": ";", "\t": "\t", "|": "|",
    "comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|",
}  # fmt: skip


def _codec(name: str) -> str:
    codec = _CODECS.get(name.casefold().replace("shift jis", "shift_jis"))
    if codec is None:
        raise ValueError(f"not a known encoding; one of {', '.join(sorted(_CODECS))}")
    return codec


def _delimiter(name: str) -> str:
    if name not in _DELIMITERS:
        raise ValueError("not a known delimiter; one of comma, semicolon, tab, pipe")
    return _DELIMITERS[name]


def _zone(name: str) -> str:
    if zone_named(name) != name:
        raise ValueError("not an IANA time zone, such as Europe/Berlin or Asia/Tokyo")
    return name


def _source(name: str) -> str:
    if name not in SOURCES:
        raise ValueError(f"not a source of the contract; one of {', '.join(SOURCES)}")
    return name


def _field(name: str) -> str:
    if not field_known(name):
        raise ValueError("not a field of a lead")
    return name


def _no_identifier(name: str) -> str:
    if name in _IDENTIFYING:
        raise ValueError("a constant would make all rows one person; give it a column")
    return name


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_text)]
"""YAML reads 007 or `on` its own way; here every scalar is text again."""
Header = Annotated[Text, Field(min_length=1)]
LeadField = Annotated[str, AfterValidator(_field)]
Source = Annotated[str, AfterValidator(_source)]
Rep = Annotated[Text, Field(min_length=1, max_length=128)]


class Mapping(BaseModel):
    """What a mapping file may say. Headers are compared trimmed and without regard to case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sender: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """The system the rows come from. Needed unless `layout` is given."""
    layout: Literal["hubspot", "salesforce"] | None = None
    """A known export to start from; what follows adds to it or takes its place."""
    topic: Literal["leads.bulk", "leads.raw"] = "leads.bulk"
    encoding: Annotated[str, AfterValidator(_codec)] | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """The zone of dates without an offset."""
    day_first: bool | None = None
    """True: 3/2/2026 is 3 February. Default: the layout's, else false."""
    event_id: Header | None = None
    """The column with the record's id; without it an id is made from the row's content."""
    occurred_at: Header | None = None
    """The column with the date on which the record was created."""
    source: Source | None = None
    """The source of rows whose own is empty or unknown."""
    source_column: Header | None = None
    sources: dict[Text, Source] = Field(default_factory=dict)
    """Texts of the source column and what the contract calls them."""
    held_by: Header | None = None
    """The column that says who has the lead already: it is not routed again."""
    reps: dict[Text, Rep] = Field(default_factory=dict)
    """Texts of that column and the rep ids of the policy; any other text is a rep id itself."""
    columns: dict[Text, LeadField] = Field(default_factory=dict)
    """CSV header: field of the lead."""
    constants: dict[Annotated[LeadField, AfterValidator(_no_identifier)], Text] = Field(
        default_factory=dict
    )
    """Field of the lead: its value in rows that have none of their own."""

    @model_validator(mode="after")
    def _is_enough(self) -> "Mapping":
        if self.layout is None and self.sender is None:
            raise ValueError("`sender` is missing: name the system that the rows come from")
        if self.layout is None and not self.columns:
            raise ValueError("`columns` is missing: name the CSV column of each lead field")
        if self.reps and self.held_by is None:
            raise ValueError("`held_by` is missing: name the column whose texts `reps` translates")
        return self
