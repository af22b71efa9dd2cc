"""Whether a rep can take a lead now, and if not, why (AVL-01 to AVL-05, CPTY-01, CPTY-07)."""

from msgspec.structs import replace

from streams.rows.route import AwayRow, RepRow

OUTSIDE_HOURS = "outside_hours"
ALL_DAY = frozenset({"pto", "sick", "all_day_meeting", "day_off", "not_started"})
"""Absences for which even an owner is passed over (decision 34)."""
_NOT_THERE = ALL_DAY | {"left", "paused", "unavailable"}
NOBODY_SAID = RepRow()
"""A rep about whom nothing was said is active and available."""


def with_absences(rep: RepRow, own: tuple[AwayRow, ...], *, meetings: bool) -> RepRow:
    """The rep with the absences that the policy says, and, unless they count, without meetings."""
    said = rep.away if meetings else tuple(span for span in rep.away if span.kind != "meeting")
    return rep if said == rep.away and not own else replace(rep, away=(*said, *own))


def away_kind(rep: RepRow, now: int) -> str | None:
    """The absence that covers the instant; an all-day one before a meeting."""
    kinds = [span.kind for span in rep.away if span.begin <= now < span.to]
    return min(kinds, key=lambda kind: (kind not in ALL_DAY, kind), default=None)


def is_paused(rep: RepRow, now: int) -> bool:
    """Whether a manager's pause holds: until its end, or until somebody ends it."""
    return rep.paused and (rep.paused_until is None or now < rep.paused_until)


def why_not(
    rep: RepRow, open_leads: int, limit: int, now: int, *, is_open: bool, cap: str | None = None
) -> str | None:
    """The first reason against the rep, None if there is none; `cap`: the one he has reached.

    `outside_hours` comes last: where it is given it is the only one (decision 33).
    """
    absent = _absent(rep, now)
    if absent is not None:
        return absent
    if rep.login_until is not None and now >= rep.login_until:
        return "not_logged_in"
    if open_leads >= limit:
        return "at_capacity"
    if cap is not None:
        return cap
    return None if is_open else OUTSIDE_HOURS


def _absent(rep: RepRow, now: int) -> str | None:
    """Why the rep is not there for anything, whatever the hour."""
    if rep.left:
        return "left"
    if is_paused(rep, now):
        return "paused"
    if not rep.available:
        return "unavailable"
    return away_kind(rep, now) if rep.away else None


def on_shift(reason: str | None, *, is_open: bool) -> bool:
    """Whether the rep is at work although perhaps not free: then it is not outside hours."""
    return is_open and reason not in _NOT_THERE


def owner_passed_over(rep: RepRow, now: int) -> str | None:
    """Why an owner does not get a lead of his own account (decision 34); None: he does.

    Capacity, meetings, hours, log-in and a pause never take an account from its owner.
    """
    if rep.left:
        return "left"
    kind = away_kind(rep, now)
    return kind if kind in ALL_DAY else None


def worker_passed_over(
    rep: RepRow, open_leads: int, limit: int, now: int, cap: str | None
) -> str | None:
    """Why who works an account's lead does not get another one of it (ACCT-05); None: he does.

    He is no owner: what is too much for him goes elsewhere. But an account is not torn apart
    because he is in a meeting or it is night.
    """
    there = with_absences(rep, (), meetings=False)
    return why_not(there, open_leads, limit, now, is_open=True, cap=cap)


def boundaries(rep: RepRow, now: int) -> list[int]:
    """The instants after now at which an absence or a pause begins or ends."""
    spans = [instant for span in rep.away for instant in (span.begin, span.to)]
    ends = [rep.paused_until] if rep.paused and rep.paused_until is not None else []
    return [instant for instant in (*spans, *ends) if instant > now]


def changes(rep: RepRow, now: int) -> list[int]:
    """The instants after now from which the answer may be another one by time alone."""
    login = rep.login_until
    return boundaries(rep, now) + ([login] if login is not None and login > now else [])
