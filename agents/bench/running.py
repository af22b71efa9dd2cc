"""The measurement: leads at each rate, then a backlog; what it found, as one object."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from agents.bench import machine
from agents.bench.course import WORKER, Course, course
from agents.clock import wall_ms
from agents.demo import company
from agents.kafka import names
from agents.kafka.stopwatch import Message, Stopwatch, Unfinished
from agents.settings import Kafka

SOURCE, OUTCOME = "leads.raw", "leads.lifecycle"
"""A lead's first record on leads.lifecycle is of the transaction that assigned or pooled it."""
WARM_UP = 300
WARM_UP_RATE = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured."""

    rates: Sequence[int]
    """Leads a second."""
    seconds: int
    """For how long at each rate."""
    backlog: int
    """Leads that wait before the workers start; 0: none."""
    workers: int = 1
    seed: int = 1

    @property
    def leads(self) -> int:
        """How many leads are sent in all."""
        return WARM_UP + self.backlog + sum(rate * self.seconds for rate in self.rates)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRate:
    """Raw lead sent to place read, at an even rate."""

    rate: int
    p50_ms: float
    p99_ms: float
    longest_ms: float
    cpu_ms_a_lead: float | None
    """Of all workers; None where the system does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Leads that waited before the workers started."""

    leads: int
    leads_a_second: float
    """From the first place to the last."""
    seconds: float
    """From the start of the workers to the last place."""
    cpu_ms_a_lead: float | None
    """The workers' start included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """All that was found."""

    at_rates: list[AtRate]
    backlog: Backlog | None
    memory_mb: float | None
    """Of the largest worker at the end."""
    workers: int
    machine: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The contract's object."""
        return asdict(self)


def measure(
    kafka: Kafka, plan: Plan, say: Callable[[str], None], command: Sequence[str] = WORKER
) -> Result:
    """Measures on topics of its own; `say` hears what goes on, `command` starts a worker.

    Raises `Unfinished`, `WorkerEnded`, `NotAcknowledged` and what the broker's clients raise.
    """
    messages = leads(plan)
    say("making topics of its own and publishing a policy ...")
    with course(kafka, command) as own:
        prefix = own.kafka.prefix
        watch = Stopwatch(own.kafka, names.topic(prefix, SOURCE), names.topic(prefix, OUTCOME))
        try:
            own.start(plan.workers)
            say("warming up ...")
            watch.paced(list(islice(messages, WARM_UP)), WARM_UP_RATE)
            at_rates = [_at_rate(own, watch, rate, messages, plan, say) for rate in plan.rates]
            backlog = _backlog(own, watch, messages, plan, say) if plan.backlog else None
            return Result(
                at_rates=at_rates,
                backlog=backlog,
                memory_mb=own.memory_mb(),
                workers=plan.workers,
                machine=machine.description(),
            )
        except Unfinished:
            own.refuse_ended()
            raise
        finally:
            watch.close()


def leads(plan: Plan) -> Iterator[Message]:
    """Different made-up leads of some hundred companies, as the demo's without its garbage."""
    made = company.leads(plan.leads, plan.seed, wall_ms())
    for each in made:
        if each.kind == "lead" and each.lead_id:
            name = each.lead_id.encode()
            yield Message(name, each.value, name)


def _at_rate(
    own: Course,
    watch: Stopwatch,
    rate: int,
    messages: Iterator[Message],
    plan: Plan,
    say: Callable[[str], None],
) -> AtRate:
    say(f"{rate} leads a second for {plan.seconds} s ...")
    sent = list(islice(messages, rate * plan.seconds))
    before = own.cpu_s()
    latency = watch.paced(sent, rate)
    return AtRate(
        rate=rate,
        p50_ms=round(latency.p50, 1),
        p99_ms=round(latency.p99, 1),
        longest_ms=round(latency.longest, 1),
        cpu_ms_a_lead=_a_lead(before, own.cpu_s(), len(sent)),
    )


def _backlog(
    own: Course,
    watch: Stopwatch,
    messages: Iterator[Message],
    plan: Plan,
    say: Callable[[str], None],
) -> Backlog:
    say(f"a backlog of {plan.backlog} leads ...")
    own.stop()
    sent = list(islice(messages, plan.backlog))
    took = watch.backlog(sent, lambda: own.start(plan.workers))
    return Backlog(
        leads=len(sent),
        leads_a_second=round(len(sent) / took.first_to_last, 1),
        seconds=round(took.in_all, 1),
        cpu_ms_a_lead=_a_lead(0.0, own.cpu_s(), len(sent)),
    )


def _a_lead(before_s: float | None, after_s: float | None, count: int) -> float | None:
    if before_s is None or after_s is None:
        return None
    return round((after_s - before_s) / count * 1000, 3)
