"""Who works an account: the reps with open leads of its people (ACCT-05, decision 0039)."""

from streams.rows.route import WORK, AssignmentRow, PlaceRow, RouteTables
from streams.steps.work import Work
from streams.tables import SortKey

COLLEAGUES = "colleagues"
"""Kind of the timers that serve waiting leads of an account; subject: `<desk>/<home>`."""


def reps_at(work: Work, desk: str, home: str, *, followed: bool = True) -> list[str]:
    """The reps with open leads of a home at a desk, who has been at it longest first.

    `followed` false: only those who did not get all of them because they worked it already. Asks
    twice for each rep at most, however many leads he has.
    """
    reps: list[tuple[int, str]] = []
    bound: SortKey = (desk, home)
    while (held := _held(work, bound, desk, home)) is not None:
        if _is_last_resort(work, held):
            bound = (desk, home, held.rep_id, WORK["account"])
            continue
        if followed or held.method != "account":
            reps.append((held.given_at, held.rep_id))
        bound = (desk, home, held.rep_id, WORK["account"] + 1)
    return [rep_id for _, rep_id in sorted(reps)]


def first_of(
    tables: RouteTables, view: str, bound: SortKey, desk: str, home: str
) -> tuple[str, PlaceRow] | None:
    """The first lead of a home at or behind a place in the order of a view by desk and home."""
    found = tables.places.next_in(view, bound)
    same = found is not None and (found[1].desk, found[1].home) == (desk, home)
    return found if same else None


def _held(work: Work, bound: SortKey, desk: str, home: str) -> AssignmentRow | None:
    """The first assignment of a home at or behind a place in the view's order."""
    found = first_of(work.tables, "worked", bound, desk, home)
    return found[1].assignment if found else None


def _is_last_resort(work: Work, held: AssignmentRow) -> bool:
    """A manager who keeps what nobody else could take does not draw the whole account to him."""
    team = work.policy.team_of_rep(held.rep_id)
    managed = team is not None and work.policy.document.teams[team].manager == held.rep_id
    return managed and held.method == "manager"


def changed(work: Work, place: PlaceRow) -> None:
    """A rep got a lead of this account or lost one: who waits there is looked at again.

    At this very instant, behind what goes on now; nothing where nobody of it waits.
    """
    desk, home = place.desk, place.home
    if first_of(work.tables, "colleagues", (desk, home), desk, home) is not None:
        work.set_timer(COLLEAGUES, f"{desk}/{home}", work.now)
