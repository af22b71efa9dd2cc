"""The live watch over promise 5: it tells of a rule that is unfair, and of nothing else."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.outputs import Alert
from streams.policy.compiled import Policy
from streams.rules import rotation
from streams.rules.rotation import Line, Turn
from streams.steps import unfair_rotation
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, DeskBench

REPS = tuple(f"rep-{number:02d}" for number in range(9))
WEIGHTS = (25, 50, 100, 100, 150, 333)
KEY = "inside/round_robin"
Rule = Callable[[Line, int], tuple[Turn, str]]


class Team:
    """A team whose policy changes now and then: somebody leaves or joins, weights are edited."""

    def __init__(self, seed: int, absence: str = "keep_place", *, by_value: bool = False) -> None:
        """Nine reps, no limits that anybody reaches."""
        self.chance = random.Random(seed)  # noqa: S311 - a test that can be run again, no secret
        self.weights = {rep: self.chance.choice(WEIGHTS) for rep in REPS}
        self.inside = {
            "absence": absence,
            "weighting": {"by_value": by_value},
            "open_limit": 10_000,
            "daily_limit": 10_000,
        }
        self.desk = DeskBench(self.policy(1))

    def policy(self, version: int) -> Policy:
        """The version as the team is now."""
        reps = {rep: {"team": "inside", "weight": weight} for rep, weight in self.weights.items()}
        team = self.inside | {"rotation": sorted(self.weights)}
        return policies.policy(version, teams={"inside": team}, reps=reps)

    def live(self, steps: int) -> "Team":
        """Leads in bursts and whatever else happens, in a random order."""
        happens = (*[self._leads] * 5, self._absence, self._hand, self._time, self._edit)
        self._leads()
        for _ in range(steps):
            self.chance.choice(happens)()
        return self

    def _leads(self) -> None:
        for _ in range(self.chance.choice((1, 1, 1, 8))):
            self.desk.lead(grade=self.chance.choice("ABCD"))
            lead, rep = self.desk.assigned()[-1]
            what = self.chance.choice((*["contacted"] * 8, "junk", "returned", None))
            if what is not None:
                self.desk.activity(lead, rep, what)

    def _absence(self) -> None:
        rep = self.chance.choice(sorted(self.weights))
        self.desk.rep(rep, available=self.chance.random() < 0.6)

    def _hand(self) -> None:
        if self.chance.random() < 0.5:
            rep = self.chance.choice(sorted(self.weights))
            self.desk.adjust(rep, self.chance.choice((-3, -1, 1, 3)))
        else:
            self.desk.skip(self.desk.assigned()[-1][0])

    def _time(self) -> None:
        self.desk.after(self.chance.randrange(HOUR))

    def _edit(self) -> None:
        rep = self.chance.choice(REPS)
        if rep in self.weights and len(self.weights) > 3 and self.chance.random() < 0.5:
            del self.weights[rep]
        else:
            self.weights[rep] = self.chance.choice(WEIGHTS)
        self.desk.publish(self.policy(self.desk.policy.version + 1))

    @property
    def alerts(self) -> list[Alert]:
        """What was told of unfair rotations."""
        return [each for each in self.desk.events(Alert) if each.kind == "unfair_rotation"]


@settings(max_examples=12)
@given(
    seed=st.integers(0, 2**32),
    absence=st.sampled_from(("keep_place", "catch_up", "fresh")),
    by_value=st.booleans(),
)
def test_a_fair_rotation_raises_no_alert(seed: int, absence: str, *, by_value: bool) -> None:
    """Promise 5 and FAIR-01, live: absences, weights, edits, bursts, junk; no false alarm."""
    assert Team(seed, absence, by_value=by_value).live(100).alerts == []


def favour(line: Line, time: int) -> tuple[Turn, str]:
    """The mutated rule: the first by id takes whatever he can."""
    del time
    return min(line, key=lambda turn: turn.rep_id), "favour"


def pointer(line: Line, time: int) -> tuple[Turn, str]:
    """The mutated rule: a pointer that goes round and knows no weights."""
    ordered = sorted(line)
    return ordered[time // 1_000_003 % len(ordered)], "pointer"


def never_the_last(line: Line, time: int) -> tuple[Turn, str]:
    """The mutated rule: as ours, but the last by id never gets a lead where there is another."""
    last = max(line, key=lambda turn: turn.rep_id)
    others = [each for each in line.begun(time) if each[1] != last.rep_id]
    if others:
        return line.turns[others[0][1]], "not the last"
    return min(line, key=lambda turn: (turn.rep_id == last.rep_id, turn.start)), "not the last"


@pytest.mark.parametrize("rule", [favour, pointer, never_the_last])
def test_an_unfair_rule_is_told_of(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: whoever is favoured or starved, and by another rule than ours."""
    monkeypatch.setattr(rotation, "earliest", rule)
    team = Team(1)
    for _ in range(60):
        team.desk.lead()
    alert = team.alerts[0]
    assert (alert.subject, alert.severity, alert.limit) == (KEY, "critical", "1.00")
    assert (alert.desk, alert.team) == ("main", "inside")
    assert float(alert.value) > 1
    assert f" is {alert.value} leads " in alert.detail


