"""An import is decided in a copy of the live state first: what becomes of each row, and of whom."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from agents.convert.layouts import ANY_ID
from agents.going_live.rows import Row
from agents.simulation.partitioner import partition_of
from agents.simulation.trial import Trial
from schemas.inner import EventIdentified, EventReceived, Identifiers
from schemas.outputs import LeadRejected, LifecycleChanged
from schemas.record import Event
from schemas.topics import CATALOGUE
from streams.policy.compiled import Policy
from streams.rules import identity
from streams.steps import directory, leads

if TYPE_CHECKING:
    from streams.rows.identify import IdentifyTables
    from streams.rows.qualify import QualifyTables

_OWNERS = ("owner_rep_id", "opportunity_owner_rep_id", "named_owner_rep_id")


class NotTaken(Exception):
    """A row cannot be taken over; the message says why and what to do, without personal data."""


class Rehearsal:
    """Takes rows one by one, in the order in which they will be sent."""

    def __init__(self, state: Trial, secret: bytes, now: int) -> None:
        """`state` is changed; `secret` keys its directory; everything happens at `now`."""
        self._state, self._secret, self._now = state, secret, now
        self._partitions = state.pipeline.partitions
        self._events: dict[tuple[str, str], Row] = {}
        self._accounts: dict[str, Row] = {}
        self._leads: dict[str, Row] = {}
        self.counts: Counter[str] = Counter()
        """Rows taken: `accounts` and `leads` that are new, `known_accounts` and `known_leads`, of
        these `elsewhere` whose lead another rep has by now; `same_person`: more records of a person
        of this import."""

    def take(self, row: Row) -> bool:
        """Decides a row; whether it has to be sent, which what is known already need not.

        Raises `NotTaken`.
        """
        self._refuse_repeated(row)
        self._refuse_strangers(row)
        if not row.is_lead and self._is_known_account(row):
            self.counts["known_accounts"] += 1
            return False
        events = [each.sent.event for each in self._state.fed(row.topic, row.value, self._now)]
        received = next((each for each in events if isinstance(each, EventReceived)), None)
        refusal = _refusal(events, received)
        if refusal is not None or received is None:
            raise NotTaken(refusal or "it says nothing that can be read; write it as README shows")
        if row.is_lead:
            return self._lead(row, received, events)
        self.counts["accounts"] += 1
        return True

    @property
    def taken(self) -> int:
        """How many rows could be taken over, or are known."""
        return self.counts.total() - self.counts["elsewhere"]

    def open_leads(self) -> dict[str, int]:
        """How many open leads each rep will have, by rep id."""
        loads: dict[str, int] = {}
        for tables, _ in self._state.desks():
            loads |= {rep_id: row.open for rep_id, row in tables.loads.items()}
        return dict(sorted(loads.items()))

    # -- what can be seen before anything is decided

    def _refuse_repeated(self, row: Row) -> None:
        """Two rows with one id: the pipeline would take the second for a repeat."""
        name = str(row.fields.get("sender") or ""), str(row.fields.get("event_id") or "")
        first = self._events.setdefault(name, row)
        if first is not row and name[1]:
            raise NotTaken(f"it has the event_id of {first.place}; give each row its own")

    def _refuse_strangers(self, row: Row) -> None:
        """A rep who is not in the policy in force, or not there any more."""
        for field, rep_id in _reps_of(row):
            if self._policy.desk_of_rep(rep_id) is None:
                # A name or an address is somebody's data, and no id.
                shown = rep_id if ANY_ID.fullmatch(rep_id) else "of this name"
                raise NotTaken(
                    f"{field}: policy version {self._policy.version} has no rep {shown}; add him to"
                    " the policy, or name another rep"
                )
            if row.is_lead and self._has_left(rep_id):
                raise NotTaken(f"{field}: {rep_id} has left; name who works the lead now")

    def _is_known_account(self, row: Row) -> bool:
        """An import brings accounts; what changes about one that is here is for the CRM to say.

        Old data, sent again after the memory of repeats, would take the place of newer ones.
        """
        account = row.fields.get("account")
        account_id = str(account.get("account_id")).strip() if isinstance(account, dict) else ""
        first = self._accounts.setdefault(account_id, row)
        if first is not row and account_id:
            raise NotTaken(f"it is the account of {first.place}; keep one of the two rows")
        key = identity.keyed_hash(self._secret, "account", account_id)
        return self._directory.homes.get(key) is not None

    @property
    def _policy(self) -> Policy:
        policy = self._partitions["routing.inbox", 0].policy
        if policy is None:
            msg = "a copy of the live state has a policy in force"
            raise LookupError(msg)
        return policy

    def _has_left(self, rep_id: str) -> bool:
        rows = (tables.reps.get(rep_id) for tables, _ in self._state.desks())
        return any(row is not None and row.left for row in rows)

    # -- what the pipeline made of it

    def _lead(self, row: Row, received: EventReceived, events: list[Event]) -> bool:
        lead_id = received.who.lead_id or identity.derived_lead_id(received.event_id)
        for event in events:
            if isinstance(event, LifecycleChanged) and event.lead_id == lead_id:
                if event.held_by is None:
                    raise NotTaken(
                        "the person forbade contact, so sales gets nothing; leave the row out, or "
                        "send it with `leadstream produce`, which gives it to marketing"
                    )
                self._leads[lead_id] = row
                self.counts["leads"] += 1
                return True
        new_id = any(isinstance(each, EventIdentified) and not each.lead_known for each in events)
        return self._known(row, received.who, lead_id, new_id=new_id)

    def _known(self, row: Row, who: Identifiers, lead_id: str, *, new_id: bool) -> bool:
        """Nothing changes for a lead that is here, but for an id under which it was not known yet.

        Two rows of one import must agree about it.
        """
        if directory.named_by(self._directory, directory.lead_key(self._secret, lead_id)) is None:
            raise NotTaken(
                "it came before and was refused then: `leadstream deadletters list` says why, and "
                "`leadstream deadletters replay` sends it in again"
            )
        tables, person = self._home_of(who)
        found = leads.open_lead(tables, lead_id, person)
        first = self._leads.get(found[0]) if found else None
        if first is None:
            self.counts["known_leads"] += 1
            self.counts["elsewhere"] += found is not None and self._holder(found[0]) != who.rep_id
            return new_id
        if str(first.fields["held_by"]).split() != str(row.fields["held_by"]).split():
            raise NotTaken(
                f"it is the person of {first.place}, whom another rep has there: a person has one "
                "open lead; keep one of the two rows"
            )
        self.counts["same_person"] += 1
        return True

    def _home_of(self, who: Identifiers) -> tuple["QualifyTables", str]:
        """The person whom a row names, by the directory, and the tables that have his home."""
        keys = directory.person_keys(self._secret, who)
        person = directory.person_of(self._directory, keys) or ""
        row = self._directory.persons.get(person)
        home = row.home if row else ""
        number = partition_of(home.encode(), CATALOGUE["accounts.inbox"].partitions)
        return cast("QualifyTables", self._partitions["accounts.inbox", number].tables), person

    def _holder(self, lead_id: str) -> str | None:
        places = (tables.places.get(lead_id) for tables, _ in self._state.desks())
        held = next((place.assignment for place in places if place is not None), None)
        return held.rep_id if held else None

    # -- the state

    @property
    def _directory(self) -> "IdentifyTables":
        return cast("IdentifyTables", self._partitions["identity.inbox", 0].tables)


def _refusal(events: list[Event], received: EventReceived | None) -> str | None:
    """Why a row is rejected, wherever on its way; what other records cause is none of its own."""
    causes = {received.event_id} if received else set()
    for event in events:
        values = event.values()
        ours = values.get("caused_by") in causes
        if ours:
            causes.add(values["event_id"])
        if isinstance(event, LeadRejected) and (ours or received is None):
            field = f"{event.field}: " if event.field else ""
            return f"{field}{event.reason if event.error_type else event.detail}"
    return None


def _reps_of(row: Row) -> Iterator[tuple[str, str]]:
    """Every rep whom a row names, with the field; what can be no id is intake's to refuse."""
    account = row.fields.get("account")
    inside = account if isinstance(account, dict) and not row.is_lead else {}
    named = {"held_by": row.fields.get("held_by")} if row.is_lead else inside
    for field in ("held_by", *_OWNERS):
        rep_id = named.get(field)
        if isinstance(rep_id, str | int) and str(rep_id).strip():
            yield field, " ".join(str(rep_id).split())
