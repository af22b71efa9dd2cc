"""What `policy check` shows of a good policy: where each lead ends, what desks share, warnings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.command_line.ending import Refused
from agents.command_line.tables import counted, print_table

if TYPE_CHECKING:
    from streams.policy.compiled import Policy
    from streams.policy.document import Document
    from streams.policy.gaps import Gap
    from streams.policy.overlaps import Overlap
    from streams.policy.stations import Station

MOST_NAMES = 12
"""So many places are named in a sentence, the rest counted."""


def refuse_dead_ends(file: Path, document: "Document") -> None:
    """Raises `Refused` for a policy that could leave a lead without owner, pool or place."""
    from streams.policy.endings import stations_of
    from streams.policy.station_names import START
    from streams.policy.stations import dead_ends

    found = dead_ends(stations_of(document), START)
    if found:
        raise Refused(*(f"{file}: {each}; name what is missing in the policy" for each in found))


def print_proof(document: "Document") -> None:
    """A table for each desk and team: where a lead is, and where it goes on to."""
    from streams.policy.endings import groups, stations_of
    from streams.policy.station_names import START
    from streams.policy.stations import ends, reached

    for title, stations in groups(document):
        rows = [(_name(each, title), _ways(each, title)) for each in stations]
        print_table(title, ("where a lead is", "where it goes on to"), rows)
    found = stations_of(document)
    names = reached(found, START)
    ways = sum(len(found[name].ways) for name in names)
    places = Counter(found[name].place for name in ends(found, START))
    words = ", ".join(f"{place} ({number})" for place, number in places.items())
    print(
        f"Proved: no lead ends without an owner, a pool or a place. From {len(names)} points go "
        f"{ways} ways; each leads on or to a place (in brackets), and none goes round. "
        f"Places that leads come to first: {words}."
    )


def _name(station: "Station", title: str) -> str:
    """Without the team that the title names; places are marked."""
    name = station.name.removeprefix(f"{title.partition(' ')[2]}: ")
    return f"[{name}]" if station.place else name


def _ways(station: "Station", title: str) -> str:
    """Ways side by side; neighbours with one aim are said together."""
    said = []
    for to, ways in groupby(station.ways, key=lambda way: way.to):
        when = ", ".join(way.when or "otherwise" for way in ways)
        aim = to.removeprefix(f"{title.partition(' ')[2]}: ")
        said.append(when if to == station.name else f"{when} \N{RIGHTWARDS ARROW} {aim}")
    return "; ".join(said)


def print_desks(document: "Document") -> None:
    """What each desk's rules name, all of it inside the desk: `compile_policy` refuses the rest."""
    for name, kinds in desks_of(document).items():
        number = sum(kinds.values())
        words = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
        print(f"Desk {name}: {counted(number, 'name')} ({words}), none of another desk.")


def desks_of(document: "Document") -> dict[str, dict[str, int]]:
    """By desk how many names of each kind its rules use."""
    from streams.policy.bonds import bonds

    found: dict[str, Counter[str]] = {name: Counter() for name in document.desks}
    for bond in bonds(document):
        found[str(bond.desk)][bond.kind] += 1
    return {name: dict(kinds) for name, kinds in found.items()}


def ends_of(document: "Document") -> list[dict[str, Any]]:
    """The walk as JSON has it."""
    from streams.policy.endings import stations_of

    return [
        {
            "at": each.name,
            "place": each.place or None,
            "ways": [{"when": way.when or "otherwise", "to": way.to} for way in each.ways],
        }
        for each in stations_of(document).values()
    ]


def warnings_of(policy: "Policy") -> list[dict[str, Any]]:
    """Overlaps and gaps of territories, each with its sentence."""
    from streams.policy.gaps import gaps
    from streams.policy.overlaps import overlaps

    return [
        *({"kind": "overlap", **each._asdict(), "sentence": _overlap(each)}
          for each in overlaps(policy.document)),
        *({"kind": "gap", **each._asdict(), "sentence": _gap(each)} for each in gaps(policy)),
    ]  # fmt: skip


def _overlap(each: "Overlap") -> str:
    return (
        f"team {each.team}: the territories {each.first} and {each.second} both want "
        f"{_lead(each.lead)}; {each.first} gets it because it stands first: give it to one of them"
    )


def _gap(each: "Gap") -> str:
    behind = ", then ".join(tier.replace("_", " ") for tier in each.falls_to)
    of_all = "some leads" if each.partly else "leads"
    if not each.places:
        where = f"in {each.country} " if each.country else ""
        what = f"{of_all} {where}of whom the {'state' if where else 'country'} is not known"
    else:
        noun = f"states of {each.country}" if each.country else "countries"
        what = f"{of_all} from {len(each.places)} {noun} ({_some(each.places)})"
    lead = _lead(each.lead)
    return f"team {each.team}: no territory has {what}, such as {lead}; they fall to {behind}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    words = ", ".join(names[:MOST_NAMES])
    return f"{words} and {more} more" if more > 0 else words


def _lead(facts: Mapping[str, Any]) -> str:
    words = (f"{name.replace('_', ' ')} {value}" for name, value in facts.items())
    return f"a lead with {', '.join(words)}" if facts else "a lead of whom nothing is known"


def print_warnings(sentences: Iterable[str]) -> None:
    """One line each."""
    lines: Iterator[str] = (f"Warning: {sentence}." for sentence in sentences)
    print(*lines, sep="\n")