@pytest.mark.parametrize("rule", [favour, pointer, never_the_last])
@pytest.mark.parametrize("seed", range(3))
def test_an_unfair_rule_is_told_of_while_eligibility_changes(
    rule: Rule, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the run without a false alarm: the same life, another rule."""
    monkeypatch.setattr(rotation, "earliest", rule)
    assert Team(seed).live(120).alerts


def favoured(team: Team, leads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many leads under the mutated rule."""
    with monkeypatch.context() as patched:
        patched.setattr(rotation, "earliest", favour)
        for _ in range(leads):
            team.desk.lead()


def test_a_break_is_told_of_once_and_again_when_it_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not with every lead; and the next time only after it was over."""
    team = Team(1)
    favoured(team, 20, monkeypatch)
    assert [alert.limit for alert in team.alerts] == ["1.00"]
    for _ in range(800):
        team.desk.lead()
    assert len(team.alerts) == 1
    favoured(team, 20, monkeypatch)
    assert [alert.limit for alert in team.alerts] == ["1.00", "3.20"]


@pytest.mark.parametrize("absence", ["fresh", "catch_up"])
def test_where_nothing_is_promised_nothing_is_told(
    absence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`fresh` and `catch_up` leave the bound by design: told of only until somebody is away."""
    team = Team(1, absence)
    favoured(team, 20, monkeypatch)
    assert [alert.limit for alert in team.alerts] == ["1.00"]
    team = Team(1, absence)
    team.desk.rep(REPS[3], available=False)
    favoured(team, 60, monkeypatch)
    assert team.alerts == []


def given_turns(team: Team) -> list[Alert]:
    """A manager gives one rep six turns and takes three from another; what is told."""
    team.desk.lead()
    team.desk.adjust(REPS[5], 6)
    team.desk.adjust(REPS[2], -3)
    for _ in range(300):
        team.desk.lead()
    return team.alerts


def test_turns_that_a_manager_gives_are_set_aside() -> None:
    """Six leads owed on purpose are no unfairness; worked off they widen nothing any more."""
    team = Team(2)
    assert given_turns(team) == []
    row = team.desk.tables.fairness.get(KEY)
    assert row is not None
    assert row.aside == ()


def test_the_twin_turns_that_are_not_set_aside_raise_an_alert(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What setting aside is for."""
    monkeypatch.setattr(unfair_rotation, "set_aside", lambda *_: None)
    assert given_turns(Team(2))


def fast_runner(monkeypatch: pytest.MonkeyPatch | None = None) -> list[Alert]:
    """One rep wins every race that he is in."""
    if monkeypatch is not None:
        monkeypatch.setattr(unfair_rotation, "TAKEN", "never")
    team = Team(3)
    team.inside |= {"hot_lane": {"over": 80, "method": "race"}}
    desk = team.desk
    desk.publish(team.policy(2))
    for _ in range(150):
        desk.lead("race", score=99)
        offers = desk.offers("race")
        winner = min(offers)
        desk.accept(offers[winner], winner)
        desk.activity("race", winner, "won")
        desk.after(40 * DAY)
    return team.alerts


def test_what_is_won_in_races_is_set_aside() -> None:
    """The fastest is ahead by design (decision 0031)."""
    assert fast_runner() == []


def test_the_twin_races_that_are_not_set_aside_raise_an_alert(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What setting aside is for."""
    assert fast_runner(monkeypatch)


def test_a_rotation_that_is_gone_is_forgotten() -> None:
    """Its key may come again, with other members."""
    team = Team(4)
    team.desk.lead()
    assert team.desk.tables.fairness.get(KEY) is not None
    alone = {"teams": ["field"], "default_team": "field", "team_rules": []}
    gone = {"ann": None, "bob": None, "cay": None}
    other = policies.policy(2, desks={"main": alone}, teams={"inside": None}, reps=gone)
    team.desk.publish(other)
    assert team.desk.tables.fairness.get(KEY) is None
