"""Territories in the router: sharing, the expanded territory, and whom no tier knows."""

import copy
import json
import random
from collections import Counter
from typing import Any

import pytest

from schemas.outputs import LifecycleChanged, RepAssigned
from streams.policy.compiled import Policy, compile_policy
from streams.policy.territories import Territories
from streams.policy.territory import Territory
from streams.rules.place import Location
from tests import verifier
from tests.streams import policies
from tests.streams.steps.desk_bench import HOUR, DeskBench, recount
from tests.streams.steps.test_route import assigned, bench

REPS = ("ann", "bob", "cay", "dan", "fay")
SELLS_OLD = 'product_interest == "old"'
INSIDE: dict[str, Any] = {
    "expanded_territory": ["dan"],
    "rotation": ["ann", "bob"],
    "territories": [
        {"territory": "coast", "states": ["US-CA"], "reps": ["bob", "cay"]},
        {"territory": "bay", "metropolitan_areas": ["bay"], "reps": ["cay"]},
        {"territory": "banks", "regions": ["north"], "industries": ["banking"], "reps": ["fay"]},
        {"territory": "large", "countries": ["US"], "employees": {"least": 100}, "reps": ["ann"]},
        {"territory": "zip", "countries": ["US"], "postal_prefixes": ["1", "101"], "reps": ["bob"]},
        {"territory": "clinics", "industries": ["health care", "62"], "reps": ["fay", "ann"]},
    ],
}  # fmt: skip
WRITTEN: dict[str, Any] = json.loads(
    policies.text(
        regions={"north": ["US", "CA"]},
        metropolitan_areas={"bay": {"countries": ["US"], "cities": ["Oakland"]}},
        teams={"inside": INSIDE},
        reps={rep: {"team": "inside"} for rep in REPS},
    )
)


def desk_with(**inside: Any) -> DeskBench:
    """A desk with these territories; parts of the team replaced."""
    written = copy.deepcopy(WRITTEN)
    written["teams"]["inside"] |= inside
    return DeskBench(compile_policy(json.dumps(written), 1))


def facts_of(desk: DeskBench, lead_id: str) -> dict[str, Any]:
    """What is known about a lead, by name."""
    row = desk.tables.leads.get(lead_id)
    assert row is not None
    return {name: getattr(row, name) for name in row.__struct_fields__}


def verify_all(desk: DeskBench, written: dict[str, Any]) -> Counter[str]:
    """Every assignment so far, territory included; how often each method decided."""
    given = desk.events(RepAssigned)
    for event in given:
        record = event.model_dump(mode="json", by_alias=True)
        verifier.verify(record, written, facts_of(desk, event.lead_id))
    return Counter(event.method for event in given)


