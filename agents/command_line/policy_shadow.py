"""`leadstream policy shadow`: how a candidate does beside the policy in force."""

from pathlib import Path
from typing import TYPE_CHECKING

from agents.command_line.broker import patiently, reading, speaking_to
from agents.command_line.ending import Failed
from agents.command_line.environment import codec, settings
from agents.command_line.progress import Progress
from agents.command_line.tables import counted, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.settings import Settings
    from agents.shadow import Standing
    from schemas.shadow import DecisionDiffered

COLUMNS = ("under the policy in force", "under the candidate", "leads")
MOST = 50
"""So many ways are shown; JSON has them all."""
START = "`leadstream policy publish FILE --shadow` starts it"


def shadow(*, end: bool = False, json: bool = False) -> None:
    """Tell what a candidate policy would have decided otherwise so far, or end it.

    Every difference is an event on `decisions.shadow`, with the reasons of both. That a candidate
    has moved no lead otherwise is told by the number of those that were compared; what it would
    think of leads is compared, too. A new policy in force ends it.

    Example: `leadstream policy shadow`

    Parameters
    ----------
    end
        Let no candidate decide any more; what it would have decided stays on the topic.
    json
        End with one line of JSON: `version`, `since`, `partitions`, `compared`, `differed`,
        `failed`, and `ways` with live, shadow and leads; `judgements` with the same of scores,
        null until the first was compared.
    """
    found = settings()
    if end:
        _end(found)
        if json:
            print_json({"version": None})
        else:
            print("No candidate decides any more.")
        return
    placing, judging = candidate(found), _standing(found, "qualify")
    if judging is not None and judging.version != placing.version:
        judging = None
    events = _differences(found)
    if json:
        print_json(
            _listed(placing, events, "route")
            | {"judgements": judging and _listed(judging, events, "qualify")}
        )
        return
    _print(placing, events, "route", "decision")
    if judging is not None:
        _print(judging, events, "qualify", "judgement")


def publish_shadow(found: "Settings", file: Path, released: str, *, json: bool) -> None:
    """Publishes a released document as a candidate. Raises `Failed` where no policy is yet."""
    from agents.kafka.policies import PolicyTopic
    from agents.kafka.shadow import publish_candidate

    latest = patiently(PolicyTopic(found.kafka).latest)
    if latest is None:
        raise Failed("no policy is in force yet: publish this one without --shadow")
    version = patiently(lambda: publish_candidate(found.kafka, codec(found), released))
    if json:
        print_json({"version": version, "beside": latest})
    else:
        print(f"{file} is published as version {version} and decides beside version {latest}.")


def candidate(found: "Settings") -> "Standing":
    """The candidate that places leads now. Raises `Failed` where none does."""
    whole = _standing(found, "route")
    if whole is None:
        raise Failed(f"no candidate decides beside the policy in force: {START}")
    return whole


def _standing(found: "Settings", stage: str) -> "Standing | None":
    with speaking_to(found.kafka):
        from agents.kafka.shadow import standing
        from agents.shadow import standing as together

        with Progress("Reading what was compared") as progress:
            rows = patiently(lambda: standing(found.kafka, stage, progress))
    return together(list(rows.values()))


def _listed(
    standing: "Standing", events: "Sequence[DecisionDiffered]", stage: str
) -> dict[str, object]:
    from agents.shadow import ways

    common = ways(events, standing.version, stage).most_common()
    listed = [{"live": a, "shadow": b, "leads": n} for (a, b), n in common]
    return standing._asdict() | {"ways": listed}


def _print(
    standing: "Standing", events: "Sequence[DecisionDiffered]", stage: str, noun: str
) -> None:
    from agents.shadow import ways

    common = ways(events, standing.version, stage).most_common(MOST)
    if common:
        rows = [(live, other, str(leads)) for (live, other), leads in common]
        title = f"Where a {noun} of policy version {standing.version} differs"
        print_table(title, COLUMNS, rows)
    print(_sentence(standing, noun))


def _sentence(standing: "Standing", noun: str) -> str:
    from schemas.record import format_time

    failed = f"; {counted(standing.failed, 'step')} failed" if standing.failed else ""
    return (
        f"Version {standing.version} decides since {format_time(standing.since)} at "
        f"{counted(standing.partitions, 'partition')}: {standing.differed} of "
        f"{counted(standing.compared, noun)} differed{failed}."
    )


def _differences(found: "Settings") -> "list[DecisionDiffered]":
    with reading(found) as reader:
        from agents.kafka.scan import scan
        from schemas.shadow import DecisionDiffered
        from streams.steps.shadow import TOPIC

        with Progress(f"Reading {TOPIC}") as progress:
            records = patiently(lambda: list(scan(found.kafka, TOPIC, progress)))
        events = [event for _, event in reader.events(records)]
        return [each for each in events if isinstance(each, DecisionDiffered)]


def _end(found: "Settings") -> None:
    with speaking_to(found.kafka):
        from agents.kafka.shadow import end_candidate

        patiently(lambda: end_candidate(found.kafka, codec(found)))
