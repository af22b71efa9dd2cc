"""Derives again who works an account, from the events alone (ACCT-05, decision 0039).

Shares no code with the router. `Accounts` is told of every event in order: a decision is held
against what the decisions before it have left in each rep's hands.
"""

from collections.abc import Mapping
from typing import Any

from tests.hot_lane_verifier import Wrong

__all__ = ["Accounts", "Wrong"]

ELSEWHERE = " is not of this desk"
WORK = {"manager": 1, "account": 2}


class Accounts:
    """Which reps have open leads of which account, by what was said so far."""

    def __init__(self, policies: Mapping[int, Mapping[str, Any]], homes: Mapping[str, str]) -> None:
        """The policy documents by version, and the account of each lead by its id."""
        self._policies, self._homes = policies, homes
        self._held: dict[str, Mapping[str, Any]] = {}

    def ended(self, event: Mapping[str, Any]) -> None:
        """A value of `assignments.ended`."""
        self._held.pop(event["lead_id"], None)

    def imported(self, event: Mapping[str, Any]) -> None:
        """A value of `leads.lifecycle` that says who had the lead before."""
        self._held[event["lead_id"]] = {"method": "imported", "rep_id": event["held_by"], **event}

    def assigned(self, event: Mapping[str, Any]) -> None:
        """A value of `assignments.rep`. Raises `Wrong` where its account tier is another one."""
        asked = [step for step in event["explanation"]["path"] if step["tier"] == "account"]
        said = asked[0]["why"].split("; ") if asked else []
        if said and (said[0] == "no owner" or (said[0].endswith(ELSEWHERE) and said[1:])):
            self._verify(event, asked[0])
        elif event["reason"] == "works_account":
            raise Wrong("he works the account, but the account tier was not asked")
        self._held[event["lead_id"]] = event

    def _verify(self, event: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        workers = self._workers(event)
        said = step["why"].split("; ")[1:]
        named = [part.partition(" works it")[0] for part in said]
        if named != workers:
            raise Wrong(f"{named} work the account by the record, {workers} by what was said")
        able = [part.removesuffix(" works it") for part in said if part.endswith(" works it")]
        worker = event["rep_id"] if event["reason"] == "works_account" else None
        if worker != next(iter(able), None) or step["matched"] != bool(able):
            raise Wrong(f"{able} work the account and can, {worker} got the lead for it")

    def _workers(self, event: Mapping[str, Any]) -> list[str]:
        """By the time of the oldest lead of the account that they still have, then by id.

        Of a rep who has any that did not come to him as work on the account, of those alone.
        """
        home, policy = self._homes[event["lead_id"]], self._policies[event["policy_version"]]
        since: dict[str, tuple[int, int]] = {}
        for lead_id, held in self._held.items():
            if self._homes[lead_id] == home and self._counts(held, event["desk"], policy):
                rep, at = held["rep_id"], (WORK.get(held["method"], 0), held["at"])
                since[rep] = min(since.get(rep, at), at)
        return sorted(since, key=lambda rep: (since[rep][1], rep))

    @staticmethod
    def _counts(held: Mapping[str, Any], desk: str, policy: Mapping[str, Any]) -> bool:
        """Not with a manager as last resort, nor at a desk or in a team that does not ask."""
        team = policy["reps"][held["rep_id"]]["team"]
        rules = policy["teams"][team]
        last_resort = held["method"] == "manager" and rules["manager"] == held["rep_id"]
        return (
            held["desk"] == desk
            and "account" in rules.get("tiers", ["account"])
            and not last_resort
        )
