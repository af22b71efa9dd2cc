"""Promises 1, 2 and 5 under any interleaving: never lost, doubled, over capacity or overtaken."""

from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from schemas.outputs import (
    Alert,
    AssignmentEnded,
    LeadOffered,
    LeadRejected,
    OutputEvent,
    RepAssigned,
)
from streams.rules.availability import away_kind
from streams.rules.race import is_open
from streams.steps.board import Board
from streams.steps.search import Search
from streams.steps.waiting_room import choose_or_manager
from streams.steps.work import Work
from tests.streams import policies
from tests.streams.steps.desk_bench import DAY, HOUR, MINUTE, DeskBench, recount

LIMIT = 3
REPS = ("ann", "bob", "cay", "eve")
NO_LIMIT = {"account", "named_account", "manager"}
"""Methods that capacity does not stop (decisions 34, 35)."""


def small_policy(
    version: int = 1,
    weight: int = 100,
    limit: int = LIMIT,
    lane: str = "assign",
    most: int = 4,
    **reps: Any,
) -> Any:
    """Three reps with few slots and tight caps, one of them new; two run races."""
    hot = {"cap": "hot", "most": (most + 1) // 2, "rolling": "3h", "when": "hot"}
    team = {"open_limit": limit, "daily_limit": most, "absence": "keep_place", "caps": [hot]}
    inside = team | {"hot_lane": {"method": lane, "offers": 2}}
    bob = {"weight": weight, "starts_on": "2026-02-01", "days_off": ["2026-03-03"]}
    return policies.policy(
        version, teams={"inside": inside, "field": team}, reps={"bob": bob} | reps
    )


class Desk(RuleBasedStateMachine):
    """Leads, activities, absences, time and policies in any order."""

    def __init__(self) -> None:
        """An empty desk."""
        super().__init__()
        self.desk = DeskBench(small_policy(lane="race"))
        self.version = 1
        self.checked = self.told = 0
        self.by_hand: set[str] = set()
        """Assignments that a person made."""

    @rule(
        hot=st.booleans(),
        source=st.sampled_from(["demo_request", "webinar"]),
        owner=st.sampled_from([None, None, None, "bob"]),
        employees=st.sampled_from([5, 900]),
        grade=st.sampled_from(["B", "B", "F"]),
        score=st.sampled_from([60, 60, 95]),
        held_by=st.sampled_from([None, None, None, "bob", "zoe"]),
    )
    def a_lead_comes(self, **fields: Any) -> None:
        """One that is pushed, pooled, owned, withheld, imported, or takes the hot lane."""
        self.desk.lead(owner_rep_id=fields.pop("owner"), **fields)

    @rule(
        number=st.integers(0, 30),
        kind=st.sampled_from(["touch", "update"]),
        score=st.sampled_from([60, 85, 95]),
    )
    def news_about_a_lead(self, number: int, kind: str, score: int) -> None:
        """Of any place, or of one that is gone."""
        known = sorted(key for key, _ in self.desk.tables.places.items())
        lead = known[number % len(known)] if known else "lead-unknown"
        self.desk.lead(lead, kind=kind, score=score)

    @rule(
        number=st.integers(0, 30),
        what=st.sampled_from(
            ["contacted", "lost", "won", "returned", "junk", "no_show", "opportunity_created"]
        ),
        rep=st.sampled_from([None, None, None, *REPS]),
    )
    def a_rep_does_something(self, number: int, what: str, rep: str | None) -> None:
        """The holder, or somebody who does not have the lead."""
        held = sorted(self.desk.owners().items())
        if held:
            lead, holder = held[number % len(held)]
            self.desk.activity(lead, rep or holder, what)

    @rule(
        rep=st.sampled_from(REPS),
        kind=st.sampled_from(["pto", "meeting"]),
        begin=st.integers(0, 3 * HOUR),
        length=st.integers(1, 5 * HOUR),
    )
    def a_rep_is_away(self, rep: str, kind: str, begin: int, length: int) -> None:
        """Now or later."""
        self.desk.rep(rep, away=[(kind, begin, begin + length)])

    @rule(length=st.integers(1, 5 * HOUR), hot=st.booleans())
    def everybody_is_away(self, length: int, hot: bool) -> None:  # noqa: FBT001 - drawn
        """A lead that comes meanwhile waits for the first who is back."""
        for number, rep in enumerate(REPS):
            self.desk.rep(rep, away=[("meeting", 0, length + number * MINUTE)])
        self.desk.lead(hot=hot)

    @rule(rep=st.sampled_from(REPS), available=st.booleans())
    def a_rep_is_switched(self, rep: str, available: bool) -> None:  # noqa: FBT001 - drawn
        """Available or not."""
        self.desk.rep(rep, available=available)

    @rule(rep=st.sampled_from(REPS), status=st.sampled_from(["left", "active"]))
    def a_rep_leaves_or_comes_back(self, rep: str, status: str) -> None:
        """The managers are among them."""
        self.desk.rep(rep, status=status)

    @rule(number=st.integers(0, 30), rep=st.sampled_from(REPS), manager=st.booleans())
    def an_owner_is_set_by_hand(self, number: int, rep: str, manager: bool) -> None:  # noqa: FBT001 - drawn
        """Of any lead, closed ones included; the rep may have left, or be the one who has it."""
        known = sorted(key for key, _ in self.desk.tables.places.items())
        if known:
            lead = known[number % len(known)]
            held = self.desk.owners().get(lead)
            said = (self.desk.reassigned if manager else self.desk.owner)(lead, rep)
            assert said == [] or held != rep

    @rule(number=st.integers(0, 60))
    def the_crm_tells_of_an_assignment(self, number: int) -> None:
        """Our own, at once, late, or twice."""
        given = self.desk.events(RepAssigned)
        if given:
            event = given[-1 - number % len(given)]
            self.desk.owner(event.lead_id, event.rep_id, by="integration")

    @rule(
        rep=st.sampled_from(REPS),
        paused=st.booleans(),
        until=st.sampled_from([None, -HOUR, MINUTE, 5 * HOUR]),
    )
    def a_manager_pauses_or_resumes(self, rep: str, paused: bool, until: int | None) -> None:  # noqa: FBT001 - drawn
        """For ever, for a time, or for a time that is over already."""
        held = [lead for lead, holder in self.desk.owners().items() if holder == rep]
        self.desk.pause(rep, paused=paused, until=until)
        assert all(self.desk.owners()[lead] == rep for lead in held)

    @rule(
        rep=st.sampled_from(REPS),
        leads=st.integers(-3, 3),
        team=st.sampled_from(["inside", "field"]),
    )
    def a_manager_adjusts_a_turn(self, rep: str, leads: int, team: str) -> None:
        """Of a member, or of somebody else."""
        self.desk.adjust(rep, leads, f"{team}/round_robin")

    @rule(number=st.integers(0, 60), stands=st.booleans())
    def a_manager_skips(self, number: int, stands: bool) -> None:  # noqa: FBT001 - drawn
        """The assignment that stands, or one that may have ended."""
        given = self.desk.events(RepAssigned)
        if given:
            event = given[-1 - number % len(given)]
            before = self.desk.owners().get(event.lead_id)
            self.desk.skip(event.lead_id, None if stands else event.assignment_id)
            after = self.desk.owners().get(event.lead_id)
            assert before in {None, "ann", "eve"} or not stands or before != after

    @rule(
        number=st.integers(0, 60),
        rep=st.sampled_from([None, None, None, *REPS]),
        accepts=st.booleans(),
        again=st.booleans(),
    )
    def a_rep_answers_an_offer(
        self,
        number: int,
        rep: str | None,
        accepts: bool,  # noqa: FBT001 - drawn
        again: bool,  # noqa: FBT001 - drawn
    ) -> None:
        """His own that is open, another one, or one that has ended; perhaps twice."""
        offers = self.desk.events(LeadOffered)
        if offers:
            event = offers[-1 - number % len(offers)]
            answer = self.desk.accept if accepts else self.desk.decline
            for _ in range(1 + again):
                said = answer(event.offer_id, rep or event.offered_to[0])
            assert not again or [type(each) for each in said] == [LeadRejected]

    @rule(time=st.sampled_from([1, MINUTE, 20 * MINUTE, 2 * HOUR, 8 * DAY]))
    def time_passes(self, time: int) -> None:
        """Clocks, shifts and pools run."""
        self.desk.after(time)

    @rule(
        weight=st.integers(4, 1000),
        limit=st.integers(LIMIT, LIMIT + 1),
        gone=st.booleans(),
        lane=st.sampled_from(["assign", "race", "race"]),
    )
    def a_policy_is_published(self, weight: int, limit: int, gone: bool, lane: str) -> None:  # noqa: FBT001 - drawn
        """Another weight, limit or method of the hot lane, a rep more or less."""
        self.version += 1
        reps: dict[str, Any] = {"cay": None} if gone else {}
        self.desk.publish(small_policy(self.version, weight, limit, lane, **reps))

    @invariant()
    def counts_are_right(self) -> None:
        """Promise 2: counts, loads and places equal a recount; nothing lost or doubled."""
        places = dict(self.desk.tables.places.items())
        gone = self.desk.tables.counts.get("received")
        if gone is not None and gone.value == len(places):
            recount(self.desk)
        total = sum(
            row.value for key, row in self.desk.tables.counts.items() if key.startswith("place:")
        )
        assert total == (gone.value if gone else 0)

    @invariant()
    def nobody_is_over_capacity(self) -> None:
        """CPTY-01: at the moment of each assignment; owners and managers excepted."""
        for event in self.desk.events(RepAssigned)[self.checked :]:
            self.checked += 1
            if event.method not in NO_LIMIT:
                load = next(
                    each.load
                    for each in event.explanation.candidates
                    if each.rep_id == event.rep_id
                )
                assert load is not None
                assert load <= LIMIT

    @invariant()
    def what_a_person_gave_only_people_take(self) -> None:
        """Decision 0026: by a manager, the CRM or the rep himself; or he is gone."""
        for event in self.desk.events(OutputEvent)[self.told :]:
            self.told += 1
            if isinstance(event, RepAssigned) and event.by:
                self.by_hand.add(event.assignment_id)
            if isinstance(event, AssignmentEnded) and event.assignment_id in self.by_hand:
                rep = self.desk.tables.reps.get(event.rep_id)
                gone = event.rep_id not in self.desk.policy.document.reps
                assert event.by or event.reason != "reassigned" or gone or (rep and rep.left)

    @invariant()
    def boards_are_what_the_rows_say(self) -> None:
        """What is kept between leads says what looking at everybody anew says."""
        work = Work(self.desk.tables, self.desk.policy, self.desk.now, "check")
        boards = [kept for kept in self.desk.tables.derived.values() if isinstance(kept, Board)]
        for kept in boards:
            made = Board(kept.question, kept.policy)
            for board in (kept, made):
                board.refresh(work)
            assert kept.looked == made.looked
            assert kept.by_reason() == made.by_reason()
            assert kept.on_shift == made.on_shift
            assert kept.candidates(0) == made.candidates(0)

    @invariant()
    def a_race_ends_by_itself(self) -> None:
        """LANE-02: a timer wakes it at its end, and before where a runner's absence begins."""
        tables, now = self.desk.tables, self.desk.now
        work = Work(tables, self.desk.policy, now, "check")
        for place in (each for _, each in tables.places.items() if each.race):
            row = tables.races.get(place.race)
            assert (place.place, place.arrival, place.assignment) == ("waiting", 0, None)
            assert row is not None
            assert is_open(row)
            timer = tables.timers.get(f"race:{place.race}")
            assert timer is not None
            assert now < timer.due <= row.expires_at
            for rep in (work.rep(offer.rep_id) for offer in row.offers if not offer.ended):
                assert away_kind(rep, now) is None
                assert all(timer.due <= span.begin for span in rep.away if span.begin > now)

    @invariant()
    def whoever_waits_has_nobody(self) -> None:
        """Decision 33: so no newer lead can overtake, and everybody who frees up is noticed."""
        desk = self.desk
        work = Work(desk.tables, desk.policy, desk.now, "check")
        for key, place in desk.tables.places.items():
            lead = desk.tables.leads.get(key)
            if place.place == "waiting" and lead is not None and not place.race:
                search = Search(work, lead, place.team, place.excluded)
                assert choose_or_manager(search) is None
                assert place.arrival
                assert desk.tables.timers.get(f"waiting_alert:{key}") or desk.events(Alert)


Desk.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestDesk = Desk.TestCase
