"""Who gets a lead: tiers in the policy's order, each with what it found (ROUT-04 to ROUT-10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas.outputs import Explanation, Method, TierTried
from streams.policy.compiled import Facts
from streams.policy.document import Specialty, Team, Territory, Tier
from streams.rows.route import LeadRow
from streams.rules import audience, availability, explanation
from streams.rules.explanation import Looked
from streams.rules.place import Location
from streams.rules.rotation import Pick
from streams.rules.specialty import specialty_for
from streams.steps.roster import ON_CALL, TRIED, Found, find, look
from streams.steps.work import Work

GENERAL = "round_robin"
EXPANDED = "expanded_territory"
FALLBACK: Method = "fallback"
ROTATED = frozenset[str](("territory", "specialty", "round_robin"))
"""Tiers whose reps a lead waits for when none of them is eligible."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the lead, and what it rests on."""

    rep_id: str
    method: Method
    reason: str
    rotation: str = ""
    """Key of the rotation that is charged; empty: the pick costs nothing."""
    pick: Pick | None = None
    on_call: bool = False
    """Taken by an on-call rep: the clock runs at once."""


@dataclass(slots=True)
class Search:
    """One lead's way through the tiers."""

    work: Work
    lead: LeadRow
    team: str
    excluded: tuple[str, ...] = ()
    path: list[TierTried] = field(default_factory=list)
    looked: dict[str, Looked] = field(default_factory=dict)
    """Everybody looked at so far; the last look at a rep counts."""
    manager_left: bool = False
    """The last resort was asked for and is not there."""
    _facts: Facts | None = None

    @property
    def rules(self) -> Team:
        """The team's part of the policy."""
        return self.work.policy.document.teams[self.team]

    def holds(self, condition: str) -> bool:
        """Whether a condition of the policy holds for the lead."""
        if self._facts is None:
            self._facts = self.work.facts(self.lead)
        return self.work.policy.holds(condition, self._facts)

    def tried(self, tier: str, *, matched: bool, why: str) -> None:
        """Adds to the path."""
        self.path.append(TierTried(tier=tier, matched=matched, why=why))

    def territory(self) -> tuple[Territory, str] | None:
        """The lead's territory in this team."""
        lead = self.lead
        location = Location(lead.country, lead.state, lead.city, lead.postal_code)
        territories = self.work.policy.territories
        return territories.find(self.team, location, lead.industry, lead.employees)

    def without_territory(self) -> bool:
        """Whether the team has territories, and none of them has the lead (decision 24)."""
        missed = any(each.tier == "territory" and not each.matched for each in self.path)
        return missed and bool(self.rules.territories)

    def specialty(self) -> Specialty | None:
        """The lead's specialty in this team."""
        return specialty_for(self.rules.specialties, self.holds)

    def owner(self, rep_id: str | None) -> str | None:
        """An owner as far as the desk knows him: tiers never point outside the desk."""
        known = rep_id is not None and self.work.policy.desk_of_rep(rep_id) == self.lead.desk
        return rep_id if known else None

    def audience(self) -> str:
        """Which waiting leads share this one's fate."""
        territory, specialty = self.territory(), self.specialty()
        return audience.audience(
            self.team,
            (self.owner(self.lead.owner_rep_id), self.owner(self.lead.named_owner_rep_id)),
            territory[0].territory if territory else None,
            specialty.specialty if specialty else None,
            self.excluded,
        )

    def explain(self, choice: Choice | None) -> Explanation:
        """The record of the decision: everybody looked at; without a choice why there is nobody."""
        pick = choice.pick if choice else None
        looked = tuple(self.looked[key] for key in sorted(self.looked))
        turns = (
            {turn.rep_id: (turn.start, turn.deadline) for turn in pick.turns.values()}
            if (pick)
            else {}
        )
        key = choice.rotation if choice else ""
        full, counts = explanation.listed(looked, turns, pick.time_before if pick else 0, key)
        return Explanation(
            policy_version=self.work.policy.version,
            now=self.work.now,
            path=tuple(self.path),
            candidates=explanation.candidates(full, turns),
            counts_by_reason=counts,
            chosen=choice.rep_id if choice else None,
            **(_turn_fields(choice.rotation, pick) if choice and pick else {}),
        )


def _turn_fields(key: str, pick: Pick) -> dict[str, str]:
    after = pick.turn_after
    weight_span = pick.chosen.deadline - pick.chosen.start
    return {
        "rotation": key,
        "virtual_time_before": str(pick.time_before),
        "tie_break": pick.tie_break,
        "turn_after": explanation.turn_text(after.start, after.start + weight_span),
        "virtual_time_after": str(pick.rotation.virtual_time),
    }


def choose(search: Search) -> Choice | None:
    """The first tier that yields somebody; None: the lead has to wait.

    After all tiers comes the fallback, whatever the policy's tiers are (ROUT-13, decision 24).
    """
    for tier in search.rules.tiers:
        choice = TIERS[tier](search)
        if choice is not None:
            return choice
    asked = {each.tier for each in search.path if each.matched}
    if FALLBACK in asked or (asked & ROTATED and not search.without_territory()):
        return None
    return _fallback(search)


def _account(search: Search) -> Choice | None:
    return _owner_tier(search, "account", search.lead.owner_rep_id)


