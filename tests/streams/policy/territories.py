"""Small territories for tests, and every lead that can tell them apart."""

from itertools import product
from typing import Any

from hypothesis import strategies as st

from streams.policy.document import Document, Employees, MetropolitanArea, Territory
from streams.policy.ground import Lead
from streams.policy.loading import load
from tests.streams import policies

COUNTRIES, STATES = ("US", "CA"), ("US-CA", "US-NY", "CA-ON")
CITIES, PREFIXES = ("London", "york"), ("9", "94")
INDUSTRIES, SIZES = ("bank", "6"), (Employees(most=9), Employees(least=5, most=14))
BASE = load(policies.text()).model_copy(
    update={
        "regions": {"north": ("US", "CA"), "west": ("US",)},
        "metropolitan_areas": {
            "bay": MetropolitanArea(states=("US-CA",), cities=("York",), postal_prefixes=("94",)),
            "any": MetropolitanArea(cities=("London",)),
        },
    }
)
"""A policy with regions and metropolitan areas."""


def territory(name: str, **listed: Any) -> Territory:
    """A territory of one rep."""
    return Territory.model_validate({"territory": name, "reps": ("ann",), **listed})


def document(*territories: Territory) -> Document:
    """A policy whose first team has these territories."""
    team = BASE.teams["inside"].model_copy(update={"territories": territories})
    return BASE.model_copy(update={"teams": BASE.teams | {"inside": team}})


def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    listed = st.lists(st.sampled_from(values), max_size=2, unique=True)
    return st.one_of(st.just([]), st.just([]), listed)


_LISTED = st.fixed_dictionaries(
    {
        "regions": _some(("north", "west")),
        "countries": _some(COUNTRIES),
        "states": _some(STATES),
        "metropolitan_areas": _some(("bay", "any")),
        "cities": _some(CITIES),
        "postal_prefixes": _some(PREFIXES),
        "industries": _some(INDUSTRIES),
        "employees": st.sampled_from((None, None, *SIZES)),
    }
)
MANY = st.lists(_LISTED, min_size=1, max_size=4).map(
    lambda found: tuple(territory(f"t{number}", **each) for number, each in enumerate(found))
)
"""A team's territories."""


def every_lead() -> list[Lead]:
    """Each mix of the values above and of what is not known, as far as it can be."""
    values: dict[str, tuple[Any, ...]] = {
        "country": COUNTRIES,
        "state": STATES,
        "city": CITIES,
        "postal_code": ("94110", "95000"),
        "industry": ("bank", "62"),
        "employees": (3, 7, 12),
    }
    mixes = product(*([None, *((fact, each) for each in known)] for fact, known in values.items()))
    found = [dict(each for each in mix if each is not None) for mix in mixes]
    return [lead for lead in found if _is_possible(lead)]


def _is_possible(lead: Lead) -> bool:
    """Whether the state is in the country; intake knows the country of every state."""
    return "state" not in lead or lead.get("country") == lead["state"].partition("-")[0]
