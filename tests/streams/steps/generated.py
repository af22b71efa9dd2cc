"""Companies made by chance, and a day's life at their desks, every decision derived again.

Teams, tiers, territories, specialties, limits, weights and absences of all kinds; policies that
follow each other; owners and races. Everything follows from the seed.
"""

import json
import random
from typing import Any

from schemas.outputs import AssignmentEnded, LeadOffered, RepAssigned
from schemas.record import Event
from streams.policy.compiled import compile_policy
from tests import verifier
from tests.streams import policies
from tests.streams.steps.capped_desk import CappedDesk
from tests.streams.steps.desk_bench import DAY, HOUR, MINUTE, DeskBench

DESKS = {"main": ("inside", "field"), "second": ("north", "south")}
TIERS = ("account", "named_account", "territory", "specialty", "round_robin")
PLACES: tuple[dict[str, Any], ...] = (
    {"country": "US", "state": "US-CA", "city": "San Jose", "postal_code": "95112"},
    {"country": "US", "state": "US-CA", "postal_code": "90210"},
    {"country": "US", "state": "US-NY", "city": "New York"},
    {"country": "US", "state": "US-TX"},
    {"country": "DE", "city": "Berlin"},
    {"country": "FR"},
    {},
)
GROUNDS: tuple[dict[str, Any], ...] = (
    {"states": ["US-CA"]},
    {"states": ["US-NY", "US-TX"]},
    {"states": ["US-CA"], "postal_prefixes": ["951", "9"]},
    {"countries": ["US"], "cities": ["San Jose", "New York"]},
    {"countries": ["US"]},
    {"countries": ["DE", "FR"]},
    {"countries": ["DE"], "industries": ["health care", "banking"]},
    {"countries": ["US"], "employees": {"least": 200}},
)
INDUSTRIES = ("health care", "banking", "steel", None)
SUBJECTS = {
    "health": 'industry == "health care"',
    "large": "employees >= 500",
    "cloud": 'product_interest == "cloud"',
}
ROUND_THE_CLOCK = {
    "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "begin": "00:00",
    "end": "24:00",
}
ENDS = ("won", "lost", "lost", "lost", "unqualified", "unqualified", "junk", "returned")


