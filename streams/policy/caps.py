"""The caps of a document: which hold for each rep, and whether they make sense."""

from collections.abc import Iterator
from typing import NamedTuple

from streams.policy.cap import Cap, Period
from streams.policy.document import Document, Team
from streams.policy.findings import Finding, repeats, unknown
from streams.policy.problems import Path
from streams.policy.rep import Rep

DAILY = "daily_limit"
"""Name of the cap that everybody has, and the reason that it gives."""


MOST_ROLLING = 1000
"""Of a cap that rolls every lead is kept with its time."""


class RepCap(NamedTuple):
    """A cap as it holds for one rep."""

    name: str
    most: int
    per: Period = "day"
    rolling: int | None = None
    """Milliseconds; None: the calendar period counts."""
    kind: str = ""
    """The name again where only one kind of lead counts; empty: all leads."""

    @property
    def reason(self) -> str:
        """Why a rep who has reached it is passed over."""
        return self.name if self.name == DAILY else f"cap:{self.name}"


def caps_of(document: Document) -> dict[str, tuple[RepCap, ...]]:
    """Everybody's caps by rep id: the daily limit first, then the team's in their order."""
    return {
        rep_id: tuple(_caps(document.teams[rep.team], rep)) for rep_id, rep in document.reps.items()
    }


def _caps(team: Team, rep: Rep) -> Iterator[RepCap]:
    yield RepCap(DAILY, rep.daily_limit or team.daily_limit)
    for cap in team.caps:
        kind = cap.cap if cap.when is not None else ""
        yield RepCap(cap.cap, rep.caps.get(cap.cap, cap.most), cap.per or "day", cap.rolling, kind)


def check_caps(document: Document) -> Iterator[Finding]:
    """Every cap has a name of its own and one period; reps change only caps of their team."""
    for name, team in document.teams.items():
        at: Path = ("teams", name, "caps")
        for (*_, index), reason in repeats(at, [cap.cap for cap in team.caps]):
            yield (*at, index, "cap"), reason
        for index, cap in enumerate(team.caps):
            yield from _cap((*at, index), cap)
    for rep_id, rep in document.reps.items():
        team_caps = (
            [cap.cap for cap in document.teams[rep.team].caps] if _known(document, rep) else []
        )
        for name in rep.caps:
            if name not in team_caps:
                yield unknown(("reps", rep_id, "caps", name), "cap of the team", name, team_caps)


def _known(document: Document, rep: Rep) -> bool:
    return rep.team in document.teams


def _cap(at: Path, cap: Cap) -> Iterator[Finding]:
    if cap.cap == DAILY:
        yield (*at, "cap"), f"{DAILY} is what everybody has; set it beside `caps`, or rename this"
    if cap.rolling is not None and cap.per is not None:
        yield (*at, "per"), "a cap has one period; write `per` or `rolling`"
    if cap.rolling is not None and cap.most > MOST_ROLLING:
        reason = f"{cap.most} leads are too many to keep the time of each; write `per`"
        yield (*at, "most"), reason
    if cap.rolling == 0:
        yield (*at, "rolling"), "a span of no time holds nobody back; write such as 1h or 7d"
