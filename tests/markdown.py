"""Tables of figures as README and the pages in `deploy/` have them."""

from collections.abc import Iterable, Sequence


def line(cells: Sequence[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The head, and a line for each row."""
    return "\n".join(map(line, [head, ["---"] * len(head), *rows]))
