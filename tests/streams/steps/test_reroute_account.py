"""What was given with its account is routed again with it (ACCT-05, decisions 0037 and 0039)."""

import pytest

from tests.streams.steps.desk_bench import DeskBench, recount
from tests.streams.steps.test_reroute import moved_to, territory
from tests.streams.steps.test_route import bench


def account_of_ann() -> DeskBench:
    """Ann has the first lead of an account from Germany, and two that came to her behind it."""
    desk = bench(inside=territory("ann"))
    for lead_id in ("lead-1", "lead-2", "lead-3"):
        country = "DE" if lead_id == "lead-1" else "FR"
        desk.lead(lead_id, country=country, home="domain:acme.example")
        desk.after(1)
    assert set(desk.owners().values()) == {"ann"}
    return desk


@pytest.mark.parametrize(
    "order", [("lead-1", "lead-2", "lead-3"), ("lead-3", "lead-1", "lead-2", "lead-3")]
)
def test_an_account_follows_the_lead_for_which_it_came(order: tuple[str, ...]) -> None:
    """Decision 0039: it neither keeps that lead with him nor is it torn apart, in any order."""
    desk = account_of_ann()
    desk.publish(moved_to("bob", "cay"))
    for lead_id in order:
        desk.reroute(lead_id)
    assert desk.owners() == dict.fromkeys(("lead-1", "lead-2", "lead-3"), "bob")
    assert [desk.reroute(lead_id) for lead_id in order] == [[]] * len(order)
    recount(desk)


def test_what_came_with_the_account_stays_while_its_first_lead_does() -> None:
    """Its own place is none of the territory's: the rules still mean who works the account."""
    desk = account_of_ann()
    desk.publish(moved_to("ann", "cay"))
    assert desk.reroute("lead-2") == []
