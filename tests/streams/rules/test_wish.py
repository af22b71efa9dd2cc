"""How a rep's preferences differ from the policy."""

from streams.policy.document import Specialty
from streams.rules.wish import Wishes, wishes

CLOUD = Specialty(specialty="cloud", when="a", reps=("ann",))
DATA = Specialty(specialty="data", when="b", reps=("bob",))


def test_what_is_asked_for_and_what_is_not_any_more() -> None:
    """SPEC-06: both are wishes; what is as asked for is none."""
    assert wishes("ann", ("data",), (CLOUD, DATA)) == Wishes(("data",), ("cloud",), 0)
    assert wishes("ann", ("cloud",), (CLOUD, DATA)) == Wishes((), (), 0)
    assert wishes("ann", (), (CLOUD, DATA)) == Wishes((), ("cloud",), 0)


def test_what_is_no_specialty_is_only_counted() -> None:
    """A rep's own words are not repeated."""
    assert wishes("ann", ("cloud", "golf", "golf"), (CLOUD,)) == Wishes((), (), 1)
