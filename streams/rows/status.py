"""The words for a lead's status that rows keep (contract, leads.scored)."""

from typing import Literal

Status = Literal[
    "new", "engaged", "mql", "sal", "sql", "customer", "nurture", "disqualified"
]  # fmt: skip
Sales = Literal["", "sal", "sql", "customer", "nurture", "disqualified"]
"""What sales says of a lead; "" while it has said nothing."""
