"""The proof that every way ends, on graphs made by hand."""

import pytest

from streams.policy.stations import Station, Way, by_name, dead_ends, ends, reached

GOOD = (
    Station("start", (Way("large", "rep"), Way("", "pools"))),
    Station("pools", (Way("", "pool"),)),
    Station("rep", (Way("not answered", "pools"), Way("left", "start")), "assigned"),
    Station("pool", (), "pooled"),
    Station("island", (Way("never", "nowhere"),)),
)


def test_a_graph_in_which_every_way_ends_is_proved() -> None:
    """ROUT-13: where a lead can rest is an end, also if it goes on from there later."""
    stations = by_name(GOOD)
    assert dead_ends(stations, "start") == ()
    assert ends(stations, "start") == ("rep", "pool")
    assert ends(stations, "rep") == ("rep",)


@pytest.mark.parametrize(
    ("station", "complaint"),
    [
        (Station("pools", (Way("", "pond"),)), "pools: a lead goes on to 'pond' (otherwise)"),
        (Station("pools", (Way("cold", "pool"),)), "pools: a lead for which none of its ways"),
        (Station("pools", ()), "pools: a lead for which none of its ways is open goes nowhere"),
        (Station("pools", (Way("", "start"),)), "start: a lead comes back here without"),
        (Station("pools", (Way("x", "pool"), Way("", "pools"))), "pools: a lead comes back here"),
        (Station("pool", (), ""), "pool: a lead for which none of its ways is open"),
        (
            Station("rep", (Way("left", "gone"),), "assigned"),
            "rep: a lead goes on to 'gone' (left)",
        ),
    ],
)
def test_a_dead_end_is_found_and_named(station: Station, complaint: str) -> None:
    """Twin: one station changed, one complaint, and it names the station."""
    found = dead_ends(by_name((*GOOD, station)), "start")
    assert len(found) == 1
    assert found[0].startswith(complaint)


def test_what_no_lead_reaches_is_no_dead_end() -> None:
    """The island's only way leads nowhere, but nobody is there."""
    assert "island" not in reached(by_name(GOOD), "start")
    assert dead_ends(by_name(GOOD), "island") != ()


def test_a_proof_needs_a_beginning() -> None:
    """A start that is not there proves nothing."""
    with pytest.raises(KeyError):
        dead_ends(by_name(GOOD), "strat")
