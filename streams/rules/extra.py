"""What a sender says beyond the contract: kept, up to a size, with notes about what was invalid."""

import json
from collections.abc import Mapping

BYTES_MAX = 16_384
"""Names and values together; a message travels three hops and is stored with its lead."""
DROPPED = "extra_dropped"
"""The note that says how many fields were left out for their size."""


def noted(extra: Mapping[str, str], notes: Mapping[str, str]) -> dict[str, str]:
    """`extra` with notes such as `invalid_email` -> what was given, as JSON text.

    A note never replaces a sender's own field of that name. Values may be personal data, as
    everything in `extra` may; names may not.
    """
    texts = {name: json.dumps(value, ensure_ascii=False) for name, value in notes.items()}
    return bounded(texts | dict(extra))


def bounded(extra: Mapping[str, str]) -> dict[str, str]:
    """The fields in order of name that fit into `BYTES_MAX`, and how many were left out."""
    kept: dict[str, str] = {}
    room = BYTES_MAX
    for name in sorted(extra):
        size = len(name.encode()) + len(extra[name].encode())
        if size <= room:
            kept[name] = extra[name]
            room -= size
    if len(kept) < len(extra):
        kept[DROPPED] = str(len(extra) - len(kept))
    return kept
