"""`leadstream bench`."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from agents.command_line.broker import patiently, speaking_to
from agents.command_line.ending import DONE, Failed
from agents.command_line.environment import settings
from agents.command_line.tables import print_json, print_table

if TYPE_CHECKING:
    from agents.bench.running import Result

RATES = (100, 1_000)
RATE_MAX, SECONDS_MAX, BACKLOG_MAX, WORKERS_MAX = 10_000, 600, 100_000, 32
Count = validators.Number


def bench(
    *,
    rate: Annotated[tuple[int, ...], Parameter(negative=())] = RATES,
    seconds: Annotated[int, Parameter(validator=Count(gte=1, lte=SECONDS_MAX))] = 10,
    backlog: Annotated[int, Parameter(validator=Count(gte=0, lte=BACKLOG_MAX))] = 10_000,
    workers: Annotated[int, Parameter(validator=Count(gte=1, lte=WORKERS_MAX))] = 1,
    json: bool = False,
) -> int:
    """Measure latency and throughput against your broker.

    Made-up leads go through topics and workers of its own, which are gone afterwards: nothing else
    on the broker is touched, but it has work to do. Latency is from a raw lead sent to its place
    read, by one clock; throughput is from the first place to the last of a backlog.

    Example: `leadstream bench --rate 100 --rate 500 --seconds 30`

    Parameters
    ----------
    rate
        Leads a second; give it again for another one.
    seconds
        How long each rate lasts.
    backlog
        Leads that wait before the workers start; 0 leaves that part out.
    workers
        Worker processes, each with all agents.
    json
        End with one line of JSON with all figures and the machine's description.
    """
    from agents.bench.course import WorkerEnded
    from agents.bench.running import Plan, measure
    from agents.command_line.ending import Refused
    from agents.kafka.produce import NotAcknowledged
    from agents.kafka.stopwatch import Unfinished

    wrong = [each for each in rate if not 1 <= each <= RATE_MAX]
    if wrong:
        raise Refused(f"--rate {wrong[0]}: give 1 to {RATE_MAX} leads a second")
    kafka = settings().kafka
    plan = Plan(rates=rate, seconds=seconds, backlog=backlog, workers=workers)
    try:
        with speaking_to(kafka):
            result = patiently(lambda: measure(kafka, plan, _say))
    except (Unfinished, WorkerEnded, NotAcknowledged) as error:
        raise Failed(str(error)) from error
    if json:
        print_json(result.as_json())
    else:
        _print(result)
    return DONE


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _print(result: "Result") -> None:
    machine = result.machine
    system = f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}"
    libraries = f"Python {machine['python']}, confluent-kafka {machine['confluent_kafka']}"
    print(f"{system}, {libraries}")
    print(f"Workers: {result.workers}; memory of the largest: {_number(result.memory_mb, 'MB')}")
    columns = ("leads", "half within", "99 % within", "longest", "leads a second", "CPU a lead")
    print_table("From a raw lead sent to its place read", columns, _rows(result))


def _rows(result: "Result") -> Iterator[tuple[str, ...]]:
    for each in result.at_rates:
        yield (
            f"{each.rate} a second",
            _number(each.p50_ms, "ms"),
            _number(each.p99_ms, "ms"),
            _number(each.longest_ms, "ms"),
            "",
            _number(each.cpu_ms_a_lead, "ms", 2),
        )
    if result.backlog is not None:
        found = result.backlog
        yield (
            f"a backlog of {found.leads}",
            "",
            "",
            "",
            f"{found.leads_a_second:.0f} ({found.seconds:.0f} s in all)",
            _number(found.cpu_ms_a_lead, "ms", 2),
        )


def _number(value: float | None, unit: str, places: int = 0) -> str:
    return "not told here" if value is None else f"{value:.{places}f} {unit}"
