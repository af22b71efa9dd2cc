"""A difference between two policies in words that a sales manager understands.

What has no words of its own here is told under its key, with the description that the policy's
document gives it: so nothing can change without a sentence.
"""

from collections.abc import Sequence

from streams.policy.differences import Difference
from streams.policy.leaves import ORDER, Leaf, Names

WHAT = {
    "Document.high_score": "leads have high priority from this score on",
    "Document.high_value_grades": "grades that count as high value",
    "Document.nurture_grades": "grades that sales does not get",
    "Document.closed_kept": "what is known about a closed lead is deleted after",
    "Document.archive_after": "a lead in nurture is archived without news after",
    "Oversight.assigned_within": "alert when a lead came to its rep later after capture than",
    "Oversight.review_every": "reminder when no version has come into force for",
    "Document.default_desk": "desk of the leads that no desk's condition names",
    "Scoring.hot_score": "a lead is hot from this score on",
    "Scoring.mql_score": "a lead is marketing-qualified from this score on",
    "ScoreRule.points": "points",
    "ScoreRule.when": "holds for leads with",
    "BehaviourPoints.points": "points each time",
    "BehaviourPoints.most": "points in all at most",
    "GradeCut.score": "from this score on",
    "Desk.teams": "teams",
    "Desk.when": "takes leads with",
    "Desk.default_team": "team of the leads that no rule names",
    "Desk.fallback_pool": "pool of the leads that fit no other",
    "TeamRule.team": "goes to team",
    "Pool.when": "takes leads with",
    "Pool.stale_after": "unclaimed leads leave it after",
    "Team.manager": "manager, who gets what all others missed",
    "Team.zone": "time zone",
    "Team.holidays": "keeps the public holidays of",
    "Team.outside_hours": "outside working hours (assign or hold)",
    "Team.on_call": "reps on call outside their hours",
    "Rota.begins": "on-call turns begin on",
    "Rota.days": "days of each on-call turn",
    "Rota.reps": "reps on call in turn",
    "OnCallDates.first": "from",
    "OnCallDates.last": "to",
    "OnCallDates.reps": "reps on call",
    "Team.open_limit": "open leads at which a rep gets no more",
    "Team.daily_limit": "leads a day at which a rep gets no more",
    "Cap.most": "leads a rep at most",
    "Cap.per": "in each",
    "Cap.rolling": "in any span of",
    "Cap.when": "counts leads with",
    "Team.login_within": "reps are skipped who did not log in for",
    "Team.skip_in_meetings": "reps in meetings are skipped",
    "Team.tiers": "tiers by which a rep is found",
    "Team.rotation": "members of the rotation",
    "Team.absence": "an absence and a rep's place in the rotation",
    "Team.notify": "reps hear of a lead by",
    "Push.all": "every lead goes to a rep, none to a pool",
    "Push.hot": "hot leads go to a rep at once",
    "Push.sources": "sources whose leads go to a rep at once",
    "Push.when": "also to a rep at once: leads with",
    "HotLane.over": "leads without an owner take it with a score over",
    "HotLane.method": "how a rep is found (assign or race)",
    "HotLane.offers": "reps who are offered a lead at once",
    "HotLane.offer_for": "a lead that nobody accepts is assigned after",
    "HotLane.rotation": "members of its own rotation",
    "HotLane.target": "the manager is told when a rep did not answer for",
    "HotLane.clock": "time to answer counts by (business or calendar)",
    "Waiting.alert_after": "alert when nobody is eligible for",
    "Waiting.alert_after_high": "the same alert for high priority",
    "Waiting.manager_after": "the manager is told when nobody is eligible for",
    "ContactClock.target": "a rep must answer within",
    "ContactClock.target_high": "a rep must answer high priority within",
    "ContactClock.clock": "time to answer counts by (business or calendar)",
    "ContactClock.attempts": "reps tried before the manager keeps a lead",
    "ContactClock.satisfied_by": "the clock stops when the lead was",
    "Territory.countries": "countries",
    "Territory.states": "states",
    "Territory.cities": "cities",
    "Territory.regions": "regions",
    "Territory.metropolitan_areas": "metropolitan areas",
    "Territory.industries": "industries",
    "Employees.least": "companies of so many employees and more",
    "Employees.most": "companies of so many employees at most",
    "MetropolitanArea.countries": "in the countries",
    "MetropolitanArea.states": "in the states",
    "MetropolitanArea.cities": "cities",
    "MetropolitanArea.postal_prefixes": "postal codes that begin with",
    "Team.expanded_territory": "reps for leads that no territory has",
    "Territory.postal_prefixes": "postal codes that begin with",
    "Territory.reps": "reps",
    "Specialty.when": "about leads with",
    "Specialty.reps": "reps",
    "Rep.team": "team",
    "Rep.weight": "weight in rotations",
    "Rep.performance": "performance, which changes the weight",
    "Rep.starts_on": "first day, from which the weight grows",
    "Performance.high": "percent of the weight of high performers",
    "Performance.standard": "percent of the weight of all the rest",
    "Performance.low": "percent of the weight of low performers",
    "Weighting.by_value": "rotations share the points of leads, not their number",
    "RampStep.days": "new reps until the day",
    "RampStep.percent": "percent of a new rep's weight",
    "Rep.open_limit": "open leads at which he gets no more",
    "Rep.daily_limit": "leads a day at which he gets no more",
    "Rep.zone": "time zone",
    "Rep.holidays": "keeps the public holidays of",
    "Rep.days_off": "own days off",
    "Rep.backup": "who takes over what he does not answer",
    "Rep.skills": "skills",
    "Hours.days": "working days",
    "Hours.begin": "work begins at",
    "Hours.end": "work ends at",
}
"""What a field is about, by section and field."""
NOTHING = {
    "Rep.starts_on": "here for long", "Rep.holidays": "the team's",
    "Rep.open_limit": "the team's", "Rep.daily_limit": "the team's", "Cap.when": "all leads",
    "Cap.per": "day, unless another span is given", "Cap.rolling": "a calendar period",
    "Rep.zone": "the team's", "Rep.backup": "nobody",
    "Hours.days": "the team's", "Hours.begin": "the team's", "Hours.end": "the team's",
    "Team.login_within": "nobody is skipped", "Desk.when": "no condition",
    "HotLane.over": "no hot lane", "Oversight.assigned_within": "no alert",
    "Oversight.review_every": "no reminder",
}  # fmt: skip
"""What it means that nothing is set; elsewhere nothing is `none`."""
GONE = {
    "reps": "leaves: the leads in his hands go back through the tiers",
    "pools": "is gone: its leads are decided on again",
    "desks": "is gone; this is refused while leads of it are in play",
}
"""What becomes of an entry that goes; elsewhere it is just gone."""
THEN = {
    "Rep.team": "; he keeps the leads he has",
    "Desk.teams": "; this is refused while leads of the desk are in play",
}
"""What follows from another value at once."""
_ONE = {
    "territories": "territory", "specialties": "specialty", "pools": "pool",
    "team_rules": "rule", "attributes": "score rule", "grades": "grade", "desks": "desk",
    "on_call_dates": "on call from", "caps": "cap",
    "ramp": "new reps until day", "teams": "team", "reps": "rep",
    "source_points": "points of source",
    "regions": "region", "metropolitan_areas": "metropolitan area",
}  # fmt: skip
"""What an entry of a list is called."""
_MOST_WORDS = 24


