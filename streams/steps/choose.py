"""Who gets a lead: tiers in the policy's order, each with what it found (ROUT-04 to ROUT-10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from schemas.outputs import Candidate, Explanation, Method, TierTried
from streams.policy.compiled import GENERAL, ON_CALL, Facts, Policy
from streams.policy.document import Specialty, Team, Territory, Tier
from streams.rows.route import LeadRow
from streams.rules import audience, availability, explanation
from streams.rules.explanation import Looked
from streams.rules.rotation import Pick
from streams.rules.specialty import specialty_for
from streams.rules.territory import Location, Map
from streams.steps.board import TRIED, Board, Question, look
from streams.steps.roster import Found, find
from streams.steps.work import Work


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the lead, and what it rests on."""

    rep_id: str
    method: Method
    reason: str
    rotation: str = ""
    """Key of the rotation that is charged; empty: the pick costs nothing."""
    pick: Pick | None = None
    board: Board | None = None
    """Who stood beside him when he was picked."""
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
    looks: list[Mapping[str, Looked]] = field(default_factory=list)
    """Whom each question looked at, by rep id, in the order in which they were asked."""
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
        self.path.append(_tier_tried(tier, why, matched=matched))

    def territory(self) -> tuple[Territory, str] | None:
        """The lead's territory in this team."""
        lead = self.lead
        location = Location(lead.country, lead.state, lead.city, lead.postal_code)
        return _map(self.work.policy, self.team).find(location)

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

    def looked(self) -> dict[str, Looked]:
        """Everybody looked at so far; the last look at a rep counts."""
        return dict(chain.from_iterable(each.items() for each in self.looks))

    def explain(self, choice: Choice | None) -> Explanation:
        """The record of the decision: everybody looked at; without a choice why there is nobody."""
        listed, counts = self._listed(choice)
        return Explanation(
            policy_version=self.work.policy.version,
            now=self.work.now,
            path=tuple(self.path),
            candidates=listed,
            counts_by_reason=counts,
            chosen=choice.rep_id if choice else None,
            **(_turn_fields(choice.rotation, choice.pick) if choice and choice.pick else {}),
        )

    def _listed(self, choice: Choice | None) -> tuple[tuple[Candidate, ...], dict[str, int]]:
        """Fifty in full by rep id, and the number of the others by reason (design, section 6).

        Those of the rotation that decided come first: from them the choice is derived.
        """
        board, pick = (choice.board, choice.pick) if choice else (None, None)
        if board is None or pick is None:
            return explanation.listed((), self.looked(), {})
        own = [board.candidate(rep_id) for rep_id in board.served_next(pick.time_before)]
        if len(self.looks) == 1:
            others: dict[str, Looked] = {}
        else:
            others = {key: each for key, each in self.looked().items() if key not in board.looked}
        return explanation.listed(own, others, board.by_reason())


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


@lru_cache(maxsize=4096)
def _tier_tried(tier: str, why: str, *, matched: bool) -> TierTried:
    """The same few steps make up nearly every path."""
    return TierTried(tier=tier, matched=matched, why=why)


@lru_cache(maxsize=64)
def _map(policy: Policy, team: str) -> Map:
    """The team's territories, read once per policy version: policies are told apart by identity."""
    return Map(policy.document.teams[team].territories)


def choose(search: Search) -> Choice | None:
    """The first tier that yields somebody; None: the lead has to wait."""
    for tier in search.rules.tiers:
        choice = TIERS[tier](search)
        if choice is not None:
            return choice
    return None


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
    search.looks.append({rep_id: look(search.work, rep_id)._replace(why_not=why)})


def backup(search: Search, rep_id: str) -> Choice | None:
    """The rep's named backup, if there is one and he is eligible."""
    known = search.work.policy.document.reps.get(rep_id)
    if known is None or known.backup is None:
        search.tried("backup", matched=False, why=f"{rep_id} has no backup")
        return None
    looked = look(search.work, known.backup, search.excluded)
    search.looks.append({known.backup: looked})
    why_not = looked.why_not
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


def general(search: Search) -> Choice | None:
    """The team's general rotation (ROUT-08, WGT-02)."""
    members = search.work.policy.rotation(search.team)
    return rotate(search, "round_robin", GENERAL, members, "general rotation")


def rotate(
    search: Search, tier: Method, name: str, rep_ids: Sequence[str], why: str
) -> Choice | None:
    """The pick of a rotation; None where nobody in it is eligible."""
    question = Question(search.team, name, tuple(rep_ids), excluded=search.excluded)
    found = find(search.work, question)
    search.looks += [board.looked for board in found.boards]
    if found.pick is None:
        search.tried(tier, matched=True, why=f"{name}: {why}; nobody eligible")
        return None
    return _picked(search, tier, found, found.pick, why)


def _picked(search: Search, tier: Method, found: Found, pick: Pick, why: str) -> Choice:
    hours = "; outside hours" if found.outside else ""
    question = found.board.question
    search.tried(tier, matched=True, why=f"{question.rotation}: {why}{hours}")
    return Choice(
        pick.chosen.rep_id,
        tier,
        _reason(search, tier),
        question.key,
        pick,
        found.board,
        on_call=question.rotation == ON_CALL,
    )


def _reason(search: Search, tier: str) -> str:
    """Decision 24: what reaches the general rotation although territories exist is a fallback."""
    outside = any(each.tier == "territory" and not each.matched for each in search.path)
    if tier == "round_robin" and outside and search.rules.territories:
        return "no_territory"
    return tier


TIERS: Mapping[Tier, Callable[[Search], Choice | None]] = {
    "account": _account,
    "named_account": _named_account,
    "territory": _territory,
    "specialty": _specialty,
    "round_robin": general,
}
