"""Derives the owner of a decision again, from its record and the policy document alone.

Shares no code with the router: it reads JSON. What it cannot know (who was absent) it takes from
the record's candidates; whom the policy lists and who of them comes next it works out itself. An
owner whom a person chose it derives from the input event that names him.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from types import MappingProxyType
from typing import Any

from tests.hot_lane_verifier import ACCEPTED, Wrong, winner
from tests.rep_standing import away_by_policy, cost_of, on_call_at, on_call_members, weights_at
from tests.territory_search import Facts, territory_of
from tests.tier_verifier import same, verify_tiers

__all__ = ["Wrong", "verify", "verify_order"]

ONE_LEAD = 2**40
FULL_LIST = 50


def verify(
    assignment: Mapping[str, Any],
    policy: Mapping[str, Any],
    facts: Facts | None = None,
    said: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    offers: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Checks one `assignments.rep` value. Raises `Wrong` with the first contradiction.

    With the lead's `facts` (country, state, city, postal_code, industry, employees) its territory
    is derived too; the record alone has no personal data and so no place. `said`: what people
    decided, the input events by the id that `caused_by` names; `offers`: what assignments.offers
    said, by which the winner of a race is derived.
    """
    record = assignment["explanation"]
    same(record["chosen"], assignment["rep_id"], "chosen")
    same(record["policy_version"], assignment["policy_version"], "policy version")
    verify_tiers(record, policy, assignment)
    if facts is not None:
        _territory(record, policy, assignment, facts)
    if record.get("rotation"):
        won = record["tie_break"] == ACCEPTED
        taker = winner(assignment, said, offers) if won else None
        _rotation(record, policy, assignment, taker)
    elif record["path"][-1]["tier"] == "by_hand":
        _by_hand(record, said, assignment)
    else:
        _single(record, policy, assignment)


def verify_order(assignments: Sequence[Mapping[str, Any]]) -> None:
    """Checks that a rotation's virtual time goes on from decision to decision.

    For runs in which no turn is given back and no member comes back `fresh`.
    """
    times: dict[str, str] = {}
    for assignment in assignments:
        record = assignment["explanation"]
        rotation = record.get("rotation")
        if rotation:
            before = times.get(rotation, record["virtual_time_before"])
            same(before, record["virtual_time_before"], f"virtual time of {rotation}")
            times[rotation] = record["virtual_time_after"]


def _territory(
    record: Mapping[str, Any],
    policy: Mapping[str, Any],
    assignment: Mapping[str, Any],
    facts: Facts,
) -> None:
    """The territory that the path names is the one that a search through all of them finds."""
    found = territory_of(facts, policy, assignment["team"])
    for step in record["path"]:
        if step["tier"] == "territory":
            same(step["matched"], found is not None, f"a match of territory {found}")
            named = step["why"].partition(": ")[0]
            if named.startswith("territory:"):
                same(named, f"territory:{found}", "territory")
    rotation = record.get("rotation") or ""
    if assignment["method"] == "territory" and not rotation.endswith("/on_call"):
        same(rotation, f"{assignment['team']}/territory:{found}", "territory")


def _members(policy: Mapping[str, Any], team_name: str, rotation: str) -> Sequence[str]:
    team: dict[str, Any] = policy["teams"][team_name]
    kind, _, name = rotation.partition(":")
    if kind == "territory":
        return _reps_of(team["territories"], kind, name)
    if kind == "specialty":
        return _reps_of(team["specialties"], kind, name)
    if kind == "hot_lane":
        lane: list[str] = team["hot_lane"]["rotation"]
        return lane
    if kind == "on_call":
        return on_call_members(team)
    if kind == "expanded_territory":
        listed: list[str] = team[kind]
        return listed
    general = [rep for rep, each in policy["reps"].items() if each["team"] == team_name]
    return team.get("rotation") or general


def _reps_of(listed: Sequence[Mapping[str, Any]], kind: str, name: str) -> Sequence[str]:
    reps: list[str] = next(each["reps"] for each in listed if each[kind] == name)
    return reps


def _rotation(
    record: Mapping[str, Any],
    policy: Mapping[str, Any],
    assignment: Mapping[str, Any],
    taker: str | None,
) -> None:
    team, _, rotation = record["rotation"].partition("/")
    same(record.get("points"), cost_of(policy, team, assignment["grade"]), "points")
    same(team, assignment["team"], "team of the rotation")
    members = _members(policy, team, rotation)
    candidates = record["candidates"]
    listed = {
        each["rep_id"]: each for each in candidates if each.get("rotation") == record["rotation"]
    }
    _listed(record, listed, members)
    for each in candidates:
        if each["eligible"] == bool(each.get("why_not")):
            raise Wrong(f"{each['rep_id']} is passed over without a reason, or eligible with one")
        if each["eligible"] and each["rep_id"] not in listed:
            raise Wrong(f"{each['rep_id']} could take it before {record['rotation']} was asked")
    able = {rep: each for rep, each in listed.items() if each["eligible"]}
    if rotation == "on_call" and not set(able) <= on_call_at(policy["teams"][team], record["now"]):
        raise Wrong(f"{sorted(able)} are not all on call at {record['now']}")
    for rep, each in able.items():
        _capacity(rep, each, policy)
        same(away_by_policy(policy, rep, record["now"]), None, f"absence of {rep}")
    absent = _still_sharing(listed, policy["teams"][team])
    _turns(record, able, policy, taker, absent)