def told(difference: Difference, names: Names) -> str:
    """The sentence about a difference; `names` without those of whom it is told.

    Without a full stop at the end.
    """
    if difference.is_entry:
        return _entry(difference, names)
    leaf, where = difference.leaf, _where(names[:-1])
    if leaf.field == ORDER:
        return f"{_where(names[:-2])}order of {_plain(names[-2])}: {_change(difference)}"
    if leaf.field in WHAT:
        return f"{where}{WHAT[leaf.field]}: {_change(difference)}{_then(difference)}"
    if names[-1] != leaf.field.rpartition(".")[2]:  # the key of a mapping: a source, an action
        return f"{_subject(names)}: {_change(difference)}"
    about = leaf.about.rstrip(".")
    return f"{where}{_plain(names[-1])}: {_change(difference)} ({about})"


def _then(difference: Difference) -> str:
    """Another order alone has no consequence of its own."""
    before, after = difference.before, difference.after
    if before and after and sorted(before.value or ()) == sorted(after.value or ()):
        return ""
    return THEN.get(difference.leaf.field, "")


def some(values: Sequence[str]) -> str:
    """A list in words; what is too much for a sentence is counted."""
    more = len(values) - _MOST_WORDS
    words = ", ".join(values[:_MOST_WORDS])
    return f"{words} and {more} more" if more > 0 else words


def _where(names: Names) -> str:
    return f"{_subject(names)}: " if names else ""


def _subject(names: Names) -> str:
    """The names before a value: `territory dach`, `contact`."""
    return " ".join(_ONE.get(name, name) for name in names)


def _plain(key: str) -> str:
    return key.replace("_", " ")


def _entry(difference: Difference, names: Names) -> str:
    """`names` is empty for those of whom it is told: the sentence goes on from their name."""
    kind = difference.names[-2]
    start = f"{_subject(names)} " if names else ""
    if difference.after is None:
        return f"{start}{GONE.get(kind, 'is gone')}"
    told_values = [
        f"{_inside(inner, leaf)} {_words(leaf)}"
        for inner, leaf in difference.inside
        if leaf.field not in {"", ORDER} and not leaf.is_default and leaf.value not in names
    ]
    return f"{start}is new: {'; '.join(told_values)}"


def _inside(names: Names, leaf: Leaf) -> str:
    return f"{_where(names[:-1])}{WHAT.get(leaf.field, _plain(names[-1]))}"


def _change(difference: Difference) -> str:
    """Both values; of lists what comes and what goes."""
    before, after = difference.before, difference.after
    if before and after and isinstance(before.value, tuple) and isinstance(after.value, tuple):
        return _lists(before.value, after.value)
    field = difference.leaf.field
    return f"{_value(after, field)} (before: {_value(before, field)})"


def _value(leaf: Leaf | None, field: str) -> str:
    nothing = NOTHING.get(field, "none")
    return nothing if leaf is None or leaf.value is None else _words(leaf)


def _words(leaf: Leaf) -> str:
    if isinstance(leaf.value, tuple):
        return some(leaf.value) or "none"
    return " ".join(str(leaf.value).split())


def _lists(before: Sequence[str], after: Sequence[str]) -> str:
    """What comes and goes in full, however long; what was there before may be cut."""
    more = [each for each in after if each not in before]
    less = [each for each in before if each not in after]
    kept = [each for each in after if each in before]
    parts = (
        f"now also {', '.join(more)}" if more else "",
        f"no longer {', '.join(less)}" if less else "",
        f"now {', '.join(after)}" if kept != [each for each in before if each in kept] else "",
        "now none at all" if not after else "",
    )
    return f"{', '.join(part for part in parts if part)} (before: {some(before) or 'none'})"
