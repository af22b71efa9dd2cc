"""A race for a lead: who may run, and whose answer counts (LANE-02)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.rows.race import OfferRow, RaceRow
from streams.rules import race

ROW = RaceRow(
    "lead-1", "inside", "inside/round_robin", 5, (OfferRow("ann"), OfferRow("bob", "declined"))
)


def test_the_next_in_line_run_without_those_who_have_an_offer() -> None:
    """LANE-02, decision 07: three of them; nobody has two offers at once."""
    assert race.runners("abcdef", {"b"}, 3) == ("a", "c", "d")
    assert race.runners("ab", set(), 3) == ("a", "b")


def test_one_alone_does_not_race() -> None:
    """He would only make the lead wait."""
    assert race.runners("ab", {"b"}, 3) == race.runners("", set(), 3) == ()


@given(st.text("0123456789abcdef-", max_size=40), st.integers(1, 10))
def test_an_offers_id_names_its_race_and_number(race_id: str, number: int) -> None:
    """Whatever the race is called."""
    assert race.named(race.offer_id(race_id, number)) == (race_id, number)


@pytest.mark.parametrize(
    "text",
    ["", "-", "x", "x-", "x-²", "x-one", "x-1.0", "x-01", "x-100", "x-" + "9" * 5000, "x-1\n"],
)
def test_what_is_no_offers_id_has_no_number(text: str) -> None:
    """Ids come from outside: any text is answered and none fails."""
    assert race.named(text)[1] == 0


@pytest.mark.parametrize(
    ("row", "number", "rep_id", "reason"),
    [
        (ROW, 1, "ann", None),
        (None, 1, "ann", "unknown_offer"),
        (ROW, 0, "ann", "unknown_offer"),
        (ROW, 3, "ann", "unknown_offer"),
        (ROW, 1, "bob", "other_reps_offer"),
        (ROW, 2, "bob", "offer_ended"),
    ],
)
def test_whose_answer_counts(
    row: RaceRow | None, number: int, rep_id: str, reason: str | None
) -> None:
    """LANE-02: the rep's own, while the offer is open; everything else is refused with a reason."""
    refusal = race.refusal(row, number, rep_id)
    assert (refusal and refusal.reason) == reason
    assert refusal is None or refusal.field in {"offer_id", "rep_id"}


def test_a_race_is_open_while_somebody_may_still_accept() -> None:
    """One offer is enough."""
    assert race.is_open(ROW)
    assert not race.is_open(RaceRow("lead-1", "t", "t/r", 5, ROW.offers[1:]))
