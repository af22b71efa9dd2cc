"""The state machine: a pipeline's turns, faults and rebalances in any order."""

from collections.abc import Callable
from typing import ClassVar

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.interleaved.memory_kafka import Fault, MemoryKafka
from tests.interleaved.memory_member import Fetch
from tests.interleaved.office import COMPANIES, REPS, document
from tests.interleaved.running import NAMES, STAGES, Running, die, refuse, say_nothing

MINUTE_S = 60.0
POINTS = ("begin", "offsets", "commit", "committed")
workers = st.sampled_from(NAMES)
stages = st.sampled_from((*STAGES, "route"))
fetches = st.builds(Fetch, st.integers(1, 12), st.integers(0, 20))
numbers = st.integers(0, 20)
companies = st.integers(0, COMPANIES - 1)
sources = st.sampled_from(["demo_request", "demo_request", "contact_sales", "webinar"])
employees = st.sampled_from([None, 10, 900])
works = precondition(lambda self: bool(self.run.workers))


class Pipeline(RuleBasedStateMachine):
    """Two workers; what they commit is judged at the end."""

    kind: Callable[..., MemoryKafka] = MemoryKafka
    reached: ClassVar[set[str]] = set()
    """What happened in any example."""

    def __init__(self) -> None:
        """A pipeline that has just been started."""
        super().__init__()
        self.run = Running(self.kind)

    def teardown(self) -> None:
        """At rest everything is judged."""
        try:
            self.run.judge()
        finally:
            self.reached.update(self.run.reached())
            self.run.close()

    def _one_of_us(self, name: str) -> str:
        """The worker of that name, or the one that there is."""
        return name if name in self.run.workers else next(iter(self.run.workers))

    def _busy(self, which: int) -> tuple[str, str]:
        """One of the workers that have something to decide, and its stage."""
        busy = self.run.busy()
        return busy[which % len(busy)]

    # -- what comes in

    @initialize(company=companies, source=sources, employees=employees, rounds=st.integers(0, 4))
    def begins(self, company: int, source: str, employees: int | None, rounds: int) -> None:
        """With some leads, decided in part."""
        self.leads_come(company, source, employees, "leads.raw", 6)
        self.everybody_works(rounds)

    @rule(
        company=companies,
        source=sources,
        employees=employees,
        topic=st.sampled_from(["leads.raw", "leads.raw", "leads.bulk"]),
        times=st.integers(1, 6),
    )
    def leads_come(
        self, company: int, source: str, employees: int | None, topic: str, times: int
    ) -> None:
        """More than one may come before anything is decided."""
        for number in range(times):
            self.run.office.lead((company + number) % COMPANIES, source, employees, topic)

    @rule(which=st.integers(0, 40), garbage=st.sampled_from([True, False, False]))
    def a_sender_repeats_itself(self, which: int, garbage: bool) -> None:  # noqa: FBT001 - drawn
        """The same event under the same id; or it sends what is no event."""
        if garbage:
            self.run.office.garbage()
        else:
            self.run.office.again(which)

    @precondition(lambda self: self.run.kafka.committed("assignments.rep"))
    @rule(
        number=st.integers(0, 12),
        what=st.sampled_from(["contacted", "won", "lost", "returned", "no_show", "skip", "owner"]),
        rep=st.sampled_from([None, None, *REPS]),
    )
    def something_is_done_about_a_lead(self, number: int, what: str, rep: str | None) -> None:
        """By who had it, or by somebody else."""
        given = self.run.said("assignments.rep")
        event = given[-1 - number % len(given)]
        if what == "skip":
            self.run.office.skip(event.lead_id, event.assignment_id)
        elif what == "owner":
            self.run.office.owner(event.lead_id, rep or "cay")
        else:
            self.run.office.activity(event.lead_id, rep or event.rep_id, what)

    @precondition(lambda self: self.run.kafka.committed("assignments.offers"))
    @rule(number=st.integers(0, 12), accepts=st.booleans())
    def an_offer_is_answered(self, number: int, accepts: bool) -> None:  # noqa: FBT001 - drawn
        """In time or not."""
        offers = self.run.said("assignments.offers")
        event = offers[-1 - number % len(offers)]
        self.run.office.answer(event.offer_id, event.offered_to[0], accepts=accepts)

    @rule(rep=st.sampled_from(REPS), there=st.booleans())
    def a_rep_goes_or_comes_back(self, rep: str, there: bool) -> None:  # noqa: FBT001 - drawn
        """Away, or there again."""
        self.run.office.available(rep, there=there)

    @rule(
        company=companies,
        owner=st.sampled_from([None, "bob", "dan"]),
        employees=st.sampled_from([20, 900]),
    )
    def an_account_changes(self, company: int, owner: str | None, employees: int) -> None:
        """Whose it is, and how large."""
        self.run.office.account(company, owner, employees)

    @rule(
        weight=st.sampled_from([10, 100, 400]),
        limit=st.integers(2, 3),
        lane=st.sampled_from(["assign", "race", "race"]),
    )
    def a_policy_is_published(self, weight: int, limit: int, lane: str) -> None:
        """Another weight, limit or lane."""
        self.run.publish(document(weight, limit, lane))

    @rule(minutes=st.sampled_from([0.1, 1, 30, 300, 3000]))
    def time_passes(self, minutes: float) -> None:
        """Clocks and pools run; what is open too long is aborted."""
        self.run.kafka.time.sleep(minutes * MINUTE_S)

    # -- workers at work

    @works
    @rule(
        name=workers,
        stage=stages,
        fetch=fetches,
        restores=st.sampled_from([True, True, False]),
        slow=st.sampled_from([0.0, 0.0, 0.03]),
    )
    def a_turn(self, name: str, stage: str, fetch: Fetch, restores: bool, slow: float) -> None:  # noqa: FBT001 - drawn
        """Some records of some partitions; slow work ends a batch early."""
        worker = self.run.workers[self._one_of_us(name)]
        if restores:
            worker.restore(stage)
        self.run.kafka.time.look_s = slow
        worker.turn(stage, fetch)
        self.run.kafka.time.look_s = 0.0

    @works
    @rule(rounds=st.integers(1, 4))
    def everybody_works(self, rounds: int) -> None:
        """Without any fault."""
        for _ in range(rounds):
            self.run.round()

    @works
    @rule(which=numbers, fetch=fetches, point=st.sampled_from(POINTS))
    def a_worker_dies_in_its_turn(self, which: int, fetch: Fetch, point: str) -> None:
        """Before the commit or right behind it, when nobody has told the worker yet."""
        who, stage = self._busy(which)
        self.run.faulty(who, Fault(who, stage, point, die), fetch)

    @works
    @rule(which=numbers, fetch=fetches, point=st.sampled_from(POINTS[1:]))
    def the_broker_answers_badly(self, which: int, fetch: Fetch, point: str) -> None:
        """It refuses a batch, or says nothing of one that it has committed."""
        who, stage = self._busy(which)
        answer = say_nothing if point == "committed" else refuse
        self.run.faulty(who, Fault(who, stage, point, answer), fetch)

    @works
    @rule(
        which=numbers,
        fetch=fetches,
        point=st.sampled_from(["begin", "offsets", "commit", "restore"]),
        away=st.sampled_from([(0.0, False), (0.0, True), (7.0, True), (7.0, False), (30.0, True)]),
        others=st.lists(st.tuples(stages, fetches, st.booleans()), min_size=2, max_size=8),
    )
    def a_worker_stands_still(
        self,
        which: int,
        fetch: Fetch,
        point: str,
        away: tuple[float, bool],
        others: list[tuple[str, Fetch, bool]],
    ) -> None:
        """In the middle of a turn its session runs out, others take over, and it goes on.

        `away`: for how many seconds, and whether it knows afterwards that it is no member.
        """
        (who, stage), (seconds, learns) = self._busy(which), away

        def meanwhile() -> None:
            self.run.end_sessions(who)
            for where, fetched, restores in others:
                self.run.kafka.time.sleep(seconds / len(others))
                for other in [each for each in self.run.workers.values() if each.name != who]:
                    if restores:
                        other.restore(where)
                    other.turn(where, fetched)
            if learns:
                self.run.workers[who].member(stage).learns()

        self.run.faulty(who, Fault(who, stage, point, meanwhile, cuts_off=True), fetch)

    # -- workers come and go

    @rule(name=workers, other=st.booleans())
    def a_worker_is_killed_or_starts(self, name: str, other: bool) -> None:  # noqa: FBT001 - drawn
        """Between two turns; its session may run out before it is back."""
        if name in self.run.workers:
            del self.run.workers[name]
            if other:
                self.run.end_sessions(name)
        else:
            self.run.start(name)

    @rule(name=workers)
    def a_session_runs_out(self, name: str) -> None:
        """Of a worker that is dead, or was not heard of for a while."""
        self.run.end_sessions(name)

    @rule(stage=stages, number=st.integers(0, 20), name=workers)
    def a_partition_moves(self, stage: str, number: int, name: str) -> None:
        """To another worker, which restores its rows."""
        self.run.move(stage, number, name)
