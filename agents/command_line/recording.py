"""`leadstream record` and `leadstream replay`: does the pipeline say the same again?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from agents.command_line.broker import patiently, speaking_to
from agents.command_line.ending import Failed, Refused
from agents.command_line.environment import chosen, registry, secret_of, settings
from agents.command_line.progress import Progress
from agents.command_line.tables import counted, print_json, print_table

if TYPE_CHECKING:
    from agents.recording.cut import Cut
    from agents.recording.file import Recording, Writing
    from agents.recording.replay import Replay
    from agents.settings import Settings
    from streams.stage import Stage

COLUMNS = ("agent", "decided again", "records said", "not decided yet")


def record(recording: Annotated[Path, Parameter(name="RECORDING")], *, json: bool = False) -> None:
    """Record what every agent of a pipeline has read and said until now, to replay it anywhere.

    All committed records of all topics with partition, offset, time, key, headers and bytes; the
    policies; how far each agent was. Workers may run meanwhile. The file has persons' data, so
    only its owner may read it (mode 0600): keep it no longer than you need it. It is refused where
    retention has deleted the beginning of a topic. Needs the LEADSTREAM_SECRET of the workers.

    Example: `leadstream record monday.recording`

    Parameters
    ----------
    recording
        The file to write; it must not be there yet.
    json
        Print one JSON object instead of a sentence.
    """
    from agents.recording.cut import cut
    from agents.recording.file import written
    from schemas.codec import Codec
    from streams.pipeline import pipeline

    found = settings()
    stages = pipeline(secret_of(found), Codec())
    with _whole(), written(recording) as writing, speaking_to(found.kafka):
        moment = patiently(lambda: cut(found.kafka, stages))
        count = _recorded(found, stages, moment, writing)
    if json:
        print_json({"records": count})
    else:
        print(f"{counted(count, 'record')} in {recording}: it has persons' data, keep it safe")


def _recorded(
    found: "Settings", stages: "tuple[Stage, ...]", moment: "Cut", writing: "Writing"
) -> int:
    """Fills the recording; gives how many records it has."""
    from agents.recording.cut import records
    from agents.recording.file import About
    from agents.recording.kept import named_schemas, schemas_of

    schemas = registry(found)
    writing.begin(About(_key_check(stages), schemas is not None), moment.decided)
    slices = records(found.kafka, moment)
    count, named = 0, set[int]()
    with Progress("Recording") as progress:
        while (some := patiently(lambda: next(slices, None))) is not None:
            writing.add(some)
            named |= set(named_schemas(some))
            count += len(some)
            progress(count, moment.total)
    if schemas is not None:
        writing.note_schemas(patiently(lambda: schemas_of(schemas, named)))
    return count


def _key_check(stages: "tuple[Stage, ...]") -> str | None:
    """What tells the secret of these stages from others."""
    return next((stage.key_check for stage in stages if stage.key_check is not None), None)


def replay(
    recording: Annotated[Path, Parameter(name="RECORDING")],
    *agents: Annotated[str, Parameter(show_default=False)],
    json: bool = False,
) -> None:
    """Decide a recording again, agent by agent, and compare what they say byte by byte.

    Needs no broker, only the LEADSTREAM_SECRET of the workers. Each agent decides what it had
    decided, from its own recorded inboxes, and every record that it sends is compared: partition,
    order, key, value and headers, but for when it was taken up and whether its trace is sampled.
    Ends with 1 and names the first record that differs, such as after a change of the program.
    `enrich` is left out: what a provider answered is recorded as input.

    Example: `leadstream replay monday.recording`

    Parameters
    ----------
    recording
        A file that `leadstream record` wrote.
    agents
        Names of agents: intake, identify, qualify, route. All, if none is given.
    json
        Print one JSON object instead of a table.
    """
    from agents.recording.file import opened

    secret = secret_of(settings())
    with _whole(), opened(recording) as source:
        replays = _replayed(source, secret, agents)
        stranger = None if agents else _from_nowhere(source)
    if json:
        print_json({**_content(replays), "uncaused": stranger})
    else:
        rows = [(one.stage, str(one.decided), str(one.said), str(one.left)) for one in replays]
        print_table("What was replayed", COLUMNS, rows)
    departure = replays[-1].departure
    if departure is not None:
        raise Failed(
            f"{departure}: this is another program than that of the run, or the run itself lost or "
            "doubled something; replay it with the program of the run to tell which"
        )
    for one in replays:
        if not one.decided:
            raise Failed(
                f"{recording} has nothing that {one.stage} had decided: record while its group has "
                "offsets, or name other agents"
            )
    if stranger is not None:
        raise Failed(f"{stranger} names no cause: somebody else writes to our topics, find out who")


def _replayed(source: "Recording", secret: bytes, names: tuple[str, ...]) -> "list[Replay]":
    """The agents in the order of a lead's way, up to the first that says something else."""
    from agents.recording.kept import KeptPolicies, KeptSchemas
    from agents.recording.replay import ASKS_OUTSIDE, Replaying
    from schemas.codec import Codec
    from streams.pipeline import pipeline

    about = source.about
    codec = Codec(KeptSchemas(source)) if about.framed else Codec()
    stages = pipeline(secret, codec)
    if about.secret != _key_check(stages):
        raise Refused(
            "the recording was made under another LEADSTREAM_SECRET: set the one of its workers"
        )
    deciding = [stage for stage in stages if stage.name != ASKS_OUTSIDE]
    wanted = chosen(deciding, names)
    replays: list[Replay] = []
    with Progress("Replaying") as progress:
        replaying = Replaying(
            source, KeptPolicies(source), codec, lambda done: progress(done, None)
        )
        for stage in wanted:
            replays.append(replaying.stage(stage))
            if replays[-1].departure is not None:
                break
    return replays


def _from_nowhere(source: "Recording") -> str | None:
    """Place of a record that nobody of the pipeline has sent."""
    from agents.recording.replay import from_nowhere

    found = from_nowhere(source)
    return None if found is None else f"record {found.offset} of {found.topic}/{found.partition}"


def _content(replays: "list[Replay]") -> dict[str, Any]:
    departure = replays[-1].departure
    return {
        "agents": [
            {"agent": one.stage, "decided": one.decided, "said": one.said, "left": one.left}
            for one in replays
        ],
        "difference": departure
        and {
            "agent": departure.stage,
            "topic": departure.topic,
            "partition": departure.partition,
            "offset": departure.offset,
            "said": departure.difference._asdict(),
        },
    }


@contextmanager
def _whole() -> Iterator[None]:
    """Turns what is wrong with a recording into a sentence."""
    from agents.kafka.policies import PolicyMissing
    from agents.ledger.partition import NoPolicy
    from agents.recording.file import BadRecording

    try:
        yield
    except BadRecording as error:
        raise Refused(str(error)) from error
    except (NoPolicy, PolicyMissing) as error:
        raise Failed(f"{error}: the recording is not of a whole run, record it again") from error