class Made:
    """A policy document made by chance; names stay from version to version."""

    def __init__(self, chance: random.Random) -> None:
        """Draws the reps of every team."""
        self._chance = chance
        self._reps = {
            team: [f"{team}-{number:02d}" for number in range(chance.randint(3, 9))]
            for teams in DESKS.values()
            for team in teams
        }

    def document(self) -> dict[str, Any]:
        """What the policy's YAML says."""
        written: dict[str, Any] = json.loads(policies.text())
        written["desks"] = {name: self._desk(name, teams) for name, teams in DESKS.items()}
        written["teams"] = {
            team: self._team(self._reps[team]) for teams in DESKS.values() for team in teams
        }
        written["reps"] = {rep: self._rep(team, rep) for team, rep in self._everybody()}
        return written

    def _everybody(self) -> list[tuple[str, str]]:
        return [(team, rep) for team, reps in self._reps.items() for rep in reps]

    def _desk(self, name: str, teams: tuple[str, ...]) -> dict[str, Any]:
        return {
            "teams": list(teams),
            "default_team": teams[0],
            "team_rules": [{"when": "employees >= 500", "team": teams[1]}],
            "pools": [{"pool": f"{name}-pool", "when": "score >= 0"}],
            "fallback_pool": f"{name}-pool",
        }

    def _team(self, own: list[str]) -> dict[str, Any]:
        chance = self._chance
        tiers = [each for each in chance.sample(TIERS, 5) if chance.random() < 0.9]
        territories = [
            {"territory": f"area-{number}", "reps": self._some(own, 1, 3)} | ground
            for number, ground in enumerate(self._some(GROUNDS, 0, 5))
        ]
        expands = territories and "territory" in tiers
        return {
            "manager": own[0],
            "zone": chance.choice(("UTC", "America/New_York", "Asia/Tokyo")),
            "hours": chance.choice((ROUND_THE_CLOCK, {"begin": "08:00", "end": "20:00"})),
            "outside_hours": chance.choice(("assign", "hold")),
            "on_call": self._some(own, 0, 2),
            "open_limit": chance.choice((6, 20, 50)),
            "daily_limit": chance.choice((15, 100, 100)),
            "caps": chance.choice(([], [{"cap": "best", "most": 5, "when": 'grade == "A"'}])),
            "skip_in_meetings": chance.random() < 0.7,
            "tiers": tiers or ["round_robin"],
            "territories": territories,
            "expanded_territory": self._some(own, 0, 2) if expands else [],
            "specialties": [
                {"specialty": name, "when": SUBJECTS[name], "reps": self._some(own, 1, 3)}
                for name in self._some(sorted(SUBJECTS), 0, 3)
            ],
            "rotation": chance.choice(([], self._some(own, 2, len(own)))),
            "weighting": {"by_value": chance.random() < 0.3},
            "absence": chance.choice(("keep_place", "keep_place", "catch_up", "fresh")),
            "push": {"all": chance.random() < 0.8},
            "hot_lane": {
                "over": chance.choice((None, 90)),
                "method": chance.choice(("assign", "race")),
                "rotation": chance.choice(([], self._some(own, 1, len(own)))),
            },
            "contact": {"target": chance.choice(("2h", "8h")), "clock": "calendar"},
        }

    def _rep(self, team: str, rep: str) -> dict[str, Any]:
        chance = self._chance
        backups = [each for each in self._reps[team] if each > rep]
        return {
            "team": team,
            "weight": chance.choice((8, 50, 100, 100, 150, 600)),
            "performance": chance.choice(("high", "standard", "low")),
            "starts_on": chance.choice((None, None, "2026-02-01", "2026-03-03")),
            "open_limit": chance.choice((None, None, 4)),
            "zone": chance.choice((None, "Europe/Berlin", "America/Los_Angeles")),
            "days_off": self._some(("2026-03-03", "2026-03-04", "2026-03-05"), 0, 1),
            "backup": chance.choice((None, *backups[:1])),
        }

    def _some(self, of: Any, least: int, most: int) -> list[Any]:
        return self._chance.sample(of, min(len(of), self._chance.randint(least, most)))


def answer_offers(desk: DeskBench, chance: random.Random, share: float) -> None:
    """So many of the reps who have an offer say yes or no."""
    for rep, row in [*desk.tables.open_offers.items()]:
        race = desk.tables.races.get(row.race_id)
        if race is not None and chance.random() < share:
            answer = chance.choice((desk.accept, desk.accept, desk.decline))
            answer(desk.offers(race.lead_id).get(rep, "none"), rep)


