"""`leadstream simulate`, made to write what follows the machine: the twin of its promise.

`CARELESS` says in which way. The product itself is not changed.
"""

import locale
import os
import time
from typing import Any

from agents.command_line.main import main
from agents.simulation import simulation
from agents.simulation.simulation import Appended, as_line


def by_hash(appended: Appended) -> int:
    """Follows PYTHONHASHSEED, as the order of a set does."""
    return hash(appended.sent.topic)


def by_zone(appended: Appended) -> int:
    """Follows TZ, as a time without an offset does."""
    return time.localtime(appended.at / 1000).tm_hour


def by_locale(_appended: Appended) -> str:
    """Follows LC_ALL, as a file that is opened without its encoding does."""
    return locale.getencoding()


def careless(appended: Appended, value: dict[str, Any]) -> bytes:
    """The line with one field more."""
    follow = {"hash": by_hash, "zone": by_zone, "locale": by_locale}[os.environ["CARELESS"]]
    return as_line(appended, value | {"careless": follow(appended)})


if __name__ == "__main__":
    setattr(simulation, "as_line", careless)  # noqa: B010 - breaking it is the purpose
    main()
