"""What a new policy changes and for whom, in sentences (CFG-02, CFG-06)."""

from collections.abc import Iterator
from typing import NamedTuple

from streams.policy.differences import Difference, differences
from streams.policy.document import Document
from streams.policy.handover import Found, Handover, handovers
from streams.policy.leaves import ORDER, Names
from streams.policy.sentences import some, told
from streams.policy.shares import percent, rotation_words, shares

EVERYBODY, SCORES = "All leads", "Scores of all leads"
_KINDS = {"desks": "Desk", "teams": "Team", "reps": "Rep"}


class Change(NamedTuple):
    """One sentence, without a full stop, and whom it concerns."""

    who: str
    """All leads, or a desk, team or rep by name."""
    sentence: str
    paths: tuple[str, ...] = ()
    """The values of the policy that it tells of; none: it follows from others."""


def changes(old: Document, new: Document) -> tuple[Change, ...]:
    """Every change between two valid documents: for all first, then desk by desk to rep by rep.

    Each value that differs is told of by one sentence at least. Shares, and who gets which place,
    follow from the values and are told besides.
    """
    found = (*_told(old, new), *_shares(old, new), *_handovers(old, new))
    places = {who: place for place, who in reversed([*enumerate(_everyone(old, new))])}
    return tuple(sorted(found, key=lambda change: places[change.who]))


def _everyone(old: Document, new: Document) -> Iterator[str]:
    """Whom a change may concern, in the order in which they are told."""
    yield from (EVERYBODY, SCORES)
    for key, kind in _KINDS.items():
        yield from (f"{kind} {name}" for each in (new, old) for name in getattr(each, key))


def _told(old: Document, new: Document) -> Iterator[Change]:
    for difference in differences(old, new):
        who, names = _concerned(difference.names)
        yield Change(who, told(difference, names), (path(difference),))


def path(difference: Difference) -> str:
    """The value as people write it, such as `teams.smb.contact.target`."""
    return ".".join(difference.names)


def _concerned(names: Names) -> tuple[str, Names]:
    """Whom a value concerns, and the names that lead to it from there."""
    top = names[0]
    if top in _KINDS and names[1] != ORDER:
        return f"{_KINDS[top]} {names[1]}", names[2:]
    return (SCORES, names[1:]) if top == "scoring" else (EVERYBODY, names)


def _shares(old: Document, new: Document) -> Iterator[Change]:
    """Of whoever is in the new policy; who leaves is told so once."""
    before, after = shares(old), shares(new)
    for key in dict.fromkeys((*after, *before)):
        had, has = before.get(key, {}), after.get(key, {})
        for rep_id in dict.fromkeys((*has, *had)):
            if had.get(rep_id) != has.get(rep_id) and rep_id in new.reps:
                share = f"{_share(has.get(rep_id))} (before: {_share(had.get(rep_id))})"
                yield Change(f"Rep {rep_id}", f"share of {rotation_words(key)}: {share}")


def _share(thousandths: int | None) -> str:
    return "none" if thousandths is None else percent(thousandths)


def _handovers(old: Document, new: Document) -> Iterator[Change]:
    for each in handovers(old, new):
        leads = f"leads from {some(each.places)}"
        before, after = _territory(each.before), _territory(each.after)
        yield Change(f"Team {each.team}", f"{leads} go to {after} (before: {before})")
        yield from _concerned_reps(new, each, leads)


def _concerned_reps(new: Document, each: Handover, leads: str) -> Iterator[Change]:
    before, after = _territory(each.before), _territory(each.after)
    for rep_id in each.gaining:
        yield Change(f"Rep {rep_id}", f"gains {leads} by {after} of team {each.team}")
    for rep_id in each.losing:
        if rep_id in new.reps:
            yield Change(f"Rep {rep_id}", f"loses {leads} by {before} of team {each.team}")


def _territory(found: Found) -> str:
    return f"territory {found.territory}" if found else "no territory"
