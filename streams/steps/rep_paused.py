"""A manager pauses a rep: no more leads by the rules until the pause ends (decision 0028)."""

from msgspec.structs import replace

from schemas.inner import CommandReceived
from schemas.pools import RepPaused
from schemas.record import format_time
from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.stage import Outgoing
from streams.steps import intervention, waiting_room
from streams.steps.race import withdraw_from
from streams.steps.work import Work


def rep_paused(
    tables: RouteTables, event: CommandReceived, said: RepPaused, policy: Policy, now: int
) -> list[Outgoing]:
    """The rep keeps what he has; whoever waits is served when the pause ends."""
    work = Work(tables, policy, now, event.event_id)
    desk = policy.desk_of_rep(said.rep_id)
    if desk is None:
        work.refuse_rep(event)
        return work.out
    until = said.until if said.paused else None
    row = replace(work.row(said.rep_id), paused=said.paused, paused_until=until)
    tables.reps.put(said.rep_id, row)
    _say(work, said)
    withdraw_from(work, said.rep_id)
    waiting_room.drain(work, desk)
    waiting_room.arm(work, desk, anew=True)
    return work.out


def _say(work: Work, said: RepPaused) -> None:
    if not said.paused:
        detail = f"{said.rep_id} gets leads again"
        intervention.tell(work, "rep_resumed", said, value="", limit="", detail=detail)
        return
    until = "" if said.until is None else format_time(said.until)
    how_long = f"until {until}" if until else "until somebody ends it"
    detail = f"{said.rep_id} gets no leads {how_long}, and keeps those that are there"
    intervention.tell(work, "rep_paused", said, value="", limit=until, detail=detail)