def _still_sharing(
    listed: Mapping[str, Mapping[str, Any]], team: Mapping[str, Any]
) -> Sequence[str]:
    """Under `catch_up` those who were passed over get their share too, once they are there."""
    if team.get("absence", "keep_place") != "catch_up":
        return ()
    nothing_missed = {None, "left", "not_started", "not_on_call"}
    return [rep for rep, each in listed.items() if each.get("why_not") not in nothing_missed]


def _listed(record: Mapping[str, Any], listed: Mapping[str, Any], members: Sequence[str]) -> None:
    """Everybody of the rotation that decided; beyond fifty the others are counted.

    Those whom earlier tiers looked at are counted with them, so then only no fewer is known.
    """
    rest = sum(record.get("counts_by_reason", {}).values())
    if not rest:
        same(sorted(listed), sorted(members), "candidates")
    elif not set(listed) <= set(members) or len(record["candidates"]) != FULL_LIST:
        raise Wrong("candidates: strangers in the rotation, or counts beside a list with room")
    elif FULL_LIST + rest < len(members):
        raise Wrong(f"candidates: {FULL_LIST + rest} counted of {len(members)}")


def _capacity(rep: str, candidate: Mapping[str, Any], policy: Mapping[str, Any]) -> None:
    own = policy["reps"][rep]
    limit = own.get("open_limit") or policy["teams"][own["team"]].get("open_limit", 50)
    if candidate["load"] >= limit:
        raise Wrong(f"{rep} has {candidate['load']} open leads and a limit of {limit}")


def _turns(
    record: Mapping[str, Any],
    able: Mapping[str, Mapping[str, Any]],
    policy: Mapping[str, Any],
    taker: str | None,
    absent: Sequence[str],
) -> None:
    """Earliest deadline among those whose turn has begun, else who is least ahead; then rep id.

    A winner of a race takes it whose turn ever it is, and is charged as anybody.
    """
    now = int(record["virtual_time_before"])
    turns, weights = {}, {}
    for rep, each in able.items():
        start, deadline = map(int, each["turn_before"].split())
        weights[rep] = _weight(policy, rep, record["now"], deadline - start)
        turns[rep] = (start, deadline)
    cost = record.get("points") or 1
    due = {rep: start + cost * (end - start) for rep, (start, end) in turns.items()}
    begun = {rep for rep, turn in turns.items() if turn[0] <= now}
    if taker is not None:
        best = taker
    elif begun:
        best = min(begun, key=lambda rep: (due[rep], rep))
    else:
        best = min(turns, key=lambda rep: (_leads_ahead(turns[rep], now), rep))
    same(record["chosen"], best, "owner")
    after = f"{due[best]} {due[best] + ONE_LEAD // weights[best]}"
    same(record["turn_after"], after, "turn after")
    if not record.get("counts_by_reason", {}):
        possible = [weights_at(policy, rep, record["now"]) for rep in absent]
        sums = {sum(weights.values()) + sum(each) for each in product(*possible)}
        later = {str(now + cost * (ONE_LEAD // each)) for each in sums}
        if record["virtual_time_after"] not in later:
            raise Wrong(f"virtual time after: {record['virtual_time_after']}, derived {later}")


def _weight(policy: Mapping[str, Any], rep: str, now: int | str, length: int) -> int:
    """The weight that the policy gives the rep then: his turn has to be as long as it says."""
    possible = weights_at(policy, rep, now)
    for weight in possible:
        if ONE_LEAD // weight == length:
            return weight
    raise Wrong(f"{rep}'s turn is {length} long, the policy gives weights of {possible}")


def _leads_ahead(turn: tuple[int, int], now: int) -> int:
    """In units of 2^-40 lead, rounded down."""
    start, deadline = turn
    return (start - now) * ONE_LEAD // (deadline - start)


def _by_hand(
    record: Mapping[str, Any], said: Mapping[str, Mapping[str, Any]], assignment: Mapping[str, Any]
) -> None:
    """A person's decision: whom the causing event names, by whom it says, and nobody's clock."""
    event = said.get(assignment["caused_by"])
    if event is None:
        raise Wrong("by hand, but no event is its cause")
    same(assignment["rep_id"], event["rep_id"], "owner")
    same(assignment["lead_id"], event["lead_id"], "lead")
    same(assignment["method"], "manager", "method")
    same((assignment["by"], assignment["why"]), (event["by"], event["reason"]), "who and why")
    same([step["why"] for step in record["path"]], [event["type"]], "path")
    same(assignment["contact_due_at"], None, "clock")


def _single(
    record: Mapping[str, Any], policy: Mapping[str, Any], assignment: Mapping[str, Any]
) -> None:
    """No rotation: an owner, a named backup, or the manager."""
    rep, method = assignment["rep_id"], assignment["method"]
    why = [step["why"] for step in record["path"] if step["matched"]]
    if method == "manager":
        same(rep, policy["teams"][assignment["team"]]["manager"], "manager")
    elif method == "backup":
        named = [each.get("backup") for each in policy["reps"].values()]
        if rep not in named or f"{rep}: eligible" not in why:
            raise Wrong(f"{rep} is nobody's backup, or was not eligible")
    elif assignment["reason"] == "works_account":
        said = why[-1].split("; ")[1:]
        first = next((part for part in said if part.endswith(" works it")), None)
        same(first, f"{rep} works it", "who works the account")
    elif method in {"account", "named_account"}:
        same(why[-1].removesuffix(" of the parent account"), f"owner {rep}", "owner")
    else:
        raise Wrong(f"method {method} needs a rotation")
