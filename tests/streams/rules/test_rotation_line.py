"""The line kept from lead to lead says what one made anew says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.rows.rotation import RotationRow, TurnRow
from streams.rules import rotation as rule
from streams.rules import turn as turn_rule
from streams.rules.rotation import Line, Member
from tests.streams.rules.test_rotation import line_of, names

There = tuple[int, frozenset[int], int]
"""A weight for one member, who is away, and how many leads are given back after it."""


def members_of(weights: dict[str, int], away: frozenset[int]) -> list[Member]:
    """Everybody, those at these places away."""
    return [
        Member(rep, weights[rep], place not in away, place not in away)
        for place, rep in enumerate(sorted(weights))
    ]


def same(kept: Line, made: Line) -> bool:
    """Whether two lines say the same of everybody."""
    return (kept.turns, kept.sharing, kept.moved) == (made.turns, made.sharing, made.moved)


@settings(max_examples=150)
@given(
    st.lists(st.integers(1, 1000), min_size=2, max_size=9),
    st.lists(
        st.tuples(st.integers(0, 8), st.frozensets(st.integers(0, 8)), st.integers(0, 1)),
        min_size=1,
        max_size=40,
    ),
    st.booleans(),
)
def test_a_line_that_is_kept_picks_as_one_made_anew(
    given_weights: list[int],
    history: list[There],
    fresh: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whoever comes and goes: the index is one thing, the rule another, and both agree."""
    weights = dict(zip(names(len(given_weights)), given_weights, strict=True))
    row, turns, kept = RotationRow(), dict[str, TurnRow](), Line()
    for always, away, given_back in history:
        members = members_of(weights, away - {always % len(weights)})
        if row.moved != kept.moved:
            kept = Line(row.moved)
        for member in members:
            kept.put(member, turns.get(member.rep_id))
        made = line_of(row, turns, members)
        assert same(kept, made)
        pick = rule.pick(row, kept, fresh=fresh)
        assert pick == rule.pick(row, made, fresh=fresh)
        assert pick.chosen == least_of(made, pick.time_before)
        row, turns[pick.chosen.rep_id] = pick.rotation, pick.turn_after
        if given_back:
            rep = pick.chosen.rep_id
            row, back = turn_rule.charge(row, turns[rep], rep, weights[rep], -1)
            assert back is not None
            row, turns[rep] = turn_rule.recounted(row, -1), back


def least_of(line: Line, time: int) -> rule.Turn:
    """The rule as it is written down, looking at everybody."""
    begun = [turn for turn in line if turn.start <= time]
    if begun:
        return min(begun, key=lambda turn: (turn.deadline, turn.rep_id))
    return min(line, key=lambda turn: (rule.ahead(turn, time), turn.rep_id))
