"""A bulk re-route: what it shows is what comes of it, and only what was asked for moves."""

import random
from collections.abc import Iterable
from functools import cache
from typing import Any, cast

import pytest

from agents.reroute import (
    AS_WANTED,
    Hand,
    NotTaken,
    Outlook,
    Wanted,
    asked_for,
    outlook,
    strangers,
)
from agents.settings import PUBLIC_SECRET
from agents.simulation.simulation import Line
from agents.simulation.trial import Trial
from schemas.codec import Codec
from schemas.record import format_time
from streams.pipeline import pipeline
from streams.policy.compiled import Policy
from streams.rows.route import PlaceRow, RouteTables
from streams.steps.reroute import where
from tests.proof.made_leads import made_leads
from tests.streams import policies

START, MINUTE, LEADS = 1_772_452_800_000, 60_000, 180
NOW = START + 400 * MINUTE
REPS = ("ann", "bob", "cay", "dan", "fay", "gil")
BY_MANAGER = Hand("manager-1", "a new split")


def rules(version: int, dach: Iterable[str], usa: Iterable[str]) -> Policy:
    """Two countries each are a territory; downloads go to pools."""
    territories = [
        {"territory": "dach", "countries": ["DE", "FR"], "reps": list(dach)},
        {"territory": "usa", "countries": ["US", "BR"], "reps": list(usa)},
    ]
    return policies.policy(
        version,
        desks={"main": {"team_rules": []}},
        teams={"inside": {"territories": territories, "rotation": ["gil"], "open_limit": 40,
                          "tiers": ["territory", "round_robin"],
                          "push": {"when": 'source != "content_download"'},
                          "contact": {"target": "9h", "target_high": "9h"}}},
        reps={rep: {"team": "inside"} for rep in REPS},
    )  # fmt: skip


def lived() -> Trial:
    """A morning of leads, some of them worked; then Germany gets other reps."""
    trial = Trial(pipeline(PUBLIC_SECRET.encode(), Codec()), Codec())
    chance = random.Random(5)  # noqa: S311 - made input, not a secret
    trial.pipeline.publish(rules(1, ("ann", "bob"), ("cay",)), START)
    for number, made in enumerate(made_leads(LEADS, seed=3, bad_every=10**9)):
        at = START + number * MINUTE
        trial.pipeline.feed(Line("leads.raw", at, made.value, made.key.encode()))
        place = places(trial).get(made.lead_id)
        if place is not None and place.assignment is not None and chance.random() < 0.2:
            trial.said("crm.events", contacted(made.lead_id, place.assignment.rep_id, at), at)
    trial.pipeline.publish(rules(2, ("bob", "dan", "fay"), ("cay", "ann")), NOW - MINUTE)
    return trial


def contacted(lead_id: str, rep_id: str, at: int) -> dict[str, Any]:
    """The rep has been in touch."""
    return {
        "type": "lead.activity", "sender": "crm", "event_id": f"{lead_id}-contacted",
        "occurred_at": format_time(at), "lead_id": lead_id, "rep_id": rep_id,
        "activity": "contacted",
    }  # fmt: skip


def places(trial: Trial) -> dict[str, PlaceRow]:
    """Where every lead is."""
    return {
        lead_id: row
        for (topic, _), partition in trial.pipeline.partitions.items()
        if topic == "routing.inbox"
        for lead_id, row in cast("RouteTables", partition.tables).places.items()
    }


