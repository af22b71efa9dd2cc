"""Turns of a rotation, told in leads."""

from agents.explain.spans import LEAD
from agents.explain.turns import Turn, compared, owed, turn_of


def turn(rep_id: str, start: float, leads: float = 1.0) -> Turn:
    """A turn that starts and lasts so many leads at weight 1."""
    return Turn(rep_id, int(start * LEAD), int((start + leads) * LEAD))


def test_a_turn_is_read_from_the_record() -> None:
    """`turn_before` is text because JSON numbers end at 2^53."""
    content = {"rep_id": "a", "turn_before": f"{LEAD} {2 * LEAD}"}
    assert turn_of(content) == Turn("a", LEAD, 2 * LEAD)
    assert turn_of({"rep_id": "a"}) is None


def test_what_is_owed_is_measured_in_leads_of_the_rep() -> None:
    """A rep of weight 2 needs half the virtual time for a lead."""
    assert owed(turn("a", 0, 0.5), LEAD // 4) == "owed 0.50 leads"
    assert owed(turn("a", 1), LEAD // 2) == "0.50 leads ahead of the share"


def test_the_chosen_turn_is_compared_with_the_next_that_had_begun() -> None:
    """Who was not in the running is no comparison."""
    chosen, following, later = turn("a", 0), turn("b", 0.25), turn("c", 0.9)
    turns = (chosen, following, later)
    assert compared(chosen, turns, LEAD // 2) == "due 0.25 leads earlier than b"
    assert compared(chosen, (chosen, turn("b", 0)), 0) == "due at the same moment as b"
    assert compared(chosen, (chosen, later), 0) is None
