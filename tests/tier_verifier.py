"""Derives again which tiers of the policy had to be asked for a lead, and in which order.

Shares no code with the router: it reads JSON.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.hot_lane_verifier import OWNERS, Wrong, verify_lane

__all__ = ["Wrong", "same", "verify_tiers"]


def same(found: object, expected: object, what: str) -> None:
    """Raises `Wrong` where the record says something else than was derived."""
    if found != expected:
        raise Wrong(f"{what}: {found!r} in the record, {expected!r} derived")


def verify_tiers(
    record: Mapping[str, Any], policy: Mapping[str, Any], assignment: Mapping[str, Any]
) -> None:
    """The tiers were tried in their order, and the last one tried decided. Raises `Wrong`."""
    default = ["account", "named_account", "territory", "specialty", "round_robin"]
    order = policy["teams"][assignment["team"]].get("tiers", default)
    method = assignment["method"]
    if any(step["tier"] == "hot_lane" for step in record["path"]):
        order = sorted(order, key=lambda tier: tier not in OWNERS)
    steps = [step["tier"] for step in record["path"]]
    if method in order:
        # For a lead without a territory the fallback is asked in place of the general rotation.
        steps = ["round_robin" if tier == "fallback" else tier for tier in steps]
        tried = [*dict.fromkeys(tier for tier in steps if tier in order)]
        same(tried, order[: len(tried)], "tiers")
        same(tried[-1], method, "method")
    if method == "hot_lane":
        verify_lane(assignment, policy["teams"][assignment["team"]], order)
    if method == "fallback":
        _fallback(record, policy["teams"][assignment["team"]], assignment["reason"], order)
    if not record["path"] or not record["path"][-1]["matched"]:
        raise Wrong("the path ends with a tier that did not match")


def _fallback(
    record: Mapping[str, Any], team: Mapping[str, Any], reason: str, order: Sequence[str]
) -> None:
    """Decision 24: behind all tiers; nobody of the expanded territory is passed over unasked."""
    steps = {step["tier"]: step["matched"] for step in record["path"]}
    without = bool(team.get("territories")) and steps.get("territory") is False
    same(reason, "no_territory" if without else "no_tier", "reason")
    general = order.index("round_robin") if without and "round_robin" in order else len(order)
    before = order[:general]
    same([tier for tier in order if tier in steps and tier in before], before, "tiers")
    if not without and any(steps[tier] for tier in order if tier not in OWNERS):
        raise Wrong("a tier had reps for the lead, so there is nothing to fall back from")
    expanded = team.get("expanded_territory", []) if without else []
    rotation = (record.get("rotation") or "").partition("/")[2]
    if rotation == "round_robin" and not record.get("counts_by_reason", {}):
        asked = {each["rep_id"] for each in record["candidates"] if not each["eligible"]}
        if not asked.issuperset(expanded):
            raise Wrong("the expanded territory comes before the general rotation")
