"""`leadstream topics skip`: an agent goes on behind input that retention took away."""

from typing import TYPE_CHECKING

from agents.command_line.broker import patiently, speaking_to
from agents.command_line.ending import Refused
from agents.command_line.environment import chosen, settings, stages_not_run
from agents.command_line.tables import counted, print_json, print_table

if TYPE_CHECKING:
    from agents.kafka.gaps import Gap

COLUMNS = ("topic", "partition", "read to", "first left", "gone")


def skip(agent: str, *, yes: bool = False, json: bool = False) -> None:
    """Show which input of an agent is gone from the broker unread; with `--yes` it goes on behind.

    For an agent that leaves with 78 because its next record is gone (deploy/limits.md). What is
    gone stays lost: send it again. Stop all workers of the agent first.

    Example: `leadstream topics skip intake --yes`

    Parameters
    ----------
    agent
        intake, identify, qualify, enrich or route.
    yes
        Move the agent's place.
    json
        Print one JSON object instead of a table.
    """
    found = settings()
    (stage,) = chosen(stages_not_run(found), [agent])
    with speaking_to(found.kafka):
        from agents.kafka import gaps

        there = patiently(lambda: gaps.gaps(found.kafka, stage))
        if yes and there:
            try:
                patiently(lambda: gaps.skip(found.kafka, stage, there))
            except gaps.StillRead:
                wait_s = found.kafka.session_timeout_ms // 1000
                raise Refused(
                    f"workers of {agent} are in its group: stop them all, wait {wait_s} s until "
                    "the broker has noticed, and run this again"
                ) from None
    if json:
        print_json({"gaps": [_content(each) for each in there], "skipped": yes and bool(there)})
        return
    print_table(f"Input of {agent} that is gone", COLUMNS, [_row(each) for each in there])
    if not there:
        print(f"Nothing that {agent} has not read is gone.")
    elif yes:
        print(f"{agent} goes on behind {counted(len(there), 'gap')}: start its workers.")
    else:
        print("Nothing is changed yet: stop the agent's workers and add --yes.")


def _content(gap: "Gap") -> dict[str, object]:
    return {
        "topic": gap.source,
        "partition": gap.number,
        "read_to": gap.read_to,
        "first": gap.first,
    }


def _row(gap: "Gap") -> tuple[str, ...]:
    return gap.source, str(gap.number), str(gap.read_to), str(gap.first), str(gap.lost)
