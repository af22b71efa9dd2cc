"""`leadstream fairness`: how evenly leads were shared out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from agents.command_line.broker import patiently, reading
from agents.command_line.decisions import lines, no_output
from agents.command_line.ending import Failed, Refused
from agents.command_line.environment import settings
from agents.command_line.progress import Progress
from agents.command_line.tables import print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agents.fairness.shares import Shares, Sharing
    from agents.settings import Settings

TOPIC = "assignments.rep"
COLUMNS = ("rep", "leads", "due", "furthest from it")


def fairness(
    *,
    source: Annotated[Path | None, Parameter(name="--from")] = None,
    period: Literal["all", "day", "week", "month"] = "all",
    json: bool = False,
) -> None:
    """Tell how evenly leads were shared out, by rotation and rep.

    Each rep's leads and the share that was due while he could take leads, worked out from the
    decisions' own records; the furthest that anybody was from it at any moment; Gini coefficient
    and standard deviation for each rotation.

    Example: `leadstream fairness --from decisions.jsonl --period month`

    Parameters
    ----------
    source
        A file that `leadstream simulate --out` wrote; without it the broker is asked.
    period
        Shares are reckoned anew in each of these periods (UTC).
    json
        Print one JSON object instead of tables.
    """
    from agents.fairness.shares import Shares

    shares = Shares(period)
    if source is None:
        _of_broker(settings(), shares)
    else:
        _of_file(source, shares)
    found = list(shares.sharings())
    if not found:
        place = source or "the broker"
        raise Failed(f"no rotation has decided anything in {place}: send leads through it first")
    if json:
        print_json({"sharings": [_content(each) for each in found]})
        return
    for each in found:
        when = f", {each.period}" if each.period else ""
        print_table(f"{each.rotation}{when}", COLUMNS, _rows(each))
        print(f"{_sentence(each)}\n")


def _sentence(each: "Sharing") -> str:
    return (
        f"Nobody further from the share due than {each.furthest:.2f} leads "
        f"(promised {each.bound:.2f}, turns given back aside). Gini {each.gini:.3f}, "
        f"deviation {each.deviation:.1f} leads."
    )


def _rows(each: "Sharing") -> list[tuple[str, ...]]:
    return [
        (
            rep_id,
            str(share.taken),
            f"{float(share.due):.1f}",
            f"{float(share.furthest):.2f}",
        )
        for rep_id, share in each.shares.items()
    ]


def _content(each: "Sharing") -> dict[str, object]:
    reps = {
        rep_id: {
            "leads": share.taken,
            "due": round(float(share.due), 3),
            "furthest": round(float(share.furthest), 3),
        }
        for rep_id, share in each.shares.items()
    }
    return {
        "rotation": each.rotation,
        "period": each.period or None,
        "furthest": round(each.furthest, 3),
        "bound": round(each.bound, 3),
        "gini": round(each.gini, 4),
        "standard_deviation": round(each.deviation, 3),
        "reps": reps,
    }


def _of_file(source: Path, shares: "Shares") -> None:
    for topic, number, value in lines(source, TOPIC.encode()):
        if topic == TOPIC:
            try:
                shares.note(value)
            except (KeyError, TypeError, ValueError):
                raise Refused(no_output(source, number)) from None


def _of_broker(found: "Settings", shares: "Shares") -> None:
    """One desk's decisions are in the order of `at`; leads are spread over partitions."""
    with reading(found) as reader:
        from agents.kafka.scan import scan
        from schemas.codec import to_json

        with Progress(f"Reading {TOPIC}") as progress:
            records = patiently(lambda: list(scan(found.kafka, TOPIC, progress)))
        events = [to_json(event) for _, event in reader.events(records)]
    for event in sorted(events, key=_decided):
        shares.note(event)


def _decided(event: "Mapping[str, Any]") -> tuple[str, int]:
    """Leads are spread over partitions; a rotation's decisions follow each other in its time."""
    return event["at"], int(event["explanation"].get("virtual_time_before") or 0)
