"""One lead's way through the tiers: what was asked, who was looked at, what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any

from schemas.outputs import Candidate, Explanation, Method, TierTried
from streams.policy.compiled import Facts
from streams.policy.document import Specialty, Team, Territory
from streams.rows.route import LeadRow
from streams.rules import audience, explanation, hot_lane
from streams.rules.explanation import Looked
from streams.rules.place import Location
from streams.rules.rotation import Pick
from streams.rules.specialty import specialty_for
from streams.steps.account_work import reps_at
from streams.steps.board import Board
from streams.steps.look import look
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
    offered: tuple[str, ...] = ()
    """A race instead: who is offered the lead, in line; `rep_id` is who would have got it."""


@dataclass(slots=True)
class Search:
    """One lead's way through the tiers."""

    work: Work
    lead: LeadRow
    team: str
    excluded: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    """Reps of a race in which nobody took the lead: no second race, and others come first."""
    worked_by: Sequence[str] | None = None
    """Whose work on the account counts; None: that of everybody who has open leads of it."""
    path: list[TierTried] = field(default_factory=list)
    looks: list[Mapping[str, Looked]] = field(default_factory=list)
    """Whom each question looked at, by rep id, in the order in which they were asked."""
    manager_left: bool = False
    """The last resort was asked for and is not there."""
    _facts: Facts | None = None
    _workers: tuple[Looked, ...] | None = None

    @property
    def rules(self) -> Team:
        """The team's part of the policy."""
        return self.work.policy.document.teams[self.team]

    @property
    def points(self) -> int | None:
        """What the lead costs in the team's rotations by its value; None: they share the number."""
        return self.work.policy.points(self.team, self.lead.grade)

    @property
    def cost(self) -> int:
        """What it costs either way: points, or one lead."""
        return self.points or 1

    def holds(self, condition: str) -> bool:
        """Whether a condition of the policy holds for the lead."""
        if self._facts is None:
            self._facts = self.work.facts(self.lead)
        return self.work.policy.holds(condition, self._facts)

    def tried(self, tier: str, *, matched: bool, why: str) -> None:
        """Adds to the path."""
        self.path.append(_matched(tier, why) if matched else _missed(tier, why))

    def territory(self) -> tuple[Territory, str] | None:
        """The lead's territory in this team."""
        if not self.rules.territories:
            return None
        lead = self.lead
        location = Location(lead.country, lead.state, lead.city, lead.postal_code)
        territories = self.work.policy.territories
        return territories.find(self.team, location, lead.industry, lead.employees)

    def without_territory(self) -> bool:
        """Whether the team has territories, and none of them has the lead (decision 24)."""
        if not self.rules.territories:
            return False
        return any(each.tier == "territory" and not each.matched for each in self.path)

    def kinds(self, team: str) -> tuple[str, ...]:
        """Caps of a team for one kind of lead that hold for this lead, by name."""
        caps = self.work.policy.document.teams[team].caps
        return tuple(cap.cap for cap in caps if cap.when is not None and self.holds(cap.when))

    def kinds_for(self, rep_id: str) -> tuple[str, ...]:
        """The same for the team of a rep whom the policy knows."""
        return self.kinds(self.work.policy.document.reps[rep_id].team)

    def specialty(self) -> Specialty | None:
        """The lead's specialty in this team."""
        return specialty_for(self.rules.specialties, self.holds)

    def owner(self, rep_id: str | None) -> str | None:
        """An owner as far as the desk knows him: tiers never point outside the desk."""
        known = rep_id is not None and self.work.policy.desk_of_rep(rep_id) == self.lead.desk
        return rep_id if known else None

    @property
    def owners(self) -> tuple[str | None, str | None]:
        """Of the account and of the named account, as far as the desk knows them."""
        return self.owner(self.lead.owner_rep_id), self.owner(self.lead.named_owner_rep_id)

    def workers(self) -> tuple[Looked, ...]:
        """Who works the account of a lead without an owner, each with what speaks against him.

        Who has been at it longest comes first (ACCT-05, decision 0039); nobody whose team does
        not ask for owners of accounts.
        """
        if self._workers is None:
            owned = any(owner is not None for owner in self.owners)
            reps = () if owned else filter(self._may_work_accounts, self._at_work())
            self._workers = tuple(map(self._worker, reps))
        return self._workers

    def _at_work(self) -> Sequence[str]:
        if self.worked_by is not None:
            return self.worked_by
        return reps_at(self.work, self.lead.desk, self.lead.home)

    def _may_work_accounts(self, rep_id: str) -> bool:
        """A rep of another desk, since the policy has changed, does not count either."""
        team = self.work.policy.team_of_rep(rep_id) if self.owner(rep_id) else None
        return team is not None and "account" in self.work.policy.document.teams[team].tiers

    def _worker(self, rep_id: str) -> Looked:
        kinds = self.kinds_for(rep_id)
        return look(self.work, rep_id, self.excluded, kinds, of_account=True)

    def worker(self) -> str | None:
        """The rep to whom a second person of an account goes; None: nobody works it and can."""
        able = (each.rep_id for each in self.workers() if each.why_not is None)
        return next(able, None)

    def in_hot_lane(self) -> bool:
        """Whether the lead takes the team's hot lane: owners come first where a tier asks (13)."""
        lead, rules = self.lead, self.rules
        if not hot_lane.takes(lead.score, rules.hot_lane.over, owned=False):
            return False
        owners = {"account": lead.owner_rep_id, "named_account": lead.named_owner_rep_id}
        asked = (owners.get(tier) for tier in rules.tiers)
        owned = any(self.owner(rep_id) is not None for rep_id in asked) or self.worker() is not None
        return hot_lane.takes(lead.score, rules.hot_lane.over, owned=owned)

    def audience(self) -> str:
        """Which waiting leads share this one's fate."""
        territory, specialty = self.territory(), self.specialty()
        return audience.audience(
            self.team,
            (*self.owners, *sorted(each.rep_id for each in self.workers())),
            territory[0].territory if territory else None,
            specialty.specialty if specialty else None,
            self.excluded,
            kinds=self._kinds_at_desk(),
            hot_lane=self.in_hot_lane(),
        )

    def _kinds_at_desk(self) -> tuple[str, ...]:
        """Of every team: a backup may be of another one."""
        teams = self.work.policy.document.desks[self.lead.desk].teams
        return tuple(f"{team}.{kind}" for team in teams for kind in self.kinds(team))

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
            **(self._turn_fields(choice.rotation, choice.pick) if choice and choice.pick else {}),
        )

    def explain_offers(self, choice: Choice) -> Explanation:
        """The record of a race's beginning: the line, and who in it has another offer open."""
        listed, counts = self._listed(choice)
        return Explanation(
            policy_version=self.work.policy.version,
            now=self.work.now,
            path=tuple(self.path),
            candidates=tuple(map(self._without_offer, listed)),
            counts_by_reason=counts,
            rotation=choice.rotation,
            virtual_time_before=str(choice.pick.time_before) if choice.pick else None,
        )

    def _without_offer(self, seen: Candidate) -> Candidate:
        if not seen.eligible or self.work.tables.open_offers.get(seen.rep_id) is None:
            return seen
        return seen.model_copy(update={"eligible": False, "why_not": "has_an_offer"})

    def _listed(self, choice: Choice | None) -> tuple[tuple[Candidate, ...], dict[str, int]]:
        """Fifty in full by rep id, and the number of the others by reason (design, section 6).

        Those of the rotation that decided come first: from them the choice is derived.
        """
        board, pick = (choice.board, choice.pick) if choice else (None, None)
        if board is None or pick is None:
            return explanation.listed((), self.looked(), {})
        own = board.candidates(pick.time_before, self.cost)
        others: dict[str, Looked] = {}
        if len(self.looks) > 1:
            others = {key: each for key, each in self.looked().items() if key not in board.looked}
        elif len(own) == len(board.looked):
            return tuple(own), {}
        return explanation.listed(own, others, board.by_reason())

    def _turn_fields(self, key: str, pick: Pick) -> dict[str, Any]:
        after = pick.turn_after
        weight_span = pick.chosen.deadline - pick.chosen.start
        return {
            "rotation": key,
            "virtual_time_before": str(pick.time_before),
            "tie_break": pick.tie_break,
            "turn_after": explanation.turn_text(after.start, after.start + weight_span),
            "virtual_time_after": str(pick.rotation.virtual_time),
            "points": self.points,
        }


@lru_cache(maxsize=4096)
def _matched(tier: str, why: str) -> TierTried:
    """The same few steps make up nearly every path."""
    return TierTried(tier=tier, matched=True, why=why)


@lru_cache(maxsize=4096)
def _missed(tier: str, why: str) -> TierTried:
    return TierTried(tier=tier, matched=False, why=why)