class Life:
    """A desk at work for a company made by chance; each assignment is derived as it comes.

    Who was full by a cap is, too.
    """

    def __init__(self, seed: int) -> None:
        """The first policy is in force, nothing has happened."""
        self.chance = random.Random(seed)  # noqa: S311 - a test that can be run again, no secret
        self.written = {1: Made(self.chance).document()}
        self.desk = CappedDesk(self.written, compile_policy(json.dumps(self.written[1]), 1))
        self.derived = 0
        """Decisions whose owner was derived again."""
        self.methods: set[str] = set()
        self.by_hand = self.won = 0
        self._held: dict[str, str] = {}
        self._facts: dict[str, dict[str, Any]] = {}
        self._offers: dict[str, list[dict[str, Any]]] = {}
        self._seen = 0

    def live(self, leads: int) -> "Life":
        """Until so many leads have come; four policies one after another. Raises `Wrong`."""
        for number in range(leads):
            if number and number * 4 % leads < 4:
                self._publish()
            self._lead(number)
            self._derive()
            self._contacted(f"lead-{number}")
            for _ in range(2):
                self._something()
                self._derive()
        return self

    def _lead(self, number: int) -> None:
        chance, desk = self.chance, self.desk
        name, facts = f"lead-{number}", dict(chance.choice(PLACES))
        facts |= {"industry": chance.choice(INDUSTRIES), "employees": chance.choice((5, 300, 900))}
        self._facts[name] = facts
        home = chance.choice(sorted(DESKS))
        owners = [rep for rep in self._reps() if desk.policy.desk_of_rep(rep) == home]
        desk.lead(
            name,
            **facts,
            desk=home,
            score=chance.choice((60, 60, 85, 95)),
            grade=chance.choice("ABCD"),
            hot=chance.random() < 0.2,
            product_interest=chance.choice(("cloud", None)),
            owner_rep_id=chance.choice((*[None] * 8, chance.choice(owners))),
            named_owner_rep_id=chance.choice((*[None] * 8, chance.choice(owners))),
        )

    def _contacted(self, lead: str) -> None:
        """Most reps are in time."""
        rep = self._held.get(lead)
        if rep is not None and self.chance.random() < 0.85:
            self.desk.activity(lead, rep, "contacted")

    def _something(self) -> None:
        """An end, a clock, an absence, a person's decision."""
        what, chance, desk = self.chance.random(), self.chance, self.desk
        if what < 0.15:
            desk.after(chance.randrange(20 * MINUTE))
        elif what < 0.18:
            rep, begin = chance.choice(self._reps()), chance.randrange(2 * HOUR)
            kind = chance.choice(("pto", "meeting", "all_day_meeting"))
            desk.rep(rep, away=[(kind, begin, begin + chance.choice((HOUR, DAY)))])
        elif what < 0.20:
            desk.rep(chance.choice(self._reps()), available=chance.random() < 0.7)
        elif self._held:
            self._about_a_lead(chance.choice([*self._held][:15]))
        answer_offers(desk, chance, 0.3)

    def _about_a_lead(self, lead: str) -> None:
        chance, desk, rep = self.chance, self.desk, self._held[lead]
        what = chance.random()
        if what < 0.05:
            desk.skip(lead)
        elif what < 0.10:
            others = [each for each in self._reps() if self._is_beside(each, rep)]
            chance.choice((desk.owner, desk.reassigned))(lead, chance.choice(others))
        else:
            desk.activity(lead, rep, chance.choice(ENDS))

    def _is_beside(self, rep: str, other: str) -> bool:
        policy = self.desk.policy
        return policy.desk_of_rep(rep) == policy.desk_of_rep(other)

    def _publish(self) -> None:
        version = self.desk.policy.version + 1
        self._derive()
        self.written[version] = Made(self.chance).document()
        self.desk.publish(compile_policy(json.dumps(self.written[version]), version))
        self._derive()

    def _reps(self) -> list[str]:
        return sorted(self.desk.policy.document.reps)

    def _derive(self) -> None:
        """Derives what was decided since the last time."""
        for outgoing in self.desk.sent[self._seen :]:
            self._note(outgoing.event)
        self._seen = len(self.desk.sent)

    def _note(self, event: Event) -> None:
        if isinstance(event, AssignmentEnded):
            self._held.pop(event.lead_id, None)
        elif isinstance(event, LeadOffered):
            offers = self._offers.setdefault(event.lead_id, [])
            offers.append(event.model_dump(mode="json", by_alias=True))
        elif isinstance(event, RepAssigned):
            self._held[event.lead_id] = event.rep_id
            record = event.model_dump(mode="json", by_alias=True)
            version = event.policy_version or 0
            rules, offers = self.written[version], self._offers.get(event.lead_id, [])
            verifier.verify(record, rules, self._facts[event.lead_id], self.desk.said, offers)
            self.derived += 1
            self.methods.add(event.method)
            self.by_hand += event.by is not None
            self.won += event.reason == "accepted"
