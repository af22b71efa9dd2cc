"""`leadstream reroute`: leads are routed again after the rules have changed; a look at it first."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agents.command_line.broker import patiently, speaking_to, telling_how_far
from agents.command_line.ending import Failed, Refused
from agents.command_line.environment import secret_of, settings
from agents.command_line.preview import loaded
from agents.command_line.progress import Progress
from agents.command_line.tables import counted, print_json, print_table

if TYPE_CHECKING:
    from agents.reroute import Hand, Outlook, Wanted
    from agents.settings import Kafka, Settings

COLUMNS = ("lead", "from", "to", "why")
ADD = "add --yes, --by with who asks for it, and --reason with why: both go on record"


def reroute(  # noqa: PLR0913 - the command's own options
    *,
    territory: str | None = None,
    team: str | None = None,
    rep: str | None = None,
    pool: str | None = None,
    desk: str | None = None,
    worked: bool = False,
    yes: bool = False,
    by: str = "",
    reason: str = "",
    json: bool = False,
) -> None:
    """Show which leads would go elsewhere under the rules in force; with `--yes` they do.

    The live state is read into memory and every lead that is asked for is decided there anew. A rep
    keeps a lead that the rules could give him, that he was given by hand, or, but for `--worked`,
    whose person he has been in touch with; no lead goes from a rep to nobody. With `--yes` a
    request for each lead that would move is sent; what happens meanwhile counts too.

    Example: `leadstream reroute --territory dach --yes --by manager-2 --reason "new split"`

    Parameters
    ----------
    territory
        Leads that belong to it now, or that its rotation has given.
    team
        Leads that this team has.
    rep
        Leads that this rep has.
    pool
        Leads in this pool.
    desk
        Leads at this desk.
    worked
        Take leads from reps who have been in touch with the person, too.
    yes
        Send the requests.
    by
        Who asks for it: an id, no name. Needed with `--yes`.
    reason
        Why. Needed with `--yes`.
    json
        End with one line of JSON: `moves` with lead_id, from, to and why, `stay` and `sent`.
    """
    if yes and not (by and reason):
        raise Refused(f"nothing is sent like this: {ADD}")
    found = settings()
    secret_of(found)
    from agents.reroute import Hand, Wanted

    wanted = Wanted(desk=desk, team=team, territory=territory, rep=rep, pool=pool)
    seen = _outlook(found, wanted, Hand(by or "nobody", reason or "nothing", worked))
    _show(seen)
    sent = _send(found.kafka, seen.requests) if yes else 0
    if json:
        print_json({"moves": _moves(seen), "stay": dict(seen.stay), "sent": sent})
    elif seen.requests:
        print(f"{counted(sent, 'request')} sent." if yes else f"Nothing is sent yet: {ADD}.")


def _moves(seen: "Outlook") -> list[dict[str, str]]:
    return [
        {"lead_id": each.lead_id, "from": each.came_from, "to": each.to, "why": each.why}
        for each in seen.moves
    ]


def _outlook(found: "Settings", wanted: "Wanted", hand: "Hand") -> "Outlook":
    with speaking_to(found.kafka):
        from agents.clock import wall_ms
        from agents.preview import NothingPublished
        from agents.reroute import NotTaken, outlook, strangers

        try:
            trial = loaded(found)
            unknown = list(strangers(wanted, trial))
        except (NothingPublished, LookupError):
            raise Failed(
                "no policy is in force yet: run `leadstream policy publish FILE` first, and a "
                "worker for route"
            ) from None
        _refuse(unknown)
        try:
            with Progress("Deciding anew"):
                return patiently(lambda: outlook(trial, wanted, hand, wall_ms()))
        except NotTaken as error:
            raise Refused(f"this would be refused: {error}") from None


def _refuse(unknown: Sequence[tuple[str, str, tuple[str, ...]]]) -> None:
    from streams.policy.problems import nearest

    if unknown:
        raise Refused(
            *(
                f"--{kind} {name!r}: the policy in force has no such {kind}"
                f"{nearest(name, known) or '; `leadstream policy show` prints it'}"
                for kind, name, known in unknown
            )
        )


def _show(seen: "Outlook") -> None:
    rows = [(each.lead_id, each.came_from, each.to, each.why) for each in seen.moves]
    if rows:
        print_table("Leads that would go elsewhere", COLUMNS, rows)
    print(f"{counted(len(rows), 'lead')} would go elsewhere{_staying(seen.stay)}.")


def _staying(stay: Mapping[str, int]) -> str:
    """Why the others stay."""
    from agents.explain.words import KEPT
    from agents.reroute import AS_WANTED

    words = KEPT | {AS_WANTED: "it is where the rules want it"}
    return "".join(
        f"; {counted(number, 'lead')} would stay: {words.get(why, why)}"
        for why, number in sorted(stay.items())
    )


def _send(kafka: "Kafka", requests: Sequence[Mapping[str, Any]]) -> int:
    """How many were sent, all acknowledged."""
    import orjson

    from agents.inputs import key_of
    from agents.kafka.produce import Outbound, Sending, refuse_missing
    from agents.reroute import TOPIC

    with speaking_to(kafka), Progress("Sending") as progress:
        patiently(lambda: refuse_missing(kafka, (TOPIC,)))
        sending = Sending(kafka)
        with telling_how_far(lambda: _so_far(sending.acknowledged)):
            for number, event in enumerate(requests, start=1):
                value = orjson.dumps(event)
                sending.send(Outbound(number, TOPIC, key_of(value), value))
                progress(number, len(requests))
            sending.finish()
    return sending.acknowledged


def _so_far(count: int) -> str:
    return f"{counted(count, 'request')} sent, run the command once more for the rest"
