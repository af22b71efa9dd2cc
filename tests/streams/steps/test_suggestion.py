"""A rep's preferences: a suggestion for the manager, and nothing else."""

from schemas.outputs import Alert
from tests.streams import policies
from tests.streams.steps.desk_bench import DeskBench, recount
from tests.streams.steps.test_route import assigned, bench

SPECIALTIES = [
    {"specialty": "health", "when": 'industry == "healthcare"', "reps": ["cay"]},
    {"specialty": "finance", "when": 'industry == "bank"', "reps": ["ann"]},
]
APPROVED = [{**SPECIALTIES[0], "reps": ["ann"]}, SPECIALTIES[1]]


def desk() -> DeskBench:
    """Cay knows health care, Ann banks."""
    return bench(inside={"specialties": SPECIALTIES})


def alerts(events: list[object]) -> list[tuple[str, str, str]]:
    """Kind, subject and value of the alerts among events."""
    return [(one.kind, one.subject, one.value) for one in events if isinstance(one, Alert)]


def test_a_preference_is_suggested_to_the_manager_and_routes_nothing() -> None:
    """SPEC-06, FAIR-05: told with what to do; the next lead goes by the policy as before."""
    here = desk()
    told = here.rep("ann", preferences=["health"])
    assert alerts(told) == [
        ("preference_suggested", "ann", "health"),
        ("preference_suggested", "ann", "finance"),
    ]
    assert len({one.event_id for one in told}) == 2
    assert told[0].detail == (
        "to approve, add him to specialty health of team inside and publish the policy"
    )
    assert "take him from specialty finance" in told[1].detail
    assert assigned(here.lead(industry="healthcare")).rep_id == "cay"
    recount(here)


def test_publishing_is_the_approval() -> None:
    """Twin: with the policy that the suggestion names the lead goes to her."""
    here = desk()
    here.rep("ann", preferences=["health", "finance"])
    here.publish(policies.policy(teams={"inside": {"specialties": APPROVED}}, version=2))
    assert assigned(here.lead(industry="healthcare")).rep_id == "ann"
    assert alerts(here.rep("ann", preferences=["finance", "health"])) == []


def test_the_same_preferences_are_told_once() -> None:
    """A feed repeats itself; news about something else is no preference."""
    here = desk()
    assert alerts(here.rep("ann", preferences=["health", "finance"]))
    assert alerts(here.rep("ann", preferences=["health", "finance"])) == []
    assert alerts(here.rep("ann", available=True)) == []


def test_words_that_name_no_specialty_are_not_repeated() -> None:
    """They could hold anything, and alerts go to many."""
    (told,) = desk().rep("bob", preferences=["anna.larsen@example.com"])
    assert (told.kind, told.value) == ("preference_unknown", "1")
    assert "example.com" not in repr(told)
