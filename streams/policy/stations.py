"""A lead's ways through a policy as a graph, and the proof that each way comes to an end.

A lead rests at a station that is a place: with a rep, in a pool, in the waiting room. Everywhere
else it must go on at once, so one of the station's ways has to be open whatever the lead is like.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple


class Way(NamedTuple):
    """Where a lead goes on to, and when."""

    when: str
    """In words; empty: whenever no way before it is open."""
    to: str
    """Name of a station."""


class Station(NamedTuple):
    """One point at which it is decided where a lead goes on to."""

    name: str
    ways: tuple[Way, ...]
    """Tried in this order."""
    place: str = ""
    """The place of the contract that a lead has while it rests here; empty: it cannot rest here."""


Stations = Mapping[str, Station]


def by_name(stations: Iterable[Station]) -> dict[str, Station]:
    """Stations by name, in their order."""
    return {station.name: station for station in stations}


def reached(stations: Stations, start: str) -> tuple[str, ...]:
    """Every name that some way from the start leads to, the nearest first."""
    found = {start: None}
    for name in (queue := [start]):
        ways = stations[name].ways if name in stations else ()
        new = [way.to for way in ways if way.to not in found]
        found |= dict.fromkeys(new)
        queue += dict.fromkeys(new)
    return tuple(found)


def ends(stations: Stations, start: str) -> tuple[str, ...]:
    """Names of the stations at which a lead rests first after the start."""
    moving = reached(_moving(stations), start)
    return tuple(name for name in moving if name in stations and stations[name].place)


def dead_ends(stations: Stations, start: str) -> tuple[str, ...]:
    """Why a lead may end nowhere, one sentence each; empty: the proof holds.

    Three things go wrong: a way leads to nothing, no way is open, or ways go round in a circle
    without a place at which the lead could rest. Raises `KeyError` for an unknown start.
    """
    names = reached(stations, stations[start].name)
    return (*_missing(stations, names), *_closed(stations, names), *_circles(stations, names))


def _moving(stations: Stations) -> dict[str, Station]:
    """The stations with only the ways that a lead takes without having rested."""
    return {
        name: station._replace(ways=()) if station.place else station
        for name, station in stations.items()
    }


def _missing(stations: Stations, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for way in stations[name].ways if name in stations else ():
            if way.to not in stations:
                when = way.when or "otherwise"
                yield f"{name}: a lead goes on to {way.to!r} ({when}), but there is no such thing"


def _closed(stations: Stations, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        station = stations.get(name)
        if station is None or station.place:
            continue
        if not station.ways or station.ways[-1].when:
            yield f"{name}: a lead for which none of its ways is open goes nowhere"


def _circles(stations: Stations, names: Iterable[str]) -> Iterator[str]:
    """Each circle once, found from the first of its stations that is reached."""
    moving, seen = _moving(stations), set[str]()
    for name in names:
        if name in seen or name not in moving:
            continue
        onward = [each for each in reached(moving, name) if each in moving]
        if any(way.to == name for each in onward for way in moving[each].ways):
            seen.update(each for each in onward if name in reached(moving, each))
            yield f"{name}: a lead comes back here without having rested anywhere"
