"""Which leads go to a rep at once, and which sales does not get."""

from typing import Any

import pytest
from msgspec.structs import replace

from schemas.inner import LeadCard, LeadQualified
from streams.policy.document import Push
from streams.rows.route import LeadRow
from streams.rules.push import why_pushed, withheld
from streams.steps.work import lead_row

LEAD = lead_row(
    LeadQualified(
        event_id="e", caused_by="c", captured_at=0, lead_id="l", home="h", desk="d", kind="new",
        score=50, grade="C", status="mql", hot=False, source="webinar",
        card=LeadCard(source="webinar"),
    )
)  # fmt: skip


def lead(**fields: Any) -> LeadRow:
    """A lead without an owner, of a source that is not pushed, with these differences."""
    return replace(LEAD, **fields)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, None),
        ({"grade": "F"}, "grade_F"),
        ({"grade": "F", "owner_rep_id": "ann"}, None),
        ({"grade": "F", "named_owner_rep_id": "ann"}, None),
        ({"contact_allowed": False}, "contact_forbidden"),
        ({"contact_allowed": False, "owner_rep_id": "ann"}, "contact_forbidden"),
    ],
)
def test_consent_blocks_everybody_and_a_grade_all_but_owners(
    fields: dict[str, Any], why: str | None
) -> None:
    """Decisions, Share matrix and Consent; decision 13."""
    assert withheld(lead(**fields), ("F",), worked=False) == why


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"grade": "F"}, None), ({"contact_allowed": False}, "contact_forbidden")],
)
def test_a_grade_keeps_nobody_from_an_account_that_he_works(
    fields: dict[str, Any], why: str | None
) -> None:
    """ACCT-05, decision 0039: as an owner; forbidden contact still blocks him."""
    assert withheld(lead(**fields), ("F",), worked=True) == why


@pytest.mark.parametrize(
    ("fields", "push", "why"),
    [
        ({}, {}, None),
        ({"owner_rep_id": "ann", "hot": True}, {"all": True}, "owned"),
        ({"named_owner_rep_id": "ann"}, {}, "owned"),
        ({"hot": True}, {"all": True}, "all"),
        ({"hot": True}, {}, "hot"),
        ({"hot": True}, {"hot": False}, None),
        ({"source": "demo_request"}, {}, "source demo_request"),
        ({"source": "demo_request"}, {"sources": ()}, None),
        ({}, {"when": "true"}, "condition"),
        ({}, {"when": "false"}, None),
    ],
)
def test_what_puts_a_lead_on_the_push_list(
    fields: dict[str, Any], push: dict[str, Any], why: str | None
) -> None:
    """Decision 13: owners first, regardless of anything else; then the team's list."""
    given = Push(**push)
    holds = "true".__eq__
    assert why_pushed(lead(**fields), given, holds, worked=False) == why
    assert why_pushed(lead(**fields), given, holds, worked=True) is not None
