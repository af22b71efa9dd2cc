"""What is thought of a lead: score, grade, status, and what to do next; pure of tables."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from schemas.inner import Contribution
from schemas.outputs import LeadScored
from streams.policy.compiled import Policy
from streams.policy.document import Scoring
from streams.rows.qualify import Account, Judged, Lead
from streams.rows.status import Status
from streams.rules import funnel, grade, known, next_action, qualification, score, segment, status
from streams.stage import event_id


def values_of(lead: Lead, account: Account) -> dict[str, Any]:
    """A lead's facts by the names that conditions use; None where nobody knows."""
    details, origin = lead.details, lead.origin
    return {
        "source": origin.source,
        "direction": origin.direction,
        "campaign": origin.campaign,
        "country": known.either(details.country, account.country),
        "state": details.state,
        "region": details.region,
        "city": details.city,
        "postal_code": details.postal_code,
        "industry": known.either(details.industry, account.industry),
        "product_interest": details.product_interest,
        "language": details.language,
        "title": details.title,
        "department": details.department,
        "company": known.either(details.company, account.name),
        "domain": details.domain,
        "device": origin.device,
        "utm_source": origin.utm_source,
        "employees": known.either(details.employees, account.employees),
        "touches": lead.history.touches,
        "deal_size": details.deal_size,
        "named": account.named,
        "customer": account.customer,
        "owned": owner_of(account) is not None,
        "free_mail": origin.free_mail,
        "has_phone": details.phone is not None,
        "has_email": details.email is not None,
    }


def owner_of(account: Account) -> str | None:
    """The open opportunity's owner, else the account's, else its parent's (Match order)."""
    return own_owner_of(account) or account.parent_owner_rep_id


def own_owner_of(account: Account) -> str | None:
    """The same without the parent account."""
    return account.opportunity_owner_rep_id or account.owner_rep_id


def judged(lead: Lead, account: Account, values: Mapping[str, Any], policy: Policy) -> Judged:
    """Score, grade, status, hot and the next action under this policy."""
    scoring = policy.document.scoring
    facts = policy.scoring_facts(values)
    found = score.scored(
        scoring,
        lead.origin.source,
        lead.history.actions,
        lambda condition: policy.holds(condition, facts),
    )
    view = Judged(
        score=found.total,
        attributes=found.attributes,
        behaviour=found.behaviour,
        contributions=tuple((part.rule, part.points) for part in found.contributions),
        grade=grade.grade_of(found.total, scoring.grades),
        status=status.said(lead.history.sales, earned(lead, account, found.total, policy)),
        hot=found.total >= scoring.hot_score,
    )
    return replace(view, next_action=_next_action(lead, view, policy))


def scored_event(
    lead_id: str,
    lead: Lead,
    view: Judged,
    values: Mapping[str, Any],
    policy: Policy,
    caused_by: str,
    now: int,
) -> LeadScored:
    """The event on leads.scored: the judgement with its reasons (SCO-01, SCO-15)."""
    scoring = policy.document.scoring
    answered = dict(lead.history.qualification)
    return LeadScored(
        event_id=event_id(caused_by, f"scored:{lead_id}"),
        caused_by=caused_by,
        at=now,
        policy_version=policy.version,
        desk=lead.desk,
        lead_id=lead_id,
        account_key=lead.home,
        score=view.score,
        attribute_score=view.attributes,
        behaviour_score=view.behaviour,
        grade=view.grade,
        status=view.status,
        hot=view.hot,
        funnel_stage=funnel.stage_of(view.status, hot=view.hot),
        icp=view.attributes >= scoring.mql_score,
        segments=_segments(values, scoring),
        missing_elements=qualification.missing(answered),
        contributions=contributions_of(view),
        qualification=answered,
        next_action=view.next_action,
    )


def contributions_of(view: Judged) -> tuple[Contribution, ...]:
    """The score's parts as messages carry them."""
    return tuple(Contribution(rule=rule, points=points) for rule, points in view.contributions)


def earned(lead: Lead, account: Account, total: int, policy: Policy) -> Status:
    """The status without sales' word; `total` is the score."""
    return status.earned(
        score=total,
        mql_score=policy.document.scoring.mql_score,
        engaged=lead.history.touches > 1 or bool(lead.history.actions),
        customer=account.customer,
    )


def _segments(values: Mapping[str, Any], scoring: Scoring) -> tuple[str, ...]:
    employees = values["employees"]
    limits = (scoring.enterprise_employees, scoring.mid_market_employees)
    return segment.segments(
        size=None if employees is None else segment.size_of(employees, *limits),
        industry=values["industry"],
        customer=values["customer"],
        named=values["named"],
    )


def _next_action(lead: Lead, view: Judged, policy: Policy) -> str:
    if not lead.open:
        return "none"
    details, history = lead.details, lead.history
    reach = next_action.Reach(
        history.contact_allowed,
        history.marketing_allowed,
        has_phone=details.phone is not None,
        has_email=details.email is not None,
    )
    return next_action.next_action(
        reach,
        status=view.status,
        promising=view.hot or view.grade in policy.document.high_value_grades,
        withheld=view.grade in policy.document.nurture_grades,
    )
