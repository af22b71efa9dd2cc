"""What a check across the policy finds, and the two findings that every check needs."""

from collections.abc import Iterable, Iterator

from streams.policy.problems import Path, nearest

Finding = tuple[Path, str]
"""The path of the key or item to put right, and the reason."""


def unknown(path: Path, kind: str, name: str, known: Iterable[str]) -> Finding:
    """A name that nothing has, with the nearest one that something has."""
    return path, f"no {kind} is called {name!r}{nearest(name, known)}"


def repeats(path: Path, names: Iterable[str]) -> Iterator[Finding]:
    """Names that stand in a list a second time."""
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in seen:
            yield (*path, index), f"{name!r} is in this list already; remove one"
        seen.setdefault(name, index)
