"""Who gets a lead: tiers in the policy's order, each with what it found (ROUT-04 to ROUT-10)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from schemas.outputs import Method
from streams.policy.compiled import EXPANDED, GENERAL, HOT_LANE, ON_CALL
from streams.policy.document import Tier
from streams.rules import availability, race
from streams.rules.explanation import Looked
from streams.rules.rotation import Pick
from streams.steps.board import Question
from streams.steps.look import TRIED, look
from streams.steps.roster import Found, find
from streams.steps.search import Choice, Search

FALLBACK: Method = "fallback"
OWNERS = frozenset[str](("account", "named_account"))
ROTATED = frozenset[str](("territory", "specialty", "round_robin"))
"""Tiers whose reps a lead waits for when none of them is eligible."""


def choose(search: Search) -> Choice | None:
    """The first tier that yields somebody; None: the lead has to wait.

    After all tiers comes the fallback, whatever the policy's tiers are (ROUT-13, decision 24).
    """
    for tier in _tiers(search):
        choice = tier(search)
        if choice is not None:
            return choice
    asked = {each.tier for each in search.path if each.matched}
    if FALLBACK in asked or (asked & ROTATED and not search.without_territory()):
        return None
    return _fallback(search)


def _tiers(search: Search) -> Iterator["TierStep"]:
    """The tiers that the lead is tried at, its hot lane behind those of owners (decision 13)."""
    tiers = search.rules.tiers
    if search.in_hot_lane():
        yield from (TIERS[tier] for tier in tiers if tier in OWNERS)
        yield _hot_lane
        tiers = tuple(tier for tier in tiers if tier not in OWNERS)
    yield from (TIERS[tier] for tier in tiers)


def _account(search: Search) -> Choice | None:
    """The owner, else who works the account already (ACCT-05): both cost no turn."""
    workers = search.workers()
    if not workers:
        whose = " of the parent account" if search.lead.owner_of_parent else ""
        return _owner_tier(search, "account", search.lead.owner_rep_id, whose)
    search.looks.append({each.rep_id: each for each in workers})
    worker = search.worker()
    search.tried("account", matched=worker is not None, why="; ".join(_worked(search, workers)))
    return None if worker is None else Choice(worker, "account", "works_account")


def _worked(search: Search, workers: Sequence[Looked]) -> Iterator[str]:
    yield _without_owner(search.lead.owner_rep_id)
    for each in workers:
        against = "" if each.why_not is None else f": {each.why_not}"
        yield f"{each.rep_id} works it{against}"


def _named_account(search: Search) -> Choice | None:
    return _owner_tier(search, "named_account", search.lead.named_owner_rep_id)


def _owner_tier(search: Search, tier: Tier, rep_id: str | None, whose: str = "") -> Choice | None:
    """The owner; his backup while he is away all day; the manager where he has left (34)."""
    owner = search.owner(rep_id)
    if owner is None:
        search.tried(tier, matched=False, why=_without_owner(rep_id))
        return None
    passed_over = availability.owner_passed_over(search.work.rep(owner), search.work.now)
    why = TRIED if owner in search.excluded else passed_over
    if why is None:
        search.tried(tier, matched=True, why=f"owner {owner}{whose}")
        _seen(search, owner, None)
        return Choice(owner, tier, tier)
    search.tried(tier, matched=True, why=f"owner {owner}{whose}: {why}")
    _seen(search, owner, why)
    if why == "left":
        return manager(search, "owner_left")
    found = backup(search, owner)
    return found and replace(found, reason=f"owner_{why}")


def _without_owner(rep_id: str | None) -> str:
    """Why no owner takes it: there is none, or he is another desk's."""
    return "no owner" if rep_id is None else f"owner {rep_id} is not of this desk"


def _seen(search: Search, rep_id: str, why: str | None) -> None:
    search.looks.append({rep_id: look(search.work, rep_id)._replace(why_not=why)})


def backup(search: Search, rep_id: str) -> Choice | None:
    """The rep's named backup, if there is one and he is eligible."""
    known = search.work.policy.document.reps.get(rep_id)
    if known is None or known.backup is None:
        search.tried("backup", matched=False, why=f"{rep_id} has no backup")
        return None
    kinds = search.kinds_for(known.backup)
    looked = look(search.work, known.backup, search.excluded, kinds)
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


def _hot_lane(search: Search) -> Choice | None:
    """The lane's own rotation, else the general one (LANE-01, LANE-05, RR-04)."""
    own = search.rules.hot_lane.rotation
    name, members = (HOT_LANE, own) if own else (GENERAL, search.work.policy.rotation(search.team))
    why = f"score {search.lead.score}"
    if search.offered:
        late = f"{why}, nobody accepted it"
        choice = rotate(search, "hot_lane", name, members, late, search.offered)
        return choice or rotate(search, "hot_lane", name, members, late)
    choice = rotate(search, "hot_lane", name, members, why)
    return choice and _raced(search, choice)


def _raced(search: Search, choice: Choice) -> Choice:
    """The next in line race for it, where the policy wants that and they are at work (LANE-02)."""
    lane, board, pick = search.rules.hot_lane, choice.board, choice.pick
    if lane.method == "assign" or board is None or pick is None or board.question.outside:
        return choice
    offers = search.work.tables.open_offers
    busy = {rep_id for rep_id in board.looked if offers.get(rep_id)}
    line = board.in_line(pick.time_before, lane.offers + len(busy), search.cost)
    return replace(choice, offered=race.runners(line, busy, lane.offers))


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
    search: Search,
    tier: Method,
    name: str,
    rep_ids: Sequence[str],
    why: str,
    offered: tuple[str, ...] = (),
) -> Choice | None:
    """The pick of a rotation without those offered it; None where nobody in it is eligible."""
    question = Question(
        search.team,
        name,
        tuple(rep_ids),
        excluded=search.excluded,
        offered=offered,
        kinds=search.kinds(search.team),
    )
    found = find(search.work, question, search.cost)
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
    """A fallback's reason says which rule had nothing for the lead (FALL-07)."""
    if tier != FALLBACK:
        return tier
    return "no_territory" if search.without_territory() else "no_tier"


TierStep = Callable[[Search], Choice | None]
TIERS: Mapping[Tier, TierStep] = {
    "account": _account,
    "named_account": _named_account,
    "territory": _territory,
    "specialty": _specialty,
    "round_robin": _round_robin,
}
