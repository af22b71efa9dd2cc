"""Identify: who is meant, and under which home account everything about them is decided."""

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial

from schemas.codec import decode
from schemas.crm import AccountChanged
from schemas.inner import CommandReceived, EventIdentified, EventReceived, OwnerInherited
from schemas.pools import LeadRerouteRequested
from streams.policy.compiled import Policy
from streams.rows.identify import IdentifyTables
from streams.rules import identity
from streams.stage import Outgoing, Stage, event_id
from streams.steps import directory, family, parking, repeats
from streams.steps.directory import PersonKeys
from streams.steps.enrich import SENDER as PROVIDER
from streams.steps.rejection import TOPIC as REJECTED
from streams.steps.rejection import rejected, taken_back
from streams.tables import count

NAME = "identify"
INBOX = "identity.inbox"
ACCOUNTS = "accounts.inbox"
ROUTING = "routing.inbox"
OF_A_REP = frozenset(
    {"rep.changed", "rep.paused", "turn.adjusted", "offer.accepted", "offer.declined"}
)
"""Kinds of events that name a rep and no lead."""
REROUTE = "lead.reroute_requested"


def identify_stage(secret: bytes) -> Stage:
    """The agent `identify`: one serial stage; `secret` keys the hashes of identifiers."""
    return Stage(
        name=NAME,
        sources=(INBOX,),
        tables=IdentifyTables,
        steps={EventReceived: partial(identify, secret)},
        timers={repeats.FORGET: repeats.forget, parking.UNKNOWN: parking.give_up},
        key_check=identity.keyed_hash(secret, "check", NAME),
        writes=(ACCOUNTS, ROUTING, REJECTED),
    )


def identify(
    secret: bytes, tables: IdentifyTables, event: EventReceived, policy: Policy, now: int
) -> Iterable[Outgoing]:
    """One valid event: sent on to its home or desk, parked, refused, or dropped as a repeat.

    A dead letter that is sent in again is no repeat.
    """
    taken_back(tables, NAME, event.replayed)
    if _is_repeat(tables, event):
        count(tables, "repeats")
        return []
    repeats.remember(tables, event.event_id, now, _memory_ms(event.type, policy))
    if event.who.rep_id is not None and policy.desk_of_rep(event.who.rep_id) is None:
        return [_unknown_rep(tables, event, policy, now)]
    if event.type in OF_A_REP:
        desk = policy.desk_of_rep(event.who.rep_id or "") or policy.document.default_desk
        return [_command(event, desk)]
    if event.type == REROUTE:
        return [_rerouted(tables, event, policy, now)]
    if event.type == "account.changed":
        return _account(secret, tables, event, policy)
    return _about_a_person(secret, tables, event, policy, now)


def _is_repeat(tables: IdentifyTables, event: EventReceived) -> bool:
    """Seen before; of what is sent in again only that which waits here at this moment."""
    if event.replayed:
        return tables.parked.get(event.event_id) is not None
    return repeats.is_repeat(tables, event.event_id)


def _memory_ms(kind: str, policy: Policy) -> int:
    limits = policy.document.identity
    return limits.behaviour_memory if kind == "lead.behaviour" else limits.repeat_memory


def _account(
    secret: bytes, tables: IdentifyTables, event: EventReceived, policy: Policy
) -> Iterator[Outgoing]:
    """An account goes to its home with the owner of its parent, its own owner to its children.

    A data provider knows no families.
    """
    home = directory.home_of_account(tables, secret, event.who, policy)
    said = decode(event.event)
    if not isinstance(said, AccountChanged) or said.sender == PROVIDER:
        yield _identified(event, home)
        return
    heirs = family.registered(tables, secret, said.account, home)
    owner = family.parents_owner(tables, secret, said.account)
    yield _identified(event, home, parent_owner_rep_id=owner)
    for key, heir in heirs:
        inherited = OwnerInherited(
            event_id=event_id(event.event_id, f"inherited:{key}"),
            caused_by=event.event_id,
            captured_at=event.captured_at,
            home=heir.home,
            owner_rep_id=said.account.owner_rep_id,
        )
        yield Outgoing(ACCOUNTS, heir.home, inherited)


def _about_a_person(
    secret: bytes, tables: IdentifyTables, event: EventReceived, policy: Policy, now: int
) -> Iterable[Outgoing]:
    """Captures make a person known; anything else waits until somebody has."""
    keys = directory.person_keys(secret, event.who)
    person = directory.person_of(tables, keys)
    if event.type == "lead.captured":
        return _captured(secret, tables, event, policy, keys, person)
    if person is None:
        return parking.park(tables, event, keys.present(), policy, now)
    new = directory.register(tables, keys, person)
    return [_of_person(tables, event, person), *_released(secret, tables, new)]


