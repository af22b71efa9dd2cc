"""Small territories for tests, and every lead that can tell them apart."""

from itertools import product

from hypothesis import strategies as st

from streams.policy.document import Territory
from streams.policy.ground import Lead, within

COUNTRIES, STATES = ("US", "CA"), ("US-CA", "US-NY", "CA-ON")
CITIES, PREFIXES = ("London", "york"), ("9", "94")


def territory(name: str, **listed: list[str]) -> Territory:
    """A territory of one rep."""
    return Territory(
        territory=name, reps=("ann",), **{key: tuple(each) for key, each in listed.items()}
    )


def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.one_of(st.just([]), st.lists(st.sampled_from(values), max_size=2, unique=True))


_LISTED = st.fixed_dictionaries(
    {
        "countries": _some(COUNTRIES),
        "states": _some(STATES),
        "cities": _some(CITIES),
        "postal_prefixes": _some(PREFIXES),
    }
).filter(lambda listed: any(listed.values()))
MANY = st.lists(_LISTED, min_size=1, max_size=4).map(
    lambda found: tuple(territory(f"t{number}", **each) for number, each in enumerate(found))
)
"""A team's territories."""


def every_lead() -> list[Lead]:
    """Each mix of the values above and of what is not known, as far as it can be."""
    values = {
        "country": COUNTRIES,
        "state": STATES,
        "city": CITIES,
        "postal_code": ("94110", "95000"),
    }
    mixes = product(*([None, *((fact, each) for each in known)] for fact, known in values.items()))
    found = [within(dict(each for each in mix if each is not None)) for mix in mixes]
    return [lead for lead in found if lead is not None]
