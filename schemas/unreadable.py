"""The one error of reading: what cannot be accepted, where, and what to do about it."""

from typing import Literal

Reason = Literal[
    "empty", "too_large", "not_json", "not_avro", "unknown_type", "unknown_schema",
    "unknown_version", "wrong_topic", "invalid_field",
]  # fmt: skip
"""Why bytes were refused; `leads.rejected` carries it as `reason`."""


class Unreadable(Exception):
    """Bytes or a mapping that cannot be accepted as an event.

    `field` is a path such as `lead.consent.at` or `away[0].to`, None where no field is to blame.
    `detail` is one sentence that says what is wrong and what to do. Neither holds anything that
    the sender wrote, because it may be personal data and both go to logs and dead letters.
    """

    def __init__(self, reason: Reason, field: str | None, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason
        self.field = field
        self.detail = detail