def _named_account(search: Search) -> Choice | None:
    return _owner_tier(search, "named_account", search.lead.named_owner_rep_id)


def _owner_tier(search: Search, tier: Tier, rep_id: str | None) -> Choice | None:
    """The owner; his backup while he is away all day; the manager where he has left (34)."""
    owner = search.owner(rep_id)
    if owner is None:
        unknown = "no owner" if rep_id is None else f"owner {rep_id} is not of this desk"
        search.tried(tier, matched=False, why=unknown)
        return None
    passed_over = availability.owner_passed_over(search.work.rep(owner), search.work.now)
    why = TRIED if owner in search.excluded else passed_over
    if why is None:
        search.tried(tier, matched=True, why=f"owner {owner}")
        _seen(search, owner, None)
        return Choice(owner, tier, tier)
    search.tried(tier, matched=True, why=f"owner {owner}: {why}")
    _seen(search, owner, why)
    if why == "left":
        return manager(search, "owner_left")
    found = backup(search, owner)
    return found and replace(found, reason=f"owner_{why}")


def _seen(search: Search, rep_id: str, why: str | None) -> None:
    search.looked[rep_id] = look(search.work, (rep_id,), ())[0]._replace(why_not=why)


def backup(search: Search, rep_id: str) -> Choice | None:
    """The rep's named backup, if there is one and he is eligible."""
    known = search.work.policy.document.reps.get(rep_id)
    if known is None or known.backup is None:
        search.tried("backup", matched=False, why=f"{rep_id} has no backup")
        return None
    looked = look(search.work, (known.backup,), search.excluded)
    search.looked[known.backup] = looked[0]
    why_not = looked[0].why_not
    search.tried("backup", matched=True, why=f"{known.backup}: {why_not or 'eligible'}")
    return None if why_not else Choice(known.backup, "backup", "backup")


def manager(search: Search, reason: str) -> Choice | None:
    """The team's manager, who takes what nobody else can and keeps it (decision 35).

    None where the manager has left as well: nothing is given to somebody who is gone.
    """
    rep_id = search.rules.manager
    if search.work.rep(rep_id).left:
        search.manager_left = True
        search.tried("manager", matched=False, why=f"{reason}; {rep_id}: left")
        return None
    search.tried("manager", matched=True, why=reason)
    return Choice(rep_id, "manager", reason)


def _territory(search: Search) -> Choice | None:
    found = search.territory()
    if found is None:
        where = "no territory matches" if search.rules.territories else "the team has none"
        search.tried("territory", matched=False, why=where)
        return None
    territory, why = found
    return rotate(search, "territory", f"territory:{territory.territory}", territory.reps, why)


def _specialty(search: Search) -> Choice | None:
    specialty = search.specialty()
    if specialty is None:
        where = "no specialty matches" if search.rules.specialties else "the team has none"
        search.tried("specialty", matched=False, why=where)
        return None
    name = f"specialty:{specialty.specialty}"
    return rotate(search, "specialty", name, specialty.reps, specialty.specialty)


def _round_robin(search: Search) -> Choice | None:
    """The general rotation; for a lead that no territory has the fallback in its place."""
    return _fallback(search) if search.without_territory() else general(search)


def general(search: Search, method: Method = "round_robin") -> Choice | None:
    """The team's general rotation (ROUT-08, WGT-02)."""
    members = search.work.policy.rotation(search.team)
    return rotate(search, method, GENERAL, members, "general rotation")


def _fallback(search: Search) -> Choice | None:
    """The expanded territory's reps, else the general rotation (decision 24, FALL-02, FALL-05)."""
    expanded = search.rules.expanded_territory
    if expanded and search.without_territory():
        choice = rotate(search, FALLBACK, EXPANDED, expanded, "no territory matches")
        if choice is not None:
            return choice
    return general(search, FALLBACK)


def rotate(
    search: Search, tier: Method, name: str, rep_ids: Sequence[str], why: str
) -> Choice | None:
    """The pick of a rotation; None where nobody in it is eligible."""
    found = find(search.work, search.team, name, rep_ids, search.excluded)
    search.looked.update((each.rep_id, each) for each in found.looked)
    if found.pick is None:
        search.tried(tier, matched=True, why=f"{name}: {why}; nobody eligible")
        return None
    return _picked(search, tier, found, found.pick, why)


def _picked(search: Search, tier: Method, found: Found, pick: Pick, why: str) -> Choice:
    hours = "; outside hours" if found.outside else ""
    on_call = found.rotation == ON_CALL
    search.tried(tier, matched=True, why=f"{found.rotation}: {why}{hours}")
    return Choice(
        pick.chosen.rep_id,
        tier,
        _reason(search, tier),
        f"{search.team}/{found.rotation}",
        pick,
        on_call,
    )


def _reason(search: Search, tier: str) -> str:
    """A fallback's reason says which rule had nothing for the lead (FALL-07)."""
    if tier != FALLBACK:
        return tier
    return "no_territory" if search.without_territory() else "no_tier"


TIERS: Mapping[Tier, Callable[[Search], Choice | None]] = {
    "account": _account,
    "named_account": _named_account,
    "territory": _territory,
    "specialty": _specialty,
    "round_robin": _round_robin,
}
