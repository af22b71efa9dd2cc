"""The part of the policy document that says who works where: metropolitan areas and territories."""

from typing import Annotated

from pydantic import Field

from streams.policy.section import Country, Name, Section

Region = Annotated[tuple[Country, ...], Field(min_length=1)]
"""ISO 3166 codes of a region's countries (decision 06)."""


class MetropolitanArea(Section):
    """Places that belong together although each has its own name."""

    countries: tuple[Country, ...] = ()
    """Where its cities and postal codes are; empty: anywhere."""
    states: tuple[str, ...] = ()
    """The same, closer: ISO 3166-2 codes, in place of the countries."""
    cities: tuple[str, ...] = ()
    """Names of its cities."""
    postal_prefixes: tuple[str, ...] = ()
    """First characters of its postal codes."""


class Employees(Section):
    """A company size, from and to so many employees."""

    least: Annotated[int, Field(ge=0)] = 0
    """The smallest company that counts."""
    most: Annotated[int, Field(ge=0)] | None = None
    """The largest; null: there is none."""


class Territory(Section):
    """Where a lead is from, what its company does and how large it is, and who works there.

    Any of the places will do; industry and size must fit as well where they are given.
    """

    territory: Name
    """Its name in explanations."""
    regions: tuple[Name, ...] = ()
    """Regions of the policy; all of their countries belong to it."""
    countries: tuple[Country, ...] = ()
    """ISO 3166 codes, such as US; more specific than a region."""
    states: tuple[str, ...] = ()
    """ISO 3166-2 codes, such as US-CA; more specific than a country."""
    metropolitan_areas: tuple[Name, ...] = ()
    """Metropolitan areas of the policy; more specific than a state."""
    cities: tuple[str, ...] = ()
    """Names of cities; more specific than a metropolitan area."""
    postal_prefixes: tuple[str, ...] = ()
    """First characters of postal codes: the most specific place of all."""
    industries: tuple[str, ...] = ()
    """Codes, which have all codes that begin with them, or keywords (TERR-03); empty: any."""
    employees: Employees | None = None
    """Company size; null: any, unknown included (TERR-01)."""
    reps: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Who works there; several share it by weight (TERR-06)."""
