"""The stage `route`: who gets a lead, and what becomes of it (design, section 3)."""

from collections.abc import Callable, Iterable

from schemas.codec import decode
from schemas.crm import LeadActivity, LeadOwnerChanged, LeadReassigned
from schemas.inner import CommandReceived, LeadQualified
from schemas.pools import (
    AssignmentSkipped,
    LeadRerouteRequested,
    OfferAccepted,
    OfferDeclined,
    RepPaused,
    TurnAdjusted,
)
from schemas.reps import RepChanged
from streams.policy.compiled import Policy
from streams.rows.route import RouteTables
from streams.stage import Comparing, Outgoing, Stage
from streams.steps import login_feed, offer, policy_review, ramps
from streams.steps.account_work import COLLEAGUES
from streams.steps.assignment_skipped import assignment_skipped
from streams.steps.closed_leads import archive, forget
from streams.steps.colleagues import colleagues
from streams.steps.contact_clock import contact_overdue
from streams.steps.fallen import lead_fallen
from streams.steps.hot_lane_clock import hot_lane_overdue
from streams.steps.lead_activity import lead_activity
from streams.steps.owner_set import owner_set
from streams.steps.place_lead import lead_qualified
from streams.steps.policy_changed import policy_changed
from streams.steps.pool_age import pool_stale
from streams.steps.race import forget_race, offer_accepted, offer_declined, race_due
from streams.steps.rejection import taken_back
from streams.steps.rep_changed import rep_changed
from streams.steps.rep_paused import rep_paused
from streams.steps.reroute import reroute_requested
from streams.steps.shadow import compared, moved
from streams.steps.turn_adjusted import turn_adjusted
from streams.steps.waiting_room import alert, alert_manager, wake
from streams.steps.work import Work

NAME = "route"
WRITES = (
    "assignments.rep",
    "assignments.ended",
    "assignments.offers",
    "assignments.pool",
    "sla.breaches",
    "leads.recycled",
    "leads.lifecycle",
    "leads.rejected",
    "alerts",
    "decisions.shadow",
    "accounts.inbox",
)


def command(
    tables: RouteTables, event: CommandReceived, policy: Policy, now: int
) -> Iterable[Outgoing]:
    """An input event that route decides on: by its kind."""
    taken_back(tables, NAME, event.replayed)
    inside = decode(event.event)
    step = _COMMANDS.get(type(inside))
    if step is not None:
        return step(tables, event, inside, policy, now)
    work = Work(tables, policy, now, event.event_id)
    detail = f"route does not know the command {event.type} yet"
    work.refuse(event, reason="not_released", field="type", detail=detail)
    return work.out


_COMMANDS: dict[type, Callable[..., Iterable[Outgoing]]] = {
    AssignmentSkipped: assignment_skipped,
    LeadRerouteRequested: reroute_requested,
    LeadActivity: lead_activity,
    LeadOwnerChanged: owner_set,
    LeadReassigned: owner_set,
    OfferAccepted: offer_accepted,
    OfferDeclined: offer_declined,
    RepChanged: rep_changed,
    RepPaused: rep_paused,
    TurnAdjusted: turn_adjusted,
}


def route_stage() -> Stage:
    """The stage as data."""
    return Stage(
        name=NAME,
        sources=("routing.inbox",),
        tables=RouteTables,
        steps={LeadQualified: lead_qualified, CommandReceived: command},
        timers={
            "contact": contact_overdue,
            ramps.KIND: ramps.ramp_step,
            "alert_hot_lane": hot_lane_overdue,
            offer.RACE: race_due,
            offer.FORGET: forget_race,
            login_feed.KIND: login_feed.login_feed,
            policy_review.KIND: policy_review.review_due,
            "wake": wake,
            COLLEAGUES: colleagues,
            "waiting_alert": alert,
            "waiting_manager": alert_manager,
            "stale": pool_stale,
            "archive": archive,
            "forget": forget,
        },
        fallen={LeadQualified: lead_fallen},
        policy_changed=policy_changed,
        comparing=Comparing(moved, compared),
        writes=WRITES,
    )
