"""Leads that a rep has had in a period: counted, given back, and when one more may come."""

from collections.abc import Iterator

from msgspec.structs import replace

from streams.policy.caps import RepCap
from streams.policy.compiled import Policy
from streams.rows.route import AssignmentRow, TakenRow
from streams.rules import cap as rule
from streams.rules.cap import Window
from streams.rules.hours import period
from streams.steps.work import Work


def reached(work: Work, rep_id: str, kinds: tuple[str, ...]) -> tuple[str, int] | None:
    """The first cap that keeps a lead of these kinds from the rep, and until when; None: none."""
    for cap in work.policy.caps[rep_id]:
        if cap.kind and cap.kind not in kinds:
            continue
        until = _full_until(work, rep_id, cap)
        if until is not None:
            return cap.reason, until
    return None


def frees(work: Work, rep_id: str) -> list[int]:
    """The instants at which the caps that the rep has reached let one more come."""
    found = (_full_until(work, rep_id, cap) for cap in work.policy.caps[rep_id])
    return [until for until in found if until is not None]


def count(work: Work, rep_id: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Counts a lead of these kinds that the rep has now; the names of the caps it counts for.

    Whoever gave it: what a person or an owner's claim brings is work of that day, too.
    """
    counts = [cap for cap in work.policy.caps[rep_id] if not cap.kind or cap.kind in kinds]
    for cap in counts:
        row = rule.counted(_row(work, rep_id, cap), _window(work, rep_id, cap), work.now)
        work.tables.taken.put(_key(rep_id, cap.name), row)
        until = _full_until(work, rep_id, cap)
        if until is not None:
            _wake_by(work, rep_id, until)
    return tuple(cap.name for cap in counts)


def uncount(work: Work, held: AssignmentRow) -> None:
    """A lead that costs the rep nothing counts for nothing (decisions, Charge)."""
    for name in held.caps:
        key = _key(held.rep_id, name)
        row = work.tables.taken.get(key)
        left = rule.given_back(row, held.given_at) if row else None
        if left is None:
            work.tables.taken.delete(key)
        else:
            work.tables.taken.put(key, left)


def carry_over(work: Work, old: Policy) -> None:
    """Under another version what was counted under a cap's name stays counted, or is forgotten.

    Periods that begin at another instant now, in another zone, take the number along.
    """
    before = {_key(rep, cap.name): (rep, cap) for rep, cap in _all(old)}
    after = {_key(rep, cap.name): (rep, cap) for rep, cap in _all(work.policy)}
    for key, row in list(work.tables.taken.items()):
        if key not in after or key not in before:
            work.tables.taken.delete(key)
            continue
        was = window_of(old, *before[key], work.now)
        now = window_of(work.policy, *after[key], work.now)
        if row.count and was.begin != now.begin and row.since == was.begin:
            carried = row.carried or was.begin
            work.tables.taken.put(key, replace(row, since=now.begin, carried=carried))


def _all(policy: Policy) -> Iterator[tuple[str, RepCap]]:
    return ((rep_id, cap) for rep_id, caps in policy.caps.items() for cap in caps)


def _key(rep_id: str, name: str) -> str:
    return f"{rep_id}/{name}"


def _row(work: Work, rep_id: str, cap: RepCap) -> TakenRow | None:
    return work.tables.taken.get(_key(rep_id, cap.name))


def _full_until(work: Work, rep_id: str, cap: RepCap) -> int | None:
    row = _row(work, rep_id, cap)
    if row is None or max(row.count, len(row.at)) < cap.most:
        return None
    return rule.full_until(row, cap.most, _window(work, rep_id, cap))


def _window(work: Work, rep_id: str, cap: RepCap) -> Window:
    """What counts now; calendar periods are worked out once for all reps of a zone."""
    if cap.rolling is not None:
        return rule.rolling(work.now, cap.rolling)
    name = ("period", work.policy.rep_calendars[rep_id].zone, cap.per)
    known: Window | None = work.tables.derived.get(name)
    if known is None or known.end is None or not known.begin <= work.now < known.end:
        known = work.tables.derived[name] = window_of(work.policy, rep_id, cap, work.now)
    return known


def window_of(policy: Policy, rep_id: str, cap: RepCap, now: int) -> Window:
    """What counts at an instant for one of a rep's caps."""
    if cap.rolling is not None:
        return rule.rolling(now, cap.rolling)
    return Window(*period(policy.rep_calendars[rep_id].zone, cap.per, now))


def _wake_by(work: Work, rep_id: str, until: int) -> None:
    """Who waits is woken no later than the cap lets one more come."""
    key = f"wake:{work.policy.desk_of_rep(rep_id)}"
    timer = work.tables.timers.get(key)
    if timer is not None and timer.due > until:
        work.tables.timers.put(key, replace(timer, due=until))