def after(events: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Where every lead is once these requests came in, in a life of their own."""
    trial = lived()
    for event in events:
        trial.said("pools.commands", event, NOW)
    return {lead_id: where(row) for lead_id, row in places(trial).items()}


@cache
def before() -> dict[str, PlaceRow]:
    """Where every lead is before anything is asked for."""
    return places(lived())


@cache
def shown(wanted: Wanted, *, worked: bool = False) -> Outlook:
    """What the preview says."""
    return outlook(lived(), wanted, BY_MANAGER._replace(worked=worked), NOW)


@pytest.mark.parametrize("wanted", [Wanted(territory="dach"), Wanted(), Wanted(rep="ann")])
@pytest.mark.parametrize("worked", [False, True])
def test_what_is_shown_is_what_comes_of_it(wanted: Wanted, *, worked: bool) -> None:
    """Issue 4, Bulk re-route with the same preview first: lead by lead, nothing more, nothing else.

    Asking again for everything then moves nothing: it is where the rules want it.
    """
    seen = shown(wanted, worked=worked)
    assert len(seen.moves) > 10
    expected = {lead_id: where(row) for lead_id, row in before().items()}
    expected |= {move.lead_id: move.to for move in seen.moves}
    assert after(seen.requests) == expected
    assert after([*seen.requests, *(again(each) for each in seen.requests)]) == expected


def again(request: dict[str, Any]) -> dict[str, Any]:
    """The same wish, sent once more as another event."""
    return request | {"event_id": f"again-{request['event_id']}"}


def test_in_another_order_something_else_would_come_of_it() -> None:
    """The twin: so the order of the preview has to be kept on the way (decision 0037)."""
    seen = shown(Wanted(territory="dach"))
    moved = {move.lead_id: move.to for move in seen.moves}
    other = after(reversed(seen.requests))
    assert {lead_id: other[lead_id] for lead_id in moved} != moved


def test_every_move_says_from_whom_to_whom_and_why() -> None:
    """What a manager reads before saying yes."""
    for move in shown(Wanted(territory="dach")).moves:
        row = before()[move.lead_id]
        assert move.came_from == where(row)
        assert move.to in {"bob", "dan", "fay"}
        assert move.why.partition(" country ")[0] == "territory: territory:dach:"


def test_reps_keep_what_they_work_and_what_the_rules_could_give_them() -> None:
    """Counted by why; with `worked` the first go too."""
    seen = shown(Wanted(territory="dach"))
    assert seen.stay.keys() == {AS_WANTED, "worked"}
    assert set(shown(Wanted(territory="dach"), worked=True).stay) == {AS_WANTED}
    for move in seen.moves:
        held = before()[move.lead_id].assignment
        assert held is not None
        assert (held.rep_id, held.contacted_at) == ("ann", None)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(territory="usa"),
        Wanted(team="inside"),
        Wanted(rep="ann"),
        Wanted(pool="cold"),
        Wanted(desk="main"),
        Wanted(rep="cay", territory="usa"),
        Wanted(rep="cay", territory="dach"),
    ],
)
def test_only_what_is_asked_for_is_looked_at(wanted: Wanted) -> None:
    """All options narrow it down together."""
    found = {each.lead_id for each in asked_for(lived(), wanted)}
    expected = {
        lead_id
        for lead_id, row in before().items()
        if wanted.rep in {None, row.assignment.rep_id if row.assignment else ""}
        and wanted.pool in {None, row.pool}
        and wanted.team in {None, row.team}
        and row.place in {"assigned", "pooled", "waiting"}
    }
    if wanted.territory is None:
        assert found == expected != set()
    else:
        assert found <= expected
        assert (found == set()) is (wanted == Wanted(rep="cay", territory="dach"))


def test_a_territory_that_has_lost_a_lead_is_asked_for_too() -> None:
    """Its rotation gave the lead, whatever the lead's territory is now."""
    trial = lived()
    austria = {"territory": "dach", "countries": ["AT"], "reps": ["bob"]}
    inside = {"rotation": ["gil"], "territories": [austria]}
    reps = {rep: {"team": "inside"} for rep in REPS}
    trial.pipeline.publish(policies.policy(3, teams={"inside": inside}, reps=reps), NOW)
    found = [each.lead_id for each in asked_for(trial, Wanted(territory="dach"))]
    rows = [before()[lead_id].assignment for lead_id in found]
    assert {row.rotation for row in rows if row is not None} == {"inside/territory:dach"}


def test_names_that_the_policy_does_not_know_are_found() -> None:
    """With those that it knows, for a hint."""
    known = Wanted(desk="main", team="inside", rep="ann", pool="cold")
    assert list(strangers(known, lived())) == []
    (found,) = strangers(Wanted(territory="dahc"), lived())
    assert found == ("territory", "dahc", ("dach", "usa"))


def test_a_request_that_would_be_refused_is_refused_before_it_is_sent() -> None:
    """Such as one by somebody with a name beyond all measure."""
    with pytest.raises(NotTaken, match="by: "):
        outlook(lived(), Wanted(), Hand("m" * 1_000, "a new split"), NOW)
