"""The growth page has the figures that were measured, and its scripts measure."""

import re

import pytest

from schemas.topics import CATALOGUE
from tests.growth.figure import Figure, table
from tests.growth.partitions import catalogue_with
from tests.growth.persons import Way
from tests.house.checks import ROOT
from tests.picture_text import FIGURES, texts
from tests.streams.policies import policy

PAGE = (ROOT / "deploy" / "growth.md").read_text("utf-8")
PICTURE = (ROOT / "deploy" / "pictures" / "growth.png").read_bytes()
TABLE = re.compile(r"(?:^\|.*\|\n)+", re.MULTILINE)


def tables(page: str) -> str:
    """All tables of a page, one after the other."""
    return "\n\n".join(found.strip() for found in TABLE.findall(page))


def test_page_and_chart_were_measured_together() -> None:
    """Else run `python -m tests.bench.growth` again with `--picture deploy/pictures/growth.png`.

    The twin: one digit changed in the page is found.
    """
    drawn = dict(texts(PICTURE))[FIGURES]
    assert tables(PAGE) == drawn
    assert tables(re.sub(r"\d \|", "x |", PAGE, count=1)) != drawn


def test_a_table_has_a_row_for_each_size() -> None:
    """Figures are shown with three digits."""
    figures = [Figure(10_000, {"memory, MB": 32.8523}), Figure(1_000_000, {"memory, MB": 3_210.4})]
    assert table("persons", figures) == (
        "| persons | memory, MB |\n| --- | --- |\n| 10 000 | 32.9 |\n| 1 000 000 | 3210 |"
    )


def test_people_who_asked_are_known_in_every_stage() -> None:
    """What is measured is a directory with them and their open leads, not empty tables."""
    way = Way(policy())
    way.take(range(40), companies=4)
    _, identified, qualified = (tables for _stage, tables, _journal in way.stages)
    assert len(list(identified.persons.items())) == 40
    assert len(list(qualified.leads.items())) == 40
    assert sum(home.leads for _key, home in qualified.homes.items()) == 40


@pytest.mark.parametrize("partitions", [16, 64])
def test_only_topics_with_several_partitions_get_more(partitions: int) -> None:
    """And afterwards the catalogue is as before."""
    before = {name: topic.partitions for name, topic in CATALOGUE.items()}
    with catalogue_with(partitions):
        grown = {name: topic.partitions for name, topic in CATALOGUE.items()}
    assert grown == {name: 1 if number == 1 else partitions for name, number in before.items()}
    assert {name: topic.partitions for name, topic in CATALOGUE.items()} == before
