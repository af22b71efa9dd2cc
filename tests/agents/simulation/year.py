"""A year at a company: 40 reps in four zones, holidays, absences, turnover, another policy a month.

Everything follows from the seed. Reps act on what they are given: most call in time, some let the
clock run out, and every lead ends some day.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Any, NamedTuple

import orjson

from agents.settings import PUBLIC_SECRET
from agents.simulation.simulation import Appended, Line, Simulation
from schemas.codec import Codec
from schemas.outputs import RepAssigned
from schemas.record import format_time
from streams.pipeline import pipeline
from streams.policy.compiled import Policy
from streams.policy.quantities import DAY_MS, HOUR_MS, MINUTE_MS
from tests.streams import policies

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
LEADS_A_DAY = 200
TEAMS = {
    "americas": ("America/New_York", "US", ("US", "CA", "BR")),
    "emea": ("Europe/Berlin", "DE", ("DE", "FR", "GB")),
    "apac": ("Asia/Tokyo", "JP", ("JP", "SG", "IN")),
    "pacific": ("Australia/Sydney", "AU", ("AU", "NZ")),
}
REPS_A_TEAM = 10
SOURCES = ("demo_request", "contact_sales", "free_trial", "webinar", "content_download")
KEY = b"crm"
"""The CRM and the calendar write under one key each, so that their events keep their order."""


class Coming(NamedTuple):
    """An input line at its time."""

    at: int
    number: int
    line: Line


def milliseconds(moment: datetime) -> int:
    """Since the epoch."""
    return int(moment.timestamp()) * 1000


def names(month: int) -> dict[str, list[str]]:
    """Reps by team: each month in each team the one who is there longest leaves, another joins."""
    return {
        team: [f"{team}-{number:02d}" for number in range(month, month + REPS_A_TEAM)]
        for team in TEAMS
    }


def policy(month: int) -> Policy:
    """The policy of a month (0 to 11): members, weights and limits change with it."""
    chance = random.Random(month)  # noqa: S311 - made input, not a secret
    reps: dict[str, Any] = {"ann": None, "bob": None, "cay": None, "eve": None}
    teams: dict[str, Any] = {"inside": None, "field": None}
    for team, members in names(month).items():
        zone, country, _ = TEAMS[team]
        teams[team] = {
            "manager": members[-1],
            "zone": zone,
            "holidays": country,
            "hours": {"begin": "09:00", "end": "18:00"},
            "outside_hours": "hold" if team == "apac" else "assign",
            "open_limit": 60,
            "push": {"all": True},
        }
        reps |= {
            rep: {"team": team, "weight": chance.choice((50, 100, 100, 150))} for rep in members
        }
    rules = [
        {"when": f"country in {list(countries)}".replace("'", '"'), "team": team}
        for team, (_, _, countries) in TEAMS.items()
    ]
    desk = {"teams": list(TEAMS), "default_team": "americas", "team_rules": rules}
    return policies.policy(month, desks={"main": desk}, teams=teams, reps=reps)


@dataclass(slots=True)
class Year:
    """The company at work, on a simulated pipeline."""

    seed: int = 1
    leads_a_day: int = LEADS_A_DAY
    sent: list[Appended] = field(default_factory=list)
    captured: int = 0
    _coming: list[Coming] = field(default_factory=list)
    _number: int = 0

    def run(self, days: int = 365) -> Simulation:
        """Lives through so many days and the weeks until every lead is closed."""
        codec = Codec()
        simulation = Simulation(pipeline(PUBLIC_SECRET.encode(), codec), codec, self._saw)
        chance = random.Random(self.seed)  # noqa: S311 - made input, not a secret
        month = -1
        for day in range(days):
            date = FIRST + timedelta(days=day)
            if date.month - 1 != month:
                month = date.month - 1
                simulation.publish(policy(month), milliseconds(date))
            self._plan(date, month, chance)
            self._live_until(simulation, milliseconds(date) + DAY_MS)
        self._live_until(simulation, milliseconds(FIRST) + (days + 60) * DAY_MS)
        return simulation

    def _live_until(self, simulation: Simulation, end: int) -> None:
        while self._coming and self._coming[0].at < end:
            simulation.feed(heappop(self._coming).line)
        simulation.run_until(end)

    def _plan(self, date: datetime, month: int, chance: random.Random) -> None:
        """What comes from outside on one day."""
        start = milliseconds(date)
        for _ in range(self.leads_a_day):
            self._captured(start + chance.randrange(DAY_MS), chance)
        for members in names(month).values():
            for rep in members:
                if chance.random() < 0.02:
                    self._away(rep, start, chance.choice((1, 1, 5, 10)))

    def _captured(self, at: int, chance: random.Random) -> None:
        self.captured += 1
        countries = [country for *_, listed in TEAMS.values() for country in listed]
        event = {
            "type": "lead.captured",
            "event_id": f"capture-{self.captured}",
            "occurred_at": format_time(at),
            "source": chance.choice(SOURCES),
            "lead": {
                "lead_id": f"lead-{self.captured}",
                "email": f"p{self.captured}@firm{chance.randrange(20_000)}.com",
                "country": chance.choice(countries),
                "employees": chance.choice((10, 120, 900)),
            },
        }
        self._add("leads.raw", at, event, f"{self.captured}".encode())

    def _away(self, rep: str, start: int, days: int) -> None:
        span = {
            "from": format_time(start + HOUR_MS),
            "to": format_time(start + days * DAY_MS),
            "kind": "pto",
        }
        event = {
            "type": "rep.changed",
            "event_id": f"away-{rep}-{start}",
            "occurred_at": format_time(start),
            "rep_id": rep,
            "away": [span],
        }
        self._add("reps.events", start, event, KEY)

    def _saw(self, appended: Appended) -> None:
        """A rep acts on a lead that came to him; chance follows from the assignment itself.

        Nobody says junk: turns given back stand in the books beside what the decisions did.
        """
        self.sent.append(appended)
        event = appended.sent.event
        if not isinstance(event, RepAssigned):
            return
        chance = random.Random(event.assignment_id)  # noqa: S311 - made input, not a secret
        due = event.contact_due_at or event.at + 8 * HOUR_MS
        late = chance.random() < 0.08
        reached = due + HOUR_MS if late else max(event.at + MINUTE_MS, due - 30 * MINUTE_MS)
        end = reached + chance.randrange(HOUR_MS, 20 * DAY_MS)
        outcome = chance.choice(("won", "lost", "lost", "unqualified"))
        self._did(event, reached, "contacted")
        self._did(event, end, outcome)

    def _did(self, event: RepAssigned, at: int, activity: str) -> None:
        said = {
            "type": "lead.activity",
            "event_id": f"{activity}-{event.assignment_id}",
            "occurred_at": format_time(at),
            "lead_id": event.lead_id,
            "assignment_id": event.assignment_id,
            "rep_id": event.rep_id,
            "activity": activity,
        }
        self._add("crm.events", at, said, KEY)

    def _add(self, topic: str, at: int, event: dict[str, Any], key: bytes) -> None:
        self._number += 1
        line = Line(topic, at, orjson.dumps(event), key)
        heappush(self._coming, Coming(at, self._number, line))

    def assigned(self) -> Iterator[RepAssigned]:
        """Every assignment in order."""
        for each in self.sent:
            if isinstance(each.sent.event, RepAssigned):
                yield each.sent.event
