"""A worker whose steps fail on planted leads, with the person in the exception's text.

With CARELESS=1 it also says who they are wherever something can be said: the search's twin.
Runs the product's own agents; the bugs are here and not there.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from agents import instruments as known
from agents import metering, telemetry, tracing, worker
from agents.command_line.main import main
from agents.ledger import book
from agents.ledger.records import Incoming, Sent
from agents.ledger.trace import stamped
from streams.stage import Outgoing, Stage
from tests.proof.planted import MAIL, STUMBLES_IN

composed = worker.composed
log_decision = telemetry.log_decision
assigned = metering.Meter._assigned


def stumbling(stage: Stage) -> Stage:
    """The stage with a bug in each of its steps."""

    def buggy(step: Callable[..., Iterable[Outgoing]]) -> Callable[..., Iterable[Outgoing]]:
        def run(tables: Any, event: Any, policy: Any, now: int) -> Iterable[Outgoing]:
            out = step(tables, event, policy, now)
            if (STUMBLES_IN + stage.name) in str(event):
                raise LookupError(f"nothing is known about {event!r} {MAIL}")
            return out

        return run

    raw = None if stage.raw is None else buggy(stage.raw)
    return replace(stage, raw=raw, steps={kind: buggy(step) for kind, step in stage.steps.items()})


def composed_with_bugs(*arguments: Any) -> Any:
    """Every stage with its bugs."""
    stages, prepare = composed(*arguments)
    return tuple(map(stumbling, stages)), prepare


def logged(stage: str, sent: Sent) -> None:
    """A line that quotes what was decided."""
    log_decision(stage, sent)
    telemetry.log.debug("careless", what=str(sent.event))


def measured(meter: metering.Meter, event: Any) -> None:
    """A metric by person."""
    assigned(meter, event)
    meter._add(known.ALERTS, 1, {known.ALERT: str(event.lead.email)})


def named(sent: list[Sent], record: Incoming, taken_up_ms: int) -> list[Sent]:
    """Records that say in key and header who it is."""
    return [
        one._replace(key=MAIL.encode(), headers=(*one.headers, ("who", MAIL.encode())))
        if one.topic == "leads.scored"
        else one
        for one in stamped(sent, record, taken_up_ms)
    ]


if __name__ == "__main__":
    setattr(worker, "composed", composed_with_bugs)  # noqa: B010 - breaking it is the purpose
    if os.environ.get("CARELESS"):
        setattr(telemetry, "log_decision", logged)  # noqa: B010 - as above
        setattr(metering.Meter, "_assigned", measured)  # noqa: B010 - as above
        setattr(book, "stamped", named)  # noqa: B010 - as above
        setattr(tracing, "lead_of", lambda sent: {"who": str(sent.event)})  # noqa: B010 - as above
    main()
