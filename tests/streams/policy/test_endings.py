"""Every lead ends with an owner, in a pool or in a place (ROUT-13, FALL-06)."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from schemas.outputs import LifecycleChanged, RepAssigned
from streams.policy import endings, station_names
from streams.policy.compiled import Policy, compile_policy
from streams.policy.document import Document
from streams.policy.endings import stations_of
from streams.policy.loading import load
from streams.policy.station_names import START
from streams.policy.stations import Stations, dead_ends, ends
from streams.steps.choose import TIERS
from tests.streams import policies
from tests.streams.policy.sample import SAMPLE, broken
from tests.streams.steps.desk_bench import DAY, HOUR, MINUTE, DeskBench

DEFAULT = (Path(__file__).parents[3] / "deploy" / "policies" / "default.yaml").read_text("utf-8")
Deed = Callable[[], Any]
OFFERED = "inside: offered to several"
OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "begin": "09:00", "end": "17:00"}
TERRITORIES = [{"territory": "us", "countries": ["US"], "reps": ["ann", "bob"]}]
SPECIALTIES = [{"specialty": "banks", "when": 'industry == "bank"', "reps": ["cay"]}]
POLICIES: dict[str, dict[str, Any]] = {
    "small": {},
    "backups": {"reps": {"ann": {"backup": "bob"}, "bob": {"backup": "eve"}}},
    "held outside hours": {"teams": {"inside": {"hours": OFFICE, "outside_hours": "hold"}}},
    "on call": {"teams": {"inside": {"hours": OFFICE, "on_call": ["cay"]}}},
    "no rotation": {"teams": {"inside": {"tiers": ["account", "named_account"]}}},
    "everything pushed": {"teams": {"inside": {"push": {"all": True}, "open_limit": 1}}},
    "places and skills": {
        "teams": {"inside": {"territories": TERRITORIES, "specialties": SPECIALTIES}}
    },
    "expanded territory": {
        "teams": {"inside": {"territories": TERRITORIES, "expanded_territory": ["cay"]}}
    },
    "a hot lane of its own": {
        "teams": {"inside": {"hot_lane": {"rotation": ["cay"]}, "open_limit": 2}}
    },
    "a race": {"teams": {"inside": {"hot_lane": {"method": "race"}}}},
    "a race of its own": {
        "teams": {"inside": {"hot_lane": {"method": "race", "rotation": ["ann", "cay"]}}}
    },
    "no hot lane": {"teams": {"inside": {"hot_lane": {"over": None}}}},
    "nothing withheld": {"nurture_grades": [], "teams": {"inside": {"contact": {"attempts": 1}}}},
}


@pytest.mark.parametrize(
    "text", [DEFAULT, SAMPLE, *(policies.text(**each) for each in POLICIES.values())]
)
def test_every_way_through_a_good_policy_ends(text: str) -> None:
    """ROUT-13, FALL-06: with an owner, in a pool, or in a place."""
    stations = stations_of(compile_policy(text, 1).document)
    assert dead_ends(stations, START) == ()
    places = {stations[name].place for name in ends(stations, START)}
    assert (
        {"assigned", "waiting", "nurture"} <= places <= {"assigned", "waiting", "nurture", "pooled"}
    )


BAD = [
    ("default_desk: main", "default_desk: mian", "'desk mian'"),
    ("default_team: far", "default_team: fra", "'team fra'"),
    ("team: field\n", "team: feild\n", "'team feild' (rule `employees >= 500`)"),
    ("fallback_pool: warm", "fallback_pool: wram", "'pool wram' (otherwise)"),
    ("manager: rep-4", "manager: rep-9", "'far: kept by the manager'"),
    ("rep-4: {team: far}", "rep-4: {team: field}", "'far: with a rep'"),
    ("    teams: [far]\n", "    teams: [smb]\n", "'team far'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "complaint"), BAD)
def test_a_policy_that_would_leave_a_lead_without_an_end_is_found(
    old: str, new: str, complaint: str
) -> None:
    """Twin: read without the checks that refuse it, each broken name is a dead end."""
    found = dead_ends(stations_of(load(broken(old, new))), START)
    assert any(complaint in sentence for sentence in found), found


def test_a_tier_without_a_step_is_a_dead_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: the walk asks the code for its tiers, not only the policy."""
    monkeypatch.setattr(endings, "TIERS", {key: TIERS[key] for key in TIERS if key != "specialty"})
    found = dead_ends(stations_of(load(SAMPLE)), START)
    assert any("'smb: specialty'" in sentence for sentence in found), found


def test_a_team_without_tiers_goes_straight_to_the_waiting_room() -> None:
    """The check refuses it; the walk does not stumble over it."""
    stations = stations_of(load(broken("on_call: [rep-2]", "tiers: []")))
    assert "smb: waiting room" in ends(stations, START)


def test_every_tier_of_the_code_has_its_ways() -> None:
    """A tier that is added to the steps must be added to the proof."""
    assert set(endings._FOUND) == set(TIERS)


def rest(event: LifecycleChanged, place: str | None, *, by_manager: bool) -> str:
    """The station at which a lead rests when it has a place of the contract."""
    team = str(event.team)
    if place in {"assigned", "converted"} and event.assignment_id is not None:
        return station_names.kept(team) if by_manager else station_names.rep(team)
    if event.reason == "offered":
        return station_names.offered(team)
    if place == "pooled":
        return station_names.pool(str(event.pool))
    names = {"waiting": station_names.waiting(team), "nurture": "nurture", "archived": "archive"}
    return names.get(str(place), "closed")


