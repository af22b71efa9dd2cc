"""`leadstream policy`: the rules, checked, published and shown."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from agents.clock import wall_ms
from agents.command_line.broker import patiently, speaking_to
from agents.command_line.environment import codec, settings
from agents.command_line.policy_changes import document_of, print_changes, published
from agents.command_line.policy_file import compiled, problems_of, text_of
from agents.command_line.policy_proof import (
    desks_of,
    ends_of,
    print_desks,
    print_proof,
    print_warnings,
    refuse_dead_ends,
    warnings_of,
)
from agents.command_line.policy_shadow import candidate, publish_shadow
from agents.command_line.policy_shadow import shadow as shadow_command
from agents.command_line.progress import Progress
from agents.command_line.tables import counted, print_json

policy = App(name="policy", help="The rules by which leads are scored and handed out.")


@policy.command
def check(file: Path, *, json: bool = False) -> None:
    """Check a policy: every problem with file, line, column and reason; exit code 2 for any.

    A good one is shown: where each lead ends, the proof that none ends nowhere, what desks share.
    Overlaps and gaps of territories are warnings, each with an example. Needs no broker.

    Example: `leadstream policy check deploy/policies/default.yaml`

    Parameters
    ----------
    file
        The policy, in YAML.
    json
        End with one line of JSON: `problems` with line, column, path and reason, or `ends`,
        `names` and `warnings`.
    """
    checked = compiled(file, json=json)
    found = checked.document
    refuse_dead_ends(file, found)
    warnings = warnings_of(checked)
    counts = {"desk": len(found.desks), "team": len(found.teams), "rep": len(found.reps)}
    if json:
        content = {f"{noun}s": number for noun, number in counts.items()}
        shown = {"ends": ends_of(found), "names": desks_of(found), "warnings": warnings}
        print_json({"name": found.name, "problems": [], **content, **shown})
        return
    print_proof(found)
    print_desks(found)
    print_warnings(each["sentence"] for each in warnings)
    words = ", ".join(counted(number, noun) for noun, number in counts.items())
    print(f"{file}: the policy {found.name!r} is good ({words}).")


@policy.command
def publish(file: Path, *, shadow: bool = False, wait: bool = False, json: bool = False) -> None:
    """Publish a policy: it comes into force everywhere at one instant, some seconds ahead.

    Prints its version, which every decision under it will name. A policy with problems is refused
    and nothing changes, and so is one with other desks while leads of these desks are in play.

    With `--shadow` it only decides beside the one in force, without effect, and what it would have
    decided otherwise goes to `decisions.shadow`: `leadstream policy shadow` tells how it does.

    Example: `leadstream policy publish deploy/policies/default.yaml --wait`

    Parameters
    ----------
    file
        The policy, in YAML.
    shadow
        As a candidate, in place of another one; a policy that comes into force ends it.
    wait
        Return when the policy is in force.
    json
        End with one line of JSON.
    """
    text = text_of(file)
    with problems_of(file):
        from streams.policy.loading import load
        from streams.policy.release import release

        released = release(text)
        refuse_dead_ends(file, load(text))
    found = settings()
    with speaking_to(found.kafka):
        from agents.kafka import policies
        from agents.kafka.desks import refuse_changed_desks
        from agents.kafka.produce import refuse_missing
        from schemas.record import format_time

        patiently(lambda: refuse_missing(found.kafka, (policies.TOPIC,)))
        with Progress("Counting the leads in play") as progress:
            patiently(lambda: refuse_changed_desks(found.kafka, codec(found), released, progress))
        if shadow:
            publish_shadow(found, file, released, json=json)
            return
        version, effective_at = patiently(
            lambda: policies.publish(found.kafka, codec(found), released)
        )
    if wait:
        _wait(effective_at)
    at = format_time(effective_at)
    if json:
        print_json({"version": version, "effective_at": at})
    else:
        print(f"{file} is published as version {version}, in force from {at}.")


def _wait(instant: int) -> None:
    from threading import Event

    began = wall_ms()
    with Progress("Waiting until it is in force") as progress:
        while (now := wall_ms()) < instant:
            progress(now - began, instant - began)
            Event().wait(min(0.1, (instant - now) / 1000))


@policy.command
def show(*, version: int | None = None, shadow: bool = False, json: bool = False) -> None:
    """Print the policy that was published last, the candidate or a version, as it stands.

    Example: `leadstream policy show --version 3 > policy-3.yaml`

    Parameters
    ----------
    version
        The version that a decision names.
    shadow
        The candidate that decides beside the policy in force.
    json
        Print one JSON object with version and document instead of the document.
    """
    number, text = published(candidate(settings()).version if shadow else version)
    if json:
        print_json({"version": number, "document": text})
    else:
        print(text, end="")


@policy.command
def diff(
    old: Annotated[str, Parameter(name="OLD")],
    new: Annotated[str, Parameter(name="NEW")],
    *,
    json: bool = False,
) -> None:
    """Say in words what a new policy changes, and for whom: reps, teams, desks, all leads.

    Each is a file or the number of a published version, which needs the broker. Both must be
    policies that can be used.

    Example: `leadstream policy diff 3 deploy/policies/default.yaml`

    Parameters
    ----------
    old
        The policy as it was.
    new
        The policy as it will be.
    json
        End with one line of JSON: `changes` with who, sentence and paths.
    """
    from streams.policy.comparison import changes

    found = changes(document_of(old), document_of(new))
    print_changes(found, old, new)
    if json:
        print_json({"old": old, "new": new, "changes": [each._asdict() for each in found]})


policy.command(shadow_command, name="shadow")


@policy.command
def schema() -> None:
    """Print the JSON Schema of a policy, for editors that check while you type.

    Example: `leadstream policy schema > policy.schema.json`
    """
    import orjson

    from streams.policy.document import Document

    content = Document.model_json_schema()
    print(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())