def made_up(chance: random.Random) -> dict[str, Any]:
    """Any mixture of what a territory can ask for."""
    return {
        "country": chance.choice(["US", "CA", "FR", None]),
        "state": chance.choice(["US-CA", None, None]),
        "city": chance.choice(["Oakland", "oakland", None]),
        "postal_code": chance.choice(["10115", "101", "99", None]),
        "industry": chance.choice(["banking", "hospital & health care", "6211", None]),
        "employees": chance.choice([5, 100, None]),
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_verifier_derives_the_territory_of_every_decision(seed: int) -> None:
    """Promise 3: its search through all territories shares no code with the router's index."""
    chance, desk = random.Random(seed), desk_with()  # noqa: S311 - can be run again, no secret
    for _ in range(400):
        desk.lead(**made_up(chance))
        if chance.random() < 0.1:
            desk.rep(chance.choice(REPS), away=[("meeting", 0, HOUR)])
        if chance.random() < 0.1:
            desk.after(HOUR // 2)
    methods = verify_all(desk, WRITTEN)
    assert methods["territory"] > 150
    assert methods["fallback"] > 20
    recount(desk)


def test_the_verifier_finds_a_territory_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: an index that does not know company sizes gives leads to the wrong territory."""
    right = Territories.find

    def sizeless(
        self: Territories,
        team: str,
        location: Location,
        industry: str | None,
        employees: int | None,
    ) -> tuple[Territory, str] | None:
        del employees
        return right(self, team, location, industry, None)

    monkeypatch.setattr(Territories, "find", sizeless)
    desk = desk_with()
    desk.lead(country="US", employees=100)
    with pytest.raises(verifier.Wrong, match="a match of territory large"):
        verify_all(desk, WRITTEN)


def test_the_verifier_finds_an_expanded_territory_that_was_not_asked() -> None:
    """Twin: the general rotation may not take what the expanded territory could have had."""
    desk = desk_with(expanded_territory=[])
    desk.lead(country="FR")
    (event,) = desk.events(RepAssigned)
    record = event.model_dump(mode="json", by_alias=True)
    without = copy.deepcopy(WRITTEN)
    without["teams"]["inside"]["expanded_territory"] = []
    verifier.verify(record, without)
    with pytest.raises(verifier.Wrong, match="expanded territory comes before"):
        verifier.verify(record, WRITTEN)


def test_several_reps_share_a_territory_by_weight() -> None:
    """TERR-06: weighted round robin inside the matched territory only."""
    written = copy.deepcopy(WRITTEN)
    written["reps"]["cay"]["weight"] = 300
    desk = DeskBench(compile_policy(json.dumps(written), 1))
    for _ in range(40):
        desk.lead(state="US-CA", country="US")
    assert Counter(rep for _, rep in desk.assigned()) == {"bob": 10, "cay": 30}


@pytest.mark.parametrize(
    ("fields", "rep", "why"),
    [
        ({"country": "US", "state": "US-CA", "city": "Oakland"}, "cay", "metropolitan area bay"),
        ({"country": "CA", "industry": "retail banking"}, "fay", "region north, industry banking"),
        ({"country": "US", "employees": 100}, "ann", "country US, 100 employees or more"),
        ({"country": "US", "postal_code": "10115"}, "bob", "postal prefix 101"),
        ({"country": "FR", "industry": "6211"}, "ann", "industry 62"),
    ],
)
def test_the_record_says_what_about_the_lead_is_of_the_territory(
    fields: dict[str, Any], rep: str, why: str
) -> None:
    """TERR-01 to TERR-04, ROUT-06: place, industry and size, in the words of the policy."""
    given = assigned(desk_with().lead(**fields))
    assert (given.rep_id, given.method) == (rep, "territory")
    assert given.explanation.path[-1].why.endswith(f": {why}")


def test_the_expanded_territory_takes_what_no_territory_has() -> None:
    """FALL-05, FALL-07, decision 24: its method and reason make it counted as a fallback."""
    desk = desk_with()
    given = assigned(desk.lead(country="FR"))
    assert (given.rep_id, given.method, given.reason) == ("dan", "fallback", "no_territory")
    assert given.explanation.rotation == "inside/expanded_territory"


def test_with_nobody_in_the_expanded_territory_the_general_rotation_takes_it() -> None:
    """FALL-02, decision 24: still a fallback, and the record says who was asked before."""
    desk = desk_with()
    desk.rep("dan", available=False)
    given = assigned(desk.lead(country="FR"))
    assert (given.rep_id, given.method, given.reason) == ("ann", "fallback", "no_territory")
    assert given.explanation.rotation == "inside/round_robin"
    assert [step.tier for step in given.explanation.path][-2:] == ["fallback", "fallback"]
    verify_all(desk, WRITTEN)


def test_only_when_nobody_is_eligible_it_waits_as_unassigned_territory() -> None:
    """FALL-02, decision 24: the queue is the last resort, and it is woken like any other."""
    desk = desk_with()
    for rep in REPS:
        desk.rep(rep, available=False)
    desk.lead("abroad", country="FR")
    desk.lead("at-home", country="US", state="US-CA")
    reasons = {event.lead_id: event.reason for event in desk.events(LifecycleChanged)}
    assert reasons == {"abroad": "unassigned_territory", "at-home": "nobody_eligible"}
    desk.rep("dan", available=True)
    assert desk.assigned() == [("abroad", "dan")]
    recount(desk)


def test_a_known_territory_without_anybody_is_not_expanded() -> None:
    """Decision 24 is about leads without a territory; others go on to the next tier."""
    desk = desk_with()
    for rep in ("bob", "cay"):
        desk.rep(rep, available=False)
    given = assigned(desk.lead(country="US", state="US-CA"))
    assert (given.rep_id, given.method, given.reason) == ("ann", "round_robin", "round_robin")


@pytest.mark.parametrize(
    ("tiers", "fields", "expected"),
    [
        (["account"], {}, ("ann", "no_tier", "round_robin")),
        (["account", "specialty"], {}, ("ann", "no_tier", "round_robin")),
        (["territory"], {"country": "FR"}, ("dan", "no_territory", "expanded_territory")),
        (["territory", "specialty"], {}, ("dan", "no_territory", "expanded_territory")),
    ],
)  # fmt: skip
def test_whatever_the_tiers_a_lead_that_matches_none_falls_back(
    tiers: list[str], fields: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    """ROUT-13, FALL-01, FALL-06: no lead is left over because no rule matched."""
    inside = {"tiers": tiers} | ({} if "territory" in tiers else {"expanded_territory": []})
    desk = desk_with(**inside)
    given = assigned(desk.lead(**fields))
    rotation = (given.explanation.rotation or "").partition("/")[2]
    assert (given.rep_id, given.reason, rotation) == expected
    written = copy.deepcopy(WRITTEN)
    written["teams"]["inside"] |= inside
    verify_all(desk, written)


def test_without_a_general_tier_a_lead_waits_for_its_own_territory() -> None:
    """The policy wants it so: its tiers end with the territory, and that has reps."""
    desk = desk_with(tiers=["account", "territory"])
    for rep in ("bob", "cay"):
        desk.rep(rep, available=False)
    desk.lead("lead-1", country="US", state="US-CA")
    assert desk.assigned() == []
    desk.rep("cay", available=True)
    assert desk.assigned() == [("lead-1", "cay")]


def test_a_team_without_territories_has_no_fallback_in_its_rotation() -> None:
    """ROUT-08, SPEC-04: the general rotation is its rule, not an error."""
    given = assigned(bench().lead(country="FR"))
    assert (given.method, given.reason) == ("round_robin", "round_robin")


def test_who_did_not_answer_is_followed_inside_the_expanded_territory() -> None:
    """Decision 35: next in the same rotation."""
    desk = desk_with(expanded_territory=["dan", "fay"])
    desk.lead("lead-1", country="FR")
    desk.after(2 * HOUR)
    assert desk.assigned() == [("lead-1", "dan"), ("lead-1", "fay")]
    recount(desk)


def test_a_rep_who_leaves_the_expanded_territory_leaves_its_rotation() -> None:
    """Rotation, design section 5: a policy without him forgets his turn there."""
    desk = desk_with(expanded_territory=["dan", "fay"])
    desk.lead(country="FR")
    assert desk.tables.turns.get("inside/expanded_territory/dan") is not None
    written = copy.deepcopy(WRITTEN)
    written["teams"]["inside"]["expanded_territory"] = ["fay"]
    desk.publish(compile_policy(json.dumps(written), 2))
    assert desk.tables.turns.get("inside/expanded_territory/dan") is None
    assert assigned(desk.lead(country="FR")).rep_id == "fay"


def test_a_territory_moves_with_the_policy_and_nothing_else() -> None:
    """TERR-07, TERR-08, TERR-11: territories are in the policy; publishing one moves them."""
    desk = desk_with()
    assert assigned(desk.lead("before", country="US", state="US-CA")).rep_id == "bob"
    written = copy.deepcopy(WRITTEN)
    written["teams"]["inside"]["territories"][0]["reps"] = ["fay"]
    desk.publish(compile_policy(json.dumps(written), 2))
    given = assigned(desk.lead("after", country="US", state="US-CA"))
    assert (given.rep_id, given.policy_version) == ("fay", 2)
    assert desk.owners()["before"] == "bob"


@pytest.mark.parametrize("stale", ["rep", "territory", "product"])
def test_rules_that_are_out_of_date_leave_no_lead_over(stale: str) -> None:
    """FALL-08: a rep has left, a territory is gone, a product is new: somebody else takes it."""
    desk = desk_with(specialties=[{"specialty": "old", "when": SELLS_OLD, "reps": ["fay"]}])
    lead: dict[str, Any] = {"country": "US", "state": "US-CA"}
    expected = ("ann", "round_robin")
    if stale == "rep":
        for rep in ("bob", "cay"):
            desk.rep(rep, status="left")
    elif stale == "territory":
        desk.publish(without_coast())
        expected = ("dan", "fallback")
    else:
        lead, expected = {"product_interest": "new"}, ("dan", "fallback")
    given = assigned(desk.lead(**lead))
    assert (given.rep_id, given.method) == expected


def without_coast() -> Policy:
    """The next version, without the first territory."""
    written = copy.deepcopy(WRITTEN)
    del written["teams"]["inside"]["territories"][0]
    return compile_policy(json.dumps(written), 2)
