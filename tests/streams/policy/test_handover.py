"""Places that go from one territory to another, as the rule gives leads away."""

from streams.policy.handover import Handover, handovers
from tests.streams.policy.territories import document, territory

NORTH = territory("north", countries=["NO", "SE"])
SOUTH = territory("south", countries=["IT"]).model_copy(update={"reps": ("bob",)})


def test_a_place_that_moves_is_told_with_who_gains_and_who_loses() -> None:
    """By whom it is listed now."""
    less, more = (
        territory("north", countries=["NO"]),
        SOUTH.model_copy(update={"countries": ("IT", "SE")}),
    )
    (each,) = handovers(document(NORTH, SOUTH), document(less, more))
    assert each == Handover("inside", ("SE",), NORTH, more)
    assert (each.losing, each.gaining) == (("ann",), ("bob",))


def test_a_place_that_nobody_has_any_more_falls_through() -> None:
    """And one that nobody had before is gained by all reps of its territory."""
    (lost,) = handovers(document(NORTH, SOUTH), document(NORTH))
    assert (lost.places, lost.after, lost.losing, lost.gaining) == (("IT",), None, ("bob",), ())
    (won,) = handovers(document(NORTH), document(NORTH, SOUTH))
    assert (won.before, won.gaining) == (None, ("bob",))


def test_only_what_moves_is_told() -> None:
    """Twin: an order that decides nothing, reps that change within a territory, a smaller place."""
    assert handovers(document(NORTH, SOUTH), document(SOUTH, NORTH)) == ()
    other = NORTH.model_copy(update={"reps": ("bob",)})
    assert handovers(document(NORTH), document(other)) == ()
    city = territory("oslo", countries=["NO"], cities=["Oslo"])
    (each,) = handovers(document(NORTH), document(NORTH, city))
    assert each.places == ("city Oslo in NO",)


def test_the_order_of_an_overlap_moves_leads() -> None:
    """Nothing is listed anew, and yet the leads go elsewhere."""
    same = SOUTH.model_copy(update={"countries": ("NO",)})
    (each,) = handovers(document(NORTH, same), document(same, NORTH))
    assert (each.places, each.before, each.after) == (("NO",), NORTH, same)


def test_an_industry_or_a_region_that_moves_is_told() -> None:
    """TERR-01, TERR-03: with what has to be known about the lead; a region country by country."""
    banks = territory("banks", countries=["NO"], industries=["bank"])
    (each,) = handovers(document(NORTH), document(NORTH, banks))
    assert each.places == ("NO with industry bank",)
    north = territory("all", regions=["north"])
    (each,) = handovers(document(NORTH), document(NORTH, north))
    assert each.places == ("US", "CA")
