"""Data that the policy's decisions rest on but that other people publish: zones, holidays, domains.

Two workers with different versions of it would decide differently; so a released policy names
the versions, carries the holidays as dates, and is refused where the versions differ.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path as FilePath

import holidays as public_holidays

from streams.policy.document import Calendar, Document, Release
from streams.policy.problems import ForeignData, Problem
from streams.policy.yaml_text import YamlText

Dates = Mapping[str, tuple[str, ...]]
"""ISO dates by country, ascending."""


def release_section(document: Document) -> Release:
    """What a release adds: this machine's versions, and the holidays that somebody keeps."""
    dates = expand(used_countries(document), document.calendar)
    return Release(fingerprints={**versions(), "holiday_dates": digest(dates)}, holidays=dates)


def used_countries(document: Document) -> tuple[str, ...]:
    """The countries whose holidays some team or rep keeps, in alphabetical order."""
    teams = (team.holidays for team in document.teams.values())
    reps = (rep.holidays for rep in document.reps.values())
    return tuple(sorted({country for country in (*teams, *reps) if country}))


def expand(countries: Iterable[str], calendar: Calendar) -> dict[str, tuple[str, ...]]:
    """Public holidays as ISO dates for every year of the calendar, by country.

    Days on which a holiday is observed because it falls on a weekend are in it too.
    """
    return {
        country: _expand_country(country, calendar.first_year, calendar.last_year)
        for country in countries
    }


@cache
def _expand_country(country: str, first: int, last: int) -> tuple[str, ...]:
    # A holiday of a neighbouring year may be observed in this one: New Year on 31 December.
    years = public_holidays.country_holidays(country, years=range(first - 1, last + 2))
    return tuple(sorted(day.isoformat() for day in years if first <= day.year <= last))


@cache
def supported_countries() -> frozenset[str]:
    """ISO 3166-1 two-letter codes of the countries whose holidays are known."""
    codes = public_holidays.list_supported_countries(include_aliases=False)
    return frozenset(codes)


@cache
def versions() -> dict[str, str]:
    """Versions of the data on this machine, by name."""
    return {
        "time_zones": version("tzdata"),
        "holidays": version("holidays"),
        "public_suffixes": hashlib.blake2b(_suffix_list(), digest_size=16).hexdigest(),
    }


def digest(dates: Dates) -> str:
    """A hash of holidays as dates; tells whether somebody edited them after the release."""
    text = "\n".join(f"{country} {day}" for country in sorted(dates) for day in dates[country])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def holidays_of(document: Document, source: YamlText) -> Dates:
    """The holidays that the policy's calendars keep: as released, else expanded here.

    Raises `ForeignData` for a release made with other data than this machine's.
    """
    if document.release is None:
        return expand(used_countries(document), document.calendar)
    problems = tuple(_differences(document, document.release, source))
    if problems:
        raise ForeignData(problems)
    return document.release.holidays


def _differences(document: Document, release: Release, source: YamlText) -> Iterator[Problem]:
    here = {**versions(), "holiday_dates": digest(release.holidays)}
    for name, expected in here.items():
        given = release.fingerprints.get(name)
        if given == expected:
            continue
        yield source.problem(
            ("release", "fingerprints", name),
            f"released with {name} {given or '(not named)'}, but here it is {expected}; "
            "publish the policy again or run a worker with the same packages",
        )
    for country in used_countries(document):
        if country not in release.holidays:
            reason = f"the dates of {country} are missing; publish the policy again"
            yield source.problem(("release", "holidays"), reason)


def _suffix_list() -> bytes:
    """The list inside the tldextract package, read without importing it: it brings a client."""
    place = distribution("tldextract").locate_file("tldextract/.tld_set_snapshot")
    return FilePath(str(place)).read_bytes()
