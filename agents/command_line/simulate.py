"""`leadstream simulate`: the whole pipeline with no broker and no wall clock."""

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from agents.command_line.convert import STANDARD_OUTPUT, time_of
from agents.command_line.ending import Refused
from agents.command_line.policy_file import compiled
from agents.command_line.progress import Progress
from agents.command_line.tables import print_json, print_table

if TYPE_CHECKING:
    from agents.inputs import InputLine
    from agents.recount import Recount, Totals
    from agents.simulation.simulation import Appended, Simulation
    from streams.policy.compiled import Policy

MEANING = {
    "captured": "leads that came in",
    "assigned": "a rep has or had the lead",
    "pooled": "in a pool",
    "nurtured": "in nurture or archived",
    "rejected": "rejected or disqualified",
    "waiting": "nobody is available yet",
    "lost": "must be 0",
    "duplicated": "must be 0",
    "breaches": "clocks that ran out",
    "reassigned": "assignments in place of another",
    "refused": "other input that was rejected",
}


def simulate(
    *,
    policy: Path,
    events: Path,
    then: tuple[str, ...] = (),
    until: str | None = None,
    out: Path | None = None,
    json: bool = False,
) -> None:
    """Run the whole pipeline over a file of input lines, with no broker and no wall clock.

    The same steps decide as in production; time is what the lines say, and timers fire in order
    between them. The same input gives the same output, byte for byte.

    Example: `leadstream simulate --policy deploy/policies/default.yaml --events leads.jsonl
    --until 2026-03-04T00:00:00Z --out decisions.jsonl`

    Parameters
    ----------
    policy
        The rules, in YAML.
    events
        Input lines, one JSON object each with topic, at and value; `-` is the standard input.
    then
        Another version of the rules and the time at which it comes into force, such as
        2026-04-01T00:00:00Z=april.yaml; once for each version.
    until
        Run the clock on to this time after the last line, such as 2026-03-04T00:00:00Z.
    out
        Where the events of the output topics go, one JSON line each; `-` is the standard output.
        Without it only the summary is printed.
    json
        End with one line of JSON instead of a table.
    """
    later = _later(then)
    _refuse_own_input(out, policy, events, *(file for _, file in later))
    end = None if until is None else time_of("--until", until)
    rules = [compiled(policy)]
    rules += [compiled(file, version=number) for number, (_, file) in enumerate(later, start=1)]
    lines = _lines(events)
    last = lines[-1].at or 0
    if end is not None and end < last:
        raise Refused(f"--until lies before the last line of {events}: give a later time")
    if end is not None and later and later[-1][0] > end:
        raise Refused("--until lies before the last --then: give a later time")
    with _target(out) as stream:
        starts = (lines[0].at or 0, *(at for at, _ in later))
        totals = _simulated(dict(zip(starts, rules, strict=True)), lines, end, stream)
    if json:
        print_json(totals._asdict())
    else:
        rows = [(name, str(getattr(totals, name)), meaning) for name, meaning in MEANING.items()]
        print_table("What became of the leads", ("", "number", "meaning"), rows)


def _later(then: tuple[str, ...]) -> list[tuple[int, Path]]:
    """Time and file of every later version, in order of time. Raises `Refused`."""
    found = []
    for each in then:
        text, sign, file = each.partition("=")
        if not sign or not file:
            raise Refused(
                f"--then {each}: write TIME=FILE, such as 2026-04-01T00:00:00Z=april.yaml"
            )
        found.append((time_of("--then", text), Path(file)))
    times = [at for at, _ in found]
    if len(set(times)) < len(times):
        raise Refused("--then: two versions come into force at one time; give each its own")
    return sorted(found)


def _refuse_own_input(out: Path | None, *inputs: Path) -> None:
    """Raises `Refused` where the output would take the place of what is read."""
    if out is None or not out.exists():
        return
    for one in inputs:
        if one.exists() and one.samefile(out):
            raise Refused(f"{out} is what is read: choose another --out")


def _lines(events: Path) -> "list[InputLine]":
    """All lines in order of time; lines of one instant stay in the file's order."""
    from agents import inputs

    found: list[InputLine] = []
    try:
        with Progress("Reading") as progress, inputs.opened(events) as stream:
            size = inputs.size_of(events)
            for line in inputs.read_lines(stream, str(events)):
                if line.at is None:
                    raise inputs.BadLine(str(events), line.number, "it has no `at`; add its time")
                found.append(line)
                progress(line.end, size)
    except inputs.BadInput as error:
        raise Refused(str(error)) from None
    if not found:
        raise Refused(f"{events} has no input lines: write {inputs.FORM}, one event a line")
    return sorted(found, key=lambda line: line.at or 0)


@contextmanager
def _target(out: Path | None) -> Iterator[BinaryIO | None]:
    """Where output lines go: whole or not at all, None for nowhere."""
    from agents.convert.target import replacing

    if out is None:
        yield None
    elif out == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with replacing(out) as stream:
            yield stream


def _simulated(
    policies: "dict[int, Policy]",
    lines: "list[InputLine]",
    end: int | None,
    stream: BinaryIO | None,
) -> "Totals":
    """`policies` by the time from which each is in force, in order of time."""
    from agents.inputs import key_of
    from agents.recount import Recount
    from agents.settings import PUBLIC_SECRET
    from agents.simulation.simulation import Line, Simulation
    from schemas.codec import Codec
    from streams.pipeline import pipeline

    codec, recount = Codec(), Recount()
    stages = pipeline(PUBLIC_SECRET.encode(), codec)
    simulation = Simulation(stages, codec, _Collector(recount, stream))
    later = deque(policies.items())
    with Progress("Simulating") as progress:
        for number, line in enumerate(lines, start=1):
            while later and later[0][0] <= (line.at or 0):
                at, version = later.popleft()
                simulation.publish(version, at)
            simulation.feed(Line(line.topic, line.at or 0, line.value, key_of(line.value)))
            progress(number, len(lines))
        for at, version in later:
            simulation.publish(version, at)
        if end is not None:
            simulation.run_until(end)
    return recount.totals(admitted(simulation))


class _Collector:
    """Takes every record of an output topic: into the recount, and as a line into the output."""

    def __init__(self, recount: "Recount", stream: BinaryIO | None) -> None:
        from agents.simulation.simulation import as_line
        from schemas.codec import to_json
        from schemas.topics import OUTPUTS

        self._names = frozenset(topic.name for topic in OUTPUTS)
        self._recount, self._stream = recount, stream
        self._as_line, self._to_json = as_line, to_json

    def __call__(self, appended: "Appended") -> None:
        """Takes one record."""
        sent = appended.sent
        if sent.topic not in self._names:
            return
        value = self._to_json(sent.event)
        self._recount.note(sent.topic, value)
        if self._stream is not None:
            self._stream.write(self._as_line(appended, value))


def admitted(simulation: "Simulation") -> int:
    """Leads that qualify let in, by its own count over all its partitions."""
    rows = (partition.tables.counts.get("admitted") for partition in simulation.partitions.values())
    return sum(row.value for row in rows if row is not None)
