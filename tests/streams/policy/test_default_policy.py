"""The default policy: complete, commented, and true about what a default is."""

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pycountry
import pytest

from streams.policy.compiled import compile_policy
from streams.policy.conditions import ROUTING, SCORING
from streams.policy.document import Document, Release, Section
from streams.policy.loading import Loaded, read
from streams.policy.release import release
from streams.rules.specialty import specialty_for

FILE = Path(__file__).parents[3] / "deploy" / "policies" / "default.yaml"
TEXT = FILE.read_text("utf-8")
LOADED = read(TEXT)


def sections(annotation: Any = Document) -> Iterator[type[Section]]:
    """Every section that a document can hold."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
        for field in annotation.model_fields.values():
            yield from sections(field.annotation)
    else:
        for inner in get_args(annotation):
            yield from sections(inner)


def unnamed(loaded: Loaded) -> set[str]:
    """Fields that the text names nowhere; the release section is added by publishing."""
    named = {(*_owner(path[:-1]), path[-1]) for path in loaded.source.keys}
    fields = {
        (section, name)
        for section in sections()
        for name in section.model_fields
        if section is not Release and (section, name) != (Document, "release")
    }
    return {f"{section.__name__}.{name}" for section, name in fields - named}


def _owner(path: tuple[str | int, ...]) -> tuple[Any]:
    found: Any = Document
    for part in path:
        found = _inside(found, part)
    return (found,)


def _inside(annotation: Any, part: str | int) -> Any:
    annotation = _without_none(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return _without_none(annotation.model_fields[str(part)].annotation)
    arguments = get_args(annotation)
    if not arguments:
        return None
    return _without_none(arguments[1] if get_origin(annotation) is dict else arguments[0])


def _without_none(annotation: Any) -> Any:
    while get_origin(annotation) in (Union, UnionType) or hasattr(annotation, "__metadata__"):
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def false_defaults(text: str) -> list[str]:
    """Keys marked `# default` whose value is not the model's default."""
    loaded = read(text)
    marked = {
        number
        for number, line in enumerate(text.split("\n"), 1)
        if line.endswith("# default") and not line.lstrip().startswith("#")
    }
    wrong = []
    seen = set()
    for path, place in loaded.source.keys.items():
        if place.line not in marked or place.line in seen:
            continue
        seen.add(place.line)
        owner = _owner(path[:-1])[0]
        field = owner.model_fields[str(path[-1])]
        if _value(loaded.document, path) != field.get_default(call_default_factory=True):
            wrong.append(".".join(str(part) for part in path))
    assert seen == marked
    return wrong


def _value(document: Document, path: tuple[str | int, ...]) -> Any:
    value: Any = document
    for part in path:
        value = getattr(value, str(part)) if isinstance(value, Section) else value[part]
    return value


def test_the_default_policy_has_no_problem() -> None:
    """It can be published as it is."""
    policy = compile_policy(TEXT, 1)
    assert policy.document.name == "default"
    assert release(TEXT).startswith(TEXT)


def test_it_names_every_field_there_is() -> None:
    """A sales-operations person finds every setting in it."""
    assert unnamed(LOADED) == set()


def test_a_forgotten_field_would_be_noticed() -> None:
    """Twin: without its line a field is reported."""
    cut = "".join(line for line in TEXT.splitlines(keepends=True) if "absence: keep" not in line)
    assert unnamed(read(cut)) == {"Team.absence"}


def test_what_is_marked_as_default_is_the_default() -> None:
    """The remark `# default` is never a lie."""
    assert TEXT.count("# default\n") > 40
    assert false_defaults(TEXT) == []


def test_a_false_default_would_be_noticed() -> None:
    """Twin: with another number behind the same remark it is reported."""
    changed = TEXT.replace("mql_score: 50  # default", "mql_score: 51  # default")
    assert false_defaults(changed) == ["scoring.mql_score"]


def unexplained(text: str) -> list[str]:
    """Lines marked `# default` without a comment above them, their neighbours or their heading."""
    lines = text.split("\n")
    found = []
    for number, line in enumerate(lines):
        if not line.endswith("# default") or line.lstrip().startswith("#"):
            continue
        above = number - 1
        while lines[above].endswith(("# default", ":")):
            above -= 1
        if not lines[above].lstrip().startswith("#"):
            found.append(line.strip())
    return found


