"""What a policy says of a rep at an instant: the verifier's part that looks at the calendar.

Shares no code with the router: plain dictionaries as the policy's YAML has them, and zoneinfo.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DEFAULT_RAMP = (
    {"days": 30, "percent": 25},
    {"days": 60, "percent": 50},
    {"days": 90, "percent": 75},
)
DEFAULT_PERFORMANCE = {"high": 150, "standard": 100, "low": 50}


def moment(now: int | str) -> datetime:
    """An instant of a record: milliseconds, or RFC 3339 text."""
    if isinstance(now, str):
        return datetime.fromisoformat(now)
    return datetime.fromtimestamp(now // 1000, UTC) + timedelta(milliseconds=now % 1000)


def weights_at(policy: Mapping[str, Any], rep: str, now: int | str) -> set[int]:
    """The rep's weight; at the very instant of a step also the one before it.

    Timers of one instant come in the order of their names, the step's among them.
    """
    at = moment(now)
    return {_weight(policy, rep, at), _weight(policy, rep, at - timedelta(milliseconds=1))}


def cost_of(policy: Mapping[str, Any], team: str, grade: str) -> int | None:
    """What a lead costs in the team's rotations by its value; None: they share the number."""
    weighting = policy["teams"][team].get("weighting", {})
    points: dict[str, int] = weighting.get("points", {"A": 4, "B": 3, "C": 2, "D": 1})
    return points.get(grade, 1) if weighting.get("by_value") else None


def away_by_policy(policy: Mapping[str, Any], rep: str, now: int | str) -> str | None:
    """The absence that the policy itself says: an own day off, or not here yet."""
    own, at = policy["reps"][rep], moment(now)
    for text in own.get("days_off", ()):
        day = date.fromisoformat(text)
        if midnight(policy, rep, day) <= at < midnight(policy, rep, day + timedelta(days=1)):
            return "day_off"
    first = own.get("starts_on")
    early = first and at < midnight(policy, rep, date.fromisoformat(first))
    return "not_started" if early else None


def _weight(policy: Mapping[str, Any], rep: str, at: datetime) -> int:
    own = policy["reps"][rep]
    weighting = policy["teams"][own["team"]].get("weighting", {})
    factors = DEFAULT_PERFORMANCE | weighting.get("performance", {})
    percent = 100
    if own.get("starts_on"):
        for step in reversed(weighting.get("ramp", DEFAULT_RAMP)):
            last = date.fromisoformat(own["starts_on"]) + timedelta(days=step["days"])
            if at < midnight(policy, rep, last):
                percent = step["percent"]
    product: int = own.get("weight", 100) * factors[own.get("performance", "standard")] * percent
    return product // 10_000


def midnight(policy: Mapping[str, Any], rep: str, day: date) -> datetime:
    """When the day begins where the rep is; zones that skip midnight are not looked at here."""
    own = policy["reps"][rep]
    zone = own.get("zone") or policy["teams"][own["team"]]["zone"]
    return datetime.combine(day, time(), ZoneInfo(zone))


def on_call_members(team: Mapping[str, Any]) -> list[str]:
    """Everybody who is on call at some time, each once."""
    named = [*team.get("on_call", ()), *team.get("on_call_rota", {}).get("reps", ())]
    named += [rep for dates in team.get("on_call_dates", ()) for rep in dates["reps"]]
    return list(dict.fromkeys(named))


def on_call_at(team: Mapping[str, Any], now: int | str) -> set[str]:
    """Who is on call then: always, by date, or whose turn it is; days begin with the work."""
    local = moment(now).astimezone(ZoneInfo(team["zone"]))
    hours, minutes = team.get("hours", {}).get("begin", "09:00").split(":")
    early = local.time() < time(int(hours), int(minutes))
    day = local.date() - timedelta(days=early)
    always = set(team.get("on_call", ()))
    for dates in team.get("on_call_dates", ()):
        if date.fromisoformat(dates["first"]) <= day <= date.fromisoformat(dates["last"]):
            return always | set(dates["reps"])
    rota = team.get("on_call_rota")
    if not rota or day < date.fromisoformat(rota["begins"]):
        return always
    turn = (day - date.fromisoformat(rota["begins"])).days // rota.get("days", 7)
    return always | {rota["reps"][turn % len(rota["reps"])]}
