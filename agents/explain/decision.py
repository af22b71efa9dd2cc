"""The `explanation` of a decision: tiers tried, reps looked at, the rotation, the choice."""

from collections.abc import Iterator, Mapping
from typing import Any

from agents.explain.spans import LEAD
from agents.explain.turns import Turn, compared, owed, turn_of
from agents.explain.words import TIE_BREAKS, TIERS, WHY_NOT, plain

Content = Mapping[str, Any]


def decision_lines(explanation: Content) -> Iterator[str]:
    """Everything that a decision rests on, a line each."""
    yield from map(_tier_line, explanation.get("path", ()))
    candidates = explanation.get("candidates", ())
    turns = [turn for turn in map(turn_of, candidates) if turn is not None]
    if candidates:
        able = sum(bool(candidate["eligible"]) for candidate in candidates)
        yield f"Looked at {_reps(len(candidates))}, {able} could take it:"
    for candidate in candidates:
        yield f"  {_candidate_line(candidate, explanation, turns)}"
    for reason, count in explanation.get("counts_by_reason", {}).items():
        yield f"  and {_reps(count)} more: {WHY_NOT.get(reason, plain(reason))}"
    yield from _rotation_lines(explanation)


def reasons_line(counts: Mapping[str, int]) -> str:
    """How many reps were passed over for each reason."""
    parts = (f"{_reps(count)} {WHY_NOT.get(why, plain(why))}" for why, count in counts.items())
    return f"Nobody could take it: {'; '.join(parts)}."


def _points(count: int) -> str:
    return "1 point" if count == 1 else f"{count} points"


def _reps(count: int) -> str:
    return "1 rep" if count == 1 else f"{count} reps"


def _tier_line(tier: Content) -> str:
    name = TIERS.get(tier["tier"], plain(tier["tier"]))
    why = "; ".join(_reasons(tier["why"]))
    return f"{'Matched' if tier['matched'] else 'Not by'} {name}: {why}"


def _reasons(why: str) -> Iterator[str]:
    """The parts of a tier's reason; the last word after a colon may be a code."""
    for part in why.split("; "):
        head, colon, code = part.rpartition(": ")
        yield f"{head}{colon}{WHY_NOT.get(code, code)}"


def _candidate_line(candidate: Content, explanation: Content, turns: list[Turn]) -> str:
    rep_id = candidate["rep_id"]
    facts = _facts(candidate, explanation, turns)
    if rep_id == explanation.get("chosen"):
        return f"{rep_id} is chosen{_listed(facts)}"
    if not candidate["eligible"]:
        why = candidate.get("why_not") or "not eligible"
        return f"{rep_id} is passed over: {WHY_NOT.get(why, plain(why))}{_listed(facts)}"
    return f"{rep_id} could take it{_listed(facts)}"


def _listed(facts: list[str]) -> str:
    return f" ({', '.join(facts)})" if facts else ""


def _facts(candidate: Content, explanation: Content, turns: list[Turn]) -> list[str]:
    facts = []
    turn = turn_of(candidate)
    time = int(explanation.get("virtual_time_before") or 0)
    if turn is not None:
        facts.append(owed(turn, time))
        if turn.rep_id == explanation.get("chosen"):
            facts += filter(None, [compared(turn, turns, time)])
    if candidate.get("load") is not None:
        load = candidate["load"]
        facts.append(f"{load} open {'lead' if load == 1 else 'leads'}")
    return facts


def _rotation_lines(explanation: Content) -> Iterator[str]:
    rotation, tie_break = explanation.get("rotation"), explanation.get("tie_break")
    chosen = explanation.get("chosen")
    if rotation is None:
        return
    if chosen is None:
        yield f"Rotation {rotation}: offered to who comes next."
        return
    words = TIE_BREAKS.get(tie_break or "", plain(tie_break or ""))
    yield f"Rotation {rotation}: {chosen} is the one {words}."
    if explanation.get("points") is not None:
        yield f"  The lead is worth {_points(explanation['points'])}, which it costs {chosen}."
    before, after = (explanation.get(f"virtual_time_{side}") for side in ("before", "after"))
    if before is not None and after is not None:
        turn = explanation.get("turn_after")
        yield f"  Virtual time {before} -> {after}, the next turn of {chosen}: {turn}"
        unit = "lead" if explanation.get("points") is None else "point"
        yield f"  ({LEAD} = one {unit} at weight 1)."