def test_every_default_of_the_file_is_explained() -> None:
    """Nobody has to guess: a comment above it says what it does."""
    assert unexplained(TEXT) == []


def test_a_default_without_a_comment_would_be_noticed() -> None:
    """Twin: with its comment taken away it is reported."""
    assert unexplained("name: x\nhigh_score: 80  # default\n") == ["high_score: 80  # default"]


def test_the_facts_in_its_heading_are_those_of_the_vocabularies() -> None:
    """Nobody is told of a fact that does not exist, and none is kept back."""
    heading = TEXT.split("# What this policy is called")[0]
    words = {word.strip(",()#") for word in heading.split()}
    assert set(SCORING) | set(ROUTING) <= words


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("CEO", "title-executive"), ("Founder & CTO", "title-executive"),
        ("Vice President, Sales", "title-head"), ("Head of Marketing", "title-head"),
        ("Managing Director", "title-executive"), ("Director of IT", "title-head"),
        ("Sales Manager", "title-manager"), ("Assistant to the CEO", "title-without-say"),
        ("代表取締役", "title-executive"), ("営業部長", "title-head"),
        ("Geschäftsführerin", "title-executive"),
        ("Clerk", None), ("", None),
    ],
)  # fmt: skip
def test_a_title_counts_once(title: str, expected: str | None) -> None:
    """SCO-06: who decides scores high; rules about one thing exclude each other."""
    policy = compile_policy(TEXT, 1)
    facts = policy.scoring_facts({"title": title})
    found = [
        rule.rule
        for rule in policy.document.scoring.attributes
        if rule.rule.startswith("title") and policy.holds(rule.when, facts)
    ]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("score", "status", "source", "pool"),
    [
        (80, "mql", "demo_request", "hot"), (79, "mql", "demo_request", "warm"),
        (50, "mql", "webinar", "warm"), (50, "engaged", "webinar", None),
        (49, "engaged", "webinar", "cold"), (0, "new", "other", "cold"),
    ],
)  # fmt: skip
def test_pools_follow_decision_04(score: int, status: str, source: str, pool: str | None) -> None:
    """80 and hot, 50 and marketing-qualified, below 50; the rest falls back to warm."""
    policy = compile_policy(TEXT, 1)
    desk = policy.document.desks["main"]
    facts = policy.routing_facts({"score": score, "status": status, "source": source})
    found = next((each.pool for each in desk.pools if policy.holds(each.when, facts)), None)
    assert found == pool
    assert desk.fallback_pool == "warm"


def test_every_country_is_in_one_region() -> None:
    """Decision 06: North America is US, CA and MX; EMEA, APAC and Latin America have the rest."""
    regions = LOADED.document.regions
    assert list(regions) == ["north-america", "latin-america", "emea", "apac"]
    assert regions["north-america"] == ("US", "CA", "MX")
    listed = sorted(country for countries in regions.values() for country in countries)
    assert listed == sorted(country.alpha_2 for country in pycountry.countries)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"industry": "hospital & health care", "deal_size": 90_000.0}, "healthcare"),
        ({"product_interest": "Platform and API"}, "platform"),
        ({"deal_size": 50_000.0}, "large-deals"),
        ({"deal_size": 49_999.0, "language": "es-mx"}, "spanish"),
        ({"language": "et", "product_interest": "rapid"}, None),
    ],
)
def test_a_specialty_is_an_industry_a_product_a_deal_size_or_a_language(
    facts: dict[str, Any], expected: str | None
) -> None:
    """ROUT-14, ROUT-15, SPEC-01: conditions say it; the first that holds counts."""
    policy = compile_policy(TEXT, 1)
    specialties = policy.document.teams["americas"].specialties
    found = specialty_for(specialties, lambda when: policy.holds(when, policy.routing_facts(facts)))
    assert (found.specialty if found else None) == expected


def test_a_demo_request_without_any_data_is_not_withheld() -> None:
    """Who asks for sales never ends in nurture for lack of data."""
    scoring = LOADED.document.scoring
    withheld = min(cut.score for cut in scoring.grades if cut.grade != "F")
    for source in LOADED.document.teams["americas"].push.sources:
        assert scoring.source_points[source] - 15 >= withheld
