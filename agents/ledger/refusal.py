"""What the broker refuses a member of a group, in sentences that say what to do."""

from confluent_kafka import KafkaError, KafkaException

from agents.kafka.granted import REFUSALS, refused
from agents.leaving import StayDown

SAME_NAME = KafkaError(KafkaError.FENCED_INSTANCE_ID).str()


def name_taken(error: KafkaError) -> bool:
    """Whether the group says that another member joined under our name.

    A consumer gives fatal errors one code for all; which one it was stands in the text only.
    """
    return error.code() in NAME_TAKEN or SAME_NAME in error.str()


NAME_TAKEN = frozenset({KafkaError.FENCED_INSTANCE_ID, KafkaError._FENCED})  # noqa: SLF001 - no public name


class NameTaken(StayDown):
    """Another worker runs under this worker's name."""

    def __init__(self) -> None:
        """Says what to do."""
        super().__init__(
            "another worker has taken this worker's name: give every worker its own "
            "LEADSTREAM_INSTANCE"
        )


class CutOff(Exception):
    """The broker took partitions or an open transaction from us; a restart sets it right.

    It does so to a worker that stood still too long, and may do so to all when itself was killed or
    stood still: two requests to join, ours both, then look like two workers of one name.
    """

    def __init__(self, why: str) -> None:
        """What the broker said."""
        super().__init__(f"the broker has cut this worker off ({why}), and no other has its name")


def named(error: KafkaError) -> Exception:
    """An error event as an exception that says what to do."""
    if name_taken(error):
        return NameTaken()
    if error.code() == KafkaError._AUTO_OFFSET_RESET:  # noqa: SLF001 - no public name
        return StayDown(
            f"records that this worker has not read are gone from the broker ({error.str()}): "
            "lengthen the topic's retention, and see what was lost before moving the group on"
        )
    if error.code() in REFUSALS:
        return refused(error)
    return KafkaException(error)
