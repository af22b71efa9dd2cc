"""Names on the broker: the catalogue's, behind the deployment's prefix."""

from collections.abc import Iterable

from schemas.topics import CATALOGUE
from streams.stage import Stage

Share = tuple[str, int]
"""Topic by the catalogue, and partition."""


def topic(prefix: str, name: str) -> str:
    """A catalogue topic's name on the broker."""
    return f"{prefix}{name}"


def place(prefix: str, share: Share) -> tuple[str, int]:
    """A catalogue topic's partition on the broker."""
    return topic(prefix, share[0]), share[1]


def shares(topics: Iterable[str]) -> list[Share]:
    """Every partition of catalogue topics."""
    return [(name, number) for name in topics for number in range(CATALOGUE[name].partitions)]


def group(prefix: str, stage: Stage) -> str:
    """A stage's consumer group; begins its workers' transactional ids too."""
    return group_of(prefix, stage.name)


def group_of(prefix: str, stage: str) -> str:
    """The consumer group of a stage by its name."""
    return f"{prefix}leadstream-{stage}"


def changelog(prefix: str, stage: Stage, source: str) -> str:
    """The changelog of what a stage keeps for one source topic, partition by partition."""
    return changelog_of(prefix, stage.name, source)


def changelog_of(prefix: str, stage: str, source: str) -> str:
    """The changelog of a stage by its name."""
    return f"{group_of(prefix, stage)}-{source}-changelog"


def reader(prefix: str) -> str:
    """The group under which topics are read by hand: it commits nothing and has no members."""
    return f"{prefix}leadstream-reader"


def publisher(prefix: str) -> str:
    """The transactional id of whoever publishes a policy: there is one at a time."""
    return f"{prefix}leadstream-policy-publish"
