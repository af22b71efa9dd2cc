"""`leadstream policy shadow`: how a candidate does beside the policy in force."""

from pathlib import Path
from typing import TYPE_CHECKING

from agents.command_line.broker import patiently, reading, speaking_to
from agents.command_line.ending import Failed
from agents.command_line.environment import codec, settings
from agents.command_line.progress import Progress
from agents.command_line.tables import counted, print_json, print_table

if TYPE_CHECKING:
    from collections import Counter

    from agents.settings import Settings
    from agents.shadow import Standing

COLUMNS = ("under the policy in force", "under the candidate", "leads")
MOST = 50
"""So many ways are shown; JSON has them all."""
START = "`leadstream policy publish FILE --shadow` starts it"


def shadow(*, end: bool = False, json: bool = False) -> None:
    """Tell what a candidate policy would have decided otherwise so far, or end it.

    Every difference is an event on `decisions.shadow`, with the reasons of both. That a candidate
    has moved no lead otherwise is told by the number of those that were compared. A new policy in
    force ends it too. Scores are those of the policy in force.

    Example: `leadstream policy shadow`

    Parameters
    ----------
    end
        Let no candidate decide any more; what it would have decided stays on the topic.
    json
        End with one line of JSON: `version`, `since`, `partitions`, `compared`, `differed`,
        `failed`, and `ways` with live, shadow and leads.
    """
    found = settings()
    if end:
        _end(found)
        if json:
            print_json({"version": None})
        else:
            print("No candidate decides any more.")
        return
    standing = candidate(found)
    ways = _ways(found, standing.version)
    if json:
        listed = [{"live": a, "shadow": b, "leads": n} for (a, b), n in ways.most_common()]
        print_json(standing._asdict() | {"ways": listed})
        return
    if ways:
        rows = [(live, other, str(leads)) for (live, other), leads in ways.most_common(MOST)]
        print_table(f"Where policy version {standing.version} differs", COLUMNS, rows)
    print(_sentence(standing))


def publish_shadow(found: "Settings", file: Path, released: str, *, json: bool) -> None:
    """Publishes a released document as a candidate. Raises `Failed` where there is no policy yet.

    Says what cannot be compared.
    """
    from agents.kafka.policies import PolicyTopic
    from agents.kafka.shadow import publish_candidate

    latest = patiently(PolicyTopic(found.kafka).latest)
    if latest is None:
        raise Failed("no policy is in force yet: publish this one without --shadow")
    version = patiently(lambda: publish_candidate(found.kafka, codec(found), released))
    scores = _other_scores(found, latest, released)
    if json:
        print_json({"version": version, "beside": latest, "other_scores": scores})
        return
    print(f"{file} is published as version {version} and decides beside version {latest}.")
    if scores:
        print("Its scores are others: they are not compared, leads come with those in force.")


def _other_scores(found: "Settings", latest: int, released: str) -> bool:
    from agents.kafka.policies import PolicyTopic
    from streams.policy.loading import load

    before = patiently(lambda: PolicyTopic(found.kafka).text(latest))
    return load(before).scoring != load(released).scoring


def candidate(found: "Settings") -> "Standing":
    """The candidate that decides now. Raises `Failed` where none does."""
    with speaking_to(found.kafka):
        from agents.kafka.shadow import standing
        from agents.shadow import standing as together

        with Progress("Reading what was compared") as progress:
            rows = patiently(lambda: standing(found.kafka, progress))
    whole = together(list(rows.values()))
    if whole is None:
        raise Failed(f"no candidate decides beside the policy in force: {START}")
    return whole


def _sentence(standing: "Standing") -> str:
    from schemas.record import format_time

    failed = f"; {counted(standing.failed, 'step')} failed" if standing.failed else ""
    return (
        f"Version {standing.version} decides since {format_time(standing.since)} at "
        f"{counted(standing.partitions, 'partition')}: {standing.differed} of "
        f"{counted(standing.compared, 'decision')} differed{failed}."
    )


def _ways(found: "Settings", version: int) -> "Counter[tuple[str, str]]":
    with reading(found) as reader:
        from agents.kafka.scan import scan
        from agents.shadow import ways
        from schemas.shadow import DecisionDiffered
        from streams.steps.shadow import TOPIC

        with Progress(f"Reading {TOPIC}") as progress:
            records = patiently(lambda: list(scan(found.kafka, TOPIC, progress)))
        events = [event for _, event in reader.events(records)]
        return ways((each for each in events if isinstance(each, DecisionDiffered)), version)


def _end(found: "Settings") -> None:
    with speaking_to(found.kafka):
        from agents.kafka.shadow import end_candidate

        patiently(lambda: end_candidate(found.kafka, codec(found)))
