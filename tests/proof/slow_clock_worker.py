"""A worker on a machine whose clock is an hour behind the broker's."""

from agents.clock import wall_ms
from agents.command_line.main import main
from agents.ledger import book

HOUR_MS = 3_600_000


def hour_ago() -> int:
    """What this machine takes for now."""
    return wall_ms() - HOUR_MS


if __name__ == "__main__":
    setattr(book, "wall_ms", hour_ago)  # noqa: B010 - a wrong clock is the purpose
    main()