def _captured(
    secret: bytes,
    tables: IdentifyTables,
    event: EventReceived,
    policy: Policy,
    keys: PersonKeys,
    known: str | None,
) -> Iterator[Outgoing]:
    """A capture: its person, made known if need be, the lead it may open, and who waited for it.

    The derived id is registered where it may come to be used: no id was given, or the id given
    belongs to a lead already, which qualify may find closed; but a lead that a rep has already
    (`rep_id`) is let in only once. What is sent in again keeps its id: the directory knows it from
    the first time, when qualify never saw it.
    """
    derived = identity.derived_lead_id(event.event_id)
    derived_key = directory.lead_key(secret, derived)
    lead_known = directory.named_by(tables, keys.lead or derived_key) is not None
    person = known or keys.present()[0]
    if known is None:
        home = directory.home_for_person(tables, secret, event.who, policy, person)
        new = directory.introduce(tables, keys, person, home)
    else:
        new = directory.register(tables, keys, person)
    if keys.lead is None or (lead_known and event.who.rep_id is None):
        new += directory.register(tables, PersonKeys(derived_key, None, None, None), person)
    lead_id = event.who.lead_id or derived
    taken = lead_known and not event.replayed
    yield _of_person(tables, event, person, lead_id, lead_known=taken)
    yield from _released(secret, tables, new)


def _released(secret: bytes, tables: IdentifyTables, new: Iterable[str]) -> Iterator[Outgoing]:
    """Sends on what waited for the new identifiers, and for those that it brings itself.

    A phone number that became known for somebody with another e-mail names nobody here: the event
    goes on waiting for its e-mail.
    """
    keys_left = deque([tuple(new)])
    while keys_left:
        for event in parking.waiting_for(tables, keys_left.popleft()):
            keys = directory.person_keys(secret, event.who)
            person = directory.person_of(tables, keys)
            if person is not None:
                parking.release(tables, event)
                keys_left.append(directory.register(tables, keys, person))
                yield _of_person(tables, event, person)


def _of_person(
    tables: IdentifyTables,
    event: EventReceived,
    person: str,
    lead_id: str | None = None,
    *,
    lead_known: bool = False,
) -> Outgoing:
    row = tables.persons.get(person)
    if row is None:
        msg = f"person {person} is named by an identifier and has no row"
        raise LookupError(msg)
    named = lead_id or event.who.lead_id
    return _identified(event, row.home, person, named, lead_known=lead_known)


def _identified(
    event: EventReceived,
    home: str,
    person: str | None = None,
    lead_id: str | None = None,
    *,
    lead_known: bool = False,
    parent_owner_rep_id: str | None = None,
) -> Outgoing:
    identified = EventIdentified(
        event_id=event.event_id,
        type=event.type,
        captured_at=event.captured_at,
        origin=event.origin,
        event=event.event,
        replayed=event.replayed,
        home=home,
        person=person,
        lead_id=lead_id,
        lead_known=lead_known,
        parent_owner_rep_id=parent_owner_rep_id,
    )
    return Outgoing(ACCOUNTS, home, identified)


def _rerouted(tables: IdentifyTables, event: EventReceived, policy: Policy, now: int) -> Outgoing:
    """It names its desk, and so keeps its order among its like (decision 0037)."""
    said = decode(event.event)
    desk = said.desk if isinstance(said, LeadRerouteRequested) else ""
    if desk in policy.document.desks:
        return _command(event, desk)
    detail = f"policy version {policy.version} has no desk of this name; name the lead's desk"
    return rejected(
        tables,
        event,
        now,
        stage=NAME,
        reason="unknown_desk",
        field="desk",
        detail=detail,
        policy_version=policy.version,
    )


def _command(event: EventReceived, desk: str) -> Outgoing:
    """An event about a rep goes straight to the desk that holds the rep's team."""
    command = CommandReceived(
        event_id=event.event_id,
        type=event.type,
        captured_at=event.captured_at,
        origin=event.origin,
        event=event.event,
        replayed=event.replayed,
        desk=desk,
        lead_id=event.who.lead_id,
    )
    return Outgoing(ROUTING, desk, command)


def _unknown_rep(
    tables: IdentifyTables, event: EventReceived, policy: Policy, now: int
) -> Outgoing:
    return rejected(
        tables,
        event,
        now,
        stage=NAME,
        reason="unknown_rep",
        field="held_by" if event.type == "lead.captured" else "rep_id",
        detail=f"policy version {policy.version} has no rep of this id; add the rep to the policy",
        policy_version=policy.version,
    )
