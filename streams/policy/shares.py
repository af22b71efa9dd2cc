"""Which share of the leads of each rotation a rep is due, by weight (decision 41)."""

from collections.abc import Iterator, Mapping, Sequence

from streams.policy.document import Document

Rotation = tuple[str, str]
"""Team and name of a rotation, as people call it."""


def rotations(document: Document) -> dict[Rotation, tuple[str, ...]]:
    """The members of every rotation that has any."""
    return {key: tuple(members) for key, members in _rotations(document) if members}


def shares(document: Document) -> dict[Rotation, dict[str, int]]:
    """Each member's share in thousandths while all are eligible, rounded to the nearest."""
    return {
        key: _shares({rep_id: document.reps[rep_id].weight for rep_id in members})
        for key, members in rotations(document).items()
    }


def percent(thousandths: int) -> str:
    """A share in words, such as `33.3 %`."""
    return f"{thousandths // 10}.{thousandths % 10} %"


def _rotations(document: Document) -> Iterator[tuple[Rotation, Sequence[str]]]:
    for name, team in document.teams.items():
        own = [rep_id for rep_id, rep in document.reps.items() if rep.team == name]
        yield (name, "the rotation"), team.rotation or own
        yield (name, "the reps on call"), team.on_call
        for territory in team.territories:
            yield (name, f"territory {territory.territory}"), territory.reps
        for specialty in team.specialties:
            yield (name, f"specialty {specialty.specialty}"), specialty.reps


def _shares(weights: Mapping[str, int]) -> dict[str, int]:
    whole = sum(weights.values())
    return {rep_id: (2000 * weight + whole) // (2 * whole) for rep_id, weight in weights.items()}
