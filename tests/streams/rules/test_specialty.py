"""Which specialty a lead is about."""

from streams.policy.document import Specialty
from streams.rules.specialty import specialty_for

CLOUD = Specialty(specialty="cloud", when="a", reps=("ann",))
DATA = Specialty(specialty="data", when="b", reps=("bob",))


def test_the_first_specialty_in_the_policys_order_whose_condition_holds() -> None:
    """SPEC-01: one specialty, even if several fit."""
    assert specialty_for([CLOUD, DATA], lambda _: True) is CLOUD
    assert specialty_for([DATA, CLOUD], lambda _: True) is DATA
    assert specialty_for([CLOUD, DATA], lambda condition: condition == "b") is DATA


def test_a_lead_may_have_none() -> None:
    """Then the tier does not match."""
    assert specialty_for([CLOUD, DATA], lambda _: False) is None
