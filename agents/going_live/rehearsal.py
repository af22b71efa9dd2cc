"""An import is decided in a copy of the live state first: what becomes of each row, and of whom."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from agents.convert.layouts import ANY_ID
from agents.going_live.rows import Refusal, Row
from agents.simulation.partitioner import partition_of
from agents.simulation.trial import Trial
from schemas.inner import EventReceived, Identifiers
from schemas.outputs import LeadRejected, LifecycleChanged
from schemas.record import Event
from schemas.topics import CATALOGUE
from streams.policy.compiled import Policy
from streams.rules import identity
from streams.steps import directory, leads

if TYPE_CHECKING:
    from streams.rows.identify import IdentifyTables
    from streams.rows.qualify import QualifyTables
    from streams.rows.route import RouteTables

_OWNERS = ("owner_rep_id", "opportunity_owner_rep_id", "named_owner_rep_id")


class Rehearsal:
    """Takes rows one by one, in the order in which they will be sent."""

    def __init__(self, state: Trial, secret: bytes, now: int) -> None:
        """`state` is changed; `secret` keys its directory; everything happens at `now`."""
        self._state, self._secret, self._now = state, secret, now
        self._partitions = state.pipeline.partitions
        self._events: dict[tuple[str, str], Row] = {}
        self._new: dict[str, Row] = {}
        self.counts: Counter[str] = Counter()
        """Rows taken: `accounts`; `leads` that are new; those `known` before, of them `elsewhere`
        who have another rep by now; `same_person`: more records of a person of this import."""

    def take(self, row: Row) -> Refusal | None:
        """Decides a row; why it cannot be taken over, or None."""
        reason = self._repeated(row) or self._of_a_stranger(row) or self._refused(row)
        return Refusal(row.place, reason) if reason else None

    def open_leads(self) -> dict[str, int]:
        """How many open leads each rep will have, by rep id."""
        loads: dict[str, int] = {}
        for tables in self._desks():
            loads |= {rep_id: row.open for rep_id, row in tables.loads.items()}
        return dict(sorted(loads.items()))

    # -- what can be seen before anything is decided

    def _repeated(self, row: Row) -> str | None:
        """Two rows with one id: the pipeline would take the second for a repeat."""
        name = str(row.fields.get("sender") or ""), str(row.fields.get("event_id") or "")
        first = self._events.setdefault(name, row)
        if first is row or not name[1]:
            return None
        return f"it has the event_id of {first.place}; give each row its own"

    def _of_a_stranger(self, row: Row) -> str | None:
        """A rep who is not in the policy in force, or not there any more."""
        for field, rep_id in _reps_of(row):
            if self._policy.desk_of_rep(rep_id) is None:
                # A name or an address is somebody's data, and no id.
                shown = rep_id if ANY_ID.fullmatch(rep_id) else "of this name"
                return (
                    f"{field}: policy version {self._policy.version} has no rep {shown}; add him to"
                    " the policy, or name another rep"
                )
            if row.is_lead and self._has_left(rep_id):
                return f"{field}: {rep_id} has left; name who works the lead now"
        return None

    @property
    def _policy(self) -> Policy:
        policy = self._partitions["routing.inbox", 0].policy
        if policy is None:
            msg = "a preview has a policy in force"
            raise LookupError(msg)
        return policy

    def _has_left(self, rep_id: str) -> bool:
        rows = (tables.reps.get(rep_id) for tables in self._desks())
        return any(row is not None and row.left for row in rows)

    def _desks(self) -> "Iterator[RouteTables]":
        for number in range(CATALOGUE["routing.inbox"].partitions):
            yield cast("RouteTables", self._partitions["routing.inbox", number].tables)

    # -- what the pipeline makes of it

    def _refused(self, row: Row) -> str | None:
        events = [each.sent.event for each in self._state.fed(row.topic, row.value, self._now)]
        received = next((each for each in events if isinstance(each, EventReceived)), None)
        refusal = _refusal(events, received)
        if refusal is not None or received is None:
            return refusal or "it says nothing that can be read; write it as README shows"
        if row.is_lead:
            return self._lead(row, received, events)
        self.counts["accounts"] += 1
        return None

    def _lead(self, row: Row, received: EventReceived, events: list[Event]) -> str | None:
        lead_id = received.who.lead_id or identity.derived_lead_id(received.event_id)
        for event in events:
            if isinstance(event, LifecycleChanged) and event.lead_id == lead_id:
                if event.held_by is None:
                    return (
                        "the person forbade contact, so sales gets nothing; leave the row out, or "
                        "send it with `leadstream produce`, which gives it to marketing"
                    )
                self._new[lead_id] = row
                self.counts["leads"] += 1
                return None
        return self._known(row, received.who, lead_id)

    def _known(self, row: Row, who: Identifiers, lead_id: str) -> str | None:
        """Nothing changes for a lead that is here; two rows of one file must agree about it."""
        if self._directory.people.get(directory.lead_key(self._secret, lead_id)) is None:
            return (
                "it came before and was refused then: `leadstream deadletters list` says why, and "
                "`leadstream deadletters replay` sends it in again"
            )
        found = self._open_lead(who, lead_id)
        first = self._new.get(found) if found else None
        if first is None:
            self.counts["known"] += 1
            self.counts["elsewhere"] += found is not None and self._holder(found) != who.rep_id
            return None
        if str(first.fields["held_by"]).split() != str(row.fields["held_by"]).split():
            return (
                f"it is the person of {first.place}, whom another rep has there: a person has one "
                "open lead; keep one of the two rows"
            )
        self.counts["same_person"] += 1
        return None

    def _open_lead(self, who: Identifiers, lead_id: str) -> str | None:
        """The open lead that a row names, by the directory and by qualify's own look-up."""
        tables = self._directory
        person = directory.person_of(tables, directory.person_keys(self._secret, who))
        row = tables.persons.get(person) if person else None
        if row is None:
            return None
        partition = partition_of(row.home.encode(), CATALOGUE["accounts.inbox"].partitions)
        homes = self._partitions["accounts.inbox", partition].tables
        found = leads.open_lead(cast("QualifyTables", homes), lead_id, person)
        return found[0] if found else None

    @property
    def _directory(self) -> "IdentifyTables":
        return cast("IdentifyTables", self._partitions["identity.inbox", 0].tables)

    def _holder(self, lead_id: str) -> str | None:
        places = (tables.places.get(lead_id) for tables in self._desks())
        held = next((place.assignment for place in places if place is not None), None)
        return held.rep_id if held else None


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
