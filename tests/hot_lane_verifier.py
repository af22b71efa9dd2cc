"""Derives who got a lead of the hot lane from the records alone (LANE-01, LANE-02, LANE-05).

A part of `tests.verifier`: it shares no code with the router either.
"""

from collections.abc import Mapping, Sequence
from typing import Any

ONE_LEAD = 2**40
ACCEPTED = "accepted first"
OWNERS = ("account", "named_account")


class Wrong(AssertionError):
    """The record does not lead to the owner that it names."""


def verify_lane(
    assignment: Mapping[str, Any], team: Mapping[str, Any], order: Sequence[str]
) -> None:
    """Decision 13: a score over the lane's, and no owner of those for whom the policy asks.

    `order`: the policy's tiers, those of owners first. Raises `Wrong`.
    """
    record, score = assignment["explanation"], assignment["score"]
    lane = team.get("hot_lane", {})
    over = lane.get("over", 90)
    if over is None or score <= over:
        raise Wrong(f"a score of {score} does not take the hot lane, which is over {over}")
    won = record["tie_break"] == ACCEPTED
    owners = [] if won else [tier for tier in order if tier in OWNERS]
    asked = dict.fromkeys(step["tier"] for step in record["path"] if step["tier"] != "push")
    _same([*asked], [*owners, "hot_lane"], "tiers")
    if any(step["matched"] for step in record["path"] if step["tier"] in OWNERS):
        raise Wrong("an owner comes before the hot lane")
    rotation = record["rotation"].partition("/")[2]
    if rotation != "on_call":
        own = "hot_lane" if lane.get("rotation") else "round_robin"
        _same(rotation, own, "rotation of the hot lane")


def verify_offers(offers: Sequence[Mapping[str, Any]], policy: Mapping[str, Any]) -> None:
    """Checks the offers with which one race began. Raises `Wrong`.

    They go to the first in line who could take the lead and have no other offer: as many as the
    policy says, two at least, for as long as it says.
    """
    lane = policy["teams"][offers[0]["team"]]["hot_lane"]
    (record,) = (each["explanation"] for each in offers if each.get("explanation"))
    able = [each for each in record["candidates"] if each["eligible"]]
    line = sorted(able, key=lambda each: _place(each, int(record["virtual_time_before"])))
    expected = [each["rep_id"] for each in line][: lane.get("offers", 3)]
    _same([rep for each in offers for rep in each["offered_to"]], expected, "offered to")
    if len(expected) < 2:
        raise Wrong("a race of one")
    if lane.get("method") != "race":
        raise Wrong("the policy wants no race")
    if any(each["rotation"] != record["rotation"] for each in able):
        raise Wrong("somebody outside the lane's rotation is in the line")


def _place(candidate: Mapping[str, Any], now: int) -> tuple[bool, int, str]:
    """Those whose turn has begun by deadline, then the others by how far they are ahead."""
    start, deadline = map(int, candidate["turn_before"].split())
    ahead = (start - now) * ONE_LEAD // (deadline - start)
    return start > now, deadline if start <= now else ahead, candidate["rep_id"]


def winner(
    assignment: Mapping[str, Any],
    said: Mapping[str, Mapping[str, Any]],
    offers: Sequence[Mapping[str, Any]],
) -> str:
    """Who won the lead: the rep whose acceptance caused it, of an offer to him that was open.

    `offers`: all offers and withdrawals so far. Raises `Wrong`.
    """
    event = said.get(assignment["caused_by"])
    if event is None or event["type"] != "offer.accepted":
        raise Wrong("won, but no acceptance is its cause")
    told = [each for each in offers if each["lead_id"] == assignment["lead_id"]]
    made = [each for each in told if each["offer_id"] == event["offer_id"]]
    own = [each for each in made if not each.get("withdrawn")]
    if [each["offered_to"] for each in own] != [[event["rep_id"]]] or len(made) != 1:
        raise Wrong("no open offer of the lead was the rep's")
    race = event["offer_id"].rpartition("-")[0]
    runners = [each for each in told if each["offer_id"].rpartition("-")[0] == race]
    names = [rep for each in runners if not each.get("withdrawn") for rep in each["offered_to"]]
    (step,) = assignment["explanation"]["path"]
    why = f"offered to {', '.join(names)}; {event['rep_id']} accepted first"
    _same(step["why"].partition(": ")[2], why, "path")
    if any(each["at"] < assignment["at"] and each["reason"] == "taken" for each in runners):
        raise Wrong("somebody else had won before")
    if assignment["at"] >= own[0]["expires_at"]:
        raise Wrong("accepted when the offer had expired")
    return str(event["rep_id"])


def _same(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise Wrong(f"{what}: {found!r} in the record, {expected!r} derived")