def moves(desk: DeskBench) -> set[tuple[str, str]]:
    """From where to where leads really went, by the names of stations."""
    managers = {each.assignment_id for each in desk.events(RepAssigned) if each.method == "manager"}
    rests: dict[str, str] = {}
    found = set()
    for event in desk.events(LifecycleChanged):
        to = rest(event, event.to_place, by_manager=event.assignment_id in managers)
        found.add((rests.get(event.lead_id, START), to))
        rests[event.lead_id] = to
    return found


def unforeseen(stations: Stations, found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Moves that the walk through the document does not know."""
    return {
        (begin, to)
        for begin, to in found
        if begin != to
        and to not in {each for way in stations[begin].ways for each in ends(stations, way.to)}
    }


def operate(policy: Policy, seed: int) -> DeskBench:
    """Some weeks of leads, absences, answers and silence, made up from a seed."""
    draw, desk = Random(seed), DeskBench(policy)  # noqa: S311 - a seed, no secret
    reps = sorted(policy.document.reps)
    deeds: list[Deed] = [
        lambda: desk.lead(**_lead(draw)),
        lambda: desk.lead(**_lead(draw)),
        lambda: desk.lead(_known(draw, desk), kind=draw.choice(["touch", "update"]), **_lead(draw)),
        lambda: desk.rep(draw.choice(reps), status=draw.choice(["left", "active", "active"])),
        lambda: desk.rep(draw.choice(reps), away=[("pto", 0, draw.randint(1, 3) * DAY)]),
        lambda: desk.rep(draw.choice(reps), available=draw.random() < 0.7),
        lambda: _answer(draw, desk),
        lambda: _run(draw, desk),
        lambda: desk.publish(policy),
        lambda: desk.after(draw.choice([MINUTE, HOUR, 5 * HOUR, DAY, 9 * DAY, 31 * DAY])),
    ]
    for _ in range(150):
        draw.choice(deeds)()
    return desk


def _lead(draw: Random) -> dict[str, Any]:
    return {
        "hot": draw.random() < 0.2,
        "source": draw.choice(["demo_request", "webinar"]),
        "score": draw.choice([10, 60, 90, 95]),
        "grade": draw.choice(["A", "B", "B", "F"]),
        "employees": draw.choice([5, 900]),
        "country": draw.choice([None, "US", "DE"]),
        "industry": draw.choice([None, "bank"]),
        "owner_rep_id": draw.choice([None, None, "bob", "nobody"]),
        "contact_allowed": draw.random() < 0.9,
    }


def _known(draw: Random, desk: DeskBench) -> str:
    known = sorted(key for key, _ in desk.tables.places.items())
    return draw.choice([*known, "lead-unknown"])


def _answer(draw: Random, desk: DeskBench) -> None:
    held = sorted(desk.owners().items())
    if held:
        lead_id, holder = draw.choice(held)
        what = ["contacted", "returned", "returned", "lost", "won", "opportunity_created"]
        desk.activity(lead_id, holder, draw.choice(what))


def _run(draw: Random, desk: DeskBench) -> None:
    running = sorted(key for key, place in desk.tables.places.items() if place.race)
    if running:
        rep, offer = draw.choice(sorted(desk.offers(draw.choice(running)).items()))
        draw.choice([desk.accept, desk.decline])(offer, rep)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", range(4))
def test_leads_go_only_where_the_walk_says(name: str, seed: int) -> None:
    """The walk is no text beside the code: whatever the stage does is one of its ways."""
    policy = policies.policy(**POLICIES[name])
    found = moves(operate(policy, seed))
    assert len(found) > 8
    assert unforeseen(stations_of(policy.document), found) == set()


def without_way(document: Document, station: str, when: str) -> Stations:
    """The walk with one of its ways forgotten."""
    stations = stations_of(document)
    ways = tuple(way for way in stations[station].ways if when not in way.when)
    assert len(ways) == len(stations[station].ways) - 1
    return {**stations, station: stations[station]._replace(ways=ways)}


@pytest.mark.parametrize(
    ("station", "when", "move"),
    [
        ("nurture", "no news", ("nurture", "archive")),
        ("inside: with a rep", "closed by", ("inside: with a rep", "closed")),
        ("inside: kept by the manager", "closed by", ("inside: kept by the manager", "closed")),
        ("inside: waiting room", "is free", ("inside: waiting room", "inside: with a rep")),
        (OFFERED, "the first of", (OFFERED, "inside: with a rep")),
    ],
)
def test_a_way_that_the_walk_forgets_would_be_noticed(
    station: str, when: str, move: tuple[str, str]
) -> None:
    """Twin: without it the stage goes where the walk does not."""
    policy = policies.policy(**(POLICIES["a race"] if station == OFFERED else {}))
    found = set[tuple[str, str]]().union(*(moves(operate(policy, seed)) for seed in range(8)))
    forgetful = without_way(policy.document, station, when)
    assert move in found
    if station in {"inside: waiting room", OFFERED}:
        forgetful = {**forgetful, station: forgetful[station]._replace(ways=())}
    assert move in unforeseen(forgetful, found)
